/* SPDX-License-Identifier: GPL-2.0 */
/* What stage.c writes down of the state to come, and commit.c makes of it. */
#ifndef VSB_DRAFT_H
#define VSB_DRAFT_H

#include "cidr.h"
#include "pool.h"
#include "service.h"
#include "stage.h"

/**
 * struct vsb_draft_backend - a backend that changes
 * @node: in its pool's draft, by key
 * @key: which one
 * @exists: whether there is to be one
 * @live: the one that there is, or NULL
 * @made: prepared for a commit
 * @weight: as it is to be
 * @state: likewise
 * @sets: likewise
 * @upper: likewise
 * @lower: likewise
 */
struct vsb_draft_backend {
	struct rb_node node;
	struct vsb_backend_key key;
	bool exists;
	struct vsb_backend *live;
	struct vsb_backend *made;
	u16 weight;
	u8 state;
	u8 sets;
	u32 upper;
	u32 lower;
};

/**
 * struct vsb_draft_pool - a pool that changes, or whose users do
 * @node: in the stage's tree, by name
 * @exists: whether there is to be one
 * @changed: whether its backends or its scheduler change
 * @emptied: whether backends without a draft are to go
 * @live: the one that there is and that goes on, or NULL
 * @old: one of the same name that makes place for another of its own owner
 *	or family
 * @made: prepared for a commit
 * @sets: prepared for a commit
 * @backends: drafts of backends, by key
 * @sched: as it is to be
 * @affinity: likewise
 * @n_backends: likewise
 * @users: likewise
 * @family: likewise
 * @owner: likewise
 * @name: which one
 */
struct vsb_draft_pool {
	struct rb_node node;
	bool exists;
	bool changed;
	bool emptied;
	struct vsb_pool *live;
	struct vsb_pool *old;
	struct vsb_pool *made;
	struct vsb_set *sets[VSB_SETS_MAX];
	struct rb_root backends;
	struct vsb_sched sched;
	struct vsb_affinity affinity;
	u32 n_backends;
	u32 users;
	u16 family;
	char *owner;
	char name[];
};

/** struct vsb_draft_route - where connections of a kind of source are to go */
struct vsb_draft_route {
	struct vsb_draft_pool *pool;
	u8 set;
	bool masquerade;
};

/** struct vsb_draft_range - a source range that there is to be */
struct vsb_draft_range {
	struct rb_node node;
	struct vsb_cidr cidr;
};

/**
 * struct vsb_draft_service - a service that changes
 * @node: in the stage's tree, by key
 * @key: which one
 * @exists: whether there is to be one
 * @live: the one that there is, or NULL
 * @made: prepared for a commit
 * @policy: prepared for a commit
 * @cidrs: likewise, where its ranges change
 * @own_ranges: its ranges are those in @ranges, and not those in force
 * @ranges: by range
 * @n_ranges: how many ranges there are to be
 * @routes: as they are to be
 * @elsewhere: likewise
 * @flags: likewise
 * @owner: likewise
 * @label: likewise
 */
struct vsb_draft_service {
	struct rb_node node;
	struct vsb_key key;
	bool exists;
	struct vsb_service *live;
	struct vsb_service *made;
	struct vsb_policy *policy;
	struct vsb_cidrs *cidrs;
	bool own_ranges;
	struct rb_root ranges;
	u32 n_ranges;
	struct vsb_draft_route routes[VSB_FROM_KINDS];
	u8 elsewhere;
	u8 flags;
	char *owner;
	char *label;
};

struct vsb_draft_backend *
vsb_draft_backend_find(const struct vsb_draft_pool *pool,
		       const struct vsb_backend_key *key);

#define vsb_draft_for_each(pos, root)					\
	for (pos = rb_entry_safe(rb_first(root), typeof(*pos), node);	\
	     pos;							\
	     pos = rb_entry_safe(rb_next(&pos->node), typeof(*pos), node))

#endif /* VSB_DRAFT_H */
