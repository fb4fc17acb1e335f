// SPDX-License-Identifier: GPL-2.0
/*
 * Owns how a change is written as a line of our own grammar, and what such a
 * line says of an object that there is: what is not so by default.
 */
#include <stdio.h>
#include <string.h>

#include "vsbadm.h"

/* Ranges of one line. */
#define RANGES_PER_LINE	64

static void write_pool(const struct change *change)
{
	const struct vsb_pool *pool = &change->pool;
	char word[WORD_MAX], flags[FLAGS_MAX];

	printf("pool %s %s", verb_names[change->verb],
	       format_word(word, pool->name));
	if (change->verb == VERB_ADD)
		printf(" family %s", family_name(pool->family));
	if (pool->scheduler)
		printf(" scheduler %s", pool->scheduler);
	if (pool->given & VSB_POOL_SCHED_FLAGS)
		printf(" sched-flags %s",
		       format_flags(flags, &sched_flags, pool->sched_flags));
	if (pool->given & VSB_POOL_TABLE_SIZE)
		printf(" table-size %u", pool->table_size);
	if (pool->given & VSB_POOL_AFFINITY_TIMEOUT)
		printf(" affinity-timeout %u", pool->affinity_timeout);
	if (pool->given & VSB_POOL_AFFINITY_PREFIX_LEN)
		printf(" affinity-prefix-len %u", pool->affinity_prefix_len);
	printf("\n");
}

static void write_backend(const struct change *change)
{
	char address[ENDPOINT_MAX], sets[2 * VSB_SETS_MAX], word[WORD_MAX];
	const struct vsb_backend *backend = &change->backend;

	printf("backend %s %s %s", verb_names[change->verb],
	       format_word(word, change->pool.name),
	       format_endpoint(address, change->pool.family, &backend->addr,
			       backend->port));
	if (backend->given & VSB_BACKEND_WEIGHT)
		printf(" weight %u", backend->weight);
	if (backend->given & VSB_BACKEND_STATE)
		printf(" state %s", state_names[backend->state %
						ARRAY_SIZE(state_names)]);
	if (backend->given & VSB_BACKEND_SETS)
		printf(" sets %s", format_sets(sets, backend->sets));
	if (backend->given & VSB_BACKEND_UPPER)
		printf(" upper %u", backend->upper);
	if (backend->given & VSB_BACKEND_LOWER)
		printf(" lower %u", backend->lower);
	printf("\n");
}

static void write_route(const struct vsb_route *route)
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

static void write_service(const struct change *change)
{
	char name[SERVICE_MAX], flags[FLAGS_MAX], word[WORD_MAX];
	const struct vsb_service *service = &change->service;
	unsigned int i;

	printf("service %s %s", verb_names[change->verb],
	       format_service(name, service));
	if (service->label)
		printf(" label %s", format_word(word, service->label));
	if (service->given & VSB_SERVICE_ELSEWHERE)
		printf(" elsewhere %s",
		       action_names[service->elsewhere %
				    ARRAY_SIZE(action_names)]);
	if (service->given & VSB_SERVICE_FLAGS)
		printf(" flags %s", format_flags(flags, &service_flags,
						 service->flags));
	for (i = 0; i < service->n_routes; i++)
		write_route(&service->routes[i]);
	printf("\n");
}

static void write_ranges(const struct change *change)
{
	char name[SERVICE_MAX], cidr[ENDPOINT_MAX];
	size_t i;

	format_service(name, &change->service);
	for (i = 0; i < change->n_ranges; i++) {
		if (i % RANGES_PER_LINE)
			printf(",");
		else
			printf("%srange %s %s ", i ? "\n" : "",
			       verb_names[change->verb], name);
		printf("%s", format_cidr(cidr, &change->ranges[i]));
	}
	printf("\n");
}

static void write_number(const struct vsb_config *config, uint32_t given,
			 const char *name, uint32_t value)
{
	if (config->given & given)
		printf(" %s %u", name, value);
}

static void write_switch(const struct vsb_config *config, uint32_t given,
			 const char *name, bool value)
{
	if (config->given & given)
		printf(" %s %s", name, value ? "on" : "off");
}

static void write_cidrs(const struct vsb_config *config, uint32_t given,
			const char *name, const struct vsb_cidr_list *list)
{
	char text[ENDPOINT_MAX];
	unsigned int i;

	if (!(config->given & given))
		return;
	printf(" %s %s", name, list->n ? "" : "none");
	for (i = 0; i < list->n; i++)
		printf("%s%s", i ? "," : "",
		       format_cidr(text, &list->cidrs[i]));
}

static void write_devices(const struct vsb_config *config)
{
	unsigned int i;

	if (!(config->given & VSB_CONFIG_POD_DEVICES))
		return;
	printf(" pod-devices %s", config->n_pod_devices ? "" : "none");
	for (i = 0; i < config->n_pod_devices; i++)
		printf("%s%s", i ? "," : "", config->pod_devices[i]);
}

/** write_settings() - write the settings that are given */
void write_settings(const struct vsb_config *config)
{
	write_switch(config, VSB_CONFIG_ACCOUNTING, "accounting",
		     config->accounting);
	write_number(config, VSB_CONFIG_FINISHED_MAX, "finished-max",
		     config->finished_max);
	write_switch(config, VSB_CONFIG_MASQUERADE_ALL, "masquerade-all",
		     config->masquerade_all);
	write_cidrs(config, VSB_CONFIG_POD_CIDRS, "pod-cidrs",
		    &config->pod_cidrs);
	write_devices(config);
	write_cidrs(config, VSB_CONFIG_SERVICE_CIDRS, "service-cidrs",
		    &config->service_cidrs);
	write_cidrs(config, VSB_CONFIG_NODE_PORT_CIDRS, "node-port-cidrs",
		    &config->node_port_cidrs);
	write_number(config, VSB_CONFIG_REJECT_RATE, "reject-rate",
		     config->reject_rate);
	write_number(config, VSB_CONFIG_MAX_POOLS, "max-pools",
		     config->max_pools);
	write_number(config, VSB_CONFIG_MAX_SERVICES, "max-services",
		     config->max_services);
	write_number(config, VSB_CONFIG_MAX_BACKENDS, "max-backends",
		     config->max_backends);
	write_number(config, VSB_CONFIG_AFFINITY_MAX, "affinity-max",
		     config->affinity_max);
	write_number(config, VSB_CONFIG_TABLE_BYTES_MAX, "table-bytes-max",
		     config->table_bytes_max);
	write_number(config, VSB_CONFIG_TIMEOUT_TCP, "timeout-tcp",
		     config->timeout_tcp);
	write_number(config, VSB_CONFIG_TIMEOUT_TCP_FIN, "timeout-tcp-fin",
		     config->timeout_tcp_fin);
	write_number(config, VSB_CONFIG_TIMEOUT_UDP, "timeout-udp",
		     config->timeout_udp);
}

/**
 * write_change() - print a change as a line that txn reads
 * @change: of a pool, backend, service, ranges or settings; many ranges make
 *	several lines
 */
void write_change(const struct change *change)
{
	switch (change->noun) {
	case NOUN_POOL:
		write_pool(change);
		break;
	case NOUN_BACKEND:
		write_backend(change);
		break;
	case NOUN_SERVICE:
		write_service(change);
		break;
	case NOUN_RANGE:
		write_ranges(change);
		break;
	default:
		printf("config %s", verb_names[change->verb]);
		write_settings(&change->config);
		printf("\n");
		break;
	}
}

uint32_t address_bits(uint16_t family)
{
	return family == AF_INET6 ? 128 : 32;
}

/** add_of_pool() - the change that makes a pool */
struct change add_of_pool(const struct vsb_pool *pool)
{
	struct change change = {
		.noun = NOUN_POOL, .verb = VERB_ADD, .pool = *pool,
	};
	uint32_t *given = &change.pool.given;

	*given &= VSB_POOL_TABLE_SIZE;
	if (pool->table_size == TABLE_SIZE)
		*given = 0;
	if (pool->sched_flags)
		*given |= VSB_POOL_SCHED_FLAGS;
	if (pool->affinity_timeout)
		*given |= VSB_POOL_AFFINITY_TIMEOUT;
	if (pool->affinity_prefix_len != address_bits(pool->family))
		*given |= VSB_POOL_AFFINITY_PREFIX_LEN;

	return change;
}

/** add_of_backend() - the change that adds a backend to a pool */
struct change add_of_backend(const struct vsb_pool *pool,
			     const struct vsb_backend *backend)
{
	struct change change = {
		.noun = NOUN_BACKEND, .verb = VERB_ADD, .pool = *pool,
		.backend = *backend,
	};
	uint32_t *given = &change.backend.given;

	*given = VSB_BACKEND_WEIGHT;
	if (backend->state != VSB_STATE_UP)
		*given |= VSB_BACKEND_STATE;
	if (backend->sets != 1)
		*given |= VSB_BACKEND_SETS;
	if (backend->upper)
		*given |= VSB_BACKEND_UPPER;
	if (backend->lower)
		*given |= VSB_BACKEND_LOWER;

	return change;
}

/** add_of_service() - the change that makes a service, without its ranges */
struct change add_of_service(const struct vsb_service *service)
{
	struct change change = {
		.noun = NOUN_SERVICE, .verb = VERB_ADD, .service = *service,
	};
	uint32_t *given = &change.service.given;

	*given = 0;
	if (service->elsewhere != VSB_ACTION_DROP)
		*given |= VSB_SERVICE_ELSEWHERE;
	if (service->flags)
		*given |= VSB_SERVICE_FLAGS;

	return change;
}
