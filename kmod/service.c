// SPDX-License-Identifier: GPL-2.0
/* Services: the table that packets look them up in, and their policies. */

#include <linux/bitmap.h>
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "cidr.h"
#include "clusterip.h"
#include "net.h"
#include "service.h"
#include "stale.h"

static const struct rhashtable_params service_params = {
	.key_len = sizeof(struct vsb_key),
	.key_offset = offsetof(struct vsb_service, key),
	.head_offset = offsetof(struct vsb_service, node),
	.automatic_shrinking = true,
};

/**
 * vsb_route_equal() - whether two routes lead to the same
 * @a: a route
 * @b: another
 */
bool vsb_route_equal(const struct vsb_route *a, const struct vsb_route *b)
{
	return a->pool == b->pool && a->set == b->set &&
	       a->masquerade == b->masquerade;
}

/**
 * vsb_policy_create() - make a policy
 * @from: has routes, elsewhere, flags and clusterip; the last one's reference
 *	is the new policy's
 * @owner: 1 to VSB_NAME_MAX bytes
 * @label: 0 to VSB_NAME_MAX bytes
 *
 * Return: the policy, NULL without memory.
 */
struct vsb_policy *vsb_policy_create(const struct vsb_policy *from,
				     const char *owner, const char *label)
{
	size_t owner_size = strlen(owner) + 1, label_size = strlen(label) + 1;
	struct vsb_policy *policy;
	int i;

	policy = kzalloc(struct_size(policy, text, owner_size + label_size),
			 GFP_KERNEL_ACCOUNT);
	if (!policy)
		return NULL;
	policy->uniform = true;
	for (i = 0; i < VSB_FROM_KINDS; i++) {
		policy->routes[i] = from->routes[i];
		if (!vsb_route_equal(&from->routes[i], &from->routes[0]))
			policy->uniform = false;
	}
	policy->clusterip = from->clusterip;
	policy->elsewhere = from->elsewhere;
	policy->flags = from->flags;
	policy->label = owner_size;
	memcpy(policy->text, owner, owner_size);
	memcpy(policy->text + owner_size, label, label_size);
	return policy;
}

/**
 * vsb_policy_discard() - free a policy that was never published
 * @vnet: the network namespace
 * @policy: the policy, or NULL
 */
void vsb_policy_discard(struct vsb_net *vnet, struct vsb_policy *policy)
{
	if (policy && policy->clusterip)
		vsb_clusterip_put(vnet, policy->clusterip);
	kfree(policy);
}

/**
 * vsb_policy_equal() - whether two policies say the same
 * @a: a policy
 * @b: another
 */
bool vsb_policy_equal(const struct vsb_policy *a, const struct vsb_policy *b)
{
	int i;

	for (i = 0; i < VSB_FROM_KINDS; i++)
		if (!vsb_route_equal(&a->routes[i], &b->routes[i]))
			return false;
	return a->elsewhere == b->elsewhere && a->flags == b->flags &&
	       !strcmp(vsb_policy_owner(a), vsb_policy_owner(b)) &&
	       !strcmp(vsb_policy_label(a), vsb_policy_label(b));
}

static unsigned long **node_ports(struct vsb_net *vnet, u16 family, u8 protocol)
{
	unsigned long **bitmaps = vnet->node_ports[vsb_family_index(family)];

	switch (protocol) {
	case IPPROTO_TCP:
		return &bitmaps[0];
	case IPPROTO_UDP:
		return &bitmaps[1];
	default:
		return &bitmaps[2];
	}
}

/* A bitmap stays once it is there, so that packets need not ask how long. */
static int make_node_ports(struct vsb_net *vnet, const struct vsb_key *key)
{
	unsigned long **bitmap = node_ports(vnet, key->family, key->protocol);
	unsigned long *made;

	if (key->kind != VSB_KIND_NODE_PORT || *bitmap)
		return 0;
	made = bitmap_zalloc(U16_MAX + 1, GFP_KERNEL_ACCOUNT);
	if (!made)
		return -ENOMEM;
	/* Pairs with vsb_service_is_node_port(). */
	smp_store_release(bitmap, made);
	return 0;
}

/**
 * vsb_service_is_node_port() - whether a port is some service's node port
 * @vnet: the network namespace
 * @family: AF_INET or AF_INET6
 * @protocol: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @port: the port
 *
 * Context: any.
 * Return: whether it is.
 */
bool vsb_service_is_node_port(struct vsb_net *vnet, u16 family,
			      u8 protocol, __be16 port)
{
	const unsigned long *bitmap;

	/* Pairs with make_node_ports(). */
	bitmap = smp_load_acquire(node_ports(vnet, family, protocol));
	return bitmap && test_bit(ntohs(port), bitmap);
}

/**
 * vsb_service_create() - make a service that no packet finds yet
 * @vnet: the network namespace
 * @key: a key that no service in the table has
 *
 * The service is in the table, so that publishing it can't fail.
 *
 * Context: may sleep; under vnet->lock.
 * Return: the service, for vsb_service_publish() or vsb_service_discard(), or
 *	an error pointer.
 */
struct vsb_service *vsb_service_create(struct vsb_net *vnet,
				       const struct vsb_key *key)
{
	struct vsb_service *service;
	int err;

	lockdep_assert_held(&vnet->lock);
	err = make_node_ports(vnet, key);
	if (err)
		return ERR_PTR(err);
	service = kzalloc(sizeof(*service), GFP_KERNEL_ACCOUNT);
	if (!service)
		return ERR_PTR(-ENOMEM);
	service->vnet = vnet;
	service->key = *key;
	refcount_set(&service->refs, 1);
	err = xa_alloc_cyclic(&vnet->service_ids, &service->id, XA_ZERO_ENTRY,
			      xa_limit_31b, &vnet->next_service,
			      GFP_KERNEL_ACCOUNT);
	if (err < 0)
		goto free;
	err = rhashtable_insert_fast(&vnet->services, &service->node,
				     service_params);
	if (err)
		goto free_id;
	return service;

free_id:
	xa_erase(&vnet->service_ids, service->id);
free:
	kfree(service);
	return ERR_PTR(err);
}

/**
 * vsb_service_discard() - free a service that was never published
 * @service: the service
 */
void vsb_service_discard(struct vsb_service *service)
{
	struct vsb_net *vnet = service->vnet;

	rhashtable_remove_fast(&vnet->services, &service->node, service_params);
	xa_erase(&vnet->service_ids, service->id);
	kfree_rcu(service, rcu);
}

/* Packets look for some keys only where there are such services. */
static void announce(const struct vsb_service *service, int by)
{
	const struct vsb_key *key = &service->key;
	struct vsb_net *vnet = service->vnet;

	switch (key->kind) {
	case VSB_KIND_VIP:
		if (!key->port)
			WRITE_ONCE(vnet->any_port, vnet->any_port + by);
		break;
	case VSB_KIND_NODE_PORT:
		assign_bit(ntohs(key->port),
			   *node_ports(vnet, key->family, key->protocol),
			   by > 0);
		break;
	case VSB_KIND_MARK:
		WRITE_ONCE(vnet->marks, vnet->marks + by);
		break;
	}
}

static void hide_policy(struct vsb_net *vnet, const struct vsb_policy *policy)
{
	if (!policy->clusterip)
		return;
	if (policy->shown)
		vsb_clusterip_hide(vnet, policy->clusterip);
	vsb_clusterip_put(vnet, policy->clusterip);
}

/**
 * vsb_service_show() - have packets know that a service's address is one
 * @service: the service, in force with all that the same commit makes, or what
 *	comes later at a cluster IP would be refused until then
 */
void vsb_service_show(struct vsb_service *service)
{
	struct vsb_policy *policy =
		rcu_dereference_protected(service->policy,
					  lockdep_is_held(&service->vnet->lock));

	if (!policy->clusterip || policy->shown)
		return;
	policy->shown = true;
	vsb_clusterip_show(service->vnet, policy->clusterip);
}

/**
 * vsb_service_publish() - let packets find a service, or a new policy of it
 * @service: the service
 * @policy: becomes the service's
 */
void vsb_service_publish(struct vsb_service *service, struct vsb_policy *policy)
{
	struct vsb_net *vnet = service->vnet;
	struct vsb_policy *old;

	old = rcu_replace_pointer(service->policy, policy,
				  lockdep_is_held(&vnet->lock));
	if (old) {
		if (old->shown)
			vsb_service_show(service);
		hide_policy(vnet, old);
		kfree_rcu(old, rcu);
		return;
	}
	xa_store(&vnet->service_ids, service->id, service, GFP_KERNEL);
	announce(service, 1);
	/* Pairs with vsb_service_find(): who sees it live sees its policy. */
	smp_store_release(&service->live, true);
	vsb_stale_service_new(vnet, &service->key);
}

/**
 * vsb_service_set_ranges() - replace the ranges of allowed sources
 * @service: the service
 * @ranges: becomes the service's; NULL for none
 */
void vsb_service_set_ranges(struct vsb_service *service,
			    struct vsb_cidrs *ranges)
{
	struct vsb_cidrs *old;

	old = rcu_replace_pointer(service->ranges, ranges,
				  lockdep_is_held(&service->vnet->lock));
	kvfree_rcu(old, rcu);
}

/**
 * vsb_service_del() - take a service away
 * @service: the service. What its connections still add to its statistics goes
 *	to the network namespace's with the last of them.
 */
void vsb_service_del(struct vsb_service *service)
{
	struct vsb_net *vnet = service->vnet;

	lockdep_assert_held(&vnet->lock);
	rhashtable_remove_fast(&vnet->services, &service->node, service_params);
	xa_erase(&vnet->service_ids, service->id);
	announce(service, -1);
	hide_policy(vnet, vsb_service_policy(service));
	vsb_service_put(service);
}

/**
 * vsb_service_find() - the service of a key
 * @vnet: the network namespace
 * @key: the key
 *
 * Context: under rcu_read_lock(), or under vnet->lock.
 * Return: the service, NULL where there is none.
 */
struct vsb_service *vsb_service_find(struct vsb_net *vnet,
				     const struct vsb_key *key)
{
	struct vsb_service *service;

	service = rhashtable_lookup_fast(&vnet->services, key, service_params);
	if (!service)
		return NULL;
	/* Pairs with vsb_service_publish(). */
	return smp_load_acquire(&service->live) ? service : NULL;
}

/**
 * vsb_service_put() - let go of a service
 * @service: the service; with the last reference its statistics are added to
 *	the network namespace's
 */
void vsb_service_put(struct vsb_service *service)
{
	if (!refcount_dec_and_test(&service->refs))
		return;
	vsb_stats_move(&service->vnet->retired, &service->stats);
	kvfree_rcu(rcu_dereference_protected(service->ranges, true), rcu);
	kfree_rcu(rcu_dereference_protected(service->policy, true), rcu);
	kfree_rcu(service, rcu);
}

int vsb_service_net_init(struct vsb_net *vnet)
{
	int err;

	/* No service has the id 0. */
	xa_init_flags(&vnet->service_ids, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	err = vsb_clusterip_net_init(vnet);
	if (err)
		return err;
	err = rhashtable_init(&vnet->services, &service_params);
	if (err)
		vsb_clusterip_net_exit(vnet);
	return err;
}

static void free_one(void *ptr, void *arg)
{
	struct vsb_service *service = ptr;

	hide_policy(service->vnet,
		    rcu_dereference_protected(service->policy, true));
	vsb_service_put(service);
}

void vsb_service_net_exit(struct vsb_net *vnet)
{
	int family, i;

	mutex_lock(&vnet->lock);
	rhashtable_free_and_destroy(&vnet->services, free_one, NULL);
	mutex_unlock(&vnet->lock);
	vsb_clusterip_net_exit(vnet);
	xa_destroy(&vnet->service_ids);
	for (family = 0; family < VSB_FAMILIES; family++)
		for (i = 0; i < VSB_PROTOCOLS; i++)
			bitmap_free(vnet->node_ports[family][i]);
}
