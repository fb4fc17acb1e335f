// SPDX-License-Identifier: GPL-2.0
/*
 * Owns the way from attributes to the structures of client.h. What the kernel
 * sends is checked as if it were anybody's: these return 0, -EBADMSG or
 * -ENOMEM. Strings point into the message.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "internal.h"

/* With its NUL, which libnl looks for. */
#define STRING { .type = NLA_STRING, .minlen = 1 }

static struct nla_policy stats_policy[VSB_A_STATS_MAX + 1] = {
	[VSB_A_STATS_CONNECTIONS] = { .type = NLA_U64 },
	[VSB_A_STATS_PACKETS_IN] = { .type = NLA_U64 },
	[VSB_A_STATS_PACKETS_OUT] = { .type = NLA_U64 },
	[VSB_A_STATS_BYTES_IN] = { .type = NLA_U64 },
	[VSB_A_STATS_BYTES_OUT] = { .type = NLA_U64 },
	[VSB_A_STATS_RATE_CONNECTIONS] = { .type = NLA_U64 },
	[VSB_A_STATS_RATE_PACKETS_IN] = { .type = NLA_U64 },
	[VSB_A_STATS_RATE_PACKETS_OUT] = { .type = NLA_U64 },
	[VSB_A_STATS_RATE_BYTES_IN] = { .type = NLA_U64 },
	[VSB_A_STATS_RATE_BYTES_OUT] = { .type = NLA_U64 },
};

static struct nla_policy pool_policy[VSB_A_POOL_MAX + 1] = {
	[VSB_A_POOL_NAME] = STRING,
	[VSB_A_POOL_OWNER] = STRING,
	[VSB_A_POOL_FAMILY] = { .type = NLA_U16 },
	[VSB_A_POOL_SCHEDULER] = STRING,
	[VSB_A_POOL_BACKENDS] = { .type = NLA_U32 },
	[VSB_A_POOL_USERS] = { .type = NLA_U32 },
	[VSB_A_POOL_AFFINITY_TIMEOUT] = { .type = NLA_U32 },
	[VSB_A_POOL_AFFINITY_PREFIX_LEN] = { .type = NLA_U32 },
	[VSB_A_POOL_STATS] = { .type = NLA_NESTED },
	[VSB_A_POOL_SCHED_FLAGS] = { .type = NLA_U32 },
	[VSB_A_POOL_TABLE_SIZE] = { .type = NLA_U32 },
};

static struct nla_policy backend_policy[VSB_A_BACKEND_MAX + 1] = {
	[VSB_A_BACKEND_PORT] = { .type = NLA_U16 },
	[VSB_A_BACKEND_WEIGHT] = { .type = NLA_U32 },
	[VSB_A_BACKEND_STATE] = { .type = NLA_U32 },
	[VSB_A_BACKEND_SETS] = { .type = NLA_U32 },
	[VSB_A_BACKEND_CONNECTIONS] = { .type = NLA_U32 },
	[VSB_A_BACKEND_STATS] = { .type = NLA_NESTED },
	[VSB_A_BACKEND_ACTIVE] = { .type = NLA_U32 },
	[VSB_A_BACKEND_UPPER] = { .type = NLA_U32 },
	[VSB_A_BACKEND_LOWER] = { .type = NLA_U32 },
};

static struct nla_policy backends_policy[VSB_A_BACKENDS_MAX + 1] = {
	[VSB_A_BACKENDS_POOL] = STRING,
	[VSB_A_BACKENDS_OWNER] = STRING,
	[VSB_A_BACKENDS_BACKEND] = { .type = NLA_NESTED },
};

static struct nla_policy route_policy[VSB_A_ROUTE_MAX + 1] = {
	[VSB_A_ROUTE_SOURCES] = { .type = NLA_U32 },
	[VSB_A_ROUTE_POOL] = STRING,
	[VSB_A_ROUTE_SET] = { .type = NLA_U32 },
	[VSB_A_ROUTE_MASQUERADE] = { .type = NLA_U8 },
};

static struct nla_policy service_policy[VSB_A_SERVICE_MAX + 1] = {
	[VSB_A_SERVICE_FAMILY] = { .type = NLA_U16 },
	[VSB_A_SERVICE_PROTOCOL] = { .type = NLA_U8 },
	[VSB_A_SERVICE_PORT] = { .type = NLA_U16 },
	[VSB_A_SERVICE_OWNER] = STRING,
	[VSB_A_SERVICE_LABEL] = STRING,
	[VSB_A_SERVICE_ROUTE] = { .type = NLA_NESTED },
	[VSB_A_SERVICE_ELSEWHERE] = { .type = NLA_U32 },
	[VSB_A_SERVICE_STATS] = { .type = NLA_NESTED },
	[VSB_A_SERVICE_KIND] = { .type = NLA_U32 },
	[VSB_A_SERVICE_MARK] = { .type = NLA_U32 },
	[VSB_A_SERVICE_FLAGS] = { .type = NLA_U32 },
	[VSB_A_SERVICE_RANGE] = { .type = NLA_NESTED },
	[VSB_A_SERVICE_RANGES] = { .type = NLA_U32 },
};

static struct nla_policy cidr_policy[VSB_A_CIDR_MAX + 1] = {
	[VSB_A_CIDR_PREFIX_LEN] = { .type = NLA_U32 },
};

static struct nla_policy config_policy[VSB_A_CONFIG_MAX + 1] = {
	[VSB_A_CONFIG_ACCOUNTING] = { .type = NLA_U8 },
	[VSB_A_CONFIG_FINISHED_MAX] = { .type = NLA_U32 },
	[VSB_A_CONFIG_MASQUERADE_ALL] = { .type = NLA_U8 },
	[VSB_A_CONFIG_POD_CIDRS] = { .type = NLA_NESTED },
	[VSB_A_CONFIG_POD_DEVICES] = { .type = NLA_NESTED },
	[VSB_A_CONFIG_SERVICE_CIDRS] = { .type = NLA_NESTED },
	[VSB_A_CONFIG_NODE_PORT_CIDRS] = { .type = NLA_NESTED },
	[VSB_A_CONFIG_REJECT_RATE] = { .type = NLA_U32 },
	[VSB_A_CONFIG_MAX_POOLS] = { .type = NLA_U32 },
	[VSB_A_CONFIG_MAX_SERVICES] = { .type = NLA_U32 },
	[VSB_A_CONFIG_MAX_BACKENDS] = { .type = NLA_U32 },
	[VSB_A_CONFIG_AFFINITY_MAX] = { .type = NLA_U32 },
	[VSB_A_CONFIG_TABLE_BYTES_MAX] = { .type = NLA_U32 },
	[VSB_A_CONFIG_TIMEOUT_TCP] = { .type = NLA_U32 },
	[VSB_A_CONFIG_TIMEOUT_TCP_FIN] = { .type = NLA_U32 },
	[VSB_A_CONFIG_TIMEOUT_UDP] = { .type = NLA_U32 },
};

static struct nla_policy affinity_policy[VSB_A_AFFINITY_MAX + 1] = {
	[VSB_A_AFFINITY_POOL] = STRING,
	[VSB_A_AFFINITY_OWNER] = STRING,
	[VSB_A_AFFINITY_PORT] = { .type = NLA_U16 },
	[VSB_A_AFFINITY_EXPIRES] = { .type = NLA_U32 },
};

static struct nla_policy connection_policy[VSB_A_CONNECTION_MAX + 1] = {
	[VSB_A_CONNECTION_FAMILY] = { .type = NLA_U16 },
	[VSB_A_CONNECTION_PROTOCOL] = { .type = NLA_U8 },
	[VSB_A_CONNECTION_SOURCE_PORT] = { .type = NLA_U16 },
	[VSB_A_CONNECTION_DESTINATION_PORT] = { .type = NLA_U16 },
	[VSB_A_CONNECTION_PORT] = { .type = NLA_U16 },
	[VSB_A_CONNECTION_POOL] = STRING,
	[VSB_A_CONNECTION_OWNER] = STRING,
	[VSB_A_CONNECTION_STATE] = { .type = NLA_U8 },
	[VSB_A_CONNECTION_EXPIRES] = { .type = NLA_U32 },
	[VSB_A_CONNECTION_MASQUERADE] = { .type = NLA_U8 },
	[VSB_A_CONNECTION_REPLIED] = { .type = NLA_U8 },
};

static struct nla_policy info_policy[VSB_A_INFO_MAX + 1] = {
	[VSB_A_INFO_VERSION] = STRING,
	[VSB_A_INFO_GENERATION] = { .type = NLA_U32 },
	[VSB_A_INFO_SCHEDULER] = STRING,
	[VSB_A_INFO_POOLS] = { .type = NLA_U32 },
	[VSB_A_INFO_SERVICES] = { .type = NLA_U32 },
	[VSB_A_INFO_BACKENDS] = { .type = NLA_U32 },
	[VSB_A_INFO_CONNECTIONS] = { .type = NLA_U32 },
	[VSB_A_INFO_RECORDS] = { .type = NLA_U32 },
	[VSB_A_INFO_TRANSACTIONS] = { .type = NLA_U32 },
	[VSB_A_INFO_REJECTED] = { .type = NLA_U64 },
	[VSB_A_INFO_DROPPED] = { .type = NLA_U64 },
	[VSB_A_INFO_NOT_SYN] = { .type = NLA_U64 },
	[VSB_A_INFO_NO_BACKEND] = { .type = NLA_U64 },
	[VSB_A_INFO_ELSEWHERE] = { .type = NLA_U64 },
	[VSB_A_INFO_NOT_ALLOWED] = { .type = NLA_U64 },
	[VSB_A_INFO_UNSERVED] = { .type = NLA_U64 },
	[VSB_A_INFO_UNALLOCATED] = { .type = NLA_U64 },
	[VSB_A_INFO_FULL] = { .type = NLA_U64 },
	[VSB_A_INFO_REJECT_LIMITED] = { .type = NLA_U64 },
	[VSB_A_INFO_FAILED] = { .type = NLA_U64 },
	[VSB_A_INFO_UNRECORDED] = { .type = NLA_U64 },
	[VSB_A_INFO_RETIRED] = { .type = NLA_NESTED },
	[VSB_A_INFO_RANGES] = { .type = NLA_U32 },
	[VSB_A_INFO_AFFINITY_ENTRIES] = { .type = NLA_U32 },
	[VSB_A_INFO_AFFINITY_HITS] = { .type = NLA_U64 },
	[VSB_A_INFO_AFFINITY_EVICTIONS] = { .type = NLA_U64 },
	[VSB_A_INFO_MAX_POOLS] = { .type = NLA_U32 },
	[VSB_A_INFO_MAX_SERVICES] = { .type = NLA_U32 },
	[VSB_A_INFO_MAX_BACKENDS] = { .type = NLA_U32 },
	[VSB_A_INFO_TABLE_BYTES] = { .type = NLA_U32 },
};

static struct nla_policy txn_policy[VSB_A_TXN_MAX + 1] = {
	[VSB_A_TXN_GENERATION] = { .type = NLA_U32 },
};

static struct nla_policy ref_policy[VSB_A_SERVICE_REF_MAX + 1] = {
	[VSB_A_SERVICE_REF_KIND] = { .type = NLA_U32 },
	[VSB_A_SERVICE_REF_MARK] = { .type = NLA_U32 },
	[VSB_A_SERVICE_REF_PORT] = { .type = NLA_U16 },
	[VSB_A_SERVICE_REF_OWNER] = STRING,
	[VSB_A_SERVICE_REF_LABEL] = STRING,
};

static struct nla_policy explain_policy[VSB_A_EXPLAIN_MAX + 1] = {
	[VSB_A_EXPLAIN_VERDICT] = { .type = NLA_U32 },
	[VSB_A_EXPLAIN_REASON] = { .type = NLA_U32 },
	[VSB_A_EXPLAIN_SOURCE_KIND] = { .type = NLA_U32 },
	[VSB_A_EXPLAIN_SERVICE] = { .type = NLA_NESTED },
	[VSB_A_EXPLAIN_POOL] = STRING,
	[VSB_A_EXPLAIN_SET] = { .type = NLA_U32 },
	[VSB_A_EXPLAIN_SCHEDULER] = STRING,
	[VSB_A_EXPLAIN_MASQUERADE] = { .type = NLA_U8 },
	[VSB_A_EXPLAIN_CANDIDATES] = { .type = NLA_U32 },
	[VSB_A_EXPLAIN_BACKEND] = { .type = NLA_NESTED },
	[VSB_A_EXPLAIN_AFFINITY] = { .type = NLA_NESTED },
	[VSB_A_EXPLAIN_CHOICE] = { .type = NLA_NESTED },
};

static int parse(const struct nlmsghdr *nlh, struct nlattr **tb, int max,
		 struct nla_policy *policy)
{
	return genlmsg_parse((struct nlmsghdr *)nlh, 0, tb, max, policy) < 0 ?
		-EBADMSG : 0;
}

static int parse_nested(struct nlattr *attr, struct nlattr **tb, int max,
			struct nla_policy *policy)
{
	return nla_parse_nested(tb, max, attr, policy) < 0 ? -EBADMSG : 0;
}

/* For attributes that come many times, which parsing keeps the last of. */
#define for_each_attr(attr, nlh, left)					\
	for ((attr) = genlmsg_attrdata(nlmsg_data(nlh), 0),		\
	     (left) = genlmsg_attrlen(nlmsg_data(nlh), 0);		\
	     nla_ok((attr), (left));					\
	     (attr) = nla_next((attr), &(left)))

static const char *string(struct nlattr *attr)
{
	return attr ? nla_get_string(attr) : NULL;
}

/* The kernel tells of a label that is not there as an empty one. */
static const char *label(struct nlattr *attr)
{
	const char *text = string(attr);

	return text && *text ? text : NULL;
}

static uint8_t u8(struct nlattr *attr)
{
	return attr ? nla_get_u8(attr) : 0;
}

static uint16_t u16(struct nlattr *attr)
{
	return attr ? nla_get_u16(attr) : 0;
}

static uint16_t port(struct nlattr *attr)
{
	return ntohs(u16(attr));
}

static uint32_t u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static uint64_t u64(struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

/* The length of an address says its family. */
static int decode_addr(struct nlattr *attr, union vsb_addr *addr,
		       uint16_t *family)
{
	size_t len = attr ? nla_len(attr) : 0;

	if (len != sizeof(addr->in4) && len != sizeof(addr->in6))
		return -EBADMSG;

	memcpy(addr, nla_data(attr), len);
	*family = len == sizeof(addr->in4) ? AF_INET : AF_INET6;

	return 0;
}

static int decode_stats(struct nlattr *attr, struct vsb_stats *stats)
{
	struct nlattr *tb[VSB_A_STATS_MAX + 1];

	if (parse_nested(attr, tb, VSB_A_STATS_MAX, stats_policy))
		return -EBADMSG;

	stats->connections = u64(tb[VSB_A_STATS_CONNECTIONS]);
	stats->packets_in = u64(tb[VSB_A_STATS_PACKETS_IN]);
	stats->packets_out = u64(tb[VSB_A_STATS_PACKETS_OUT]);
	stats->bytes_in = u64(tb[VSB_A_STATS_BYTES_IN]);
	stats->bytes_out = u64(tb[VSB_A_STATS_BYTES_OUT]);
	stats->rate_connections = u64(tb[VSB_A_STATS_RATE_CONNECTIONS]);
	stats->rate_packets_in = u64(tb[VSB_A_STATS_RATE_PACKETS_IN]);
	stats->rate_packets_out = u64(tb[VSB_A_STATS_RATE_PACKETS_OUT]);
	stats->rate_bytes_in = u64(tb[VSB_A_STATS_RATE_BYTES_IN]);
	stats->rate_bytes_out = u64(tb[VSB_A_STATS_RATE_BYTES_OUT]);

	return 0;
}

int vsb_decode_pool(const struct nlmsghdr *nlh, struct vsb_pool *pool)
{
	struct nlattr *tb[VSB_A_POOL_MAX + 1];

	if (parse(nlh, tb, VSB_A_POOL_MAX, pool_policy) || !tb[VSB_A_POOL_NAME])
		return -EBADMSG;

	*pool = (struct vsb_pool){
		.name = string(tb[VSB_A_POOL_NAME]),
		.owner = string(tb[VSB_A_POOL_OWNER]),
		.scheduler = string(tb[VSB_A_POOL_SCHEDULER]),
		.family = u16(tb[VSB_A_POOL_FAMILY]),
		.backends = u32(tb[VSB_A_POOL_BACKENDS]),
		.users = u32(tb[VSB_A_POOL_USERS]),
		.given = VSB_POOL_AFFINITY_TIMEOUT |
			 VSB_POOL_AFFINITY_PREFIX_LEN |
			 VSB_POOL_SCHED_FLAGS | VSB_POOL_TABLE_SIZE,
		.sched_flags = u32(tb[VSB_A_POOL_SCHED_FLAGS]),
		.table_size = u32(tb[VSB_A_POOL_TABLE_SIZE]),
		.affinity_timeout = u32(tb[VSB_A_POOL_AFFINITY_TIMEOUT]),
		.affinity_prefix_len = u32(tb[VSB_A_POOL_AFFINITY_PREFIX_LEN]),
	};
	if (!tb[VSB_A_POOL_STATS])
		return 0;

	pool->given |= VSB_POOL_STATS;

	return decode_stats(tb[VSB_A_POOL_STATS], &pool->stats);
}

static int decode_backend(struct nlattr *attr, struct vsb_backend *backend,
			  uint16_t *family)
{
	struct nlattr *tb[VSB_A_BACKEND_MAX + 1];

	if (parse_nested(attr, tb, VSB_A_BACKEND_MAX, backend_policy))
		return -EBADMSG;

	*backend = (struct vsb_backend){
		.port = port(tb[VSB_A_BACKEND_PORT]),
		.given = VSB_BACKEND_WEIGHT | VSB_BACKEND_STATE |
			 VSB_BACKEND_SETS | VSB_BACKEND_UPPER |
			 VSB_BACKEND_LOWER,
		.weight = u32(tb[VSB_A_BACKEND_WEIGHT]),
		.state = u32(tb[VSB_A_BACKEND_STATE]),
		.sets = u32(tb[VSB_A_BACKEND_SETS]),
		.upper = u32(tb[VSB_A_BACKEND_UPPER]),
		.lower = u32(tb[VSB_A_BACKEND_LOWER]),
		.connections = u32(tb[VSB_A_BACKEND_CONNECTIONS]),
		.active = u32(tb[VSB_A_BACKEND_ACTIVE]),
	};
	if (decode_addr(tb[VSB_A_BACKEND_ADDRESS], &backend->addr, family))
		return -EBADMSG;
	if (!tb[VSB_A_BACKEND_STATS])
		return 0;

	backend->given |= VSB_BACKEND_STATS;

	return decode_stats(tb[VSB_A_BACKEND_STATS], &backend->stats);
}

int vsb_decode_backend(const struct nlmsghdr *nlh, struct vsb_pool *pool,
		       struct vsb_backend *backend)
{
	struct nlattr *tb[VSB_A_BACKENDS_MAX + 1];

	if (parse(nlh, tb, VSB_A_BACKENDS_MAX, backends_policy) ||
	    !tb[VSB_A_BACKENDS_POOL] || !tb[VSB_A_BACKENDS_BACKEND])
		return -EBADMSG;

	*pool = (struct vsb_pool){
		.name = string(tb[VSB_A_BACKENDS_POOL]),
		.owner = string(tb[VSB_A_BACKENDS_OWNER]),
	};

	return decode_backend(tb[VSB_A_BACKENDS_BACKEND], backend,
			      &pool->family);
}

static bool same_way(const struct vsb_route *a, const struct vsb_route *b)
{
	return a->set == b->set && a->masquerade == b->masquerade &&
	       !strcmp(a->pool, b->pool);
}

/* Kinds of source that are routed alike share an entry. */
static int add_route(struct vsb_service *service, struct nlattr *attr)
{
	struct nlattr *tb[VSB_A_ROUTE_MAX + 1];
	struct vsb_route route;
	unsigned int i;

	if (parse_nested(attr, tb, VSB_A_ROUTE_MAX, route_policy) ||
	    !tb[VSB_A_ROUTE_POOL])
		return -EBADMSG;

	route = (struct vsb_route){
		.sources = u32(tb[VSB_A_ROUTE_SOURCES]),
		.pool = string(tb[VSB_A_ROUTE_POOL]),
		.set = u32(tb[VSB_A_ROUTE_SET]),
		.masquerade = u8(tb[VSB_A_ROUTE_MASQUERADE]),
	};
	for (i = 0; i < service->n_routes; i++) {
		if (same_way(&service->routes[i], &route)) {
			service->routes[i].sources |= route.sources;
			return 0;
		}
	}
	if (i == sizeof(service->routes) / sizeof(service->routes[0]))
		return -EBADMSG;
	service->routes[service->n_routes++] = route;

	return 0;
}

static int add_routes(struct vsb_service *service, const struct nlmsghdr *nlh)
{
	struct nlattr *attr;
	int left, err;

	for_each_attr(attr, nlh, left) {
		if (nla_type(attr) != VSB_A_SERVICE_ROUTE)
			continue;
		err = add_route(service, attr);
		if (err)
			return err;
	}

	return 0;
}

/* Whose address is in the key the length of that says the family. */
static int decode_key(struct nlattr **tb, struct vsb_service *service)
{
	service->kind = u32(tb[VSB_A_SERVICE_KIND]);
	service->family = u16(tb[VSB_A_SERVICE_FAMILY]);
	service->protocol = u8(tb[VSB_A_SERVICE_PROTOCOL]);
	service->port = port(tb[VSB_A_SERVICE_PORT]);
	service->mark = u32(tb[VSB_A_SERVICE_MARK]);
	service->owner = string(tb[VSB_A_SERVICE_OWNER]);
	if (service->kind == VSB_KIND_VIP)
		return decode_addr(tb[VSB_A_SERVICE_ADDRESS], &service->addr,
				   &service->family);

	return service->kind <= VSB_KIND_MARK &&
	       vsb_addr_len(service->family) ? 0 : -EBADMSG;
}

int vsb_decode_service(const struct nlmsghdr *nlh, struct vsb_service *service)
{
	struct nlattr *tb[VSB_A_SERVICE_MAX + 1];

	if (parse(nlh, tb, VSB_A_SERVICE_MAX, service_policy))
		return -EBADMSG;

	*service = (struct vsb_service){
		.label = label(tb[VSB_A_SERVICE_LABEL]),
		.elsewhere = u32(tb[VSB_A_SERVICE_ELSEWHERE]),
		.flags = u32(tb[VSB_A_SERVICE_FLAGS]),
		.ranges = u32(tb[VSB_A_SERVICE_RANGES]),
		.given = VSB_SERVICE_ELSEWHERE | VSB_SERVICE_FLAGS,
	};
	if (decode_key(tb, service) || add_routes(service, nlh))
		return -EBADMSG;
	if (!tb[VSB_A_SERVICE_STATS])
		return 0;

	service->given |= VSB_SERVICE_STATS;

	return decode_stats(tb[VSB_A_SERVICE_STATS], &service->stats);
}

static int decode_cidr(struct nlattr *attr, struct vsb_cidr *cidr)
{
	struct nlattr *tb[VSB_A_CIDR_MAX + 1];

	if (parse_nested(attr, tb, VSB_A_CIDR_MAX, cidr_policy))
		return -EBADMSG;
	cidr->prefix_len = u32(tb[VSB_A_CIDR_PREFIX_LEN]);

	return decode_addr(tb[VSB_A_CIDR_ADDRESS], &cidr->addr, &cidr->family);
}

int vsb_decode_range(const struct nlmsghdr *nlh, struct vsb_service *service,
		     struct vsb_cidr *cidr)
{
	struct nlattr *tb[VSB_A_SERVICE_MAX + 1];

	if (parse(nlh, tb, VSB_A_SERVICE_MAX, service_policy) ||
	    !tb[VSB_A_SERVICE_RANGE])
		return -EBADMSG;

	*service = (struct vsb_service){ .kind = 0 };
	if (decode_key(tb, service))
		return -EBADMSG;

	return decode_cidr(tb[VSB_A_SERVICE_RANGE], cidr);
}

int vsb_decode_affinity(const struct nlmsghdr *nlh,
			struct vsb_affinity *affinity)
{
	struct nlattr *tb[VSB_A_AFFINITY_MAX + 1];
	uint16_t family;

	if (parse(nlh, tb, VSB_A_AFFINITY_MAX, affinity_policy) ||
	    !tb[VSB_A_AFFINITY_POOL])
		return -EBADMSG;

	*affinity = (struct vsb_affinity){
		.pool = string(tb[VSB_A_AFFINITY_POOL]),
		.owner = string(tb[VSB_A_AFFINITY_OWNER]),
		.port = port(tb[VSB_A_AFFINITY_PORT]),
		.given = VSB_AFFINITY_EXPIRES,
		.expires = u32(tb[VSB_A_AFFINITY_EXPIRES]),
	};
	if (decode_addr(tb[VSB_A_AFFINITY_CLIENT], &affinity->client,
			&affinity->family) ||
	    decode_addr(tb[VSB_A_AFFINITY_ADDRESS], &affinity->addr, &family))
		return -EBADMSG;

	return family == affinity->family ? 0 : -EBADMSG;
}

static int decode_ends(struct nlattr **tb, struct vsb_connection *connection)
{
	const struct {
		struct nlattr *attr;
		union vsb_addr *addr;
	} ends[] = {
		{ tb[VSB_A_CONNECTION_SOURCE], &connection->source },
		{ tb[VSB_A_CONNECTION_DESTINATION], &connection->destination },
		{ tb[VSB_A_CONNECTION_ADDRESS], &connection->addr },
	};
	uint16_t family;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (decode_addr(ends[i].attr, ends[i].addr, &family) ||
		    family != connection->family)
			return -EBADMSG;

	return 0;
}

int vsb_decode_connection(const struct nlmsghdr *nlh,
			  struct vsb_connection *connection)
{
	struct nlattr *tb[VSB_A_CONNECTION_MAX + 1];

	if (parse(nlh, tb, VSB_A_CONNECTION_MAX, connection_policy) ||
	    !tb[VSB_A_CONNECTION_POOL] || !tb[VSB_A_CONNECTION_OWNER] ||
	    !tb[VSB_A_CONNECTION_FAMILY])
		return -EBADMSG;

	*connection = (struct vsb_connection){
		.pool = string(tb[VSB_A_CONNECTION_POOL]),
		.owner = string(tb[VSB_A_CONNECTION_OWNER]),
		.family = nla_get_u16(tb[VSB_A_CONNECTION_FAMILY]),
		.protocol = u8(tb[VSB_A_CONNECTION_PROTOCOL]),
		.source_port = port(tb[VSB_A_CONNECTION_SOURCE_PORT]),
		.destination_port = port(tb[VSB_A_CONNECTION_DESTINATION_PORT]),
		.port = port(tb[VSB_A_CONNECTION_PORT]),
		.state = u8(tb[VSB_A_CONNECTION_STATE]),
		.expires = u32(tb[VSB_A_CONNECTION_EXPIRES]),
		.masquerade = u8(tb[VSB_A_CONNECTION_MASQUERADE]),
		.replied = u8(tb[VSB_A_CONNECTION_REPLIED]),
	};

	return decode_ends(tb, connection);
}

static int decode_cidrs(struct nlattr *nest, struct vsb_cidr_list *list)
{
	struct nlattr *attr;
	int left;

	if (!nest)
		return 0;

	nla_for_each_nested(attr, nest, left) {
		if (nla_type(attr) != VSB_A_CIDRS_CIDR)
			continue;
		if (list->n == VSB_CIDRS_MAX ||
		    decode_cidr(attr, &list->cidrs[list->n++]))
			return -EBADMSG;
	}

	return 0;
}

static int decode_devices(struct nlattr *nest, struct vsb_config *config)
{
	struct nlattr *attr;
	int left;

	if (!nest)
		return 0;

	nla_for_each_nested(attr, nest, left) {
		if (nla_type(attr) != VSB_A_DEVICES_DEVICE)
			continue;
		if (config->n_pod_devices == VSB_POD_DEVICES_MAX)
			return -EBADMSG;
		nla_strlcpy(config->pod_devices[config->n_pod_devices++], attr,
			    sizeof(config->pod_devices[0]));
	}

	return 0;
}

int vsb_decode_config(const struct nlmsghdr *nlh, struct vsb_config *config)
{
	struct nlattr *tb[VSB_A_CONFIG_MAX + 1];

	if (parse(nlh, tb, VSB_A_CONFIG_MAX, config_policy))
		return -EBADMSG;

	*config = (struct vsb_config){
		.given = VSB_CONFIG_ALL,
		.accounting = u8(tb[VSB_A_CONFIG_ACCOUNTING]),
		.finished_max = u32(tb[VSB_A_CONFIG_FINISHED_MAX]),
		.masquerade_all = u8(tb[VSB_A_CONFIG_MASQUERADE_ALL]),
		.reject_rate = u32(tb[VSB_A_CONFIG_REJECT_RATE]),
		.max_pools = u32(tb[VSB_A_CONFIG_MAX_POOLS]),
		.max_services = u32(tb[VSB_A_CONFIG_MAX_SERVICES]),
		.max_backends = u32(tb[VSB_A_CONFIG_MAX_BACKENDS]),
		.affinity_max = u32(tb[VSB_A_CONFIG_AFFINITY_MAX]),
		.table_bytes_max = u32(tb[VSB_A_CONFIG_TABLE_BYTES_MAX]),
		.timeout_tcp = u32(tb[VSB_A_CONFIG_TIMEOUT_TCP]),
		.timeout_tcp_fin = u32(tb[VSB_A_CONFIG_TIMEOUT_TCP_FIN]),
		.timeout_udp = u32(tb[VSB_A_CONFIG_TIMEOUT_UDP]),
	};
	if (decode_cidrs(tb[VSB_A_CONFIG_POD_CIDRS], &config->pod_cidrs) ||
	    decode_cidrs(tb[VSB_A_CONFIG_SERVICE_CIDRS],
			 &config->service_cidrs) ||
	    decode_cidrs(tb[VSB_A_CONFIG_NODE_PORT_CIDRS],
			 &config->node_port_cidrs))
		return -EBADMSG;

	return decode_devices(tb[VSB_A_CONFIG_POD_DEVICES], config);
}

static void add_scheduler(struct vsb_info *info, const char *name)
{
	size_t len = strlen(info->schedulers);

	snprintf(info->schedulers + len, sizeof(info->schedulers) - len,
		 "%s%s", len ? " " : "", name);
}

static void add_schedulers(struct vsb_info *info, const struct nlmsghdr *nlh)
{
	struct nlattr *attr;
	int left;

	for_each_attr(attr, nlh, left)
		if (nla_type(attr) == VSB_A_INFO_SCHEDULER)
			add_scheduler(info, nla_get_string(attr));
}

int vsb_decode_info(const struct nlmsghdr *nlh, struct vsb_info *info)
{
	struct nlattr *tb[VSB_A_INFO_MAX + 1];

	if (parse(nlh, tb, VSB_A_INFO_MAX, info_policy))
		return -EBADMSG;

	*info = (struct vsb_info){
		.generation = u32(tb[VSB_A_INFO_GENERATION]),
		.pools = u32(tb[VSB_A_INFO_POOLS]),
		.services = u32(tb[VSB_A_INFO_SERVICES]),
		.backends = u32(tb[VSB_A_INFO_BACKENDS]),
		.connections = u32(tb[VSB_A_INFO_CONNECTIONS]),
		.records = u32(tb[VSB_A_INFO_RECORDS]),
		.transactions = u32(tb[VSB_A_INFO_TRANSACTIONS]),
		.rejected = u64(tb[VSB_A_INFO_REJECTED]),
		.dropped = u64(tb[VSB_A_INFO_DROPPED]),
		.not_syn = u64(tb[VSB_A_INFO_NOT_SYN]),
		.no_backend = u64(tb[VSB_A_INFO_NO_BACKEND]),
		.elsewhere = u64(tb[VSB_A_INFO_ELSEWHERE]),
		.not_allowed = u64(tb[VSB_A_INFO_NOT_ALLOWED]),
		.unserved = u64(tb[VSB_A_INFO_UNSERVED]),
		.unallocated = u64(tb[VSB_A_INFO_UNALLOCATED]),
		.full = u64(tb[VSB_A_INFO_FULL]),
		.reject_limited = u64(tb[VSB_A_INFO_REJECT_LIMITED]),
		.failed = u64(tb[VSB_A_INFO_FAILED]),
		.unrecorded = u64(tb[VSB_A_INFO_UNRECORDED]),
		.ranges = u32(tb[VSB_A_INFO_RANGES]),
		.affinity_entries = u32(tb[VSB_A_INFO_AFFINITY_ENTRIES]),
		.affinity_hits = u64(tb[VSB_A_INFO_AFFINITY_HITS]),
		.affinity_evictions = u64(tb[VSB_A_INFO_AFFINITY_EVICTIONS]),
		.max_pools = u32(tb[VSB_A_INFO_MAX_POOLS]),
		.max_services = u32(tb[VSB_A_INFO_MAX_SERVICES]),
		.max_backends = u32(tb[VSB_A_INFO_MAX_BACKENDS]),
		.table_bytes = u32(tb[VSB_A_INFO_TABLE_BYTES]),
	};
	if (tb[VSB_A_INFO_VERSION])
		snprintf(info->version, sizeof(info->version), "%s",
			 string(tb[VSB_A_INFO_VERSION]));
	add_schedulers(info, nlh);

	return tb[VSB_A_INFO_RETIRED] ?
		decode_stats(tb[VSB_A_INFO_RETIRED], &info->retired) : 0;
}

int vsb_decode_generation(const struct nlmsghdr *nlh, uint32_t *generation)
{
	struct nlattr *tb[VSB_A_TXN_MAX + 1];

	if (parse(nlh, tb, VSB_A_TXN_MAX, txn_policy))
		return -EBADMSG;
	*generation = u32(tb[VSB_A_TXN_GENERATION]);

	return 0;
}

static int find_u32(const struct nlmsghdr *nlh, int type, uint32_t *value)
{
	struct nlattr *attr = nla_find(genlmsg_attrdata(nlmsg_data(nlh), 0),
				       genlmsg_attrlen(nlmsg_data(nlh), 0),
				       type);

	if (!attr || nla_len(attr) != sizeof(*value))
		return -EBADMSG;
	*value = nla_get_u32(attr);

	return 0;
}

int vsb_decode_event(const struct nlmsghdr *nlh, struct vsb_event *event)
{
	static const struct {
		int change, generation;
	} types[VSB_CMD_MAX + 1] = {
		[VSB_CMD_POOL_NTF] = { VSB_A_POOL_CHANGE,
				       VSB_A_POOL_GENERATION },
		[VSB_CMD_BACKEND_NTF] = { VSB_A_BACKENDS_CHANGE,
					  VSB_A_BACKENDS_GENERATION },
		[VSB_CMD_SERVICE_NTF] = { VSB_A_SERVICE_CHANGE,
					  VSB_A_SERVICE_GENERATION },
		[VSB_CMD_CONFIG_NTF] = { VSB_A_CONFIG_CHANGE,
					 VSB_A_CONFIG_GENERATION },
	};
	uint8_t command = ((struct genlmsghdr *)nlmsg_data(nlh))->cmd;

	if (find_u32(nlh, types[command].change, &event->change) ||
	    event->change > VSB_CHANGE_DEL)
		return -EBADMSG;

	return find_u32(nlh, types[command].generation, &event->generation);
}

static int decode_ref(struct nlattr *attr, struct vsb_answer *answer)
{
	struct nlattr *tb[VSB_A_SERVICE_REF_MAX + 1];
	uint16_t family;

	if (parse_nested(attr, tb, VSB_A_SERVICE_REF_MAX, ref_policy))
		return -EBADMSG;

	answer->service = true;
	answer->kind = u32(tb[VSB_A_SERVICE_REF_KIND]);
	answer->mark = u32(tb[VSB_A_SERVICE_REF_MARK]);
	answer->port = port(tb[VSB_A_SERVICE_REF_PORT]);
	answer->owner = string(tb[VSB_A_SERVICE_REF_OWNER]);
	answer->label = label(tb[VSB_A_SERVICE_REF_LABEL]);
	if (answer->kind != VSB_KIND_VIP)
		return answer->kind <= VSB_KIND_MARK ? 0 : -EBADMSG;

	return decode_addr(tb[VSB_A_SERVICE_REF_ADDRESS], &answer->addr,
			   &family);
}

static int decode_picked(struct nlattr *attr, bool *has,
			 struct vsb_backend *backend)
{
	uint16_t family;

	*has = attr;

	return attr ? decode_backend(attr, backend, &family) : 0;
}

static int add_candidates(struct vsb_answer *answer,
			  const struct nlmsghdr *nlh)
{
	struct nlattr *attr;
	uint16_t family;
	size_t n = 0;
	int left;

	for_each_attr(attr, nlh, left)
		n += nla_type(attr) == VSB_A_EXPLAIN_BACKEND;

	answer->backends = calloc(n ? n : 1, sizeof(*answer->backends));
	if (!answer->backends)
		return -ENOMEM;

	for_each_attr(attr, nlh, left) {
		if (nla_type(attr) != VSB_A_EXPLAIN_BACKEND)
			continue;
		if (decode_backend(attr,
				   &answer->backends[answer->n_backends++],
				   &family))
			return -EBADMSG;
	}

	return 0;
}

static int fill_answer(struct vsb_answer *answer, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[VSB_A_EXPLAIN_MAX + 1];

	if (parse(nlh, tb, VSB_A_EXPLAIN_MAX, explain_policy))
		return -EBADMSG;

	answer->verdict = u32(tb[VSB_A_EXPLAIN_VERDICT]);
	answer->reason = u32(tb[VSB_A_EXPLAIN_REASON]);
	answer->source = u32(tb[VSB_A_EXPLAIN_SOURCE_KIND]);
	answer->pool = string(tb[VSB_A_EXPLAIN_POOL]);
	answer->scheduler = string(tb[VSB_A_EXPLAIN_SCHEDULER]);
	answer->set = u32(tb[VSB_A_EXPLAIN_SET]);
	answer->masquerade = u8(tb[VSB_A_EXPLAIN_MASQUERADE]);
	answer->candidates = u32(tb[VSB_A_EXPLAIN_CANDIDATES]);
	if (tb[VSB_A_EXPLAIN_SERVICE] &&
	    decode_ref(tb[VSB_A_EXPLAIN_SERVICE], answer))
		return -EBADMSG;
	if (decode_picked(tb[VSB_A_EXPLAIN_AFFINITY], &answer->has_affinity,
			  &answer->affinity) ||
	    decode_picked(tb[VSB_A_EXPLAIN_CHOICE], &answer->has_choice,
			  &answer->choice))
		return -EBADMSG;

	return add_candidates(answer, nlh);
}

int vsb_decode_answer(const struct nlmsghdr *nlh, struct vsb_answer **answer)
{
	struct nlmsghdr *copy;
	int err;

	/* The answer's strings point into a copy of the message behind it. */
	*answer = calloc(1, sizeof(**answer) + nlh->nlmsg_len);
	if (!*answer)
		return -ENOMEM;
	copy = memcpy(*answer + 1, nlh, nlh->nlmsg_len);

	err = fill_answer(*answer, copy);
	if (err) {
		vsb_answer_free(*answer);
		*answer = NULL;
	}

	return err;
}

void vsb_answer_free(struct vsb_answer *answer)
{
	if (!answer)
		return;
	free(answer->backends);
	free(answer);
}
