// SPDX-License-Identifier: GPL-2.0
/* The module, and its state in each network namespace. */

#include <linux/module.h>
#include <linux/slab.h>
#include <net/netfilter/nf_nat_masquerade.h>

#include "affinity.h"
#include "config.h"
#include "nat.h"
#include "net.h"
#include "netlink.h"
#include "record.h"
#include "pool.h"
#include "service.h"
#include "stale.h"
#include "txn.h"

unsigned int vsb_net_id __ro_after_init;

static int __net_init vsb_net_init(struct net *net)
{
	struct vsb_net *vnet = vsb_net(net);
	int err = -ENOMEM;

	vnet->net = net;
	/* A listing takes a generation of 0 for one that nobody told it. */
	vnet->generation = 1;
	mutex_init(&vnet->lock);
	INIT_LIST_HEAD(&vnet->txns);
	vsb_backend_net_init(vnet);
	vsb_pool_net_init(vnet);
	vsb_record_net_init(vnet);
	vsb_stale_net_init(vnet);
	RCU_INIT_POINTER(vnet->config, vsb_config_create(vnet));
	if (!rcu_access_pointer(vnet->config))
		return err;
	vnet->counters = alloc_percpu_gfp(struct vsb_counters,
					  GFP_KERNEL_ACCOUNT);
	if (!vnet->counters)
		goto free_config;
	err = vsb_timeout_net_init(vnet);
	if (err)
		goto free_counters;
	err = vsb_service_net_init(vnet);
	if (err)
		goto free_timeouts;
	return 0;

free_timeouts:
	vsb_timeout_net_exit(vnet);
free_counters:
	free_percpu(vnet->counters);
free_config:
	vsb_config_free(rcu_dereference_protected(vnet->config, true));
	return err;
}

/* Packets leave our hooks in the grace period between this and the exit. */
static void __net_exit vsb_net_pre_exit(struct net *net)
{
	struct vsb_net *vnet = vsb_net(net);

	WRITE_ONCE(vnet->exiting, true);
	vsb_nat_net_stop(vnet);
}

/* No packet and no sweeper looks any more, so that the order is free but for
 * what points to network namespaces: records to theirs, and they hold services.
 */
static void __net_exit free_objects(struct vsb_net *vnet)
{
	struct vsb_pool *pool;
	unsigned long id;

	vsb_txn_net_exit(vnet);
	mutex_lock(&vnet->lock);
	xa_for_each(&vnet->pool_ids, id, pool) {
		vsb_pool_unlink(vnet, pool);
		vsb_pool_release(vnet, pool);
		cond_resched();
	}
	mutex_unlock(&vnet->lock);
}

static void __net_exit free_net(struct vsb_net *vnet)
{
	vsb_record_net_exit(vnet);
	vsb_service_net_exit(vnet);
	vsb_pool_net_exit(vnet);
	vsb_backend_net_exit(vnet);
	vsb_affinity_net_exit(vnet);
	vsb_timeout_net_exit(vnet);
	free_percpu(vnet->counters);
	vsb_config_free(rcu_dereference_protected(vnet->config, true));
}

static void __net_exit vsb_net_exit_batch(struct list_head *nets)
{
	bool leaving = false;
	struct net *net;

	list_for_each_entry(net, nets, exit_list) {
		vsb_record_net_stop(vsb_net(net));
		vsb_stale_net_stop(vsb_net(net));
		free_objects(vsb_net(net));
		leaving |= !xa_empty(&vsb_net(net)->backend_ids);
	}
	/* Backends that leave do so in RCU callbacks that look at their
	 * network namespace.
	 */
	if (leaving)
		rcu_barrier();
	list_for_each_entry(net, nets, exit_list)
		free_net(vsb_net(net));
}

static struct pernet_operations vsb_net_ops = {
	.init = vsb_net_init,
	.pre_exit = vsb_net_pre_exit,
	.exit_batch = vsb_net_exit_batch,
	.id = &vsb_net_id,
	.size = sizeof(struct vsb_net),
};

static int __init vsb_init(void)
{
	int err;

	err = nf_nat_masquerade_inet_register_notifiers();
	if (err)
		return err;
	err = vsb_record_init();
	if (err)
		goto unregister_masquerade;
	err = register_pernet_subsys(&vsb_net_ops);
	if (err)
		goto exit_record;
	err = vsb_txn_init();
	if (err)
		goto unregister_pernet;
	err = genl_register_family(&vsb_family);
	if (err)
		goto exit_txn;
	return 0;

exit_txn:
	vsb_txn_exit();
unregister_pernet:
	unregister_pernet_subsys(&vsb_net_ops);
exit_record:
	vsb_record_exit();
unregister_masquerade:
	nf_nat_masquerade_inet_unregister_notifiers();
	return err;
}

static void __exit vsb_exit(void)
{
	genl_unregister_family(&vsb_family);
	vsb_txn_exit();
	unregister_pernet_subsys(&vsb_net_ops);
	vsb_record_exit();
	nf_nat_masquerade_inet_unregister_notifiers();
	/* Backends are freed by RCU callbacks of ours. */
	rcu_barrier();
}

module_init(vsb_init);
module_exit(vsb_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Virtual-service balancer");
MODULE_VERSION(VSB_VERSION);
MODULE_ALIAS_GENL_FAMILY("vsb");
