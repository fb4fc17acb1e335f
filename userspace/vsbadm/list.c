// SPDX-License-Identifier: GPL-2.0
/* Owns -L: ipvsadm's table, one block a service. */
#include <string.h>

#include "vsbadm.h"

static const struct vsb_route *route_from(const struct vsb_service *service,
					  uint32_t source)
{
	unsigned int i;

	for (i = 0; i < service->n_routes; i++)
		if (service->routes[i].sources & source)
			return &service->routes[i];

	return NULL;
}

static void print_title(void)
{
	printf("Prot LocalAddress:Port Scheduler Flags\n"
	       "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
}

static void print_backend(const struct vsb_service *service,
			  const struct vsb_backend *backend, bool numeric)
{
	/* The two are not counted at one moment. */
	uint32_t inactive = backend->active < backend->connections ?
		backend->connections - backend->active : 0;
	char name[ENDPOINT_MAX];

	name_endpoint(name, service->family, &backend->addr, backend->port,
		      service->protocol, numeric);
	printf("  -> %-28.*s %-7s %-6u %-10u %-10u%s\n",
	       service->family == AF_INET ? 28 : (int)sizeof(name), name,
	       "Masq", backend->weight, backend->active, inactive,
	       backend->state == VSB_STATE_DRAINING ? " draining" : "");
}

/* Those of the pool that are in the route's set. */
static void print_backends(const struct state *state,
			   const struct vsb_service *service,
			   const struct vsb_route *route,
			   const struct state_pool *pool, bool numeric)
{
	const struct vsb_backend *backend;
	size_t i;

	for (i = 0; i < pool->n; i++) {
		backend = &state->backends[pool->first + i].backend;
		if (backend->sets & 1U << route->set)
			print_backend(service, backend, numeric);
	}
}

static void print_route(const struct vsb_route *route)
{
	char sources[24];

	printf(" %s pool %s", format_sources(sources, route->sources),
	       route->pool);
	if (route->set)
		printf(" set %u", route->set);
	if (route->masquerade)
		printf(" masquerade");
}

/* The block is what sources outside get; this says who gets something else. */
static void print_note(const struct vsb_service *service)
{
	const char *separator = "     note:";
	unsigned int i;

	for (i = 0; i < service->n_routes; i++) {
		if (service->routes[i].sources & VSB_SOURCE_OUTSIDE)
			continue;
		printf("%s", separator);
		print_route(&service->routes[i]);
		separator = ",";
	}
	if (service->n_routes > 1)
		printf("\n");
}

/* As ipvsadm shows them. */
static void print_settings(const struct vsb_pool *pool)
{
	char flags[FLAGS_MAX], mask[ENDPOINT_MAX];

	if (pool->sched_flags)
		printf(" (%s)", format_ipvs_flags(flags, pool));
	if (!pool->affinity_timeout)
		return;
	printf(" persistent %u", pool->affinity_timeout);
	if (pool->affinity_prefix_len != (pool->family == AF_INET ? 32 : 128))
		printf(" mask %s", format_netmask(mask, pool));
}

/* Where ipvsadm has its flags: what is not as -A makes it. */
static void print_flags(const struct options *options,
			const struct vsb_service *service,
			const struct vsb_route *route)
{
	char flags[FLAGS_MAX];

	if (service->kind == VSB_KIND_NODE_PORT)
		printf(" node-port");
	if (service->flags)
		printf(" %s", format_flags(flags, &service_flags, service->flags));
	if (route && route->masquerade)
		printf(" masquerade");
	if (service->elsewhere == VSB_ACTION_REJECT)
		printf(" elsewhere reject");
	if (strcmp(service->owner, options->owner))
		printf(" owner %s", service->owner);
	if (service->label)
		printf(" label %s", service->label);
}

/* The unspecified address of a node port has no name. */
static void print_key(const struct vsb_service *service, bool numeric)
{
	char name[ENDPOINT_MAX];

	if (service->kind == VSB_KIND_MARK) {
		printf("FWM  %u%s", service->mark,
		       service->family == AF_INET6 ? " IPv6" : "");
		return;
	}

	name_endpoint(name, service->family, &service->addr, service->port,
		      service->protocol,
		      numeric || service->kind == VSB_KIND_NODE_PORT);
	printf("%-4s %.*s", service->protocol == IPPROTO_UDP ? "UDP" :
	       service->protocol == IPPROTO_SCTP ? "SCTP" : "TCP",
	       service->family == AF_INET ? 28 : (int)sizeof(name), name);
}

static void print_service(const struct options *options,
			  const struct state *state,
			  const struct vsb_service *service)
{
	const struct vsb_route *route = route_from(service, VSB_SOURCE_OUTSIDE);
	const struct state_pool *pool = route ? state_pool(state, route->pool) :
						NULL;

	print_key(service, options->numeric);
	printf(" %s", pool ? pool->pool.scheduler : "-");
	if (pool)
		print_settings(&pool->pool);
	print_flags(options, service, route);
	printf("\n");

	if (pool)
		print_backends(state, service, route, pool, options->numeric);
	print_note(service);
}

static void print_table(const struct session *session,
			const struct state *state)
{
	size_t i;

	printf("vsb version %s (generation=%u)\n", session->info.version,
	       session->info.generation);
	print_title();
	for (i = 0; i < state->n_services; i++)
		print_service(&session->options, state, &state->services[i]);
}

static int print_all(const struct session *session, const struct state *state)
{
	if (session->options.json)
		return json_print(json_state(state));
	print_table(session, state);

	return 0;
}

static int print_one(const struct session *session, const struct state *state,
		     const struct vsb_service *only)
{
	const struct vsb_service *service = state_service(state, only);
	char name[SERVICE_MAX];

	if (!service)
		return complain(EXIT_REFUSED, "service %s: no such service",
				format_service(name, only));
	if (session->options.json)
		return json_print(json_service_state(state, service));
	print_title();
	print_service(&session->options, state, service);

	return 0;
}

static int print(struct session *session, const struct vsb_service *only)
{
	struct state state = { .pools = NULL };
	int status;

	status = state_load(session, &state, false);
	if (!status)
		status = only ? print_one(session, &state, only) :
				print_all(session, &state);
	state_free(&state);

	return status;
}

/**
 * list() - list services and what stands behind them
 * @options: of the command line
 * @only: the one service to list, or NULL
 *
 * Return: 0 or an exit code, after complaining.
 */
int list(const struct options *options, const struct vsb_service *only)
{
	struct session session;
	int status;

	status = session_open(&session, options);
	if (!status)
		status = print(&session, only);
	session_close(&session);

	return status;
}
