// SPDX-License-Identifier: GPL-2.0
/*
 * Owns what an owner's state would be, made of changes one by one as the
 * kernel would make them, but without it.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

/**
 * struct draft_backend - a backend of a draft's pool
 * @family: of the pool
 * @backend: as it is to be
 */
struct draft_backend {
	uint16_t family;
	struct vsb_backend backend;
};

/**
 * struct draft_pool - a pool of a draft
 * @pool: as it is to be
 * @backends: tree of its backends
 * @users: routes that lead here
 */
struct draft_pool {
	struct vsb_pool pool;
	void *backends;
	unsigned int users;
};

/**
 * struct draft_service - a service of a draft
 * @service: as it is to be
 * @ranges: tree of its source ranges
 */
struct draft_service {
	struct vsb_service service;
	void *ranges;
};

/**
 * struct draft - what is to be
 * @owner: whose it is
 * @there: what the kernel has, of which others' objects count
 * @state: has the strings, and at the end all of it
 * @pools: tree by name
 * @services: tree by key
 */
struct draft {
	const char *owner;
	const struct state *there;
	struct state *state;
	void *pools, *services;
};

static int no_memory(void)
{
	return complain(EXIT_REFUSED, "out of memory");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct draft_pool *)a)->pool.name,
		      ((const struct draft_pool *)b)->pool.name);
}

static int by_endpoint(const void *a, const void *b)
{
	const struct draft_backend *x = a, *y = b;

	return state_compare_backends(x->family, &x->backend, &y->backend);
}

static int by_key(const void *a, const void *b)
{
	return state_compare_services(&((const struct draft_service *)a)->service,
				      &((const struct draft_service *)b)->service);
}

static int by_cidr(const void *a, const void *b)
{
	return state_compare_cidrs(a, b);
}

static void *find(void *const *tree, const void *key,
		  int (*compare)(const void *a, const void *b))
{
	void **node = tfind(key, tree, compare);

	return node ? *node : NULL;
}

/* Copies an object into a tree that has none like it; NULL without memory. */
static void *put(void **tree, const void *object, size_t size,
		 int (*compare)(const void *a, const void *b))
{
	void *copy = malloc(size);

	if (!copy)
		return NULL;
	memcpy(copy, object, size);
	if (tsearch(copy, tree, compare))
		return copy;
	free(copy);

	return NULL;
}

static void take(void **tree, void *object,
		 int (*compare)(const void *a, const void *b))
{
	tdelete(object, tree, compare);
	free(object);
}

static void free_pool(void *object)
{
	struct draft_pool *pool = object;

	tdestroy(pool->backends, free);
	free(pool);
}

static void free_service(void *object)
{
	struct draft_service *service = object;

	tdestroy(service->ranges, free);
	free(service);
}

/**
 * draft_new() - begin with nothing
 * @owner: whose state it is
 * @there: what the kernel has
 * @state: gets the result; to be freed, behind the draft, whatever happens
 *
 * Return: the draft, or NULL.
 */
struct draft *draft_new(const char *owner, const struct state *there,
			struct state *state)
{
	struct draft *draft = calloc(1, sizeof(*draft));

	if (!draft)
		return NULL;
	draft->owner = owner;
	draft->there = there;
	draft->state = state;

	return draft;
}

static void clear(struct draft *draft)
{
	tdestroy(draft->pools, free_pool);
	tdestroy(draft->services, free_service);
	draft->pools = NULL;
	draft->services = NULL;
}

void draft_free(struct draft *draft)
{
	if (draft)
		clear(draft);
	free(draft);
}

static struct draft_pool *find_pool(const struct draft *draft,
				    const char *name)
{
	const struct draft_pool key = { .pool.name = name };

	return find(&draft->pools, &key, by_name);
}

static struct draft_service *find_service(const struct draft *draft,
					  const struct vsb_service *service)
{
	struct draft_service key = { .service = *service };

	return find(&draft->services, &key, by_key);
}

static bool is_others(const struct draft *draft, const char *owner)
{
	return strcmp(draft->owner, owner);
}

/* ---- pools */

static void set_pool(struct vsb_pool *to, const struct vsb_pool *from)
{
	/* A scheduler comes without flags. */
	if (from->scheduler && strcmp(from->scheduler, to->scheduler))
		to->sched_flags = 0;
	if (from->scheduler)
		to->scheduler = from->scheduler;
	if (from->given & VSB_POOL_SCHED_FLAGS)
		to->sched_flags = from->sched_flags;
	if (from->given & VSB_POOL_TABLE_SIZE)
		to->table_size = from->table_size;
	if (from->given & VSB_POOL_AFFINITY_TIMEOUT)
		to->affinity_timeout = from->affinity_timeout;
	if (from->given & VSB_POOL_AFFINITY_PREFIX_LEN)
		to->affinity_prefix_len = from->affinity_prefix_len;
}

static int add_pool(struct draft *draft, const struct vsb_pool *from)
{
	const struct state_pool *there = state_pool(draft->there, from->name);
	struct draft_pool pool = { .pool = {
		.name = state_keep(draft->state, from->name),
		.owner = draft->owner, .scheduler = "rr",
		.family = from->family, .given = VSB_POOL_TABLE_SIZE,
		.table_size = TABLE_SIZE,
		.affinity_prefix_len = address_bits(from->family),
	} };

	if (!pool.pool.name)
		return no_memory();
	if (find_pool(draft, from->name))
		return bad("pool \"%s\": is there twice", from->name);
	if (there && is_others(draft, there->pool.owner))
		return complain(EXIT_REFUSED,
				"pool \"%s\": exists already, owner %s",
				from->name, there->pool.owner);
	set_pool(&pool.pool, from);

	return put(&draft->pools, &pool, sizeof(pool), by_name) ? 0 :
								  no_memory();
}

static int change_pool(struct draft *draft, const struct change *change)
{
	struct vsb_pool from = change->pool;
	struct draft_pool *pool;

	if (from.scheduler) {
		from.scheduler = state_keep(draft->state, from.scheduler);
		if (!from.scheduler)
			return no_memory();
	}
	if (change->verb == VERB_ADD)
		return add_pool(draft, &from);

	pool = find_pool(draft, from.name);
	if (!pool)
		return bad("pool \"%s\": no such pool", from.name);
	if (change->verb == VERB_CHANGE) {
		set_pool(&pool->pool, &from);
		return 0;
	}
	if (pool->users)
		return bad("pool \"%s\": a service sends connections there",
			   from.name);
	tdelete(pool, &draft->pools, by_name);
	free_pool(pool);

	return 0;
}

/* ---- backends */

static void set_backend(struct vsb_backend *to, const struct vsb_backend *from)
{
	if (from->given & VSB_BACKEND_WEIGHT)
		to->weight = from->weight;
	if (from->given & VSB_BACKEND_STATE)
		to->state = from->state;
	if (from->given & VSB_BACKEND_SETS)
		to->sets = from->sets;
	if (from->given & VSB_BACKEND_UPPER)
		to->upper = from->upper;
	if (from->given & VSB_BACKEND_LOWER)
		to->lower = from->lower;
}

static int check_family(const struct draft_pool *pool,
			const struct change *change)
{
	char address[ENDPOINT_MAX];

	if (pool->pool.family == change->pool.family)
		return 0;

	return bad("backend %s: must be an %s address as pool \"%s\" is of that family",
		   format_endpoint(address, change->pool.family,
				   &change->backend.addr,
				   change->backend.port),
		   family_name(pool->pool.family), pool->pool.name);
}

static int bad_backend(const struct change *change, const char *why)
{
	char address[ENDPOINT_MAX];

	return bad("backend %s of pool \"%s\": %s",
		   format_endpoint(address, change->pool.family,
				   &change->backend.addr,
				   change->backend.port),
		   change->pool.name, why);
}

static int change_backend(struct draft *draft, const struct change *change)
{
	struct draft_pool *pool = find_pool(draft, change->pool.name);
	struct draft_backend key = {
		.family = change->pool.family, .backend = {
			.addr = change->backend.addr,
			.port = change->backend.port,
			.weight = 1, .sets = 1,
		},
	}, *backend;

	if (!pool)
		return bad("pool \"%s\": no such pool", change->pool.name);
	if (check_family(pool, change))
		return EXIT_SYNTAX;

	backend = find(&pool->backends, &key, by_endpoint);
	if (backend && change->verb == VERB_ADD)
		return bad_backend(change, "is there twice");
	if (!backend && change->verb != VERB_ADD)
		return bad_backend(change, "no such backend");
	if (change->verb == VERB_DEL) {
		take(&pool->backends, backend, by_endpoint);
		return 0;
	}
	if (!backend)
		backend = put(&pool->backends, &key, sizeof(key), by_endpoint);
	if (!backend)
		return no_memory();
	set_backend(&backend->backend, &change->backend);

	return backend->backend.lower > backend->backend.upper ?
		bad_backend(change, "lower is more than upper") : 0;
}

/* ---- services */

/**
 * draft_check_pool() - whether a service may send connections to a pool
 * @draft: where the pool has to be, unless it is another owner's
 * @family: the service's
 * @name: the pool's
 *
 * Return: 0 or EXIT_SYNTAX, after complaining.
 */
int draft_check_pool(const struct draft *draft, uint16_t family,
		     const char *name)
{
	const struct draft_pool *own = find_pool(draft, name);
	const struct state_pool *there = state_pool(draft->there, name);
	const struct vsb_pool *pool = NULL;

	if (own)
		pool = &own->pool;
	else if (there && is_others(draft, there->pool.owner))
		pool = &there->pool;

	if (!pool)
		return bad("pool \"%s\": no such pool", name);
	if (pool->family != family)
		return bad("pool \"%s\": is of %s, the service of %s", name,
			   family_name(pool->family), family_name(family));

	return 0;
}

static int check_routes(const struct draft *draft,
			const struct vsb_service *service)
{
	unsigned int i;
	int status = 0;

	for (i = 0; !status && i < service->n_routes; i++)
		status = draft_check_pool(draft, service->family,
					  service->routes[i].pool);

	return status;
}

static void count_users(struct draft *draft, const struct vsb_service *service,
			int by)
{
	struct draft_pool *pool;
	unsigned int i;

	for (i = 0; i < service->n_routes; i++) {
		pool = find_pool(draft, service->routes[i].pool);
		if (pool)
			pool->users += by;
	}
}

/* Each kind of source goes where @from says, or else as before. */
static void set_routes(struct vsb_service *to, const struct vsb_service *from)
{
	const struct vsb_service before = *to;
	const struct vsb_route *route;
	uint32_t source;

	to->n_routes = 0;
	for (source = 1; source & VSB_SOURCES_ALL; source <<= 1) {
		route = state_route(from, source) ?:
			state_route(&before, source);
		if (route)
			state_join_route(to, source, route);
	}
}

static int set_service(struct draft *draft, struct vsb_service *to,
		       const struct vsb_service *from)
{
	if (check_routes(draft, from))
		return EXIT_SYNTAX;

	count_users(draft, to, -1);
	set_routes(to, from);
	count_users(draft, to, 1);
	if (from->label)
		to->label = *from->label ? from->label : NULL;
	if (from->given & VSB_SERVICE_ELSEWHERE)
		to->elsewhere = from->elsewhere;
	if (from->given & VSB_SERVICE_FLAGS)
		to->flags = from->flags;

	return state_keep_service(draft->state, to) ? no_memory() : 0;
}

static int add_service(struct draft *draft, const struct vsb_service *from)
{
	const struct vsb_service *there = state_service(draft->there, from);
	struct draft_service service = { .service = {
		.kind = from->kind, .family = from->family,
		.protocol = from->protocol, .addr = from->addr,
		.port = from->port, .mark = from->mark, .owner = draft->owner,
	} };
	char name[SERVICE_MAX];
	int status;

	if (find_service(draft, from))
		return bad("service %s: is there twice",
			   format_service(name, from));
	if (there && is_others(draft, there->owner))
		return complain(EXIT_REFUSED,
				"service %s: exists already, owner %s",
				format_service(name, from), there->owner);
	status = set_service(draft, &service.service, from);
	if (status)
		return status;

	return put(&draft->services, &service, sizeof(service), by_key) ? 0 :
		no_memory();
}

static int no_service(const struct vsb_service *service)
{
	char name[SERVICE_MAX];

	return bad("service %s: no such service",
		   format_service(name, service));
}

static int change_service(struct draft *draft, const struct change *change)
{
	struct draft_service *service;

	if (change->verb == VERB_ADD)
		return add_service(draft, &change->service);

	service = find_service(draft, &change->service);
	if (!service)
		return no_service(&change->service);
	if (change->verb == VERB_CHANGE)
		return set_service(draft, &service->service, &change->service);

	count_users(draft, &service->service, -1);
	tdelete(service, &draft->services, by_key);
	free_service(service);

	return 0;
}

/* A service comes behind its pool and goes before it. */
static int change_virtual(struct draft *draft, const struct change *change)
{
	switch (change->verb) {
	case VERB_ADD:
		return change_pool(draft, change) ?:
		       change_service(draft, change);
	case VERB_CHANGE:
		return change_pool(draft, change);
	default:
		return change_service(draft, change) ?:
		       change_pool(draft, change);
	}
}

/* ---- source ranges */

/* The kernel has no bits behind a prefix. */
static void mask(struct vsb_cidr *cidr)
{
	uint32_t bits = cidr->prefix_len, i;
	uint8_t *bytes = (uint8_t *)&cidr->addr;

	for (i = 0; i < address_bits(cidr->family) / 8; i++)
		bytes[i] &= bits >= 8 * (i + 1) ? 0xff :
			    bits <= 8 * i ? 0 : 0xff << (8 * (i + 1) - bits);
}

static int change_range(struct draft_service *service, enum verb verb,
			const struct vsb_cidr *cidr)
{
	char name[SERVICE_MAX], text[ENDPOINT_MAX];
	struct vsb_cidr key = *cidr, *found;

	mask(&key);
	found = find(&service->ranges, &key, by_cidr);
	if (!found == (verb == VERB_ADD)) {
		if (found)
			take(&service->ranges, found, by_cidr);
		else if (!put(&service->ranges, &key, sizeof(key), by_cidr))
			return no_memory();
		return 0;
	}

	return bad("range %s of service %s: %s", format_cidr(text, &key),
		   format_service(name, &service->service),
		   found ? "is there twice" : "no such range");
}

static int change_ranges(struct draft *draft, const struct change *change)
{
	struct draft_service *service = find_service(draft, &change->service);
	int status = 0;
	size_t i;

	if (!service)
		return no_service(&change->service);
	for (i = 0; !status && i < change->n_ranges; i++)
		status = change_range(service, change->verb,
				      &change->ranges[i]);

	return status;
}

/* ---- settings */

static void mask_list(struct vsb_cidr_list *list)
{
	unsigned int i;

	for (i = 0; i < list->n; i++)
		mask(&list->cidrs[i]);
}

static void set_lists(struct vsb_config *to, const struct vsb_config *from)
{
	if (from->given & VSB_CONFIG_POD_CIDRS)
		to->pod_cidrs = from->pod_cidrs;
	if (from->given & VSB_CONFIG_SERVICE_CIDRS)
		to->service_cidrs = from->service_cidrs;
	if (from->given & VSB_CONFIG_NODE_PORT_CIDRS)
		to->node_port_cidrs = from->node_port_cidrs;
	if (from->given & VSB_CONFIG_POD_DEVICES) {
		memcpy(to->pod_devices, from->pod_devices,
		       sizeof(to->pod_devices));
		to->n_pod_devices = from->n_pod_devices;
	}
	mask_list(&to->pod_cidrs);
	mask_list(&to->service_cidrs);
	mask_list(&to->node_port_cidrs);
}

static void set_config(struct vsb_config *to, const struct vsb_config *from)
{
	if (from->given & VSB_CONFIG_ACCOUNTING)
		to->accounting = from->accounting;
	if (from->given & VSB_CONFIG_FINISHED_MAX)
		to->finished_max = from->finished_max;
	if (from->given & VSB_CONFIG_MASQUERADE_ALL)
		to->masquerade_all = from->masquerade_all;
	if (from->given & VSB_CONFIG_REJECT_RATE)
		to->reject_rate = from->reject_rate;
	if (from->given & VSB_CONFIG_MAX_POOLS)
		to->max_pools = from->max_pools;
	if (from->given & VSB_CONFIG_MAX_SERVICES)
		to->max_services = from->max_services;
	if (from->given & VSB_CONFIG_MAX_BACKENDS)
		to->max_backends = from->max_backends;
	if (from->given & VSB_CONFIG_AFFINITY_MAX)
		to->affinity_max = from->affinity_max;
	if (from->given & VSB_CONFIG_TABLE_BYTES_MAX)
		to->table_bytes_max = from->table_bytes_max;
	if (from->given & VSB_CONFIG_TIMEOUT_TCP)
		to->timeout_tcp = from->timeout_tcp;
	if (from->given & VSB_CONFIG_TIMEOUT_TCP_FIN)
		to->timeout_tcp_fin = from->timeout_tcp_fin;
	if (from->given & VSB_CONFIG_TIMEOUT_UDP)
		to->timeout_udp = from->timeout_udp;
	set_lists(to, from);
	to->given |= from->given;
}

/**
 * draft_change() - make a change
 * @draft: what is to be so far
 * @change: the change
 *
 * Return: 0 or an exit code, after complaining; then the draft may have half
 *	of it.
 */
int draft_change(struct draft *draft, const struct change *change)
{
	switch (change->noun) {
	case NOUN_POOL:
		return change_pool(draft, change);
	case NOUN_BACKEND:
	case NOUN_REAL:
		return change_backend(draft, change);
	case NOUN_SERVICE:
		return change_service(draft, change);
	case NOUN_VIRTUAL:
		return change_virtual(draft, change);
	case NOUN_RANGE:
		return change_ranges(draft, change);
	case NOUN_CONFIG:
		set_config(&draft->state->config, &change->config);
		return 0;
	default:
		clear(draft);
		return 0;
	}
}

/* ---- the result */

/**
 * struct walk - a draft on its way to a state
 * @state: where to
 * @err: 0 or -ENOMEM
 */
struct walk {
	struct state *state;
	int err;
};

static bool comes_now(VISIT visit)
{
	return visit == postorder || visit == leaf;
}

static void finish_backend(const void *node, VISIT visit, void *arg)
{
	const struct draft_backend *backend = *(void *const *)node;
	struct walk *walk = arg;

	if (comes_now(visit) && !walk->err)
		walk->err = state_put_backend(walk->state,
					      walk->state->n_pools - 1,
					      &backend->backend);
}

static void finish_pool(const void *node, VISIT visit, void *arg)
{
	const struct draft_pool *pool = *(void *const *)node;
	struct walk *walk = arg;

	if (!comes_now(visit) || walk->err)
		return;
	walk->err = state_put_pool(walk->state, &pool->pool);
	if (!walk->err)
		twalk_r(pool->backends, finish_backend, walk);
}

static void finish_range(const void *node, VISIT visit, void *arg)
{
	const struct vsb_cidr *cidr = *(void *const *)node;
	struct walk *walk = arg;

	if (comes_now(visit) && !walk->err)
		walk->err = state_put_range(walk->state,
					    walk->state->n_services - 1, cidr);
}

static void finish_service(const void *node, VISIT visit, void *arg)
{
	const struct draft_service *service = *(void *const *)node;
	struct walk *walk = arg;

	if (!comes_now(visit) || walk->err)
		return;
	walk->err = state_put_service(walk->state, &service->service);
	if (!walk->err)
		twalk_r(service->ranges, finish_range, walk);
}

/**
 * draft_finish() - put all that is to be into the draft's state
 * @draft: the draft
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int draft_finish(struct draft *draft)
{
	struct walk walk = { .state = draft->state };

	twalk_r(draft->pools, finish_pool, &walk);
	twalk_r(draft->services, finish_service, &walk);
	state_index(draft->state);

	return walk.err ? no_memory() : 0;
}
