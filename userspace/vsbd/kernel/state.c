// SPDX-License-Identifier: GPL-2.0
/* Owns how pools, backends and services are held, ordered and compared. */

#include <string.h>

#include "base/ip.h"
#include "kernel/state.h"

/** state_new() - an empty state, held once */
struct state *state_new(void)
{
	struct state *state = mem_array(1, sizeof(*state));

	state->refs = 1;
	return state;
}

struct state *state_get(struct state *state)
{
	state->refs++;
	return state;
}

/** state_put() - hold a state, or NULL, once less */
void state_put(struct state *state)
{
	if (!state || --state->refs)
		return;
	arena_free(&state->arena);
	free(state->pools);
	free(state->backends);
	free(state->services);
	free(state->ranges);
	free(state);
}

void state_put_variable(struct state **state)
{
	state_put(*state);
}

/**
 * state_add_pool() - add a pool without backends
 * @state: to this
 * @name: copied
 * @family: AF_INET or AF_INET6
 * @scheduler: copied
 *
 * Return: the pool, until the next is added.
 */
struct pool *state_add_pool(struct state *state, const char *name,
			    uint16_t family, const char *scheduler)
{
	struct pool *pool;

	state->pools = mem_grow(state->pools, state->n_pools,
				&state->room_pools, sizeof(*pool));
	pool = &state->pools[state->n_pools++];
	*pool = (struct pool) {
		.name = arena_strdup(&state->arena, name),
		.scheduler = arena_strdup(&state->arena, scheduler),
		.family = family,
		.table_size = TABLE_SIZE,
		.affinity_prefix_len = family == AF_INET ? 32 : 128,
	};
	return pool;
}

/**
 * state_add_backend() - add a backend to a pool
 * @state: the state
 * @pool: one of its pools, without backends or the one that got the last
 * @backend: copied
 */
void state_add_backend(struct state *state, struct pool *pool,
		       const struct backend *backend)
{
	state->backends = mem_grow(state->backends, state->n_backends,
				   &state->room_backends, sizeof(*backend));
	if (!pool->n++)
		pool->first = state->n_backends;
	state->backends[state->n_backends++] = *backend;
}

/* The kinds of source are mostly routed alike, and share the name then. */
static void copy_routes(struct arena *arena, struct route *routes)
{
	const char *given = NULL, *copy = NULL;

	for (int i = 0; i < STATE_SOURCES; i++) {
		if (!given || strcmp(given, routes[i].pool)) {
			given = routes[i].pool;
			copy = arena_strdup(arena, given);
		}
		routes[i].pool = copy;
	}
}

/**
 * state_add_service() - add a service
 * @state: to this
 * @service: copied with its strings, without its ranges
 *
 * Return: the service, until the next is added.
 */
struct service *state_add_service(struct state *state,
				  const struct service *service)
{
	struct service *copy;

	state->services = mem_grow(state->services, state->n_services,
				   &state->room_services, sizeof(*copy));
	copy = &state->services[state->n_services++];
	*copy = *service;
	copy->n = 0;
	copy->label = arena_strdup(&state->arena, service->label);
	copy_routes(&state->arena, copy->routes);
	return copy;
}

/**
 * state_add_range() - add a source range to a service
 * @state: the state
 * @service: one of its services, without ranges or the one that got the last
 * @range: copied
 */
void state_add_range(struct state *state, struct service *service,
		     const struct vsb_cidr *range)
{
	state->ranges = mem_grow(state->ranges, state->n_ranges,
				 &state->room_ranges, sizeof(*range));
	if (!service->n++)
		service->first = state->n_ranges;
	state->ranges[state->n_ranges++] = *range;
}

/* An array with a copy of another behind what it holds. */
static void *append(void *array, size_t *n, size_t *room, const void *from,
		    size_t n_from, size_t size)
{
	if (!n_from)
		return array;
	if (*room < *n + n_from) {
		*room = *n + n_from > *room * 2 ? *n + n_from : *room * 2;
		array = mem_resize(array, *room, size);
	}
	memcpy((char *)array + *n * size, from, n_from * size);
	*n += n_from;
	return array;
}

/**
 * state_add_all() - add all pools and services of another state
 * @state: to this, which is to be sorted then
 * @from: the other, which must live as long: its strings are shared
 */
void state_add_all(struct state *state, const struct state *from)
{
	size_t pools = state->n_pools, backends = state->n_backends;
	size_t services = state->n_services, ranges = state->n_ranges;

	state->pools = append(state->pools, &state->n_pools,
			      &state->room_pools, from->pools, from->n_pools,
			      sizeof(*from->pools));
	state->backends = append(state->backends, &state->n_backends,
				 &state->room_backends, from->backends,
				 from->n_backends, sizeof(*from->backends));
	state->services = append(state->services, &state->n_services,
				 &state->room_services, from->services,
				 from->n_services, sizeof(*from->services));
	state->ranges = append(state->ranges, &state->n_ranges,
			       &state->room_ranges, from->ranges,
			       from->n_ranges, sizeof(*from->ranges));
	for (; pools < state->n_pools; pools++)
		state->pools[pools].first += backends;
	for (; services < state->n_services; services++)
		state->services[services].first += ranges;
}

int state_compare_pools(const struct pool *a, const struct pool *b)
{
	return strcmp(a->name, b->name);
}

int state_compare_backends(const struct backend *a, const struct backend *b)
{
	return ip_compare(&a->addr, &b->addr) ?: a->port - b->port;
}

int state_compare_services(const struct service *a, const struct service *b)
{
	return (a->family - b->family) ?: (a->kind - b->kind) ?:
	       (a->protocol - b->protocol) ?:
	       ip_compare(&a->addr, &b->addr) ?: (a->port - b->port) ?:
	       (a->mark > b->mark) - (a->mark < b->mark);
}

static int by_pool(const void *a, const void *b)
{
	return state_compare_pools(a, b);
}

static int by_backend(const void *a, const void *b)
{
	return state_compare_backends(a, b);
}

static int by_service(const void *a, const void *b)
{
	return state_compare_services(a, b);
}

/* Most of what is sorted is in order already. */
static void sort(void *array, size_t n, size_t size,
		 int (*compare)(const void *, const void *))
{
	const char *element = array;

	for (size_t i = 1; i < n; i++, element += size) {
		if (compare(element, element + size) <= 0)
			continue;
		qsort(array, n, size, compare);
		return;
	}
}

/** state_sort() - bring a state that has been filled into order */
void state_sort(struct state *state)
{
	sort(state->pools, state->n_pools, sizeof(struct pool), by_pool);
	sort(state->services, state->n_services, sizeof(struct service),
	     by_service);
	for (size_t i = 0; i < state->n_pools; i++)
		sort(state->backends + state->pools[i].first,
		     state->pools[i].n, sizeof(struct backend), by_backend);
	for (size_t i = 0; i < state->n_services; i++)
		sort(state->ranges + state->services[i].first,
		     state->services[i].n, sizeof(struct vsb_cidr),
		     ip_order_cidrs);
}

/** state_find_pool() - find a pool of a sorted state by name, or NULL */
const struct pool *state_find_pool(const struct state *state,
				   const char *name)
{
	const struct pool key = { .name = name };

	return state->n_pools ? bsearch(&key, state->pools, state->n_pools,
					sizeof(key), by_pool) : NULL;
}

/** state_find_service() - find a service of a sorted state by key, or NULL */
const struct service *state_find_service(const struct state *state,
					 const struct service *key)
{
	return state->n_services ?
	       bsearch(key, state->services, state->n_services, sizeof(*key),
		       by_service) : NULL;
}

/** state_backends() - the backends of a pool, pool->n of them */
const struct backend *state_backends(const struct state *state,
				     const struct pool *pool)
{
	return pool->n ? state->backends + pool->first : NULL;
}

/** state_ranges() - the source ranges of a service, service->n of them */
const struct vsb_cidr *state_ranges(const struct state *state,
				    const struct service *service)
{
	return service->n ? state->ranges + service->first : NULL;
}

/* Whether they have the same settings; their backends are compared apart. */
bool state_same_pool(const struct pool *a, const struct pool *b)
{
	return !strcmp(a->scheduler, b->scheduler) &&
	       a->sched_flags == b->sched_flags &&
	       a->table_size == b->table_size &&
	       a->affinity_timeout == b->affinity_timeout &&
	       a->affinity_prefix_len == b->affinity_prefix_len;
}

bool state_same_backend(const struct backend *a, const struct backend *b)
{
	return !state_compare_backends(a, b) && a->weight == b->weight &&
	       a->state == b->state && a->sets == b->sets &&
	       a->limited == b->limited;
}

bool state_same_route(const struct route *a, const struct route *b)
{
	return a->set == b->set && a->masquerade == b->masquerade &&
	       (a->pool == b->pool || !strcmp(a->pool, b->pool));
}

bool state_same_service(const struct service *a, const struct service *b)
{
	for (int i = 0; i < STATE_SOURCES; i++)
		if (!state_same_route(&a->routes[i], &b->routes[i]))
			return false;
	return !state_compare_services(a, b) && !strcmp(a->label, b->label) &&
	       a->elsewhere == b->elsewhere && a->flags == b->flags;
}

/** state_same_backends() - whether a state's pool has another's backends */
bool state_same_backends(const struct state *a, const struct pool *pool,
			 const struct state *b, const struct pool *other)
{
	const struct backend *left = state_backends(a, pool);
	const struct backend *right = state_backends(b, other);

	if (pool->n != other->n)
		return false;
	for (size_t i = 0; i < pool->n; i++)
		if (!state_same_backend(&left[i], &right[i]))
			return false;
	return true;
}

static bool same_ranges(const struct state *a, const struct service *service,
			const struct state *b, const struct service *other)
{
	const struct vsb_cidr *left = state_ranges(a, service);
	const struct vsb_cidr *right = state_ranges(b, other);

	if (service->n != other->n)
		return false;
	for (size_t i = 0; i < service->n; i++)
		if (ip_order_cidrs(&left[i], &right[i]))
			return false;
	return true;
}

/** state_same() - whether two states, both sorted, say the same */
bool state_same(const struct state *a, const struct state *b)
{
	if (a->n_pools != b->n_pools || a->n_services != b->n_services)
		return false;
	for (size_t i = 0; i < a->n_pools; i++)
		if (state_compare_pools(&a->pools[i], &b->pools[i]) ||
		    a->pools[i].family != b->pools[i].family ||
		    !state_same_pool(&a->pools[i], &b->pools[i]) ||
		    !state_same_backends(a, &a->pools[i], b, &b->pools[i]))
			return false;
	for (size_t i = 0; i < a->n_services; i++)
		if (!state_same_service(&a->services[i], &b->services[i]) ||
		    !same_ranges(a, &a->services[i], b, &b->services[i]))
			return false;
	return true;
}

/**
 * state_each_pool() - walk through the pools of two sorted states
 * @a: one
 * @b: the other
 * @each: called for every name that a pool of either has, with @a's pool and
 *	@b's, NULL where there is none
 * @arg: handed to it
 */
void state_each_pool(const struct state *a, const struct state *b,
		     void (*each)(const struct pool *a, const struct pool *b,
				  void *arg), void *arg)
{
	size_t i = 0, j = 0;
	int order;

	while (i < a->n_pools || j < b->n_pools) {
		order = i == a->n_pools ? 1 : j == b->n_pools ? -1 :
			state_compare_pools(&a->pools[i], &b->pools[j]);
		each(order <= 0 ? &a->pools[i] : NULL,
		     order >= 0 ? &b->pools[j] : NULL, arg);
		i += order <= 0;
		j += order >= 0;
	}
}

/** state_each_service() - the same for services and their keys */
void state_each_service(const struct state *a, const struct state *b,
			void (*each)(const struct service *a,
				     const struct service *b, void *arg),
			void *arg)
{
	size_t i = 0, j = 0;
	int order;

	while (i < a->n_services || j < b->n_services) {
		order = i == a->n_services ? 1 : j == b->n_services ? -1 :
			state_compare_services(&a->services[i],
					       &b->services[j]);
		each(order <= 0 ? &a->services[i] : NULL,
		     order >= 0 ? &b->services[j] : NULL, arg);
		i += order <= 0;
		j += order >= 0;
	}
}

/**
 * state_each_backend() - walk through the backends of two pools
 * @a: a state
 * @in_a: a pool of it, whose backends are sorted
 * @b: another state
 * @in_b: a pool of it, likewise, or NULL
 * @each: called for every address and port that either has, with @a's backend
 *	and @b's, NULL where there is none
 * @arg: handed to it
 */
void state_each_backend(const struct state *a, const struct pool *in_a,
			const struct state *b, const struct pool *in_b,
			void (*each)(const struct backend *a,
				     const struct backend *b, void *arg),
			void *arg)
{
	const struct backend *left = state_backends(a, in_a);
	const struct backend *right = in_b ? state_backends(b, in_b) : NULL;
	size_t i = 0, j = 0, n = in_b ? in_b->n : 0;
	int order;

	while (i < in_a->n || j < n) {
		order = i == in_a->n ? 1 : j == n ? -1 :
			state_compare_backends(&left[i], &right[j]);
		each(order <= 0 ? &left[i] : NULL,
		     order >= 0 ? &right[j] : NULL, arg);
		i += order <= 0;
		j += order >= 0;
	}
}

/** state_copy_settings() - add a copy of a pool, without its backends */
struct pool *state_copy_settings(struct state *to, const struct pool *pool)
{
	struct pool *copy = state_add_pool(to, pool->name, pool->family,
					   pool->scheduler);

	copy->sched_flags = pool->sched_flags;
	copy->table_size = pool->table_size;
	copy->affinity_timeout = pool->affinity_timeout;
	copy->affinity_prefix_len = pool->affinity_prefix_len;
	return copy;
}

/**
 * state_copy_pool() - add a copy of another state's pool
 * @to: the state
 * @from: the other
 * @pool: one of its pools
 */
void state_copy_pool(struct state *to, const struct state *from,
		     const struct pool *pool)
{
	const struct backend *backends = state_backends(from, pool);
	struct pool *copy = state_copy_settings(to, pool);

	for (size_t i = 0; i < pool->n; i++)
		state_add_backend(to, copy, &backends[i]);
}

/** state_copy_service() - add a copy of another state's service */
void state_copy_service(struct state *to, const struct state *from,
			const struct service *service)
{
	const struct vsb_cidr *ranges = state_ranges(from, service);
	struct service *copy = state_add_service(to, service);

	for (size_t i = 0; i < service->n; i++)
		state_add_range(to, copy, &ranges[i]);
}

/**
 * state_only() - what a state has of a family
 * @state: the state, sorted
 * @family: AF_INET or AF_INET6
 *
 * Return: a new state.
 */
struct state *state_only(const struct state *state, uint16_t family)
{
	struct state *rest = state_new();

	for (size_t i = 0; i < state->n_pools; i++)
		if (state->pools[i].family == family)
			state_copy_pool(rest, state, &state->pools[i]);
	for (size_t i = 0; i < state->n_services; i++)
		if (state->services[i].family == family)
			state_copy_service(rest, state, &state->services[i]);
	return rest;
}

/**
 * struct keeping - what the steps of state_keep() share
 * @to: gets what is desired and what is kept
 * @desired: see state_keep()
 * @actual: likewise
 * @taken: likewise
 */
struct keeping {
	struct state *to;
	const struct state *desired;
	const struct state *actual;
	const struct state *taken;
};

/**
 * struct joining - where the backends of two pools go
 * @to: the state
 * @both: its pool
 */
struct joining {
	struct state *to;
	struct pool *both;
};

static void keep_backend(const struct backend *desired,
			 const struct backend *actual, void *arg)
{
	const struct joining *joining = arg;

	state_add_backend(joining->to, joining->both, desired ?: actual);
}

static void join_pools(const struct keeping *keeping, const struct pool *pool,
		       const struct pool *other)
{
	struct joining joining = {
		.to = keeping->to,
		.both = state_copy_settings(keeping->to, pool),
	};

	state_each_backend(keeping->desired, pool, keeping->actual, other,
			   keep_backend, &joining);
}

static void keep_pool(const struct pool *desired, const struct pool *actual,
		      void *arg)
{
	const struct keeping *keeping = arg;

	if (!desired)
		state_copy_pool(keeping->to, keeping->actual, actual);
	else if (actual && desired->family == actual->family)
		join_pools(keeping, desired, actual);
	else
		state_copy_pool(keeping->to, keeping->desired, desired);
}

/**
 * state_fits() - whether a state has the pools that a service needs
 * @state: the state, whose pools are sorted
 * @service: the service
 *
 * A pool may have been replaced by one of the other family.
 */
bool state_fits(const struct state *state, const struct service *service)
{
	const struct pool *pool;

	for (int i = 0; i < STATE_SOURCES; i++) {
		pool = state_find_pool(state, service->routes[i].pool);
		if (!pool || pool->family != service->family)
			return false;
	}
	return true;
}

static void keep_service(const struct service *desired,
			 const struct service *actual, void *arg)
{
	const struct keeping *keeping = arg;

	if (desired)
		state_copy_service(keeping->to, keeping->desired, desired);
	else if (state_fits(keeping->to, actual) &&
		 !state_find_service(keeping->taken, actual))
		state_copy_service(keeping->to, keeping->actual, actual);
}

static void copy_others(struct state *to, const struct state *from,
			const struct pool *pool, const struct state *other)
{
	const struct pool *same = state_find_pool(other, pool->name);
	const struct backend *a = state_backends(from, pool), *b = NULL;
	struct pool *copy = same ? NULL : state_copy_settings(to, pool);
	size_t j = 0, n = same ? same->n : 0;

	if (n)
		b = state_backends(other, same);
	for (size_t i = 0; i < pool->n; i++) {
		while (j < n && state_compare_backends(&b[j], &a[i]) < 0)
			j++;
		if (j < n && !state_compare_backends(&b[j], &a[i]))
			continue;
		copy = copy ?: state_copy_settings(to, pool);
		state_add_backend(to, copy, &a[i]);
	}
}

/**
 * state_without() - what another state does not have
 * @state: the state
 * @other: the other
 *
 * Return: a new state: @state's services and pools that @other has not, and
 *	of pools that both have the backends that @other's have not.
 */
struct state *state_without(const struct state *state,
			    const struct state *other)
{
	struct state *rest = state_new();

	for (size_t i = 0; i < state->n_pools; i++)
		copy_others(rest, state, &state->pools[i], other);
	for (size_t i = 0; i < state->n_services; i++)
		if (!state_find_service(other, &state->services[i]))
			state_copy_service(rest, state, &state->services[i]);
	return rest;
}

/**
 * state_keep() - what is desired, and what else there is
 * @desired: wins where both have an object
 * @actual: the other
 * @taken: has services that are not kept, since they are to be another's
 *
 * Return: a new state; the difference from @actual to it deletes nothing but
 *	what is taken, and source ranges of what is desired.
 */
struct state *state_keep(const struct state *desired,
			 const struct state *actual,
			 const struct state *taken)
{
	struct keeping keeping = {
		.to = state_new(),
		.desired = desired,
		.actual = actual,
		.taken = taken,
	};

	state_each_pool(desired, actual, keep_pool, &keeping);
	state_each_service(desired, actual, keep_service, &keeping);
	return keeping.to;
}
