/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_BACKEND_H
#define VSB_BACKEND_H

#include <linux/netfilter.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <net/netfilter/nf_conntrack.h>

#include "stats.h"

struct vsb_net;
struct vsb_pool;

/**
 * struct vsb_backend_key - what tells a pool's backends apart
 * @addr: of the pool's family, zero beyond its length
 * @port: 0 keeps the port that the client used
 */
struct vsb_backend_key {
	union nf_inet_addr addr;
	__be16 port;
};

/* A backend's template conntracks; its connections have one as master. */
enum {
	VSB_TMPL_PLAIN,
	VSB_TMPL_MASQ,
	VSB_TMPLS,
};

/**
 * struct vsb_traffic - what a backend needs once it has had a connection
 * @tmpl: template conntracks, each made with its first connection; one more
 *	reference for every connection that lives
 * @lock: protects @records and @active; taken with bottom halves off
 * @records: the records of its connections, the longest unchecked first
 * @recorded: how many records there are, those included that have left the list
 *	and are about to let go of their connections: what has a record counts
 *	as one that has none at no time
 * @active: those of @records that were in use when last looked at
 * @unrecorded: it has had a connection without a record
 * @counted: it has had one with a record
 * @stats: of its connections
 * @rates: how fast these grow
 */
struct vsb_traffic {
	struct nf_conn *tmpl[VSB_TMPLS];
	spinlock_t lock; /* of what follows, to active */
	struct list_head records;
	u32 active;
	atomic_t recorded;
	bool unrecorded;
	bool counted;
	struct vsb_stats stats;
	struct vsb_rates rates;
};

/**
 * struct vsb_backend - one address and port that connections can go to
 * @node: in its pool's tree, by key
 * @rcu: takes the place of @node once it has left
 * @vnet: its network namespace
 * @pool: its pool, held from its publication on, also when it has left
 * @traffic: NULL until the first connection, then for good
 * @key: address and port
 * @family: AF_INET or AF_INET6
 * @id: in the network namespace's backend_ids, and its templates' mark
 * @weight: 0 to 65535
 * @state: VSB_STATE_*
 * @sets: mask of the sets that it is in
 * @upper: live connections with which it is full, 0 for any number
 * @lower: those below which it is full no longer, 0 for a part of @upper
 * @was_full: whether it was full when it got its last connection, or is since
 * @left: it has left its pool and no packet can choose it any more; it goes
 *	with its last connection
 * @walked: its connections without a record have been looked for since
 *
 * Owned by its pool, then by backend_ids, until no connection and no record
 * is left; freed a grace period later. Key and id never change; weight is for
 * configuration alone, since sets hold copies.
 */
struct vsb_backend {
	union {
		struct rb_node node;
		struct rcu_head rcu;
	};
	struct vsb_net *vnet;
	struct vsb_pool *pool;
	struct vsb_traffic *traffic;
	struct vsb_backend_key key;
	u16 family;
	u16 weight;
	u32 id;
	u8 state;
	u8 sets;
	bool was_full;
	u32 upper;
	u32 lower;
	bool left;
	bool walked;
};

/* A backend's traffic, NULL before its first connection. */
static inline struct vsb_traffic *
vsb_backend_traffic(const struct vsb_backend *backend)
{
	/* Pairs with the cmpxchg() that publishes it initialised. */
	return smp_load_acquire(&backend->traffic);
}

/* One of its templates, NULL before the first connection that has it. */
static inline struct nf_conn *
vsb_traffic_tmpl(const struct vsb_traffic *traffic, int kind)
{
	/* Pairs with the cmpxchg() that publishes it initialised. */
	return smp_load_acquire(&traffic->tmpl[kind]);
}

/* How many connections live: each has a reference of its template. */
static inline u32 vsb_traffic_connections(const struct vsb_traffic *traffic)
{
	u32 sum = 0;
	int i;

	for (i = 0; i < VSB_TMPLS; i++) {
		struct nf_conn *tmpl = vsb_traffic_tmpl(traffic, i);

		if (tmpl)
			sum += refcount_read(&tmpl->ct_general.use) - 1;
	}
	return sum;
}

/**
 * vsb_backend_connections() - how many connections live
 * @backend: the backend
 *
 * Context: under rcu_read_lock() or vnet->lock.
 * Return: the number, which includes connections that are closing.
 */
static inline u32 vsb_backend_connections(const struct vsb_backend *backend)
{
	const struct vsb_traffic *traffic = vsb_backend_traffic(backend);

	return traffic ? vsb_traffic_connections(traffic) : 0;
}

/** struct vsb_load - how many connections are in use, and how many are not */
struct vsb_load {
	u32 active;
	u32 closing;
};

/**
 * vsb_backend_load() - how many connections are in use, and how many are not
 * @backend: the backend
 *
 * Those that are closing are not, as of the sweeper's last look; those without
 * a record are, all of them. Here, as some schedulers ask it of every backend.
 *
 * Context: under rcu_read_lock() or vnet->lock.
 * Return: the numbers.
 */
static inline struct vsb_load
vsb_backend_load(const struct vsb_backend *backend)
{
	const struct vsb_traffic *traffic = vsb_backend_traffic(backend);
	u32 connections, recorded, active;

	if (!traffic)
		return (struct vsb_load){};
	/* Pairs with finish(): whose record went has let go before. */
	recorded = atomic_read_acquire(&traffic->recorded);
	connections = vsb_traffic_connections(traffic);
	active = READ_ONCE(traffic->active);
	if (connections > recorded)
		active += connections - recorded;
	return (struct vsb_load){
		.active = active,
		.closing = connections > active ? connections - active : 0,
	};
}

/* backend_ids marks the backends that have had a connection. */
#define VSB_BACKEND_TRAFFIC	XA_MARK_1
/* And those of them that have left their pool since. */
#define VSB_BACKEND_LEFT	XA_MARK_2

int vsb_backend_key_cmp(const struct vsb_backend_key *a,
			const struct vsb_backend_key *b);

struct vsb_backend *vsb_backend_create(struct vsb_net *vnet, u16 family,
				       const struct vsb_backend_key *key);
void vsb_backend_discard(struct vsb_backend *backend);
void vsb_backend_publish(struct vsb_backend *backend);
void vsb_backend_leave(struct vsb_backend *backend);
void vsb_backend_free(struct vsb_backend *backend);

struct nf_conn *vsb_backend_tmpl(struct vsb_backend *backend, int kind);
struct vsb_backend *vsb_backend_of(struct vsb_net *vnet,
				   const struct nf_conn *ct, int *kind);
bool vsb_backend_is_full(const struct vsb_backend *backend);
void vsb_backend_take(struct vsb_backend *backend, struct nf_conn *tmpl);

void vsb_backend_net_init(struct vsb_net *vnet);
void vsb_backend_net_exit(struct vsb_net *vnet);

#endif /* VSB_BACKEND_H */
