// SPDX-License-Identifier: GPL-2.0
/* Owns {pool|backend|service|config} show, and info. */
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "vsbadm.h"

static void show_pool(const struct state_pool *pool)
{
	char name[WORD_MAX], owner[WORD_MAX];

	printf("pool %s owner %s family %s scheduler %s backends %zu users %u\n",
	       format_word(name, pool->pool.name),
	       format_word(owner, pool->pool.owner),
	       family_name(pool->pool.family), pool->pool.scheduler, pool->n,
	       pool->pool.users);
}

static void show_backend(const struct vsb_pool *pool,
			 const struct vsb_backend *backend)
{
	char address[ENDPOINT_MAX], sets[2 * VSB_SETS_MAX], word[WORD_MAX];

	printf("backend %s %s weight %u state %s sets %s connections %u\n",
	       format_word(word, pool->name),
	       format_endpoint(address, pool->family, &backend->addr,
			       backend->port), backend->weight,
	       state_names[backend->state % ARRAY_SIZE(state_names)],
	       format_sets(sets, backend->sets), backend->connections);
}

static void show_service(const struct vsb_service *service)
{
	char name[SERVICE_MAX], sources[24], word[WORD_MAX];
	const struct vsb_route *route;
	unsigned int i;

	printf("service %s owner %s", format_service(name, service),
	       format_word(word, service->owner));
	if (service->label)
		printf(" label %s", format_word(word, service->label));
	printf(" elsewhere %s", action_names[service->elsewhere %
					     ARRAY_SIZE(action_names)]);
	for (i = 0; i < service->n_routes; i++) {
		route = &service->routes[i];
		printf(" %s pool %s set %u masquerade %s",
		       format_sources(sources, route->sources),
		       format_word(word, route->pool), route->set,
		       route->masquerade ? "yes" : "no");
	}
	printf("\n");
}

static int no_such(const char *noun, const char *name)
{
	return complain(EXIT_REFUSED, "%s %s: no such %s", noun, name, noun);
}

static int show_pools(const struct state *state, const char *name, bool json)
{
	const struct state_pool *only = name ? state_pool(state, name) : NULL;
	const struct state_pool *pool;
	json_t *array;
	size_t i;

	if (name && !only)
		return no_such("pool", name);

	array = json ? json_array() : NULL;
	for (i = 0; i < state->n_pools; i++) {
		pool = &state->pools[i];
		if (only && only != pool)
			continue;
		if (json)
			json_array_append_new(array, json_pool(state, pool));
		else
			show_pool(pool);
	}

	return json ? json_print(json_pack("{so}", "pools", array)) : 0;
}

static int show_backends(const struct state *state, const char *name,
			 bool json)
{
	const struct state_pool *only = name ? state_pool(state, name) : NULL;
	const struct state_backend *backend;
	const struct state_pool *pool;
	json_t *array;
	size_t i;

	if (name && !only)
		return no_such("pool", name);

	array = json ? json_array() : NULL;
	for (i = 0; i < state->n_backends; i++) {
		backend = &state->backends[i];
		pool = &state->pools[backend->pool];
		if (only && only != pool)
			continue;
		if (json)
			json_array_append_new(array,
					      json_backend(&pool->pool,
							   &backend->backend));
		else
			show_backend(&pool->pool, &backend->backend);
	}

	return json ? json_print(json_pack("{so}", "backends", array)) : 0;
}

static int show_services(const struct state *state, const char *name,
			 bool json)
{
	const struct vsb_service *only = NULL, *service;
	struct vsb_service key;
	json_t *array;
	size_t i;

	if (name) {
		if (parse_service(name, &key))
			return EXIT_SYNTAX;
		only = state_service(state, &key);
		if (!only)
			return no_such("service", name);
	}

	array = json ? json_array() : NULL;
	for (i = 0; i < state->n_services; i++) {
		service = &state->services[i];
		if (only && only != service)
			continue;
		if (json)
			json_array_append_new(array, json_service(service));
		else
			show_service(service);
	}

	return json ? json_print(json_pack("{so}", "services", array)) : 0;
}

static void print_cidrs(const char *name, const struct vsb_cidr_list *list)
{
	char text[ENDPOINT_MAX];
	unsigned int i;

	printf(" %s %s", name, list->n ? "" : "none");
	for (i = 0; i < list->n; i++)
		printf("%s%s", i ? "," : "",
		       format_cidr(text, &list->cidrs[i]));
}

static void print_config(const struct vsb_config *config)
{
	printf("config accounting %s finished-max %u masquerade-all %s",
	       config->accounting ? "on" : "off", config->finished_max,
	       config->masquerade_all ? "on" : "off");
	print_cidrs("pod-cidrs", &config->pod_cidrs);
	printf("\n");
}

static int show_config(struct session *session)
{
	struct vsb_config config;

	if (vsb_config_get(session->vsb, &config))
		return session_refused(session, "config");
	if (session->options.json)
		return json_print(json_config(&config));
	print_config(&config);

	return 0;
}

static int show_objects(struct session *session, const char *noun,
			const char *name)
{
	bool json = session->options.json;
	struct state state = { .pools = NULL };
	int status;

	status = state_load(session, &state);
	if (status)
		;
	else if (!strcmp(noun, "pool"))
		status = show_pools(&state, name, json);
	else if (!strcmp(noun, "backend"))
		status = show_backends(&state, name, json);
	else
		status = show_services(&state, name, json);
	state_free(&state);

	return status;
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
		status = config ? show_config(&session) :
				  show_objects(&session, noun, name);
	session_close(&session);

	return status;
}

static void print_info(const struct vsb_info *info)
{
	const struct vsb_stats *retired = &info->retired;

	printf("version %s\ngeneration %u\nschedulers %s\n", info->version,
	       info->generation, info->schedulers);
	printf("pools %u of %u\nservices %u of %u\nbackends %u of %u\n",
	       info->pools, info->max_pools, info->services,
	       info->max_services, info->backends, info->max_backends);
	printf("connections %u\nrecords %u\ntransactions %u\n",
	       info->connections, info->records, info->transactions);
	printf("rejected %" PRIu64 "\ndropped %" PRIu64 "\nnot-syn %" PRIu64
	       "\nfailed %" PRIu64 "\nunrecorded %" PRIu64 "\n",
	       info->rejected, info->dropped, info->not_syn, info->failed,
	       info->unrecorded);
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
