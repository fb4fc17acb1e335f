/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_SCHED_H
#define VSB_SCHED_H

#include <linux/types.h>

struct vsb_backend;
struct vsb_scheduler;

/**
 * struct vsb_slot - a backend's place in a set
 * @backend: kept alive by the set's own lifetime: a backend is freed a grace
 *	period after the last set that has it was unpublished
 * @weight: 1 to 65535, divided by what all weights of the set have in common
 * @end: sum of the weights up to and including this one
 */
struct vsb_slot {
	struct vsb_backend *backend;
	u16 weight;
	u32 end;
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
 * @slots: immutable once the set is published
 */
struct vsb_set {
	struct rcu_head rcu;
	const struct vsb_scheduler *sched;
	u32 cursor;
	u32 stride;
	u32 n;
	struct vsb_slot slots[];
};

/**
 * struct vsb_scheduler - a way to choose a backend
 * @name: as in the ABI
 * @init: make what @pick needs, from the slots' weights; may be NULL
 * @pick: choose a slot. Called under rcu_read_lock() for each new connection,
 *	on any CPU, in any context.
 */
struct vsb_scheduler {
	const char *name;
	void (*init)(struct vsb_set *set);
	const struct vsb_slot *(*pick)(struct vsb_set *set);
};

extern const struct vsb_scheduler vsb_schedulers[];
extern const unsigned int vsb_schedulers_count;

const struct vsb_scheduler *vsb_sched_find(const char *name);
void vsb_sched_init_set(struct vsb_set *set, u32 cursor);

#endif /* VSB_SCHED_H */
