/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_SCHED_H
#define VSB_SCHED_H

#include <linux/types.h>

struct vsb_backend;
struct vsb_flow;
struct vsb_scheduler;

/**
 * struct vsb_slot - a backend's place in a set
 * @backend: kept alive by the set's own lifetime: a backend is freed a grace
 *	period after the last set that has it was unpublished
 * @weight: 1 to 65535
 * @share: the same, divided by what all weights of the set have in common
 * @end: sum of the shares up to and including this one
 */
struct vsb_slot {
	struct vsb_backend *backend;
	u16 weight;
	u16 share;
	u32 end;
};

/**
 * struct vsb_sched - how a pool chooses
 * @ops: the scheduler
 * @flags: mask of VSB_SCHED_FLAG_*, of those that it has
 * @table_size: entries of a table of mh
 */
struct vsb_sched {
	const struct vsb_scheduler *ops;
	u32 flags;
	u32 table_size;
};

/**
 * struct vsb_set - the backends that new connections can go to
 * @rcu: defers the free until no packet looks at it
 * @sched: who chooses
 * @cursor: state of the schedulers that take turns. Written without a lock:
 *	two CPUs at once may choose the same backend, which costs evenness
 *	and nothing else.
 * @stride: step of @cursor (wrr)
 * @n: number of slots, at least 1
 * @table: numbers of slots, behind the slots, or NULL (mh)
 * @slots: by key; immutable once the set is published
 */
struct vsb_set {
	struct rcu_head rcu;
	struct vsb_sched sched;
	u32 cursor;
	u32 stride;
	u32 n;
	u16 *table;
	struct vsb_slot slots[];
};

/**
 * struct vsb_scheduler - a way to choose a backend
 * @name: as in the ABI
 * @flags: mask of the VSB_SCHED_FLAG_* that it heeds
 * @has_table: it has a table as large as the pool says
 * @is_pure: @pick changes nothing, and chooses the same until something else
 *	does
 * @init: make what @pick needs, from the slots' weights; may be NULL. May
 *	sleep. Returns 0 or -ENOMEM.
 * @pick: choose a slot, or NULL where all that it could choose are full.
 *	Called under rcu_read_lock() for each new connection, on any CPU, in
 *	any context.
 */
struct vsb_scheduler {
	const char *name;
	u32 flags;
	bool has_table;
	bool is_pure;
	int (*init)(struct vsb_set *set);
	const struct vsb_slot *(*pick)(struct vsb_set *set,
				       const struct vsb_flow *flow);
};

extern const struct vsb_scheduler vsb_schedulers[];
extern const unsigned int vsb_schedulers_count;

/* Choices that a full backend may cost before all are looked at in turn. */
#define VSB_SCHED_TRIES 8

/* sched_load.c */
const struct vsb_slot *vsb_sched_lc(struct vsb_set *set,
				    const struct vsb_flow *flow);
const struct vsb_slot *vsb_sched_wlc(struct vsb_set *set,
				     const struct vsb_flow *flow);
const struct vsb_slot *vsb_sched_sed(struct vsb_set *set,
				     const struct vsb_flow *flow);
const struct vsb_slot *vsb_sched_nq(struct vsb_set *set,
				    const struct vsb_flow *flow);
const struct vsb_slot *vsb_sched_fo(struct vsb_set *set,
				    const struct vsb_flow *flow);
const struct vsb_slot *vsb_sched_ovf(struct vsb_set *set,
				     const struct vsb_flow *flow);
const struct vsb_slot *vsb_sched_p2c(struct vsb_set *set,
				     const struct vsb_flow *flow);

/* sched_hash.c */
const struct vsb_slot *vsb_sched_sh(struct vsb_set *set,
				    const struct vsb_flow *flow);
const struct vsb_slot *vsb_sched_dh(struct vsb_set *set,
				    const struct vsb_flow *flow);
const struct vsb_slot *vsb_sched_mh(struct vsb_set *set,
				    const struct vsb_flow *flow);
int vsb_sched_mh_init(struct vsb_set *set);

u32 vsb_sched_total(const struct vsb_set *set);
const struct vsb_slot *vsb_sched_slot_at(const struct vsb_set *set, u32 point);
const struct vsb_slot *vsb_sched_draw(const struct vsb_set *set);
const struct vsb_slot *vsb_sched_open_from(const struct vsb_set *set,
					   const struct vsb_slot *slot);

/* Whether two pools choose alike. */
static inline bool vsb_sched_equal(const struct vsb_sched *a,
				   const struct vsb_sched *b)
{
	return a->ops == b->ops && a->flags == b->flags &&
	       a->table_size == b->table_size;
}

const struct vsb_scheduler *vsb_sched_find(const char *name);
size_t vsb_sched_table_bytes(const struct vsb_sched *sched);
int vsb_sched_init_set(struct vsb_set *set, const struct vsb_set *old);
bool vsb_sched_foresee(struct vsb_set *set, const struct vsb_flow *flow,
		       const struct vsb_slot **choice);

#endif /* VSB_SCHED_H */
