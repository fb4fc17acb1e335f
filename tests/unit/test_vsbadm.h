/* SPDX-License-Identifier: GPL-2.0 */
/* What vsbadm's unit tests share: lines to words, and complaints to look at. */
#ifndef TEST_VSBADM_H
#define TEST_VSBADM_H

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vsbadm/vsbadm.h"

/** struct words - a line cut at its blanks, a program's name first */
struct test_words {
	char text[1024];
	int n;
	char *v[64];
};

static inline void cut(struct test_words *words, const char *line)
{
	char *rest = words->text, *word;

	assert_true(strlen(line) < sizeof(words->text));
	strcpy(words->text, line);
	words->n = 1;
	words->v[0] = (char *)"vsbadm";
	while ((word = strsep(&rest, " ")))
		if (*word)
			words->v[words->n++] = word;
	words->v[words->n] = NULL;
}

#define assert_address(family, addr, text)				\
	do {								\
		char _buf[ENDPOINT_MAX];				\
									\
		assert_string_equal(format_address(_buf, family, addr),	\
				    text);				\
	} while (0)

#endif /* TEST_VSBADM_H */
