// SPDX-License-Identifier: GPL-2.0
/* Owns struct state: a copy of all that the kernel has, put in order. */
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

/**
 * state_keep() - copy a string, for as long as the state is there
 * @state: where it is to be
 * @value: the string, or NULL
 *
 * Return: the copy, NULL for NULL or without memory.
 */
const char *state_keep(struct state *state, const char *value)
{
	/* Neighbours have the same pool and owner more often than not. */
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

/**
 * state_put_pool() - append a pool
 * @state: the state
 * @pool: the pool, with strings that the state keeps
 *
 * Those who append have to see to the order, and to call state_index().
 *
 * Return: 0 or -ENOMEM.
 */
int state_put_pool(struct state *state, const struct vsb_pool *pool)
{
	struct state_pool *pools;

	pools = room(state->pools, state->n_pools, sizeof(*pools));
	if (!pools)
		return -ENOMEM;
	state->pools = pools;
	pools[state->n_pools++] = (struct state_pool){ .pool = *pool };

	return 0;
}

static int add_pool(const struct vsb_pool *pool, void *arg)
{
	struct state *state = arg;
	struct vsb_pool copy = *pool;

	copy.name = state_keep(state, pool->name);
	copy.owner = state_keep(state, pool->owner);
	copy.scheduler = state_keep(state, pool->scheduler);
	if (!copy.name || !copy.owner || !copy.scheduler)
		return -ENOMEM;

	return state_put_pool(state, &copy);
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

/** state_put_backend() - append a backend of the pool at a place */
int state_put_backend(struct state *state, size_t pool,
		      const struct vsb_backend *backend)
{
	struct state_backend *backends;

	backends = room(state->backends, state->n_backends, sizeof(*backends));
	if (!backends)
		return -ENOMEM;
	state->backends = backends;
	backends[state->n_backends++] = (struct state_backend){
		.pool = pool,
		.backend = *backend,
	};

	return 0;
}

static int add_backend(const struct vsb_pool *pool,
		       const struct vsb_backend *backend, void *arg)
{
	struct state *state = arg;
	const struct state_pool *found = pool_of(state, pool->name);

	/* Made after the pools were listed: this is going to be done again. */
	if (!found)
		return 0;

	return state_put_backend(state, found - state->pools, backend);
}

/** state_put_service() - append a service, with strings that are kept */
int state_put_service(struct state *state, const struct vsb_service *service)
{
	struct vsb_service *services;

	services = room(state->services, state->n_services, sizeof(*services));
	if (!services)
		return -ENOMEM;
	state->services = services;
	services[state->n_services++] = *service;

	return 0;
}

/**
 * state_keep_service() - copy the strings of a service
 * @state: where they are to be
 * @service: the service, which has the copies then
 *
 * Return: 0 or -ENOMEM.
 */
int state_keep_service(struct state *state, struct vsb_service *service)
{
	const char *label = service->label;
	unsigned int i;

	service->owner = state_keep(state, service->owner);
	service->label = state_keep(state, label);
	for (i = 0; i < service->n_routes; i++) {
		service->routes[i].pool = state_keep(state,
						     service->routes[i].pool);
		if (!service->routes[i].pool)
			return -ENOMEM;
	}

	return service->owner && !service->label == !label ? 0 : -ENOMEM;
}

static int add_service(const struct vsb_service *service, void *arg)
{
	struct state *state = arg;
	struct vsb_service copy = *service;
	char label[LABEL_MAX];

	copy.label = clean_label(label, copy.label);

	return state_keep_service(state, &copy) ?:
	       state_put_service(state, &copy);
}

/** state_route() - where a service sends one kind of source, or NULL */
const struct vsb_route *state_route(const struct vsb_service *service,
				    uint32_t source)
{
	unsigned int i;

	for (i = 0; i < service->n_routes; i++)
		if (service->routes[i].sources & source)
			return &service->routes[i];

	return NULL;
}

/** state_uses() - whether a service sends anything to a pool */
bool state_uses(const struct vsb_service *service, const char *pool)
{
	unsigned int i;

	for (i = 0; i < service->n_routes; i++)
		if (!strcmp(service->routes[i].pool, pool))
			return true;

	return false;
}

/** state_is_first_route() - whether none before it has the same pool */
bool state_is_first_route(const struct vsb_service *service,
			  unsigned int route)
{
	unsigned int i;

	for (i = 0; i < route; i++)
		if (!strcmp(service->routes[i].pool,
			    service->routes[route].pool))
			return false;

	return true;
}

/**
 * state_same_route() - whether two routes lead to the same place
 * @a: a route, whatever its sources
 * @b: another
 */
bool state_same_route(const struct vsb_route *a, const struct vsb_route *b)
{
	return !strcmp(a->pool, b->pool) && a->set == b->set &&
	       a->masquerade == b->masquerade;
}

/**
 * state_join_route() - give a service a route for one more kind of source
 * @service: has none for it, and the kinds that are routed alike joined
 * @source: the kind
 * @to: where it goes
 */
void state_join_route(struct vsb_service *service, uint32_t source,
		      const struct vsb_route *to)
{
	struct vsb_route *route = service->routes;
	struct vsb_route *end = route + service->n_routes;

	while (route < end && !state_same_route(route, to))
		route++;
	if (route == end) {
		*route = *to;
		route->sources = 0;
		service->n_routes++;
	}
	route->sources |= source;
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

/** state_compare_backends() - the order of two backends of one pool */
int state_compare_backends(uint16_t family, const struct vsb_backend *a,
			   const struct vsb_backend *b)
{
	return compare_endpoint(family, &a->addr, a->port, &b->addr, b->port);
}

static int by_backend(const void *a, const void *b, void *arg)
{
	const struct state_backend *x = a, *y = b;
	const struct state *state = arg;

	if (x->pool != y->pool)
		return x->pool < y->pool ? -1 : 1;

	return state_compare_backends(state->pools[x->pool].pool.family,
				      &x->backend, &y->backend);
}

/* As ipvsadm lists them: marks come last, whatever their family. */
static int by_mark(const struct vsb_service *x, const struct vsb_service *y)
{
	if (x->kind != y->kind)
		return x->kind == VSB_KIND_MARK ? 1 : -1;
	if (x->mark != y->mark)
		return x->mark < y->mark ? -1 : 1;

	return (int)x->family - (int)y->family;
}

/** state_compare_services() - the order of two services, by their keys */
int state_compare_services(const struct vsb_service *x,
			   const struct vsb_service *y)
{
	if (x->kind == VSB_KIND_MARK || y->kind == VSB_KIND_MARK)
		return by_mark(x, y);
	if (x->family != y->family)
		return (int)x->family - (int)y->family;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	if (x->protocol != y->protocol)
		return (int)x->protocol - (int)y->protocol;

	return compare_endpoint(x->family, &x->addr, x->port, &y->addr,
				y->port);
}

/** state_same_service() - whether two services have the same key */
bool state_same_service(const struct vsb_service *a,
			const struct vsb_service *b)
{
	return !state_compare_services(a, b);
}

static int by_service(const void *a, const void *b)
{
	return state_compare_services(a, b);
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

/** service_filter() - what of all services has the key of one, and no other */
struct vsb_service service_filter(const struct vsb_service *key)
{
	struct vsb_service filter = {
		.given = VSB_SERVICE_KIND, .kind = key->kind,
		.family = key->family, .protocol = key->protocol,
		.addr = key->addr, .port = key->port, .mark = key->mark,
	};

	if (key->kind == VSB_KIND_VIP)
		filter.given |= VSB_SERVICE_ADDR;
	if (key->kind != VSB_KIND_MARK)
		filter.given |= VSB_SERVICE_PORT;

	return filter;
}

/** state_inactive() - a backend's connections that are not in use */
uint32_t state_inactive(const struct vsb_backend *backend)
{
	/* The two are not counted at one moment. */
	return backend->active < backend->connections ?
		backend->connections - backend->active : 0;
}

/** state_put_range() - append a range of the service at a place */
int state_put_range(struct state *state, size_t service,
		    const struct vsb_cidr *cidr)
{
	struct state_range *ranges;

	ranges = room(state->ranges, state->n_ranges, sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	state->ranges = ranges;
	ranges[state->n_ranges++] = (struct state_range){
		.service = service,
		.cidr = *cidr,
	};

	return 0;
}

static int add_range(const struct vsb_service *service,
		     const struct vsb_cidr *cidr, void *arg)
{
	struct state *state = arg;
	const struct vsb_service *found = state_service(state, service);

	/* Made after that was listed: this is going to be done again. */
	if (!found)
		return 0;

	return state_put_range(state, found - state->services, cidr);
}

/** state_compare_cidrs() - the order of two ranges of one service */
int state_compare_cidrs(const struct vsb_cidr *a, const struct vsb_cidr *b)
{
	return compare_endpoint(a->family, &a->addr, a->prefix_len, &b->addr,
				b->prefix_len);
}

static int by_range(const void *a, const void *b)
{
	const struct state_range *x = a, *y = b;

	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;

	return state_compare_cidrs(&x->cidr, &y->cidr);
}

static int load_ranges(struct vsb *vsb, const struct state_part *part,
		       struct state *state)
{
	struct vsb_service filter = { .family = 0 };
	int err;

	if (part->service)
		filter = service_filter(part->service);
	err = part->pool ? 0 : vsb_ranges_each(vsb, &filter, add_range, state);
	if (!err && state->n_ranges)
		qsort(state->ranges, state->n_ranges, sizeof(*state->ranges),
		      by_range);

	return err;
}

/** state_index() - have pools know where their backends are */
void state_index(struct state *state)
{
	struct state_pool *pool;
	size_t i;

	for (i = state->n_backends; i-- > 0;) {
		pool = &state->pools[state->backends[i].pool];
		pool->first = i;
		pool->n++;
	}
}

static int load_services(struct vsb *vsb, const struct state_part *part,
			 struct state *state)
{
	struct vsb_service filter = { .family = 0 };
	int err;

	if (part->service)
		filter = service_filter(part->service);
	err = part->pool ? 0 :
	      vsb_services_each(vsb, &filter, add_service, state);
	if (!err && state->n_services)
		qsort(state->services, state->n_services,
		      sizeof(*state->services), by_service);

	return err;
}

/* Those that a service has, once each. */
static int load_pools_of(struct vsb *vsb, const struct vsb_service *service,
			 struct state *state)
{
	struct vsb_pool filter = { .name = NULL };
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < service->n_routes; i++) {
		filter.name = service->routes[i].pool;
		if (state_is_first_route(service, i))
			err = vsb_pools_each(vsb, &filter, add_pool, state);
	}

	return err;
}

static int load_pools(struct vsb *vsb, const struct state_part *part,
		      struct state *state)
{
	const struct vsb_pool filter = { .name = part->pool };
	int err = 0;

	if (!part->service)
		err = vsb_pools_each(vsb, &filter, add_pool, state);
	else if (state->n_services)
		err = load_pools_of(vsb, state->services, state);
	if (!err && state->n_pools)
		qsort(state->pools, state->n_pools, sizeof(*state->pools),
		      by_pool_name);

	return err;
}

/* By the pool, but for those of all. */
static int load_backends(struct vsb *vsb, const struct state_part *part,
			 struct state *state)
{
	bool all = !part->pool && !part->service;
	struct vsb_pool filter = { .name = NULL };
	int err = 0;
	size_t i;

	if (all)
		err = vsb_backends_each(vsb, NULL, add_backend, state);
	for (i = 0; !all && !err && i < state->n_pools; i++) {
		filter.name = state->pools[i].pool.name;
		err = vsb_backends_each(vsb, &filter, add_backend, state);
	}
	if (err || !state->n_backends)
		return err;
	qsort_r(state->backends, state->n_backends, sizeof(*state->backends),
		by_backend, state);
	state_index(state);

	return 0;
}

static int load(struct session *session, const struct state_part *part,
		struct state *state, bool whole)
{
	struct vsb *vsb = session->vsb;
	int err;

	err = load_services(vsb, part, state) ?:
	      load_pools(vsb, part, state) ?: load_backends(vsb, part, state);
	if (err || !whole)
		return err;

	return load_ranges(vsb, part, state) ?:
	       vsb_config_get(vsb, &state->config);
}

static int load_once(struct session *session, const struct state_part *part,
		     struct state *state, bool whole)
{
	if (load(session, part, state, whole) ||
	    vsb_info_get(session->vsb, &session->info))
		return session_refused(session, "listing");

	return 0;
}

static const struct state_part all_parts;

/**
 * state_load_loosely() - copy pools, backends and services
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
	return load_once(session, &all_parts, state, false);
}

/**
 * state_load() - copy what the kernel has
 * @session: the session; its info is brought up to date
 * @part: which part of it, or NULL for all
 * @state: to be freed whatever this returns
 * @whole: whether source ranges, of which there may be very many, and settings
 *	are wanted, too; JSON has them always
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int state_load(struct session *session, const struct state_part *part,
	       struct state *state, bool whole)
{
	uint32_t generation;
	int tries;

	for (tries = 0; tries < LOAD_TRIES; tries++) {
		generation = session->info.generation;
		if (load_once(session, part ? part : &all_parts, state,
			      whole || session->options.json))
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
	state->has_clients = true;

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
