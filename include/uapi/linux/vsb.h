/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	include/netlink/vsb.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_VSB_H
#define _UAPI_LINUX_VSB_H

#define VSB_FAMILY_NAME		"vsb"
#define VSB_FAMILY_VERSION	1

#define VSB_NAME_MAX			255
#define VSB_SETS_MAX			8
#define VSB_WEIGHT_MAX			65535
#define VSB_POOL_BACKENDS_MAX		65536
#define VSB_CIDRS_MAX			64
#define VSB_POD_DEVICES_MAX		8
#define VSB_DEVICE_NAME_MAX		15
#define VSB_RANGES_MAX			65536
#define VSB_AFFINITY_TIMEOUT_MAX	2678400
#define VSB_EXPLAIN_BACKENDS_MAX	256

/**
 * enum vsb_state - What a backend may be given.
 * @VSB_STATE_UP: new connections, by its weight
 * @VSB_STATE_DRAINING: no new connections; those it has go on
 */
enum vsb_state {
	VSB_STATE_UP,
	VSB_STATE_DRAINING,
};

/**
 * enum vsb_source - Where a packet comes from.
 * @VSB_SOURCE_POD: the source address is in one of the pod ranges (see config)
 * @VSB_SOURCE_NODE: the source address is one of this node's own
 * @VSB_SOURCE_OUTSIDE: neither
 */
enum vsb_source {
	VSB_SOURCE_POD = 1,
	VSB_SOURCE_NODE = 2,
	VSB_SOURCE_OUTSIDE = 4,
};

/**
 * enum vsb_kind - What a service is told by.
 * @VSB_KIND_VIP: family, protocol, virtual address and port
 * @VSB_KIND_NODE_PORT: family, protocol and port, at those of this node's own
 *   addresses that the setting node-port-cidrs covers, never at loopback
 * @VSB_KIND_MARK: family and firewall mark, over any of the protocols; looked
 *   for before all others
 */
enum vsb_kind {
	VSB_KIND_VIP,
	VSB_KIND_NODE_PORT,
	VSB_KIND_MARK,
};

/**
 * enum vsb_flag - What else there is to a service.
 * @VSB_FLAG_CLUSTER_IP: its address is nobody else's: what has no service
 *   there, over any protocol, is rejected, unless the address is assigned to
 *   this node; and masquerade-all is for its connections
 * @VSB_FLAG_RESTRICTED: only sources in its ranges have it; others are dropped
 */
enum vsb_flag {
	VSB_FLAG_CLUSTER_IP = 1,
	VSB_FLAG_RESTRICTED = 2,
};

/**
 * enum vsb_sched_flag - How a scheduler that hashes does it; sh and mh have
 *   these.
 * @VSB_SCHED_FLAG_FALLBACK: where the backend that is chosen is full, another
 *   is; else the connection is rejected
 * @VSB_SCHED_FLAG_PORT: the source port counts beside the source address
 */
enum vsb_sched_flag {
	VSB_SCHED_FLAG_FALLBACK = 1,
	VSB_SCHED_FLAG_PORT = 2,
};

/**
 * enum vsb_action - What happens to a connection that gets no backend.
 * @VSB_ACTION_REJECT: TCP reset, or ICMP port unreachable
 */
enum vsb_action {
	VSB_ACTION_DROP,
	VSB_ACTION_REJECT,
};

/**
 * enum vsb_verdict
 * @VSB_VERDICT_NONE: not ours, the packet goes on untouched
 * @VSB_VERDICT_DNAT: translated to one of the candidates
 */
enum vsb_verdict {
	VSB_VERDICT_NONE,
	VSB_VERDICT_DNAT,
	VSB_VERDICT_REJECT,
	VSB_VERDICT_DROP,
};

/**
 * enum vsb_reason - Which rule made the verdict.
 * @VSB_REASON_NO_SERVICE: neither a service nor a service range has this
 *   destination
 * @VSB_REASON_CANDIDATES: the chosen set has backends that are up and have
 *   weight
 * @VSB_REASON_NO_BACKEND: no set of the pool has a usable backend
 * @VSB_REASON_ELSEWHERE: other sets of the pool have backends, the chosen one
 *   has none
 * @VSB_REASON_NOT_SYN: the first packet of a TCP connection is not a SYN
 * @VSB_REASON_NOT_ALLOWED: none of the service's source ranges has the source
 * @VSB_REASON_UNSERVED: a cluster IP that has no service of this protocol and
 *   port
 * @VSB_REASON_UNALLOCATED: an address of a service range that no cluster IP
 *   has
 * @VSB_REASON_FULL: the backends that the scheduler may choose all have as
 *   many connections as they may
 */
enum vsb_reason {
	VSB_REASON_NO_SERVICE,
	VSB_REASON_CANDIDATES,
	VSB_REASON_NO_BACKEND,
	VSB_REASON_ELSEWHERE,
	VSB_REASON_NOT_SYN,
	VSB_REASON_NOT_ALLOWED,
	VSB_REASON_UNSERVED,
	VSB_REASON_UNALLOCATED,
	VSB_REASON_FULL,
};

/**
 * enum vsb_change - What a notification tells of.
 */
enum vsb_change {
	VSB_CHANGE_NEW,
	VSB_CHANGE_SET,
	VSB_CHANGE_DEL,
};

enum {
	VSB_A_STATS_PAD = 1,
	VSB_A_STATS_CONNECTIONS,
	VSB_A_STATS_PACKETS_IN,
	VSB_A_STATS_PACKETS_OUT,
	VSB_A_STATS_BYTES_IN,
	VSB_A_STATS_BYTES_OUT,

	__VSB_A_STATS_MAX
};
#define VSB_A_STATS_MAX (__VSB_A_STATS_MAX - 1)

enum {
	VSB_A_INFO_VERSION = 1,
	VSB_A_INFO_GENERATION,
	VSB_A_INFO_SCHEDULER,
	VSB_A_INFO_POOLS,
	VSB_A_INFO_SERVICES,
	VSB_A_INFO_BACKENDS,
	VSB_A_INFO_CONNECTIONS,
	VSB_A_INFO_RECORDS,
	VSB_A_INFO_TRANSACTIONS,
	VSB_A_INFO_PAD,
	VSB_A_INFO_REJECTED,
	VSB_A_INFO_DROPPED,
	VSB_A_INFO_NOT_SYN,
	VSB_A_INFO_NO_BACKEND,
	VSB_A_INFO_ELSEWHERE,
	VSB_A_INFO_NOT_ALLOWED,
	VSB_A_INFO_UNSERVED,
	VSB_A_INFO_UNALLOCATED,
	VSB_A_INFO_REJECT_LIMITED,
	VSB_A_INFO_FAILED,
	VSB_A_INFO_UNRECORDED,
	VSB_A_INFO_RETIRED,
	VSB_A_INFO_RANGES,
	VSB_A_INFO_AFFINITY_ENTRIES,
	VSB_A_INFO_AFFINITY_HITS,
	VSB_A_INFO_AFFINITY_EVICTIONS,
	VSB_A_INFO_MAX_POOLS,
	VSB_A_INFO_MAX_SERVICES,
	VSB_A_INFO_MAX_BACKENDS,
	VSB_A_INFO_FULL,
	VSB_A_INFO_TABLE_BYTES,

	__VSB_A_INFO_MAX
};
#define VSB_A_INFO_MAX (__VSB_A_INFO_MAX - 1)

enum {
	VSB_A_POOL_NAME = 1,
	VSB_A_POOL_OWNER,
	VSB_A_POOL_FAMILY,
	VSB_A_POOL_SCHEDULER,
	VSB_A_POOL_BACKENDS,
	VSB_A_POOL_USERS,
	VSB_A_POOL_AFFINITY_TIMEOUT,
	VSB_A_POOL_AFFINITY_PREFIX_LEN,
	VSB_A_POOL_STATS,
	VSB_A_POOL_CHANGE,
	VSB_A_POOL_GENERATION,
	VSB_A_POOL_SCHED_FLAGS,
	VSB_A_POOL_TABLE_SIZE,

	__VSB_A_POOL_MAX
};
#define VSB_A_POOL_MAX (__VSB_A_POOL_MAX - 1)

enum {
	VSB_A_BACKEND_ADDRESS = 1,
	VSB_A_BACKEND_PORT,
	VSB_A_BACKEND_WEIGHT,
	VSB_A_BACKEND_STATE,
	VSB_A_BACKEND_SETS,
	VSB_A_BACKEND_CONNECTIONS,
	VSB_A_BACKEND_STATS,
	VSB_A_BACKEND_ACTIVE,
	VSB_A_BACKEND_UPPER,
	VSB_A_BACKEND_LOWER,

	__VSB_A_BACKEND_MAX
};
#define VSB_A_BACKEND_MAX (__VSB_A_BACKEND_MAX - 1)

enum {
	VSB_A_BACKENDS_POOL = 1,
	VSB_A_BACKENDS_OWNER,
	VSB_A_BACKENDS_BACKEND,
	VSB_A_BACKENDS_CHANGE,
	VSB_A_BACKENDS_GENERATION,

	__VSB_A_BACKENDS_MAX
};
#define VSB_A_BACKENDS_MAX (__VSB_A_BACKENDS_MAX - 1)

enum {
	VSB_A_ROUTE_SOURCES = 1,
	VSB_A_ROUTE_POOL,
	VSB_A_ROUTE_SET,
	VSB_A_ROUTE_MASQUERADE,

	__VSB_A_ROUTE_MAX
};
#define VSB_A_ROUTE_MAX (__VSB_A_ROUTE_MAX - 1)

enum {
	VSB_A_SERVICE_FAMILY = 1,
	VSB_A_SERVICE_PROTOCOL,
	VSB_A_SERVICE_ADDRESS,
	VSB_A_SERVICE_PORT,
	VSB_A_SERVICE_OWNER,
	VSB_A_SERVICE_LABEL,
	VSB_A_SERVICE_ROUTE,
	VSB_A_SERVICE_ELSEWHERE,
	VSB_A_SERVICE_STATS,
	VSB_A_SERVICE_POOL,
	VSB_A_SERVICE_CHANGE,
	VSB_A_SERVICE_GENERATION,
	VSB_A_SERVICE_KIND,
	VSB_A_SERVICE_MARK,
	VSB_A_SERVICE_FLAGS,
	VSB_A_SERVICE_RANGE,
	VSB_A_SERVICE_RANGES,

	__VSB_A_SERVICE_MAX
};
#define VSB_A_SERVICE_MAX (__VSB_A_SERVICE_MAX - 1)

enum {
	VSB_A_CIDR_ADDRESS = 1,
	VSB_A_CIDR_PREFIX_LEN,

	__VSB_A_CIDR_MAX
};
#define VSB_A_CIDR_MAX (__VSB_A_CIDR_MAX - 1)

enum {
	VSB_A_CONFIG_ACCOUNTING = 1,
	VSB_A_CONFIG_FINISHED_MAX,
	VSB_A_CONFIG_MASQUERADE_ALL,
	VSB_A_CONFIG_POD_CIDRS,
	VSB_A_CONFIG_CHANGE,
	VSB_A_CONFIG_GENERATION,
	VSB_A_CONFIG_POD_DEVICES,
	VSB_A_CONFIG_SERVICE_CIDRS,
	VSB_A_CONFIG_NODE_PORT_CIDRS,
	VSB_A_CONFIG_REJECT_RATE,
	VSB_A_CONFIG_MAX_POOLS,
	VSB_A_CONFIG_MAX_SERVICES,
	VSB_A_CONFIG_MAX_BACKENDS,
	VSB_A_CONFIG_AFFINITY_MAX,
	VSB_A_CONFIG_TABLE_BYTES_MAX,

	__VSB_A_CONFIG_MAX
};
#define VSB_A_CONFIG_MAX (__VSB_A_CONFIG_MAX - 1)

enum {
	VSB_A_DEVICES_DEVICE = 1,

	__VSB_A_DEVICES_MAX
};
#define VSB_A_DEVICES_MAX (__VSB_A_DEVICES_MAX - 1)

enum {
	VSB_A_AFFINITY_POOL = 1,
	VSB_A_AFFINITY_OWNER,
	VSB_A_AFFINITY_CLIENT,
	VSB_A_AFFINITY_ADDRESS,
	VSB_A_AFFINITY_PORT,
	VSB_A_AFFINITY_EXPIRES,

	__VSB_A_AFFINITY_MAX
};
#define VSB_A_AFFINITY_MAX (__VSB_A_AFFINITY_MAX - 1)

enum {
	VSB_A_CIDRS_CIDR = 1,

	__VSB_A_CIDRS_MAX
};
#define VSB_A_CIDRS_MAX (__VSB_A_CIDRS_MAX - 1)

enum {
	VSB_A_TXN_GENERATION = 1,

	__VSB_A_TXN_MAX
};
#define VSB_A_TXN_MAX (__VSB_A_TXN_MAX - 1)

enum {
	VSB_A_FLUSH_OWNER = 1,

	__VSB_A_FLUSH_MAX
};
#define VSB_A_FLUSH_MAX (__VSB_A_FLUSH_MAX - 1)

enum {
	VSB_A_SERVICE_REF_KIND = 1,
	VSB_A_SERVICE_REF_MARK,
	VSB_A_SERVICE_REF_ADDRESS,
	VSB_A_SERVICE_REF_PORT,
	VSB_A_SERVICE_REF_OWNER,
	VSB_A_SERVICE_REF_LABEL,

	__VSB_A_SERVICE_REF_MAX
};
#define VSB_A_SERVICE_REF_MAX (__VSB_A_SERVICE_REF_MAX - 1)

enum {
	VSB_A_EXPLAIN_FAMILY = 1,
	VSB_A_EXPLAIN_PROTOCOL,
	VSB_A_EXPLAIN_SOURCE,
	VSB_A_EXPLAIN_SOURCE_PORT,
	VSB_A_EXPLAIN_DESTINATION,
	VSB_A_EXPLAIN_DESTINATION_PORT,
	VSB_A_EXPLAIN_IFINDEX,
	VSB_A_EXPLAIN_VRF,
	VSB_A_EXPLAIN_MARK,
	VSB_A_EXPLAIN_VERDICT,
	VSB_A_EXPLAIN_REASON,
	VSB_A_EXPLAIN_SOURCE_KIND,
	VSB_A_EXPLAIN_SERVICE,
	VSB_A_EXPLAIN_POOL,
	VSB_A_EXPLAIN_SET,
	VSB_A_EXPLAIN_SCHEDULER,
	VSB_A_EXPLAIN_MASQUERADE,
	VSB_A_EXPLAIN_CANDIDATES,
	VSB_A_EXPLAIN_BACKEND,
	VSB_A_EXPLAIN_AFFINITY,

	__VSB_A_EXPLAIN_MAX
};
#define VSB_A_EXPLAIN_MAX (__VSB_A_EXPLAIN_MAX - 1)

enum {
	VSB_CMD_INFO_GET = 1,
	VSB_CMD_POOL_NEW,
	VSB_CMD_POOL_SET,
	VSB_CMD_POOL_DEL,
	VSB_CMD_POOL_GET,
	VSB_CMD_POOL_ZERO,
	VSB_CMD_BACKEND_NEW,
	VSB_CMD_BACKEND_SET,
	VSB_CMD_BACKEND_DEL,
	VSB_CMD_BACKEND_GET,
	VSB_CMD_SERVICE_NEW,
	VSB_CMD_SERVICE_SET,
	VSB_CMD_SERVICE_DEL,
	VSB_CMD_SERVICE_GET,
	VSB_CMD_SERVICE_ZERO,
	VSB_CMD_RANGE_NEW,
	VSB_CMD_RANGE_DEL,
	VSB_CMD_RANGE_GET,
	VSB_CMD_CONFIG_SET,
	VSB_CMD_AFFINITY_SET,
	VSB_CMD_AFFINITY_DEL,
	VSB_CMD_AFFINITY_GET,
	VSB_CMD_CONFIG_GET,
	VSB_CMD_TXN_BEGIN,
	VSB_CMD_TXN_COMMIT,
	VSB_CMD_TXN_ABORT,
	VSB_CMD_FLUSH,
	VSB_CMD_EXPLAIN,
	VSB_CMD_POOL_NTF,
	VSB_CMD_BACKEND_NTF,
	VSB_CMD_SERVICE_NTF,
	VSB_CMD_CONFIG_NTF,

	__VSB_CMD_MAX
};
#define VSB_CMD_MAX (__VSB_CMD_MAX - 1)

#define VSB_MCGRP_CHANGES	"changes"

#endif /* _UAPI_LINUX_VSB_H */
