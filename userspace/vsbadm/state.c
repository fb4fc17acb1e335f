// SPDX-License-Identifier: GPL-2.0
/* Owns a copy of all that the kernel has, put in order, for listings. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

/* A listing is several dumps, and a commit may come between. */
#define LOAD_TRIES	20

/** struct text - strings, chained to be freed */
struct text {
	struct text *next;
	char value[];
};

/* Neighbours have the same pool and owner more often than not. */
static const char *keep(struct state *state, const char *value)
{
	struct text *text = state->texts;

	if (!value || (text && !strcmp(text->value, value)))
		return value ? text->value : NULL;

	text = malloc(sizeof(*text) + strlen(value) + 1);
	if (!text)
		return NULL;
	strcpy(text->value, value);
	text->next = state->texts;
	state->texts = text;

	return text->value;
}

/* Room for one more, doubling where the number is a power of two. */
static void *room(void *array, size_t n, size_t size)
{
	if (n & (n - 1))
		return array;

	return reallocarray(array, n ? 2 * n : 1, size);
}

static int add_pool(const struct vsb_pool *pool, void *arg)
{
	struct state *state = arg;
	struct state_pool *pools;

	pools = room(state->pools, state->n_pools, sizeof(*pools));
	if (!pools)
		return -ENOMEM;
	state->pools = pools;

	pools[state->n_pools] = (struct state_pool){ .pool = *pool };
	pool = &pools[state->n_pools++].pool;
	pools[state->n_pools - 1].pool.name = keep(state, pool->name);
	pools[state->n_pools - 1].pool.owner = keep(state, pool->owner);
	pools[state->n_pools - 1].pool.scheduler =
		keep(state, pool->scheduler);

	return pool->name && pool->owner && pool->scheduler ? 0 : -ENOMEM;
}

static int by_pool_name(const void *a, const void *b)
{
	return strcmp(((const struct state_pool *)a)->pool.name,
		      ((const struct state_pool *)b)->pool.name);
}

/**
 * state_pool() - find a pool
 * @state: what there is
 * @name: its name
 *
 * Return: the pool, or NULL.
 */
const struct state_pool *state_pool(const struct state *state,
				    const char *name)
{
	const struct state_pool key = { .pool.name = name };

	return state->n_pools ? bsearch(&key, state->pools, state->n_pools,
					sizeof(key), by_pool_name) : NULL;
}

/* Finds the pool of a backend; the last one's, mostly. */
static const struct state_pool *pool_of(const struct state *state,
					const char *name)
{
	const struct state_backend *end = state->backends + state->n_backends;
	const struct state_pool *last;

	if (state->n_backends) {
		last = &state->pools[end[-1].pool];
		if (!strcmp(last->pool.name, name))
			return last;
	}

	return state_pool(state, name);
}

static int add_backend(const struct vsb_pool *pool,
		       const struct vsb_backend *backend, void *arg)
{
	struct state *state = arg;
	const struct state_pool *found = pool_of(state, pool->name);
	struct state_backend *backends;

	/* Made after the pools were listed: this is going to be done again. */
	if (!found)
		return 0;

	backends = room(state->backends, state->n_backends, sizeof(*backends));
	if (!backends)
		return -ENOMEM;
	state->backends = backends;
	backends[state->n_backends++] = (struct state_backend){
		.pool = found - state->pools,
		.backend = *backend,
	};

	return 0;
}

static int add_service(const struct vsb_service *service, void *arg)
{
	struct state *state = arg;
	struct vsb_service *services, *copy;
	unsigned int i;

	services = room(state->services, state->n_services, sizeof(*services));
	if (!services)
		return -ENOMEM;
	state->services = services;

	copy = &services[state->n_services++];
	*copy = *service;
	copy->owner = keep(state, service->owner);
	copy->label = keep(state, service->label);
	for (i = 0; i < service->n_routes; i++) {
		copy->routes[i].pool = keep(state, service->routes[i].pool);
		if (!copy->routes[i].pool)
			return -ENOMEM;
	}

	return copy->owner ? 0 : -ENOMEM;
}

/* All of an address that its family has is at its beginning. */
static int compare_endpoint(uint16_t family, const union vsb_addr *a,
			    uint16_t a_port, const union vsb_addr *b,
			    uint16_t b_port)
{
	int diff;

	diff = memcmp(a, b, family == AF_INET6 ? sizeof(a->in6) :
						 sizeof(a->in4));

	return diff ? diff : (int)a_port - (int)b_port;
}

static int by_backend(const void *a, const void *b, void *arg)
{
	const struct state_backend *x = a, *y = b;
	const struct state *state = arg;

	if (x->pool != y->pool)
		return x->pool < y->pool ? -1 : 1;

	return compare_endpoint(state->pools[x->pool].pool.family,
				&x->backend.addr, x->backend.port,
				&y->backend.addr, y->backend.port);
}

static int by_service(const void *a, const void *b)
{
	const struct vsb_service *x = a, *y = b;

	if (x->family != y->family)
		return (int)x->family - (int)y->family;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	if (x->kind == VSB_KIND_MARK)
		return (x->mark > y->mark) - (x->mark < y->mark);
	if (x->protocol != y->protocol)
		return (int)x->protocol - (int)y->protocol;

	return compare_endpoint(x->family, &x->addr, x->port, &y->addr,
				y->port);
}

/** state_same_service() - whether two services have the same key */
bool state_same_service(const struct vsb_service *a,
			const struct vsb_service *b)
{
	return !by_service(a, b);
}

/**
 * state_service() - find a service
 * @state: what there is
 * @key: has its kind, family, and what else belongs to the key
 *
 * Return: the service, or NULL.
 */
const struct vsb_service *state_service(const struct state *state,
					const struct vsb_service *key)
{
	return state->n_services ? bsearch(key, state->services,
					   state->n_services, sizeof(*key),
					   by_service) : NULL;
}

/**
 * state_outside() - the route that a listing is about
 * @service: the service
 *
 * Return: that of sources outside, or NULL.
 */
const struct vsb_route *state_outside(const struct vsb_service *service)
{
	unsigned int i;

	for (i = 0; i < service->n_routes; i++)
		if (service->routes[i].sources & VSB_SOURCE_OUTSIDE)
			return &service->routes[i];

	return NULL;
}

/** state_inactive() - a backend's connections that are not in use */
uint32_t state_inactive(const struct vsb_backend *backend)
{
	/* The two are not counted at one moment. */
	return backend->active < backend->connections ?
		backend->connections - backend->active : 0;
}

static int add_range(const struct vsb_service *service,
		     const struct vsb_cidr *cidr, void *arg)
{
	struct state *state = arg;
	const struct vsb_service *found = state_service(state, service);
	struct state_range *ranges;

	/* Made after that was listed: this is going to be done again. */
	if (!found)
		return 0;

	ranges = room(state->ranges, state->n_ranges, sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	state->ranges = ranges;
	ranges[state->n_ranges++] = (struct state_range){
		.service = found - state->services,
		.cidr = *cidr,
	};

	return 0;
}

static int by_range(const void *a, const void *b)
{
	const struct state_range *x = a, *y = b;

	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;

	return compare_endpoint(x->cidr.family, &x->cidr.addr,
				x->cidr.prefix_len, &y->cidr.addr,
				y->cidr.prefix_len);
}

static int load_ranges(struct vsb *vsb, struct state *state)
{
	int err;

	err = vsb_ranges_each(vsb, NULL, add_range, state);
	if (!err && state->n_ranges)
		qsort(state->ranges, state->n_ranges, sizeof(*state->ranges),
		      by_range);

	return err;
}

static void sort_backends(struct state *state)
{
	struct state_pool *pool;
	size_t i;

	if (!state->n_backends)
		return;
	qsort_r(state->backends, state->n_backends, sizeof(*state->backends),
		by_backend, state);
	for (i = state->n_backends; i-- > 0;) {
		pool = &state->pools[state->backends[i].pool];
		pool->first = i;
		pool->n++;
	}
}

static int load(struct session *session, struct state *state, bool ranges)
{
	struct vsb *vsb = session->vsb;
	int err;

	err = vsb_pools_each(vsb, NULL, add_pool, state);
	if (err)
		return err;
	if (state->n_pools)
		qsort(state->pools, state->n_pools, sizeof(*state->pools),
		      by_pool_name);
	err = vsb_backends_each(vsb, NULL, add_backend, state);
	if (err)
		return err;
	sort_backends(state);

	err = vsb_services_each(vsb, NULL, add_service, state);
	if (err)
		return err;
	if (state->n_services)
		qsort(state->services, state->n_services,
		      sizeof(*state->services), by_service);

	return ranges ? load_ranges(vsb, state) : 0;
}

static int load_once(struct session *session, struct state *state, bool ranges)
{
	if (load(session, state, ranges) ||
	    vsb_info_get(session->vsb, &session->info))
		return session_refused(session, "listing");

	return 0;
}

/**
 * state_load_loosely() - copy all that the kernel has but for ranges
 * @session: the session; its info is brought up to date
 * @state: to be freed whatever this returns
 *
 * Objects of different kinds may be of different generations, so that much
 * change is no reason to wait.
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int state_load_loosely(struct session *session, struct state *state)
{
	return load_once(session, state, false);
}

/**
 * state_load() - copy all that the kernel has
 * @session: the session; its info is brought up to date
 * @state: to be freed whatever this returns
 * @ranges: whether source ranges are wanted: there may be very many
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int state_load(struct session *session, struct state *state, bool ranges)
{
	uint32_t generation;
	int tries;

	for (tries = 0; tries < LOAD_TRIES; tries++) {
		generation = session->info.generation;
		if (load_once(session, state, ranges))
			return EXIT_REFUSED;
		if (generation == session->info.generation)
			return 0;
		state_free(state);
	}

	return complain(EXIT_REFUSED,
			"the configuration changes too fast to be listed");
}

static struct state_backend *find_backend(struct state *state,
					  const struct state_pool *pool,
					  const union vsb_addr *addr,
					  uint16_t port)
{
	size_t low = pool->first, high = pool->first + pool->n, middle;
	struct state_backend *backend;
	int diff;

	while (low < high) {
		middle = low + (high - low) / 2;
		backend = &state->backends[middle];
		diff = compare_endpoint(pool->pool.family, addr, port,
					&backend->backend.addr,
					backend->backend.port);
		if (!diff)
			return backend;
		if (diff < 0)
			high = middle;
		else
			low = middle + 1;
	}

	return NULL;
}

static int count_client(const struct vsb_affinity *affinity, void *arg)
{
	struct state *state = arg;
	const struct state_pool *pool = state_pool(state, affinity->pool);
	struct state_backend *backend = NULL;

	if (pool)
		backend = find_backend(state, pool, &affinity->addr,
				       affinity->port);
	if (backend)
		backend->clients++;

	return 0;
}

/**
 * state_count_clients() - count the clients that affinity sends to backends
 * @session: the session
 * @state: gets the numbers
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int state_count_clients(struct session *session, struct state *state)
{
	return vsb_affinity_each(session->vsb, NULL, count_client, state) ?
		session_refused(session, "listing") : 0;
}

void state_free(struct state *state)
{
	struct text *text;

	while ((text = state->texts)) {
		state->texts = text->next;
		free(text);
	}
	free(state->pools);
	free(state->backends);
	free(state->services);
	free(state->ranges);
	*state = (struct state){ .pools = NULL };
}
