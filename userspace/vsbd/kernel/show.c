// SPDX-License-Identifier: GPL-2.0
/* Owns how changes read: a line each for people, a name for messages. */

#include <netinet/in.h>
#include <string.h>

#include "kernel/show.h"

/**
 * show_key() - name a service by its key
 * @service: the service
 * @text: where to write
 *
 * Return: @text: "tcp 10.96.0.10:80", "udp IPv4 node port 30053", or "mark 5"
 *	of somebody's who used our owner's name.
 */
const char *show_key(const struct service *service, char text[SHOW_KEY_MAX])
{
	char addr[IP_TEXT_MAX];

	if (service->kind == VSB_KIND_MARK)
		snprintf(text, SHOW_KEY_MAX, "mark %u", service->mark);
	else if (service->kind == VSB_KIND_NODE_PORT)
		snprintf(text, SHOW_KEY_MAX, "%s IPv%c node port %u",
			 ip_protocol_name(service->protocol),
			 service->family == AF_INET ? '4' : '6', service->port);
	else
		snprintf(text, SHOW_KEY_MAX, "%s %s",
			 ip_protocol_name(service->protocol),
			 ip_print_port(service->family, &service->addr,
				       service->port, addr));
	return text;
}

/**
 * show_name() - name the object of a change
 * @change: the change
 * @text: where to write
 *
 * Return: @text, such as "service tcp 10.96.0.10:80 (default/web:http)".
 */
const char *show_name(const struct change *change, char text[SHOW_NAME_MAX])
{
	const struct service *service = change->service;
	const struct pool *pool = change->pool;
	char addr[IP_TEXT_MAX], key[SHOW_KEY_MAX];
	char more[32] = "";

	if (service) {
		snprintf(text, SHOW_NAME_MAX, "%sservice %s (%s)",
			 change->n ? "source ranges of " : "",
			 show_key(service, key), service->label);
	} else if (change->n) {
		if (change->n > 1)
			snprintf(more, sizeof(more), " and %zu more",
				 change->n - 1);
		snprintf(text, SHOW_NAME_MAX, "backend %s%s of pool %s",
			 ip_print_port(pool->family, &change->backends->addr,
				       change->backends->port, addr), more,
			 pool->name);
	} else {
		snprintf(text, SHOW_NAME_MAX, "pool %s", pool->name);
	}
	return text;
}

/** show_set() - what Kubernetes calls the endpoints of a set */
const char *show_set(unsigned int set)
{
	static const char *const names[VSB_SETS_MAX] = {
		"cluster", "local", "set 2", "set 3", "set 4", "set 5",
		"set 6", "set 7",
	};

	return names[set];
}

static void show_sets(uint8_t sets, FILE *out)
{
	char separator = ' ';

	if (!sets)
		fputs(" in no set", out);
	for (unsigned int i = 0; i < VSB_SETS_MAX; i++) {
		if (!(sets & 1 << i))
			continue;
		fprintf(out, "%c%s", separator, show_set(i));
		separator = ',';
	}
}

static void show_backend(const struct backend *backend, FILE *out)
{
	fputs(backend->state == VSB_STATE_DRAINING ? " draining" : " up", out);
	if (backend->weight != 1)
		fprintf(out, " weight %u", backend->weight);
	show_sets(backend->sets, out);
	if (backend->limited)
		fputs(" with thresholds", out);
}

static void show_backends(char sign, const struct change *change, FILE *out)
{
	const struct pool *pool = change->pool;
	char addr[IP_TEXT_MAX];

	for (size_t i = 0; i < change->n; i++) {
		const struct backend *backend = &change->backends[i];

		fprintf(out, "%c backend %s %s", sign, pool->name,
			ip_print_port(pool->family, &backend->addr,
				      backend->port, addr));
		if (sign != '-')
			show_backend(backend, out);
		if (sign == '~') {
			fputs(" (was", out);
			show_backend(&change->old_backends[i], out);
			fputc(')', out);
		}
		fputc('\n', out);
	}
}

static void show_ranges(char sign, const struct change *change, FILE *out)
{
	char key[SHOW_KEY_MAX], text[IP_TEXT_MAX];

	for (size_t i = 0; i < change->n; i++)
		fprintf(out, "%c range %s from %s\n", sign,
			show_key(change->service, key),
			ip_print_cidr(&change->ranges[i], text));
}

static void show_settings(const struct pool *pool, FILE *out)
{
	fputs(pool->scheduler, out);
	if (pool->sched_flags & VSB_SCHED_FLAG_PORT)
		fputs(" port", out);
	if (pool->sched_flags & VSB_SCHED_FLAG_FALLBACK)
		fputs(" fallback", out);
	if (pool->table_size != TABLE_SIZE)
		fprintf(out, " table-size %u", pool->table_size);
	if (pool->affinity_timeout)
		fprintf(out, " affinity %us", pool->affinity_timeout);
	if (pool->affinity_prefix_len != (pool->family == AF_INET ? 32 : 128))
		fprintf(out, " by /%u", pool->affinity_prefix_len);
}

static void show_pool(char sign, const struct change *change, FILE *out)
{
	const struct pool *pool = change->pool;

	fprintf(out, "%c pool %s", sign, pool->name);
	if (sign != '-') {
		fputc(' ', out);
		show_settings(pool, out);
	}
	if (sign == '~') {
		fputs(" (was ", out);
		show_settings(change->old_pool, out);
		fputc(')', out);
	}
	fputc('\n', out);
}

static void show_way(const struct route *route, FILE *out)
{
	fprintf(out, " %s%s", show_set(route->set),
		route->masquerade ? " masqueraded" : "");
}

static bool is_plain(const struct route *route)
{
	return !route->set && !route->masquerade;
}

static void show_route(const struct route *route, FILE *out)
{
	fprintf(out, " -> %s", route->pool);
	if (!is_plain(route))
		show_way(route, out);
}

static void show_routes(const struct route *routes, FILE *out)
{
	static const char *const kinds[STATE_SOURCES] = {
		"pod", "node", "outside",
	};
	bool one_pool = !strcmp(routes[0].pool, routes[1].pool) &&
			!strcmp(routes[0].pool, routes[2].pool);

	if (state_same_route(&routes[0], &routes[1]) &&
	    state_same_route(&routes[0], &routes[2])) {
		show_route(&routes[0], out);
		return;
	}
	if (one_pool)
		fprintf(out, " -> %s:", routes[0].pool);
	for (int i = 0; i < STATE_SOURCES; i++) {
		fprintf(out, "%s %s", i ? "," : "", kinds[i]);
		if (one_pool)
			show_way(&routes[i], out);
		else
			show_route(&routes[i], out);
	}
}

static void show_settings_of(const struct service *service, FILE *out)
{
	if (*service->label)
		fprintf(out, " %s", service->label);
	show_routes(service->routes, out);
	if (service->elsewhere == VSB_ACTION_REJECT)
		fputs(", elsewhere reject", out);
	if (service->flags & VSB_FLAG_CLUSTER_IP)
		fputs(", cluster-ip", out);
	if (service->flags & VSB_FLAG_RESTRICTED)
		fputs(", restricted", out);
}

static void show_service(char sign, const struct change *change, FILE *out)
{
	const struct service *service = change->service;
	char key[SHOW_KEY_MAX];

	fprintf(out, "%c service %s", sign, show_key(service, key));
	if (sign != '-')
		show_settings_of(service, out);
	else if (*service->label)
		fprintf(out, " %s", service->label);
	if (sign == '~') {
		fputs(" (was", out);
		show_settings_of(change->old_service, out);
		fputc(')', out);
	}
	fputc('\n', out);
}

/**
 * show_diff() - print changes, a line for each object
 * @diff: the changes
 * @out: where to
 */
void show_diff(const struct diff *diff, FILE *out)
{
	static const struct {
		char sign;
		void (*show)(char sign, const struct change *change,
			     FILE *out);
	} ways[] = {
		[SERVICE_DEL] = { '-', show_service },
		[SERVICE_SET] = { '~', show_service },
		[SERVICE_NEW] = { '+', show_service },
		[RANGES_DEL] = { '-', show_ranges },
		[RANGES_NEW] = { '+', show_ranges },
		[POOL_DEL] = { '-', show_pool },
		[POOL_SET] = { '~', show_pool },
		[POOL_NEW] = { '+', show_pool },
		[BACKENDS_DEL] = { '-', show_backends },
		[BACKENDS_SET] = { '~', show_backends },
		[BACKENDS_NEW] = { '+', show_backends },
	};
	const struct change *change;

	for (size_t i = 0; i < diff->n; i++) {
		change = &diff->list[i];
		ways[change->kind].show(ways[change->kind].sign, change, out);
	}
}
