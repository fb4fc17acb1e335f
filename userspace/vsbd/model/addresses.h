/* SPDX-License-Identifier: GPL-2.0 */
/* Which addresses are virtual, and which Services have endpoints there. */
#ifndef VSBD_ADDRESSES_H
#define VSBD_ADDRESSES_H

#include <stdbool.h>

#include "base/ip.h"

struct part;

/**
 * struct addresses - all addresses
 * @tree: by themselves
 * @affected: called for each part with an endpoint at an address that has
 *	become a cluster IP, or is one no longer, or to which another claim has
 *	come or gone
 * @arg: handed to it
 */
struct addresses {
	void *tree;
	void (*affected)(struct part *part, void *arg);
	void *arg;
};

void addresses_add_endpoint(struct addresses *addresses, const struct ip *ip,
			    struct part *part);
void addresses_remove_endpoint(struct addresses *addresses,
			       const struct ip *ip,
			       const struct part *part);
void addresses_add_cluster_ip(struct addresses *addresses,
			      const struct ip *ip);
void addresses_remove_cluster_ip(struct addresses *addresses,
				 const struct ip *ip);
void addresses_add_vip(struct addresses *addresses, const struct ip *ip);
void addresses_remove_vip(struct addresses *addresses, const struct ip *ip);
bool addresses_is_cluster_ip(const struct addresses *addresses,
			     const struct ip *ip);
void addresses_free(struct addresses *addresses);

#endif /* VSBD_ADDRESSES_H */
