// SPDX-License-Identifier: GPL-2.0
/*
 * Owns what has to change to make an owner's state another one, in an order
 * that the kernel takes. It asks nobody and keeps nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

/**
 * struct work - what the steps of a comparison share
 * @desired: what is to be
 * @actual: what is
 * @owner: whose objects of @actual count; all of @desired are
 * @each: called for each change
 * @arg: handed to @each
 * @remade: for each service of @actual, whether it is taken away and made
 *	again; NULL where none is
 *
 * A pool can't change its family. One that has the name of a desired pool of
 * the other family is taken away first, and before it the services that use
 * it, wherever they go afterwards.
 */
struct work {
	const struct state *desired, *actual;
	const char *owner;
	int (*each)(struct change *change, void *arg);
	void *arg;
	bool *remade;
};

static int emit(struct work *work, struct change *change)
{
	return work->each(change, work->arg);
}

static int no_memory(void)
{
	return complain(EXIT_REFUSED, "out of memory");
}

/*
 * Which of two that are next in order comes: less than 0 the new one, more
 * than 0 the old one, 0 both.
 */
static int turn(bool new, bool old, int order)
{
	return !new ? 1 : !old ? -1 : order;
}

/* Calls @step for every name that a pool of ours has in either state. */
static int each_pool(struct work *work,
		     int (*step)(struct work *work,
				 const struct state_pool *new,
				 const struct state_pool *old))
{
	const struct state_pool *a = work->desired->pools;
	const struct state_pool *a_end = a + work->desired->n_pools;
	const struct state_pool *b = work->actual->pools;
	const struct state_pool *b_end = b + work->actual->n_pools;
	int order, status = 0;

	while (!status && (a < a_end || b < b_end)) {
		if (b < b_end && strcmp(b->pool.owner, work->owner)) {
			b++;
			continue;
		}
		order = turn(a < a_end, b < b_end, a < a_end && b < b_end ?
			     strcmp(a->pool.name, b->pool.name) : 0);
		status = step(work, order <= 0 ? a : NULL,
			      order >= 0 ? b : NULL);
		a += order <= 0;
		b += order >= 0;
	}

	return status;
}

/* Calls @step for every key that a service of ours has in either state. */
static int each_service(struct work *work,
			int (*step)(struct work *work,
				    const struct vsb_service *new,
				    const struct vsb_service *old))
{
	const struct vsb_service *a = work->desired->services;
	const struct vsb_service *a_end = a + work->desired->n_services;
	const struct vsb_service *b = work->actual->services;
	const struct vsb_service *b_end = b + work->actual->n_services;
	int order, status = 0;

	while (!status && (a < a_end || b < b_end)) {
		if (b < b_end && strcmp(b->owner, work->owner)) {
			b++;
			continue;
		}
		order = turn(a < a_end, b < b_end, a < a_end && b < b_end ?
			     state_compare_services(a, b) : 0);
		status = step(work, order <= 0 ? a : NULL,
			      order >= 0 ? b : NULL);
		a += order <= 0;
		b += order >= 0;
	}

	return status;
}

/* ---- what can't be changed, but be made again */

static bool is_replaced(const struct state_pool *new,
			const struct state_pool *old)
{
	return new && old && new->pool.family != old->pool.family;
}

static int mark_users(struct work *work, const struct state_pool *new,
		      const struct state_pool *old)
{
	const struct state *actual = work->actual;
	size_t i;

	if (!is_replaced(new, old))
		return 0;
	if (!work->remade)
		work->remade = calloc(actual->n_services + 1,
				      sizeof(*work->remade));
	if (!work->remade)
		return no_memory();
	for (i = 0; i < actual->n_services; i++)
		if (state_uses(&actual->services[i], old->pool.name))
			work->remade[i] = true;

	return 0;
}

static bool is_remade(const struct work *work, const struct vsb_service *old)
{
	return old && work->remade &&
	       work->remade[old - work->actual->services];
}

/* ---- pools and their backends */

static int del_pool(struct work *work, const struct state_pool *old)
{
	struct change change = {
		.noun = NOUN_POOL, .verb = VERB_DEL,
		.pool = { .name = old->pool.name },
	};

	return emit(work, &change);
}

static int del_replaced_pool(struct work *work, const struct state_pool *new,
			     const struct state_pool *old)
{
	return is_replaced(new, old) ? del_pool(work, old) : 0;
}

static int del_old_pool(struct work *work, const struct state_pool *new,
			const struct state_pool *old)
{
	return new ? 0 : del_pool(work, old);
}

static int add_pool(struct work *work, const struct vsb_pool *pool)
{
	struct change change = add_of_pool(pool);

	return emit(work, &change);
}

static int change_pool(struct work *work, const struct vsb_pool *new,
		       const struct vsb_pool *old)
{
	bool other = strcmp(new->scheduler, old->scheduler);
	struct change change = {
		.noun = NOUN_POOL, .verb = VERB_CHANGE, .pool = *new,
	};
	uint32_t *given = &change.pool.given;

	*given = 0;
	if (!other)
		change.pool.scheduler = NULL;
	/* A scheduler comes without flags. */
	if (new->sched_flags != (other ? 0 : old->sched_flags))
		*given |= VSB_POOL_SCHED_FLAGS;
	if (new->table_size != old->table_size)
		*given |= VSB_POOL_TABLE_SIZE;
	if (new->affinity_timeout != old->affinity_timeout)
		*given |= VSB_POOL_AFFINITY_TIMEOUT;
	if (new->affinity_prefix_len != old->affinity_prefix_len)
		*given |= VSB_POOL_AFFINITY_PREFIX_LEN;

	return other || *given ? emit(work, &change) : 0;
}

static int del_old_backend(struct work *work, const struct vsb_pool *pool,
			   const struct vsb_backend *new,
			   const struct vsb_backend *old)
{
	struct change change = {
		.noun = NOUN_BACKEND, .verb = VERB_DEL, .pool = *pool,
	};

	if (new)
		return 0;
	change.backend = *old;
	change.backend.given = 0;

	return emit(work, &change);
}

static int add_backend(struct work *work, const struct vsb_pool *pool,
		       const struct vsb_backend *new)
{
	struct change change = add_of_backend(pool, new);

	return emit(work, &change);
}

static uint32_t backend_changes(const struct vsb_backend *a,
				const struct vsb_backend *b)
{
	return (a->weight != b->weight ? VSB_BACKEND_WEIGHT : 0) |
	       (a->state != b->state ? VSB_BACKEND_STATE : 0) |
	       (a->sets != b->sets ? VSB_BACKEND_SETS : 0) |
	       (a->upper != b->upper ? VSB_BACKEND_UPPER : 0) |
	       (a->lower != b->lower ? VSB_BACKEND_LOWER : 0);
}

static int change_backend(struct work *work, const struct vsb_pool *pool,
			  const struct vsb_backend *new,
			  const struct vsb_backend *old)
{
	uint32_t given = backend_changes(new, old);
	struct change change;

	if (!given)
		return 0;
	change = (struct change){
		.noun = NOUN_BACKEND, .verb = VERB_CHANGE, .pool = *pool,
		.backend = *new,
	};
	change.backend.given = given;

	return emit(work, &change);
}

static int make_backend(struct work *work, const struct vsb_pool *pool,
			const struct vsb_backend *new,
			const struct vsb_backend *old)
{
	return !new ? 0 : old ? change_backend(work, pool, new, old) :
				add_backend(work, pool, new);
}

/* Calls @step for every key that a backend of a pool has in either state. */
static int each_backend(struct work *work, const struct state_pool *new,
			const struct state_pool *old,
			int (*step)(struct work *work,
				    const struct vsb_pool *pool,
				    const struct vsb_backend *new,
				    const struct vsb_backend *old))
{
	const struct state_backend *a = work->desired->backends + new->first;
	const struct state_backend *b = NULL, *a_end = a + new->n;
	const struct state_backend *b_end = NULL;
	const struct vsb_pool *pool = &new->pool;
	int order, status = 0;

	if (old) {
		b = work->actual->backends + old->first;
		b_end = b + old->n;
	}
	while (!status && (a < a_end || b < b_end)) {
		order = turn(a < a_end, b < b_end, a < a_end && b < b_end ?
			     state_compare_backends(pool->family, &a->backend,
						    &b->backend) : 0);
		status = step(work, pool, order <= 0 ? &a->backend : NULL,
			      order >= 0 ? &b->backend : NULL);
		a += order <= 0;
		b += order >= 0;
	}

	return status;
}

static int del_old_backends(struct work *work, const struct state_pool *new,
			    const struct state_pool *old)
{
	return new && old && !is_replaced(new, old) ?
		each_backend(work, new, old, del_old_backend) : 0;
}

static int make_pool(struct work *work, const struct state_pool *new,
		     const struct state_pool *old)
{
	if (!new)
		return 0;
	if (is_replaced(new, old))
		old = NULL;

	return (old ? change_pool(work, &new->pool, &old->pool) :
		      add_pool(work, &new->pool)) ?:
	       each_backend(work, new, old, make_backend);
}

/* ---- services and their ranges */

static int del_service(struct work *work, const struct vsb_service *new,
		       const struct vsb_service *old)
{
	struct change change = { .noun = NOUN_SERVICE, .verb = VERB_DEL };

	if (!old || (new && !is_remade(work, old)))
		return 0;
	change.service = *old;
	change.service.label = NULL;
	change.service.n_routes = 0;
	change.service.given = 0;

	return emit(work, &change);
}

static int emit_ranges(struct work *work, enum verb verb,
		       const struct vsb_service *service,
		       struct vsb_cidr *ranges, size_t n)
{
	struct change change = {
		.noun = NOUN_RANGE, .verb = verb, .service = *service,
		.ranges = ranges, .n_ranges = n,
	};

	return n ? emit(work, &change) : 0;
}

/**
 * struct span - the ranges of one service in its state
 * @ranges: these
 * @n: how many
 */
struct span {
	const struct state_range *ranges;
	size_t n;
};

static int by_service(const void *a, const void *b)
{
	size_t x = ((const struct state_range *)a)->service;
	size_t y = ((const struct state_range *)b)->service;

	return (x > y) - (x < y);
}

static struct span span_of(const struct state *state,
			   const struct vsb_service *service)
{
	const struct state_range key = {
		.service = service ? service - state->services : 0,
	};
	const struct state_range *end = state->ranges + state->n_ranges;
	const struct state_range *first = NULL, *last;

	if (service && state->n_ranges)
		first = bsearch(&key, state->ranges, state->n_ranges,
				sizeof(key), by_service);
	if (!first)
		return (struct span){ .n = 0 };
	last = first;
	while (first > state->ranges && first[-1].service == key.service)
		first--;
	while (last < end && last->service == key.service)
		last++;

	return (struct span){ first, last - first };
}

/* Those of @a that @b has not; both are in order. */
static size_t without(struct vsb_cidr *to, struct span a, struct span b)
{
	size_t i, j = 0, n = 0;
	int order;

	for (i = 0; i < a.n; i++) {
		order = -1;
		while (j < b.n &&
		       (order = state_compare_cidrs(&a.ranges[i].cidr,
						    &b.ranges[j].cidr)) > 0)
			j++;
		if (j == b.n || order)
			to[n++] = a.ranges[i].cidr;
	}

	return n;
}

static int diff_ranges(struct work *work, const struct vsb_service *new,
		       const struct vsb_service *old)
{
	struct span a = span_of(work->desired, new);
	struct span b = span_of(work->actual, old);
	struct vsb_cidr *ranges;
	int status;

	ranges = calloc(a.n + b.n + 1, sizeof(*ranges));
	if (!ranges)
		return no_memory();
	status = emit_ranges(work, VERB_DEL, new, ranges,
			     without(ranges, b, a)) ?:
		 emit_ranges(work, VERB_ADD, new, ranges,
			     without(ranges, a, b));
	free(ranges);

	return status;
}

/* Leaves what is routed alike to what it is. */
static void route_changes(struct vsb_service *to,
			  const struct vsb_service *new,
			  const struct vsb_service *old)
{
	const struct vsb_route *a, *b;
	uint32_t source;

	to->n_routes = 0;
	for (source = 1; source & VSB_SOURCES_ALL; source <<= 1) {
		a = state_route(new, source);
		b = state_route(old, source);
		if (a && (!b || !state_same_route(a, b)))
			state_join_route(to, source, a);
	}
}

static int change_service(struct work *work, const struct vsb_service *new,
			  const struct vsb_service *old)
{
	const char *label = new->label ?: "";
	struct change change = {
		.noun = NOUN_SERVICE, .verb = VERB_CHANGE, .service = *new,
	};
	struct vsb_service *to = &change.service;

	to->given = 0;
	to->label = strcmp(label, old->label ?: "") ? label : NULL;
	if (new->elsewhere != old->elsewhere)
		to->given |= VSB_SERVICE_ELSEWHERE;
	if (new->flags != old->flags)
		to->given |= VSB_SERVICE_FLAGS;
	route_changes(to, new, old);

	return to->label || to->given || to->n_routes ? emit(work, &change) :
							0;
}

static int set_service(struct work *work, const struct vsb_service *new,
		       const struct vsb_service *old)
{
	if (!new || !old || is_remade(work, old))
		return 0;

	/* A service that gets restricted has its ranges by then. */
	return diff_ranges(work, new, old) ?: change_service(work, new, old);
}

static int add_service(struct work *work, const struct vsb_service *new,
		       const struct vsb_service *old)
{
	struct change change;

	if (!new || (old && !is_remade(work, old)))
		return 0;
	change = add_of_service(new);

	return emit(work, &change) ?: diff_ranges(work, new, NULL);
}

/* ---- settings */

static bool has_cidr(const struct vsb_cidr_list *list,
		     const struct vsb_cidr *cidr)
{
	unsigned int i;

	for (i = 0; i < list->n; i++)
		if (list->cidrs[i].family == cidr->family &&
		    !state_compare_cidrs(&list->cidrs[i], cidr))
			return true;

	return false;
}

static bool covers(const struct vsb_cidr_list *a,
		   const struct vsb_cidr_list *b)
{
	unsigned int i;

	for (i = 0; i < b->n; i++)
		if (!has_cidr(a, &b->cidrs[i]))
			return false;

	return true;
}

static bool same_cidrs(const struct vsb_cidr_list *a,
		       const struct vsb_cidr_list *b)
{
	return covers(a, b) && covers(b, a);
}

static bool same_devices(const struct vsb_config *a, const struct vsb_config *b)
{
	unsigned int i;

	if (a->n_pod_devices != b->n_pod_devices)
		return false;
	for (i = 0; i < a->n_pod_devices; i++)
		if (strcmp(a->pod_devices[i], b->pod_devices[i]))
			return false;

	return true;
}

/* Limits that come to be lower, or with @raised higher. */
static uint32_t limit_changes(const struct vsb_config *new,
			      const struct vsb_config *old, bool raised)
{
	const struct {
		uint32_t given, new, old;
	} limits[] = {
		{ VSB_CONFIG_MAX_POOLS, new->max_pools, old->max_pools },
		{ VSB_CONFIG_MAX_SERVICES, new->max_services,
		  old->max_services },
		{ VSB_CONFIG_MAX_BACKENDS, new->max_backends,
		  old->max_backends },
		{ VSB_CONFIG_TABLE_BYTES_MAX, new->table_bytes_max,
		  old->table_bytes_max },
	};
	uint32_t given = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(limits); i++)
		if (raised ? limits[i].new > limits[i].old :
			     limits[i].new < limits[i].old)
			given |= limits[i].given;

	return given;
}

static uint32_t other_changes(const struct vsb_config *a,
			      const struct vsb_config *b)
{
	return (a->accounting != b->accounting ? VSB_CONFIG_ACCOUNTING : 0) |
	       (a->timeout_tcp != b->timeout_tcp ?
		VSB_CONFIG_TIMEOUT_TCP : 0) |
	       (a->timeout_tcp_fin != b->timeout_tcp_fin ?
		VSB_CONFIG_TIMEOUT_TCP_FIN : 0) |
	       (a->timeout_udp != b->timeout_udp ?
		VSB_CONFIG_TIMEOUT_UDP : 0) |
	       (a->finished_max != b->finished_max ?
		VSB_CONFIG_FINISHED_MAX : 0) |
	       (a->masquerade_all != b->masquerade_all ?
		VSB_CONFIG_MASQUERADE_ALL : 0) |
	       (!same_cidrs(&a->pod_cidrs, &b->pod_cidrs) ?
		VSB_CONFIG_POD_CIDRS : 0) |
	       (!same_devices(a, b) ? VSB_CONFIG_POD_DEVICES : 0) |
	       (!same_cidrs(&a->service_cidrs, &b->service_cidrs) ?
		VSB_CONFIG_SERVICE_CIDRS : 0) |
	       (!same_cidrs(&a->node_port_cidrs, &b->node_port_cidrs) ?
		VSB_CONFIG_NODE_PORT_CIDRS : 0) |
	       (a->reject_rate != b->reject_rate ?
		VSB_CONFIG_REJECT_RATE : 0) |
	       (a->affinity_max != b->affinity_max ?
		VSB_CONFIG_AFFINITY_MAX : 0);
}

static int set_config(struct work *work, uint32_t given)
{
	struct change change = { .noun = NOUN_CONFIG, .verb = VERB_CHANGE };

	given &= work->desired->config.given;
	if (!given)
		return 0;
	change.config = work->desired->config;
	change.config.given = given;

	return emit(work, &change);
}

/**
 * diff_state() - say what makes one state the other
 * @desired: what is to be, of one owner; settings where they are given
 * @actual: what is, of all owners
 * @owner: the owner
 * @each: called for each change in order: of a pool, a backend, a service,
 *	ranges of one, or settings; what it is given is gone when it returns; a
 *	value other than 0 ends it, and is returned
 * @arg: handed to @each
 *
 * At no point of the order is there a service without its pools, nor one where
 * a pool that stays has backends of both states. Limits rise before all else
 * and fall behind it.
 *
 * Return: 0, what @each returned, or EXIT_REFUSED, after complaining.
 */
int diff_state(const struct state *desired, const struct state *actual,
	       const char *owner,
	       int (*each)(struct change *change, void *arg), void *arg)
{
	const struct vsb_config *config = &desired->config;
	struct work work = {
		.desired = desired, .actual = actual, .owner = owner,
		.each = each, .arg = arg,
	};
	int status;

	status = set_config(&work, other_changes(config, &actual->config) |
			    limit_changes(config, &actual->config, true)) ?:
		 each_pool(&work, mark_users) ?:
		 each_service(&work, del_service) ?:
		 each_pool(&work, del_replaced_pool) ?:
		 each_pool(&work, del_old_backends) ?:
		 each_pool(&work, make_pool) ?:
		 each_service(&work, set_service) ?:
		 each_service(&work, add_service) ?:
		 each_pool(&work, del_old_pool) ?:
		 set_config(&work, limit_changes(config, &actual->config,
						 false));
	free(work.remade);

	return status;
}
