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
	       service->port;
}

static bool plain_pool(const struct state *state, const struct state_pool *pool)
{
	size_t i;

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
	    !plain_pool(state, pool))
		return NULL;

	return pool;
}

static void save_virtual(const struct state *state,
			 const struct vsb_service *service,
			 const struct state_pool *pool)
{
	const char *option = service->protocol == IPPROTO_UDP ? "-u" :
			     service->protocol == IPPROTO_SCTP ?
			     "--sctp-service" : "-t";
	char name[ENDPOINT_MAX], server[ENDPOINT_MAX];
	const struct vsb_backend *backend;
	size_t i;

	format_endpoint(name, service->family, &service->addr, service->port);
	printf("-A %s %s -s %s\n", option, name, pool->pool.scheduler);
	for (i = 0; i < pool->n; i++) {
		backend = &state->backends[pool->first + i].backend;
		printf("-a %s %s -r %s -m -w %u\n", option, name,
		       format_endpoint(server, service->family, &backend->addr,
				       backend->port), backend->weight);
	}
}

static void save_backend(const struct vsb_pool *pool,
			 const struct vsb_backend *backend)
{
	char address[ENDPOINT_MAX], sets[2 * VSB_SETS_MAX], word[WORD_MAX];

	printf("backend add %s %s weight %u", format_word(word, pool->name),
	       format_endpoint(address, pool->family, &backend->addr,
			       backend->port), backend->weight);
	if (backend->state != VSB_STATE_UP)
		printf(" state %s", state_names[backend->state %
						ARRAY_SIZE(state_names)]);
	if (backend->sets != 1)
		printf(" sets %s", format_sets(sets, backend->sets));
	printf("\n");
}

static void save_pool(const struct state *state, const struct state_pool *pool)
{
	char word[WORD_MAX];
	size_t i;

	printf("pool add %s family %s scheduler %s\n",
	       format_word(word, pool->pool.name),
	       family_name(pool->pool.family), pool->pool.scheduler);
	for (i = 0; i < pool->n; i++)
		save_backend(&pool->pool,
			     &state->backends[pool->first + i].backend);
}

static void save_route(const struct vsb_route *route)
{
	char sources[24], word[WORD_MAX];

	if (route->sources != VSB_SOURCES_ALL)
		printf(" %s", format_sources(sources, route->sources));
	printf(" pool %s", format_word(word, route->pool));
	if (route->set)
		printf(" set %u", route->set);
	if (route->masquerade)
		printf(" masquerade yes");
}

static void save_service(const struct vsb_service *service)
{
	char name[SERVICE_MAX], word[WORD_MAX];
	unsigned int i;

	printf("service add %s", format_service(name, service));
	if (service->label)
		printf(" label %s", format_word(word, service->label));
	if (service->elsewhere != VSB_ACTION_DROP)
		printf(" elsewhere reject");
	for (i = 0; i < service->n_routes; i++)
		save_route(&service->routes[i]);
	printf("\n");
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

static int print(struct session *session)
{
	struct state state = { .pools = NULL };
	int status;

	status = state_load(session, &state);
	if (!status)
		status = save_pools(session, &state);
	if (!status)
		save_services(session, &state);
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
