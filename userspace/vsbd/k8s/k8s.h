/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Kubernetes objects that a balancer looks at, as far as it does, with
 * the API's defaults filled in. They are decoded, shared by reference, and
 * never changed.
 */
#ifndef VSBD_K8S_H
#define VSBD_K8S_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/memory.h"

enum k8s_kind {
	K8S_SERVICE,
	K8S_SLICE,
	K8S_NODE,
};

/**
 * struct k8s_meta - what every object has
 * @namespace: "default" where the object has none, "" for a Node
 * @name: key, together with kind and namespace
 * @created: creationTimestamp in seconds since 1970, or INT64_MAX
 * @source: where the object is from, such as "web.yaml: document 1"
 */
struct k8s_meta {
	const char *namespace;
	const char *name;
	int64_t created;
	const char *source;
};

/**
 * struct k8s_port - port of a Service or an EndpointSlice
 * @name: "" for the unnamed one; NULL where a slice's port has no name field
 * @protocol: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @port: 0 where a slice's port has no number
 * @node_port: of a Service, 0 for none
 */
struct k8s_port {
	const char *name;
	uint8_t protocol;
	uint16_t port;
	uint16_t node_port;
};

/**
 * struct k8s_ingress - an address of a load balancer
 * @ip: the address
 * @is_vip: ipMode is VIP or missing: packets come with this destination
 */
struct k8s_ingress {
	struct ip ip;
	bool is_vip;
};

/** struct k8s_annotation - an annotation, by its key without the prefix */
struct k8s_annotation {
	const char *key;
	const char *value;
};

/**
 * struct k8s_service - Service (v1)
 * @proxy_name: label service.kubernetes.io/service-proxy-name, or NULL
 * @headless: clusterIP is "None"
 * @external_name: type is ExternalName
 * @has_node_ports: type is NodePort or LoadBalancer
 * @is_balanced: type is LoadBalancer
 * @internal_local: internalTrafficPolicy is Local
 * @external_local: externalTrafficPolicy is Local
 * @affinity_timeout: seconds of affinity by client address, 0 for none
 * @cluster_ips: at most one of each family
 * @n_cluster_ips: how many
 * @external_ips: externalIPs
 * @n_external_ips: how many
 * @ingress: addresses in the load balancer's status
 * @n_ingress: how many
 * @source_ranges: loadBalancerSourceRanges
 * @n_source_ranges: how many
 * @ports: names and pairs of protocol and number are unique
 * @n_ports: how many
 * @annotations: those under the prefix "vsb/"
 * @n_annotations: how many
 */
struct k8s_service {
	const char *proxy_name;
	bool headless;
	bool external_name;
	bool has_node_ports;
	bool is_balanced;
	bool internal_local;
	bool external_local;
	uint32_t affinity_timeout;
	struct ip *cluster_ips;
	size_t n_cluster_ips;
	struct ip *external_ips;
	size_t n_external_ips;
	struct k8s_ingress *ingress;
	size_t n_ingress;
	struct vsb_cidr *source_ranges;
	size_t n_source_ranges;
	struct k8s_port *ports;
	size_t n_ports;
	struct k8s_annotation *annotations;
	size_t n_annotations;
};

/**
 * struct k8s_endpoint - an endpoint
 * @addr: its first address, of the slice's family
 * @node: nodeName, or NULL
 * @for_nodes: names of hints.forNodes, NULL behind the last; or NULL for none
 * @for_zones: the same of hints.forZones
 * @ready: conditions.ready
 * @serving: conditions.serving
 * @terminating: conditions.terminating
 */
struct k8s_endpoint {
	union vsb_addr addr;
	const char *node;
	const char **for_nodes;
	const char **for_zones;
	bool ready;
	bool serving;
	bool terminating;
};

/**
 * struct k8s_slice - EndpointSlice (discovery.k8s.io/v1)
 * @service: name of its Service in the same namespace, or NULL
 * @headless: labelled service.kubernetes.io/headless
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for FQDN, without endpoints then
 * @ports: the ports that each endpoint has
 * @n_ports: how many
 * @endpoints: the endpoints
 * @n_endpoints: how many
 */
struct k8s_slice {
	const char *service;
	bool headless;
	uint16_t family;
	struct k8s_port *ports;
	size_t n_ports;
	struct k8s_endpoint *endpoints;
	size_t n_endpoints;
};

/**
 * struct k8s_node - Node (v1)
 * @zone: label topology.kubernetes.io/zone, or NULL
 * @addresses: of type InternalIP, and behind these of type ExternalIP
 * @n_addresses: how many
 * @bad_address: the first of these types that is none, or NULL
 * @pod_cidrs: podCIDRs
 * @n_pod_cidrs: how many
 */
struct k8s_node {
	const char *zone;
	struct ip *addresses;
	size_t n_addresses;
	const char *bad_address;
	struct vsb_cidr *pod_cidrs;
	size_t n_pod_cidrs;
};

/**
 * struct k8s_object - an object of any of these kinds
 * @kind: which
 * @refs: how many hold it
 * @arena: holds what it points to
 * @meta: name and so on
 * @service: where it is a Service
 * @slice: where it is an EndpointSlice
 * @node: where it is a Node
 */
struct k8s_object {
	enum k8s_kind kind;
	unsigned int refs;
	struct arena arena;
	struct k8s_meta meta;
	union {
		struct k8s_service service;
		struct k8s_slice slice;
		struct k8s_node node;
	};
};

/* The arguments of "%s/%s" */
#define K8S_NAMES(object) (object)->meta.namespace, (object)->meta.name

struct k8s_object *k8s_object_new(enum k8s_kind kind);
struct k8s_object *k8s_object_get(struct k8s_object *object);
void k8s_object_put(struct k8s_object *object);

const char *k8s_kind_name(enum k8s_kind kind);
bool k8s_service_has(const struct k8s_service *service, uint16_t family);
int k8s_compare_names(const struct k8s_meta *a, const struct k8s_meta *b);

/**
 * struct k8s_list - objects that came together
 * @list: the objects, each held
 * @n: how many
 * @room: how many @list has room for
 *
 * All zeroes is an empty list.
 */
struct k8s_list {
	struct k8s_object **list;
	size_t n, room;
};

void k8s_list_add(struct k8s_list *list, struct k8s_object *object);
void k8s_list_free(struct k8s_list *list);

/**
 * struct k8s_sink - who hears which objects there are
 * @put: an object has come, in place of one of its kind and name if there is
 *	one; @object is the caller's, to be held by who keeps it
 * @gone: an object that came has gone
 * @arg: handed to both
 */
struct k8s_sink {
	void (*put)(struct k8s_object *object, void *arg);
	void (*gone)(const struct k8s_object *object, void *arg);
	void *arg;
};

#endif /* VSBD_K8S_H */
