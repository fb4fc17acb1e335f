// SPDX-License-Identifier: GPL-2.0
/* Owns -L: ipvsadm's table, one block a service. */
#include <inttypes.h>
#include <string.h>

#include "vsbadm.h"

/* Where the columns of numbers begin; longer names move them. */
#define NAME_WIDTH	33

static const char *const titles[] = {
	[VIEW_PLAIN] =
		"Prot LocalAddress:Port Scheduler Flags\n"
		"  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n",
	[VIEW_STATS] =
		"Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
		"  -> RemoteAddress:Port\n",
	[VIEW_RATE] =
		"Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
		"  -> RemoteAddress:Port\n",
	[VIEW_THRESHOLDS] =
		"Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
		"  -> RemoteAddress:Port\n",
	[VIEW_PERSISTENT] =
		"Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
		"  -> RemoteAddress:Port\n",
};

/** struct table - what is being listed, and how */
struct table {
	const struct options *options;
	const struct state *state;
	bool accounting;
};

/* In eight columns, whatever it is, where it need not be exact. */
static void print_number(const struct table *table, uint64_t number)
{
	static const struct {
		uint64_t below, unit;
		const char *name;
	} scales[] = {
		{ 100000000, 1, "" },
		{ 1000000000, 1000, "K" },
		{ 100000000000, 1000000, "M" },
		{ 100000000000000, 1000000000, "G" },
		{ UINT64_MAX, 1000000000000, "T" },
	};
	char text[24];
	size_t i = 0;

	while (!table->options->exact && number >= scales[i].below &&
	       i < ARRAY_SIZE(scales) - 1)
		i++;
	snprintf(text, sizeof(text), "%" PRIu64 "%s", number / scales[i].unit,
		 scales[i].name);
	printf(" %8s", text);
}

static void print_numbers(const struct table *table,
			  const struct vsb_stats *stats)
{
	const uint64_t counts[] = {
		stats->connections, stats->packets_in, stats->packets_out,
		stats->bytes_in, stats->bytes_out,
	};
	const uint64_t rates[] = {
		stats->rate_connections, stats->rate_packets_in,
		stats->rate_packets_out, stats->rate_bytes_in,
		stats->rate_bytes_out,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if (!table->accounting)
			printf(" %8s", "-");
		else
			print_number(table,
				     table->options->view == VIEW_RATE ?
				     rates[i] : counts[i]);
	printf("\n");
}

static bool has_numbers(const struct options *options)
{
	return options->view == VIEW_STATS || options->view == VIEW_RATE;
}

static void print_backend(const struct table *table,
			  const struct vsb_service *service,
			  const struct state_backend *listed)
{
	const struct vsb_backend *backend = &listed->backend;
	char name[ENDPOINT_MAX];

	name_endpoint(name, service->family, &backend->addr, backend->port,
		      service->protocol, table->options->numeric);
	printf("  -> %-28.*s", service->family == AF_INET ? 28 :
	       (int)sizeof(name), name);
	if (has_numbers(table->options)) {
		print_numbers(table, &backend->stats);
		return;
	}

	switch (table->options->view) {
	case VIEW_THRESHOLDS:
		printf(" %-10u %-10u", backend->upper, backend->lower);
		break;
	case VIEW_PERSISTENT:
		printf(" %-9u %-11u", backend->weight, listed->clients);
		break;
	default:
		printf(" %-7s %-6u", "Masq", backend->weight);
		break;
	}
	printf(" %-10u %-10u%s\n", backend->active,
	       state_inactive(backend),
	       backend->state == VSB_STATE_DRAINING ? " draining" : "");
}

/* Those of the pool that are in the route's set. */
static void print_backends(const struct table *table,
			   const struct vsb_service *service,
			   const struct vsb_route *route,
			   const struct state_pool *pool)
{
	const struct state_backend *backend;
	size_t i;

	for (i = 0; i < pool->n; i++) {
		backend = &table->state->backends[pool->first + i];
		if (backend->backend.sets & 1U << route->set)
			print_backend(table, service, backend);
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
	if (pool->affinity_prefix_len != address_bits(pool->family))
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
static void format_key(char *buf, const struct vsb_service *service,
		       bool numeric)
{
	char name[ENDPOINT_MAX];

	if (service->kind == VSB_KIND_MARK) {
		sprintf(buf, "FWM  %u%s", service->mark,
			service->family == AF_INET6 ? " IPv6" : "");
		return;
	}

	name_endpoint(name, service->family, &service->addr, service->port,
		      service->protocol,
		      numeric || service->kind == VSB_KIND_NODE_PORT);
	sprintf(buf, "%-4s %.*s", protocol_title(service->protocol),
		service->family == AF_INET ? 28 : (int)sizeof(name), name);
}

static void print_head(const struct table *table,
		       const struct vsb_service *service,
		       const struct vsb_route *route,
		       const struct state_pool *pool)
{
	char key[SERVICE_MAX];

	format_key(key, service, table->options->numeric);
	if (has_numbers(table->options)) {
		printf("%-*s", NAME_WIDTH, key);
		print_numbers(table, &service->stats);
		return;
	}

	printf("%s %s", key, pool ? pool->pool.scheduler : "-");
	if (pool)
		print_settings(&pool->pool);
	print_flags(table->options, service, route);
	printf("\n");
}

static void print_service(const struct table *table,
			  const struct vsb_service *service)
{
	const struct vsb_route *route = state_route(service, VSB_SOURCE_OUTSIDE);
	const struct state_pool *pool =
		route ? state_pool(table->state, route->pool) : NULL;

	print_head(table, service, route, pool);
	if (pool)
		print_backends(table, service, route, pool);
	if (!has_numbers(table->options))
		print_note(service);
}

static void print_table(const struct session *session,
			const struct table *table)
{
	size_t i;

	printf("vsb version %s (generation=%u)\n%s", session->info.version,
	       session->info.generation, titles[table->options->view]);
	for (i = 0; i < table->state->n_services; i++)
		print_service(table, &table->state->services[i]);
}

static int print_all(const struct session *session, const struct table *table)
{
	if (session->options.json)
		return json_print(json_state(table->state));
	print_table(session, table);

	return 0;
}

static int print_one(const struct session *session, const struct table *table,
		     const struct vsb_service *only)
{
	const struct vsb_service *service = state_service(table->state, only);
	char name[SERVICE_MAX];

	if (!service)
		return complain(EXIT_REFUSED, "service %s: no such service",
				format_service(name, only));
	if (session->options.json)
		return json_print(json_objects(table->state));
	printf("%s", titles[table->options->view]);
	print_service(table, service);

	return 0;
}

/* What a view needs beside the state. */
static int load_view(struct session *session, struct state *state,
		     struct table *table)
{
	struct vsb_config config;

	if (session->options.view == VIEW_PERSISTENT)
		return state_count_clients(session, state);
	if (session->options.json || !has_numbers(&session->options))
		return 0;
	if (vsb_config_get(session->vsb, &config))
		return session_refused(session, "config");
	table->accounting = config.accounting;

	return 0;
}

static int print(struct session *session, const struct vsb_service *only)
{
	struct state state = { .pools = NULL };
	struct table table = { .options = &session->options, .state = &state };
	const struct state_part part = { .service = only };
	int status;

	status = state_load(session, &part, &state, false) ?:
		 load_view(session, &state, &table);
	if (!status)
		status = only ? print_one(session, &table, only) :
				print_all(session, &table);
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
