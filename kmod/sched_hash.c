// SPDX-License-Identifier: GPL-2.0
/* Schedulers that choose by addresses, the same on every node: nothing here
 * depends on the order in which backends came, or on a random number.
 */

#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <uapi/linux/vsb.h>

#include "backend.h"
#include "decide.h"
#include "sched.h"

/* Seeds, so that what is hashed for one purpose tells nothing of another. */
enum {
	HASH_FLOW = 1,
	HASH_AGAIN,
	HASH_OFFSET,
	HASH_SKIP,
};

/* A multiplication and shifts that let every bit reach every other. */
static u64 mix(u64 hash, u64 value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
	return hash ^ (hash >> 31);
}

static u32 hash_addr(u64 seed, const union nf_inet_addr *addr, __be16 port)
{
	u64 hash = mix(seed << 32, be16_to_cpu(port));
	int i;

	for (i = 0; i < ARRAY_SIZE(addr->ip6); i++)
		hash = mix(hash, be32_to_cpu((__force __be32)addr->ip6[i]));
	return hash >> 32;
}

static u32 hash_source(const struct vsb_set *set, u64 seed,
		       const struct vsb_flow *flow)
{
	bool with_port = set->sched.flags & VSB_SCHED_FLAG_PORT;

	return hash_addr(seed, &flow->saddr, with_port ? flow->sport : 0);
}

static const struct vsb_slot *slot_of(const struct vsb_set *set, u32 hash)
{
	return vsb_sched_slot_at(set, reciprocal_scale(hash,
						       vsb_sched_total(set)));
}

/* A full one is nobody's, unless another may have it. Then it is looked for
 * by another hash, so that its clients do not all go to one, and behind that
 * one by one.
 */
static const struct vsb_slot *
open_or_fall_back(const struct vsb_set *set, const struct vsb_slot *slot,
		  const struct vsb_flow *flow)
{
	u32 hash;

	if (!vsb_backend_is_full(slot->backend))
		return slot;
	if (!(set->sched.flags & VSB_SCHED_FLAG_FALLBACK))
		return NULL;
	hash = hash_source(set, HASH_AGAIN, flow);
	return vsb_sched_open_from(set, slot_of(set, hash));
}

const struct vsb_slot *vsb_sched_sh(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	return open_or_fall_back(set, slot_of(set, hash_source(set, HASH_FLOW,
							       flow)), flow);
}

const struct vsb_slot *vsb_sched_dh(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	return open_or_fall_back(set, slot_of(set, hash_addr(HASH_FLOW,
							     &flow->daddr, 0)),
				 flow);
}

const struct vsb_slot *vsb_sched_mh(struct vsb_set *set,
				    const struct vsb_flow *flow)
{
	u32 hash = hash_source(set, HASH_FLOW, flow);
	u32 entry = reciprocal_scale(hash, set->sched.table_size);

	return open_or_fall_back(set, &set->slots[set->table[entry]], flow);
}

/**
 * struct vsb_walk - a backend's way through the table
 * @slot: its slot's number
 * @at: the entry that it would like next
 * @skip: how far from there the one after that is
 * @left: how many entries it still gets
 */
struct vsb_walk {
	u32 slot;
	u32 at;
	u32 skip;
	u32 left;
};

/**
 * struct vsb_parts - how the table is shared out
 * @each: entries that every slot has beforehand
 * @shared: entries that are shared out by weight
 * @extra: of these, what rounding down has left
 * @whole: no slot loses or wins more than one by rounding
 */
struct vsb_parts {
	u32 each;
	u32 shared;
	u32 extra;
	bool whole;
};

static u64 share_of(const struct vsb_set *set, u64 size, u32 i, u32 *rest)
{
	u32 total = vsb_sched_total(set);

	return div_u64_rem(size * set->slots[i].share, total, rest);
}

/* Exact parts are rounded down, but to one at least, and what is left goes to
 * those that lost by that: then all are within one entry of their exact part.
 * Where weights are too far apart for it everyone has one entry, and the
 * others are shared out; where there are not so many, some have none.
 */
static struct vsb_parts plan_parts(const struct vsb_set *set)
{
	struct vsb_parts parts = { .shared = set->sched.table_size };
	u64 need = 0;
	u32 i, rest;

	for (i = 0; i < set->n; i++)
		need += share_of(set, parts.shared, i, &rest) ?: 1;
	if (need <= parts.shared) {
		parts.whole = true;
		parts.extra = parts.shared - need;
	} else if (set->n <= parts.shared) {
		parts.each = 1;
		parts.shared -= set->n;
	}
	return parts;
}

static u32 take_part(const struct vsb_set *set, u32 i, struct vsb_parts *parts)
{
	u32 total = vsb_sched_total(set), part, rest;
	u64 size = parts->shared, before;

	if (parts->whole) {
		part = share_of(set, size, i, &rest);
		if (!part || !rest || !parts->extra)
			return part ?: 1;
		parts->extra--;
		return part + 1;
	}
	before = i ? div_u64(size * set->slots[i - 1].end, total) : 0;
	return parts->each + div_u64(size * set->slots[i].end, total) - before;
}

static void start_walk(const struct vsb_set *set, u32 i,
		       struct vsb_parts *parts, struct vsb_walk *walk)
{
	const struct vsb_backend_key *key = &set->slots[i].backend->key;
	u32 size = set->sched.table_size;

	walk->slot = i;
	walk->at = hash_addr(HASH_OFFSET, &key->addr, key->port) % size;
	walk->skip = hash_addr(HASH_SKIP, &key->addr, key->port) % (size - 1) + 1;
	walk->left = take_part(set, i, parts);
}

/* Entries of its own that a walk looks at for one that is free. Backends can be
 * chosen so that all have the same way, and each would look at what all before
 * it have taken.
 */
#define PROBES_MAX 256

/* The next on the walk's way, or behind where that has led in vain. */
static u32 free_entry(const struct vsb_set *set, struct vsb_walk *walk,
		      const unsigned long *taken)
{
	u32 size = set->sched.table_size, at, tries = PROBES_MAX;

	do {
		at = walk->at;
		walk->at = at + walk->skip < size ? at + walk->skip :
						    at + walk->skip - size;
		if (!test_bit(at, taken))
			return at;
	} while (--tries);
	at = find_next_zero_bit(taken, size, at);
	return at < size ? at : find_first_zero_bit(taken, size);
}

static void take_next(struct vsb_set *set, struct vsb_walk *walk,
		      unsigned long *taken)
{
	u32 at = free_entry(set, walk, taken);

	__set_bit(at, taken);
	set->table[at] = walk->slot;
	walk->left--;
}

/* In rounds, each backend that is not done takes the next entry on its way
 * that is free. Who leaves frees entries all over the table, and few others
 * find another way than before.
 */
static void fill_table(struct vsb_set *set, struct vsb_walk *walks,
		       unsigned long *taken)
{
	u32 i, n, going = set->n;

	for (n = going; n; n = going) {
		going = 0;
		for (i = 0; i < n; i++) {
			if (i % SZ_1K == 0)
				cond_resched();
			if (!walks[i].left)
				continue;
			take_next(set, &walks[i], taken);
			walks[going++] = walks[i];
		}
	}
}

/* Maglev's table (Eisenbud et al., NSDI 2016), with weights. */
int vsb_sched_mh_init(struct vsb_set *set)
{
	unsigned long *taken = bitmap_zalloc(set->sched.table_size, GFP_KERNEL);
	struct vsb_walk *walks = kvcalloc(set->n, sizeof(*walks), GFP_KERNEL);
	struct vsb_parts parts = plan_parts(set);
	int err = -ENOMEM;
	u32 i;

	if (taken && walks) {
		for (i = 0; i < set->n; i++)
			start_walk(set, i, &parts, &walks[i]);
		fill_table(set, walks, taken);
		err = 0;
	}
	bitmap_free(taken);
	kvfree(walks);
	return err;
}
