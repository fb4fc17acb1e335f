// SPDX-License-Identifier: GPL-2.0
/* Settings of a network namespace, replaced as a whole. */

#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

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

/* The whole of both families. */
static struct vsb_cidrs *everywhere(void)
{
	static const u16 families[] = { AF_INET, AF_INET6 };
	struct vsb_cidrs *cidrs = vsb_cidrs_create(ARRAY_SIZE(families));
	int i;

	for (i = 0; cidrs && i < ARRAY_SIZE(families); i++) {
		const struct vsb_cidr all = { .family = families[i] };

		vsb_cidrs_add(cidrs, &all);
	}
	if (cidrs)
		vsb_cidrs_finish(cidrs);
	return cidrs;
}

/**
 * vsb_config_create() - the settings that a network namespace begins with
 * @vnet: the network namespace
 *
 * Return: the settings, NULL without memory.
 */
struct vsb_config *vsb_config_create(const struct vsb_net *vnet)
{
	struct vsb_config *config = kzalloc(sizeof(*config),
					    GFP_KERNEL_ACCOUNT);

	if (!config)
		return NULL;
	config->accounting = true;
	config->finished_max = 4096;
	config->reject_rate = 10000;
	config->max_pools = vsb_limit(vnet, VSB_MAX_POOLS);
	config->max_services = vsb_limit(vnet, VSB_MAX_SERVICES);
	config->max_backends = vsb_limit(vnet, VSB_MAX_BACKENDS);
	config->affinity_max = 65536;
	config->table_bytes_max = vsb_limit(vnet, VSB_MAX_TABLE_BYTES);
	config->cidrs[VSB_CIDRS_NODE_PORT] = everywhere();
	if (config->cidrs[VSB_CIDRS_NODE_PORT])
		return config;
	kfree(config);
	return NULL;
}

/**
 * vsb_config_copy() - settings to edit
 * @from: settings to start from
 *
 * Return: settings that the caller publishes or frees, NULL without memory.
 */
struct vsb_config *vsb_config_copy(const struct vsb_config *from)
{
	struct vsb_config *config = kmemdup(from, sizeof(*from),
					    GFP_KERNEL_ACCOUNT);
	int i;

	if (!config)
		return NULL;
	for (i = 0; i < VSB_CIDRS_SETTINGS; i++)
		if (from->cidrs[i])
			config->cidrs[i] = vsb_cidrs_copy(from->cidrs[i]);
	for (i = 0; i < VSB_CIDRS_SETTINGS; i++)
		if (from->cidrs[i] && !config->cidrs[i])
			break;
	if (i == VSB_CIDRS_SETTINGS)
		return config;
	vsb_config_free(config);
	return NULL;
}

static bool devices_equal(const struct vsb_config *a,
			  const struct vsb_config *b)
{
	int i;

	if (a->n_pod_devices != b->n_pod_devices)
		return false;
	for (i = 0; i < a->n_pod_devices; i++)
		if (strcmp(a->pod_devices[i], b->pod_devices[i]))
			return false;
	return true;
}

/**
 * vsb_config_equal() - whether two settings say the same
 * @a: settings
 * @b: others
 *
 * Return: whether they do.
 */
bool vsb_config_equal(const struct vsb_config *a, const struct vsb_config *b)
{
	int i;

	for (i = 0; i < VSB_CIDRS_SETTINGS; i++)
		if (!vsb_cidrs_equal(a->cidrs[i], b->cidrs[i]))
			return false;
	return a->accounting == b->accounting &&
	       a->masquerade_all == b->masquerade_all &&
	       a->finished_max == b->finished_max &&
	       a->reject_rate == b->reject_rate &&
	       a->max_pools == b->max_pools &&
	       a->max_services == b->max_services &&
	       a->max_backends == b->max_backends &&
	       a->affinity_max == b->affinity_max &&
	       a->table_bytes_max == b->table_bytes_max &&
	       a->timeout_tcp == b->timeout_tcp &&
	       a->timeout_tcp_fin == b->timeout_tcp_fin &&
	       a->timeout_udp == b->timeout_udp &&
	       devices_equal(a, b);
}

/**
 * vsb_config_free() - free settings that no packet sees
 * @config: the settings, or NULL
 */
void vsb_config_free(struct vsb_config *config)
{
	int i;

	for (i = 0; config && i < VSB_CIDRS_SETTINGS; i++)
		kvfree(config->cidrs[i]);
	kfree(config);
}

/**
 * vsb_config_free_rcu() - free settings that were replaced
 * @config: the settings
 */
void vsb_config_free_rcu(struct vsb_config *config)
{
	int i;

	for (i = 0; i < VSB_CIDRS_SETTINGS; i++)
		kvfree_rcu(config->cidrs[i], rcu);
	kfree_rcu(config, rcu);
}

/**
 * vsb_config_is_pod_device() - whether pods, and only they, send by a device
 * @config: the settings
 * @dev: the device; one that is being renamed goes by either name
 *
 * Return: whether it is among the pods' devices.
 */
bool vsb_config_is_pod_device(const struct vsb_config *config,
			      const struct net_device *dev)
{
	int i;

	for (i = 0; i < config->n_pod_devices; i++) {
		const char *name = config->pod_devices[i];
		size_t len = strlen(name);

		if (name[len - 1] == '*' ?
		    !strncmp(dev->name, name, len - 1) :
		    !strcmp(dev->name, name))
			return true;
	}
	return false;
}
