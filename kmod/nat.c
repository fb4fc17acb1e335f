// SPDX-License-Identifier: GPL-2.0
/* The NAT lookup functions: where packets meet decisions. The NAT core calls
 * them for connections that are not set up yet, and translates every later
 * packet and reply by itself.
 */

#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/rcupdate_wait.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netfilter/nf_nat.h>
#include <net/netfilter/nf_nat_masquerade.h>

#include "backend.h"
#include "config.h"
#include "decide.h"
#include "nat.h"
#include "net.h"
#include "record.h"
#include "reject.h"
#include "sched.h"
#include "service.h"
#include "trace.h"

/* Conntrack has checked the header; a packet without one is no SYN either. */
static bool is_midstream(const struct sk_buff *skb, u16 family)
{
	int offset = skb_network_offset(skb);
	const struct tcphdr *th;
	struct tcphdr buf;

	if (family == AF_INET) {
		offset += ip_hdrlen(skb);
	} else {
		u8 next = ipv6_hdr(skb)->nexthdr;
		__be16 frag;

		offset = ipv6_skip_exthdr(skb, offset + sizeof(struct ipv6hdr),
					  &next, &frag);
		if (offset < 0)
			return true;
	}
	th = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	return !th || !th->syn || th->ack || th->rst;
}

static bool is_hairpin(const struct vsb_flow *flow,
		       const struct vsb_backend *backend)
{
	return nf_inet_addr_cmp(&flow->saddr, &backend->key.addr);
}

/* The packet is seen before it is counted where accounting was off. */
static void account_from_now_on(struct nf_conn *ct, const struct sk_buff *skb)
{
	if (nf_conn_acct_find(ct))
		return;
	if (nf_ct_ext_add(ct, NF_CT_EXT_ACCT, GFP_ATOMIC))
		nf_ct_acct_add(ct, IP_CT_DIR_ORIGINAL, 1, skb->len);
}

/* What a connection's service is waits for nat_record() where masquerading will
 * note a device's index; nothing may leave with it there.
 */
static void note_service(struct nf_conn *ct, const struct vsb_service *service)
{
	struct nf_conn_nat *nat = nf_ct_nat_ext_add(ct);

	if (nat)
		nat->masq_index = -(int)service->id;
}

/* Returns NULL where the service went since, or nothing could be noted. */
static struct vsb_service *recall_service(struct vsb_net *vnet,
					  struct nf_conn *ct)
{
	struct nf_conn_nat *nat = nfct_nat(ct);
	int id = nat ? -nat->masq_index : 0;

	if (id <= 0)
		return NULL;
	nat->masq_index = 0;
	return xa_load(&vnet->service_ids, id);
}

static unsigned int translate(struct vsb_net *vnet, struct sk_buff *skb,
			      struct nf_conn *ct, const struct vsb_flow *flow,
			      const struct vsb_decision *decision,
			      struct vsb_backend *backend)
{
	const struct vsb_config *config = rcu_dereference(vnet->config);
	bool masquerade = decision->masquerade || is_hairpin(flow, backend);
	struct nf_nat_range2 range = {
		.flags = NF_NAT_RANGE_MAP_IPS,
		.min_addr = backend->key.addr,
		.max_addr = backend->key.addr,
	};
	struct nf_conn *tmpl;
	unsigned int verdict;

	trace_vsb_decide(vnet, flow, decision, backend);
	tmpl = vsb_backend_tmpl(backend,
				masquerade ? VSB_TMPL_MASQ : VSB_TMPL_PLAIN);
	if (!tmpl) {
		vsb_count(vnet, VSB_COUNT_FAILED);
		return NF_DROP;
	}
	if (backend->key.port) {
		range.flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
		range.min_proto.all = backend->key.port;
		range.max_proto.all = backend->key.port;
	}
	if (config->accounting) {
		account_from_now_on(ct, skb);
		note_service(ct, decision->service);
	}
	vsb_timeout_add(vnet, config, ct);
	verdict = nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);
	if (verdict != NF_ACCEPT) {
		vsb_count(vnet, VSB_COUNT_FAILED);
		return verdict;
	}
	vsb_backend_take(backend, tmpl);
	ct->master = tmpl;
	return NF_ACCEPT;
}

static unsigned int apply(struct vsb_net *vnet, struct sk_buff *skb,
			  const struct nf_hook_state *state,
			  struct nf_conn *ct, const struct vsb_flow *flow,
			  struct vsb_decision *decision)
{
	struct vsb_backend *backend;

	if (decision->verdict == VSB_VERDICT_DNAT) {
		backend = vsb_pick(vnet, flow, decision);
		if (backend)
			return translate(vnet, skb, ct, flow, decision,
					 backend);
		decision->verdict = VSB_VERDICT_REJECT;
		decision->reason = VSB_REASON_FULL;
	}
	trace_vsb_decide(vnet, flow, decision, NULL);
	switch (decision->verdict) {
	case VSB_VERDICT_REJECT:
		vsb_count(vnet, vsb_reason_counters[decision->reason]);
		vsb_count(vnet, VSB_COUNT_REJECTED);
		return vsb_reject(vnet, skb, state, flow);
	case VSB_VERDICT_DROP:
		vsb_count(vnet, vsb_reason_counters[decision->reason]);
		vsb_count(vnet, VSB_COUNT_DROPPED);
		return NF_DROP;
	default:
		return NF_ACCEPT;
	}
}

/* PRE_ROUTING and LOCAL_OUT: a connection's destination. */
static unsigned int nat_dst(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct vsb_net *vnet = vsb_net(state->net);
	struct vsb_decision decision;
	enum ip_conntrack_info ctinfo;
	struct vsb_flow flow;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	/* Not ours: replies (of a reset that we sent, say), connections that
	 * another one expected, those that are older than our hooks, and
	 * packets that are for many, or that a socket was assigned to.
	 */
	if (!ct || ctinfo != IP_CT_NEW || nf_ct_is_confirmed(ct) ||
	    (state->hook == NF_INET_PRE_ROUTING &&
	     (skb->pkt_type != PACKET_HOST || skb->sk)))
		return NF_ACCEPT;

	vsb_decide_flow(ct, &flow);
	flow.mark = skb->mark;
	flow.in = state->in;
	flow.dev = state->in ?: state->out;
	if (flow.protocol == IPPROTO_TCP)
		flow.midstream = is_midstream(skb, flow.family);
	vsb_resolve(vnet, &flow, &decision);
	return apply(vnet, skb, state, ct, &flow, &decision);
}

/* A new connection of ours, at the hooks that see its conntrack unconfirmed for
 * the last time; NULL where it is none.
 */
static struct vsb_backend *own_connection(struct vsb_net *vnet,
					  const struct sk_buff *skb,
					  struct nf_conn **ct, int *kind)
{
	enum ip_conntrack_info ctinfo;

	*ct = nf_ct_get(skb, &ctinfo);
	if (!*ct || ctinfo != IP_CT_NEW || nf_ct_is_confirmed(*ct))
		return NULL;
	return vsb_backend_of(vnet, *ct, kind);
}

/* POST_ROUTING and LOCAL_IN, before all that may choose a connection's source,
 * since a lookup that comes after such a choice is not asked any more.
 */
static unsigned int nat_record(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct vsb_net *vnet = vsb_net(state->net);
	struct vsb_backend *backend;
	struct nf_conn *ct;
	int kind;

	backend = own_connection(vnet, skb, &ct, &kind);
	if (!backend)
		return NF_ACCEPT;
	/* conntrack takes one that has a master for related, and tells nobody
	 * who asked for new ones alone.
	 */
	nf_conntrack_event_cache(IPCT_NEW, ct);
	vsb_record_add(backend, recall_service(vnet, ct), ct);
	return NF_ACCEPT;
}

/* POST_ROUTING: a connection's source. A backend on the node itself sees the
 * client, as masquerading is for packets that leave.
 */
static unsigned int nat_src(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct nf_nat_range2 range = { .flags = NF_NAT_RANGE_PROTO_RANDOM_FULLY };
	struct vsb_net *vnet = vsb_net(state->net);
	unsigned int verdict;
	struct nf_conn *ct;
	int kind;

	if (!own_connection(vnet, skb, &ct, &kind) || kind != VSB_TMPL_MASQ)
		return NF_ACCEPT;
	if (state->pf == NFPROTO_IPV4)
		verdict = nf_nat_masquerade_ipv4(skb, state->hook, &range,
						 state->out);
	else
		verdict = nf_nat_masquerade_ipv6(skb, &range, state->out);
	if (verdict != NF_ACCEPT)
		vsb_count(vnet, VSB_COUNT_FAILED);
	return verdict;
}

#define LOOKUP(FN, PF, HOOK, PRIORITY) {	\
	.hook = (FN),				\
	.pf = (PF),				\
	.hooknum = (HOOK),			\
	.priority = (PRIORITY),			\
}

/* Just before the lookups of nft and iptables chains at the same places; and
 * to record, before any: a chain that translates comes after conntrack.
 */
#define LOOKUPS_OF(PF, PRI) {						\
	LOOKUP(nat_dst, PF, NF_INET_PRE_ROUTING, PRI ## NAT_DST - 1),	\
	LOOKUP(nat_dst, PF, NF_INET_LOCAL_OUT, PRI ## NAT_DST - 1),	\
	LOOKUP(nat_record, PF, NF_INET_POST_ROUTING, PRI ## CONNTRACK),	\
	LOOKUP(nat_record, PF, NF_INET_LOCAL_IN, PRI ## CONNTRACK),	\
	LOOKUP(nat_src, PF, NF_INET_POST_ROUTING, PRI ## NAT_SRC - 1),	\
}

static const struct nf_hook_ops lookups_ipv4[] =
	LOOKUPS_OF(NFPROTO_IPV4, NF_IP_PRI_);

static const struct nf_hook_ops lookups_ipv6[] =
	LOOKUPS_OF(NFPROTO_IPV6, NF_IP6_PRI_);

static const struct {
	u8 pf;
	const struct nf_hook_ops *ops;
	int (*add)(struct net *net, const struct nf_hook_ops *ops);
	void (*del)(struct net *net, const struct nf_hook_ops *ops);
} families[VSB_FAMILIES] = {
	[VSB_IPV4] = {
		.pf = NFPROTO_IPV4,
		.ops = lookups_ipv4,
		.add = nf_nat_ipv4_register_fn,
		.del = nf_nat_ipv4_unregister_fn,
	},
	[VSB_IPV6] = {
		.pf = NFPROTO_IPV6,
		.ops = lookups_ipv6,
		.add = nf_nat_ipv6_register_fn,
		.del = nf_nat_ipv6_unregister_fn,
	},
};

#define LOOKUPS ARRAY_SIZE(lookups_ipv4)
/* The first of them give connections a backend, the others finish these. */
#define LOOKUPS_DST 2

static void unregister(struct net *net, int family, int from, int to)
{
	for (; from < to; from++)
		families[family].del(net, &families[family].ops[from]);
}

/**
 * vsb_nat_is_needed() - whether a family's packets have to be looked at
 * @family: VSB_IPV4 or VSB_IPV6
 * @totals: how many services there are
 * @config: the settings
 *
 * Return: whether there is a service, or a range for services.
 */
bool vsb_nat_is_needed(int family, const struct vsb_totals *totals,
		       const struct vsb_config *config)
{
	return totals->services[family] ||
	       vsb_cidrs_has_family(config->cidrs[VSB_CIDRS_SERVICE],
				    families[family].pf == NFPROTO_IPV4 ?
				    AF_INET : AF_INET6);
}

/**
 * vsb_nat_hook() - have the NAT core call us for a family
 * @vnet: the network namespace
 * @family: VSB_IPV4 or VSB_IPV6
 *
 * Context: may sleep; under vnet->lock.
 * Return: 0, also where it does already, or a negative errno value.
 */
int vsb_nat_hook(struct vsb_net *vnet, int family)
{
	unsigned int i;
	int err;

	lockdep_assert_held(&vnet->lock);
	if (vnet->hooked & BIT(family))
		return 0;
	err = nf_ct_netns_get(vnet->net, families[family].pf);
	if (err)
		return err;
	for (i = 0; i < LOOKUPS; i++) {
		err = families[family].add(vnet->net, &families[family].ops[i]);
		if (err)
			goto unregister;
	}
	vnet->hooked |= BIT(family);
	vsb_record_sweep_soon(vnet);
	return 0;

unregister:
	unregister(vnet->net, family, 0, i);
	nf_ct_netns_put(vnet->net, families[family].pf);
	return err;
}

static bool has_connections(struct vsb_net *vnet, int family)
{
	struct vsb_backend *backend;
	unsigned long id;
	bool has = false;

	rcu_read_lock();
	xa_for_each_marked(&vnet->backend_ids, id, backend,
			   VSB_BACKEND_TRAFFIC) {
		if (vsb_family_index(backend->family) == family &&
		    vsb_backend_connections(backend)) {
			has = true;
			break;
		}
		cond_resched_rcu();
	}
	rcu_read_unlock();
	return has;
}

/* Returns whether nothing has to be waited for. */
static bool unhook(struct vsb_net *vnet, int family)
{
	if (has_connections(vnet, family))
		return false;
	/* A packet that found a service may be about to use it. */
	synchronize_net();
	if (has_connections(vnet, family))
		return false;
	unregister(vnet->net, family, 0, LOOKUPS);
	nf_ct_netns_put(vnet->net, families[family].pf);
	vnet->hooked &= ~BIT(family);
	return true;
}

/**
 * vsb_nat_release() - stop being called for families that have nothing left
 * @vnet: the network namespace
 *
 * A connection needs the NAT hooks as long as it lives, and we may be the only
 * ones that hold them. Does not wait for a commit: others' sweepers would.
 *
 * Context: may sleep.
 * Return: whether no family waits for its last connection.
 */
bool vsb_nat_release(struct vsb_net *vnet)
{
	bool idle = true;
	int family;

	if (!mutex_trylock(&vnet->lock))
		return false;
	for (family = 0; family < VSB_FAMILIES; family++) {
		if (!(vnet->hooked & BIT(family)) ||
		    vsb_nat_is_needed(family, &vnet->totals,
				      vsb_config_of(vnet)))
			continue;
		idle &= unhook(vnet, family);
	}
	mutex_unlock(&vnet->lock);
	return idle;
}

/**
 * vsb_nat_net_stop() - stop being called in a network namespace that goes
 * @vnet: the network namespace. Packets may be in the lookup functions for a
 *	grace period more.
 */
void vsb_nat_net_stop(struct vsb_net *vnet)
{
	int family;

	mutex_lock(&vnet->lock);
	for (family = 0; family < VSB_FAMILIES; family++)
		if (vnet->hooked & BIT(family))
			unregister(vnet->net, family, 0, LOOKUPS_DST);
	/* What has a backend by now is masqueraded, too, and goes on when only
	 * the module goes.
	 */
	if (vnet->hooked && check_net(vnet->net))
		synchronize_net();
	for (family = 0; family < VSB_FAMILIES; family++) {
		if (!(vnet->hooked & BIT(family)))
			continue;
		unregister(vnet->net, family, LOOKUPS_DST, LOOKUPS);
		nf_ct_netns_put(vnet->net, families[family].pf);
	}
	vnet->hooked = 0;
	mutex_unlock(&vnet->lock);
}
