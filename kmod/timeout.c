// SPDX-License-Identifier: GPL-2.0
/* Conntrack timeouts of our own connections, where the settings have any.
 *
 * A connection gets a timeout policy, as one that an iptables or nftables rule
 * names one for. It outlives settings, module and network namespace as long as
 * a connection has it, which takes a kernel that counts those who hold a
 * policy; on others the settings are refused.
 */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include <net/netfilter/nf_conntrack_timeout.h>

#include "config.h"
#include "net.h"
#include "timeout.h"

#if IS_ENABLED(CONFIG_NF_CONNTRACK_TIMEOUT) && defined(VSB_TIMEOUT_REFCNT)

bool vsb_timeout_supported(void)
{
	return true;
}

/* What is not set is as conntrack's own settings are now. */
static void update_tcp(struct vsb_net *vnet, const struct vsb_config *config)
{
	static const u8 closing[] = {
		TCP_CONNTRACK_FIN_WAIT, TCP_CONNTRACK_CLOSE_WAIT,
		TCP_CONNTRACK_LAST_ACK, TCP_CONNTRACK_TIME_WAIT,
	};
	unsigned int *timeouts = (unsigned int *)vnet->timeouts.tcp->data;
	const unsigned int *own = nf_tcp_pernet(vnet->net)->timeouts;
	unsigned int values[TCP_CONNTRACK_TIMEOUT_MAX];
	int i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		values[i] = READ_ONCE(own[i]);
	if (config->timeout_tcp)
		values[TCP_CONNTRACK_ESTABLISHED] = config->timeout_tcp * HZ;
	for (i = 0; config->timeout_tcp_fin && i < ARRAY_SIZE(closing); i++)
		values[closing[i]] = config->timeout_tcp_fin * HZ;
	for (i = 0; i < ARRAY_SIZE(values); i++)
		WRITE_ONCE(timeouts[i], values[i]);
}

static void update_udp(struct vsb_net *vnet, const struct vsb_config *config)
{
	unsigned int *timeouts = (unsigned int *)vnet->timeouts.udp->data;
	const unsigned int *own = nf_udp_pernet(vnet->net)->timeouts;
	int i;

	for (i = 0; i < UDP_CT_MAX; i++)
		WRITE_ONCE(timeouts[i], config->timeout_udp ?
			   config->timeout_udp * HZ : READ_ONCE(own[i]));
}

/**
 * vsb_timeout_update() - bring the policies up to date
 * @vnet: the network namespace
 * @config: its settings
 *
 * Context: under vnet->lock.
 */
void vsb_timeout_update(struct vsb_net *vnet, const struct vsb_config *config)
{
	lockdep_assert_held(&vnet->lock);
	update_tcp(vnet, config);
	update_udp(vnet, config);
}

/**
 * vsb_timeout_add() - give a new connection its timeouts
 * @vnet: the network namespace
 * @config: its settings
 * @ct: the conntrack, not confirmed yet. A policy that it has already stays.
 *
 * Context: any, under rcu_read_lock().
 */
void vsb_timeout_add(struct vsb_net *vnet, const struct vsb_config *config,
		     struct nf_conn *ct)
{
	const unsigned int *udp;

	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		if (config->timeout_tcp || config->timeout_tcp_fin)
			nf_ct_timeout_ext_add(ct, vnet->timeouts.tcp,
					      GFP_ATOMIC);
		break;
	case IPPROTO_UDP:
		/* What the first packet set is kept until the second one. */
		udp = (unsigned int *)vnet->timeouts.udp->data;
		if (config->timeout_udp &&
		    nf_ct_timeout_ext_add(ct, vnet->timeouts.udp, GFP_ATOMIC))
			WRITE_ONCE(ct->timeout,
				   READ_ONCE(udp[UDP_CT_UNREPLIED]));
		break;
	}
}

static struct nf_ct_timeout *timeout_create(unsigned int values)
{
	struct nf_ct_timeout *timeout;

	timeout = kzalloc(struct_size(timeout, data,
				      values * sizeof(unsigned int)),
			  GFP_KERNEL_ACCOUNT);
	if (timeout)
		refcount_set(&timeout->refcnt, 1);
	return timeout;
}

static void timeout_put(struct nf_ct_timeout *timeout)
{
	if (timeout && refcount_dec_and_test(&timeout->refcnt))
		kfree_rcu(timeout, rcu);
}

int vsb_timeout_net_init(struct vsb_net *vnet)
{
	vnet->timeouts.tcp = timeout_create(TCP_CONNTRACK_TIMEOUT_MAX);
	vnet->timeouts.udp = timeout_create(UDP_CT_MAX);
	if (vnet->timeouts.tcp && vnet->timeouts.udp)
		return 0;
	vsb_timeout_net_exit(vnet);
	return -ENOMEM;
}

/**
 * vsb_timeout_net_exit() - let go of the policies
 * @vnet: the network namespace, with no packet in our hooks. Connections that
 *	have a policy keep it.
 */
void vsb_timeout_net_exit(struct vsb_net *vnet)
{
	timeout_put(vnet->timeouts.tcp);
	timeout_put(vnet->timeouts.udp);
}

#else

bool vsb_timeout_supported(void)
{
	return false;
}

void vsb_timeout_update(struct vsb_net *vnet, const struct vsb_config *config)
{
}

void vsb_timeout_add(struct vsb_net *vnet, const struct vsb_config *config,
		     struct nf_conn *ct)
{
}

int vsb_timeout_net_init(struct vsb_net *vnet)
{
	return 0;
}

void vsb_timeout_net_exit(struct vsb_net *vnet)
{
}

#endif
