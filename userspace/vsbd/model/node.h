/* SPDX-License-Identifier: GPL-2.0 */
/* The node: what operators say of it, what its Node object and machine do. */
#ifndef VSBD_NODE_H
#define VSBD_NODE_H

#include <stdbool.h>

#include <vsb/client.h>

#include "base/ip.h"
#include "base/problems.h"
#include "k8s/k8s.h"

#define NODE_NAME_MAX	253	/* bytes of a Node's name */
#define ZONE_NAME_MAX	63	/* bytes of a label's value */

/* The two families as an index of arrays. */
#define FAMILIES 2

static inline unsigned int family_index(uint16_t family)
{
	return family == AF_INET6;
}

/** enum detect_local - how pods are told from others (SET-5) */
enum detect_local {
	DETECT_CLUSTER_CIDR,
	DETECT_NODE_CIDR,
	DETECT_BRIDGE_INTERFACE,
	DETECT_INTERFACE_NAME_PREFIX,
};

/**
 * struct node_settings - what operators say of the node
 * @name: --hostname-override, "" for the machine's name
 * @proxy_name: --proxy-name, "" for none
 * @detect_local: --detect-local-mode
 * @cluster_cidrs: --cluster-cidr, at most one a family
 * @bridge: --pod-bridge-interface
 * @prefix: --pod-interface-name-prefix
 * @primary_node_ports: --nodeport-addresses is "primary", else:
 * @node_port_cidrs: --nodeport-addresses
 * @service_cidrs: --service-cluster-ip-range
 * @masquerade_all: --masquerade-all
 * @external_ips: --external-ips
 *
 * All zeroes but @primary_node_ports and @external_ips is what nobody said
 * anything of.
 */
struct node_settings {
	char name[NODE_NAME_MAX + 1];
	char proxy_name[NODE_NAME_MAX + 1];
	enum detect_local detect_local;
	struct vsb_cidr_list cluster_cidrs;
	char bridge[VSB_DEVICE_NAME_MAX + 1];
	char prefix[VSB_DEVICE_NAME_MAX];
	bool primary_node_ports;
	struct vsb_cidr_list node_port_cidrs;
	struct vsb_cidr_list service_cidrs;
	bool masquerade_all;
	bool external_ips;
};

/**
 * struct machine - what counts where no Node object says it
 * @name: the host's
 * @primary: the address of each family by which others reach it; family 0
 *	where it has none
 */
struct machine {
	char name[NODE_NAME_MAX + 1];
	struct ip primary[FAMILIES];
};

/**
 * struct node - what Services depend on, and the kernel's settings
 * @name: the Node's name
 * @zone: its zone, "" where that is not known
 * @detects: whether pods are told from others, by family
 * @primary: the node's primary addresses; family 0 where there is none
 * @proxy_name: Services labelled service.kubernetes.io/service-proxy-name
 *	count only where the label has this value; "" for none of them
 * @external_ips: whether externalIPs count
 * @config: what the kernel is told
 */
struct node {
	char name[NODE_NAME_MAX + 1];
	char zone[ZONE_NAME_MAX + 1];
	bool detects[FAMILIES];
	struct ip primary[FAMILIES];
	char proxy_name[NODE_NAME_MAX + 1];
	bool external_ips;
	struct vsb_config config;
};

const char *node_name(const struct node_settings *settings,
		      const struct machine *machine);
void node_resolve(struct node *node, const struct node_settings *settings,
		  const struct machine *machine,
		  const struct k8s_object *object, struct problems *problems);
bool node_has_ports(const struct node *node, uint16_t family);
bool node_same(const struct node *a, const struct node *b);

#endif /* VSBD_NODE_H */
