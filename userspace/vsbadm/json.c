// SPDX-License-Identifier: GPL-2.0
/*
 * Owns JSON that is written; json_read.c reads what -L has. The keys are the
 * attributes' names of the ABI (vsb.yaml), and stay; docs/vsbadm.schema.json
 * has them for those who read. Addresses, names and words are strings; ports,
 * numbers and counters integers; "sets" a list of set numbers, "sources" of pod,
 * node and outside:
 *
 *  -L			{ pools: [POOL], services: [SERVICE], ranges: [RANGES],
 *			  config: CONFIG }; of one service without config
 *  pool show		{ pools: [POOL] }
 *  backend show	{ backends: [BACKEND] }
 *  service show	{ services: [SERVICE] }
 *  POOL		{ name, owner, family, scheduler, sched-flags,
 *			  table-size, affinity-timeout, affinity-prefix-len, users, stats: STATS,
 *			  backends: [BACKEND] }
 *  BACKEND		{ pool, address, port, weight, state, sets,
 *			  upper, lower, connections, active, stats: STATS },
 *			  and clients with --persistent-conn
 *  SERVICE		{ kind, family, protocol, address, port, mark, owner,
 *			  label, elsewhere, flags, ranges, routes: [ROUTE],
 *			  stats: STATS }; null is what the key of its kind has
 *			  not, kind is vip, node-port or mark, flags a list of
 *			  names, ranges a number
 *  ROUTE		{ sources, pool, set, masquerade }
 *  STATS		{ connections, packets-in, packets-out, bytes-in,
 *			  bytes-out }, and of services and backends those of a
 *			  second: rate-connections, rate-packets-in,
 *			  rate-packets-out, rate-bytes-in, rate-bytes-out; null
 *			  where nothing was counted
 *  range show		{ ranges: [RANGES] }
 *  RANGES		{ service: "tcp/192.0.2.1:80", owner,
 *			  range: [ADDRESS/LENGTH] }
 *  affinity show	{ affinity: [{ pool, owner, client, address, port,
 *			  expires }] }
 *  -L -c		{ connections: [CONNECTION], affinity: as affinity
 *			  show has it }
 *  CONNECTION		{ protocol, source, source-port, destination,
 *			  destination-port, address, port, pool, owner, state,
 *			  expires, masquerade, replied }
 *  -L --timeout	{ timeout-tcp, timeout-tcp-fin, timeout-udp }
 *  config show		CONFIG
 *  CONFIG		{ accounting, finished-max, masquerade-all,
 *			  pod-cidrs: [ADDRESS/LENGTH], pod-devices: [NAME],
 *			  service-cidrs, node-port-cidrs, reject-rate,
 *			  max-pools, max-services, max-backends, affinity-max,
 *			  table-bytes-max, timeout-tcp, timeout-tcp-fin,
 *			  timeout-udp }
 *  info		{ version, generation, schedulers: [NAME], pools, ... }
 *  explain		{ protocol, source, source-port, destination,
 *			  destination-port, verdict, reason, source-kind,
 *			  service: "tcp/192.0.2.1:80" or null, kind, owner,
 *			  label, pool, set, scheduler, masquerade, affinity:
 *			  "10.0.0.1:80" or null, candidates, backends:
 *			  ["10.0.0.1:80"] }; where no service decided, those
 *			  from kind to scheduler are null, and so are a verdict
 *			  and a reason that are not known here
 *  monitor		{ change, generation, type, object } a line: change is
 *			  new, set or del, type what the object is (pool,
 *			  backend, service, range or config), and the object
 *			  as it is shown, without counts and stats
 */
#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "vsbadm.h"

static int print(json_t *json, size_t flags)
{
	int status = 0;

	if (!json)
		return complain(EXIT_REFUSED, "out of memory");
	if (json_dumpf(json, stdout, flags))
		status = complain(EXIT_REFUSED, "cannot write: %s",
				  strerror(errno));
	json_decref(json);
	printf("\n");

	return status;
}

/**
 * json_print() - print a value, and free it
 * @json: the value; NULL where memory was lacking
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int json_print(json_t *json)
{
	return print(json, JSON_INDENT(2));
}

/** json_print_line() - the same, in one line */
int json_print_line(json_t *json)
{
	return print(json, JSON_COMPACT);
}

/**
 * json_append() - append an item to a list
 * @list: where that fails it becomes NULL, and so does all that is made of it
 * @item: the item, which is handed over; NULL where memory was lacking
 *
 * Return: 0 or -ENOMEM.
 */
int json_append(json_t **list, json_t *item)
{
	if (!json_array_append_new(*list, item))
		return 0;
	json_decref(*list);
	*list = NULL;

	return -ENOMEM;
}

static json_t *json_address(uint16_t family, const union vsb_addr *addr)
{
	char text[ENDPOINT_MAX];

	return json_string(format_address(text, family, addr));
}

static json_t *json_counts(const struct vsb_stats *stats)
{
	return json_pack("{sI sI sI sI sI}",
			 "connections", (json_int_t)stats->connections,
			 "packets-in", (json_int_t)stats->packets_in,
			 "packets-out", (json_int_t)stats->packets_out,
			 "bytes-in", (json_int_t)stats->bytes_in,
			 "bytes-out", (json_int_t)stats->bytes_out);
}

static json_t *json_rates(const struct vsb_stats *stats)
{
	return json_pack("{sI sI sI sI sI}", "rate-connections",
			 (json_int_t)stats->rate_connections,
			 "rate-packets-in", (json_int_t)stats->rate_packets_in,
			 "rate-packets-out",
			 (json_int_t)stats->rate_packets_out,
			 "rate-bytes-in", (json_int_t)stats->rate_bytes_in,
			 "rate-bytes-out", (json_int_t)stats->rate_bytes_out);
}

static json_t *json_stats(bool given, const struct vsb_stats *stats)
{
	json_t *json;

	if (!given)
		return json_null();
	json = json_counts(stats);
	if (json && json_object_update_new(json, json_rates(stats))) {
		json_decref(json);
		return NULL;
	}

	return json;
}

static json_t *json_sets(uint32_t sets)
{
	json_t *array = json_array();
	int set;

	for (set = 0; set < VSB_SETS_MAX; set++)
		if (sets & 1U << set)
			json_append(&array, json_integer(set));

	return array;
}

static json_t *json_flags(const struct flag_list *list, uint32_t flags)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < list->n; i++)
		if (flags & 1U << i)
			json_append(&array, json_string(list->names[i]));

	return array;
}

static json_t *json_sources(uint32_t sources)
{
	return json_flags(&source_kinds, sources);
}

json_t *json_backend(const struct vsb_pool *pool,
		     const struct vsb_backend *backend)
{
	return json_pack("{ss so si si ss so sI sI sI sI so}",
			 "pool", pool->name,
			 "address", json_address(pool->family, &backend->addr),
			 "port", backend->port,
			 "weight", backend->weight,
			 "state", state_names[backend->state %
					      ARRAY_SIZE(state_names)],
			 "sets", json_sets(backend->sets),
			 "upper", (json_int_t)backend->upper,
			 "lower", (json_int_t)backend->lower,
			 "connections", (json_int_t)backend->connections,
			 "active", (json_int_t)backend->active,
			 "stats", json_stats(backend->given & VSB_BACKEND_STATS,
					     &backend->stats));
}

/* With its clients where these were counted. */
static json_t *json_listed(const struct state *state,
			   const struct vsb_pool *pool,
			   const struct state_backend *listed)
{
	json_t *json = json_backend(pool, &listed->backend);

	if (json && state->has_clients &&
	    json_object_set_new(json, "clients",
				json_integer(listed->clients))) {
		json_decref(json);
		return NULL;
	}

	return json;
}

json_t *json_pool(const struct state *state, const struct state_pool *pool)
{
	const struct state_backend *backend = &state->backends[pool->first];
	json_t *backends = json_array();
	size_t i;

	for (i = 0; i < pool->n; i++, backend++)
		json_append(&backends, json_listed(state, &pool->pool,
						   backend));

	return json_pack("{ss ss ss ss so sI si si si so so}",
			 "name", pool->pool.name,
			 "owner", pool->pool.owner,
			 "family", family_name(pool->pool.family),
			 "scheduler", pool->pool.scheduler,
			 "sched-flags", json_flags(&sched_flags,
						   pool->pool.sched_flags),
			 "table-size", (json_int_t)pool->pool.table_size,
			 "affinity-timeout", pool->pool.affinity_timeout,
			 "affinity-prefix-len", pool->pool.affinity_prefix_len,
			 "users", pool->pool.users,
			 "stats", pool->pool.given & VSB_POOL_STATS ?
			 json_counts(&pool->pool.stats) : json_null(),
			 "backends", backends);
}

static json_t *json_route(const struct vsb_route *route)
{
	return json_pack("{so ss si sb}",
			 "sources", json_sources(route->sources),
			 "pool", route->pool,
			 "set", route->set,
			 "masquerade", route->masquerade);
}

static const char *json_kind(uint32_t kind)
{
	return kind_names[kind % ARRAY_SIZE(kind_names)];
}

json_t *json_service(const struct vsb_service *service)
{
	bool marked = service->kind == VSB_KIND_MARK;
	json_t *routes = json_array();
	unsigned int i;

	for (i = 0; i < service->n_routes; i++)
		json_append(&routes, json_route(&service->routes[i]));

	return json_pack("{ss ss ss? so so so ss ss? ss so sI so so}",
			 "kind", json_kind(service->kind),
			 "family", family_name(service->family),
			 "protocol", marked ? NULL :
				     protocol_name(service->protocol),
			 "address", service->kind == VSB_KIND_VIP ?
				    json_address(service->family,
						 &service->addr) : json_null(),
			 "port", marked ? json_null() :
				 json_integer(service->port),
			 "mark", marked ? json_integer(service->mark) :
				 json_null(),
			 "owner", service->owner,
			 "label", service->label,
			 "elsewhere", action_names[service->elsewhere %
						   ARRAY_SIZE(action_names)],
			 "flags", json_flags(&service_flags, service->flags),
			 "ranges", (json_int_t)service->ranges,
			 "routes", routes,
			 "stats", json_stats(service->given & VSB_SERVICE_STATS,
					     &service->stats));
}

static json_t *json_cidr(const struct vsb_cidr *cidr)
{
	char text[ENDPOINT_MAX];

	return json_string(format_cidr(text, cidr));
}

static json_t *json_cidrs(const struct vsb_cidr_list *list)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < list->n; i++)
		json_append(&array, json_cidr(&list->cidrs[i]));

	return array;
}

/* Those of the service whose first range is at a place. */
static json_t *json_service_ranges(const struct state *state, size_t first)
{
	const struct state_range *range = &state->ranges[first];
	const struct state_range *end = state->ranges + state->n_ranges;
	const struct vsb_service *service = &state->services[range->service];
	json_t *array = json_array();
	char name[SERVICE_MAX];

	for (; range < end && service == &state->services[range->service];
	     range++)
		json_append(&array, json_cidr(&range->cidr));

	return json_pack("{ss ss so}",
			 "service", format_service(name, service),
			 "owner", service->owner, "range", array);
}

static json_t *json_range_list(const struct state *state)
{
	const struct state_range *range = state->ranges;
	json_t *services = json_array();
	size_t i;

	for (i = 0; i < state->n_ranges; i++, range++)
		if (!i || range[-1].service != range->service)
			json_append(&services, json_service_ranges(state, i));

	return services;
}

json_t *json_ranges(const struct state *state)
{
	return json_pack("{so}", "ranges", json_range_list(state));
}

json_t *json_affinity(const struct vsb_affinity *affinity)
{
	return json_pack("{ss ss? so so si sI}",
			 "pool", affinity->pool,
			 "owner", affinity->owner,
			 "client", json_address(affinity->family,
						&affinity->client),
			 "address", json_address(affinity->family,
						 &affinity->addr),
			 "port", affinity->port,
			 "expires", (json_int_t)affinity->expires);
}

static json_t *json_devices(const struct vsb_config *config)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < config->n_pod_devices; i++)
		json_append(&array, json_string(config->pod_devices[i]));

	return array;
}

json_t *json_config(const struct vsb_config *config)
{
	return json_pack("{sb si sb so so so so sI sI sI sI sI sI sI sI sI}",
			 "accounting", config->accounting,
			 "finished-max", config->finished_max,
			 "masquerade-all", config->masquerade_all,
			 "pod-cidrs", json_cidrs(&config->pod_cidrs),
			 "pod-devices", json_devices(config),
			 "service-cidrs", json_cidrs(&config->service_cidrs),
			 "node-port-cidrs",
			 json_cidrs(&config->node_port_cidrs),
			 "reject-rate", (json_int_t)config->reject_rate,
			 "max-pools", (json_int_t)config->max_pools,
			 "max-services", (json_int_t)config->max_services,
			 "max-backends", (json_int_t)config->max_backends,
			 "affinity-max", (json_int_t)config->affinity_max,
			 "table-bytes-max",
			 (json_int_t)config->table_bytes_max,
			 "timeout-tcp", (json_int_t)config->timeout_tcp,
			 "timeout-tcp-fin", (json_int_t)config->timeout_tcp_fin,
			 "timeout-udp", (json_int_t)config->timeout_udp);
}

json_t *json_connection(const struct vsb_connection *c)
{
	return json_pack("{ss so si so si so si ss ss ss sI sb sb}",
			 "protocol", protocol_name(c->protocol),
			 "source", json_address(c->family, &c->source),
			 "source-port", c->source_port,
			 "destination",
			 json_address(c->family, &c->destination),
			 "destination-port", c->destination_port,
			 "address", json_address(c->family, &c->addr),
			 "port", c->port,
			 "pool", c->pool,
			 "owner", c->owner,
			 "state", connection_state(c),
			 "expires", (json_int_t)c->expires,
			 "masquerade", c->masquerade,
			 "replied", c->replied);
}

static json_t *json_words(const char *list)
{
	json_t *array = json_array();
	size_t len;

	for (; *list; list += len + strspn(list + len, " ")) {
		len = strcspn(list, " ");
		json_append(&array, json_stringn(list, len));
	}

	return array;
}

json_t *json_info(const struct vsb_info *info)
{
	return json_pack("{ss sI so sI sI sI sI sI sI sI sI sI sI sI sI sI sI sI sI sI sI sI so sI sI sI sI sI sI sI}",
			 "version", info->version,
			 "generation", (json_int_t)info->generation,
			 "schedulers", json_words(info->schedulers),
			 "pools", (json_int_t)info->pools,
			 "services", (json_int_t)info->services,
			 "backends", (json_int_t)info->backends,
			 "ranges", (json_int_t)info->ranges,
			 "connections", (json_int_t)info->connections,
			 "records", (json_int_t)info->records,
			 "transactions", (json_int_t)info->transactions,
			 "rejected", (json_int_t)info->rejected,
			 "dropped", (json_int_t)info->dropped,
			 "not-syn", (json_int_t)info->not_syn,
			 "no-backend", (json_int_t)info->no_backend,
			 "elsewhere", (json_int_t)info->elsewhere,
			 "not-allowed", (json_int_t)info->not_allowed,
			 "unserved", (json_int_t)info->unserved,
			 "unallocated", (json_int_t)info->unallocated,
			 "full", (json_int_t)info->full,
			 "reject-limited", (json_int_t)info->reject_limited,
			 "failed", (json_int_t)info->failed,
			 "unrecorded", (json_int_t)info->unrecorded,
			 "retired", json_counts(&info->retired),
			 "affinity-entries", (json_int_t)info->affinity_entries,
			 "affinity-hits", (json_int_t)info->affinity_hits,
			 "affinity-evictions",
			 (json_int_t)info->affinity_evictions,
			 "max-pools", (json_int_t)info->max_pools,
			 "max-services", (json_int_t)info->max_services,
			 "max-backends", (json_int_t)info->max_backends,
			 "table-bytes", (json_int_t)info->table_bytes);
}

static json_t *json_endpoint(const struct vsb_query *query,
			     const struct vsb_backend *backend)
{
	char text[ENDPOINT_MAX];

	return json_string(format_endpoint(text, query->family, &backend->addr,
					   backend->port));
}

static json_t *json_candidates(const struct vsb_query *query,
			       const struct vsb_answer *answer)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < answer->n_backends; i++)
		json_append(&array, json_endpoint(query,
						  &answer->backends[i]));

	return array;
}

static json_t *json_decider(const struct vsb_query *query,
			    const struct vsb_answer *answer)
{
	const struct vsb_service key = answer_service(query, answer);
	char text[SERVICE_MAX];

	return answer->service ? json_string(format_service(text, &key)) :
				 json_null();
}

/* A newer module may give what has no name here. */
static const char *known(const char *const *names, size_t n, uint32_t value)
{
	return value < n ? names[value] : NULL;
}

json_t *json_answer(const struct vsb_query *query,
		    const struct vsb_answer *answer)
{
	json_t *sources = json_sources(answer->source);
	json_t *json;

	json = json_pack("{ss so si so si ss? ss? sO? so ss? ss? ss? ss? so ss? sb so so sI so}",
			 "protocol", protocol_name(query->protocol),
			 "source", json_address(query->family, &query->source),
			 "source-port", query->source_port,
			 "destination", json_address(query->family,
						     &query->destination),
			 "destination-port", query->destination_port,
			 "verdict", known(verdict_names,
					  ARRAY_SIZE(verdict_names),
					  answer->verdict),
			 "reason", known(reason_names, ARRAY_SIZE(reason_names),
					 answer->reason),
			 "source-kind", json_array_get(sources, 0),
			 "service", json_decider(query, answer),
			 "kind", answer->service ? json_kind(answer->kind) :
						   NULL,
			 "owner", answer->owner,
			 "label", answer->label,
			 "pool", answer->pool,
			 "set", answer->pool ? json_integer(answer->set) :
						  json_null(),
			 "scheduler", answer->scheduler,
			 "masquerade", answer->masquerade,
			 "affinity", answer->has_affinity ?
				     json_endpoint(query, &answer->affinity) :
				     json_null(),
			 "choice", answer->has_choice ?
				   json_endpoint(query, &answer->choice) :
				   json_null(),
			 "candidates", (json_int_t)answer->candidates,
			 "backends", json_candidates(query, answer));
	json_decref(sources);

	return json;
}

/** json_objects() - a state without settings */
json_t *json_objects(const struct state *state)
{
	json_t *pools = json_array(), *services = json_array();
	size_t i;

	for (i = 0; i < state->n_pools; i++)
		json_append(&pools, json_pool(state, &state->pools[i]));
	for (i = 0; i < state->n_services; i++)
		json_append(&services, json_service(&state->services[i]));

	return json_pack("{so so so}", "pools", pools, "services", services,
			 "ranges", json_range_list(state));
}

/** json_state() - all that there is */
json_t *json_state(const struct state *state)
{
	json_t *json = json_objects(state);

	if (json && json_object_set_new(json, "config",
					json_config(&state->config))) {
		json_decref(json);
		return NULL;
	}

	return json;
}
