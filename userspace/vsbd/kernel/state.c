// SPDX-License-Identifier: GPL-2.0
/* Owns how pools, backends and services are held, ordered and compared. */

#include <string.h>

#include "base/ip.h"
#include "kernel/state.h"

struct state *state_new(void)
{
	return mem_array(1, sizeof(struct state));
}

void state_free(struct state *state)
{
	if (!state)
		return;
	arena_free(&state->arena);
	free(state->pools);
	free(state->backends);
	free(state->services);
	free(state);
}

void state_free_variable(struct state **state)
{
	state_free(*state);
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
 * @service: copied with its strings
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
	copy->label = arena_strdup(&state->arena, service->label);
	copy_routes(&state->arena, copy->routes);
	return copy;
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
}

/** state_find_pool() - find a pool of a sorted state by name, or NULL */
const struct pool *state_find_pool(const struct state *state,
				   const char *name)
{
	const struct pool key = { .name = name };

	return state->n_pools ? bsearch(&key, state->pools, state->n_pools,
					sizeof(key), by_pool) : NULL;
}

/** state_backends() - the backends of a pool, pool->n of them */
const struct backend *state_backends(const struct state *state,
				     const struct pool *pool)
{
	return pool->n ? state->backends + pool->first : NULL;
}

/* Whether they have the same settings; their backends are compared apart. */
bool state_same_pool(const struct pool *a, const struct pool *b)
{
	return !strcmp(a->scheduler, b->scheduler) &&
	       a->affinity_timeout == b->affinity_timeout;
}

bool state_same_backend(const struct backend *a, const struct backend *b)
{
	return !state_compare_backends(a, b) && a->weight == b->weight &&
	       a->state == b->state && a->sets == b->sets;
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

static void copy_pool(struct state *to, const struct state *from,
		      const struct pool *pool)
{
	const struct backend *backends = state_backends(from, pool);
	struct pool *copy = state_add_pool(to, pool->name, pool->family,
					   pool->scheduler);

	copy->affinity_timeout = pool->affinity_timeout;
	for (size_t i = 0; i < pool->n; i++)
		state_add_backend(to, copy, &backends[i]);
}

/* The backends of both, where both have one as @desired has it. */
static void join_pools(struct state *to, const struct state *desired,
		       const struct pool *pool, const struct state *actual,
		       const struct pool *other)
{
	const struct backend *a = state_backends(desired, pool);
	const struct backend *b = state_backends(actual, other);
	struct pool *both = state_add_pool(to, pool->name, pool->family,
					   pool->scheduler);
	size_t i = 0, j = 0;
	int order;

	both->affinity_timeout = pool->affinity_timeout;
	while (i < pool->n || j < other->n) {
		order = i == pool->n ? 1 : j == other->n ? -1 :
			state_compare_backends(&a[i], &b[j]);
		state_add_backend(to, both, order <= 0 ? &a[i] : &b[j]);
		i += order <= 0;
		j += order >= 0;
	}
}

static void keep_pools(struct state *to, const struct state *desired,
		       const struct state *actual)
{
	const struct pool *a = desired->pools, *a_end = a + desired->n_pools;
	const struct pool *b = actual->pools, *b_end = b + actual->n_pools;
	int order;

	while (a < a_end || b < b_end) {
		order = a == a_end ? 1 : b == b_end ? -1 :
			state_compare_pools(a, b);
		if (order > 0)
			copy_pool(to, actual, b);
		else if (!order && a->family == b->family)
			join_pools(to, desired, a, actual, b);
		else
			copy_pool(to, desired, a);
		a += order <= 0;
		b += order >= 0;
	}
}

/* A pool may have been replaced by one of the other family. */
static bool pools_fit(const struct state *state, const struct service *service)
{
	const struct pool *pool;

	for (int i = 0; i < STATE_SOURCES; i++) {
		pool = state_find_pool(state, service->routes[i].pool);
		if (!pool || pool->family != service->family)
			return false;
	}
	return true;
}

static void keep_services(struct state *to, const struct state *desired,
			  const struct state *actual)
{
	const struct service *a = desired->services;
	const struct service *a_end = a + desired->n_services;
	const struct service *b = actual->services;
	const struct service *b_end = b + actual->n_services;
	int order;

	while (a < a_end || b < b_end) {
		order = a == a_end ? 1 : b == b_end ? -1 :
			state_compare_services(a, b);
		if (order <= 0)
			state_add_service(to, a);
		else if (pools_fit(to, b))
			state_add_service(to, b);
		a += order <= 0;
		b += order >= 0;
	}
}

/**
 * state_keep() - what is desired, and what else there is
 * @desired: wins where both have an object
 * @actual: the other
 *
 * Return: a new state; the difference from @actual to it deletes nothing.
 */
struct state *state_keep(const struct state *desired,
			 const struct state *actual)
{
	struct state *both = state_new();

	keep_pools(both, desired, actual);
	keep_services(both, desired, actual);
	return both;
}
