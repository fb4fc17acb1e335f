/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Kubernetes objects that a balancer looks at, as far as it does, with
 * the API's defaults filled in. They are decoded into arenas and never
 * changed.
 */
#ifndef VSBD_K8S_H
#define VSBD_K8S_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/memory.h"

/**
 * struct k8s_meta - what every object has
 * @namespace: "default" where the object has none
 * @name: key, together with kind and namespace
 * @created: creationTimestamp in seconds since 1970, or INT64_MAX
 * @document: where in its source the object stood, for the source's own use
 */
struct k8s_meta {
	const char *namespace;
	const char *name;
	int64_t created;
	unsigned int document;
};

/**
 * struct k8s_port - port of a Service or an EndpointSlice
 * @name: "" for the unnamed one; NULL where a slice's port has no name field
 * @protocol: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @port: 0 where a slice's port has no number
 */
struct k8s_port {
	const char *name;
	uint8_t protocol;
	uint16_t port;
};

/**
 * struct k8s_service - Service (v1)
 * @meta: name and so on
 * @proxy_name: label service.kubernetes.io/service-proxy-name, or NULL
 * @headless: clusterIP is "None"
 * @external_name: type is ExternalName
 * @cluster_ips: at most one of each family
 * @n_cluster_ips: how many
 * @ports: names and pairs of protocol and number are unique
 * @n_ports: how many
 */
struct k8s_service {
	struct k8s_meta meta;
	const char *proxy_name;
	bool headless;
	bool external_name;
	struct ip *cluster_ips;
	size_t n_cluster_ips;
	struct k8s_port *ports;
	size_t n_ports;
};

/** struct k8s_endpoint - its first address, of the slice's family */
struct k8s_endpoint {
	union vsb_addr addr;
	bool ready;
	bool serving;
	bool terminating;
};

/**
 * struct k8s_slice - EndpointSlice (discovery.k8s.io/v1)
 * @meta: name and so on
 * @service: name of its Service in the same namespace, or NULL
 * @headless: labelled service.kubernetes.io/headless
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for FQDN, without endpoints then
 * @ports: the ports that each endpoint has
 * @n_ports: how many
 * @endpoints: the endpoints
 * @n_endpoints: how many
 */
struct k8s_slice {
	struct k8s_meta meta;
	const char *service;
	bool headless;
	uint16_t family;
	struct k8s_port *ports;
	size_t n_ports;
	struct k8s_endpoint *endpoints;
	size_t n_endpoints;
};

/**
 * struct k8s_objects - objects that came together and go together
 * @arena: holds what the objects point to
 * @services: the Services
 * @n_services: how many
 * @room_services: how many @services has room for
 * @slices: the EndpointSlices
 * @n_slices: how many
 * @room_slices: how many @slices has room for
 *
 * All zeroes is an empty collection.
 */
struct k8s_objects {
	struct arena arena;
	struct k8s_service *services;
	size_t n_services, room_services;
	struct k8s_slice *slices;
	size_t n_slices, room_slices;
};

void k8s_objects_free(struct k8s_objects *objects);

/**
 * struct k8s_view - the objects of a cluster at one moment
 * @services: in any order, no two of one namespace and name
 * @n_services: how many
 * @slices: the same
 * @n_slices: how many
 */
struct k8s_view {
	const struct k8s_service **services;
	size_t n_services;
	const struct k8s_slice **slices;
	size_t n_slices;
};

void k8s_view_free(struct k8s_view *view);

#endif /* VSBD_K8S_H */
