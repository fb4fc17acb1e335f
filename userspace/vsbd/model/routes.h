/* SPDX-License-Identifier: GPL-2.0 */
/* What a Service asks for: its claims, and where each sends connections. */
#ifndef VSBD_ROUTES_H
#define VSBD_ROUTES_H

#include "model/annotations.h"
#include "model/claims.h"
#include "model/node.h"

/**
 * struct claim_list - the claims of a Service
 * @list: in the order of its ports; they may be pointed to when all are there
 * @n: how many
 * @room: how many @list has room for
 */
struct claim_list {
	struct claim *list;
	size_t n, room;
};

bool routes_counts(const struct k8s_object *object, const struct node *node);
void routes_claim(struct claim_list *claims, const struct k8s_object *object,
		  const struct node *node,
		  const struct annotations *annotations,
		  struct problems *problems);
size_t routes_ranges(const struct claim *claim, const struct node *node,
		     struct vsb_cidr **ranges);

#endif /* VSBD_ROUTES_H */
