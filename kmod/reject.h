/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_REJECT_H
#define VSB_REJECT_H

#include <linux/netfilter.h>

struct vsb_flow;
struct vsb_net;

unsigned int vsb_reject(struct vsb_net *vnet, struct sk_buff *skb,
			const struct nf_hook_state *state,
			const struct vsb_flow *flow);

#endif /* VSB_REJECT_H */
