/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_POOL_H
#define VSB_POOL_H

#include <linux/rbtree.h>
#include <linux/refcount.h>

#include <uapi/linux/vsb.h>

#include "backend.h"
#include "sched.h"

struct netlink_ext_ack;

/**
 * struct vsb_affinity - how long clients stay with their backends
 * @timeout: seconds from a client's last new connection; 0 for no affinity
 * @prefix_len: bits of an address that tell clients apart
 */
struct vsb_affinity {
	u32 timeout;
	u8 prefix_len;
};

/**
 * struct vsb_pool - all backends of one service port in one family
 * @node: in the network namespace's tree, by name
 * @rcu: defers the free
 * @sets: what new connections choose from; NULL where no backend of the set
 *	is up and has weight. Replaced as a whole, read under RCU.
 * @backends: all of them, by key
 * @sched: how sets to come choose
 * @affinity: each member is read by packets
 * @id: in pool_ids
 * @n_backends: how many
 * @users: number of services whose policy names the pool
 * @family: AF_INET or AF_INET6
 * @owner: of the owner's string, in @text
 * @refs: the tree's reference and its backends', also of those that left
 * @stats: of its backends' connections
 * @text: name and owner, each with a NUL
 *
 * Name, family and owner never change.
 */
struct vsb_pool {
	struct rb_node node;
	struct rcu_head rcu;
	struct vsb_set __rcu *sets[VSB_SETS_MAX];
	struct rb_root backends;
	struct vsb_sched sched;
	struct vsb_affinity affinity;
	u32 id;
	u32 n_backends;
	u32 users;
	u16 family;
	u16 owner;
	refcount_t refs;
	struct vsb_stats stats;
	char text[];
};

static inline const char *vsb_pool_name(const struct vsb_pool *pool)
{
	return pool->text;
}

static inline const char *vsb_pool_owner(const struct vsb_pool *pool)
{
	return pool->text + pool->owner;
}

struct vsb_pool *vsb_pool_create(struct vsb_net *vnet, const char *name,
				 const char *owner, u16 family);
void vsb_pool_discard(struct vsb_net *vnet, struct vsb_pool *pool);
void vsb_pool_publish(struct vsb_net *vnet, struct vsb_pool *pool);
void vsb_pool_unlink(struct vsb_net *vnet, struct vsb_pool *pool);
void vsb_pool_release(struct vsb_net *vnet, struct vsb_pool *pool);
void vsb_pool_put(struct vsb_pool *pool);

struct vsb_pool *vsb_pool_find(struct vsb_net *vnet, const char *name);
struct vsb_pool *vsb_pool_find_own(struct vsb_net *vnet, const char *name,
				   const char *owner,
				   struct netlink_ext_ack *extack);
struct vsb_backend *vsb_pool_backend(const struct vsb_pool *pool,
				     const struct vsb_backend_key *key);
struct vsb_backend *vsb_pool_next(const struct vsb_pool *pool,
				  const struct vsb_backend_key *after);

void vsb_pool_add(struct vsb_pool *pool, struct vsb_backend *backend);
void vsb_pool_remove(struct vsb_pool *pool, struct vsb_backend *backend);
struct vsb_set *vsb_pool_make_set(struct vsb_net *vnet,
				  const struct vsb_sched *sched, u32 n);
void vsb_pool_discard_set(struct vsb_net *vnet, struct vsb_set *set);
void vsb_pool_swap(struct vsb_net *vnet, struct vsb_pool *pool, int set,
		   struct vsb_set *replacement);

void vsb_pool_net_init(struct vsb_net *vnet);
void vsb_pool_net_exit(struct vsb_net *vnet);

#endif /* VSB_POOL_H */
