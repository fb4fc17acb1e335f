// SPDX-License-Identifier: GPL-2.0
/* Owns what one Service and its EndpointSlices come to: pools and services. */

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "model/part.h"

/* Where its endpoints are, whatever their ports and conditions. */
static void collect_addresses(struct part *part)
{
	const struct k8s_slice *slice;
	size_t n = 0, kept = 0;
	struct ip *list;

	for (size_t i = 0; i < part->slices.n; i++)
		n += part->slices.list[i]->slice.n_endpoints;
	if (!n)
		return;
	list = mem_array(n, sizeof(*list));
	n = 0;
	for (size_t i = 0; i < part->slices.n; i++) {
		slice = &part->slices.list[i]->slice;
		for (size_t e = 0; e < slice->n_endpoints; e++)
			list[n++] = (struct ip) { slice->family,
						  slice->endpoints[e].addr };
	}
	qsort(list, n, sizeof(*list), ip_order);
	for (size_t i = 1; i < n; i++)
		if (ip_order(&list[kept], &list[i]))
			list[++kept] = list[i];
	part->addresses = list;
	part->n_addresses = kept + 1;
}

/**
 * part_ask() - find out what a Service wants, and where its endpoints are
 * @part: the part, of which part_forget() has been called
 * @node: this node
 */
void part_ask(struct part *part, const struct node *node)
{
	part->counts = part->service && routes_counts(part->service, node);
	if (!part->counts)
		return;
	annotations_read(&part->annotations, part->service,
			 &part->problems);
	routes_claim(&part->claims, part->service, node, &part->annotations,
		     &part->problems);
	for (size_t i = 0; i < part->claims.n; i++)
		part->claims.list[i].part = part;
	collect_addresses(part);
}

/** part_forget() - forget what was found out about a part */
void part_forget(struct part *part)
{
	problems_free(&part->problems);
	annotations_free(&part->annotations);
	free(part->claims.list);
	free(part->addresses);
	part->counts = false;
	part->annotations = (struct annotations) { 0 };
	part->claims = (struct claim_list) { 0 };
	part->addresses = NULL;
	part->n_addresses = 0;
}

/**
 * part_pool_name() - the name of a service port's pool
 * @part: the Service
 * @port: its port
 * @family: AF_INET or AF_INET6
 *
 * Return: "namespace/name:port/tcp/4", to be freed.
 */
char *part_pool_name(const struct part *part, const struct k8s_port *port,
		     uint16_t family)
{
	return mem_printf("%s/%s%s%s/%s/%c", part->namespace, part->name,
			  *port->name ? ":" : "", port->name,
			  ip_protocol_name(port->protocol),
			  family == AF_INET ? '4' : '6');
}

/**
 * part_find_endpoints() - find the endpoints of a service port in a family
 * @part: the Service, one that counts
 * @port: its port
 * @family: AF_INET or AF_INET6
 * @node: this node
 * @endpoints: where to store them, to be freed by endpoints_free()
 */
void part_find_endpoints(const struct part *part,
			 const struct k8s_port *port, uint16_t family,
			 const struct node *node, struct endpoints *endpoints)
{
	endpoints_find(endpoints, &part->slices, port, family, node,
		       &part->annotations);
}

/**
 * struct build - a result that is being built
 * @part: the Service
 * @around: what else it depends on
 * @state: the result
 * @problems: what is wrong
 */
struct build {
	const struct part *part;
	const struct surroundings *around;
	struct state *state;
	struct problems *problems;
};

static bool has_endpoints(const struct slices *slices, uint16_t family)
{
	const struct k8s_slice *slice;

	for (size_t i = 0; i < slices->n; i++) {
		slice = &slices->list[i]->slice;
		if (!slice->headless && slice->family == family &&
		    slice->n_endpoints)
			return true;
	}
	return false;
}

static void note_endpoints(const struct build *build,
			   const struct k8s_port *port, uint16_t family,
			   const struct endpoints *endpoints)
{
	const struct k8s_object *service = build->part->service;
	size_t index = (size_t)(port - service->service.ports);
	const struct endpoint *twice = endpoints->repeated;
	char text[IP_TEXT_MAX];

	if (!endpoints->matched && has_endpoints(&build->part->slices, family))
		problems_add(build->problems, LOG_NOTICE,
			     "Service %s/%s: spec.ports[%zu]: no EndpointSlice of IPv%c has a %s port \"%s\"",
			     K8S_NAMES(service), index,
			     family == AF_INET ? '4' : '6',
			     ip_protocol_name(port->protocol), port->name);
	if (twice)
		problems_add(build->problems, LOG_INFO,
			     "EndpointSlice %s/%s: %s is there more than once, and counts once",
			     K8S_NAMES(twice->slice),
			     ip_print_port(family, &twice->backend.addr,
					   twice->backend.port, text));
	if (endpoints->foreign_hints)
		problems_add(build->problems, LOG_INFO,
			     "Service %s/%s: spec.ports[%zu]: hints are ignored: no ready endpoint of IPv%c is hinted for node %s%s%s",
			     K8S_NAMES(service), index,
			     family == AF_INET ? '4' : '6',
			     build->around->node->name,
			     *build->around->node->zone ? " or its zone " : "",
			     build->around->node->zone);
}

/* An endpoint that is a cluster IP is sent what nobody answers. */
static void note_addresses(const struct build *build)
{
	const struct part *part = build->part;
	char text[IP_TEXT_MAX];

	for (size_t i = 0; i < part->n_addresses; i++)
		if (addresses_is_cluster_ip(build->around->addresses,
					    &part->addresses[i]))
			problems_add(build->problems, LOG_WARNING,
				     "Service %s/%s: its endpoint %s is the clusterIP of a Service",
				     K8S_NAMES(part->service),
				     ip_print(part->addresses[i].family,
					      &part->addresses[i].addr,
					      text));
}

/* The same of a virtual address and port; others there are not vsb's. */
static void note_vip(const struct build *build, const struct pool *pool,
		     uint8_t protocol, const struct backend *backend)
{
	const struct service key = {
		.kind = VSB_KIND_VIP,
		.family = pool->family,
		.protocol = protocol,
		.addr = backend->addr,
		.port = backend->port,
	};
	const struct claim *claim = claims_find(build->around->claims, &key);
	char text[IP_TEXT_MAX];

	if (claim && claim->kind != CLAIM_CLUSTER_IP)
		problems_add(build->problems, LOG_WARNING,
			     "Service %s/%s: its endpoint %s/%s is a virtual address of Service %s/%s",
			     K8S_NAMES(build->part->service),
			     ip_print_port(key.family, &key.addr, key.port,
					   text),
			     ip_protocol_name(protocol),
			     K8S_NAMES(claim->from));
}

/* All endpoints of one service port in one family. */
static void add_pool(const struct build *build, const struct k8s_port *port,
		     uint16_t family)
{
	const struct part *part = build->part;
	autofree char *name = part_pool_name(part, port, family);
	struct endpoints endpoints;
	struct pool *pool;

	pool = state_add_pool(build->state, name, family,
			      part->annotations.scheduler);
	pool->sched_flags = part->annotations.sched_flags;
	/* AFF-1 */
	pool->affinity_timeout = part->service->service.affinity_timeout;
	part_find_endpoints(part, port, family, build->around->node,
			    &endpoints);
	note_endpoints(build, port, family, &endpoints);
	for (size_t i = 0; i < endpoints.n; i++) {
		if (endpoints.list[i].gone)
			continue;
		state_add_backend(build->state, pool,
				  &endpoints.list[i].backend);
		note_vip(build, pool, port->protocol,
			 &endpoints.list[i].backend);
	}
	endpoints_free(&endpoints);
}

static void add_pools(const struct build *build)
{
	const struct k8s_service *from = &build->part->service->service;

	for (size_t p = 0; p < from->n_ports; p++)
		for (size_t i = 0; i < from->n_cluster_ips; i++)
			add_pool(build, &from->ports[p],
				 from->cluster_ips[i].family);
}

static void grant(const struct build *build, const struct claim *claim)
{
	const struct part *part = build->part;
	autofree char *pool = part_pool_name(part, claim->port,
					     claim->service.family);
	autofree char *label = mem_printf("%s/%s%s%s", part->namespace,
					  part->name,
					  *claim->port->name ? ":" : "",
					  claim->port->name);
	autofree struct vsb_cidr *ranges = NULL;
	struct service service = claim->service, *added;
	size_t n;

	service.label = label;
	for (int i = 0; i < STATE_SOURCES; i++)
		service.routes[i].pool = pool;
	added = state_add_service(build->state, &service);
	n = routes_ranges(claim, build->around->node, &ranges);
	for (size_t i = 0; i < n; i++)
		state_add_range(build->state, added, &ranges[i]);
}

static void refuse(const struct build *build, const struct claim *claim,
		   const struct claim *winner)
{
	const struct service *service = &claim->service;
	char text[IP_TEXT_MAX];

	/* An address may be a load balancer's and an external one as well. */
	if (winner->port == claim->port)
		return;
	/* Of one Service it is a node port that two of its ports have. */
	if (winner->from == claim->from)
		problems_add(build->problems, LOG_WARNING,
			     "Service %s/%s: node port %u/%s of IPv%c is port \"%s\"'s, and not port \"%s\"'s",
			     K8S_NAMES(claim->from), service->port,
			     ip_protocol_name(service->protocol),
			     service->family == AF_INET ? '4' : '6',
			     winner->port->name, claim->port->name);
	else if (claim->kind == CLAIM_NODE_PORT)
		problems_add(build->problems, LOG_WARNING,
			     "Service %s/%s: node port %u/%s of IPv%c is not served: it is Service %s/%s's",
			     K8S_NAMES(claim->from), service->port,
			     ip_protocol_name(service->protocol),
			     service->family == AF_INET ? '4' : '6',
			     K8S_NAMES(winner->from));
	else
		problems_add(build->problems, LOG_WARNING,
			     "Service %s/%s: %s/%s is not served: it is Service %s/%s's",
			     K8S_NAMES(claim->from),
			     ip_print_port(service->family, &service->addr,
					   service->port, text),
			     ip_protocol_name(service->protocol),
			     K8S_NAMES(winner->from));
}

static void settle_claims(const struct build *build)
{
	const struct claim_list *claims = &build->part->claims;
	const struct claim *winner;

	for (size_t i = 0; i < claims->n; i++) {
		winner = claims_find(build->around->claims,
				     &claims->list[i].service);
		if (winner == &claims->list[i])
			grant(build, winner);
		else
			refuse(build, &claims->list[i], winner);
	}
}

static void note_service(const struct build *build)
{
	const struct k8s_object *object = build->part->service;

	if (!object->service.n_cluster_ips)
		problems_add(build->problems, LOG_NOTICE,
			     "Service %s/%s: has no clusterIP",
			     K8S_NAMES(object));
	if (!object->service.n_ports)
		problems_add(build->problems, LOG_NOTICE,
			     "Service %s/%s: has no ports", K8S_NAMES(object));
}

static bool wants_family(const struct k8s_service *service, uint16_t family)
{
	return family == AF_UNSPEC || !service->n_cluster_ips ||
	       k8s_service_has(service, family);
}

static void note_unusable(const struct build *build,
			  const struct k8s_object *object)
{
	const struct k8s_slice *slice = &object->slice;
	char text[IP_TEXT_MAX];

	for (size_t i = 0; i < slice->n_endpoints; i++) {
		const struct ip ip = {
			slice->family, slice->endpoints[i].addr,
		};

		if (ip_unusable(&ip))
			problems_add(build->problems, LOG_WARNING,
				     "EndpointSlice %s/%s: endpoints[%zu] is ignored: %s %s",
				     K8S_NAMES(object), i,
				     ip_print(ip.family, &ip.addr, text),
				     ip_unusable(&ip));
	}
}

static void note_slice(const struct build *build,
		       const struct k8s_object *object)
{
	const struct k8s_object *service = build->part->service;
	const struct k8s_slice *slice = &object->slice;

	for (size_t i = 0; i < slice->n_ports; i++)
		if (!slice->ports[i].name)
			problems_add(build->problems, LOG_NOTICE,
				     "EndpointSlice %s/%s: ports[%zu] has no name and is ignored",
				     K8S_NAMES(object), i);
	note_unusable(build, object);
	if (!wants_family(&service->service, slice->family))
		problems_add(build->problems, LOG_NOTICE,
			     "EndpointSlice %s/%s: addressType is IPv%c, and Service %s/%s has no such clusterIP",
			     K8S_NAMES(object),
			     slice->family == AF_INET ? '4' : '6',
			     K8S_NAMES(service));
}

static void note_slices(const struct build *build)
{
	const struct slices *slices = &build->part->slices;

	for (size_t i = 0; i < slices->n; i++)
		if (!slices->list[i]->slice.headless)
			note_slice(build, slices->list[i]);
}

static void note_orphans(const struct part *part, struct problems *problems)
{
	const struct k8s_object *slice;

	for (size_t i = 0; i < part->slices.n; i++) {
		slice = part->slices.list[i];
		if (*part->name)
			problems_add(problems, LOG_INFO,
				     "EndpointSlice %s/%s: there is no Service %s/%s",
				     K8S_NAMES(slice), part->namespace,
				     part->name);
		else
			problems_add(problems, LOG_INFO,
				     "EndpointSlice %s/%s: has no label kubernetes.io/service-name",
				     K8S_NAMES(slice));
	}
}

/**
 * part_build() - find out what a Service comes to
 * @part: the Service, whose claims and addresses are among all
 * @around: what else it depends on
 * @problems: where to put what does not fit; the rest works
 *
 * Return: its pools and services, sorted.
 */
struct state *part_build(const struct part *part,
			 const struct surroundings *around,
			 struct problems *problems)
{
	struct build build = {
		.part = part,
		.around = around,
		.state = state_new(),
		.problems = problems,
	};

	if (!part->service)
		note_orphans(part, problems);
	if (!part->counts)
		return build.state;
	problems_add_all(problems, &part->problems);
	note_service(&build);
	note_slices(&build);
	note_addresses(&build);
	add_pools(&build);
	settle_claims(&build);
	state_sort(build.state);
	return build.state;
}
