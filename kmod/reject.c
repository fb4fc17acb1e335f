// SPDX-License-Identifier: GPL-2.0
/* The answer to a connection that gets no backend. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/dst_metadata.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>

#include "decide.h"
#include "reject.h"

static void send_reset(struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (state->pf == NFPROTO_IPV4)
		nf_send_reset(state->net, state->sk, skb, state->hook);
	else
		nf_send_reset6(state->net, state->sk, skb, state->hook);
}

static void send_unreach(struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (state->pf == NFPROTO_IPV4)
		nf_send_unreach(skb, ICMP_PORT_UNREACH, state->hook);
	else
		nf_send_unreach6(state->net, skb, ICMPV6_PORT_UNREACH,
				 state->hook);
}

/**
 * vsb_reject() - refuse a packet
 * @skb: the packet
 * @state: of the hook that it is in, PRE_ROUTING or LOCAL_OUT
 * @flow: what it says
 *
 * A sender on this node learns it from its system call, another by a reset or
 * an ICMP error, which the kernel limits. Only connect() listens to what the
 * first packet of a TCP connection came to, so that one in the middle of it
 * is reset on the node too.
 *
 * Return: the hook's verdict.
 */
unsigned int vsb_reject(struct sk_buff *skb, const struct nf_hook_state *state,
			const struct vsb_flow *flow)
{
	if (state->hook == NF_INET_LOCAL_OUT && !flow->midstream)
		return NF_DROP_ERR(-ECONNREFUSED);
	/* A tunnel's metadata is no route to answer by. */
	if (skb_dst(skb) && !skb_valid_dst(skb))
		skb_dst_drop(skb);
	if (flow->protocol == IPPROTO_TCP)
		send_reset(skb, state);
	else
		send_unreach(skb, state);
	return NF_DROP;
}
