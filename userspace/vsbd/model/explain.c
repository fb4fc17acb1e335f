// SPDX-License-Identifier: GPL-2.0
/* Owns how the way from objects to state reads; ids name docs/semantics.md. */

#include "kernel/show.h"
#include "model/explain.h"

static void explain_node(const struct node *node, uint16_t family, FILE *out)
{
	fprintf(out, "node %s", node->name);
	if (*node->zone)
		fprintf(out, ", zone %s", node->zone);
	fprintf(out, ": pods of IPv%c are %stold from others [SET-5]\n",
		family == AF_INET ? '4' : '6',
		node->detects[family_index(family)] ? "" : "not ");
}

static const char *why_not_counted(const struct k8s_service *service)
{
	if (service->headless)
		return "headless";
	return service->external_name ? "of type ExternalName" :
					"another proxy's by its label";
}

static void explain_settings(const struct part *part, FILE *out)
{
	const struct annotations *annotations = &part->annotations;
	const struct k8s_service *service = &part->service->service;

	fprintf(out, "  scheduler %s%s", annotations->scheduler,
		annotations->chosen ? " (annotation vsb/scheduler)" : "");
	if (annotations->sched_flags)
		fputs(" with port (annotation vsb/scheduler-flags)", out);
	if (annotations->n_weights)
		fprintf(out, ", %zu weight%s (annotation vsb/weights)",
			annotations->n_weights,
			annotations->n_weights == 1 ? "" : "s");
	if (service->affinity_timeout)
		fprintf(out, ", affinity of %us [AFF-1]",
			service->affinity_timeout);
	if (annotations->reject_elsewhere)
		fputs(", refuses where endpoints are elsewhere [NONE-2]", out);
	fputc('\n', out);
}

static void explain_reason(const struct claim *claim, FILE *out)
{
	static const char *const reasons[] = {
		[CLAIM_CLUSTER_IP] = "clusterIP [VIP-1]",
		[CLAIM_LOAD_BALANCER] = "load balancer's address [VIP-4]",
		[CLAIM_EXTERNAL_IP] = "externalIP [VIP-3]",
		[CLAIM_NODE_PORT] = "nodePort [VIP-2]",
	};
	const struct k8s_service *service = &claim->from->service;
	bool internal = claim->kind == CLAIM_CLUSTER_IP;
	bool local = internal ? service->internal_local :
				service->external_local;

	fprintf(out, "%s, %sTrafficPolicy %s [SET-%c]", reasons[claim->kind],
		internal ? "internal" : "external",
		local ? "Local" : "Cluster",
		internal ? local ? '2' : '1' : local ? '4' : '3');
}

/* SET-7 */
static bool is_masqueraded(const struct service *service, int source,
			   const struct node *node)
{
	return service->routes[source].masquerade ||
	       (node->config.masquerade_all &&
		(service->flags & VSB_FLAG_CLUSTER_IP));
}

/* Where no set has anybody the pool says so. */
static const char *explain_nobody(const struct service *service, int source,
				  uint8_t usable)
{
	if (!usable || usable & 1 << service->routes[source].set)
		return "";
	return service->elsewhere == VSB_ACTION_REJECT ?
		", refused while that has nobody [NONE-2]" :
		", dropped while that has nobody [NONE-2]";
}

static void explain_routes(const struct service *service,
			   const struct node *node, uint8_t usable, FILE *out)
{
	static const char *const sources[STATE_SOURCES] = {
		"pod", "node", "outside",
	};
	/* SET-5: nobody is a pod where pods are not known. */
	int first = !node->detects[family_index(service->family)];

	for (int i = first; i < STATE_SOURCES; i++)
		fprintf(out, "%s%s: %s set%s%s", i > first ? "; " : "    ",
			sources[i], show_set(service->routes[i].set),
			is_masqueraded(service, i, node) ?
			", masqueraded" : "",
			explain_nobody(service, i, usable));
	fputc('\n', out);
}

static void explain_place(const struct service *service,
			  const struct node *node, FILE *out)
{
	const struct vsb_cidr_list *cidrs = &node->config.node_port_cidrs;
	char text[IP_TEXT_MAX];
	bool any = false;

	if (service->kind != VSB_KIND_NODE_PORT)
		return;
	fputs("    at", out);
	for (unsigned int i = 0; i < cidrs->n; i++) {
		if (cidrs->cidrs[i].family != service->family)
			continue;
		fprintf(out, "%s %s", any ? "" : " the node's addresses in",
			ip_print_cidr(&cidrs->cidrs[i], text));
		any = true;
	}
	fputs(any ? ", but for loopback\n" : " no address\n", out);
}

static void explain_ranges(const struct claim *claim, const struct node *node,
			   FILE *out)
{
	autofree struct vsb_cidr *ranges = NULL;
	char text[IP_TEXT_MAX];
	size_t n;

	if (!(claim->service.flags & VSB_FLAG_RESTRICTED))
		return;
	n = routes_ranges(claim, node, &ranges);
	fputs("    from", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, " %s", ip_print_cidr(&ranges[i], text));
	fputs(n ? " only [SET-8]\n" :
	      " nowhere: strict-source-ranges (annotation vsb/flags) [SET-8]\n",
	      out);
}

static void explain_claim(const struct claim *claim,
			  const struct surroundings *around, uint8_t usable,
			  FILE *out)
{
	const struct claim *winner = claims_find(around->claims,
						 &claim->service);
	char key[SHOW_KEY_MAX];

	fprintf(out, "  %s: ", show_key(&claim->service, key));
	explain_reason(claim, out);
	fputc('\n', out);
	if (winner->port == claim->port && winner != claim) {
		fputs("    served by the one above\n", out);
		return;
	}
	if (winner->from != claim->from) {
		fprintf(out, "    not served: it is Service %s/%s's\n",
			K8S_NAMES(winner->from));
		return;
	}
	if (winner != claim) {
		fprintf(out, "    not served: it is port \"%s\"'s\n",
			winner->port->name);
		return;
	}
	explain_place(&claim->service, around->node, out);
	explain_routes(&claim->service, around->node, usable, out);
	explain_ranges(claim, around->node, out);
}

/* The sets that the kernel finds a backend in: without a weight it does not. */
static uint8_t usable_sets(const struct endpoints *endpoints)
{
	uint8_t sets = 0;

	for (size_t i = 0; i < endpoints->n; i++)
		if (endpoints->list[i].backend.weight)
			sets |= endpoints->list[i].backend.sets;
	return sets;
}

static void explain_cluster_set(const struct endpoints *endpoints,
				const struct node *node, FILE *out)
{
	if (!(usable_sets(endpoints) & CLUSTER_MASK))
		fputs("    cluster set: none of it has a weight\n", out);
	else if (!endpoints->any_ready)
		fputs("    cluster set: none is ready, so those that serve while they terminate [END-2]\n",
		      out);
	else if (endpoints->topology == TOPOLOGY_NODE)
		fprintf(out, "    cluster set: the ready ones that are hinted for node %s [END-3]\n",
			node->name);
	else if (endpoints->topology == TOPOLOGY_ZONE)
		fprintf(out, "    cluster set: the ready ones that are hinted for zone %s [END-3]\n",
			node->zone);
	else
		fputs("    cluster set: the ready ones [END-2]\n", out);
}

static void explain_local_set(const struct endpoints *endpoints, FILE *out)
{
	fprintf(out, "    local set: %s [END-4]\n",
		!endpoints->any_local ? "none is on this node" :
		!(usable_sets(endpoints) & LOCAL_MASK) ?
		"none of this node is usable" :
		endpoints->any_local_ready ? "the ready ones of this node" :
		"none of this node is ready, so those of it that serve while they terminate");
}

static void explain_choice(const struct endpoints *endpoints,
			   const struct node *node, FILE *out)
{
	if (!usable_sets(endpoints)) {
		fputs("    no endpoint is usable: refused [NONE-1]\n", out);
		return;
	}
	explain_cluster_set(endpoints, node, out);
	explain_local_set(endpoints, out);
}

static void explain_conditions(const struct k8s_endpoint *from, FILE *out)
{
	fputs(from->ready ? "ready" : "not ready", out);
	if (from->terminating)
		fprintf(out, ", terminating, %s",
			from->serving ? "serving" : "not serving");
	else if (!from->serving)
		fputs(", not serving", out);
	if (from->node)
		fprintf(out, ", on node %s", from->node);
}

static void explain_endpoint(const struct endpoint *endpoint, uint16_t family,
			     FILE *out)
{
	const struct backend *backend = &endpoint->backend;
	char text[IP_TEXT_MAX];

	fprintf(out, "    %s of EndpointSlice %s/%s (%s): ",
		ip_print_port(family, &backend->addr, backend->port, text),
		K8S_NAMES(endpoint->slice), endpoint->slice->meta.source);
	explain_conditions(endpoint->from, out);
	if (backend->weight != 1)
		fprintf(out, ", weight %u", backend->weight);
	if (endpoint->gone)
		fputs(" -> gone, and its flows with it [CHG-2]\n", out);
	else if (backend->sets && !backend->weight)
		fputs(" -> no new connections without a weight\n", out);
	else if (!backend->sets)
		fputs(" -> in no set: keeps its connections [CHG-1]\n", out);
	else
		fprintf(out, " -> %s%s%s\n",
			backend->sets & CLUSTER_MASK ? "cluster" : "",
			backend->sets == (CLUSTER_MASK | LOCAL_MASK) ? ", " : "",
			backend->sets & LOCAL_MASK ? "local" : "");
}

static void explain_pool(const struct part *part,
			 const struct k8s_port *port, uint16_t family,
			 const struct node *node,
			 const struct endpoints *endpoints, FILE *out)
{
	autofree char *name = part_pool_name(part, port, family);

	fprintf(out, "  pool %s\n", name);
	explain_choice(endpoints, node, out);
	for (size_t i = 0; i < endpoints->n; i++)
		explain_endpoint(&endpoints->list[i], family, out);
}

static void explain_claims(const struct part *part,
			   const struct k8s_port *port, uint16_t family,
			   const struct surroundings *around, uint8_t usable,
			   FILE *out)
{
	for (size_t i = 0; i < part->claims.n; i++) {
		const struct claim *claim = &part->claims.list[i];

		if (claim->port == port && claim->service.family == family)
			explain_claim(claim, around, usable, out);
	}
}

static void explain_port(const struct part *part, const struct k8s_port *port,
			 uint16_t family, const struct surroundings *around,
			 FILE *out)
{
	struct endpoints endpoints;

	part_find_endpoints(part, port, family, around->node, &endpoints);
	explain_claims(part, port, family, around, usable_sets(&endpoints),
		       out);
	explain_pool(part, port, family, around->node, &endpoints, out);
	endpoints_free(&endpoints);
}

static void explain_problems(const struct part *part,
			     const struct surroundings *around, FILE *out)
{
	struct problems problems = { 0 };

	state_put(part_build(part, around, &problems));
	for (size_t i = 0; i < problems.n; i++)
		fprintf(out, "  problem: %s\n", problems.list[i].text);
	problems_free(&problems);
}

/**
 * explain_part() - say from what a Service's part of the state came
 * @part: the Service
 * @around: what else it depends on
 * @out: where to
 */
void explain_part(const struct part *part,
		  const struct surroundings *around, FILE *out)
{
	const struct k8s_object *object = part->service;
	const struct k8s_service *service = &object->service;

	fprintf(out, "Service %s/%s (%s)\n", K8S_NAMES(object),
		object->meta.source);
	if (!part->counts) {
		fprintf(out, "  does not count: it is %s [OBJ-1]\n",
			why_not_counted(service));
		return;
	}
	explain_settings(part, out);
	for (size_t i = 0; i < service->n_cluster_ips; i++) {
		uint16_t family = service->cluster_ips[i].family;

		fputs("  ", out);
		explain_node(around->node, family, out);
		for (size_t p = 0; p < service->n_ports; p++)
			explain_port(part, &service->ports[p], family, around,
				     out);
	}
	explain_problems(part, around, out);
}
