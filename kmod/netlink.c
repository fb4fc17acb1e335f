// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: its commands, and those that need no file of
 * their own.
 */

#include <linux/module.h>
#include <linux/rcupdate_wait.h>

#include "affinity.h"
#include "affinity_netlink.h"
#include "change.h"
#include "config.h"
#include "connection.h"
#include "dump.h"
#include "explain.h"
#include "fill.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "pool.h"
#include "record.h"
#include "service.h"
#include "txn.h"
#include "zero.h"

static struct vsb_net *info_vnet(struct genl_info *info)
{
	return vsb_net(genl_info_net(info));
}

static int change_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsb_net *vnet = info_vnet(info);
	int err;

	mutex_lock(&vnet->lock);
	err = vsb_txn_change(vnet, info);
	mutex_unlock(&vnet->lock);
	return err;
}

/* A reply that any answer fits in. */
static struct sk_buff *reply_start(struct genl_info *info, void **header)
{
	struct sk_buff *skb = genlmsg_new(VSB_FILL_CONFIG_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*header = genlmsg_put_reply(skb, info, &vsb_family, 0,
				    info->genlhdr->cmd);
	if (*header)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

/* What was done stays done if nobody can be told the generation. */
static int txn_reply(struct sk_buff *reply, void *header,
		     struct genl_info *info, u32 generation, int err)
{
	err = err ?: nla_put_u32(reply, VSB_A_TXN_GENERATION, generation);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	genlmsg_reply(reply, info);
	return 0;
}

static int txn_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsb_net *vnet = info_vnet(info);
	struct sk_buff *reply;
	u32 generation;
	void *header;
	int err;

	reply = reply_start(info, &header);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&vnet->lock);
	err = vsb_txn_begin(vnet, info->snd_portid, info->extack);
	generation = vnet->generation;
	mutex_unlock(&vnet->lock);
	return txn_reply(reply, header, info, generation, err);
}

static int txn_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSB_A_TXN_GENERATION];
	struct vsb_net *vnet = info_vnet(info);
	u32 expected = attr ? nla_get_u32(attr) : 0;
	struct sk_buff *reply;
	u32 generation;
	void *header;
	int err;

	reply = reply_start(info, &header);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&vnet->lock);
	err = vsb_txn_commit(vnet, info, attr ? &expected : NULL);
	generation = vnet->generation;
	mutex_unlock(&vnet->lock);
	return txn_reply(reply, header, info, generation, err);
}

static int txn_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsb_net *vnet = info_vnet(info);
	int err;

	mutex_lock(&vnet->lock);
	err = vsb_txn_abort(vnet, info->snd_portid, info->extack);
	mutex_unlock(&vnet->lock);
	return err;
}

/* Answer with what @fill writes. */
static int answer(struct genl_info *info,
		  int (*fill)(struct sk_buff *skb, struct vsb_net *vnet))
{
	struct vsb_net *vnet = info_vnet(info);
	struct sk_buff *reply;
	void *header;
	int err;

	reply = reply_start(info, &header);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&vnet->lock);
	err = fill(reply, vnet);
	mutex_unlock(&vnet->lock);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static int fill_config(struct sk_buff *skb, struct vsb_net *vnet)
{
	return vsb_fill_config(skb, vsb_config_of(vnet));
}

static int config_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return answer(info, fill_config);
}

static u32 connections(struct vsb_net *vnet)
{
	struct vsb_backend *backend;
	unsigned long id;
	u32 sum = 0;

	rcu_read_lock();
	xa_for_each_marked(&vnet->backend_ids, id, backend,
			   VSB_BACKEND_TRAFFIC) {
		sum += vsb_backend_connections(backend);
		cond_resched_rcu();
	}
	rcu_read_unlock();
	return sum;
}

static int fill_schedulers(struct sk_buff *skb)
{
	unsigned int i;

	for (i = 0; i < vsb_schedulers_count; i++)
		if (nla_put_string(skb, VSB_A_INFO_SCHEDULER,
				   vsb_schedulers[i].name))
			return -EMSGSIZE;
	return 0;
}

static int fill_totals(struct sk_buff *skb, struct vsb_net *vnet)
{
	const struct vsb_totals *totals = &vnet->totals;

	return nla_put_u32(skb, VSB_A_INFO_POOLS, totals->pools) ?:
	       nla_put_u32(skb, VSB_A_INFO_SERVICES,
			   totals->services[VSB_IPV4] +
			   totals->services[VSB_IPV6]) ?:
	       nla_put_u32(skb, VSB_A_INFO_BACKENDS, totals->backends) ?:
	       nla_put_u32(skb, VSB_A_INFO_CONNECTIONS, connections(vnet)) ?:
	       nla_put_u32(skb, VSB_A_INFO_RECORDS, vsb_record_held(vnet)) ?:
	       nla_put_u32(skb, VSB_A_INFO_TRANSACTIONS, vnet->n_txns);
}

static int fill_counters(struct sk_buff *skb, struct vsb_net *vnet)
{
	static const u8 attrs[] = {
		[VSB_COUNT_REJECTED] = VSB_A_INFO_REJECTED,
		[VSB_COUNT_DROPPED] = VSB_A_INFO_DROPPED,
		[VSB_COUNT_NOT_SYN] = VSB_A_INFO_NOT_SYN,
		[VSB_COUNT_NO_BACKEND] = VSB_A_INFO_NO_BACKEND,
		[VSB_COUNT_ELSEWHERE] = VSB_A_INFO_ELSEWHERE,
		[VSB_COUNT_NOT_ALLOWED] = VSB_A_INFO_NOT_ALLOWED,
		[VSB_COUNT_UNSERVED] = VSB_A_INFO_UNSERVED,
		[VSB_COUNT_UNALLOCATED] = VSB_A_INFO_UNALLOCATED,
		[VSB_COUNT_FULL] = VSB_A_INFO_FULL,
		[VSB_COUNT_REJECT_LIMITED] = VSB_A_INFO_REJECT_LIMITED,
		[VSB_COUNT_AFFINITY_HITS] = VSB_A_INFO_AFFINITY_HITS,
		[VSB_COUNT_AFFINITY_EVICTIONS] = VSB_A_INFO_AFFINITY_EVICTIONS,
		[VSB_COUNT_FAILED] = VSB_A_INFO_FAILED,
		[VSB_COUNT_UNRECORDED] = VSB_A_INFO_UNRECORDED,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++)
		if (nla_put_u64_64bit(skb, attrs[i], vsb_count_read(vnet, i),
				      VSB_A_INFO_PAD))
			return -EMSGSIZE;
	return nla_put_u32(skb, VSB_A_INFO_RANGES, vnet->totals.ranges) ?:
	       nla_put_u32(skb, VSB_A_INFO_AFFINITY_ENTRIES,
			   vsb_affinity_held(vnet)) ?:
	       vsb_stats_fill(skb, VSB_A_INFO_RETIRED, &vnet->retired, NULL);
}

static int fill_info(struct sk_buff *skb, struct vsb_net *vnet)
{
	const struct vsb_config *config = vsb_config_of(vnet);

	return nla_put_string(skb, VSB_A_INFO_VERSION, THIS_MODULE->version) ?:
	       nla_put_u32(skb, VSB_A_INFO_GENERATION, vnet->generation) ?:
	       fill_schedulers(skb) ?:
	       fill_totals(skb, vnet) ?:
	       fill_counters(skb, vnet) ?:
	       nla_put_u32(skb, VSB_A_INFO_MAX_POOLS, config->max_pools) ?:
	       nla_put_u32(skb, VSB_A_INFO_MAX_SERVICES,
			   config->max_services) ?:
	       nla_put_u32(skb, VSB_A_INFO_MAX_BACKENDS,
			   config->max_backends) ?:
	       nla_put_u32(skb, VSB_A_INFO_TABLE_BYTES, vnet->table_bytes);
}

static int info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return answer(info, fill_info);
}

#define OP(CMD, HANDLER, FN) {						\
		.cmd = VSB_CMD_ ## CMD,					\
		.flags = GENL_UNS_ADMIN_PERM,				\
		.HANDLER = (FN),					\
	}

#define OP_POLICY(CMD, HANDLER, FN, NAME) {				\
		.cmd = VSB_CMD_ ## CMD,					\
		.flags = GENL_UNS_ADMIN_PERM,				\
		.policy = vsb_ ## NAME ## _nl_policy,			\
		.maxattr = ARRAY_SIZE(vsb_ ## NAME ## _nl_policy) - 1,	\
		.HANDLER = (FN),					\
	}

static const struct genl_ops ops[] = {
	OP(INFO_GET, doit, info_get_doit),
	OP_POLICY(POOL_NEW, doit, change_doit, pool_new),
	OP_POLICY(POOL_SET, doit, change_doit, pool_set),
	OP_POLICY(POOL_DEL, doit, change_doit, pool_del),
	OP_POLICY(POOL_GET, dumpit, vsb_dump_pools, pool_get),
	OP_POLICY(POOL_ZERO, doit, vsb_zero_pool_doit, pool_zero),
	OP_POLICY(BACKEND_NEW, doit, change_doit, backend_new),
	OP_POLICY(BACKEND_SET, doit, change_doit, backend_set),
	OP_POLICY(BACKEND_DEL, doit, change_doit, backend_del),
	OP_POLICY(BACKEND_GET, dumpit, vsb_dump_backends, backend_get),
	OP_POLICY(SERVICE_NEW, doit, change_doit, service_new),
	OP_POLICY(SERVICE_SET, doit, change_doit, service_set),
	OP_POLICY(SERVICE_DEL, doit, change_doit, service_del),
	OP_POLICY(SERVICE_GET, dumpit, vsb_dump_services, service_get),
	OP_POLICY(SERVICE_ZERO, doit, vsb_zero_service_doit, service_zero),
	OP_POLICY(RANGE_NEW, doit, change_doit, range_new),
	OP_POLICY(RANGE_DEL, doit, change_doit, range_del),
	OP_POLICY(RANGE_GET, dumpit, vsb_dump_ranges, range_get),
	OP_POLICY(CONFIG_SET, doit, change_doit, config_set),
	OP(CONFIG_GET, doit, config_get_doit),
	OP_POLICY(AFFINITY_SET, doit, vsb_affinity_set_doit, affinity_set),
	OP_POLICY(AFFINITY_DEL, doit, vsb_affinity_del_doit, affinity_del),
	OP_POLICY(AFFINITY_GET, dumpit, vsb_affinity_get_dumpit, affinity_get),
	OP_POLICY(CONNECTION_GET, dumpit, vsb_connection_get_dumpit,
		  connection_get),
	OP(TXN_BEGIN, doit, txn_begin_doit),
	OP_POLICY(TXN_COMMIT, doit, txn_commit_doit, txn_commit),
	OP(TXN_ABORT, doit, txn_abort_doit),
	OP_POLICY(FLUSH, doit, change_doit, flush),
	OP_POLICY(EXPLAIN, doit, vsb_explain_doit, explain),
};

static const struct genl_multicast_group groups[] = {
	[VSB_GROUP_CHANGES] = {
		.name = VSB_MCGRP_CHANGES,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family vsb_family __ro_after_init = {
	.name = VSB_FAMILY_NAME,
	.version = VSB_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};
