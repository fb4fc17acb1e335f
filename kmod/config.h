/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_CONFIG_H
#define VSB_CONFIG_H

#include <linux/netfilter.h>
#include <linux/types.h>

#include <uapi/linux/vsb.h>

/** struct vsb_cidr - a range of addresses */
struct vsb_cidr {
	union nf_inet_addr addr;
	u16 family;
	u8 prefix_len;
};

/**
 * struct vsb_config - settings of a network namespace
 * @rcu: defers the free of settings that were replaced
 * @accounting: keep a record per connection
 * @masquerade_all: masquerade every connection
 * @finished_max: records that may be made between two passes of the sweeper,
 *	see record.c
 * @n_pod_cidrs: number of @pod_cidrs
 * @pod_cidrs: what counts as a pod's address
 */
struct vsb_config {
	struct rcu_head rcu;
	bool accounting;
	bool masquerade_all;
	u32 finished_max;
	u32 n_pod_cidrs;
	struct vsb_cidr pod_cidrs[VSB_CIDRS_MAX];
};

struct vsb_net;

struct vsb_config *vsb_config_of(const struct vsb_net *vnet);
struct vsb_config *vsb_config_create(const struct vsb_config *from);
bool vsb_config_is_pod(const struct vsb_config *config, u16 family,
		       const union nf_inet_addr *addr);

#endif /* VSB_CONFIG_H */
