// SPDX-License-Identifier: GPL-2.0
/* Owns what is known of the node, and which source says it. */

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "model/node.h"

#define GIVEN (VSB_CONFIG_MASQUERADE_ALL | VSB_CONFIG_POD_CIDRS | \
	       VSB_CONFIG_POD_DEVICES | VSB_CONFIG_SERVICE_CIDRS | \
	       VSB_CONFIG_NODE_PORT_CIDRS)

/** node_name() - which Node this is, as kube-proxy finds it */
const char *node_name(const struct node_settings *settings,
		      const struct machine *machine)
{
	return *settings->name ? settings->name : machine->name;
}

static void add_cidr(struct vsb_cidr_list *list, const struct vsb_cidr *cidr)
{
	if (list->n < VSB_CIDRS_MAX)
		list->cidrs[list->n++] = *cidr;
}

/* The first one of each family. */
static bool take_address(struct node *node, const struct ip *ip,
			 struct problems *problems)
{
	struct ip *primary = &node->primary[family_index(ip->family)];
	const char *unusable = ip_unusable(ip);
	char text[IP_TEXT_MAX];

	if (unusable)
		problems_add(problems, LOG_WARNING,
			     "Node %s: status.addresses: %s is ignored: it %s",
			     node->name, ip_print(ip->family, &ip->addr, text),
			     unusable);
	else if (!primary->family)
		*primary = *ip;
	return !unusable;
}

static void find_primary(struct node *node, const struct machine *machine,
			 const struct k8s_object *object,
			 struct problems *problems)
{
	const struct k8s_node *said = object ? &object->node : NULL;
	bool any = false;

	if (said && said->bad_address)
		problems_add(problems, LOG_WARNING,
			     "Node %s: status.addresses: \"%.80s\" is ignored: it is not an address",
			     node->name, said->bad_address);
	for (size_t i = 0; said && i < said->n_addresses; i++)
		any |= take_address(node, &said->addresses[i], problems);
	if (any)
		return;
	memcpy(node->primary, machine->primary, sizeof(node->primary));
	if (said)
		problems_add(problems, LOG_NOTICE,
			     "Node %s: status.addresses has no address; the machine's count",
			     node->name);
}

/* SET-5 */
static void detect_by_cidrs(struct node *node, const struct vsb_cidr *cidrs,
			    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		node->detects[family_index(cidrs[i].family)] = true;
		add_cidr(&node->config.pod_cidrs, &cidrs[i]);
	}
}

/* Where there are none at all something else says so. */
static void note_undetected(const struct node *node, const char *cidrs,
			    struct problems *problems)
{
	for (int i = 0; i < FAMILIES; i++)
		if (node->primary[i].family && !node->detects[i] &&
		    node->detects[!i])
			problems_add(problems, LOG_NOTICE,
				     "pods of IPv%c are not told from others: %s has no range of it",
				     node->primary[i].family == AF_INET ?
				     '4' : '6', cidrs);
}

static void detect_by_device(struct node *node, const char *name,
			     const char *suffix)
{
	char *device = node->config.pod_devices[node->config.n_pod_devices++];

	snprintf(device, sizeof(node->config.pod_devices[0]), "%s%s", name,
		 suffix);
	node->detects[0] = true;
	node->detects[1] = true;
}

static void detect_by_node(struct node *node, const struct k8s_object *object,
			   struct problems *problems)
{
	if (!object)
		problems_add(problems, LOG_WARNING,
			     "there is no Node %s, whose spec.podCIDRs would tell pods from others",
			     node->name);
	else if (!object->node.n_pod_cidrs)
		problems_add(problems, LOG_WARNING,
			     "Node %s: spec.podCIDRs has no range that would tell pods from others",
			     node->name);
	else
		detect_by_cidrs(node, object->node.pod_cidrs,
				object->node.n_pod_cidrs);
}

static void detect_local(struct node *node,
			 const struct node_settings *settings,
			 const struct k8s_object *object,
			 struct problems *problems)
{
	switch (settings->detect_local) {
	case DETECT_CLUSTER_CIDR:
		detect_by_cidrs(node, settings->cluster_cidrs.cidrs,
				settings->cluster_cidrs.n);
		note_undetected(node, "--cluster-cidr", problems);
		return;
	case DETECT_NODE_CIDR:
		detect_by_node(node, object, problems);
		note_undetected(node, "the Node's spec.podCIDRs", problems);
		return;
	case DETECT_BRIDGE_INTERFACE:
		detect_by_device(node, settings->bridge, "");
		return;
	case DETECT_INTERFACE_NAME_PREFIX:
		detect_by_device(node, settings->prefix, "*");
		return;
	}
}

/* VIP-2 */
static void place_node_ports(struct node *node,
			     const struct node_settings *settings,
			     struct problems *problems)
{
	struct vsb_cidr_list *cidrs = &node->config.node_port_cidrs;
	struct vsb_cidr cidr;

	if (!settings->primary_node_ports) {
		*cidrs = settings->node_port_cidrs;
		return;
	}
	for (int i = 0; i < FAMILIES; i++) {
		if (!node->primary[i].family)
			continue;
		cidr = ip_cidr(&node->primary[i]);
		add_cidr(cidrs, &cidr);
	}
	if (!cidrs->n)
		problems_add(problems, LOG_WARNING,
			     "neither the Node nor the machine has an address that node ports could be at");
}

/**
 * node_resolve() - find out about the node
 * @node: where to store it
 * @settings: what operators say
 * @machine: the machine
 * @object: the Node of node_name(), or NULL
 * @problems: where to put what is missing
 */
void node_resolve(struct node *node, const struct node_settings *settings,
		  const struct machine *machine,
		  const struct k8s_object *object, struct problems *problems)
{
	memset(node, 0, sizeof(*node));
	snprintf(node->name, sizeof(node->name), "%s",
		 node_name(settings, machine));
	if (object && object->node.zone)
		snprintf(node->zone, sizeof(node->zone), "%s",
			 object->node.zone);
	snprintf(node->proxy_name, sizeof(node->proxy_name), "%s",
		 settings->proxy_name);
	node->external_ips = settings->external_ips;
	find_primary(node, machine, object, problems);
	detect_local(node, settings, object, problems);
	place_node_ports(node, settings, problems);
	node->config.given = GIVEN;
	node->config.masquerade_all = settings->masquerade_all;
	node->config.service_cidrs = settings->service_cidrs;
}

/** node_has_ports() - whether node ports of a family are at any address */
bool node_has_ports(const struct node *node, uint16_t family)
{
	const struct vsb_cidr_list *cidrs = &node->config.node_port_cidrs;

	for (unsigned int i = 0; i < cidrs->n; i++)
		if (cidrs->cidrs[i].family == family)
			return true;
	return false;
}

/** node_same() - whether Services mean the same on both */
bool node_same(const struct node *a, const struct node *b)
{
	static const uint16_t families[FAMILIES] = { AF_INET, AF_INET6 };

	for (int i = 0; i < FAMILIES; i++)
		if (a->detects[i] != b->detects[i] ||
		    ip_order(&a->primary[i], &b->primary[i]) ||
		    node_has_ports(a, families[i]) !=
		    node_has_ports(b, families[i]))
			return false;
	return !strcmp(a->name, b->name) && !strcmp(a->zone, b->zone) &&
	       !strcmp(a->proxy_name, b->proxy_name) &&
	       a->external_ips == b->external_ips;
}
