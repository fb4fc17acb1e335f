// SPDX-License-Identifier: GPL-2.0
/* The schedulers: how a new connection's backend is chosen from a set. Here
 * are those that take turns or draw lots.
 *
 * A backend can be full, of connections that it may have at most. Then it is
 * another's turn, a few times; at last the next in the set that is not full
 * takes its place. What a choice can cost beyond its own is a look at all.
 */

#include <linux/gcd.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>

#include <uapi/linux/vsb.h>

#include "backend.h"
#include "decide.h"
#include "sched.h"

/** vsb_sched_total() - the sum of a set's shares */
u32 vsb_sched_total(const struct vsb_set *set)
{
	return set->slots[set->n - 1].end;
}

/**
 * vsb_sched_slot_at() - find a slot by a point of its share
 * @set: the set
 * @point: 0 to vsb_sched_total() - 1
 *
 * Return: the slot; O(log n).
 */
const struct vsb_slot *vsb_sched_slot_at(const struct vsb_set *set, u32 point)
{
	u32 low = 0, high = set->n - 1;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (point < set->slots[mid].end)
			high = mid;
		else
			low = mid + 1;
	}
	return &set->slots[low];
}

/**
 * vsb_sched_open_from() - a slot, or the next that is not full
 * @set: the set
 * @slot: one of its slots
 *
 * Return: that slot, or NULL where all are full.
 */
const struct vsb_slot *vsb_sched_open_from(const struct vsb_set *set,
					   const struct vsb_slot *slot)
{
	const struct vsb_slot *end = set->slots + set->n;
	u32 left;

	for (left = set->n; left; left--) {
		if (!vsb_backend_is_full(slot->backend))
			return slot;
		if (++slot == end)
			slot = set->slots;
	}
	return NULL;
}

static const struct vsb_slot *rr_pick(struct vsb_set *set,
				      const struct vsb_flow *flow)
{
	u32 cursor = READ_ONCE(set->cursor);
	const struct vsb_slot *slot = vsb_sched_open_from(set,
							  &set->slots[cursor]);
	u32 next = slot ? slot - set->slots + 1 : cursor + 1;

	WRITE_ONCE(set->cursor, next < set->n ? next : 0);
	return slot;
}

static int rr_init(struct vsb_set *set)
{
	set->cursor %= set->n;
	return 0;
}

/* Stepping by a number that has no factor in common with the total visits
 * every point of 0..total-1 once a round, so that shares are exact after each
 * round; one near total / golden ratio spreads them evenly within it.
 */
static int wrr_init(struct vsb_set *set)
{
	u32 total = vsb_sched_total(set);
	u32 stride = max_t(u32, 1, ((u64)total * 2654435769U) >> 32);

	while (gcd(stride, total) != 1)
		stride++;
	set->stride = stride;
	set->cursor %= total;
	return 0;
}

static const struct vsb_slot *wrr_step(struct vsb_set *set)
{
	u32 total = vsb_sched_total(set);
	u32 cursor = READ_ONCE(set->cursor);
	u64 next = (u64)cursor + set->stride;

	WRITE_ONCE(set->cursor, next < total ? next : next - total);
	return vsb_sched_slot_at(set, cursor);
}

static const struct vsb_slot *wrr_pick(struct vsb_set *set,
				       const struct vsb_flow *flow)
{
	const struct vsb_slot *slot;
	int tries = VSB_SCHED_TRIES;

	do
		slot = wrr_step(set);
	while (vsb_backend_is_full(slot->backend) && --tries);
	return tries ? slot : vsb_sched_open_from(set, slot);
}

/** vsb_sched_draw() - a slot at random, by its share */
const struct vsb_slot *vsb_sched_draw(const struct vsb_set *set)
{
	u32 point = get_random_u32_below(vsb_sched_total(set));

	return vsb_sched_slot_at(set, point);
}

static const struct vsb_slot *random_pick(struct vsb_set *set,
					  const struct vsb_flow *flow)
{
	const struct vsb_slot *slot;
	int tries = VSB_SCHED_TRIES;

	do
		slot = vsb_sched_draw(set);
	while (vsb_backend_is_full(slot->backend) && --tries);
	return tries ? slot : vsb_sched_open_from(set, slot);
}

#define HASH_FLAGS (VSB_SCHED_FLAG_FALLBACK | VSB_SCHED_FLAG_PORT)

const struct vsb_scheduler vsb_schedulers[] = {
	{ .name = "rr", .init = rr_init, .pick = rr_pick },
	{ .name = "wrr", .init = wrr_init, .pick = wrr_pick },
	{ .name = "random", .pick = random_pick },
	{ .name = "lc", .is_pure = true, .pick = vsb_sched_lc },
	{ .name = "wlc", .is_pure = true, .pick = vsb_sched_wlc },
	{ .name = "p2c", .pick = vsb_sched_p2c },
	{ .name = "sh", .is_pure = true, .flags = HASH_FLAGS,
	  .pick = vsb_sched_sh },
	{ .name = "dh", .is_pure = true, .pick = vsb_sched_dh },
	{ .name = "mh", .is_pure = true, .flags = HASH_FLAGS,
	  .has_table = true, .init = vsb_sched_mh_init, .pick = vsb_sched_mh },
	{ .name = "sed", .is_pure = true, .pick = vsb_sched_sed },
	{ .name = "nq", .is_pure = true, .pick = vsb_sched_nq },
	{ .name = "fo", .is_pure = true, .pick = vsb_sched_fo },
	{ .name = "ovf", .is_pure = true, .pick = vsb_sched_ovf },
};

const unsigned int vsb_schedulers_count = ARRAY_SIZE(vsb_schedulers);

/**
 * vsb_sched_find() - the scheduler of a name
 * @name: as in the ABI
 *
 * Return: the scheduler, or NULL where there is none.
 */
const struct vsb_scheduler *vsb_sched_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < vsb_schedulers_count; i++)
		if (!strcmp(vsb_schedulers[i].name, name))
			return &vsb_schedulers[i];
	return NULL;
}

/**
 * vsb_sched_table_bytes() - what a set's table takes
 * @sched: how the pool chooses
 *
 * Return: bytes behind the set's slots, 0 for no table.
 */
size_t vsb_sched_table_bytes(const struct vsb_sched *sched)
{
	return sched->ops->has_table ? sched->table_size * sizeof(u16) : 0;
}

/**
 * vsb_sched_foresee() - whom the scheduler would choose now
 * @set: a set
 * @flow: the packet; its source port may be 0, for any
 * @choice: where to store the slot, or NULL where it is a matter of turns, of
 *	chance or of the source port
 *
 * Changes nothing.
 *
 * Context: under rcu_read_lock().
 * Return: whether there is anybody to choose.
 */
bool vsb_sched_foresee(struct vsb_set *set, const struct vsb_flow *flow,
		       const struct vsb_slot **choice)
{
	bool by_port = set->sched.flags & VSB_SCHED_FLAG_PORT;

	*choice = NULL;
	if (!set->sched.ops->is_pure || (by_port && !flow->sport))
		return vsb_sched_open_from(set, set->slots);
	*choice = set->sched.ops->pick(set, flow);
	return *choice;
}

/**
 * vsb_sched_init_set() - make a set ready for its scheduler
 * @set: not published yet, with its scheduler, number of slots, each slot's
 *	backend and weight (not 0), and room for its table behind the slots
 * @old: the set that this one replaces, or NULL. Turns go on where it was if
 *	there are as many as in it. Else they begin anywhere: nodes whose
 *	backends come one by one are not all to begin with the first of them.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int vsb_sched_init_set(struct vsb_set *set, const struct vsb_set *old)
{
	unsigned long common = 0;
	u32 i, end = 0;

	for (i = 0; i < set->n; i++)
		common = gcd(common, set->slots[i].weight);
	for (i = 0; i < set->n; i++) {
		set->slots[i].share = set->slots[i].weight / common;
		end += set->slots[i].share;
		set->slots[i].end = end;
	}
	set->cursor = old && old->n == set->n && vsb_sched_total(old) == end ?
		      READ_ONCE(old->cursor) : get_random_u32();
	if (vsb_sched_table_bytes(&set->sched))
		set->table = (u16 *)(set->slots + set->n);
	return set->sched.ops->init ? set->sched.ops->init(set) : 0;
}
