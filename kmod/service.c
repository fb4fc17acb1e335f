// SPDX-License-Identifier: GPL-2.0
/* Services: the table that packets look them up in, and their policies. */

#include <linux/jhash.h>
#include <linux/slab.h>

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
 * @routes: one for each kind of source
 * @elsewhere: VSB_ACTION_*
 * @owner: 1 to VSB_NAME_MAX bytes
 * @label: 0 to VSB_NAME_MAX bytes
 *
 * Return: the policy, NULL without memory.
 */
struct vsb_policy *vsb_policy_create(const struct vsb_route *routes,
				     u8 elsewhere, const char *owner,
				     const char *label)
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
		policy->routes[i] = routes[i];
		if (!vsb_route_equal(&routes[i], &routes[0]))
			policy->uniform = false;
	}
	policy->elsewhere = elsewhere;
	policy->label = owner_size;
	memcpy(policy->text, owner, owner_size);
	memcpy(policy->text + owner_size, label, label_size);
	return policy;
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
	return a->elsewhere == b->elsewhere &&
	       !strcmp(vsb_policy_owner(a), vsb_policy_owner(b)) &&
	       !strcmp(vsb_policy_label(a), vsb_policy_label(b));
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

static void count_any_port(const struct vsb_service *service, int by)
{
	struct vsb_net *vnet = service->vnet;

	if (!service->key.port)
		WRITE_ONCE(vnet->any_port, vnet->any_port + by);
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
		kfree_rcu(old, rcu);
		return;
	}
	xa_store(&vnet->service_ids, service->id, service, GFP_KERNEL);
	count_any_port(service, 1);
	/* Pairs with vsb_service_find(): who sees it live sees its policy. */
	smp_store_release(&service->live, true);
	vsb_stale_service_new(vnet, service->key.protocol);
}

/**
 * vsb_service_del() - take a service away
 * @service: the service. What its connections still add to its statistics is
 *	lost to it and goes to the network namespace's.
 */
void vsb_service_del(struct vsb_service *service)
{
	struct vsb_net *vnet = service->vnet;

	lockdep_assert_held(&vnet->lock);
	rhashtable_remove_fast(&vnet->services, &service->node, service_params);
	xa_erase(&vnet->service_ids, service->id);
	count_any_port(service, -1);
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
	vsb_stats_add(&service->vnet->retired, &service->stats);
	kfree_rcu(rcu_dereference_protected(service->policy, true), rcu);
	kfree_rcu(service, rcu);
}

int vsb_service_net_init(struct vsb_net *vnet)
{
	xa_init_flags(&vnet->service_ids, XA_FLAGS_ALLOC);
	return rhashtable_init(&vnet->services, &service_params);
}

static void free_one(void *ptr, void *arg)
{
	vsb_service_put(ptr);
}

void vsb_service_net_exit(struct vsb_net *vnet)
{
	rhashtable_free_and_destroy(&vnet->services, free_one, NULL);
	xa_destroy(&vnet->service_ids);
}
