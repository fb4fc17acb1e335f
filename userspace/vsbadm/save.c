// SPDX-License-Identifier: GPL-2.0
/*
 * Owns -S: what the owner has, as lines that -R reads. A service with its pool
 * is in ipvsadm's words where they say it all, in ours otherwise. Addresses
 * are numbers always, since a name may have become another's when it is read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

static bool ours(const struct session *session, const char *owner)
{
	return owner && !strcmp(owner, session->options.owner);
}

static bool plain_backend(const struct vsb_backend *backend)
{
	return backend->state == VSB_STATE_UP && backend->sets == 1;
}

static bool plain_service(const struct vsb_service *service)
{
	const struct vsb_route *route = &service->routes[0];

	return service->n_routes == 1 && !route->set && !route->masquerade &&
	       !service->label && service->elsewhere == VSB_ACTION_DROP &&
	       !service->flags && service->kind != VSB_KIND_NODE_PORT;
}

/* -M goes with -p, and IPv6's is 1 at least. */
static bool plain_netmask(const struct vsb_pool *pool)
{
	if (pool->affinity_prefix_len == address_bits(pool->family))
		return true;

	return pool->affinity_timeout &&
	       (pool->affinity_prefix_len || pool->family == AF_INET);
}

/* All ports are -p's. */
static bool plain_port(const struct vsb_service *service,
		       const struct vsb_pool *pool)
{
	return service->kind == VSB_KIND_MARK || service->port ||
	       pool->affinity_timeout;
}

static bool plain_pool(const struct state *state, const struct state_pool *pool)
{
	size_t i;

	if (!plain_netmask(&pool->pool))
		return false;
	if (pool->pool.given & VSB_POOL_TABLE_SIZE &&
	    pool->pool.table_size != TABLE_SIZE)
		return false;

	for (i = 0; i < pool->n; i++)
		if (!plain_backend(&state->backends[pool->first + i].backend))
			return false;

	return pool->pool.users == 1;
}

/* The pool of a service that ipvsadm's words can say, or NULL. */
static const struct state_pool *virtual_pool(const struct session *session,
					     const struct state *state,
					     const struct vsb_service *service)
{
	const struct state_pool *pool;
	char name[SERVICE_MAX];

	if (!ours(session, service->owner) || !plain_service(service) ||
	    strcmp(service->routes[0].pool, format_service(name, service)))
		return NULL;

	pool = state_pool(state, name);
	if (!pool || !ours(session, pool->pool.owner) ||
	    !plain_pool(state, pool) || !plain_port(service, &pool->pool))
		return NULL;

	return pool;
}

/* "-t 192.0.2.1:80" or "-f 5 -6"; @buf holds ENDPOINT_MAX + 16 bytes. */
static char *format_option(char *buf, const struct vsb_service *service)
{
	const char *option = service->protocol == IPPROTO_UDP ? "-u" :
			     service->protocol == IPPROTO_SCTP ?
			     "--sctp-service" : "-t";
	char name[ENDPOINT_MAX];

	if (service->kind == VSB_KIND_MARK)
		sprintf(buf, "-f %u%s", service->mark,
			service->family == AF_INET6 ? " -6" : "");
	else
		sprintf(buf, "%s %s", option,
			format_endpoint(name, service->family, &service->addr,
					service->port));

	return buf;
}

static void save_virtual(const struct state *state,
			 const struct vsb_service *service,
			 const struct state_pool *pool)
{
	char option[ENDPOINT_MAX + 16], server[ENDPOINT_MAX];
	char mask[ENDPOINT_MAX], flags[FLAGS_MAX];
	const struct vsb_backend *backend;
	size_t i;

	format_option(option, service);
	printf("-A %s -s %s", option, pool->pool.scheduler);
	if (pool->pool.affinity_timeout)
		printf(" -p %u", pool->pool.affinity_timeout);
	if (pool->pool.affinity_prefix_len != address_bits(pool->pool.family))
		printf(" -M %s", format_netmask(mask, &pool->pool));
	if (pool->pool.sched_flags)
		printf(" -b %s", format_ipvs_flags(flags, &pool->pool));
	printf("\n");
	for (i = 0; i < pool->n; i++) {
		backend = &state->backends[pool->first + i].backend;
		printf("-a %s -r %s -m -w %u", option,
		       format_endpoint(server, service->family, &backend->addr,
				       backend->port), backend->weight);
		if (backend->upper)
			printf(" -x %u", backend->upper);
		if (backend->lower)
			printf(" -y %u", backend->lower);
		printf("\n");
	}
}

static void save_pool(const struct state *state, const struct state_pool *pool)
{
	const struct state_backend *backend = &state->backends[pool->first];
	struct change change = add_of_pool(&pool->pool);
	size_t i;

	write_change(&change);
	for (i = 0; i < pool->n; i++, backend++) {
		change = add_of_backend(&pool->pool, &backend->backend);
		write_change(&change);
	}
}

static void save_service(const struct vsb_service *service)
{
	const struct change change = add_of_service(service);

	write_change(&change);
}

/* Pools that no service takes along; first, since services name them. */
static int save_pools(const struct session *session, const struct state *state)
{
	const struct state_pool *pool;
	bool *taken;
	size_t i;

	taken = calloc(state->n_pools + 1, sizeof(*taken));
	if (!taken)
		return complain(EXIT_REFUSED, "out of memory");

	for (i = 0; i < state->n_services; i++) {
		pool = virtual_pool(session, state, &state->services[i]);
		if (pool)
			taken[pool - state->pools] = true;
	}
	for (i = 0; i < state->n_pools; i++)
		if (ours(session, state->pools[i].pool.owner) && !taken[i])
			save_pool(state, &state->pools[i]);
	free(taken);

	return 0;
}

static void save_services(const struct session *session,
			  const struct state *state)
{
	const struct vsb_service *service;
	const struct state_pool *pool;
	size_t i;

	for (i = 0; i < state->n_services; i++) {
		service = &state->services[i];
		if (!ours(session, service->owner))
			continue;
		pool = virtual_pool(session, state, service);
		if (pool)
			save_virtual(state, service, pool);
		else
			save_service(service);
	}
}

/* Ranges come by service. */
static int save_ranges(const struct session *session, const struct state *state)
{
	cleanup_change struct change change = { .noun = NOUN_RANGE };
	size_t first, end;

	change.ranges = calloc(state->n_ranges + 1, sizeof(*change.ranges));
	if (!change.ranges)
		return complain(EXIT_REFUSED, "out of memory");

	for (first = 0; first < state->n_ranges; first = end) {
		change.service = state->services[state->ranges[first].service];
		change.n_ranges = 0;
		end = first;
		while (end < state->n_ranges &&
		       state->ranges[end].service ==
		       state->ranges[first].service)
			change.ranges[change.n_ranges++] =
				state->ranges[end++].cidr;
		if (ours(session, change.service.owner))
			write_change(&change);
	}

	return 0;
}

static int print(struct session *session)
{
	struct state state = { .pools = NULL };
	int status;

	status = state_load(session, NULL, &state, true);
	if (!status)
		status = save_pools(session, &state);
	if (!status) {
		save_services(session, &state);
		status = save_ranges(session, &state);
	}
	state_free(&state);

	return status;
}

/**
 * save() - print what restores the owner's objects
 * @options: of the command line
 *
 * Return: 0 or an exit code, after complaining.
 */
int save(const struct options *options)
{
	struct session session;
	int status;

	status = session_open(&session, options);
	if (!status)
		status = print(&session);
	session_close(&session);

	return status;
}
