/* SPDX-License-Identifier: GPL-2.0 */
/* Who wants which virtual address or node port, and who gets it. */
#ifndef VSBD_CLAIMS_H
#define VSBD_CLAIMS_H

#include "k8s/k8s.h"
#include "kernel/state.h"

struct part;

/** enum claim_kind - what a service port wants, the strongest first */
enum claim_kind {
	CLAIM_CLUSTER_IP,
	CLAIM_LOAD_BALANCER,
	CLAIM_EXTERNAL_IP,
	CLAIM_NODE_PORT,
};

/**
 * struct claim - a service port's wish for a virtual address or node port
 * @kind: which
 * @service: key, flags and actions; still without label, pools and ranges
 * @from: the Service
 * @port: its port
 * @order: which of its Service's claims it is
 * @part: whose it is
 */
struct claim {
	enum claim_kind kind;
	struct service service;
	const struct k8s_object *from;
	const struct k8s_port *port;
	size_t order;
	struct part *part;
};

/**
 * struct claims - all claims
 * @slots: tree of them by what they want
 * @affected: called for each part with a claim to what another claim has come
 *	for or gone from
 * @arg: handed to it
 */
struct claims {
	void *slots;
	void (*affected)(struct part *part, void *arg);
	void *arg;
};

void claims_add(struct claims *claims, const struct claim *claim);
void claims_remove(struct claims *claims, const struct claim *claim);
const struct claim *claims_find(const struct claims *claims,
				const struct service *key);
void claims_free(struct claims *claims);

#endif /* VSBD_CLAIMS_H */
