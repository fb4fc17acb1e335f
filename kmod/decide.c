// SPDX-License-Identifier: GPL-2.0
/* What is to happen to a connection: resolve, which changes nothing, and pick. */

#include <net/addrconf.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

#include "affinity.h"
#include "clusterip.h"
#include "config.h"
#include "decide.h"
#include "net.h"
#include "pool.h"
#include "service.h"

/**
 * vsb_decide_flow() - the first packet of a connection, as conntrack has it
 * @ct: the connection
 * @flow: where to say it, but for what only the packet knows: its devices, its
 *	mark, and whether it is no SYN
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

static bool is_local(const struct vsb_net *vnet, const struct vsb_flow *flow,
		     const union nf_inet_addr *addr)
{
	if (flow->family == AF_INET)
		return inet_addr_type_dev_table(vnet->net, flow->dev,
						addr->ip) == RTN_LOCAL;
	return ipv6_chk_addr(vnet->net, &addr->in6, flow->dev, 0);
}

/* One that this node sends; those that come are told by their type. */
static bool is_broadcast(const struct vsb_net *vnet,
			 const struct vsb_flow *flow)
{
	return !flow->in && flow->family == AF_INET &&
	       inet_addr_type_dev_table(vnet->net, flow->dev,
					flow->daddr.ip) == RTN_BROADCAST;
}

static bool is_loopback(const struct vsb_flow *flow)
{
	return flow->family == AF_INET ? ipv4_is_loopback(flow->daddr.ip) :
					 ipv6_addr_loopback(&flow->daddr.in6);
}

/* What many hear is no service's, whatever mark or range it has. A subnet's
 * broadcast is left to is_broadcast().
 */
static bool is_for_many(const struct vsb_flow *flow)
{
	if (flow->family == AF_INET)
		return ipv4_is_multicast(flow->daddr.ip) ||
		       ipv4_is_lbcast(flow->daddr.ip);
	return ipv6_addr_is_multicast(&flow->daddr.in6);
}

/* Which addresses a node has changes without us, so that it is asked of them
 * each time; but only where a service has the port.
 */
static bool is_node_port(struct vsb_net *vnet, const struct vsb_flow *flow)
{
	const struct vsb_config *config = rcu_dereference(vnet->config);

	return vsb_service_is_node_port(vnet, flow->family, flow->protocol,
					flow->dport) &&
	       !is_loopback(flow) &&
	       vsb_cidrs_has(config->cidrs[VSB_CIDRS_NODE_PORT], flow->family,
			     &flow->daddr) &&
	       is_local(vnet, flow, &flow->daddr);
}

/**
 * vsb_decide_service() - the service that a packet is for
 * @vnet: the network namespace
 * @flow: the packet
 *
 * Context: under rcu_read_lock().
 * Return: the service, NULL where none has it.
 */
struct vsb_service *vsb_decide_service(struct vsb_net *vnet,
				       const struct vsb_flow *flow)
{
	struct vsb_key key = { .family = flow->family };
	struct vsb_service *service;

	if (!vsb_protocol_has_ports(flow->protocol))
		return NULL;
	if (flow->mark && READ_ONCE(vnet->marks) && !is_for_many(flow)) {
		key.kind = VSB_KIND_MARK;
		key.mark = flow->mark;
		service = vsb_service_find(vnet, &key);
		if (service && !is_broadcast(vnet, flow))
			return service;
	}
	key.kind = VSB_KIND_VIP;
	key.addr = flow->daddr;
	key.protocol = flow->protocol;
	key.port = flow->dport;
	service = vsb_service_find(vnet, &key);
	if (service)
		return service;
	if (READ_ONCE(vnet->any_port)) {
		key.port = 0;
		service = vsb_service_find(vnet, &key);
		if (service)
			return service;
	}
	if (!is_node_port(vnet, flow))
		return NULL;
	key.kind = VSB_KIND_NODE_PORT;
	key.addr = (union nf_inet_addr){};
	key.port = flow->dport;
	return vsb_service_find(vnet, &key);
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
	const struct vsb_config *config = rcu_dereference(vnet->config);

	if (vsb_cidrs_has(config->cidrs[VSB_CIDRS_POD], flow->family,
			  &flow->saddr) ||
	    (flow->in && vsb_config_is_pod_device(config, flow->in)))
		return VSB_FROM_POD;
	return is_local(vnet, flow, &flow->saddr) ? VSB_FROM_NODE :
						    VSB_FROM_OUTSIDE;
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

/* What no service has may still be at an address that is for services alone. */
static void resolve_unserved(struct vsb_net *vnet, const struct vsb_flow *flow,
			     struct vsb_decision *decision)
{
	const struct vsb_config *config = rcu_dereference(vnet->config);

	decide(decision, VSB_VERDICT_NONE, VSB_REASON_NO_SERVICE);
	if (is_for_many(flow))
		return;
	if (READ_ONCE(vnet->clusterips_shown) &&
	    vsb_clusterip_has(vnet, flow->family, &flow->daddr))
		decide(decision, VSB_VERDICT_REJECT, VSB_REASON_UNSERVED);
	else if (vsb_cidrs_has(config->cidrs[VSB_CIDRS_SERVICE], flow->family,
			       &flow->daddr))
		decide(decision, VSB_VERDICT_DROP, VSB_REASON_UNALLOCATED);
	else
		return;
	/* A DNS cache on the node has the DNS service's address, say. */
	if (is_local(vnet, flow, &flow->daddr) || is_broadcast(vnet, flow))
		decide(decision, VSB_VERDICT_NONE, VSB_REASON_NO_SERVICE);
}

static bool is_allowed(const struct vsb_decision *decision,
		       const struct vsb_flow *flow)
{
	return !(decision->policy->flags & VSB_FLAG_RESTRICTED) ||
	       vsb_cidrs_has(rcu_dereference(decision->service->ranges),
			     flow->family, &flow->saddr);
}

static bool is_masqueraded(struct vsb_net *vnet,
			   const struct vsb_decision *decision)
{
	return decision->route->masquerade ||
	       ((decision->policy->flags & VSB_FLAG_CLUSTER_IP) &&
		rcu_dereference(vnet->config)->masquerade_all);
}

/* Where nobody is to get new clients, those that there are stay. */
static bool stays(struct vsb_net *vnet, const struct vsb_flow *flow,
		  struct vsb_decision *decision)
{
	const struct vsb_route *route = decision->route;

	decision->stays = vsb_affinity_find(vnet, route->pool, route->set,
					    &flow->saddr, false);
	return decision->stays;
}

static void resolve_served(struct vsb_net *vnet, const struct vsb_flow *flow,
			   struct vsb_service *service,
			   struct vsb_decision *decision)
{
	const struct vsb_pool *pool;

	*decision = (struct vsb_decision){
		.service = service,
		.policy = rcu_dereference(service->policy),
		.from = VSB_FROM_OUTSIDE,
	};
	if (!decision->policy->uniform)
		decision->from = vsb_decide_from(vnet, flow);
	decision->route = &decision->policy->routes[decision->from];
	pool = decision->route->pool;
	decision->set = rcu_dereference(pool->sets[decision->route->set]);
	decision->masquerade = is_masqueraded(vnet, decision);

	if (!is_allowed(decision, flow))
		decide(decision, VSB_VERDICT_DROP, VSB_REASON_NOT_ALLOWED);
	else if (flow->midstream)
		decide(decision, VSB_VERDICT_REJECT, VSB_REASON_NOT_SYN);
	else if (decision->set)
		decide(decision, VSB_VERDICT_DNAT, VSB_REASON_CANDIDATES);
	else if (stays(vnet, flow, decision))
		decide(decision, VSB_VERDICT_DNAT, VSB_REASON_AFFINITY);
	else if (!has_any_set(pool))
		decide(decision, VSB_VERDICT_REJECT, VSB_REASON_NO_BACKEND);
	else
		decide(decision,
		       decision->policy->elsewhere == VSB_ACTION_REJECT ?
		       VSB_VERDICT_REJECT : VSB_VERDICT_DROP,
		       VSB_REASON_ELSEWHERE);
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
	struct vsb_service *service = vsb_decide_service(vnet, flow);

	if (!service) {
		*decision = (struct vsb_decision){ .from = VSB_FROM_OUTSIDE };
		resolve_unserved(vnet, flow, decision);
		return;
	}
	resolve_served(vnet, flow, service, decision);
	if (decision->verdict == VSB_VERDICT_DNAT)
		return;
	/* Where a commit leads elsewhere, what it empties is emptied after
	 * that: who found it empty sees the new way. Pairs with
	 * vsb_stage_apply().
	 */
	smp_rmb();
	if (rcu_access_pointer(service->policy) != decision->policy)
		resolve_served(vnet, flow, service, decision);
}

static struct vsb_backend *pick(const struct vsb_decision *decision,
				const struct vsb_flow *flow)
{
	struct vsb_set *set = decision->set;
	const struct vsb_slot *slot;

	/* Also where affinity has forgotten the client since. */
	if (!set)
		return decision->stays;
	slot = set->sched.ops->pick(set, flow);
	return slot ? slot->backend : NULL;
}

/**
 * vsb_pick() - choose a backend
 * @vnet: the network namespace
 * @flow: the packet
 * @decision: what vsb_resolve() said of it, with the verdict VSB_VERDICT_DNAT
 *
 * Context: under the rcu_read_lock() of vsb_resolve().
 * Return: the backend that affinity chooses, or else the scheduler; NULL where
 *	all that it could choose are full.
 */
struct vsb_backend *vsb_pick(struct vsb_net *vnet, const struct vsb_flow *flow,
			     const struct vsb_decision *decision)
{
	const struct vsb_route *route = decision->route;
	u32 timeout = READ_ONCE(route->pool->affinity.timeout);
	struct vsb_backend *backend;

	if (!timeout)
		return pick(decision, flow);
	backend = vsb_affinity_find(vnet, route->pool, route->set,
				    &flow->saddr, true);
	if (backend) {
		vsb_count(vnet, VSB_COUNT_AFFINITY_HITS);
		return backend;
	}
	backend = pick(decision, flow);
	if (backend)
		vsb_affinity_use(vnet, route->pool, &flow->saddr, backend,
				 timeout);
	return backend;
}
