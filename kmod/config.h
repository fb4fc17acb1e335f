/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_CONFIG_H
#define VSB_CONFIG_H

#include <linux/types.h>

#include <uapi/linux/vsb.h>

#include "cidr.h"

/* Settings that are ranges of addresses. */
enum {
	VSB_CIDRS_POD,
	VSB_CIDRS_SERVICE,
	VSB_CIDRS_NODE_PORT,
	VSB_CIDRS_SETTINGS,
};

/**
 * struct vsb_config - settings of a network namespace
 * @rcu: defers the free of settings that were replaced
 * @accounting: keep a record per connection
 * @masquerade_all: masquerade every connection to a cluster IP
 * @n_pod_devices: number of @pod_devices
 * @finished_max: records that may be made between two passes of the sweeper,
 *	see record.c
 * @reject_rate: rejections a second, 0 for any number
 * @max_pools: pools that there may be
 * @max_services: services that there may be
 * @max_backends: backends that there may be
 * @affinity_max: clients that the affinity table has room for
 * @table_bytes_max: memory that tables of sets may take
 * @timeout_tcp: of established TCP connections, in seconds, 0 for conntrack's
 * @timeout_tcp_fin: likewise of those that are closing
 * @timeout_udp: likewise of UDP flows
 * @cidrs: by VSB_CIDRS_*; NULL for an empty list
 * @pod_devices: names of devices that pods send by, or prefixes of names with
 *	an asterisk behind them
 */
struct vsb_config {
	struct rcu_head rcu;
	bool accounting;
	bool masquerade_all;
	u8 n_pod_devices;
	u32 finished_max;
	u32 reject_rate;
	u32 max_pools;
	u32 max_services;
	u32 max_backends;
	u32 affinity_max;
	u32 table_bytes_max;
	u32 timeout_tcp;
	u32 timeout_tcp_fin;
	u32 timeout_udp;
	struct vsb_cidrs *cidrs[VSB_CIDRS_SETTINGS];
	char pod_devices[VSB_POD_DEVICES_MAX][VSB_DEVICE_NAME_MAX + 1];
};

struct net_device;
struct vsb_net;

struct vsb_config *vsb_config_of(const struct vsb_net *vnet);
struct vsb_config *vsb_config_create(const struct vsb_net *vnet);
struct vsb_config *vsb_config_copy(const struct vsb_config *from);
bool vsb_config_equal(const struct vsb_config *a, const struct vsb_config *b);
void vsb_config_free(struct vsb_config *config);
void vsb_config_free_rcu(struct vsb_config *config);
bool vsb_config_is_pod_device(const struct vsb_config *config,
			      const struct net_device *dev);

#endif /* VSB_CONFIG_H */
