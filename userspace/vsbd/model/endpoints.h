/* SPDX-License-Identifier: GPL-2.0 */
/* The endpoints of one service port in one family, and which are usable. */
#ifndef VSBD_ENDPOINTS_H
#define VSBD_ENDPOINTS_H

#include "k8s/k8s.h"
#include "kernel/state.h"
#include "model/annotations.h"
#include "model/node.h"

/* The sets of a pool, as bits and by number. */
#define CLUSTER_SET	0
#define LOCAL_SET	1
#define CLUSTER_MASK	(1 << CLUSTER_SET)
#define LOCAL_MASK	(1 << LOCAL_SET)

/**
 * struct endpoint - an endpoint
 * @backend: what the kernel is told of it
 * @from: its conditions and so on
 * @slice: the EndpointSlice that it is from
 * @local: whether it is on this node
 * @gone: it is left out, so that its flows end
 */
struct endpoint {
	struct backend backend;
	const struct k8s_endpoint *from;
	const struct k8s_object *slice;
	bool local;
	bool gone;
};

/** enum topology - which of the ready endpoints are for this node (END-3) */
enum topology {
	TOPOLOGY_ALL,
	TOPOLOGY_NODE,
	TOPOLOGY_ZONE,
};

/**
 * struct endpoints - the endpoints of a service port in a family
 * @list: sorted by address and port
 * @n: how many
 * @room: how many @list has room for
 * @matched: whether any slice has the port
 * @repeated: one that is there twice, or NULL
 * @any_ready: whether one is ready
 * @any_local: whether one is on this node
 * @any_local_ready: whether one on this node is ready
 * @topology: which of the ready ones count
 * @foreign_hints: all have hints, none for this node or its zone
 */
struct endpoints {
	struct endpoint *list;
	size_t n, room;
	bool matched;
	struct endpoint *repeated;
	bool any_ready;
	bool any_local;
	bool any_local_ready;
	enum topology topology;
	bool foreign_hints;
};

/**
 * struct slices - the EndpointSlices of one Service
 * @list: sorted by name
 * @n: how many
 */
struct slices {
	struct k8s_object **list;
	size_t n;
};

void endpoints_find(struct endpoints *endpoints, const struct slices *slices,
		    const struct k8s_port *port, uint16_t family,
		    const struct node *node,
		    const struct annotations *annotations);
void endpoints_free(struct endpoints *endpoints);

#endif /* VSBD_ENDPOINTS_H */
