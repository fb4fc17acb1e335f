// SPDX-License-Identifier: GPL-2.0
/* Owns what is left of a state without what the kernel does not take of it. */

#include <string.h>

#include "kernel/refusals.h"

/* Refused changes of a state, beyond which all that it adds is refused. */
#define REFUSALS_MAX 16

bool refusals_have(const struct refusals *refusals, enum refused how_much)
{
	for (size_t i = 0; i < refusals->n; i++)
		if (refusals->list[i].how_much == how_much)
			return true;
	return false;
}

/* With each refusal that is about no single change less is sent. */
static enum refused next_level(const struct refusals *refusals)
{
	enum refused level = REFUSED_SETTINGS;

	while (level < REFUSED_ALL && refusals_have(refusals, level))
		level++;
	return level;
}

/**
 * refusals_add() - take note of what is refused
 * @refusals: so far
 * @change: what, or NULL where nobody knows
 * @text: why
 *
 * In the end nothing is left to be sent, and so to be refused.
 */
void refusals_add(struct refusals *refusals, const struct change *change,
		  const char *text)
{
	struct refusal refusal = { .text = mem_strdup(text) };

	if (!change || refusals->n >= REFUSALS_MAX) {
		refusal.how_much = next_level(refusals);
	} else {
		refusal.kind = change->kind;
		if (change->service)
			refusal.service = *change->service;
		else
			refusal.pool = mem_strdup(change->pool->name);
	}
	refusals->list = mem_grow(refusals->list, refusals->n,
				  &refusals->room, sizeof(refusal));
	refusals->list[refusals->n++] = refusal;
}

static bool same_service(const struct state *a, const struct state *b,
			 const struct service *key)
{
	const struct service *left = state_find_service(a, key);
	const struct service *right = state_find_service(b, key);

	return left && right ? state_same_service(left, right) :
			       left == right;
}

static bool same_pool(const struct state *a, const struct state *b,
		      const char *name)
{
	const struct pool *left = state_find_pool(a, name);
	const struct pool *right = state_find_pool(b, name);

	return left && right ? state_same_pool(left, right) : left == right;
}

/* Backends and ranges are looked at no closer: what changes is mostly these. */
static bool still_asked(const struct refusal *refusal,
			const struct state *before, const struct state *now)
{
	if (refusal->how_much != REFUSED_CHANGE)
		return false;
	if (!refusal->pool)
		return refusal->kind != RANGES_DEL &&
		       refusal->kind != RANGES_NEW &&
		       same_service(before, now, &refusal->service);
	return (refusal->kind == POOL_NEW || refusal->kind == POOL_SET ||
		refusal->kind == POOL_DEL) &&
	       same_pool(before, now, refusal->pool);
}

static void free_refusal(struct refusal *refusal)
{
	free(refusal->pool);
	free(refusal->text);
}

/**
 * refusals_prune() - forget those of what is no longer asked for as it was
 * @refusals: the refusals
 * @before: what was asked for, NULL to forget all
 * @now: what is
 */
void refusals_prune(struct refusals *refusals, const struct state *before,
		    const struct state *now)
{
	struct refusal *list = refusals->list;
	size_t kept = 0;

	for (size_t i = 0; i < refusals->n; i++) {
		if (before && still_asked(&list[i], before, now))
			list[kept++] = list[i];
		else
			free_refusal(&list[i]);
	}
	refusals->n = kept;
}

static bool takes_away(enum change_kind kind)
{
	return kind == SERVICE_DEL || kind == POOL_DEL || kind == BACKENDS_DEL;
}

/* A service is refused whole, whatever was to change. */
static bool is_about(const struct refusal *refusal,
		     const struct change *change)
{
	/* Another scheduler, say, may take more memory. */
	if (refusal->how_much == REFUSED_SETTINGS)
		return change->kind == POOL_SET;
	/* An endpoint that is no longer ready is to get nothing new. */
	if (refusal->how_much == REFUSED_GROWTH)
		return !takes_away(change->kind) &&
		       change->kind != BACKENDS_SET;
	if (refusal->how_much != REFUSED_CHANGE)
		return !takes_away(change->kind);
	if (change->service)
		return !refusal->pool &&
		       !state_compare_services(&refusal->service,
					       change->service);
	return refusal->pool && refusal->kind == change->kind &&
	       !strcmp(refusal->pool, change->pool->name);
}

static bool refuse(const struct refusals *refusals,
		   const struct change *change)
{
	for (size_t i = 0; i < refusals->n; i++)
		if (is_about(&refusals->list[i], change))
			return true;
	return false;
}

/**
 * struct filter - what the steps of refusals_filter() share
 * @refusals: what is refused
 * @target: what is to be sent
 * @applied: what the kernel has
 * @rest: gets what is left
 */
struct filter {
	const struct refusals *refusals;
	const struct state *target;
	const struct state *applied;
	struct state *rest;
};

static bool refuses_pool(const struct filter *filter, enum change_kind kind,
			 const struct pool *pool)
{
	return refuse(filter->refusals,
		      &(struct change) { .kind = kind, .pool = pool });
}

static bool refuses_service(const struct filter *filter,
			    enum change_kind kind,
			    const struct service *service)
{
	return refuse(filter->refusals,
		      &(struct change) { .kind = kind, .service = service });
}

/**
 * struct backends_filter - what is refused of a pool's backends
 * @rest: gets what is left
 * @to: its pool
 * @may_add: whether none that is new is refused
 * @may_set: whether none that changes is
 * @may_del: whether none that goes is
 */
struct backends_filter {
	struct state *rest;
	struct pool *to;
	bool may_add;
	bool may_set;
	bool may_del;
};

static void filter_backend(const struct backend *new,
			   const struct backend *old, void *arg)
{
	const struct backends_filter *filter = arg;

	if (new && (old ? filter->may_set : filter->may_add))
		state_add_backend(filter->rest, filter->to, new);
	else if (old && (new || !filter->may_del))
		state_add_backend(filter->rest, filter->to, old);
}

static void filter_backends(const struct filter *filter, struct pool *to,
			    const struct pool *new, const struct pool *old)
{
	struct backends_filter backends = {
		.rest = filter->rest,
		.to = to,
		.may_add = !refuses_pool(filter, BACKENDS_NEW, new),
		.may_set = !refuses_pool(filter, BACKENDS_SET, new),
		.may_del = !refuses_pool(filter, BACKENDS_DEL, new),
	};

	state_each_backend(filter->target, new, filter->applied, old,
			   filter_backend, &backends);
}

static void filter_pool(const struct pool *new, const struct pool *old,
			void *arg)
{
	const struct filter *filter = arg;
	struct pool *copy;

	if (!new) {
		/* Somebody else's service uses it, which finds it empty. */
		if (refuses_pool(filter, POOL_DEL, old))
			state_copy_settings(filter->rest, old);
		return;
	}
	if (old && new->family != old->family)
		old = NULL;
	if (!old && refuses_pool(filter, POOL_NEW, new))
		return;
	copy = state_copy_settings(filter->rest, old &&
				   refuses_pool(filter, POOL_SET, new) ?
				   old : new);
	filter_backends(filter, copy, new, old);
}

/* What is refused stays as it is; either way its pools must be there. */
static void filter_service(const struct service *new,
			   const struct service *old, void *arg)
{
	const struct filter *filter = arg;
	enum change_kind kind = !new ? SERVICE_DEL :
				old ? SERVICE_SET : SERVICE_NEW;
	bool refused = refuses_service(filter, kind, new ?: old);

	if (new && !refused && state_fits(filter->rest, new))
		state_copy_service(filter->rest, filter->target, new);
	else if (old && (new || refused) && state_fits(filter->rest, old))
		state_copy_service(filter->rest, filter->applied, old);
}

/**
 * refusals_filter() - leave out of a state what is refused
 * @refusals: what is
 * @target: the state, sorted
 * @applied: what the kernel has, sorted, or NULL
 *
 * Return: a state, held for the caller: what is refused is in it as the kernel
 *	has it, or not at all.
 */
struct state *refusals_filter(const struct refusals *refusals,
			      struct state *target, struct state *applied)
{
	cleanup_by(state_put_variable) struct state *from =
		applied ? state_get(applied) : state_new();
	struct filter filter = {
		.refusals = refusals,
		.target = target,
		.applied = from,
	};

	if (refusals_have(refusals, REFUSED_ALL))
		return state_get(from);
	filter.rest = state_new();
	state_each_pool(target, from, filter_pool, &filter);
	state_each_service(target, from, filter_service, &filter);
	return filter.rest;
}

void refusals_free(struct refusals *refusals)
{
	refusals_prune(refusals, NULL, NULL);
	free(refusals->list);
}
