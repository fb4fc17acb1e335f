// SPDX-License-Identifier: GPL-2.0
/* Settings of a network namespace, replaced as a whole. */

#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "config.h"
#include "net.h"

/**
 * vsb_config_of() - the settings in force, for configuration
 * @vnet: the network namespace
 *
 * Context: under vnet->lock.
 * Return: the settings.
 */
struct vsb_config *vsb_config_of(const struct vsb_net *vnet)
{
	return rcu_dereference_protected(vnet->config,
					 lockdep_is_held(&vnet->lock));
}

/**
 * vsb_config_create() - new settings
 * @from: settings to start from, or NULL for the defaults
 *
 * Return: settings that the caller publishes or frees, NULL without memory.
 */
struct vsb_config *vsb_config_create(const struct vsb_config *from)
{
	struct vsb_config *config;

	if (from)
		return kmemdup(from, sizeof(*from), GFP_KERNEL_ACCOUNT);
	config = kzalloc(sizeof(*config), GFP_KERNEL_ACCOUNT);
	if (!config)
		return NULL;
	config->accounting = true;
	config->finished_max = 4096;
	return config;
}

static bool cidr_has(const struct vsb_cidr *cidr, u16 family,
		     const union nf_inet_addr *addr)
{
	if (cidr->family != family)
		return false;
	if (family == AF_INET)
		return !((cidr->addr.ip ^ addr->ip) &
			 inet_make_mask(cidr->prefix_len));
	return ipv6_prefix_equal(&cidr->addr.in6, &addr->in6,
				 cidr->prefix_len);
}

/**
 * vsb_config_is_pod() - whether an address is a pod's
 * @config: the settings
 * @family: AF_INET or AF_INET6
 * @addr: the address
 *
 * Return: whether one of the pod ranges has it.
 */
bool vsb_config_is_pod(const struct vsb_config *config, u16 family,
		       const union nf_inet_addr *addr)
{
	u32 i;

	for (i = 0; i < config->n_pod_cidrs; i++)
		if (cidr_has(&config->pod_cidrs[i], family, addr))
			return true;
	return false;
}
