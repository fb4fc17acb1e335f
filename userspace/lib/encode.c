// SPDX-License-Identifier: GPL-2.0
/*
 * Owns the way from the structures of client.h to attributes. These return 0,
 * or a negative number where the message has no room.
 */
#include <arpa/inet.h>

#include "internal.h"

/* What is put is either known to fit or checked: the first failure stays. */
#define PUT(err, call) ((err) = (err) ? (err) : (call))

int vsb_encode_string(struct nl_msg *msg, int type, const char *value)
{
	return value ? nla_put_string(msg, type, value) : 0;
}

static int put_addr(struct nl_msg *msg, int type, uint16_t family,
		    const union vsb_addr *addr)
{
	return nla_put(msg, type, vsb_addr_len(family), addr);
}

static int put_port(struct nl_msg *msg, int type, uint16_t port)
{
	return nla_put_u16(msg, type, htons(port));
}

static struct nlattr *nest(struct nl_msg *msg, int type)
{
	return nla_nest_start(msg, NLA_F_NESTED | type);
}

static int put_pool_settings(struct nl_msg *msg, const struct vsb_pool *pool)
{
	int err = 0;

	PUT(err, vsb_encode_string(msg, VSB_A_POOL_SCHEDULER, pool->scheduler));
	if (pool->given & VSB_POOL_SCHED_FLAGS)
		PUT(err, nla_put_u32(msg, VSB_A_POOL_SCHED_FLAGS,
				     pool->sched_flags));
	if (pool->given & VSB_POOL_TABLE_SIZE)
		PUT(err, nla_put_u32(msg, VSB_A_POOL_TABLE_SIZE,
				     pool->table_size));
	if (pool->given & VSB_POOL_AFFINITY_TIMEOUT)
		PUT(err, nla_put_u32(msg, VSB_A_POOL_AFFINITY_TIMEOUT,
				     pool->affinity_timeout));
	if (pool->given & VSB_POOL_AFFINITY_PREFIX_LEN)
		PUT(err, nla_put_u32(msg, VSB_A_POOL_AFFINITY_PREFIX_LEN,
				     pool->affinity_prefix_len));

	return err;
}

int vsb_encode_pool(struct nl_msg *msg, const struct vsb_pool *pool,
		    uint8_t command)
{
	int err = 0;

	PUT(err, vsb_encode_string(msg, VSB_A_POOL_NAME, pool->name));
	PUT(err, vsb_encode_string(msg, VSB_A_POOL_OWNER, pool->owner));
	if (command == VSB_CMD_POOL_NEW)
		PUT(err, nla_put_u16(msg, VSB_A_POOL_FAMILY, pool->family));
	if (command == VSB_CMD_POOL_NEW || command == VSB_CMD_POOL_SET)
		PUT(err, put_pool_settings(msg, pool));

	return err;
}

static int put_backend(struct nl_msg *msg, uint16_t family,
		       const struct vsb_backend *backend, bool key_only)
{
	uint32_t given = key_only ? 0 : backend->given;
	struct nlattr *attr = nest(msg, VSB_A_BACKENDS_BACKEND);
	int err = attr ? 0 : -1;

	PUT(err, put_addr(msg, VSB_A_BACKEND_ADDRESS, family, &backend->addr));
	PUT(err, put_port(msg, VSB_A_BACKEND_PORT, backend->port));
	if (given & VSB_BACKEND_WEIGHT)
		PUT(err, nla_put_u32(msg, VSB_A_BACKEND_WEIGHT,
				     backend->weight));
	if (given & VSB_BACKEND_STATE)
		PUT(err, nla_put_u32(msg, VSB_A_BACKEND_STATE, backend->state));
	if (given & VSB_BACKEND_SETS)
		PUT(err, nla_put_u32(msg, VSB_A_BACKEND_SETS, backend->sets));
	if (given & VSB_BACKEND_UPPER)
		PUT(err, nla_put_u32(msg, VSB_A_BACKEND_UPPER, backend->upper));
	if (given & VSB_BACKEND_LOWER)
		PUT(err, nla_put_u32(msg, VSB_A_BACKEND_LOWER, backend->lower));
	if (!err)
		nla_nest_end(msg, attr);

	return err;
}

int vsb_encode_backends(struct nl_msg *msg, const struct vsb_pool *pool,
			const struct vsb_backend *backends, size_t n,
			bool key_only)
{
	size_t i;
	int err = 0;

	PUT(err, vsb_encode_string(msg, VSB_A_BACKENDS_POOL, pool->name));
	PUT(err, vsb_encode_string(msg, VSB_A_BACKENDS_OWNER, pool->owner));
	for (i = 0; i < n; i++)
		PUT(err, put_backend(msg, pool->family, &backends[i],
				     key_only));

	return err;
}

static int put_route(struct nl_msg *msg, const struct vsb_route *route)
{
	struct nlattr *attr = nest(msg, VSB_A_SERVICE_ROUTE);
	int err = attr ? 0 : -1;

	PUT(err, nla_put_u32(msg, VSB_A_ROUTE_SOURCES, route->sources));
	PUT(err, vsb_encode_string(msg, VSB_A_ROUTE_POOL, route->pool));
	PUT(err, nla_put_u32(msg, VSB_A_ROUTE_SET, route->set));
	PUT(err, nla_put_u8(msg, VSB_A_ROUTE_MASQUERADE, route->masquerade));
	if (!err)
		nla_nest_end(msg, attr);

	return err;
}

/* The protocol, address and port, as far as the kind has them. */
static int put_place(struct nl_msg *msg, const struct vsb_service *service)
{
	int err = 0;

	if (service->kind == VSB_KIND_MARK)
		return nla_put_u32(msg, VSB_A_SERVICE_MARK, service->mark);

	PUT(err, nla_put_u8(msg, VSB_A_SERVICE_PROTOCOL, service->protocol));
	if (service->kind == VSB_KIND_VIP)
		PUT(err, put_addr(msg, VSB_A_SERVICE_ADDRESS, service->family,
				  &service->addr));
	PUT(err, put_port(msg, VSB_A_SERVICE_PORT, service->port));

	return err;
}

static int put_service_key(struct nl_msg *msg,
			   const struct vsb_service *service)
{
	int err = 0;

	if (service->kind != VSB_KIND_VIP)
		PUT(err, nla_put_u32(msg, VSB_A_SERVICE_KIND, service->kind));
	PUT(err, nla_put_u16(msg, VSB_A_SERVICE_FAMILY, service->family));
	PUT(err, put_place(msg, service));
	PUT(err, vsb_encode_string(msg, VSB_A_SERVICE_OWNER, service->owner));

	return err;
}

int vsb_encode_service(struct nl_msg *msg, const struct vsb_service *service,
		       bool key_only)
{
	unsigned int i;
	int err;

	err = put_service_key(msg, service);
	if (key_only)
		return err;

	PUT(err, vsb_encode_string(msg, VSB_A_SERVICE_LABEL, service->label));
	for (i = 0; i < service->n_routes; i++)
		PUT(err, put_route(msg, &service->routes[i]));
	if (service->given & VSB_SERVICE_ELSEWHERE)
		PUT(err, nla_put_u32(msg, VSB_A_SERVICE_ELSEWHERE,
				     service->elsewhere));
	if (service->given & VSB_SERVICE_FLAGS)
		PUT(err, nla_put_u32(msg, VSB_A_SERVICE_FLAGS, service->flags));

	return err;
}

int vsb_encode_service_filter(struct nl_msg *msg,
			      const struct vsb_service *filter)
{
	int err = 0;

	if (filter->given & VSB_SERVICE_KIND)
		PUT(err, nla_put_u32(msg, VSB_A_SERVICE_KIND, filter->kind));
	if (filter->family)
		PUT(err, nla_put_u16(msg, VSB_A_SERVICE_FAMILY,
				     filter->family));
	if (filter->protocol)
		PUT(err, nla_put_u8(msg, VSB_A_SERVICE_PROTOCOL,
				    filter->protocol));
	if (filter->given & VSB_SERVICE_ADDR)
		PUT(err, put_addr(msg, VSB_A_SERVICE_ADDRESS, filter->family,
				  &filter->addr));
	if (filter->given & VSB_SERVICE_PORT)
		PUT(err, put_port(msg, VSB_A_SERVICE_PORT, filter->port));
	if (filter->mark)
		PUT(err, nla_put_u32(msg, VSB_A_SERVICE_MARK, filter->mark));
	PUT(err, vsb_encode_string(msg, VSB_A_SERVICE_OWNER, filter->owner));
	if (filter->n_routes)
		PUT(err, vsb_encode_string(msg, VSB_A_SERVICE_POOL,
					   filter->routes[0].pool));

	return err;
}

static int put_cidr(struct nl_msg *msg, int type, const struct vsb_cidr *cidr)
{
	struct nlattr *attr = nest(msg, type);
	int err = attr ? 0 : -1;

	PUT(err, put_addr(msg, VSB_A_CIDR_ADDRESS, cidr->family, &cidr->addr));
	PUT(err, nla_put_u32(msg, VSB_A_CIDR_PREFIX_LEN, cidr->prefix_len));
	if (!err)
		nla_nest_end(msg, attr);

	return err;
}

int vsb_encode_ranges(struct nl_msg *msg, const struct vsb_service *service,
		      const struct vsb_cidr *cidrs, size_t n)
{
	size_t i;
	int err;

	err = put_service_key(msg, service);
	for (i = 0; i < n; i++)
		PUT(err, put_cidr(msg, VSB_A_SERVICE_RANGE, &cidrs[i]));

	return err;
}

static int put_target(struct nl_msg *msg, const struct vsb_affinity *affinity)
{
	int err = 0;

	PUT(err, put_addr(msg, VSB_A_AFFINITY_ADDRESS, affinity->family,
			  &affinity->addr));
	PUT(err, put_port(msg, VSB_A_AFFINITY_PORT, affinity->port));
	if (affinity->given & VSB_AFFINITY_EXPIRES)
		PUT(err, nla_put_u32(msg, VSB_A_AFFINITY_EXPIRES,
				     affinity->expires));

	return err;
}

int vsb_encode_affinity(struct nl_msg *msg, const struct vsb_affinity *affinity,
			uint8_t command)
{
	int err = 0;

	PUT(err, vsb_encode_string(msg, VSB_A_AFFINITY_POOL, affinity->pool));
	PUT(err, vsb_encode_string(msg, VSB_A_AFFINITY_OWNER, affinity->owner));
	if (command != VSB_CMD_AFFINITY_GET && affinity->family)
		PUT(err, put_addr(msg, VSB_A_AFFINITY_CLIENT, affinity->family,
				  &affinity->client));
	if (command == VSB_CMD_AFFINITY_SET)
		PUT(err, put_target(msg, affinity));

	return err;
}

/* libnl drops a nest that is empty; in a setting that has a meaning. */
static int put_empty(struct nl_msg *msg, int type)
{
	return nla_put(msg, NLA_F_NESTED | type, 0, NULL);
}

static int put_cidrs(struct nl_msg *msg, int type,
		     const struct vsb_cidr_list *list)
{
	struct nlattr *attr;
	unsigned int i;
	int err;

	if (!list->n)
		return put_empty(msg, type);

	attr = nest(msg, type);
	err = attr ? 0 : -1;
	for (i = 0; i < list->n; i++)
		PUT(err, put_cidr(msg, VSB_A_CIDRS_CIDR, &list->cidrs[i]));
	if (!err)
		nla_nest_end(msg, attr);

	return err;
}

static int put_devices(struct nl_msg *msg, const struct vsb_config *config)
{
	struct nlattr *attr;
	unsigned int i;
	int err;

	if (!config->n_pod_devices)
		return put_empty(msg, VSB_A_CONFIG_POD_DEVICES);

	attr = nest(msg, VSB_A_CONFIG_POD_DEVICES);
	err = attr ? 0 : -1;
	for (i = 0; i < config->n_pod_devices; i++)
		PUT(err, nla_put_string(msg, VSB_A_DEVICES_DEVICE,
					config->pod_devices[i]));
	if (!err)
		nla_nest_end(msg, attr);

	return err;
}

static int put_lists(struct nl_msg *msg, const struct vsb_config *config)
{
	int err = 0;

	if (config->given & VSB_CONFIG_POD_CIDRS)
		PUT(err, put_cidrs(msg, VSB_A_CONFIG_POD_CIDRS,
				   &config->pod_cidrs));
	if (config->given & VSB_CONFIG_POD_DEVICES)
		PUT(err, put_devices(msg, config));
	if (config->given & VSB_CONFIG_SERVICE_CIDRS)
		PUT(err, put_cidrs(msg, VSB_A_CONFIG_SERVICE_CIDRS,
				   &config->service_cidrs));
	if (config->given & VSB_CONFIG_NODE_PORT_CIDRS)
		PUT(err, put_cidrs(msg, VSB_A_CONFIG_NODE_PORT_CIDRS,
				   &config->node_port_cidrs));

	return err;
}

static int put_limits(struct nl_msg *msg, const struct vsb_config *config)
{
	const struct {
		uint32_t given;
		int type;
		uint32_t value;
	} limits[] = {
		{ VSB_CONFIG_FINISHED_MAX, VSB_A_CONFIG_FINISHED_MAX,
		  config->finished_max },
		{ VSB_CONFIG_REJECT_RATE, VSB_A_CONFIG_REJECT_RATE,
		  config->reject_rate },
		{ VSB_CONFIG_MAX_POOLS, VSB_A_CONFIG_MAX_POOLS,
		  config->max_pools },
		{ VSB_CONFIG_MAX_SERVICES, VSB_A_CONFIG_MAX_SERVICES,
		  config->max_services },
		{ VSB_CONFIG_MAX_BACKENDS, VSB_A_CONFIG_MAX_BACKENDS,
		  config->max_backends },
		{ VSB_CONFIG_AFFINITY_MAX, VSB_A_CONFIG_AFFINITY_MAX,
		  config->affinity_max },
		{ VSB_CONFIG_TABLE_BYTES_MAX, VSB_A_CONFIG_TABLE_BYTES_MAX,
		  config->table_bytes_max },
		{ VSB_CONFIG_TIMEOUT_TCP, VSB_A_CONFIG_TIMEOUT_TCP,
		  config->timeout_tcp },
		{ VSB_CONFIG_TIMEOUT_TCP_FIN, VSB_A_CONFIG_TIMEOUT_TCP_FIN,
		  config->timeout_tcp_fin },
		{ VSB_CONFIG_TIMEOUT_UDP, VSB_A_CONFIG_TIMEOUT_UDP,
		  config->timeout_udp },
	};
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (config->given & limits[i].given)
			PUT(err, nla_put_u32(msg, limits[i].type,
					     limits[i].value));

	return err;
}

int vsb_encode_config(struct nl_msg *msg, const struct vsb_config *config)
{
	int err = 0;

	if (config->given & VSB_CONFIG_ACCOUNTING)
		PUT(err, nla_put_u8(msg, VSB_A_CONFIG_ACCOUNTING,
				    config->accounting));
	if (config->given & VSB_CONFIG_MASQUERADE_ALL)
		PUT(err, nla_put_u8(msg, VSB_A_CONFIG_MASQUERADE_ALL,
				    config->masquerade_all));
	PUT(err, put_limits(msg, config));
	PUT(err, put_lists(msg, config));

	return err;
}

int vsb_encode_connection_filter(struct nl_msg *msg,
				 const struct vsb_pool *filter)
{
	int err = 0;

	PUT(err, vsb_encode_string(msg, VSB_A_CONNECTION_POOL, filter->name));
	PUT(err, vsb_encode_string(msg, VSB_A_CONNECTION_OWNER,
				   filter->owner));

	return err;
}

int vsb_encode_query(struct nl_msg *msg, const struct vsb_query *query)
{
	int err = 0;

	PUT(err, nla_put_u16(msg, VSB_A_EXPLAIN_FAMILY, query->family));
	PUT(err, nla_put_u8(msg, VSB_A_EXPLAIN_PROTOCOL, query->protocol));
	PUT(err, put_addr(msg, VSB_A_EXPLAIN_SOURCE, query->family,
			  &query->source));
	PUT(err, put_port(msg, VSB_A_EXPLAIN_SOURCE_PORT, query->source_port));
	PUT(err, put_addr(msg, VSB_A_EXPLAIN_DESTINATION, query->family,
			  &query->destination));
	PUT(err, put_port(msg, VSB_A_EXPLAIN_DESTINATION_PORT,
			  query->destination_port));
	if (query->ifindex)
		PUT(err, nla_put_u32(msg, VSB_A_EXPLAIN_IFINDEX,
				     query->ifindex));
	if (query->vrf)
		PUT(err, nla_put_u32(msg, VSB_A_EXPLAIN_VRF, query->vrf));
	if (query->mark)
		PUT(err, nla_put_u32(msg, VSB_A_EXPLAIN_MARK, query->mark));

	return err;
}
