/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_NET_H
#define VSB_NET_H

#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/rhashtable.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "refuse.h"
#include "stats.h"
#include "timeout.h"

struct vsb_affinity_table;
struct vsb_config;

/* Index of per-family state. */
enum {
	VSB_IPV4,
	VSB_IPV6,
	VSB_FAMILIES,
};

static inline int vsb_family_index(u16 family)
{
	return family == AF_INET6 ? VSB_IPV6 : VSB_IPV4;
}

/* The protocols that services can have. */
#define VSB_PROTOCOLS		3

/* Limits of what a network namespace can hold, and may have in the making. */
#define VSB_MAX_POOLS		262144U
#define VSB_MAX_SERVICES	262144U
#define VSB_MAX_BACKENDS	1048576U
#define VSB_MAX_FINISHED	1048576U
#define VSB_MAX_RANGES		1048576U
#define VSB_MAX_AFFINITY	4194304U
#define VSB_MAX_TABLE_BYTES	(256U << 20)
#define VSB_MAX_TXNS		64U
#define VSB_MAX_TXN_BYTES	(64UL << 20)
#define VSB_MAX_FLUSHES		64U
/* One that belongs to a user namespace may hold so much less: part of what an
 * object costs is charged to nobody, and others wait for some of the time.
 */
#define VSB_USER_SHARE		16U

/**
 * struct vsb_totals - how many objects there are
 * @pools: pools
 * @services: services, by family
 * @backends: backends
 * @ranges: source ranges of services
 */
struct vsb_totals {
	u32 pools;
	u32 services[VSB_FAMILIES];
	u32 backends;
	u32 ranges;
};

/**
 * struct vsb_net - the state of a network namespace
 * @net: the network namespace
 * @lock: serialises configuration; what is not said otherwise is under it
 * @generation: number of the last commit
 * @totals: how many objects there are
 * @pools: by name
 * @pool_ids: pools in the order in which listings show them
 * @services: by key; read under RCU
 * @any_port: how many of them are for all ports; read by packets
 * @marks: how many of them are told by a mark; likewise
 * @node_ports: bitmaps of node ports, each made with the first one of its
 *	family and protocol; likewise
 * @clusterips: by address; read under RCU
 * @clusterips_shown: how many services are at one; read by packets
 * @service_ids: services in the order in which listings show them
 * @backend_ids: by the id that templates carry; own lock, read under RCU.
 *	A backend that left its pool stays until its connections are over.
 * @next_pool: where to look for a free id
 * @next_service: likewise
 * @next_backend: likewise
 * @config: settings; read under RCU
 * @timeouts: conntrack timeout policies
 * @affinity: where clients go; NULL before the first pool with affinity
 * @affinity_tables: how many tables there have been, for listings
 * @table_bytes: of tables of sets, those in force and those being prepared
 * @reject_second: in which @rejects are counted, in jiffies / HZ
 * @rejects: packets answered with a rejection in that second
 * @txns: open transactions
 * @n_txns: how many
 * @hooked: families whose lookup functions are registered, a mask
 * @counters: what happened to first packets
 * @retired: statistics of services that are no more
 * @sweeping: serialises those who look through records; taken under nothing
 * @sweep: finds connections that are over
 * @fresh: records asked for since the sweeper began its last pass
 * @hurried: the next was asked for at once
 * @held: records that its last pass left
 * @sweep_interval: jiffies between its passes
 * @counted_at: when it counted last what lives, in jiffies
 * @rated_at: when it looked at rates last, in jiffies
 * @resting: its last pass has left nothing to look at
 * @stale: ends flows that a change has made stale
 * @has_older_flows: there may be some that are older than their service
 * @leaving: backends that left their pool and still have connections
 * @exiting: the network namespace is going away
 * @refusals: texts of refusals, where the kernel has no room for them
 */
struct vsb_net {
	struct net *net;
	struct mutex lock; /* of all configuration */
	u32 generation;
	struct vsb_totals totals;
	struct rb_root pools;
	struct xarray pool_ids;
	struct rhashtable services;
	u32 any_port;
	u32 marks;
	unsigned long *node_ports[VSB_FAMILIES][VSB_PROTOCOLS];
	struct rhashtable clusterips;
	u32 clusterips_shown;
	struct xarray service_ids;
	struct xarray backend_ids;
	u32 next_pool;
	u32 next_service;
	u32 next_backend;
	struct vsb_config __rcu *config;
	struct vsb_timeouts timeouts;
	struct vsb_affinity_table __rcu *affinity;
	u32 affinity_tables;
	u32 table_bytes;
	unsigned long reject_second;
	atomic_t rejects;
	struct list_head txns;
	u32 n_txns;
	u8 hooked;
	struct vsb_counters __percpu *counters;
	struct vsb_stats retired;
	struct mutex sweeping; /* of records */
	struct delayed_work sweep;
	atomic_t fresh;
	atomic_t hurried;
	u32 held;
	unsigned long sweep_interval;
	unsigned long counted_at;
	unsigned long rated_at;
	bool resting;
	struct delayed_work stale;
	atomic_t has_older_flows;
	atomic_t leaving;
	bool exiting;
#ifndef NL_SET_ERR_MSG_FMT
	struct vsb_refusals refusals;
#endif
};

/* A limit from above, as it is in this network namespace. */
static inline u32 vsb_limit(const struct vsb_net *vnet, u32 limit)
{
	return vnet->net->user_ns == &init_user_ns ? limit :
						     limit / VSB_USER_SHARE;
}

extern unsigned int vsb_net_id;

static inline struct vsb_net *vsb_net(const struct net *net)
{
	return net_generic(net, vsb_net_id);
}

#endif /* VSB_NET_H */
