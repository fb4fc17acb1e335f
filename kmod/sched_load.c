// SPDX-License-Identifier: GPL-2.0
/* Schedulers that look at how many connections backends have. All but p2c
 * look at every backend of the set for each new connection.
 *
 * Their definitions are IPVS's: a connection in use weighs as much as 256 that
 * are closing; sed expects a new one to be in use.
 */

#include <linux/kernel.h>

#include "backend.h"
#include "sched.h"

static u32 active(const struct vsb_slot *slot)
{
	return vsb_backend_load(slot->backend).active;
}

static u64 overhead(const struct vsb_slot *slot)
{
	struct vsb_load load = vsb_backend_load(slot->backend);

	return ((u64)load.active << 8) + load.closing;
}

static u64 expected(const struct vsb_slot *slot)
{
	return (u64)active(slot) + 1;
}

/* One without a connection in use is before all others, the first of them. */
static u64 expected_if_busy(const struct vsb_slot *slot)
{
	u64 load = expected(slot);

	return load > 1 ? load : 0;
}

/* More than a load can be, and little enough to be multiplied by a weight. */
#define LOAD_MAX BIT_ULL(41)

/* The heaviest first. */
static u64 lightness(const struct vsb_slot *slot)
{
	return U16_MAX - slot->weight;
}

/* Nor one with more connections in use than its weight. */
static u64 lightness_if_open(const struct vsb_slot *slot)
{
	return active(slot) > slot->weight ? LOAD_MAX : lightness(slot);
}

/* The first slot of the least load, by weight or not, those that are full and
 * LOAD_MAX left out.
 */
static __always_inline const struct vsb_slot *
least_loaded(struct vsb_set *set, u64 (*load)(const struct vsb_slot *slot),
	     bool by_weight)
{
	const struct vsb_slot *slot, *best = NULL;
	u64 lowest = LOAD_MAX;
	u32 weight = 1;

	for (slot = set->slots; slot < set->slots + set->n; slot++) {
		u64 this = load(slot);

		/* The same as this / slot->weight >= lowest / weight. */
		if (by_weight ? this * weight >= lowest * slot->weight :
				this >= lowest)
			continue;
		if (vsb_backend_is_full(slot->backend))
			continue;
		lowest = this;
		weight = slot->weight;
		best = slot;
	}
	return best;
}

const struct vsb_slot *vsb_sched_lc(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	return least_loaded(set, overhead, false);
}

const struct vsb_slot *vsb_sched_wlc(struct vsb_set *set,
				     const struct vsb_flow *flow)
{
	return least_loaded(set, overhead, true);
}

const struct vsb_slot *vsb_sched_sed(struct vsb_set *set,
				     const struct vsb_flow *flow)
{
	return least_loaded(set, expected, true);
}

const struct vsb_slot *vsb_sched_nq(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	return least_loaded(set, expected_if_busy, true);
}

const struct vsb_slot *vsb_sched_fo(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	return least_loaded(set, lightness, false);
}

const struct vsb_slot *vsb_sched_ovf(struct vsb_set *set,
				     const struct vsb_flow *flow)
{
	return least_loaded(set, lightness_if_open, false);
}

/* Of two that are drawn by weight the one with less load. */
const struct vsb_slot *vsb_sched_p2c(struct vsb_set *set,
				     const struct vsb_flow *flow)
{
	const struct vsb_slot *one = vsb_sched_draw(set);
	const struct vsb_slot *other = vsb_sched_draw(set);

	if (one == other && ++other == set->slots + set->n)
		other = set->slots;
	if (vsb_backend_is_full(one->backend) ||
	    (!vsb_backend_is_full(other->backend) &&
	     overhead(other) * one->weight < overhead(one) * other->weight))
		swap(one, other);
	return vsb_sched_open_from(set, one);
}
