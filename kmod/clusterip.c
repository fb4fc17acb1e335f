// SPDX-License-Identifier: GPL-2.0
/* Cluster IPs: addresses of which every protocol and port is a service's or
 * nobody's.
 */

#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "clusterip.h"
#include "net.h"

/**
 * struct clusterip_key - what tells cluster IPs apart
 * @addr: zero beyond its family's length
 * @family: AF_INET or AF_INET6
 */
struct clusterip_key {
	union nf_inet_addr addr;
	u32 family;
};

/**
 * struct vsb_clusterip - an address that services are at
 * @node: in the network namespace's table
 * @rcu: defers the free
 * @key: never changes
 * @users: policies that name it, those that are being prepared included
 * @shown: those of them that are in force; packets look whether there are any
 */
struct vsb_clusterip {
	struct rhash_head node;
	struct rcu_head rcu;
	struct clusterip_key key;
	u32 users;
	u32 shown;
};

static const struct rhashtable_params params = {
	.key_len = sizeof(struct clusterip_key),
	.key_offset = offsetof(struct vsb_clusterip, key),
	.head_offset = offsetof(struct vsb_clusterip, node),
	.automatic_shrinking = true,
};

static struct vsb_clusterip *create(struct vsb_net *vnet,
				    const struct clusterip_key *key)
{
	struct vsb_clusterip *clusterip = kzalloc(sizeof(*clusterip),
						  GFP_KERNEL_ACCOUNT);
	int err;

	if (!clusterip)
		return ERR_PTR(-ENOMEM);
	clusterip->key = *key;
	err = rhashtable_insert_fast(&vnet->clusterips, &clusterip->node,
				     params);
	if (!err)
		return clusterip;
	kfree(clusterip);
	return ERR_PTR(err);
}

/**
 * vsb_clusterip_get() - have an address ready to be a cluster IP
 * @vnet: the network namespace
 * @family: AF_INET or AF_INET6
 * @addr: the address
 *
 * Context: may sleep; under vnet->lock.
 * Return: the cluster IP, for vsb_clusterip_put(), or an error pointer.
 */
struct vsb_clusterip *vsb_clusterip_get(struct vsb_net *vnet, u16 family,
					const union nf_inet_addr *addr)
{
	const struct clusterip_key key = { .addr = *addr, .family = family };
	struct vsb_clusterip *clusterip;

	lockdep_assert_held(&vnet->lock);
	clusterip = rhashtable_lookup_fast(&vnet->clusterips, &key, params);
	if (!clusterip)
		clusterip = create(vnet, &key);
	if (!IS_ERR(clusterip))
		clusterip->users++;
	return clusterip;
}

/**
 * vsb_clusterip_put() - let go of a cluster IP
 * @vnet: the network namespace
 * @clusterip: the cluster IP, hidden as often as shown by who lets go
 *
 * Context: under vnet->lock.
 */
void vsb_clusterip_put(struct vsb_net *vnet, struct vsb_clusterip *clusterip)
{
	lockdep_assert_held(&vnet->lock);
	if (--clusterip->users)
		return;
	rhashtable_remove_fast(&vnet->clusterips, &clusterip->node, params);
	kfree_rcu(clusterip, rcu);
}

/**
 * vsb_clusterip_show() - have packets know a cluster IP
 * @vnet: the network namespace
 * @clusterip: the cluster IP
 *
 * Context: as vsb_clusterip_hide(), under vnet->lock.
 */
void vsb_clusterip_show(struct vsb_net *vnet, struct vsb_clusterip *clusterip)
{
	WRITE_ONCE(vnet->clusterips_shown, vnet->clusterips_shown + 1);
	WRITE_ONCE(clusterip->shown, clusterip->shown + 1);
}

/**
 * vsb_clusterip_hide() - take one vsb_clusterip_show() back
 * @vnet: the network namespace
 * @clusterip: the cluster IP
 */
void vsb_clusterip_hide(struct vsb_net *vnet, struct vsb_clusterip *clusterip)
{
	WRITE_ONCE(vnet->clusterips_shown, vnet->clusterips_shown - 1);
	WRITE_ONCE(clusterip->shown, clusterip->shown - 1);
}

/**
 * vsb_clusterip_has() - whether an address is a cluster IP
 * @vnet: the network namespace
 * @family: AF_INET or AF_INET6
 * @addr: the address, zero beyond its family's length
 *
 * Context: under rcu_read_lock().
 * Return: whether it is.
 */
bool vsb_clusterip_has(struct vsb_net *vnet, u16 family,
		       const union nf_inet_addr *addr)
{
	const struct clusterip_key key = { .addr = *addr, .family = family };
	const struct vsb_clusterip *clusterip;

	clusterip = rhashtable_lookup(&vnet->clusterips, &key, params);
	return clusterip && READ_ONCE(clusterip->shown);
}

int vsb_clusterip_net_init(struct vsb_net *vnet)
{
	return rhashtable_init(&vnet->clusterips, &params);
}

/* Each is some policy's, and went with it. */
void vsb_clusterip_net_exit(struct vsb_net *vnet)
{
	rhashtable_destroy(&vnet->clusterips);
}
