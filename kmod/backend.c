// SPDX-License-Identifier: GPL-2.0
/* A backend's life: made, published, left its pool, gone with its last
 * connection; and the template conntracks that tell its connections.
 */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "backend.h"
#include "net.h"
#include "pool.h"
#include "record.h"
#include "stale.h"
#include "trace.h"

/**
 * vsb_backend_key_cmp() - order of keys
 * @a: a key
 * @b: another of the same family
 *
 * Return: below, at or above 0 as @a comes before @b, is the same, or after.
 */
int vsb_backend_key_cmp(const struct vsb_backend_key *a,
			const struct vsb_backend_key *b)
{
	int cmp = memcmp(&a->addr, &b->addr, sizeof(a->addr));

	return cmp ?: (int)ntohs(a->port) - (int)ntohs(b->port);
}

/**
 * vsb_backend_create() - make a backend that nobody sees yet
 * @vnet: the network namespace
 * @family: AF_INET or AF_INET6
 * @key: address and port
 *
 * Context: may sleep; under vnet->lock.
 * Return: the backend, for vsb_backend_publish() or vsb_backend_discard(), or
 *	an error pointer.
 */
struct vsb_backend *vsb_backend_create(struct vsb_net *vnet, u16 family,
				       const struct vsb_backend_key *key)
{
	struct vsb_backend *backend;
	int err;

	lockdep_assert_held(&vnet->lock);
	backend = kzalloc(sizeof(*backend), GFP_KERNEL_ACCOUNT);
	if (!backend)
		return ERR_PTR(-ENOMEM);
	backend->vnet = vnet;
	backend->family = family;
	backend->key = *key;
	err = xa_alloc_cyclic_bh(&vnet->backend_ids, &backend->id,
				 XA_ZERO_ENTRY, xa_limit_31b,
				 &vnet->next_backend, GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		kfree(backend);
		return ERR_PTR(err);
	}
	return backend;
}

/**
 * vsb_backend_discard() - free a backend that was never published
 * @backend: the backend
 */
void vsb_backend_discard(struct vsb_backend *backend)
{
	xa_erase_bh(&backend->vnet->backend_ids, backend->id);
	kfree(backend);
}

/**
 * vsb_backend_publish() - let a backend be found by its id
 * @backend: the backend; its id's place is reserved, so this can't fail
 */
void vsb_backend_publish(struct vsb_backend *backend)
{
	xa_store_bh(&backend->vnet->backend_ids, backend->id, backend,
		    GFP_KERNEL);
}

static void free_rcu(struct rcu_head *rcu)
{
	struct vsb_backend *backend = container_of(rcu, struct vsb_backend, rcu);
	struct vsb_traffic *traffic = backend->traffic;
	int i;

	if (traffic) {
		for (i = 0; i < VSB_TMPLS; i++)
			if (traffic->tmpl[i])
				nf_ct_put(traffic->tmpl[i]);
		kfree(traffic);
	}
	vsb_pool_put(backend->pool);
	kfree(backend);
}

/**
 * vsb_backend_free() - free a backend after a grace period
 * @backend: unpublished everywhere but in backend_ids, and without records.
 *	Connections that live keep its templates, which then are nobody's.
 */
void vsb_backend_free(struct vsb_backend *backend)
{
	xa_erase_bh(&backend->vnet->backend_ids, backend->id);
	call_rcu(&backend->rcu, free_rcu);
}

static void mark(const struct vsb_backend *backend, xa_mark_t mark)
{
	struct xarray *ids = &backend->vnet->backend_ids;

	xa_lock_bh(ids);
	__xa_set_mark(ids, backend->id, mark);
	xa_unlock_bh(ids);
}

/* No packet can choose the backend any more: what it has now is all. */
static void leave_rcu(struct rcu_head *rcu)
{
	struct vsb_backend *backend = container_of(rcu, struct vsb_backend, rcu);
	struct vsb_net *vnet = backend->vnet;

	trace_vsb_backend_left(backend);
	if (!backend->traffic) {
		vsb_backend_free(backend);
		return;
	}
	atomic_inc(&vnet->leaving);
	mark(backend, VSB_BACKEND_LEFT);
	/* Pairs with the sweeper's load: from here on it may reap. */
	smp_store_release(&backend->left, true);
	vsb_stale_soon(vnet);
	vsb_record_sweep_soon(vnet);
}

/**
 * vsb_backend_leave() - let go of a backend that left its pool
 * @backend: in no pool and no published set. Its connections go on; it is
 *	freed when they are over.
 */
void vsb_backend_leave(struct vsb_backend *backend)
{
	lockdep_assert_held(&backend->vnet->lock);
	call_rcu(&backend->rcu, leave_rcu);
}

/* The first connection makes it; where two do so at once, one of them wins. */
static struct vsb_traffic *traffic_get(struct vsb_backend *backend)
{
	struct vsb_traffic *traffic = vsb_backend_traffic(backend);
	struct vsb_traffic *other;

	if (traffic)
		return traffic;
	traffic = kzalloc(sizeof(*traffic), GFP_ATOMIC);
	if (!traffic)
		return NULL;
	spin_lock_init(&traffic->lock);
	INIT_LIST_HEAD(&traffic->records);
	other = cmpxchg(&backend->traffic, NULL, traffic);
	if (other) {
		kfree(traffic);
		return other;
	}
	mark(backend, VSB_BACKEND_TRAFFIC);
	return traffic;
}

/**
 * vsb_backend_tmpl() - the template that a new connection has as master
 * @backend: the backend
 * @kind: VSB_TMPL_*
 *
 * Context: under rcu_read_lock().
 * Return: the template, which the caller takes a reference of for the
 *	connection, or NULL without memory.
 */
struct nf_conn *vsb_backend_tmpl(struct vsb_backend *backend, int kind)
{
	struct vsb_traffic *traffic = traffic_get(backend);
	struct nf_conn *tmpl, *other;

	if (!traffic)
		return NULL;
	tmpl = vsb_traffic_tmpl(traffic, kind);
	if (tmpl)
		return tmpl;
	tmpl = nf_ct_tmpl_alloc(backend->vnet->net, &nf_ct_zone_dflt,
				GFP_ATOMIC);
	if (!tmpl)
		return NULL;
	tmpl->mark = backend->id;
	tmpl->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.l3num = backend->family;
	other = cmpxchg(&traffic->tmpl[kind], NULL, tmpl);
	if (other) {
		nf_ct_tmpl_free(tmpl);
		return other;
	}
	return tmpl;
}

/**
 * vsb_backend_of() - the backend of a connection
 * @vnet: the network namespace
 * @ct: a conntrack that the caller holds
 * @kind: where to store VSB_TMPL_*
 *
 * A template of a module that was unloaded since has a mark that means
 * nothing now, so pointers are compared.
 *
 * Context: under rcu_read_lock().
 * Return: the backend, or NULL where the connection is not ours.
 */
struct vsb_backend *vsb_backend_of(struct vsb_net *vnet,
				   const struct nf_conn *ct, int *kind)
{
	const struct nf_conn *tmpl = ct->master;
	struct vsb_traffic *traffic;
	struct vsb_backend *backend;

	if (!tmpl || !nf_ct_is_template(tmpl))
		return NULL;
	backend = xa_load(&vnet->backend_ids, tmpl->mark);
	if (!backend)
		return NULL;
	traffic = vsb_backend_traffic(backend);
	if (!traffic)
		return NULL;
	for (*kind = 0; *kind < VSB_TMPLS; (*kind)++)
		if (vsb_traffic_tmpl(traffic, *kind) == tmpl)
			return backend;
	return NULL;
}

static u32 refill_at(const struct vsb_backend *backend, u32 upper)
{
	return READ_ONCE(backend->lower) ?: upper - upper / 4;
}

/**
 * vsb_backend_is_full() - whether a backend may have no more connections
 * @backend: the backend
 *
 * One that was full stays it until it has fewer than its lower threshold. As
 * CPUs do not wait for each other it may get a few more than its upper one.
 *
 * Context: under rcu_read_lock() or vnet->lock.
 */
bool vsb_backend_is_full(const struct vsb_backend *backend)
{
	u32 upper = READ_ONCE(backend->upper);
	u32 connections;

	if (likely(!upper))
		return false;
	connections = vsb_backend_connections(backend);
	return connections >= upper ||
	       (READ_ONCE(backend->was_full) &&
		connections >= refill_at(backend, upper));
}

/**
 * vsb_backend_take() - give a connection to a backend
 * @backend: the backend
 * @tmpl: the template of the connection, which gets a reference
 *
 * That is when a backend may become full, or shows to have had so few
 * connections that it is full no longer. The latter is looked at before this
 * one counts, so that of many at once none takes the others for old ones.
 */
void vsb_backend_take(struct vsb_backend *backend, struct nf_conn *tmpl)
{
	u32 upper = READ_ONCE(backend->upper);

	if (likely(!upper)) {
		nf_conntrack_get(&tmpl->ct_general);
		return;
	}
	if (READ_ONCE(backend->was_full) && !vsb_backend_is_full(backend))
		WRITE_ONCE(backend->was_full, false);
	nf_conntrack_get(&tmpl->ct_general);
	if (vsb_backend_connections(backend) >= upper &&
	    !READ_ONCE(backend->was_full))
		WRITE_ONCE(backend->was_full, true);
}

/* Packets mark ids too, so that their lock is taken with bottom halves off. */
void vsb_backend_net_init(struct vsb_net *vnet)
{
	xa_init_flags(&vnet->backend_ids, XA_FLAGS_ALLOC1 | XA_FLAGS_LOCK_BH |
		      XA_FLAGS_ACCOUNT);
}

void vsb_backend_net_exit(struct vsb_net *vnet)
{
	xa_destroy(&vnet->backend_ids);
}
