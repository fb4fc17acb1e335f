// SPDX-License-Identifier: GPL-2.0
/* Owns what has to change to make an actual state the desired one. */

#include <string.h>

#include "base/ip.h"
#include "kernel/diff.h"

static struct change *add(struct diff *diff, enum change_kind kind)
{
	struct change *change;

	diff->list = mem_grow(diff->list, diff->n, &diff->room,
			      sizeof(*diff->list));
	change = &diff->list[diff->n++];
	*change = (struct change) { .kind = kind };
	return change;
}

static void add_pool(struct diff *diff, enum change_kind kind,
		     const struct pool *pool, const struct pool *old)
{
	struct change *change = add(diff, kind);

	change->pool = pool;
	change->old_pool = old;
}

static void add_service(struct diff *diff, enum change_kind kind,
			const struct service *service,
			const struct service *old)
{
	struct change *change = add(diff, kind);

	change->service = service;
	change->old_service = old;
}

static void add_backends(struct diff *diff, enum change_kind kind,
			 const struct pool *pool,
			 const struct backend *backends,
			 const struct backend *old, size_t n)
{
	struct change *change;

	if (!n)
		return;
	change = add(diff, kind);
	change->pool = pool;
	change->backends = backends;
	change->old_backends = old;
	change->n = n;
}

/**
 * struct batch - backends of one pool that change in one way
 * @now: as they are to be or, where they go, as they are
 * @old: as they are
 * @n: how many
 */
struct batch {
	struct backend *now, *old;
	size_t n;
};

static struct batch new_batch(struct diff *diff, size_t max)
{
	return (struct batch) {
		.now = arena_array(&diff->arena, max, sizeof(struct backend)),
		.old = arena_array(&diff->arena, max, sizeof(struct backend)),
	};
}

static void put(struct batch *batch, const struct backend *now,
		const struct backend *old)
{
	batch->now[batch->n] = *now;
	batch->old[batch->n++] = *old;
}


static void add_ranges(struct diff *diff, enum change_kind kind,
		       const struct service *service,
		       const struct vsb_cidr *ranges, size_t n)
{
	struct change *change;

	if (!n)
		return;
	change = add(diff, kind);
	change->service = service;
	change->ranges = ranges;
	change->n = n;
}

static void diff_ranges(struct diff *diff, const struct service *service,
			const struct vsb_cidr *a, size_t n_a,
			const struct vsb_cidr *b, size_t n_b)
{
	struct vsb_cidr *new = arena_array(&diff->arena, n_a, sizeof(*new));
	struct vsb_cidr *gone = arena_array(&diff->arena, n_b, sizeof(*gone));
	size_t i = 0, j = 0, n_new = 0, n_gone = 0;
	int order;

	while (i < n_a || j < n_b) {
		order = i == n_a ? 1 : j == n_b ? -1 :
			ip_order_cidrs(&a[i], &b[j]);
		if (order < 0)
			new[n_new++] = a[i];
		else if (order > 0)
			gone[n_gone++] = b[j];
		i += order <= 0;
		j += order >= 0;
	}
	add_ranges(diff, RANGES_DEL, service, gone, n_gone);
	add_ranges(diff, RANGES_NEW, service, new, n_new);
}

/**
 * struct work - what the steps of a comparison share
 * @diff: gets the changes
 * @desired: the state that is to be
 * @actual: the state that is
 * @remade: for each service of @actual, whether it is taken away and made
 *	again; NULL where none is
 *
 * A pool can't change its family. One that has the name of a desired pool of
 * the other family is taken away first, and before it the services that use
 * it, wherever they go afterwards.
 */
struct work {
	struct diff *diff;
	const struct state *desired;
	const struct state *actual;
	bool *remade;
};

/**
 * struct batches - the backends of a pool, by how they change
 * @new: those that come
 * @gone: those that go
 * @set: those that are to be different
 */
struct batches {
	struct batch new, gone, set;
};

static void sort_backend(const struct backend *new, const struct backend *old,
			 void *arg)
{
	struct batches *batches = arg;

	if (!old)
		put(&batches->new, new, new);
	else if (!new)
		put(&batches->gone, old, old);
	else if (!state_same_backend(new, old))
		put(&batches->set, new, old);
}

static void diff_backends(const struct work *work, const struct pool *new,
			  const struct pool *old)
{
	struct diff *diff = work->diff;
	struct batches batches;

	if (old && state_same_backends(work->desired, new, work->actual, old))
		return;
	batches.new = new_batch(diff, new->n);
	batches.gone = new_batch(diff, old ? old->n : 0);
	batches.set = new_batch(diff, new->n);
	state_each_backend(work->desired, new, work->actual, old, sort_backend,
			   &batches);
	add_backends(diff, BACKENDS_DEL, new, batches.gone.now, NULL,
		     batches.gone.n);
	add_backends(diff, BACKENDS_SET, new, batches.set.now,
		     batches.set.old, batches.set.n);
	add_backends(diff, BACKENDS_NEW, new, batches.new.now, NULL,
		     batches.new.n);
}

static bool is_replaced(const struct pool *new, const struct pool *old)
{
	return new && old && new->family != old->family;
}

static void mark_users(const struct pool *new, const struct pool *old,
		       void *arg)
{
	struct work *work = arg;
	const struct state *actual = work->actual;

	if (!is_replaced(new, old))
		return;
	if (!work->remade)
		work->remade = arena_array(&work->diff->arena,
					   actual->n_services, sizeof(bool));
	for (size_t i = 0; i < actual->n_services; i++)
		for (int kind = 0; kind < STATE_SOURCES; kind++)
			if (!strcmp(actual->services[i].routes[kind].pool,
				    old->name))
				work->remade[i] = true;
}

static bool is_remade(const struct work *work, const struct service *old)
{
	return work->remade && work->remade[old - work->actual->services];
}

static void del_replaced_pool(const struct pool *new, const struct pool *old,
			      void *arg)
{
	struct work *work = arg;

	if (is_replaced(new, old))
		add_pool(work->diff, POOL_DEL, old, NULL);
}

static void make_pool(const struct pool *new, const struct pool *old,
		      void *arg)
{
	struct work *work = arg;

	if (!new)
		return;
	if (is_replaced(new, old))
		old = NULL;
	if (!old)
		add_pool(work->diff, POOL_NEW, new, NULL);
	else if (!state_same_pool(new, old))
		add_pool(work->diff, POOL_SET, new, old);
	diff_backends(work, new, old);
}

static void del_pool(const struct pool *new, const struct pool *old,
		     void *arg)
{
	struct work *work = arg;

	if (!new)
		add_pool(work->diff, POOL_DEL, old, NULL);
}

static void del_service(const struct service *new, const struct service *old,
			void *arg)
{
	struct work *work = arg;

	if (old && (!new || is_remade(work, old)))
		add_service(work->diff, SERVICE_DEL, old, NULL);
}

static void set_service(const struct service *new, const struct service *old,
			void *arg)
{
	struct work *work = arg;

	if (!new || !old || is_remade(work, old))
		return;
	if (!state_same_service(new, old))
		add_service(work->diff, SERVICE_SET, new, old);
	diff_ranges(work->diff, new, state_ranges(work->desired, new), new->n,
		    state_ranges(work->actual, old), old->n);
}

static void new_service(const struct service *new, const struct service *old,
			void *arg)
{
	struct work *work = arg;

	if (!new || (old && !is_remade(work, old)))
		return;
	add_service(work->diff, SERVICE_NEW, new, NULL);
	add_ranges(work->diff, RANGES_NEW, new,
		   state_ranges(work->desired, new), new->n);
}

/**
 * diff_add() - compare two states
 * @diff: where to add the changes, to be freed by diff_free()
 * @desired: the state that is to be, sorted
 * @actual: the state that is, sorted
 *
 * At no point of the order is there a service without its pools.
 */
void diff_add(struct diff *diff, const struct state *desired,
	      const struct state *actual)
{
	struct work work = {
		.diff = diff,
		.desired = desired,
		.actual = actual,
	};

	state_each_pool(desired, actual, mark_users, &work);
	state_each_service(desired, actual, del_service, &work);
	state_each_pool(desired, actual, del_replaced_pool, &work);
	state_each_pool(desired, actual, make_pool, &work);
	state_each_service(desired, actual, set_service, &work);
	state_each_service(desired, actual, new_service, &work);
	state_each_pool(desired, actual, del_pool, &work);
}

void diff_free(struct diff *diff)
{
	free(diff->list);
	arena_free(&diff->arena);
	*diff = (struct diff) { 0 };
}
