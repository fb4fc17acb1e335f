/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	include/netlink/vsb.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VSB_GEN_H
#define _LINUX_VSB_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vsb.h>

extern const struct nla_policy vsb_backend_nl_policy[VSB_A_BACKEND_LOWER + 1];
extern const struct nla_policy vsb_cidr_nl_policy[VSB_A_CIDR_PREFIX_LEN + 1];
extern const struct nla_policy vsb_cidrs_nl_policy[VSB_A_CIDRS_CIDR + 1];
extern const struct nla_policy vsb_devices_nl_policy[VSB_A_DEVICES_DEVICE + 1];
extern const struct nla_policy vsb_route_nl_policy[VSB_A_ROUTE_MASQUERADE + 1];
extern const struct nla_policy vsb_stats_nl_policy[VSB_A_STATS_RATE_BYTES_OUT + 1];
extern const struct nla_policy vsb_pool_new_nl_policy[VSB_A_POOL_TABLE_SIZE + 1];
extern const struct nla_policy vsb_pool_set_nl_policy[VSB_A_POOL_TABLE_SIZE + 1];
extern const struct nla_policy vsb_pool_del_nl_policy[VSB_A_POOL_OWNER + 1];
extern const struct nla_policy vsb_pool_get_nl_policy[VSB_A_POOL_OWNER + 1];
extern const struct nla_policy vsb_pool_zero_nl_policy[VSB_A_POOL_OWNER + 1];
extern const struct nla_policy vsb_backend_new_nl_policy[VSB_A_BACKENDS_BACKEND + 1];
extern const struct nla_policy vsb_backend_set_nl_policy[VSB_A_BACKENDS_BACKEND + 1];
extern const struct nla_policy vsb_backend_del_nl_policy[VSB_A_BACKENDS_BACKEND + 1];
extern const struct nla_policy vsb_backend_get_nl_policy[VSB_A_BACKENDS_OWNER + 1];
extern const struct nla_policy vsb_service_new_nl_policy[VSB_A_SERVICE_FLAGS + 1];
extern const struct nla_policy vsb_service_set_nl_policy[VSB_A_SERVICE_FLAGS + 1];
extern const struct nla_policy vsb_service_del_nl_policy[VSB_A_SERVICE_MARK + 1];
extern const struct nla_policy vsb_service_get_nl_policy[VSB_A_SERVICE_MARK + 1];
extern const struct nla_policy vsb_service_zero_nl_policy[VSB_A_SERVICE_MARK + 1];
extern const struct nla_policy vsb_range_new_nl_policy[VSB_A_SERVICE_RANGE + 1];
extern const struct nla_policy vsb_range_del_nl_policy[VSB_A_SERVICE_RANGE + 1];
extern const struct nla_policy vsb_range_get_nl_policy[VSB_A_SERVICE_MARK + 1];
extern const struct nla_policy vsb_config_set_nl_policy[VSB_A_CONFIG_TIMEOUT_UDP + 1];
extern const struct nla_policy vsb_affinity_set_nl_policy[VSB_A_AFFINITY_EXPIRES + 1];
extern const struct nla_policy vsb_affinity_del_nl_policy[VSB_A_AFFINITY_CLIENT + 1];
extern const struct nla_policy vsb_affinity_get_nl_policy[VSB_A_AFFINITY_OWNER + 1];
extern const struct nla_policy vsb_txn_commit_nl_policy[VSB_A_TXN_GENERATION + 1];
extern const struct nla_policy vsb_flush_nl_policy[VSB_A_FLUSH_OWNER + 1];
extern const struct nla_policy vsb_explain_nl_policy[VSB_A_EXPLAIN_MARK + 1];
extern const struct nla_policy vsb_connection_get_nl_policy[VSB_A_CONNECTION_OWNER + 1];

#endif /* _LINUX_VSB_GEN_H */
