// SPDX-License-Identifier: GPL-2.0
/* Schedulers that look at how many connections backends have. All but p2c
 * look at every backend of the set for each new connection.
 *
 * Their definitions are IPVS's: a connection in use weighs as much as 256 that
 * are closing; sed expects a new one to be in use.
 */

#include <linux/kernel.h>
#include <linux/math64.h>

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

/* Loads are per weight, in units so small that their order is exact enough:
 * two that differ by less differ by less than one connection in 65535.
 */
static u64 wlc_load(const struct vsb_slot *slot)
{
	return div_u64(overhead(slot) * U16_MAX, slot->weight);
}

static u64 sed_load(const struct vsb_slot *slot)
{
	return div_u64(((u64)active(slot) + 1) * U16_MAX, slot->weight);
}

/* One without a connection in use is before all others, the first of them. */
static u64 nq_load(const struct vsb_slot *slot)
{
	return active(slot) ? sed_load(slot) : 0;
}

/* The heaviest first. */
static u64 fo_load(const struct vsb_slot *slot)
{
	return U16_MAX - slot->weight;
}

/* Nor one with more connections in use than its weight. */
static u64 ovf_load(const struct vsb_slot *slot)
{
	return active(slot) > slot->weight ? U64_MAX : fo_load(slot);
}

/* The first slot of the least load, those that are full and U64_MAX left out. */
static __always_inline const struct vsb_slot *
least(struct vsb_set *set, u64 (*load)(const struct vsb_slot *slot))
{
	const struct vsb_slot *best = NULL;
	u64 lowest = U64_MAX;
	u32 i;

	for (i = 0; i < set->n; i++) {
		const struct vsb_slot *slot = &set->slots[i];
		u64 this = load(slot);

		if (this >= lowest || vsb_backend_is_full(slot->backend))
			continue;
		lowest = this;
		best = slot;
	}
	return best;
}

const struct vsb_slot *vsb_sched_lc(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	return least(set, overhead);
}

const struct vsb_slot *vsb_sched_wlc(struct vsb_set *set,
				     const struct vsb_flow *flow)
{
	return least(set, wlc_load);
}

const struct vsb_slot *vsb_sched_sed(struct vsb_set *set,
				     const struct vsb_flow *flow)
{
	return least(set, sed_load);
}

const struct vsb_slot *vsb_sched_nq(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	return least(set, nq_load);
}

const struct vsb_slot *vsb_sched_fo(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	return least(set, fo_load);
}

const struct vsb_slot *vsb_sched_ovf(struct vsb_set *set,
				     const struct vsb_flow *flow)
{
	return least(set, ovf_load);
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
	     wlc_load(other) < wlc_load(one)))
		swap(one, other);
	return vsb_sched_open_from(set, one);
}
