// SPDX-License-Identifier: GPL-2.0
/* Owns which VIPs and node ports a Service has, and who gets which set. */

#include <string.h>
#include <syslog.h>

#include "model/endpoints.h"
#include "model/routes.h"

/* Kinds of source, in the order of a service's routes. */
enum {
	FROM_POD,
	FROM_NODE,
	FROM_OUTSIDE,
};

/* OBJ-1 */
bool routes_counts(const struct k8s_object *object, const struct node *node)
{
	const struct k8s_service *service = &object->service;

	if (service->headless || service->external_name)
		return false;
	return !service->proxy_name ||
	       (*node->proxy_name &&
		!strcmp(service->proxy_name, node->proxy_name));
}

/**
 * struct claimant - a Service that is being looked at
 * @claims: gets its claims
 * @object: the Service
 * @port: the port at hand
 * @node: this node
 * @annotations: the Service's
 */
struct claimant {
	struct claim_list *claims;
	const struct k8s_object *object;
	const struct k8s_port *port;
	const struct node *node;
	const struct annotations *annotations;
};

static void route(struct service *service, int source, uint8_t set,
		  bool masquerade)
{
	service->routes[source] = (struct route) {
		.set = set,
		.masquerade = masquerade,
	};
}

/* SET-1, SET-2; SET-5: nobody is masqueraded where pods are not known. */
static void route_internal(struct service *service, bool local, bool masquerade)
{
	uint8_t set = local ? LOCAL_SET : CLUSTER_SET;

	route(service, FROM_POD, set, false);
	route(service, FROM_NODE, set, masquerade);
	route(service, FROM_OUTSIDE, set, masquerade);
}

/* SET-3, SET-4 */
static void route_external(struct service *service, bool local)
{
	route(service, FROM_POD, CLUSTER_SET, !local);
	route(service, FROM_NODE, CLUSTER_SET, true);
	route(service, FROM_OUTSIDE, local ? LOCAL_SET : CLUSTER_SET, !local);
}

static struct service *add_claim(struct claimant *claimant,
				 enum claim_kind kind, uint16_t family)
{
	struct claim_list *claims = claimant->claims;
	struct claim *claim;

	claims->list = mem_grow(claims->list, claims->n, &claims->room,
				sizeof(*claims->list));
	claim = &claims->list[claims->n];
	*claim = (struct claim) {
		.kind = kind,
		.service = {
			.family = family,
			.protocol = claimant->port->protocol,
			.port = claimant->port->port,
			.label = "",
		},
		.from = claimant->object,
		.port = claimant->port,
		.order = claims->n++,
	};
	if (claimant->annotations->reject_elsewhere)
		claim->service.elsewhere = VSB_ACTION_REJECT;
	return &claim->service;
}

/* VIP-1 */
static void claim_cluster_ip(struct claimant *claimant, const struct ip *ip)
{
	struct service *service = add_claim(claimant, CLAIM_CLUSTER_IP,
					    ip->family);

	service->addr = ip->addr;
	service->flags = VSB_FLAG_CLUSTER_IP;
	route_internal(service, claimant->object->service.internal_local,
		       claimant->node->detects[family_index(ip->family)]);
}

static struct service *claim_external(struct claimant *claimant,
				      enum claim_kind kind,
				      const struct ip *ip)
{
	struct service *service = add_claim(claimant, kind, ip->family);

	service->addr = ip->addr;
	route_external(service, claimant->object->service.external_local);
	return service;
}

static bool has_ranges(const struct k8s_service *service, uint16_t family)
{
	for (size_t i = 0; i < service->n_source_ranges; i++)
		if (service->source_ranges[i].family == family)
			return true;
	return false;
}

/* SET-8 */
static bool is_restricted(const struct claimant *claimant, uint16_t family)
{
	const struct k8s_service *service = &claimant->object->service;

	return has_ranges(service, family) ||
	       (service->n_source_ranges &&
		claimant->annotations->strict_source_ranges);
}

static bool can_serve(const struct k8s_service *service, const struct ip *ip)
{
	return k8s_service_has(service, ip->family) && !ip_unusable_vip(ip);
}

/* VIP-4 */
static void claim_load_balancer(struct claimant *claimant)
{
	const struct k8s_service *from = &claimant->object->service;
	const struct k8s_ingress *ingress;
	struct service *service;

	for (size_t i = 0; from->is_balanced && i < from->n_ingress; i++) {
		ingress = &from->ingress[i];
		if (!ingress->is_vip || !can_serve(from, &ingress->ip))
			continue;
		service = claim_external(claimant, CLAIM_LOAD_BALANCER,
					 &ingress->ip);
		if (is_restricted(claimant, ingress->ip.family))
			service->flags |= VSB_FLAG_RESTRICTED;
	}
}

/* VIP-3 */
static void claim_external_ips(struct claimant *claimant)
{
	const struct k8s_service *from = &claimant->object->service;

	if (!claimant->node->external_ips)
		return;
	for (size_t i = 0; i < from->n_external_ips; i++)
		if (can_serve(from, &from->external_ips[i]))
			claim_external(claimant, CLAIM_EXTERNAL_IP,
				       &from->external_ips[i]);
}

/* VIP-2 */
static void claim_node_port(struct claimant *claimant, uint16_t family)
{
	struct service *service;

	if (!claimant->object->service.has_node_ports ||
	    !claimant->port->node_port)
		return;
	service = add_claim(claimant, CLAIM_NODE_PORT, family);
	service->kind = VSB_KIND_NODE_PORT;
	service->port = claimant->port->node_port;
	route_external(service, claimant->object->service.external_local);
}

static void claim_port(struct claimant *claimant)
{
	const struct k8s_service *from = &claimant->object->service;

	for (size_t i = 0; i < from->n_cluster_ips; i++) {
		claim_cluster_ip(claimant, &from->cluster_ips[i]);
		claim_node_port(claimant, from->cluster_ips[i].family);
	}
	claim_load_balancer(claimant);
	claim_external_ips(claimant);
}

static void note_unserved(const struct k8s_object *object, const char *field,
			 const struct ip *ip, struct problems *problems)
{
	const char *unusable = ip_unusable_vip(ip);
	char text[IP_TEXT_MAX];

	ip_print(ip->family, &ip->addr, text);
	if (!k8s_service_has(&object->service, ip->family))
		problems_add(problems, LOG_NOTICE,
			     "Service %s/%s: %s: %s is not served: there is no clusterIP of its family",
			     K8S_NAMES(object), field, text);
	else if (unusable)
		problems_add(problems, LOG_WARNING,
			     "Service %s/%s: %s: %s is not served: it %s",
			     K8S_NAMES(object), field, text, unusable);
}

/* SET-8: says what stays open. */
static void note_open(const struct claimant *claimant, const struct ip *ip,
		      struct problems *problems)
{
	const struct k8s_service *from = &claimant->object->service;
	char text[IP_TEXT_MAX];

	if (from->n_source_ranges && can_serve(from, ip) &&
	    !is_restricted(claimant, ip->family))
		problems_add(problems, LOG_WARNING,
			     "Service %s/%s: spec.loadBalancerSourceRanges has no range of the family of %s, which is open to all (vsb/flags: strict-source-ranges closes it)",
			     K8S_NAMES(claimant->object),
			     ip_print(ip->family, &ip->addr, text));
}

static void note_addresses(const struct claimant *claimant,
			   struct problems *problems)
{
	const struct k8s_object *object = claimant->object;
	const struct k8s_service *from = &object->service;

	for (size_t i = 0; from->is_balanced && i < from->n_ingress; i++) {
		if (!from->ingress[i].is_vip)
			continue;
		note_unserved(object, "status.loadBalancer.ingress",
			     &from->ingress[i].ip, problems);
		note_open(claimant, &from->ingress[i].ip, problems);
	}
	for (size_t i = 0; claimant->node->external_ips &&
	     i < from->n_external_ips; i++)
		note_unserved(object, "spec.externalIPs",
			     &from->external_ips[i], problems);
}

static bool has_node_port(const struct k8s_service *service)
{
	for (size_t i = 0; service->has_node_ports && i < service->n_ports; i++)
		if (service->ports[i].node_port)
			return true;
	return false;
}

/* VIP-2: where no family has an address the node's own line says so. */
static void note_node_ports(const struct claimant *claimant,
			    struct problems *problems)
{
	const struct k8s_service *from = &claimant->object->service;

	if (!has_node_port(from) || !claimant->node->config.node_port_cidrs.n)
		return;
	for (size_t i = 0; i < from->n_cluster_ips; i++) {
		uint16_t family = from->cluster_ips[i].family;

		if (!node_has_ports(claimant->node, family))
			problems_add(problems, LOG_NOTICE,
				     "Service %s/%s: its node ports of IPv%c are at no address: node %s has none",
				     K8S_NAMES(claimant->object),
				     family == AF_INET ? '4' : '6',
				     claimant->node->name);
	}
}

/**
 * routes_claim() - find out what a Service wants
 * @claims: where to add it
 * @object: the Service, one that counts
 * @node: this node
 * @annotations: the Service's
 * @problems: where to put what it can't have
 */
void routes_claim(struct claim_list *claims, const struct k8s_object *object,
		  const struct node *node,
		  const struct annotations *annotations,
		  struct problems *problems)
{
	const struct k8s_service *from = &object->service;
	struct claimant claimant = {
		.claims = claims,
		.object = object,
		.node = node,
		.annotations = annotations,
	};

	note_addresses(&claimant, problems);
	note_node_ports(&claimant, problems);
	for (size_t i = 0; i < from->n_ports; i++) {
		claimant.port = &from->ports[i];
		claim_port(&claimant);
	}
}

/* Sorts. Returns how many are left, each once. */
static size_t drop_repeated(struct vsb_cidr *ranges, size_t n)
{
	size_t kept = 0;

	if (!n)
		return 0;
	qsort(ranges, n, sizeof(*ranges), ip_order_cidrs);
	for (size_t i = 1; i < n; i++)
		if (ip_order_cidrs(&ranges[kept], &ranges[i]))
			ranges[++kept] = ranges[i];
	return kept + 1;
}

/**
 * routes_ranges() - which sources a claim is open to (SET-8)
 * @claim: the claim; where it is not restricted there are none
 * @node: this node: where it may, what it sends itself from the VIP may, too
 * @ranges: where to store them, sorted, to be freed
 *
 * Return: how many.
 */
size_t routes_ranges(const struct claim *claim, const struct node *node,
		     struct vsb_cidr **ranges)
{
	const struct k8s_service *from = &claim->from->service;
	const struct service *service = &claim->service;
	const struct ip vip = { service->family, service->addr };
	const struct ip *primary = &node->primary[family_index(vip.family)];
	bool node_may = false;
	size_t n = 0;

	*ranges = NULL;
	if (!(service->flags & VSB_FLAG_RESTRICTED))
		return 0;
	*ranges = mem_array(from->n_source_ranges + 1, sizeof(**ranges));
	for (size_t i = 0; i < from->n_source_ranges; i++) {
		if (from->source_ranges[i].family != vip.family)
			continue;
		(*ranges)[n++] = from->source_ranges[i];
		node_may |= ip_in_cidr(primary, &from->source_ranges[i]);
	}
	if (node_may)
		(*ranges)[n++] = ip_cidr(&vip);
	return drop_repeated(*ranges, n);
}
