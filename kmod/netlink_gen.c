// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	include/netlink/vsb.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/vsb.h>

/* Integer value ranges */
static struct netlink_range_validation vsb_a_pool_affinity_timeout_range = {
	.max	= 2678400ULL,
};

static struct netlink_range_validation vsb_a_pool_table_size_range = {
	.min	= 3ULL,
	.max	= 131071ULL,
};

static struct netlink_range_validation vsb_a_backend_weight_range = {
	.max	= 65535ULL,
};

static struct netlink_range_validation vsb_a_config_finished_max_range = {
	.min	= 64ULL,
	.max	= 1048576ULL,
};

static struct netlink_range_validation vsb_a_config_affinity_max_range = {
	.min	= 64ULL,
	.max	= 4194304ULL,
};

static struct netlink_range_validation vsb_a_config_timeout_tcp_range = {
	.max	= 2147483ULL,
};

static struct netlink_range_validation vsb_a_config_timeout_tcp_fin_range = {
	.max	= 2147483ULL,
};

static struct netlink_range_validation vsb_a_config_timeout_udp_range = {
	.max	= 2147483ULL,
};

/* Common nested types */
const struct nla_policy vsb_backend_nl_policy[VSB_A_BACKEND_LOWER + 1] = {
	[VSB_A_BACKEND_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_BACKEND_PORT] = { .type = NLA_U16, },
	[VSB_A_BACKEND_WEIGHT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_backend_weight_range),
	[VSB_A_BACKEND_STATE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSB_A_BACKEND_SETS] = NLA_POLICY_MAX(NLA_U32, 255),
	[VSB_A_BACKEND_CONNECTIONS] = { .type = NLA_U32, },
	[VSB_A_BACKEND_STATS] = NLA_POLICY_NESTED(vsb_stats_nl_policy),
	[VSB_A_BACKEND_ACTIVE] = { .type = NLA_U32, },
	[VSB_A_BACKEND_UPPER] = { .type = NLA_U32, },
	[VSB_A_BACKEND_LOWER] = { .type = NLA_U32, },
};

const struct nla_policy vsb_cidr_nl_policy[VSB_A_CIDR_PREFIX_LEN + 1] = {
	[VSB_A_CIDR_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_CIDR_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
};

const struct nla_policy vsb_cidrs_nl_policy[VSB_A_CIDRS_CIDR + 1] = {
	[VSB_A_CIDRS_CIDR] = NLA_POLICY_NESTED(vsb_cidr_nl_policy),
};

const struct nla_policy vsb_devices_nl_policy[VSB_A_DEVICES_DEVICE + 1] = {
	[VSB_A_DEVICES_DEVICE] = { .type = NLA_STRING, .len = VSB_DEVICE_NAME_MAX, },
};

const struct nla_policy vsb_route_nl_policy[VSB_A_ROUTE_MASQUERADE + 1] = {
	[VSB_A_ROUTE_SOURCES] = NLA_POLICY_MASK(NLA_U32, 0x7),
	[VSB_A_ROUTE_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_ROUTE_SET] = NLA_POLICY_MAX(NLA_U32, 7),
	[VSB_A_ROUTE_MASQUERADE] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy vsb_stats_nl_policy[VSB_A_STATS_RATE_BYTES_OUT + 1] = {
	[VSB_A_STATS_CONNECTIONS] = { .type = NLA_U64, },
	[VSB_A_STATS_PACKETS_IN] = { .type = NLA_U64, },
	[VSB_A_STATS_PACKETS_OUT] = { .type = NLA_U64, },
	[VSB_A_STATS_BYTES_IN] = { .type = NLA_U64, },
	[VSB_A_STATS_BYTES_OUT] = { .type = NLA_U64, },
	[VSB_A_STATS_RATE_CONNECTIONS] = { .type = NLA_U64, },
	[VSB_A_STATS_RATE_PACKETS_IN] = { .type = NLA_U64, },
	[VSB_A_STATS_RATE_PACKETS_OUT] = { .type = NLA_U64, },
	[VSB_A_STATS_RATE_BYTES_IN] = { .type = NLA_U64, },
	[VSB_A_STATS_RATE_BYTES_OUT] = { .type = NLA_U64, },
};

/* VSB_CMD_POOL_NEW - do */
const struct nla_policy vsb_pool_new_nl_policy[VSB_A_POOL_TABLE_SIZE + 1] = {
	[VSB_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_POOL_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_POOL_FAMILY] = { .type = NLA_U16, },
	[VSB_A_POOL_SCHEDULER] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSB_A_POOL_AFFINITY_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_pool_affinity_timeout_range),
	[VSB_A_POOL_AFFINITY_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[VSB_A_POOL_SCHED_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[VSB_A_POOL_TABLE_SIZE] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_pool_table_size_range),
};

/* VSB_CMD_POOL_SET - do */
const struct nla_policy vsb_pool_set_nl_policy[VSB_A_POOL_TABLE_SIZE + 1] = {
	[VSB_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_POOL_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_POOL_SCHEDULER] = { .type = NLA_NUL_STRING, .len = 15, },
	[VSB_A_POOL_AFFINITY_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_pool_affinity_timeout_range),
	[VSB_A_POOL_AFFINITY_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[VSB_A_POOL_SCHED_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[VSB_A_POOL_TABLE_SIZE] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_pool_table_size_range),
};

/* VSB_CMD_POOL_DEL - do */
const struct nla_policy vsb_pool_del_nl_policy[VSB_A_POOL_OWNER + 1] = {
	[VSB_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_POOL_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_POOL_GET - dump */
const struct nla_policy vsb_pool_get_nl_policy[VSB_A_POOL_OWNER + 1] = {
	[VSB_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_POOL_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_POOL_ZERO - do */
const struct nla_policy vsb_pool_zero_nl_policy[VSB_A_POOL_OWNER + 1] = {
	[VSB_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_POOL_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_BACKEND_NEW - do */
const struct nla_policy vsb_backend_new_nl_policy[VSB_A_BACKENDS_BACKEND + 1] = {
	[VSB_A_BACKENDS_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_BACKENDS_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_BACKENDS_BACKEND] = NLA_POLICY_NESTED(vsb_backend_nl_policy),
};

/* VSB_CMD_BACKEND_SET - do */
const struct nla_policy vsb_backend_set_nl_policy[VSB_A_BACKENDS_BACKEND + 1] = {
	[VSB_A_BACKENDS_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_BACKENDS_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_BACKENDS_BACKEND] = NLA_POLICY_NESTED(vsb_backend_nl_policy),
};

/* VSB_CMD_BACKEND_DEL - do */
const struct nla_policy vsb_backend_del_nl_policy[VSB_A_BACKENDS_BACKEND + 1] = {
	[VSB_A_BACKENDS_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_BACKENDS_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_BACKENDS_BACKEND] = NLA_POLICY_NESTED(vsb_backend_nl_policy),
};

/* VSB_CMD_BACKEND_GET - dump */
const struct nla_policy vsb_backend_get_nl_policy[VSB_A_BACKENDS_OWNER + 1] = {
	[VSB_A_BACKENDS_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_BACKENDS_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_SERVICE_NEW - do */
const struct nla_policy vsb_service_new_nl_policy[VSB_A_SERVICE_FLAGS + 1] = {
	[VSB_A_SERVICE_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16, },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16, },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32, },
	[VSB_A_SERVICE_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_SERVICE_LABEL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_SERVICE_ROUTE] = NLA_POLICY_NESTED(vsb_route_nl_policy),
	[VSB_A_SERVICE_ELSEWHERE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSB_A_SERVICE_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
};

/* VSB_CMD_SERVICE_SET - do */
const struct nla_policy vsb_service_set_nl_policy[VSB_A_SERVICE_FLAGS + 1] = {
	[VSB_A_SERVICE_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16, },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16, },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32, },
	[VSB_A_SERVICE_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_SERVICE_LABEL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_SERVICE_ROUTE] = NLA_POLICY_NESTED(vsb_route_nl_policy),
	[VSB_A_SERVICE_ELSEWHERE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSB_A_SERVICE_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
};

/* VSB_CMD_SERVICE_DEL - do */
const struct nla_policy vsb_service_del_nl_policy[VSB_A_SERVICE_MARK + 1] = {
	[VSB_A_SERVICE_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16, },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16, },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32, },
	[VSB_A_SERVICE_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_SERVICE_GET - dump */
const struct nla_policy vsb_service_get_nl_policy[VSB_A_SERVICE_MARK + 1] = {
	[VSB_A_SERVICE_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16, },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16, },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32, },
	[VSB_A_SERVICE_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_SERVICE_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_SERVICE_ZERO - do */
const struct nla_policy vsb_service_zero_nl_policy[VSB_A_SERVICE_MARK + 1] = {
	[VSB_A_SERVICE_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16, },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16, },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32, },
	[VSB_A_SERVICE_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_RANGE_NEW - do */
const struct nla_policy vsb_range_new_nl_policy[VSB_A_SERVICE_RANGE + 1] = {
	[VSB_A_SERVICE_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16, },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16, },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32, },
	[VSB_A_SERVICE_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_SERVICE_RANGE] = NLA_POLICY_NESTED(vsb_cidr_nl_policy),
};

/* VSB_CMD_RANGE_DEL - do */
const struct nla_policy vsb_range_del_nl_policy[VSB_A_SERVICE_RANGE + 1] = {
	[VSB_A_SERVICE_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16, },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16, },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32, },
	[VSB_A_SERVICE_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_SERVICE_RANGE] = NLA_POLICY_NESTED(vsb_cidr_nl_policy),
};

/* VSB_CMD_RANGE_GET - dump */
const struct nla_policy vsb_range_get_nl_policy[VSB_A_SERVICE_MARK + 1] = {
	[VSB_A_SERVICE_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16, },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16, },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32, },
	[VSB_A_SERVICE_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_SERVICE_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_CONFIG_SET - do */
const struct nla_policy vsb_config_set_nl_policy[VSB_A_CONFIG_TIMEOUT_UDP + 1] = {
	[VSB_A_CONFIG_ACCOUNTING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSB_A_CONFIG_FINISHED_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_config_finished_max_range),
	[VSB_A_CONFIG_MASQUERADE_ALL] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSB_A_CONFIG_POD_CIDRS] = NLA_POLICY_NESTED(vsb_cidrs_nl_policy),
	[VSB_A_CONFIG_POD_DEVICES] = NLA_POLICY_NESTED(vsb_devices_nl_policy),
	[VSB_A_CONFIG_SERVICE_CIDRS] = NLA_POLICY_NESTED(vsb_cidrs_nl_policy),
	[VSB_A_CONFIG_NODE_PORT_CIDRS] = NLA_POLICY_NESTED(vsb_cidrs_nl_policy),
	[VSB_A_CONFIG_REJECT_RATE] = { .type = NLA_U32, },
	[VSB_A_CONFIG_MAX_POOLS] = { .type = NLA_U32, },
	[VSB_A_CONFIG_MAX_SERVICES] = { .type = NLA_U32, },
	[VSB_A_CONFIG_MAX_BACKENDS] = { .type = NLA_U32, },
	[VSB_A_CONFIG_AFFINITY_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_config_affinity_max_range),
	[VSB_A_CONFIG_TABLE_BYTES_MAX] = { .type = NLA_U32, },
	[VSB_A_CONFIG_TIMEOUT_TCP] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_config_timeout_tcp_range),
	[VSB_A_CONFIG_TIMEOUT_TCP_FIN] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_config_timeout_tcp_fin_range),
	[VSB_A_CONFIG_TIMEOUT_UDP] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsb_a_config_timeout_udp_range),
};

/* VSB_CMD_AFFINITY_SET - do */
const struct nla_policy vsb_affinity_set_nl_policy[VSB_A_AFFINITY_EXPIRES + 1] = {
	[VSB_A_AFFINITY_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_AFFINITY_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_AFFINITY_CLIENT] = { .type = NLA_BINARY, },
	[VSB_A_AFFINITY_ADDRESS] = { .type = NLA_BINARY, },
	[VSB_A_AFFINITY_PORT] = { .type = NLA_U16, },
	[VSB_A_AFFINITY_EXPIRES] = { .type = NLA_U32, },
};

/* VSB_CMD_AFFINITY_DEL - do */
const struct nla_policy vsb_affinity_del_nl_policy[VSB_A_AFFINITY_CLIENT + 1] = {
	[VSB_A_AFFINITY_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_AFFINITY_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_AFFINITY_CLIENT] = { .type = NLA_BINARY, },
};

/* VSB_CMD_AFFINITY_GET - dump */
const struct nla_policy vsb_affinity_get_nl_policy[VSB_A_AFFINITY_OWNER + 1] = {
	[VSB_A_AFFINITY_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_AFFINITY_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_TXN_COMMIT - do */
const struct nla_policy vsb_txn_commit_nl_policy[VSB_A_TXN_GENERATION + 1] = {
	[VSB_A_TXN_GENERATION] = { .type = NLA_U32, },
};

/* VSB_CMD_FLUSH - do */
const struct nla_policy vsb_flush_nl_policy[VSB_A_FLUSH_OWNER + 1] = {
	[VSB_A_FLUSH_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

/* VSB_CMD_EXPLAIN - do */
const struct nla_policy vsb_explain_nl_policy[VSB_A_EXPLAIN_MARK + 1] = {
	[VSB_A_EXPLAIN_FAMILY] = { .type = NLA_U16, },
	[VSB_A_EXPLAIN_PROTOCOL] = { .type = NLA_U8, },
	[VSB_A_EXPLAIN_SOURCE] = { .type = NLA_BINARY, },
	[VSB_A_EXPLAIN_SOURCE_PORT] = { .type = NLA_U16, },
	[VSB_A_EXPLAIN_DESTINATION] = { .type = NLA_BINARY, },
	[VSB_A_EXPLAIN_DESTINATION_PORT] = { .type = NLA_U16, },
	[VSB_A_EXPLAIN_IFINDEX] = { .type = NLA_U32, },
	[VSB_A_EXPLAIN_VRF] = { .type = NLA_U32, },
	[VSB_A_EXPLAIN_MARK] = { .type = NLA_U32, },
};

/* VSB_CMD_CONNECTION_GET - dump */
const struct nla_policy vsb_connection_get_nl_policy[VSB_A_CONNECTION_OWNER + 1] = {
	[VSB_A_CONNECTION_POOL] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
	[VSB_A_CONNECTION_OWNER] = { .type = NLA_NUL_STRING, .len = VSB_NAME_MAX, },
};

