// SPDX-License-Identifier: GPL-2.0
/* Owns {pool|backend|service|range|config} show, and info. */
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "vsbadm.h"

/** say_pool() - print a pool's settings, without the end of the line */
void say_pool(const struct vsb_pool *pool)
{
	char name[WORD_MAX], owner[WORD_MAX], flags[FLAGS_MAX];

	printf("pool %s owner %s family %s scheduler %s sched-flags %s table-size %u affinity-timeout %u affinity-prefix-len %u",
	       format_word(name, pool->name), format_word(owner, pool->owner),
	       family_name(pool->family), pool->scheduler,
	       format_flags(flags, &sched_flags, pool->sched_flags),
	       pool->table_size, pool->affinity_timeout,
	       pool->affinity_prefix_len);
}

/** say_backend() - print a backend's settings likewise */
void say_backend(const struct vsb_pool *pool,
		  const struct vsb_backend *backend)
{
	char address[ENDPOINT_MAX], sets[2 * VSB_SETS_MAX], word[WORD_MAX];

	printf("backend %s %s weight %u state %s sets %s upper %u lower %u",
	       format_word(word, pool->name),
	       format_endpoint(address, pool->family, &backend->addr,
			       backend->port), backend->weight,
	       state_names[backend->state % ARRAY_SIZE(state_names)],
	       format_sets(sets, backend->sets), backend->upper,
	       backend->lower);
}

/** say_service() - print a service likewise */
void say_service(const struct vsb_service *service)
{
	char name[SERVICE_MAX], sources[24], flags[FLAGS_MAX], word[WORD_MAX];
	const struct vsb_route *route;
	unsigned int i;

	printf("service %s owner %s", format_service(name, service),
	       format_word(word, service->owner));
	if (service->label)
		printf(" label %s", format_word(word, service->label));
	printf(" elsewhere %s flags %s ranges %u",
	       action_names[service->elsewhere % ARRAY_SIZE(action_names)],
	       format_flags(flags, &service_flags, service->flags), service->ranges);
	for (i = 0; i < service->n_routes; i++) {
		route = &service->routes[i];
		printf(" %s pool %s set %u masquerade %s",
		       format_sources(sources, route->sources),
		       format_word(word, route->pool), route->set,
		       route->masquerade ? "yes" : "no");
	}
}

static int show_pools(const struct state *state, bool json)
{
	json_t *array = json ? json_array() : NULL;
	const struct state_pool *pool;
	size_t i;

	for (i = 0; i < state->n_pools; i++) {
		pool = &state->pools[i];
		if (json) {
			json_append(&array, json_pool(state, pool));
			continue;
		}
		say_pool(&pool->pool);
		printf(" backends %zu users %u\n", pool->n, pool->pool.users);
	}

	return json ? json_print(json_pack("{so}", "pools", array)) : 0;
}

static int show_backends(const struct state *state, bool json)
{
	json_t *array = json ? json_array() : NULL;
	const struct state_backend *backend;
	const struct vsb_pool *pool;
	size_t i;

	for (i = 0; i < state->n_backends; i++) {
		backend = &state->backends[i];
		pool = &state->pools[backend->pool].pool;
		if (json) {
			json_append(&array,
				    json_backend(pool, &backend->backend));
			continue;
		}
		say_backend(pool, &backend->backend);
		printf(" connections %u active %u\n",
		       backend->backend.connections, backend->backend.active);
	}

	return json ? json_print(json_pack("{so}", "backends", array)) : 0;
}

static int show_services(const struct state *state, bool json)
{
	json_t *array = json ? json_array() : NULL;
	const struct vsb_service *service;
	size_t i;

	for (i = 0; i < state->n_services; i++) {
		service = &state->services[i];
		if (json) {
			json_append(&array, json_service(service));
			continue;
		}
		say_service(service);
		printf("\n");
	}

	return json ? json_print(json_pack("{so}", "services", array)) : 0;
}

static int show_ranges(const struct state *state, bool json)
{
	char text[SERVICE_MAX], cidr[ENDPOINT_MAX];
	const struct state_range *range;
	size_t i;

	if (json)
		return json_print(json_ranges(state));

	for (i = 0; i < state->n_ranges; i++) {
		range = &state->ranges[i];
		printf("range %s %s\n",
		       format_service(text, &state->services[range->service]),
		       format_cidr(cidr, &range->cidr));
	}

	return 0;
}

static int show_settings(struct session *session)
{
	struct vsb_config config;

	if (vsb_config_get(session->vsb, &config))
		return session_refused(session, "config");
	if (session->options.json)
		return json_print(json_config(&config));
	printf("config");
	write_settings(&config);
	printf("\n");

	return 0;
}

/**
 * struct listing - what a noun shows
 * @noun: the noun
 * @of_pool: a name is that of a pool, else that of a service
 * @ranges: source ranges are wanted
 * @show: prints them
 */
struct listing {
	const char *noun;
	bool of_pool, ranges;
	int (*show)(const struct state *state, bool json);
};

static const struct listing listings[] = {
	{ "pool", true, false, show_pools },
	{ "backend", true, false, show_backends },
	{ "service", false, false, show_services },
	{ "range", false, true, show_ranges },
};

static int parse_part(const struct listing *listing, const char *name,
		      struct vsb_service *key, struct state_part *part)
{
	if (!name)
		return 0;
	if (listing->of_pool)
		return parse_name("pool", name, &part->pool);
	part->service = key;

	return parse_service(name, key);
}

static int show_part(struct session *session, const struct listing *listing,
		     const struct state_part *part, const char *name)
{
	const char *what = listing->of_pool ? "pool" : "service";
	struct state state = { .pools = NULL };
	int status;

	status = state_load(session, part, &state, listing->ranges);
	if (!status && name &&
	    !(listing->of_pool ? state.n_pools : state.n_services))
		status = complain(EXIT_REFUSED, "%s %s: no such %s", what, name,
				  what);
	if (!status)
		status = listing->show(&state, session->options.json);
	state_free(&state);

	return status;
}

static int show_objects(struct session *session, const char *noun,
			const char *name)
{
	struct state_part part = { .pool = NULL };
	const struct listing *listing = listings;
	struct vsb_service key;

	while (strcmp(listing->noun, noun))
		listing++;

	return parse_part(listing, name, &key, &part) ?:
	       show_part(session, listing, &part, name);
}

/**
 * show() - "pool show [NAME]" and its kin
 * @options: of the command line
 * @n: how many words
 * @words: noun, "show", and perhaps a name
 *
 * Return: 0 or an exit code, after complaining.
 */
int show(const struct options *options, int n, char **words)
{
	const char *noun = words[0], *name = n > 2 ? words[2] : NULL;
	bool config = !strcmp(noun, "config");
	struct session session;
	int status;

	if (n > (config ? 2 : 3))
		return bad("\"%s\": not expected here", words[n - 1]);

	status = session_open(&session, options);
	if (!status)
		status = config ? show_settings(&session) :
				  show_objects(&session, noun, name);
	session_close(&session);

	return status;
}

static void print_counters(const struct vsb_info *info)
{
	const struct {
		const char *name;
		uint64_t value;
	} counters[] = {
		{ "rejected", info->rejected },
		{ "dropped", info->dropped },
		{ "not-syn", info->not_syn },
		{ "no-backend", info->no_backend },
		{ "elsewhere", info->elsewhere },
		{ "not-allowed", info->not_allowed },
		{ "unserved", info->unserved },
		{ "unallocated", info->unallocated },
		{ "full", info->full },
		{ "reject-limited", info->reject_limited },
		{ "failed", info->failed },
		{ "unrecorded", info->unrecorded },
		{ "affinity-entries", info->affinity_entries },
		{ "affinity-hits", info->affinity_hits },
		{ "affinity-evictions", info->affinity_evictions },
		{ "table-bytes", info->table_bytes },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counters); i++)
		printf("%s %" PRIu64 "\n", counters[i].name,
		       counters[i].value);
}

static void print_info(const struct vsb_info *info)
{
	const struct vsb_stats *retired = &info->retired;

	printf("version %s\ngeneration %u\nschedulers %s\n", info->version,
	       info->generation, info->schedulers);
	printf("pools %u of %u\nservices %u of %u\nbackends %u of %u\n",
	       info->pools, info->max_pools, info->services,
	       info->max_services, info->backends, info->max_backends);
	printf("ranges %u\nconnections %u\nrecords %u\ntransactions %u\n",
	       info->ranges, info->connections, info->records,
	       info->transactions);
	print_counters(info);
	printf("retired connections %" PRIu64 " packets-in %" PRIu64
	       " packets-out %" PRIu64 " bytes-in %" PRIu64 " bytes-out %"
	       PRIu64 "\n", retired->connections, retired->packets_in,
	       retired->packets_out, retired->bytes_in, retired->bytes_out);
}

/**
 * info() - version, limits and counts
 * @options: of the command line
 *
 * Return: 0 or an exit code, after complaining.
 */
int info(const struct options *options)
{
	struct session session;
	int status;

	status = session_open(&session, options);
	if (!status && options->json)
		status = json_print(json_info(&session.info));
	else if (!status)
		print_info(&session.info);
	session_close(&session);

	return status;
}
