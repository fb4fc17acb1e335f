// SPDX-License-Identifier: GPL-2.0
/* Owns which endpoints a service port has, and which of them are usable. */

#include <netinet/in.h>
#include <string.h>

#include "model/endpoints.h"

/* END-1 */
static bool port_matches(const struct k8s_port *have,
			 const struct k8s_port *want)
{
	return have->name && have->port && have->protocol == want->protocol &&
	       !strcmp(have->name, want->name);
}

/* What packets can't be sent to is left out. */
static void add_slice(struct endpoints *endpoints,
		      const struct k8s_object *object, uint16_t port,
		      const struct node *node,
		      const struct annotations *annotations)
{
	const struct k8s_slice *slice = &object->slice;

	for (size_t i = 0; i < slice->n_endpoints; i++) {
		const struct k8s_endpoint *from = &slice->endpoints[i];
		const struct ip ip = { slice->family, from->addr };

		if (ip_unusable(&ip))
			continue;
		endpoints->list = mem_grow(endpoints->list, endpoints->n,
					   &endpoints->room,
					   sizeof(*endpoints->list));
		endpoints->list[endpoints->n++] = (struct endpoint) {
			.backend = {
				.addr = from->addr,
				.port = port,
				.weight = annotations_weight(annotations, &ip),
			},
			.from = from,
			.slice = object,
			.local = from->node && !strcmp(from->node, node->name),
		};
	}
}

/* Of two with one address and port the better comes first. */
static int by_key(const void *a, const void *b)
{
	const struct endpoint *left = a, *right = b;
	const struct k8s_endpoint *l = left->from, *r = right->from;

	return state_compare_backends(&left->backend, &right->backend) ?:
	       (l->terminating - r->terminating) ?: (r->ready - l->ready) ?:
	       (r->serving - l->serving) ?: (right->local - left->local) ?:
	       k8s_compare_names(&left->slice->meta, &right->slice->meta);
}

/* END-1: an address and port that is there twice counts once. */
static void drop_repeated(struct endpoints *endpoints)
{
	struct endpoint *list = endpoints->list;
	size_t kept = 0;

	if (endpoints->n < 2)
		return;
	qsort(list, endpoints->n, sizeof(*list), by_key);
	for (size_t i = 1; i < endpoints->n; i++) {
		if (state_compare_backends(&list[kept].backend,
					   &list[i].backend))
			list[++kept] = list[i];
		else if (!endpoints->repeated)
			endpoints->repeated = &list[kept];
	}
	endpoints->n = kept + 1;
}

static bool is_named(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static bool is_hinted(const struct k8s_endpoint *endpoint,
		      const struct node *node, enum topology topology)
{
	const char **names = topology == TOPOLOGY_NODE ? endpoint->for_nodes :
							 endpoint->for_zones;
	const char *name = topology == TOPOLOGY_NODE ? node->name : node->zone;

	return names && *name && is_named((const char *const *)names, name);
}

/**
 * struct hints - what the ready endpoints have of one kind
 * @all: whether all have them
 * @here: whether one has them for this node
 */
struct hints {
	bool all, here;
};

static struct hints look_at_hints(const struct endpoints *endpoints,
				  const struct node *node,
				  enum topology topology)
{
	struct hints hints = { .all = endpoints->any_ready };
	const struct k8s_endpoint *from;

	for (size_t i = 0; i < endpoints->n; i++) {
		from = endpoints->list[i].from;
		if (!from->ready)
			continue;
		if (!(topology == TOPOLOGY_NODE ? from->for_nodes :
						  from->for_zones))
			hints.all = false;
		else if (is_hinted(from, node, topology))
			hints.here = true;
	}
	return hints;
}

/* END-3 */
static void find_topology(struct endpoints *endpoints, const struct node *node)
{
	const struct hints nodes = look_at_hints(endpoints, node,
						 TOPOLOGY_NODE);
	const struct hints zones = look_at_hints(endpoints, node,
						 TOPOLOGY_ZONE);

	if (nodes.all && nodes.here)
		endpoints->topology = TOPOLOGY_NODE;
	else if (zones.all && zones.here)
		endpoints->topology = TOPOLOGY_ZONE;
	else
		endpoints->foreign_hints = nodes.all || zones.all;
}

static void find_ready(struct endpoints *endpoints)
{
	const struct endpoint *endpoint;

	for (size_t i = 0; i < endpoints->n; i++) {
		endpoint = &endpoints->list[i];
		endpoints->any_ready |= endpoint->from->ready;
		endpoints->any_local |= endpoint->local;
		endpoints->any_local_ready |= endpoint->from->ready &&
					      endpoint->local;
	}
}

static bool falls_back(const struct k8s_endpoint *endpoint)
{
	return endpoint->serving && endpoint->terminating;
}

/* END-2, and END-3 of the ready ones */
static bool in_cluster_set(const struct endpoints *endpoints,
			   const struct k8s_endpoint *from,
			   const struct node *node)
{
	if (!endpoints->any_ready)
		return falls_back(from);
	return from->ready && (endpoints->topology == TOPOLOGY_ALL ||
			       is_hinted(from, node, endpoints->topology));
}

/* END-4 */
static bool in_local_set(const struct endpoints *endpoints,
			 const struct endpoint *endpoint)
{
	return endpoint->local && (endpoints->any_local_ready ?
				   endpoint->from->ready :
				   falls_back(endpoint->from));
}

/*
 * What is not usable stays in the pool, so that its connections go on. Those
 * of other protocols than TCP end when it serves no longer (CHG-2).
 */
static void settle(struct endpoints *endpoints, struct endpoint *endpoint,
		   uint8_t protocol, const struct node *node)
{
	const struct k8s_endpoint *from = endpoint->from;
	struct backend *backend = &endpoint->backend;

	if (in_cluster_set(endpoints, from, node))
		backend->sets |= CLUSTER_MASK;
	if (in_local_set(endpoints, endpoint))
		backend->sets |= LOCAL_MASK;
	if (!backend->sets && from->terminating)
		backend->state = VSB_STATE_DRAINING;
	endpoint->gone = protocol != IPPROTO_TCP && !from->ready &&
			 !from->serving;
}

/**
 * endpoints_find() - find the endpoints of a service port in a family
 * @endpoints: where to store them, to be freed by endpoints_free()
 * @slices: the Service's
 * @port: the port
 * @family: AF_INET or AF_INET6
 * @node: where they are to be used
 * @annotations: the Service's
 */
void endpoints_find(struct endpoints *endpoints, const struct slices *slices,
		    const struct k8s_port *port, uint16_t family,
		    const struct node *node,
		    const struct annotations *annotations)
{
	const struct k8s_slice *slice;

	*endpoints = (struct endpoints) { 0 };
	for (size_t i = 0; i < slices->n; i++) {
		slice = &slices->list[i]->slice;
		if (slice->headless || slice->family != family)
			continue;
		for (size_t p = 0; p < slice->n_ports; p++) {
			if (!port_matches(&slice->ports[p], port))
				continue;
			endpoints->matched = true;
			add_slice(endpoints, slices->list[i],
				  slice->ports[p].port, node, annotations);
		}
	}
	drop_repeated(endpoints);
	find_ready(endpoints);
	find_topology(endpoints, node);
	for (size_t i = 0; i < endpoints->n; i++)
		settle(endpoints, &endpoints->list[i], port->protocol, node);
}

void endpoints_free(struct endpoints *endpoints)
{
	free(endpoints->list);
}
