// SPDX-License-Identifier: GPL-2.0
/* Pools: their tree by name, their backends by key, and their sets. */

#include <linux/slab.h>

#include "net.h"
#include "pool.h"

/**
 * vsb_pool_create() - make a pool that nobody sees yet
 * @vnet: the network namespace
 * @name: 1 to VSB_NAME_MAX bytes
 * @owner: likewise
 * @family: AF_INET or AF_INET6
 *
 * Context: may sleep; under vnet->lock.
 * Return: the pool, for vsb_pool_publish() or vsb_pool_discard(), or an error
 *	pointer.
 */
struct vsb_pool *vsb_pool_create(struct vsb_net *vnet, const char *name,
				 const char *owner, u16 family)
{
	size_t name_size = strlen(name) + 1, owner_size = strlen(owner) + 1;
	struct vsb_pool *pool;
	int err;

	lockdep_assert_held(&vnet->lock);
	pool = kzalloc(struct_size(pool, text, name_size + owner_size),
		       GFP_KERNEL_ACCOUNT);
	if (!pool)
		return ERR_PTR(-ENOMEM);
	refcount_set(&pool->refs, 1);
	pool->backends = RB_ROOT;
	pool->family = family;
	pool->owner = name_size;
	memcpy(pool->text, name, name_size);
	memcpy(pool->text + name_size, owner, owner_size);
	err = xa_alloc_cyclic(&vnet->pool_ids, &pool->id, XA_ZERO_ENTRY,
			      xa_limit_31b, &vnet->next_pool,
			      GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		kfree(pool);
		return ERR_PTR(err);
	}
	return pool;
}

/**
 * vsb_pool_discard() - free a pool that was never published
 * @vnet: the network namespace
 * @pool: the pool, without backends
 */
void vsb_pool_discard(struct vsb_net *vnet, struct vsb_pool *pool)
{
	xa_erase(&vnet->pool_ids, pool->id);
	kfree(pool);
}

/**
 * vsb_pool_publish() - let configuration find a pool
 * @vnet: the network namespace
 * @pool: a pool of a name that no other has; its id's place is reserved, so
 *	this can't fail
 */
void vsb_pool_publish(struct vsb_net *vnet, struct vsb_pool *pool)
{
	struct rb_node **link = &vnet->pools.rb_node, *parent = NULL;

	lockdep_assert_held(&vnet->lock);
	while (*link) {
		struct vsb_pool *other = rb_entry(*link, struct vsb_pool, node);

		parent = *link;
		if (strcmp(vsb_pool_name(pool), vsb_pool_name(other)) < 0)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&pool->node, parent, link);
	rb_insert_color(&pool->node, &vnet->pools);
	xa_store(&vnet->pool_ids, pool->id, pool, GFP_KERNEL);
}

/**
 * vsb_pool_unlink() - hide a pool from configuration
 * @vnet: the network namespace
 * @pool: the pool; packets may still find it by the policies that name it
 */
void vsb_pool_unlink(struct vsb_net *vnet, struct vsb_pool *pool)
{
	lockdep_assert_held(&vnet->lock);
	rb_erase(&pool->node, &vnet->pools);
	xa_erase(&vnet->pool_ids, pool->id);
}

static void retire_set(struct vsb_net *vnet, struct vsb_set *set)
{
	if (!set)
		return;
	vnet->table_bytes -= vsb_sched_table_bytes(&set->sched);
	kvfree_rcu(set, rcu);
}

/**
 * vsb_pool_release() - let go of a pool and its backends
 * @vnet: the network namespace
 * @pool: an unlinked pool that no policy names any more
 */
void vsb_pool_release(struct vsb_net *vnet, struct vsb_pool *pool)
{
	struct rb_node *node;
	int i;

	lockdep_assert_held(&vnet->lock);
	/* A packet that still follows an old policy finds what there was. */
	for (i = 0; i < VSB_SETS_MAX; i++)
		retire_set(vnet, rcu_dereference_protected(pool->sets[i], true));
	while ((node = rb_first(&pool->backends)))
		vsb_pool_remove(pool, rb_entry(node, struct vsb_backend, node));
	vsb_pool_put(pool);
}

/**
 * vsb_pool_put() - let go of a pool
 * @pool: the pool; a grace period after the last reference it is freed
 *
 * Context: any.
 */
void vsb_pool_put(struct vsb_pool *pool)
{
	if (refcount_dec_and_test(&pool->refs))
		kfree_rcu(pool, rcu);
}

/**
 * vsb_pool_find() - the pool of a name
 * @vnet: the network namespace
 * @name: the name
 *
 * Context: under vnet->lock.
 * Return: the pool, NULL where there is none.
 */
struct vsb_pool *vsb_pool_find(struct vsb_net *vnet, const char *name)
{
	struct rb_node *node = vnet->pools.rb_node;

	lockdep_assert_held(&vnet->lock);
	while (node) {
		struct vsb_pool *pool = rb_entry(node, struct vsb_pool, node);
		int cmp = strcmp(name, vsb_pool_name(pool));

		if (!cmp)
			return pool;
		node = cmp < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/**
 * vsb_pool_find_own() - the pool of a name, where it is somebody's
 * @vnet: the network namespace
 * @name: the name
 * @owner: whose it has to be
 * @extack: where a refusal says why
 *
 * Context: under vnet->lock.
 * Return: the pool, or an error pointer: -ENOENT, -EPERM.
 */
struct vsb_pool *vsb_pool_find_own(struct vsb_net *vnet, const char *name,
				   const char *owner,
				   struct netlink_ext_ack *extack)
{
	struct vsb_pool *pool = vsb_pool_find(vnet, name);

	if (!pool)
		return ERR_PTR(vsb_refuse(vnet, extack, -ENOENT,
					  "pool: no pool %s", name));
	if (strcmp(vsb_pool_owner(pool), owner))
		return ERR_PTR(vsb_refuse(vnet, extack, -EPERM,
					  "owner: pool %.30s is owned by %s",
					  name, vsb_pool_owner(pool)));
	return pool;
}

/**
 * vsb_pool_backend() - the backend of a key
 * @pool: the pool
 * @key: address and port
 *
 * Return: the backend, NULL where there is none.
 */
struct vsb_backend *vsb_pool_backend(const struct vsb_pool *pool,
				     const struct vsb_backend_key *key)
{
	struct rb_node *node = pool->backends.rb_node;

	while (node) {
		struct vsb_backend *backend =
			rb_entry(node, struct vsb_backend, node);
		int cmp = vsb_backend_key_cmp(key, &backend->key);

		if (!cmp)
			return backend;
		node = cmp < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/**
 * vsb_pool_next() - walk a pool's backends without holding on to one
 * @pool: the pool
 * @after: the key to go on from, which need not be there; NULL to begin
 *
 * Return: the first backend behind @after in the order of keys, or NULL.
 */
struct vsb_backend *vsb_pool_next(const struct vsb_pool *pool,
				  const struct vsb_backend_key *after)
{
	struct rb_node *node = pool->backends.rb_node;
	struct vsb_backend *next = NULL;

	while (node) {
		struct vsb_backend *backend =
			rb_entry(node, struct vsb_backend, node);

		if (!after || vsb_backend_key_cmp(after, &backend->key) < 0) {
			next = backend;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return next;
}

/**
 * vsb_pool_add() - add a backend to a pool
 * @pool: the pool
 * @backend: a backend of a key that the pool has not got, not published yet
 */
void vsb_pool_add(struct vsb_pool *pool, struct vsb_backend *backend)
{
	struct rb_node **link = &pool->backends.rb_node, *parent = NULL;

	lockdep_assert_held(&backend->vnet->lock);
	while (*link) {
		struct vsb_backend *other =
			rb_entry(*link, struct vsb_backend, node);

		parent = *link;
		if (vsb_backend_key_cmp(&backend->key, &other->key) < 0)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&backend->node, parent, link);
	rb_insert_color(&backend->node, &pool->backends);
	pool->n_backends++;
	refcount_inc(&pool->refs);
	backend->pool = pool;
	vsb_backend_publish(backend);
}

/**
 * vsb_pool_remove() - take a backend out of a pool
 * @pool: the pool
 * @backend: in none of the pool's sets any more
 */
void vsb_pool_remove(struct vsb_pool *pool, struct vsb_backend *backend)
{
	lockdep_assert_held(&backend->vnet->lock);
	rb_erase(&backend->node, &pool->backends);
	pool->n_backends--;
	/* Affinity to it is void from here on. */
	WRITE_ONCE(backend->sets, 0);
	vsb_backend_leave(backend);
}

/**
 * vsb_pool_make_set() - make a set that nobody sees yet
 * @vnet: the network namespace, of which its table counts
 * @sched: how it chooses
 * @n: number of slots that it has room for
 *
 * Context: may sleep; under vnet->lock.
 * Return: the set, for vsb_pool_swap() or vsb_pool_discard_set(), or NULL.
 */
struct vsb_set *vsb_pool_make_set(struct vsb_net *vnet,
				  const struct vsb_sched *sched, u32 n)
{
	size_t table = vsb_sched_table_bytes(sched);
	struct vsb_set *set;

	lockdep_assert_held(&vnet->lock);
	set = kvzalloc(struct_size(set, slots, n) + table, GFP_KERNEL_ACCOUNT);
	if (!set)
		return NULL;
	set->sched = *sched;
	vnet->table_bytes += table;
	return set;
}

/**
 * vsb_pool_discard_set() - free a set that was never published
 * @vnet: the network namespace
 * @set: the set, or NULL
 */
void vsb_pool_discard_set(struct vsb_net *vnet, struct vsb_set *set)
{
	if (!set)
		return;
	vnet->table_bytes -= vsb_sched_table_bytes(&set->sched);
	kvfree(set);
}

/**
 * vsb_pool_swap() - replace a set
 * @vnet: the network namespace
 * @pool: the pool
 * @set: which one
 * @replacement: what packets see from now on, NULL for an empty set
 */
void vsb_pool_swap(struct vsb_net *vnet, struct vsb_pool *pool, int set,
		   struct vsb_set *replacement)
{
	struct vsb_set *old;

	old = rcu_replace_pointer(pool->sets[set], replacement,
				  lockdep_is_held(&vnet->lock));
	retire_set(vnet, old);
}

void vsb_pool_net_init(struct vsb_net *vnet)
{
	vnet->pools = RB_ROOT;
	xa_init_flags(&vnet->pool_ids, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
}

void vsb_pool_net_exit(struct vsb_net *vnet)
{
	xa_destroy(&vnet->pool_ids);
}
