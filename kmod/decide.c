// SPDX-License-Identifier: GPL-2.0
/* What is to happen to a connection: resolve, which changes nothing, and pick. */

#include <net/addrconf.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

#include "config.h"
#include "decide.h"
#include "net.h"
#include "pool.h"
#include "service.h"

/**
 * vsb_decide_flow() - the first packet of a connection, as conntrack has it
 * @ct: the connection
 * @flow: where to say it, but for what only the packet knows: its device, and
 *	whether it is no SYN
 */
void vsb_decide_flow(const struct nf_conn *ct, struct vsb_flow *flow)
{
	const struct nf_conntrack_tuple *tuple =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;

	*flow = (struct vsb_flow){
		.family = tuple->src.l3num,
		.protocol = tuple->dst.protonum,
		.saddr = tuple->src.u3,
		.daddr = tuple->dst.u3,
		.sport = tuple->src.u.all,
		.dport = tuple->dst.u.all,
	};
}

/**
 * vsb_decide_service() - the service that a packet is for
 * @vnet: the network namespace
 * @flow: the packet
 *
 * Context: under rcu_read_lock().
 * Return: the service, NULL where the packet is not ours.
 */
struct vsb_service *vsb_decide_service(struct vsb_net *vnet,
				       const struct vsb_flow *flow)
{
	struct vsb_key key = {
		.addr = flow->daddr,
		.port = flow->dport,
		.family = flow->family,
		.protocol = flow->protocol,
	};
	struct vsb_service *service = vsb_service_find(vnet, &key);

	if (service || !READ_ONCE(vnet->any_port))
		return service;
	key.port = 0;
	return vsb_service_find(vnet, &key);
}

static bool is_local(struct net *net, const struct vsb_flow *flow)
{
	if (flow->family == AF_INET)
		return inet_addr_type_dev_table(net, flow->dev,
						flow->saddr.ip) == RTN_LOCAL;
	return ipv6_chk_addr(net, &flow->saddr.in6, flow->dev, 0);
}

/**
 * vsb_decide_from() - what kind of source a packet comes from
 * @vnet: the network namespace
 * @flow: the packet
 *
 * Context: under rcu_read_lock().
 * Return: VSB_FROM_*.
 */
int vsb_decide_from(struct vsb_net *vnet, const struct vsb_flow *flow)
{
	if (vsb_config_is_pod(rcu_dereference(vnet->config), flow->family,
			      &flow->saddr))
		return VSB_FROM_POD;
	return is_local(vnet->net, flow) ? VSB_FROM_NODE : VSB_FROM_OUTSIDE;
}

static bool has_any_set(const struct vsb_pool *pool)
{
	int i;

	for (i = 0; i < VSB_SETS_MAX; i++)
		if (rcu_access_pointer(pool->sets[i]))
			return true;
	return false;
}

static void decide(struct vsb_decision *decision, enum vsb_verdict verdict,
		   enum vsb_reason reason)
{
	decision->verdict = verdict;
	decision->reason = reason;
}

/**
 * vsb_resolve() - decide what happens to a packet, up to the choice
 * @vnet: the network namespace
 * @flow: the first packet of a connection
 * @decision: where to say it
 *
 * Changes nothing, so that the hook and the netlink command explain can both
 * ask.
 *
 * Context: under rcu_read_lock().
 */
void vsb_resolve(struct vsb_net *vnet, const struct vsb_flow *flow,
		 struct vsb_decision *decision)
{
	const struct vsb_pool *pool;

	*decision = (struct vsb_decision){ .from = VSB_FROM_OUTSIDE };
	decision->service = vsb_decide_service(vnet, flow);
	if (!decision->service) {
		decide(decision, VSB_VERDICT_NONE, VSB_REASON_NO_SERVICE);
		return;
	}
	decision->policy = rcu_dereference(decision->service->policy);
	if (!decision->policy->uniform)
		decision->from = vsb_decide_from(vnet, flow);
	decision->route = &decision->policy->routes[decision->from];
	pool = decision->route->pool;
	decision->set = rcu_dereference(pool->sets[decision->route->set]);
	decision->masquerade = decision->route->masquerade ||
		rcu_dereference(vnet->config)->masquerade_all;

	if (flow->midstream)
		decide(decision, VSB_VERDICT_REJECT, VSB_REASON_NOT_SYN);
	else if (decision->set)
		decide(decision, VSB_VERDICT_DNAT, VSB_REASON_CANDIDATES);
	else if (!has_any_set(pool))
		decide(decision, VSB_VERDICT_REJECT, VSB_REASON_NO_BACKEND);
	else
		decide(decision,
		       decision->policy->elsewhere == VSB_ACTION_REJECT ?
		       VSB_VERDICT_REJECT : VSB_VERDICT_DROP,
		       VSB_REASON_ELSEWHERE);
}

/**
 * vsb_pick() - choose a backend
 * @decision: one whose verdict is VSB_VERDICT_DNAT
 *
 * Context: under the rcu_read_lock() of vsb_resolve().
 * Return: the slot of the set that was chosen.
 */
const struct vsb_slot *vsb_pick(const struct vsb_decision *decision)
{
	return decision->set->sched->pick(decision->set);
}
