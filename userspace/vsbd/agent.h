/* SPDX-License-Identifier: GPL-2.0 */
/* What vsbd does: make the kernel's state that of the manifests. */
#ifndef VSBD_AGENT_H
#define VSBD_AGENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/problems.h"
#include "kernel/sync.h"
#include "manifests/dir.h"
#include "model/model.h"

/**
 * struct agent - vsbd
 * @dir: where objects come from
 * @model: what they mean
 * @sync: the kernel, and what it should have
 * @problems: what was wrong with files at the last sync
 * @failures: what was wrong with the kernel
 * @synced: whether a sync has ever succeeded
 */
struct agent {
	struct dir *dir;
	struct model *model;
	struct sync sync;
	struct problems problems;
	struct problems failures;
	bool synced;
};

void agent_init(struct agent *agent, const char *manifests,
		const struct kernel_calls *calls, const char *owner);
int agent_sync(struct agent *agent);
void agent_check(struct agent *agent);
void agent_forget(struct agent *agent);
void agent_preview(struct agent *agent, FILE *out);
int agent_explain(struct agent *agent, const char *service, FILE *out);
void agent_free(struct agent *agent);

#endif /* VSBD_AGENT_H */
