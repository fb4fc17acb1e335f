/* SPDX-License-Identifier: GPL-2.0 */
/* One Service with its EndpointSlices, and what it comes to. */
#ifndef VSBD_PART_H
#define VSBD_PART_H

#include "base/problems.h"
#include "model/addresses.h"
#include "model/endpoints.h"
#include "model/routes.h"

/**
 * struct part - a Service of which there are objects
 * @namespace: key
 * @name: key; "" has the slices that name no Service
 * @service: the Service, held; or NULL
 * @slices: its EndpointSlices, held, sorted by name
 * @room_slices: how many @slices has room for
 * @counts: whether the Service counts
 * @annotations: the Service's, where it counts
 * @claims: what the Service wants; stays where it is until it is asked again
 * @addresses: where its endpoints are, each once
 * @n_addresses: how many
 * @problems: what is wrong with what it asks for
 * @changed: whether its objects, or the node, have changed
 * @stale: whether its result may have, and it is in the model's list of these
 * @next: the next there
 */
struct part {
	char *namespace;
	char *name;
	struct k8s_object *service;
	struct slices slices;
	size_t room_slices;
	bool counts;
	struct annotations annotations;
	struct claim_list claims;
	struct ip *addresses;
	size_t n_addresses;
	struct problems problems;
	bool changed;
	bool stale;
	struct part *next;
};

/**
 * struct surroundings - what a part's result depends on beside its objects
 * @node: this node
 * @claims: all claims
 * @addresses: all addresses
 */
struct surroundings {
	const struct node *node;
	const struct claims *claims;
	const struct addresses *addresses;
};

void part_ask(struct part *part, const struct node *node);
void part_forget(struct part *part);
struct state *part_build(const struct part *part,
			 const struct surroundings *around,
			 struct problems *problems);
void part_find_endpoints(const struct part *part,
			 const struct k8s_port *port, uint16_t family,
			 const struct node *node,
			 struct endpoints *endpoints);
char *part_pool_name(const struct part *part, const struct k8s_port *port,
		     uint16_t family);

#endif /* VSBD_PART_H */
