// SPDX-License-Identifier: GPL-2.0
/* Session affinity: a table of bounded size that remembers which backend of a
 * pool a client's last connection went to. It holds ids alone, so that nothing
 * waits for it; what an id stands for is asked when it is used.
 */

#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <net/ipv6.h>

#include "affinity.h"
#include "cidr.h"
#include "net.h"
#include "pool.h"

/* Entries of a bucket, of which the longest unused one makes place. */
#define WAYS	8

/**
 * struct bucket - where the entries of one hash value are
 * @lock: of the entries; taken with bottom halves off, and nothing under it
 * @entries: in no order
 */
struct bucket {
	spinlock_t lock; /* of entries */
	struct vsb_affinity_entry entries[WAYS];
};

/**
 * struct vsb_affinity_table - the table of a network namespace
 * @rcu: defers the free
 * @seed: of the hash, so that clients can't choose their bucket
 * @held: entries that are not free
 * @n: number of buckets, a power of two
 * @buckets: by hash
 */
struct vsb_affinity_table {
	struct rcu_head rcu;
	u32 seed;
	atomic_t held;
	u32 n;
	struct bucket buckets[];
};

/**
 * vsb_affinity_now() - the clock of entries
 *
 * Return: seconds since the boot, which 136 years wrap.
 */
u32 vsb_affinity_now(void)
{
	return ktime_get_seconds();
}

static bool is_expired(const struct vsb_affinity_entry *entry, u32 now)
{
	return (s32)(entry->expires - now) < 0;
}

/* What is one client to a pool: its address without what the pool does not
 * look at.
 */
static void client_of(const struct vsb_pool *pool,
		      const union nf_inet_addr *addr,
		      union nf_inet_addr *client)
{
	struct vsb_cidr cidr = {
		.addr = *addr,
		.family = pool->family,
		.prefix_len = READ_ONCE(pool->affinity.prefix_len),
	};

	vsb_cidr_mask(&cidr);
	*client = cidr.addr;
}

static struct bucket *bucket_of(struct vsb_affinity_table *table, u32 pool,
				const union nf_inet_addr *client)
{
	u32 hash = jhash2(client->all, ARRAY_SIZE(client->all),
			  table->seed ^ pool);

	return &table->buckets[hash & (table->n - 1)];
}

static struct vsb_affinity_entry *
entry_of(struct bucket *bucket, u32 pool, const union nf_inet_addr *client)
{
	int i;

	lockdep_assert_held(&bucket->lock);
	for (i = 0; i < WAYS; i++) {
		struct vsb_affinity_entry *entry = &bucket->entries[i];

		if (entry->pool == pool &&
		    nf_inet_addr_cmp(&entry->client, client))
			return entry;
	}
	return NULL;
}

/* The backend of an entry, where a connection may go there. */
static struct vsb_backend *backend_of(struct vsb_net *vnet,
				      const struct vsb_affinity_entry *entry,
				      u8 set)
{
	struct vsb_backend *backend = xa_load(&vnet->backend_ids,
					      entry->backend);

	/* One that left its pool is in no set. */
	return backend && READ_ONCE(backend->sets) & BIT(set) &&
	       READ_ONCE(backend->state) == VSB_STATE_UP ? backend : NULL;
}

/**
 * vsb_affinity_find() - the backend that a client has to stay with
 * @vnet: the network namespace
 * @pool: the pool
 * @set: of the pool, that its connection may go to
 * @addr: the client's source address
 * @use: note that a connection goes there; else nothing is changed
 *
 * Context: under rcu_read_lock().
 * Return: a backend that is up and in the set, whatever its weight; NULL where
 *	there is none.
 */
struct vsb_backend *vsb_affinity_find(struct vsb_net *vnet,
				      const struct vsb_pool *pool, u8 set,
				      const union nf_inet_addr *addr, bool use)
{
	struct vsb_affinity_table *table = rcu_dereference(vnet->affinity);
	u32 timeout = READ_ONCE(pool->affinity.timeout);
	struct vsb_affinity_entry *entry;
	struct vsb_backend *backend = NULL;
	union nf_inet_addr client;
	struct bucket *bucket;
	u32 now;

	if (!table || !timeout)
		return NULL;
	client_of(pool, addr, &client);
	bucket = bucket_of(table, pool->id, &client);
	spin_lock_bh(&bucket->lock);
	/* No entry was used later than this. */
	now = vsb_affinity_now();
	entry = entry_of(bucket, pool->id, &client);
	/* The timeout may be shorter now than it was. */
	if (entry && !is_expired(entry, now) && now - entry->used <= timeout)
		backend = backend_of(vnet, entry, set);
	if (backend && use) {
		entry->used = now;
		entry->expires = now + timeout;
	}
	spin_unlock_bh(&bucket->lock);
	return backend;
}

/* Whether an entry is good for nothing: its time is over, or its pool has gone
 * or has no affinity to such a client.
 */
static bool is_void(struct vsb_net *vnet,
		    const struct vsb_affinity_entry *entry, u32 now)
{
	const struct vsb_pool *pool;
	union nf_inet_addr client;
	bool is;

	if (is_expired(entry, now))
		return true;
	rcu_read_lock();
	pool = xa_load(&vnet->pool_ids, entry->pool);
	is = !pool || !READ_ONCE(pool->affinity.timeout);
	if (!is) {
		client_of(pool, &entry->client, &client);
		is = !nf_inet_addr_cmp(&client, &entry->client);
	}
	rcu_read_unlock();
	return is;
}

/* A free entry, one that is void, or the longest unused. */
static struct vsb_affinity_entry *victim_of(struct vsb_net *vnet,
					    struct bucket *bucket, u32 now)
{
	struct vsb_affinity_entry *victim = &bucket->entries[0];
	int i;

	for (i = 0; i < WAYS; i++) {
		struct vsb_affinity_entry *entry = &bucket->entries[i];

		if (!entry->pool || is_void(vnet, entry, now))
			return entry;
		if ((s32)(entry->used - victim->used) < 0)
			victim = entry;
	}
	return victim;
}

static void store(struct vsb_net *vnet, struct vsb_affinity_table *table,
		  const struct vsb_affinity_entry *new)
{
	struct bucket *bucket = bucket_of(table, new->pool, &new->client);
	u32 now = vsb_affinity_now();
	struct vsb_affinity_entry *entry;
	bool evicts = false;

	spin_lock_bh(&bucket->lock);
	entry = entry_of(bucket, new->pool, &new->client);
	if (!entry) {
		entry = victim_of(vnet, bucket, now);
		evicts = entry->pool && !is_void(vnet, entry, now);
	}
	if (evicts)
		vsb_count(vnet, VSB_COUNT_AFFINITY_EVICTIONS);
	if (!entry->pool)
		atomic_inc(&table->held);
	/* One that is copied from another table may be the longest unused. */
	if (!evicts || (s32)(new->used - entry->used) >= 0)
		*entry = *new;
	spin_unlock_bh(&bucket->lock);
}

/**
 * vsb_affinity_use() - note that a client's connection goes to a backend
 * @vnet: the network namespace
 * @pool: the pool
 * @addr: the client's source address
 * @backend: the backend
 * @seconds: for how long, at most the pool's timeout
 *
 * Context: any, under rcu_read_lock().
 */
void vsb_affinity_use(struct vsb_net *vnet, const struct vsb_pool *pool,
		      const union nf_inet_addr *addr,
		      const struct vsb_backend *backend, u32 seconds)
{
	struct vsb_affinity_table *table = rcu_dereference(vnet->affinity);
	struct vsb_affinity_entry entry = {
		.pool = pool->id,
		.backend = backend->id,
		.used = vsb_affinity_now(),
	};

	if (!table)
		return;
	client_of(pool, addr, &entry.client);
	entry.expires = entry.used + seconds;
	store(vnet, table, &entry);
}

static bool free_entry(struct vsb_affinity_table *table,
		       struct vsb_affinity_entry *entry)
{
	if (!entry->pool)
		return false;
	*entry = (struct vsb_affinity_entry){};
	atomic_dec(&table->held);
	return true;
}

static bool forget_all(struct vsb_affinity_table *table, u32 pool)
{
	bool any = false;
	u32 n;
	int i;

	for (n = 0; n < table->n; n++) {
		struct bucket *bucket = &table->buckets[n];

		spin_lock_bh(&bucket->lock);
		for (i = 0; i < WAYS; i++)
			if (bucket->entries[i].pool == pool)
				any |= free_entry(table, &bucket->entries[i]);
		spin_unlock_bh(&bucket->lock);
		cond_resched();
	}
	return any;
}

/* The table in force, for configuration. */
static struct vsb_affinity_table *table_of(const struct vsb_net *vnet)
{
	return rcu_dereference_protected(vnet->affinity,
					 lockdep_is_held(&vnet->lock));
}

/**
 * vsb_affinity_forget() - forget a client, or all clients of a pool
 * @vnet: the network namespace
 * @pool: the pool
 * @addr: the client's source address, or NULL for all
 *
 * Context: may sleep; under vnet->lock.
 * Return: whether there was one.
 */
bool vsb_affinity_forget(struct vsb_net *vnet, const struct vsb_pool *pool,
			 const union nf_inet_addr *addr)
{
	struct vsb_affinity_table *table = table_of(vnet);
	struct vsb_affinity_entry *entry;
	union nf_inet_addr client;
	struct bucket *bucket;
	bool found;

	if (!table)
		return false;
	if (!addr)
		return forget_all(table, pool->id);
	client_of(pool, addr, &client);
	bucket = bucket_of(table, pool->id, &client);
	spin_lock_bh(&bucket->lock);
	entry = entry_of(bucket, pool->id, &client);
	found = entry && free_entry(table, entry);
	spin_unlock_bh(&bucket->lock);
	return found;
}

/**
 * vsb_affinity_purge() - forget what pools have no use for any more
 * @vnet: the network namespace, in which pools went or changed their affinity
 *
 * Context: may sleep; under vnet->lock.
 */
void vsb_affinity_purge(struct vsb_net *vnet)
{
	struct vsb_affinity_table *table = table_of(vnet);
	u32 now = vsb_affinity_now(), n;
	int i;

	for (n = 0; table && n < table->n; n++) {
		struct bucket *bucket = &table->buckets[n];

		spin_lock_bh(&bucket->lock);
		for (i = 0; i < WAYS; i++)
			if (is_void(vnet, &bucket->entries[i], now))
				free_entry(table, &bucket->entries[i]);
		spin_unlock_bh(&bucket->lock);
		cond_resched();
	}
}

/**
 * vsb_affinity_at() - copy an entry
 * @vnet: the network namespace
 * @index: its place in the table, from 0
 * @entry: where to store it; one that is free or holds no more has pool 0
 *
 * Context: under vnet->lock.
 * Return: whether the table is as large as that.
 */
bool vsb_affinity_at(struct vsb_net *vnet, u32 index,
		     struct vsb_affinity_entry *entry)
{
	struct vsb_affinity_table *table = table_of(vnet);
	struct bucket *bucket;

	if (!table || index / WAYS >= table->n)
		return false;
	bucket = &table->buckets[index / WAYS];
	spin_lock_bh(&bucket->lock);
	*entry = bucket->entries[index % WAYS];
	spin_unlock_bh(&bucket->lock);
	if (is_expired(entry, vsb_affinity_now()))
		entry->pool = 0;
	return true;
}

/**
 * vsb_affinity_held() - how many entries there are
 * @vnet: the network namespace
 *
 * Context: under vnet->lock.
 * Return: the number, those that hold no more included.
 */
u32 vsb_affinity_held(const struct vsb_net *vnet)
{
	const struct vsb_affinity_table *table = table_of(vnet);

	return table ? atomic_read(&table->held) : 0;
}

/**
 * vsb_affinity_prepare() - make a table, where the one in force does not do
 * @vnet: the network namespace
 * @max: how many clients it has to have room for, at least one bucket
 * @table: where to store it; NULL where the one in force does
 *
 * Context: may sleep; under vnet->lock.
 * Return: 0 or -ENOMEM.
 */
int vsb_affinity_prepare(struct vsb_net *vnet, u32 max,
			 struct vsb_affinity_table **table)
{
	const struct vsb_affinity_table *old = table_of(vnet);
	u32 n = roundup_pow_of_two(max) / WAYS, i;
	struct vsb_affinity_table *new;

	*table = NULL;
	if (old && old->n == n)
		return 0;
	new = kvzalloc(struct_size(new, buckets, n), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	new->seed = get_random_u32();
	new->n = n;
	for (i = 0; i < n; i++)
		spin_lock_init(&new->buckets[i].lock);
	*table = new;
	return 0;
}

/**
 * vsb_affinity_apply() - put a table in force
 * @vnet: the network namespace
 * @table: of vsb_affinity_prepare(), or NULL; takes over what there is, but
 *	for what packets note meanwhile
 *
 * Context: may sleep; under vnet->lock.
 */
void vsb_affinity_apply(struct vsb_net *vnet, struct vsb_affinity_table *table)
{
	struct vsb_affinity_table *old = table_of(vnet);
	struct vsb_affinity_entry entry;
	u32 i;

	if (!table)
		return;
	for (i = 0; vsb_affinity_at(vnet, i, &entry); i++) {
		if (entry.pool)
			store(vnet, table, &entry);
		cond_resched();
	}
	rcu_assign_pointer(vnet->affinity, table);
	vnet->affinity_tables++;
	kvfree_rcu(old, rcu);
}

/**
 * vsb_affinity_discard() - free a table that was never put in force
 * @table: the table, or NULL
 */
void vsb_affinity_discard(struct vsb_affinity_table *table)
{
	kvfree(table);
}

void vsb_affinity_net_exit(struct vsb_net *vnet)
{
	kvfree(rcu_dereference_protected(vnet->affinity, true));
}
