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
 * @connection: number of the kernel's connection, over which it was read
 * @generation: the kernel's, for which it is
 * @checks: looks at the generation alone since then
 * @config: the settings that the kernel has, where @has_config
 * @has_config: see @config
 * @configured: whether the kernel has ever taken settings
 * @refused: whether the sync under way had anything refused
 * @wrong: what is wrong with objects, since the last sync_report()
 * @righted: what was wrong with them before
 */
struct sync {
	struct kernel kernel;
	struct parts parts;
	bool known;
	unsigned int connection;
	uint32_t generation;
	unsigned int checks;
	struct vsb_config config;
	bool has_config;
	bool configured;
	bool refused;
	struct problems wrong, righted;
};

void sync_want(struct sync *sync, const char *namespace, const char *name,
	       struct state *state, struct problems *problems);
void sync_report(struct sync *sync);
void sync_forget(struct sync *sync);
int sync_apply(struct sync *sync, const struct vsb_config *config, bool whole,
	       size_t *changed, struct problems *problems);
bool sync_is_refused(const struct sync *sync);
void sync_check(struct sync *sync);
void sync_preview(struct sync *sync, bool whole,
		  const struct vsb_config *desired, FILE *out);
void sync_free(struct sync *sync);

#endif /* VSBD_SYNC_H */
