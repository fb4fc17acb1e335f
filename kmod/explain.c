// SPDX-License-Identifier: GPL-2.0
/* Answers what would happen to a packet, by asking what the hook asks. */

#include <linux/netdevice.h>

#include "affinity.h"
#include "decide.h"
#include "explain.h"
#include "fill.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "parse.h"
#include "pool.h"
#include "service.h"

/**
 * struct vsb_outlook - whom the hook would pick
 * @affinity: the backend that affinity chooses, or NULL
 * @choice: the one that the scheduler chooses then, or NULL where nobody can
 *	tell
 *
 * Both are good as long as what vsb_resolve() said.
 */
struct vsb_outlook {
	const struct vsb_backend *affinity;
	const struct vsb_backend *choice;
};

/* Any will do: cluster IPs refuse them all. */
static int parse_protocol(struct vsb_net *vnet, const struct nlattr *attr,
			  struct netlink_ext_ack *extack, u8 *protocol)
{
	if (!attr)
		return vsb_refuse(vnet, extack, -EINVAL, "protocol: missing");
	*protocol = nla_get_u8(attr);
	return 0;
}

static int parse(struct vsb_net *vnet, struct genl_info *info,
		 struct vsb_flow *flow)
{
	struct nlattr **tb = info->attrs;
	int err;

	*flow = (struct vsb_flow){};
	err = vsb_parse_family(vnet, tb[VSB_A_EXPLAIN_FAMILY], info->extack,
			       &flow->family) ?:
	      parse_protocol(vnet, tb[VSB_A_EXPLAIN_PROTOCOL], info->extack,
			     &flow->protocol) ?:
	      vsb_parse_addr(vnet, tb[VSB_A_EXPLAIN_SOURCE], info->extack,
			     "source", flow->family, &flow->saddr) ?:
	      vsb_parse_addr(vnet, tb[VSB_A_EXPLAIN_DESTINATION], info->extack,
			     "destination", flow->family, &flow->daddr);
	if (err)
		return err;
	if (tb[VSB_A_EXPLAIN_SOURCE_PORT])
		flow->sport = nla_get_be16(tb[VSB_A_EXPLAIN_SOURCE_PORT]);
	if (tb[VSB_A_EXPLAIN_DESTINATION_PORT])
		flow->dport = nla_get_be16(tb[VSB_A_EXPLAIN_DESTINATION_PORT]);
	if (tb[VSB_A_EXPLAIN_MARK])
		flow->mark = nla_get_u32(tb[VSB_A_EXPLAIN_MARK]);
	return 0;
}

/* Under rcu_read_lock(), which the device is good for. */
static int find_device(struct vsb_net *vnet, struct genl_info *info, int attr,
		       const char *name, const struct net_device **dev)
{
	u32 ifindex;

	if (!info->attrs[attr])
		return 0;
	ifindex = nla_get_u32(info->attrs[attr]);
	*dev = dev_get_by_index_rcu(vnet->net, ifindex);
	if (*dev)
		return 0;
	return vsb_refuse(vnet, info->extack, -ENODEV, "%s: no device %u",
			  name, ifindex);
}

/* The device that the packet comes by, or whose VRF the node sends it in. */
static int find_devices(struct vsb_net *vnet, struct genl_info *info,
			struct vsb_flow *flow)
{
	int err;

	if (info->attrs[VSB_A_EXPLAIN_IFINDEX] &&
	    info->attrs[VSB_A_EXPLAIN_VRF])
		return vsb_refuse(vnet, info->extack, -EINVAL,
				  "vrf: a packet that comes by a device is in that one's");
	err = find_device(vnet, info, VSB_A_EXPLAIN_IFINDEX, "ifindex",
			  &flow->in) ?:
	      find_device(vnet, info, VSB_A_EXPLAIN_VRF, "vrf", &flow->dev);
	if (err)
		return err;
	if (flow->dev && !netif_is_l3_master(flow->dev))
		return vsb_refuse(vnet, info->extack, -EINVAL,
				  "vrf: %s is none", flow->dev->name);
	if (flow->in)
		flow->dev = flow->in;
	return 0;
}

static int fill_service(struct sk_buff *skb,
			const struct vsb_decision *decision)
{
	const struct vsb_key *key = &decision->service->key;
	struct nlattr *nest = nla_nest_start(skb, VSB_A_EXPLAIN_SERVICE);

	if (!nest || nla_put_u32(skb, VSB_A_SERVICE_REF_KIND, key->kind) ||
	    nla_put_string(skb, VSB_A_SERVICE_REF_OWNER,
			   vsb_policy_owner(decision->policy)) ||
	    nla_put_string(skb, VSB_A_SERVICE_REF_LABEL,
			   vsb_policy_label(decision->policy)))
		return -EMSGSIZE;
	if (key->kind == VSB_KIND_MARK ?
	    nla_put_u32(skb, VSB_A_SERVICE_REF_MARK, key->mark) :
	    nla_put_be16(skb, VSB_A_SERVICE_REF_PORT, key->port))
		return -EMSGSIZE;
	if (key->kind == VSB_KIND_VIP &&
	    vsb_fill_addr(skb, VSB_A_SERVICE_REF_ADDRESS, key->family,
			  &key->addr))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_picked(struct sk_buff *skb, int attr,
		       const struct vsb_backend *backend)
{
	return backend ? vsb_fill_backend(skb, attr, backend,
					  VSB_FILL_CONFIG) : 0;
}

static int fill_candidates(struct sk_buff *skb,
			   const struct vsb_decision *decision)
{
	const struct vsb_set *set = decision->verdict == VSB_VERDICT_DNAT ?
				    decision->set : NULL;
	const struct vsb_backend *backend;
	u32 i, open = 0;

	for (i = 0; set && i < set->n; i++) {
		backend = set->slots[i].backend;
		if (vsb_backend_is_full(backend) ||
		    open++ >= VSB_EXPLAIN_BACKENDS_MAX)
			continue;
		if (vsb_fill_backend(skb, VSB_A_EXPLAIN_BACKEND, backend,
				     VSB_FILL_CONFIG))
			return -EMSGSIZE;
	}
	return nla_put_u32(skb, VSB_A_EXPLAIN_CANDIDATES, open);
}

static int fill(struct sk_buff *skb, struct vsb_net *vnet,
		const struct vsb_flow *flow,
		const struct vsb_decision *decision,
		const struct vsb_outlook *outlook)
{
	const struct vsb_route *route = decision->route;

	if (nla_put_u32(skb, VSB_A_EXPLAIN_VERDICT, decision->verdict) ||
	    nla_put_u32(skb, VSB_A_EXPLAIN_REASON, decision->reason) ||
	    nla_put_u32(skb, VSB_A_EXPLAIN_SOURCE_KIND,
			BIT(vsb_decide_from(vnet, flow))))
		return -EMSGSIZE;
	if (!decision->service)
		return 0;
	if (fill_service(skb, decision) ||
	    nla_put_string(skb, VSB_A_EXPLAIN_POOL,
			   vsb_pool_name(route->pool)) ||
	    nla_put_u32(skb, VSB_A_EXPLAIN_SET, route->set) ||
	    nla_put_string(skb, VSB_A_EXPLAIN_SCHEDULER,
			   route->pool->sched.ops->name) ||
	    nla_put_u8(skb, VSB_A_EXPLAIN_MASQUERADE, decision->masquerade) ||
	    fill_picked(skb, VSB_A_EXPLAIN_AFFINITY, outlook->affinity) ||
	    fill_picked(skb, VSB_A_EXPLAIN_CHOICE, outlook->choice))
		return -EMSGSIZE;
	return fill_candidates(skb, decision);
}

/* Room for an entry of the list of candidates, and for all else. */
#define BACKEND_SIZE	80
#define REST_SIZE	(VSB_NAME_MAX * 4 + 256)

/* What the hook does where nobody is picked happens to this packet, too. */
static void look_ahead(struct vsb_net *vnet, const struct vsb_flow *flow,
		       struct vsb_decision *decision,
		       struct vsb_outlook *outlook)
{
	const struct vsb_route *route = decision->route;
	const struct vsb_slot *slot;

	*outlook = (struct vsb_outlook){};
	if (decision->verdict != VSB_VERDICT_DNAT)
		return;
	outlook->affinity = vsb_affinity_find(vnet, route->pool, route->set,
					      &flow->saddr, false) ?:
			    decision->stays;
	if (outlook->affinity)
		return;
	if (vsb_sched_foresee(decision->set, flow, &slot)) {
		outlook->choice = slot ? slot->backend : NULL;
		return;
	}
	decision->verdict = VSB_VERDICT_REJECT;
	decision->reason = VSB_REASON_FULL;
}

/* Services, pools and sets stay under vnet->lock, but devices come and go. */
static int answer(struct sk_buff *skb, struct vsb_net *vnet,
		  struct genl_info *info, struct vsb_flow *flow)
{
	struct vsb_decision decision;
	struct vsb_outlook outlook;
	int err;

	lockdep_assert_held(&vnet->lock);
	rcu_read_lock();
	err = find_devices(vnet, info, flow);
	if (!err) {
		vsb_resolve(vnet, flow, &decision);
		look_ahead(vnet, flow, &decision, &outlook);
		err = fill(skb, vnet, flow, &decision, &outlook);
	}
	rcu_read_unlock();
	return err;
}

int vsb_explain_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsb_net *vnet = vsb_net(genl_info_net(info));
	struct vsb_flow flow;
	struct sk_buff *reply;
	void *header;
	int err;

	err = parse(vnet, info, &flow);
	if (err)
		return err;
	reply = genlmsg_new(REST_SIZE + BACKEND_SIZE * VSB_EXPLAIN_BACKENDS_MAX,
			    GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	header = genlmsg_put_reply(reply, info, &vsb_family, 0,
				   VSB_CMD_EXPLAIN);
	mutex_lock(&vnet->lock);
	err = header ? answer(reply, vnet, info, &flow) : -EMSGSIZE;
	mutex_unlock(&vnet->lock);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}
