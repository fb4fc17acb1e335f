/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel should have and what it has, in parts: each is what one
 * Kubernetes Service comes to. A part whose desired and applied states are
 * one and the same is not looked at.
 */
#ifndef VSBD_PARTS_H
#define VSBD_PARTS_H

#include <stdbool.h>

#include "base/problems.h"
#include "kernel/diff.h"
#include "kernel/refusals.h"

/**
 * struct part_state - what one Service comes to
 * @namespace: key
 * @name: key
 * @desired: what the kernel should have, held
 * @applied: what it has, held; NULL for nothing
 * @found: what it had at the first look and nobody has asked for, held; it may
 *	be that of objects which could not be read yet; or NULL
 * @actual: while the kernel is read: what it has; or NULL
 * @target: during a sync: what is sent, held
 * @problems: what is wrong with its objects
 * @refusals: what the kernel does not take; not sent again until it changes or
 *	what the kernel has is read again
 * @waits: nothing but what is refused is left to be sent
 * @pending: whether it is in the list of these
 * @next: the next there
 */
struct part_state {
	char *namespace;
	char *name;
	struct state *desired;
	struct state *applied;
	struct state *found;
	struct state *actual;
	struct state *target;
	struct problems problems;
	struct refusals refusals;
	bool waits;
	bool pending;
	struct part_state *next;
};

/** struct parts_total - objects of what is applied */
struct parts_total {
	size_t services, pools, backends;
};

/**
 * struct parts - all parts; all zeroes is none
 * @tree: by name
 * @pending: list of those whose desired state is not applied
 * @n_refusals: refusals of all parts
 * @no_ipv6: the kernel has no IPv6: none of it is sent
 * @has_found: whether a part may have found something
 * @total: of what is applied
 * @seen: whether what the kernel has has ever been read
 * @intrusions: changes by others that the last reading found
 * @reloaded: whether that was a module without anything
 */
struct parts {
	void *tree;
	struct part_state *pending;
	size_t n_refusals;
	bool no_ipv6;
	bool has_found;
	struct parts_total total;
	bool seen;
	size_t intrusions;
	bool reloaded;
};

struct part_state *parts_want(struct parts *parts, const char *namespace,
			      const char *name, struct state *state);
struct part_state *parts_of_pool(struct parts *parts, const char *pool);
void parts_take_actual(struct parts *parts, const struct state *actual,
		       bool anew);
void parts_set_targets(struct parts *parts, bool whole);
void parts_finish(struct parts *parts, struct part_state *part);
void parts_settle(struct parts *parts);
void parts_refuse(struct parts *parts, struct part_state *part,
		  const struct change *change, const char *text);
void parts_refuse_ipv6(struct parts *parts);
void parts_refusals(const struct parts *parts, struct problems *problems);
void parts_free(struct parts *parts);

#endif /* VSBD_PARTS_H */
