// SPDX-License-Identifier: GPL-2.0
/* The answer to a connection that gets no backend. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <net/dst_metadata.h>
#include <net/l3mdev.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>

#include "config.h"
#include "decide.h"
#include "net.h"
#include "reject.h"
#include "trace.h"

/* The way back to the client, within the VRF that the packet came by, outside
 * of which the senders below would look. Returns whether there may be one.
 */
static bool find_way_back(struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct dst_entry *dst = NULL;
	struct flowi fl = {};

	/* A tunnel's metadata is no route. */
	if (skb_dst(skb) && !skb_valid_dst(skb))
		skb_dst_drop(skb);
	if (skb_dst(skb))
		return true;
	fl.flowi_l3mdev = l3mdev_master_ifindex_rcu(state->in);
	if (!fl.flowi_l3mdev)
		return true;
	if (state->pf == NFPROTO_IPV4)
		fl.u.ip4.daddr = ip_hdr(skb)->saddr;
	else
		fl.u.ip6.daddr = ipv6_hdr(skb)->saddr;
	nf_route(state->net, &dst, &fl, false, state->pf);
	if (!dst)
		return false;
	skb_dst_set(skb, dst);
	return true;
}

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

/* Counts within whole seconds; beyond the rate nobody writes any more. */
static bool may_answer(struct vsb_net *vnet)
{
	u32 rate = rcu_dereference(vnet->config)->reject_rate;
	unsigned long second = jiffies / HZ;

	if (!rate)
		return true;
	if (READ_ONCE(vnet->reject_second) != second) {
		WRITE_ONCE(vnet->reject_second, second);
		atomic_set(&vnet->rejects, 0);
	}
	return (u32)atomic_read(&vnet->rejects) < rate &&
	       (u32)atomic_inc_return(&vnet->rejects) <= rate;
}

/**
 * vsb_reject() - refuse a packet
 * @vnet: the network namespace
 * @skb: the packet
 * @state: of the hook that it is in, PRE_ROUTING or LOCAL_OUT
 * @flow: what it says
 *
 * A sender on this node learns it from its system call, another by a reset or
 * an ICMP error, of which there are no more a second than reject-rate says.
 * Only connect() listens to what the first packet of a TCP connection came to,
 * so that one in the middle of it is reset on the node too.
 *
 * Return: the hook's verdict.
 */
unsigned int vsb_reject(struct vsb_net *vnet, struct sk_buff *skb,
			const struct nf_hook_state *state,
			const struct vsb_flow *flow)
{
	bool answered;

	if (state->hook == NF_INET_LOCAL_OUT && !flow->midstream) {
		trace_vsb_reject(vnet, flow, true);
		return NF_DROP_ERR(-ECONNREFUSED);
	}
	answered = may_answer(vnet);
	trace_vsb_reject(vnet, flow, answered);
	if (!answered) {
		vsb_count(vnet, VSB_COUNT_REJECT_LIMITED);
		return NF_DROP;
	}
	if (!find_way_back(skb, state))
		return NF_DROP;
	if (flow->protocol == IPPROTO_TCP)
		send_reset(skb, state);
	else
		send_unreach(skb, state);
	return NF_DROP;
}
