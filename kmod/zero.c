// SPDX-License-Identifier: GPL-2.0
/* The commands that set statistics to 0, as ipvsadm's -Z does. They take
 * effect at once, whatever transaction is open, and no generation tells of it.
 */

#include "change.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "pool.h"
#include "service.h"
#include "stage.h"
#include "zero.h"

static void zero_pool(struct vsb_pool *pool)
{
	struct rb_node *node;

	vsb_stats_zero(&pool->stats, NULL);
	for (node = rb_first(&pool->backends); node; node = rb_next(node)) {
		struct vsb_traffic *traffic =
			vsb_backend_traffic(rb_entry(node, struct vsb_backend,
						     node));

		if (traffic)
			vsb_stats_zero(&traffic->stats, &traffic->rates);
		cond_resched();
	}
}

static int zero_pools(struct vsb_net *vnet, const char *owner)
{
	struct vsb_pool *pool;
	unsigned long id;

	xa_for_each(&vnet->pool_ids, id, pool) {
		if (!strcmp(vsb_pool_owner(pool), owner))
			zero_pool(pool);
		cond_resched();
	}
	return 0;
}

static int zero_named(struct vsb_net *vnet, struct genl_info *info,
		      const char *name, const char *owner)
{
	struct vsb_pool *pool = vsb_pool_find_own(vnet, name, owner,
						  info->extack);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	zero_pool(pool);
	return 0;
}

static const char *owner_of(const struct nlattr *attr)
{
	return attr ? nla_data(attr) : VSB_DEFAULT_OWNER;
}

int vsb_zero_pool_doit(struct sk_buff *skb, struct genl_info *info)
{
	const char *owner = owner_of(info->attrs[VSB_A_POOL_OWNER]);
	const struct nlattr *name = info->attrs[VSB_A_POOL_NAME];
	struct vsb_net *vnet = vsb_net(genl_info_net(info));
	int err;

	mutex_lock(&vnet->lock);
	err = name ? zero_named(vnet, info, nla_data(name), owner) :
		     zero_pools(vnet, owner);
	mutex_unlock(&vnet->lock);
	return err;
}

static int zero_services(struct vsb_net *vnet, const char *owner)
{
	struct vsb_service *service;
	unsigned long id;

	xa_for_each(&vnet->service_ids, id, service) {
		if (!strcmp(vsb_service_owner(service), owner))
			vsb_stats_zero(&service->stats, &service->rates);
		cond_resched();
	}
	return 0;
}

static int zero_service(struct vsb_net *vnet, struct genl_info *info)
{
	struct vsb_service_args args;
	struct vsb_service *service;
	struct vsb_stage stage;
	int err;

	vsb_stage_init(&stage, vnet);
	stage.extack = info->extack;
	err = vsb_change_key(&stage, info->attrs, &args);
	if (err)
		return err;
	service = vsb_service_find(vnet, &args.key);
	if (!service)
		return vsb_refuse(vnet, info->extack, -ENOENT,
				  "service: no service of this key");
	if (strcmp(vsb_service_owner(service), args.owner))
		return vsb_refuse(vnet, info->extack, -EPERM,
				  "owner: service is owned by %s",
				  vsb_service_owner(service));
	vsb_stats_zero(&service->stats, &service->rates);
	return 0;
}

/* By however little, so that half a key is no key for all. */
static bool names_one(struct nlattr **tb)
{
	return tb[VSB_A_SERVICE_FAMILY] || tb[VSB_A_SERVICE_KIND] ||
	       tb[VSB_A_SERVICE_PROTOCOL] || tb[VSB_A_SERVICE_ADDRESS] ||
	       tb[VSB_A_SERVICE_PORT] || tb[VSB_A_SERVICE_MARK];
}

int vsb_zero_service_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsb_net *vnet = vsb_net(genl_info_net(info));
	int err;

	mutex_lock(&vnet->lock);
	err = names_one(info->attrs) ?
	      zero_service(vnet, info) :
	      zero_services(vnet, owner_of(info->attrs[VSB_A_SERVICE_OWNER]));
	mutex_unlock(&vnet->lock);
	return err;
}
