/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel should have and what it has, in parts: each is what one
 * Kubernetes Service comes to. A part whose desired and applied states are
 * one and the same is not looked at.
 */
#ifndef VSBD_SYNC_H
#define VSBD_SYNC_H

#include <stdbool.h>
#include <stdio.h>

#include "base/problems.h"
#include "kernel/kernel.h"

/**
 * struct sync - the parts, and the kernel
 * @kernel: the kernel
 * @parts: tree of parts by name
 * @pending: list of those whose desired state is not applied
 * @n_refused: how many parts the kernel refuses as they are
 * @known: whether what is applied is known
 * @read: whether it has ever been
 * @generation: the kernel's, for which it is
 * @applied: totals of what is applied, without the objects themselves
 * @wrong: what is wrong with objects, since the last sync_report()
 * @righted: what was wrong with them before
 */
struct sync {
	struct kernel kernel;
	void *parts;
	struct part_state *pending;
	size_t n_refused;
	bool known;
	bool read;
	uint32_t generation;
	struct {
		size_t services, pools, backends;
	} applied;
	struct problems wrong, righted;
};

void sync_want(struct sync *sync, const char *namespace, const char *name,
	       struct state *state, struct problems *problems);
void sync_report(struct sync *sync);
void sync_forget(struct sync *sync);
bool sync_is_due(const struct sync *sync);
int sync_apply(struct sync *sync, bool whole, size_t *changed,
	       struct problems *problems);
int sync_config(struct sync *sync, const struct vsb_config *desired);
int sync_check(struct sync *sync);
void sync_preview(struct sync *sync, bool whole,
		  const struct vsb_config *desired, FILE *out);
void sync_free(struct sync *sync);

#endif /* VSBD_SYNC_H */
