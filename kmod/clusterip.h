/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_CLUSTERIP_H
#define VSB_CLUSTERIP_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct vsb_clusterip;
struct vsb_net;

struct vsb_clusterip *vsb_clusterip_get(struct vsb_net *vnet, u16 family,
					const union nf_inet_addr *addr);
void vsb_clusterip_put(struct vsb_net *vnet, struct vsb_clusterip *clusterip);
void vsb_clusterip_show(struct vsb_net *vnet, struct vsb_clusterip *clusterip);
void vsb_clusterip_hide(struct vsb_net *vnet, struct vsb_clusterip *clusterip);
bool vsb_clusterip_has(struct vsb_net *vnet, u16 family,
		       const union nf_inet_addr *addr);

int vsb_clusterip_net_init(struct vsb_net *vnet);
void vsb_clusterip_net_exit(struct vsb_net *vnet);

#endif /* VSB_CLUSTERIP_H */
