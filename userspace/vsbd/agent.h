/* SPDX-License-Identifier: GPL-2.0 */
/* What vsbd does: make the kernel's state that of the manifests. */
#ifndef VSBD_AGENT_H
#define VSBD_AGENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/problems.h"
#include "kernel/kernel.h"
#include "kernel/state.h"
#include "manifests/dir.h"
#include "model/model.h"

/**
 * struct agent - vsbd
 * @dir: where objects come from
 * @kernel: where state goes
 * @settings: what the model depends on beside objects
 * @problems: what was wrong with objects at the last sync
 * @failures: what was wrong with the kernel
 * @actual: what the kernel had after the last sync, at @generation, or NULL
 * @generation: see @actual
 * @synced: whether a sync has ever succeeded
 */
struct agent {
	struct dir *dir;
	struct kernel kernel;
	struct model_settings settings;
	struct problems problems;
	struct problems failures;
	struct state *actual;
	uint32_t generation;
	bool synced;
};

int agent_sync(struct agent *agent);
void agent_preview(struct agent *agent, FILE *out);
void agent_forget(struct agent *agent);
void agent_free(struct agent *agent);

#endif /* VSBD_AGENT_H */
