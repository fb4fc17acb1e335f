// SPDX-License-Identifier: GPL-2.0
/* Listings. One keeps no snapshot: it goes on from the last id that it told
 * of, and says so where a commit came in between.
 */

#include <net/genetlink.h>
#include <net/sock.h>

#include "cidr.h"
#include "dump.h"
#include "fill.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "pool.h"
#include "service.h"

/**
 * struct position - where a listing goes on
 * @id: of the pool or service
 * @index: of that service's next range
 * @within: whether backends of that pool have been told of, up to @after
 * @after: key of the last one
 */
struct position {
	unsigned long id;
	u32 index;
	bool within;
	struct vsb_backend_key after;
};

static struct position *position_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct position) > sizeof(cb->ctx));
	return (struct position *)cb->ctx;
}

/**
 * vsb_dump_start() - begin one message of a listing
 * @skb: where to write
 * @cb: the listing
 * @cmd: VSB_CMD_*
 *
 * Return: for vsb_dump_end(), NULL where there is no room.
 */
void *vsb_dump_start(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, &vsb_family,
				   NLM_F_MULTI, cmd);

	if (header)
		genl_dump_check_consistent(cb, header);
	return header;
}

/**
 * vsb_dump_end() - end the message, or take it back
 * @skb: where it was written
 * @header: from vsb_dump_start()
 * @err: not 0 where it has no room
 *
 * Return: @err.
 */
int vsb_dump_end(struct sk_buff *skb, void *header, int err)
{
	if (err)
		genlmsg_cancel(skb, header);
	else
		genlmsg_end(skb, header);
	return err;
}

/**
 * vsb_dump_parse() - read what a listing asks for
 * @cb: the listing
 * @tb: where to put its attributes, 0 to @max
 * @max: the highest
 * @policy: of them
 *
 * Return: 0, or a negative errno value.
 */
int vsb_dump_parse(struct netlink_callback *cb, struct nlattr **tb, int max,
		   const struct nla_policy *policy)
{
	return nlmsg_parse(cb->nlh, GENL_HDRLEN, tb, max, policy, cb->extack);
}

/**
 * vsb_dump_matches() - whether a listing asks for what has a string
 * @attr: the string asked for, or NULL where any will do
 * @value: the string that it has
 */
bool vsb_dump_matches(const struct nlattr *attr, const char *value)
{
	return !attr || !strcmp(nla_data(attr), value);
}

/* What has been written is sent; with nothing written there is an end. No
 * object has the largest id, so that a listing that is through stays so.
 */
static int sent(const struct sk_buff *skb, struct netlink_callback *cb, int err)
{
	if (!err)
		position_of(cb)->id = ULONG_MAX;
	return err == -EMSGSIZE && skb->len ? skb->len : err ?: skb->len;
}

static int dump_pool(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct vsb_pool *pool)
{
	void *header = vsb_dump_start(skb, cb, VSB_CMD_POOL_GET);

	if (!header)
		return -EMSGSIZE;
	return vsb_dump_end(skb, header,
			    vsb_fill_pool(skb, pool, VSB_FILL_ALL));
}

/**
 * vsb_dump_pools() - answer pool-get
 * @skb: where to write
 * @cb: the listing
 */
int vsb_dump_pools(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *tb[VSB_A_POOL_MAX + 1];
	struct vsb_net *vnet = vsb_net(sock_net(skb->sk));
	struct position *position = position_of(cb);
	struct vsb_pool *pool;
	int err;

	err = vsb_dump_parse(cb, tb, ARRAY_SIZE(vsb_pool_get_nl_policy) - 1,
			     vsb_pool_get_nl_policy);
	if (err)
		return err;
	mutex_lock(&vnet->lock);
	cb->seq = vnet->generation;
	xa_for_each_start(&vnet->pool_ids, position->id, pool, position->id) {
		cond_resched();
		if (!vsb_dump_matches(tb[VSB_A_POOL_NAME], vsb_pool_name(pool)) ||
		    !vsb_dump_matches(tb[VSB_A_POOL_OWNER], vsb_pool_owner(pool)))
			continue;
		err = dump_pool(skb, cb, pool);
		if (err)
			break;
	}
	mutex_unlock(&vnet->lock);
	return sent(skb, cb, err);
}

static int dump_backend(struct sk_buff *skb, struct netlink_callback *cb,
			const struct vsb_pool *pool,
			const struct vsb_backend *backend)
{
	void *header = vsb_dump_start(skb, cb, VSB_CMD_BACKEND_GET);

	if (!header)
		return -EMSGSIZE;
	return vsb_dump_end(skb, header,
			    vsb_fill_backends(skb, pool, backend, VSB_FILL_ALL));
}

static int dump_pool_backends(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct vsb_pool *pool)
{
	struct position *position = position_of(cb);
	struct vsb_backend *backend;
	int err;

	while ((backend = vsb_pool_next(pool, position->within ?
					&position->after : NULL))) {
		err = dump_backend(skb, cb, pool, backend);
		if (err)
			return err;
		position->within = true;
		position->after = backend->key;
	}
	position->within = false;
	return 0;
}

/**
 * vsb_dump_backends() - answer backend-get
 * @skb: where to write
 * @cb: the listing
 */
int vsb_dump_backends(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *tb[VSB_A_BACKENDS_MAX + 1];
	struct vsb_net *vnet = vsb_net(sock_net(skb->sk));
	struct position *position = position_of(cb);
	unsigned long last = position->id;
	struct vsb_pool *pool;
	int err;

	err = vsb_dump_parse(cb, tb, ARRAY_SIZE(vsb_backend_get_nl_policy) - 1,
			     vsb_backend_get_nl_policy);
	if (err)
		return err;
	mutex_lock(&vnet->lock);
	cb->seq = vnet->generation;
	xa_for_each_start(&vnet->pool_ids, position->id, pool, position->id) {
		/* The pool that we were in has gone. */
		if (position->id != last)
			position->within = false;
		cond_resched();
		if (!vsb_dump_matches(tb[VSB_A_BACKENDS_POOL], vsb_pool_name(pool)) ||
		    !vsb_dump_matches(tb[VSB_A_BACKENDS_OWNER], vsb_pool_owner(pool)))
			continue;
		err = dump_pool_backends(skb, cb, pool);
		if (err)
			break;
	}
	mutex_unlock(&vnet->lock);
	return sent(skb, cb, err);
}

static bool uses_pool(const struct vsb_policy *policy, const char *name)
{
	int i;

	for (i = 0; i < VSB_FROM_KINDS; i++)
		if (!strcmp(vsb_pool_name(policy->routes[i].pool), name))
			return true;
	return false;
}

static int check_filter(struct vsb_net *vnet, struct netlink_callback *cb,
			struct nlattr **tb)
{
	const struct nlattr *addr = tb[VSB_A_SERVICE_ADDRESS];

	if (!addr || nla_len(addr) == sizeof(struct in_addr) ||
	    nla_len(addr) == sizeof(struct in6_addr))
		return 0;
	return vsb_refuse(vnet, cb->extack, -EINVAL,
			  "address: %d bytes, which no family has",
			  nla_len(addr));
}

static bool service_matches(const struct vsb_service *service,
			    struct nlattr **tb)
{
	const struct vsb_policy *policy = vsb_service_policy(service);
	const struct nlattr *addr = tb[VSB_A_SERVICE_ADDRESS];
	const struct vsb_key *key = &service->key;
	size_t len = key->family == AF_INET ? sizeof(key->addr.in) :
		     sizeof(key->addr.in6);

	if (tb[VSB_A_SERVICE_KIND] &&
	    nla_get_u32(tb[VSB_A_SERVICE_KIND]) != key->kind)
		return false;
	if (tb[VSB_A_SERVICE_MARK] &&
	    (key->kind != VSB_KIND_MARK ||
	     nla_get_u32(tb[VSB_A_SERVICE_MARK]) != key->mark))
		return false;
	if (tb[VSB_A_SERVICE_PORT] &&
	    (key->kind == VSB_KIND_MARK ||
	     nla_get_be16(tb[VSB_A_SERVICE_PORT]) != key->port))
		return false;
	if (tb[VSB_A_SERVICE_FAMILY] &&
	    nla_get_u16(tb[VSB_A_SERVICE_FAMILY]) != key->family)
		return false;
	if (tb[VSB_A_SERVICE_PROTOCOL] &&
	    nla_get_u8(tb[VSB_A_SERVICE_PROTOCOL]) != key->protocol)
		return false;
	if (addr && (key->kind != VSB_KIND_VIP || nla_len(addr) != len ||
		     memcmp(nla_data(addr), &key->addr, len)))
		return false;
	if (tb[VSB_A_SERVICE_POOL] &&
	    !uses_pool(policy, nla_data(tb[VSB_A_SERVICE_POOL])))
		return false;
	return vsb_dump_matches(tb[VSB_A_SERVICE_OWNER], vsb_policy_owner(policy));
}

static int dump_service(struct sk_buff *skb, struct netlink_callback *cb,
			const struct vsb_service *service)
{
	void *header = vsb_dump_start(skb, cb, VSB_CMD_SERVICE_GET);

	if (!header)
		return -EMSGSIZE;
	return vsb_dump_end(skb, header,
			    vsb_fill_service(skb, service, VSB_FILL_ALL));
}

static int dump_range(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct vsb_service *service,
		      const struct vsb_cidr *cidr)
{
	void *header = vsb_dump_start(skb, cb, VSB_CMD_RANGE_GET);

	if (!header)
		return -EMSGSIZE;
	return vsb_dump_end(skb, header, vsb_fill_range(skb, service, cidr));
}

static int dump_service_ranges(struct sk_buff *skb,
			       struct netlink_callback *cb,
			       const struct vsb_service *service)
{
	const struct vsb_cidrs *ranges = vsb_service_ranges(service);
	struct position *position = position_of(cb);
	int err;

	for (; ranges && position->index < ranges->n; position->index++) {
		err = dump_range(skb, cb, service,
				 &ranges->entries[position->index].cidr);
		if (err)
			return err;
	}
	position->index = 0;
	return 0;
}

static int dump_services(struct sk_buff *skb, struct netlink_callback *cb,
			 int (*dump)(struct sk_buff *skb,
				     struct netlink_callback *cb,
				     const struct vsb_service *service))
{
	struct vsb_net *vnet = vsb_net(sock_net(skb->sk));
	struct nlattr *tb[VSB_A_SERVICE_MAX + 1];
	struct position *position = position_of(cb);
	unsigned long last = position->id;
	struct vsb_service *service;
	int err;

	err = vsb_dump_parse(cb, tb, ARRAY_SIZE(vsb_service_get_nl_policy) - 1,
			     vsb_service_get_nl_policy) ?:
	      check_filter(vnet, cb, tb);
	if (err)
		return err;
	mutex_lock(&vnet->lock);
	cb->seq = vnet->generation;
	xa_for_each_start(&vnet->service_ids, position->id, service,
			  position->id) {
		/* The service that we were in has gone. */
		if (position->id != last)
			position->index = 0;
		cond_resched();
		if (!service_matches(service, tb))
			continue;
		err = dump(skb, cb, service);
		if (err)
			break;
	}
	mutex_unlock(&vnet->lock);
	return sent(skb, cb, err);
}

/**
 * vsb_dump_services() - answer service-get
 * @skb: where to write
 * @cb: the listing
 */
int vsb_dump_services(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_services(skb, cb, dump_service);
}

/**
 * vsb_dump_ranges() - answer range-get
 * @skb: where to write
 * @cb: the listing
 */
int vsb_dump_ranges(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_services(skb, cb, dump_service_ranges);
}
