// SPDX-License-Identifier: GPL-2.0
/* Owns how changes read: a line each for people, a name for messages. */

#include <netinet/in.h>

#include "base/ip.h"
#include "kernel/show.h"

/* Room for show_key() */
#define SHOW_KEY_MAX (IP_TEXT_MAX + 8)

/* "tcp 10.96.0.10:80", or "mark 5" of somebody's who used our owner's name. */
static const char *show_key(const struct service *service,
			    char text[SHOW_KEY_MAX])
{
	char addr[IP_TEXT_MAX];

	if (service->kind == VSB_KIND_MARK)
		snprintf(text, SHOW_KEY_MAX, "mark %u", service->mark);
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
		snprintf(text, SHOW_NAME_MAX, "service %s (%s)",
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

static void show_sets(uint8_t sets, FILE *out)
{
	const char *separator = " sets ";

	if (!sets)
		fputs(" in no set", out);
	if (sets <= 1)
		return;
	for (int i = 0; i < VSB_SETS_MAX; i++) {
		if (!(sets & 1 << i))
			continue;
		fprintf(out, "%s%d", separator, i);
		separator = ",";
	}
}

static void show_backend(const struct backend *backend, FILE *out)
{
	fputs(backend->state == VSB_STATE_DRAINING ? " draining" : " up", out);
	if (backend->weight != 1)
		fprintf(out, " weight %u", backend->weight);
	show_sets(backend->sets, out);
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

static void show_settings(const struct pool *pool, FILE *out)
{
	fputs(pool->scheduler, out);
	if (pool->affinity_timeout)
		fprintf(out, " affinity %us", pool->affinity_timeout);
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

static void show_route(const struct route *route, FILE *out)
{
	fprintf(out, " -> %s", route->pool);
	if (route->set)
		fprintf(out, " set %u", route->set);
	if (route->masquerade)
		fputs(" masqueraded", out);
}

static void show_routes(const struct service *service, FILE *out)
{
	static const char *const kinds[STATE_SOURCES] = {
		"pod", "node", "outside",
	};
	const struct route *routes = service->routes;

	if (*service->label)
		fprintf(out, " %s", service->label);
	if (state_same_route(&routes[0], &routes[1]) &&
	    state_same_route(&routes[0], &routes[2])) {
		show_route(&routes[0], out);
	} else {
		for (int i = 0; i < STATE_SOURCES; i++) {
			fprintf(out, "%s %s", i ? "," : "", kinds[i]);
			show_route(&routes[i], out);
		}
	}
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
		show_routes(service, out);
	else if (*service->label)
		fprintf(out, " %s", service->label);
	if (sign == '~') {
		fputs(" (was", out);
		show_routes(change->old_service, out);
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
