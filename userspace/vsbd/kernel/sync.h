/* SPDX-License-Identifier: GPL-2.0 */
/* Making the kernel's state the desired one. */
#ifndef VSBD_SYNC_H
#define VSBD_SYNC_H

#include <stdbool.h>
#include <stdio.h>

#include "base/problems.h"
#include "kernel/kernel.h"
#include "kernel/parts.h"

/**
 * struct sync - the parts, and the kernel
 * @kernel: the kernel
 * @parts: the parts
 * @known: whether what is applied is known
 * @generation: the kernel's, for which it is
 * @wrong: what is wrong with objects, since the last sync_report()
 * @righted: what was wrong with them before
 */
struct sync {
	struct kernel kernel;
	struct parts parts;
	bool known;
	uint32_t generation;
	struct problems wrong, righted;
};

void sync_want(struct sync *sync, const char *namespace, const char *name,
	       struct state *state, struct problems *problems);
void sync_report(struct sync *sync);
void sync_forget(struct sync *sync);
int sync_apply(struct sync *sync, bool whole, size_t *changed,
	       struct problems *problems);
int sync_config(struct sync *sync, const struct vsb_config *desired);
void sync_check(struct sync *sync);
void sync_preview(struct sync *sync, bool whole,
		  const struct vsb_config *desired, FILE *out);
void sync_free(struct sync *sync);

#endif /* VSBD_SYNC_H */
