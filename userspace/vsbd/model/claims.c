// SPDX-License-Identifier: GPL-2.0
/* Owns which of several claims to one address or node port is granted. */

#include <search.h>

#include "model/claims.h"

/**
 * struct slot - what is claimed
 * @key: the key of a service
 * @list: the claims, the one that is granted first
 * @n: how many
 * @room: how many @list has room for
 */
struct slot {
	struct service key;
	const struct claim **list;
	size_t n, room;
};

static int by_key(const void *a, const void *b)
{
	const struct slot *left = a, *right = b;

	return state_compare_services(&left->key, &right->key);
}

static struct slot *find_slot(const struct claims *claims,
			      const struct service *key)
{
	const struct slot slot = { .key = *key };
	struct slot **node = tfind(&slot, &claims->slots, by_key);

	return node ? *node : NULL;
}

static struct slot *get_slot(struct claims *claims, const struct claim *claim)
{
	struct slot *slot = find_slot(claims, &claim->service);

	if (slot)
		return slot;
	slot = mem_array(1, sizeof(*slot));
	slot->key = claim->service;
	tsearch(slot, &claims->slots, by_key);
	return slot;
}

/*
 * A cluster IP is the cluster's to give, other addresses are anybody's to
 * ask for. Of equals the older Service wins.
 */
static int compare(const struct claim *a, const struct claim *b)
{
	const struct k8s_meta *l = &a->from->meta, *r = &b->from->meta;

	return ((int)a->kind - (int)b->kind) ?:
	       (l->created > r->created) - (l->created < r->created) ?:
	       k8s_compare_names(l, r) ?:
	       (a->order > b->order) - (a->order < b->order);
}

static void tell(const struct claims *claims, const struct slot *slot)
{
	for (size_t i = 0; i < slot->n; i++)
		claims->affected(slot->list[i]->part, claims->arg);
}

/**
 * claims_add() - add a claim
 * @claims: all claims
 * @claim: stays where it is until it is removed
 */
void claims_add(struct claims *claims, const struct claim *claim)
{
	struct slot *slot = get_slot(claims, claim);
	size_t i;

	tell(claims, slot);
	slot->list = mem_grow(slot->list, slot->n, &slot->room,
			      sizeof(*slot->list));
	for (i = slot->n++; i && compare(slot->list[i - 1], claim) > 0; i--)
		slot->list[i] = slot->list[i - 1];
	slot->list[i] = claim;
}

static void free_slot(void *data)
{
	struct slot *slot = data;

	free(slot->list);
	free(slot);
}

/**
 * claims_remove() - take a claim back
 * @claims: all claims
 * @claim: one that was added
 */
void claims_remove(struct claims *claims, const struct claim *claim)
{
	struct slot *slot = find_slot(claims, &claim->service);
	size_t kept = 0;

	for (size_t i = 0; i < slot->n; i++)
		if (slot->list[i] != claim)
			slot->list[kept++] = slot->list[i];
	slot->n = kept;
	tell(claims, slot);
	if (slot->n)
		return;
	tdelete(slot, &claims->slots, by_key);
	free_slot(slot);
}

/** claims_find() - the claim that is granted a key, or NULL */
const struct claim *claims_find(const struct claims *claims,
				const struct service *key)
{
	const struct slot *slot = find_slot(claims, key);

	return slot ? slot->list[0] : NULL;
}

void claims_free(struct claims *claims)
{
	tdestroy(claims->slots, free_slot);
}
