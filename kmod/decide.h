/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_DECIDE_H
#define VSB_DECIDE_H

#include <linux/netfilter.h>

#include <uapi/linux/vsb.h>

struct net_device;
struct nf_conn;
struct vsb_backend;
struct vsb_net;
struct vsb_policy;
struct vsb_route;
struct vsb_service;
struct vsb_set;

/**
 * struct vsb_flow - the first packet of a connection
 * @family: AF_INET or AF_INET6
 * @protocol: IPPROTO_*
 * @midstream: a TCP packet that is no SYN
 * @saddr: source, zero beyond its family's length
 * @daddr: destination, likewise
 * @sport: source port
 * @dport: destination port
 * @mark: firewall mark
 * @in: the device that it came by, NULL for a packet of this node's own
 * @dev: the same, or the one that such a packet leaves by, or NULL; says in
 *	which VRF an address is one of this node's
 */
struct vsb_flow {
	u16 family;
	u8 protocol;
	bool midstream;
	union nf_inet_addr saddr;
	union nf_inet_addr daddr;
	__be16 sport;
	__be16 dport;
	u32 mark;
	const struct net_device *in;
	const struct net_device *dev;
};

/**
 * struct vsb_decision - what is to happen to it
 * @verdict: what
 * @reason: why
 * @service: whose word it is, NULL where it is nobody's
 * @policy: that service's
 * @route: that policy's, for the packet's kind of source
 * @from: VSB_FROM_*, VSB_FROM_OUTSIDE where the kind makes no difference
 * @set: what there is to choose from, also where the verdict is another; NULL
 *	where nobody is to get new clients
 * @stays: the backend that affinity chooses where there is no @set, or NULL
 * @masquerade: whether to rewrite the source
 *
 * Valid under the rcu_read_lock() of the call that made it.
 */
struct vsb_decision {
	enum vsb_verdict verdict;
	enum vsb_reason reason;
	struct vsb_service *service;
	const struct vsb_policy *policy;
	const struct vsb_route *route;
	int from;
	struct vsb_set *set;
	struct vsb_backend *stays;
	bool masquerade;
};

void vsb_decide_flow(const struct nf_conn *ct, struct vsb_flow *flow);
void vsb_resolve(struct vsb_net *vnet, const struct vsb_flow *flow,
		 struct vsb_decision *decision);
struct vsb_backend *vsb_pick(struct vsb_net *vnet, const struct vsb_flow *flow,
			     const struct vsb_decision *decision);

struct vsb_service *vsb_decide_service(struct vsb_net *vnet,
				       const struct vsb_flow *flow);
int vsb_decide_from(struct vsb_net *vnet, const struct vsb_flow *flow);

#endif /* VSB_DECIDE_H */
