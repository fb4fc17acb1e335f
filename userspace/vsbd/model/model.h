/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From Kubernetes objects to the state that the kernel should have.
 *
 * What a Service and its EndpointSlices come to is a part of that state. A
 * part depends on the objects of its Service, on the node, and on who else
 * claims its addresses; after a change those parts are computed again that it
 * is about, and no others. Neither kernel nor network is asked.
 */
#ifndef VSBD_MODEL_H
#define VSBD_MODEL_H

#include <stdio.h>

#include "base/problems.h"
#include "k8s/k8s.h"
#include "kernel/state.h"
#include "model/node.h"

/** struct model - objects, and what they come to */
struct model;

/**
 * typedef model_part_fn - called for each part that may have changed
 * @namespace: of the Service; "" for the node itself, which has no state
 * @name: of the Service
 * @state: what it comes to, held for the callee; empty where it has gone
 * @problems: what does not fit, the callee's to free
 * @arg: what the caller handed on
 */
typedef void (*model_part_fn)(const char *namespace, const char *name,
			      struct state *state, struct problems *problems,
			      void *arg);

struct model *model_new(void);
void model_free(struct model *model);

void model_put(struct model *model, struct k8s_object *object);
void model_gone(struct model *model, const struct k8s_object *object);
void model_set_node(struct model *model, const struct node_settings *settings,
		    const struct machine *machine);
void model_update(struct model *model, model_part_fn each, void *arg);

const struct node *model_node(const struct model *model);
bool model_explain(const struct model *model, const char *namespace,
		   const char *name, FILE *out);

#endif /* VSBD_MODEL_H */
