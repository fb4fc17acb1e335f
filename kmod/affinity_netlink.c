// SPDX-License-Identifier: GPL-2.0
/* The commands about session affinity. They are about what packets do, not
 * about configuration: each takes effect at once, whatever transaction is
 * open, and no generation tells of it.
 */

#include <net/sock.h>

#include "affinity.h"
#include "affinity_netlink.h"
#include "change.h"
#include "dump.h"
#include "fill.h"
#include "net.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "parse.h"
#include "pool.h"

/* The pool that a command is about, under vnet->lock. */
static struct vsb_pool *find_pool(struct vsb_net *vnet, struct genl_info *info)
{
	const struct nlattr *owner = info->attrs[VSB_A_AFFINITY_OWNER];
	const struct nlattr *name = info->attrs[VSB_A_AFFINITY_POOL];

	if (!name)
		return ERR_PTR(vsb_refuse(vnet, info->extack, -EINVAL,
					  "pool: missing"));
	return vsb_pool_find_own(vnet, nla_data(name),
				 owner ? nla_data(owner) : VSB_DEFAULT_OWNER,
				 info->extack);
}

static int set(struct vsb_net *vnet, struct genl_info *info,
	       struct vsb_pool *pool)
{
	const struct nlattr *expires = info->attrs[VSB_A_AFFINITY_EXPIRES];
	const struct nlattr *port = info->attrs[VSB_A_AFFINITY_PORT];
	struct vsb_backend_key key = {};
	struct vsb_backend *backend;
	union nf_inet_addr client;
	u32 seconds;
	int err;

	if (!pool->affinity.timeout)
		return vsb_refuse(vnet, info->extack, -EINVAL,
				  "pool: %s has no affinity",
				  vsb_pool_name(pool));
	err = vsb_parse_addr(vnet, info->attrs[VSB_A_AFFINITY_CLIENT],
			     info->extack, "client", pool->family, &client) ?:
	      vsb_parse_addr(vnet, info->attrs[VSB_A_AFFINITY_ADDRESS],
			     info->extack, "address", pool->family, &key.addr);
	if (err)
		return err;
	if (port)
		key.port = nla_get_be16(port);
	backend = vsb_pool_backend(pool, &key);
	if (!backend)
		return vsb_refuse(vnet, info->extack, -ENOENT,
				  "address: no such backend in pool %s",
				  vsb_pool_name(pool));
	seconds = expires ? nla_get_u32(expires) : pool->affinity.timeout;
	rcu_read_lock();
	vsb_affinity_use(vnet, pool, &client, backend,
			 min(seconds, pool->affinity.timeout));
	rcu_read_unlock();
	return 0;
}

static int del(struct vsb_net *vnet, struct genl_info *info,
	       struct vsb_pool *pool)
{
	const struct nlattr *attr = info->attrs[VSB_A_AFFINITY_CLIENT];
	union nf_inet_addr client;
	int err;

	if (!attr) {
		vsb_affinity_forget(vnet, pool, NULL);
		return 0;
	}
	err = vsb_parse_addr(vnet, attr, info->extack, "client", pool->family,
			     &client);
	if (err)
		return err;
	if (vsb_affinity_forget(vnet, pool, &client))
		return 0;
	return vsb_refuse(vnet, info->extack, -ENOENT,
			  "client: not known to pool %s", vsb_pool_name(pool));
}

static int with_pool(struct genl_info *info,
		     int (*act)(struct vsb_net *vnet, struct genl_info *info,
				struct vsb_pool *pool))
{
	struct vsb_net *vnet = vsb_net(genl_info_net(info));
	struct vsb_pool *pool;
	int err;

	mutex_lock(&vnet->lock);
	pool = find_pool(vnet, info);
	err = IS_ERR(pool) ? PTR_ERR(pool) : act(vnet, info, pool);
	mutex_unlock(&vnet->lock);
	return err;
}

int vsb_affinity_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return with_pool(info, set);
}

int vsb_affinity_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return with_pool(info, del);
}

/* The backend of an entry, where a connection of it could go there. */
static const struct vsb_backend *
usable_backend(struct vsb_net *vnet, const struct vsb_affinity_entry *entry)
{
	const struct vsb_backend *backend = xa_load(&vnet->backend_ids,
						    entry->backend);

	return backend && backend->sets && backend->state == VSB_STATE_UP ?
	       backend : NULL;
}

static int fill(struct sk_buff *skb, const struct vsb_pool *pool,
		const struct vsb_backend *backend,
		const struct vsb_affinity_entry *entry)
{
	/* Meanwhile its last second may have passed. */
	s32 left = entry->expires - vsb_affinity_now();

	if (nla_put_string(skb, VSB_A_AFFINITY_POOL, vsb_pool_name(pool)) ||
	    nla_put_string(skb, VSB_A_AFFINITY_OWNER, vsb_pool_owner(pool)) ||
	    vsb_fill_addr(skb, VSB_A_AFFINITY_CLIENT, pool->family,
			  &entry->client) ||
	    vsb_fill_addr(skb, VSB_A_AFFINITY_ADDRESS, pool->family,
			  &backend->key.addr) ||
	    nla_put_be16(skb, VSB_A_AFFINITY_PORT, backend->key.port) ||
	    nla_put_u32(skb, VSB_A_AFFINITY_EXPIRES, max(left, 0)))
		return -EMSGSIZE;
	return 0;
}

static int tell(struct sk_buff *skb, struct netlink_callback *cb,
		const struct vsb_pool *pool, const struct vsb_backend *backend,
		const struct vsb_affinity_entry *entry)
{
	void *header = vsb_dump_start(skb, cb, VSB_CMD_AFFINITY_GET);

	if (!header)
		return -EMSGSIZE;
	return vsb_dump_end(skb, header, fill(skb, pool, backend, entry));
}

/* Entries that are void, or not asked for, are passed over. */
static int dump_entry(struct sk_buff *skb, struct netlink_callback *cb,
		      struct nlattr **tb,
		      const struct vsb_affinity_entry *entry)
{
	struct vsb_net *vnet = vsb_net(sock_net(skb->sk));
	const struct vsb_backend *backend;
	const struct vsb_pool *pool;
	int err = 0;

	if (!entry->pool)
		return 0;
	pool = xa_load(&vnet->pool_ids, entry->pool);
	if (!pool ||
	    !vsb_dump_matches(tb[VSB_A_AFFINITY_POOL], vsb_pool_name(pool)) ||
	    !vsb_dump_matches(tb[VSB_A_AFFINITY_OWNER], vsb_pool_owner(pool)))
		return 0;
	/* One that left its pool is freed whatever is locked. */
	rcu_read_lock();
	backend = usable_backend(vnet, entry);
	if (backend)
		err = tell(skb, cb, pool, backend, entry);
	rcu_read_unlock();
	return err;
}

/**
 * vsb_affinity_get_dumpit() - answer affinity-get
 * @skb: where to write
 * @cb: the listing, with the number of the next entry to look at
 */
int vsb_affinity_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *tb[VSB_A_AFFINITY_MAX + 1];
	struct vsb_net *vnet = vsb_net(sock_net(skb->sk));
	struct vsb_affinity_entry entry;
	int err;

	err = vsb_dump_parse(cb, tb,
			     ARRAY_SIZE(vsb_affinity_get_nl_policy) - 1,
			     vsb_affinity_get_nl_policy);
	if (err)
		return err;
	mutex_lock(&vnet->lock);
	cb->seq = vnet->affinity_tables;
	while (vsb_affinity_at(vnet, cb->args[0], &entry)) {
		err = dump_entry(skb, cb, tb, &entry);
		if (err)
			break;
		cb->args[0]++;
		cond_resched();
	}
	mutex_unlock(&vnet->lock);
	return err && !skb->len ? err : skb->len;
}
