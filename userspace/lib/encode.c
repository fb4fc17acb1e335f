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

int vsb_encode_pool(struct nl_msg *msg, const struct vsb_pool *pool,
		    uint8_t command)
{
	int err = 0;

	PUT(err, vsb_encode_string(msg, VSB_A_POOL_NAME, pool->name));
	PUT(err, vsb_encode_string(msg, VSB_A_POOL_OWNER, pool->owner));
	if (command == VSB_CMD_POOL_NEW)
		PUT(err, nla_put_u16(msg, VSB_A_POOL_FAMILY, pool->family));
	if (command == VSB_CMD_POOL_NEW || command == VSB_CMD_POOL_SET)
		PUT(err, vsb_encode_string(msg, VSB_A_POOL_SCHEDULER,
					   pool->scheduler));

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

static int put_service_key(struct nl_msg *msg,
			   const struct vsb_service *service)
{
	int err = 0;

	PUT(err, nla_put_u16(msg, VSB_A_SERVICE_FAMILY, service->family));
	PUT(err, nla_put_u8(msg, VSB_A_SERVICE_PROTOCOL, service->protocol));
	PUT(err, put_addr(msg, VSB_A_SERVICE_ADDRESS, service->family,
			  &service->addr));
	PUT(err, put_port(msg, VSB_A_SERVICE_PORT, service->port));
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

	return err;
}

int vsb_encode_service_filter(struct nl_msg *msg,
			      const struct vsb_service *filter)
{
	int err = 0;

	if (filter->family)
		PUT(err, nla_put_u16(msg, VSB_A_SERVICE_FAMILY,
				     filter->family));
	if (filter->protocol)
		PUT(err, nla_put_u8(msg, VSB_A_SERVICE_PROTOCOL,
				    filter->protocol));
	PUT(err, vsb_encode_string(msg, VSB_A_SERVICE_OWNER, filter->owner));
	if (filter->n_routes)
		PUT(err, vsb_encode_string(msg, VSB_A_SERVICE_POOL,
					   filter->routes[0].pool));

	return err;
}

static int put_cidr(struct nl_msg *msg, const struct vsb_cidr *cidr)
{
	struct nlattr *attr = nest(msg, VSB_A_CIDRS_CIDR);
	int err = attr ? 0 : -1;

	PUT(err, put_addr(msg, VSB_A_CIDR_ADDRESS, cidr->family, &cidr->addr));
	PUT(err, nla_put_u32(msg, VSB_A_CIDR_PREFIX_LEN, cidr->prefix_len));
	if (!err)
		nla_nest_end(msg, attr);

	return err;
}

static int put_pod_cidrs(struct nl_msg *msg, const struct vsb_config *config)
{
	struct nlattr *attr;
	unsigned int i;
	int err;

	/* libnl drops a nest that is empty; here that has a meaning. */
	if (!config->n_pod_cidrs)
		return nla_put(msg, NLA_F_NESTED | VSB_A_CONFIG_POD_CIDRS, 0,
			       NULL);

	attr = nest(msg, VSB_A_CONFIG_POD_CIDRS);
	err = attr ? 0 : -1;
	for (i = 0; i < config->n_pod_cidrs; i++)
		PUT(err, put_cidr(msg, &config->pod_cidrs[i]));
	if (!err)
		nla_nest_end(msg, attr);

	return err;
}

int vsb_encode_config(struct nl_msg *msg, const struct vsb_config *config)
{
	int err = 0;

	if (config->given & VSB_CONFIG_ACCOUNTING)
		PUT(err, nla_put_u8(msg, VSB_A_CONFIG_ACCOUNTING,
				    config->accounting));
	if (config->given & VSB_CONFIG_FINISHED_MAX)
		PUT(err, nla_put_u32(msg, VSB_A_CONFIG_FINISHED_MAX,
				     config->finished_max));
	if (config->given & VSB_CONFIG_MASQUERADE_ALL)
		PUT(err, nla_put_u8(msg, VSB_A_CONFIG_MASQUERADE_ALL,
				    config->masquerade_all));
	if (config->given & VSB_CONFIG_POD_CIDRS)
		PUT(err, put_pod_cidrs(msg, config));

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
	if (query->mark)
		PUT(err, nla_put_u32(msg, VSB_A_EXPLAIN_MARK, query->mark));

	return err;
}
