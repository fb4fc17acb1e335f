/* SPDX-License-Identifier: GPL-2.0 */
/* Helps tests to write objects as YAML and to read states as text. */
#ifndef TEST_VSBD_OBJECTS_H
#define TEST_VSBD_OBJECTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vsbd/kernel/diff.h"
#include "vsbd/manifests/manifest.h"
#include "vsbd/kernel/show.h"

/* Reads objects out of a YAML text, which must be good. */
static inline void objects_read(const char *yaml, struct k8s_list *list)
{
	autofree char *error = NULL;

	*list = (struct k8s_list) { 0 };
	if (manifest_read("test.yaml", yaml, strlen(yaml), list, &error))
		fail_msg("%s\n%s", yaml, error);
}

/* The changes from one state to another, a line each, to be freed. */
static inline char *diff_text(const struct state *desired,
			      const struct state *actual)
{
	struct diff diff = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	diff_add(&diff, desired, actual);
	show_diff(&diff, out);
	fclose(out);
	diff_free(&diff);
	return text;
}

/* A state as the changes that make it out of nothing. */
static inline char *state_text(const struct state *state)
{
	cleanup_by(state_put_variable) struct state *empty = state_new();

	return diff_text(state, empty);
}

#endif /* TEST_VSBD_OBJECTS_H */
