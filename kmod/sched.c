// SPDX-License-Identifier: GPL-2.0
/* The schedulers: how a new connection's backend is chosen from a set. */

#include <linux/gcd.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>

#include "sched.h"

static u32 total_weight(const struct vsb_set *set)
{
	return set->slots[set->n - 1].end;
}

/* The slot whose share of 0..total-1 holds @point; O(log n). */
static const struct vsb_slot *slot_at(const struct vsb_set *set, u32 point)
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

static const struct vsb_slot *rr_pick(struct vsb_set *set)
{
	u32 cursor = READ_ONCE(set->cursor);
	u32 next = cursor + 1 < set->n ? cursor + 1 : 0;

	WRITE_ONCE(set->cursor, next);
	return &set->slots[cursor];
}

static void rr_init(struct vsb_set *set)
{
	set->cursor %= set->n;
}

/* Stepping by a number that has no factor in common with the total visits
 * every point of 0..total-1 once a round, so that shares are exact after each
 * round; one near total / golden ratio spreads them evenly within it.
 */
static void wrr_init(struct vsb_set *set)
{
	u32 total = total_weight(set);
	u32 stride = max_t(u32, 1, ((u64)total * 2654435769U) >> 32);

	while (gcd(stride, total) != 1)
		stride++;
	set->stride = stride;
	set->cursor %= total;
}

static const struct vsb_slot *wrr_pick(struct vsb_set *set)
{
	u32 total = total_weight(set);
	u32 cursor = READ_ONCE(set->cursor);
	u64 next = (u64)cursor + set->stride;

	WRITE_ONCE(set->cursor, next < total ? next : next - total);
	return slot_at(set, cursor);
}

static const struct vsb_slot *random_pick(struct vsb_set *set)
{
	return slot_at(set, get_random_u32_below(total_weight(set)));
}

const struct vsb_scheduler vsb_schedulers[] = {
	{ .name = "rr", .init = rr_init, .pick = rr_pick },
	{ .name = "wrr", .init = wrr_init, .pick = wrr_pick },
	{ .name = "random", .pick = random_pick },
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
 * vsb_sched_init_set() - make a set ready for its scheduler
 * @set: not published yet, with its scheduler, number of slots and each slot's
 *	backend and weight (not 0) filled in
 * @cursor: where to go on, the cursor of the set that this one replaces or
 *	any number
 */
void vsb_sched_init_set(struct vsb_set *set, u32 cursor)
{
	unsigned long common = 0;
	u32 i, end = 0;

	for (i = 0; i < set->n; i++)
		common = gcd(common, set->slots[i].weight);
	for (i = 0; i < set->n; i++) {
		set->slots[i].weight /= common;
		end += set->slots[i].weight;
		set->slots[i].end = end;
	}
	set->cursor = cursor;
	if (set->sched->init)
		set->sched->init(set);
}
