/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel does not take, and what it is sent instead. */
#ifndef VSBD_REFUSALS_H
#define VSBD_REFUSALS_H

#include "kernel/diff.h"

/** enum refused - how much of a state is refused */
enum refused {
	REFUSED_CHANGE,
	REFUSED_SETTINGS,
	REFUSED_GROWTH,
	REFUSED_REST,
	REFUSED_ALL,
};

/**
 * struct refusal - a change that is not sent again
 * @how_much: one change of one object; what is set of pools that there are;
 *	all that does not take away, but for what backends are like; that, too;
 *	or all
 * @kind: of one: which
 * @pool: of one: the pool's name, or NULL
 * @service: of one, where that is NULL: the service's key, nothing else of it
 * @text: why
 */
struct refusal {
	enum refused how_much;
	enum change_kind kind;
	char *pool;
	struct service service;
	char *text;
};

/** struct refusals - a list of them; all zeroes is an empty one */
struct refusals {
	struct refusal *list;
	size_t n, room;
};

void refusals_add(struct refusals *refusals, const struct change *change,
		  const char *text);
bool refusals_have(const struct refusals *refusals, enum refused how_much);
void refusals_prune(struct refusals *refusals, const struct state *before,
		    const struct state *now);
struct state *refusals_filter(const struct refusals *refusals,
			      struct state *target, struct state *applied);
void refusals_free(struct refusals *refusals);

#endif /* VSBD_REFUSALS_H */
