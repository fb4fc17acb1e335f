// SPDX-License-Identifier: GPL-2.0
/* Lists connections of ours. They are looked for in conntrack's own table, so
 * that those without a record are listed too, and no order of records has to
 * hold while the listing waits for its reader.
 */

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/sock.h>

#include "backend.h"
#include "connection.h"
#include "dump.h"
#include "fill.h"
#include "net.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "pool.h"

/**
 * struct position - where a listing goes on
 * @bucket: of conntrack's table
 * @index: how many of its connections have been passed
 */
struct position {
	unsigned int bucket;
	unsigned int index;
};

static int fill_state(struct sk_buff *skb, const struct nf_conn *ct)
{
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return nla_put_u8(skb, VSB_A_CONNECTION_STATE,
				  READ_ONCE(ct->proto.tcp.state));
	case IPPROTO_SCTP:
		return nla_put_u8(skb, VSB_A_CONNECTION_STATE,
				  READ_ONCE(ct->proto.sctp.state));
	default:
		return 0;
	}
}

static int fill(struct sk_buff *skb, const struct nf_conn *ct,
		const struct vsb_backend *backend)
{
	const struct nf_conntrack_tuple *from =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	const struct nf_conntrack_tuple *back =
		&ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	u16 family = nf_ct_l3num(ct);

	if (nla_put_u16(skb, VSB_A_CONNECTION_FAMILY, family) ||
	    nla_put_u8(skb, VSB_A_CONNECTION_PROTOCOL, nf_ct_protonum(ct)) ||
	    vsb_fill_addr(skb, VSB_A_CONNECTION_SOURCE, family,
			  &from->src.u3) ||
	    nla_put_be16(skb, VSB_A_CONNECTION_SOURCE_PORT, from->src.u.all) ||
	    vsb_fill_addr(skb, VSB_A_CONNECTION_DESTINATION, family,
			  &from->dst.u3) ||
	    nla_put_be16(skb, VSB_A_CONNECTION_DESTINATION_PORT,
			 from->dst.u.all) ||
	    vsb_fill_addr(skb, VSB_A_CONNECTION_ADDRESS, family,
			  &back->src.u3) ||
	    nla_put_be16(skb, VSB_A_CONNECTION_PORT, back->src.u.all) ||
	    nla_put_string(skb, VSB_A_CONNECTION_POOL,
			   vsb_pool_name(backend->pool)) ||
	    nla_put_string(skb, VSB_A_CONNECTION_OWNER,
			   vsb_pool_owner(backend->pool)) ||
	    fill_state(skb, ct) ||
	    nla_put_u32(skb, VSB_A_CONNECTION_EXPIRES,
			nf_ct_expires(ct) / HZ) ||
	    nla_put_u8(skb, VSB_A_CONNECTION_MASQUERADE,
		       !nf_inet_addr_cmp(&back->dst.u3, &from->src.u3)) ||
	    nla_put_u8(skb, VSB_A_CONNECTION_REPLIED,
		       test_bit(IPS_SEEN_REPLY_BIT, &ct->status)))
		return -EMSGSIZE;
	return 0;
}

static int tell(struct sk_buff *skb, struct netlink_callback *cb,
		struct nlattr **tb, const struct nf_conn *ct)
{
	const struct vsb_backend *backend;
	void *header;
	int kind;

	backend = vsb_backend_of(vsb_net(sock_net(skb->sk)), ct, &kind);
	if (!backend ||
	    !vsb_dump_matches(tb[VSB_A_CONNECTION_POOL],
			      vsb_pool_name(backend->pool)) ||
	    !vsb_dump_matches(tb[VSB_A_CONNECTION_OWNER],
			      vsb_pool_owner(backend->pool)))
		return 0;
	header = vsb_dump_start(skb, cb, VSB_CMD_CONNECTION_GET);
	if (!header)
		return -EMSGSIZE;
	return vsb_dump_end(skb, header, fill(skb, ct, backend));
}

/* Every connection is in the table twice. */
static const struct nf_conn *
original(const struct nf_conntrack_tuple_hash *hash, const struct net *net)
{
	struct nf_conn *ct = nf_ct_tuplehash_to_ctrack(hash);

	return NF_CT_DIRECTION(hash) == IP_CT_DIR_ORIGINAL &&
	       net_eq(nf_ct_net(ct), net) && !nf_ct_is_dying(ct) &&
	       !nf_ct_is_expired(ct) ? ct : NULL;
}

static int dump_chain(struct sk_buff *skb, struct netlink_callback *cb,
		      struct nlattr **tb, struct position *position)
{
	const struct hlist_nulls_head *chain =
		&nf_conntrack_hash[position->bucket];
	struct nf_conntrack_tuple_hash *hash;
	struct hlist_nulls_node *node;
	unsigned int index = 0;
	int err;

	hlist_nulls_for_each_entry(hash, node, chain, hnnode) {
		const struct nf_conn *ct = original(hash, sock_net(skb->sk));

		if (!ct || index++ < position->index)
			continue;
		err = tell(skb, cb, tb, ct);
		if (err)
			return err;
		position->index = index;
	}
	position->index = 0;
	return 0;
}

/* Returns 1 where the table has no such bucket. */
static int dump_bucket(struct sk_buff *skb, struct netlink_callback *cb,
		       struct nlattr **tb, struct position *position)
{
	spinlock_t *lock = &nf_conntrack_locks[position->bucket %
					       CONNTRACK_LOCKS];
	int err = 1;

	rcu_read_lock();
	local_bh_disable();
	nf_conntrack_lock(lock);
	__acquire(lock);	/* which its prototype does not say */
	if (position->bucket < nf_conntrack_htable_size)
		err = dump_chain(skb, cb, tb, position);
	spin_unlock(lock);
	local_bh_enable();
	rcu_read_unlock();
	return err;
}

/**
 * vsb_connection_get_dumpit() - answer connection-get
 * @skb: where to write
 * @cb: the listing
 */
int vsb_connection_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct position *position = (struct position *)cb->ctx;
	struct nlattr *tb[VSB_A_CONNECTION_MAX + 1];
	int err;

	BUILD_BUG_ON(sizeof(*position) > sizeof(cb->ctx));
	err = vsb_dump_parse(cb, tb,
			     ARRAY_SIZE(vsb_connection_get_nl_policy) - 1,
			     vsb_connection_get_nl_policy);
	if (err)
		return err;
	while (!(err = dump_bucket(skb, cb, tb, position))) {
		position->bucket++;
		cond_resched();
	}
	return err < 0 && !skb->len ? err : skb->len;
}
