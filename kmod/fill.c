// SPDX-License-Identifier: GPL-2.0
/* Writes objects into messages, for listings, answers and notifications alike.
 *
 * All functions return 0, or -EMSGSIZE where the message has no room; what
 * they have written by then is for the caller to cancel. They are called
 * under vnet->lock.
 */

#include <net/netlink.h>

#include "cidr.h"
#include "config.h"
#include "fill.h"
#include "netlink_gen.h"
#include "pool.h"
#include "service.h"

int vsb_fill_addr(struct sk_buff *skb, int attr, u16 family,
		  const union nf_inet_addr *addr)
{
	return nla_put(skb, attr, family == AF_INET ? sizeof(addr->in) :
		       sizeof(addr->in6), addr);
}

int vsb_fill_pool(struct sk_buff *skb, const struct vsb_pool *pool,
		  enum vsb_detail detail)
{
	if (nla_put_string(skb, VSB_A_POOL_NAME, vsb_pool_name(pool)) ||
	    nla_put_string(skb, VSB_A_POOL_OWNER, vsb_pool_owner(pool)) ||
	    nla_put_u16(skb, VSB_A_POOL_FAMILY, pool->family) ||
	    nla_put_string(skb, VSB_A_POOL_SCHEDULER, pool->sched.ops->name) ||
	    nla_put_u32(skb, VSB_A_POOL_SCHED_FLAGS, pool->sched.flags) ||
	    nla_put_u32(skb, VSB_A_POOL_TABLE_SIZE, pool->sched.table_size) ||
	    nla_put_u32(skb, VSB_A_POOL_AFFINITY_TIMEOUT,
			pool->affinity.timeout) ||
	    nla_put_u32(skb, VSB_A_POOL_AFFINITY_PREFIX_LEN,
			pool->affinity.prefix_len))
		return -EMSGSIZE;
	if (detail == VSB_FILL_ALL &&
	    (nla_put_u32(skb, VSB_A_POOL_BACKENDS, pool->n_backends) ||
	     nla_put_u32(skb, VSB_A_POOL_USERS, pool->users) ||
	     vsb_stats_fill(skb, VSB_A_POOL_STATS, &pool->stats, NULL)))
		return -EMSGSIZE;
	return 0;
}

static int fill_counts(struct sk_buff *skb, const struct vsb_backend *backend)
{
	const struct vsb_traffic *traffic = vsb_backend_traffic(backend);

	if (nla_put_u32(skb, VSB_A_BACKEND_CONNECTIONS,
			vsb_backend_connections(backend)) ||
	    nla_put_u32(skb, VSB_A_BACKEND_ACTIVE, vsb_backend_load(backend).active))
		return -EMSGSIZE;
	if (!traffic || !READ_ONCE(traffic->counted))
		return 0;
	return vsb_stats_fill(skb, VSB_A_BACKEND_STATS, &traffic->stats,
			      &traffic->rates);
}

int vsb_fill_backend(struct sk_buff *skb, int attr,
		     const struct vsb_backend *backend, enum vsb_detail detail)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest ||
	    vsb_fill_addr(skb, VSB_A_BACKEND_ADDRESS, backend->family,
			  &backend->key.addr) ||
	    nla_put_be16(skb, VSB_A_BACKEND_PORT, backend->key.port) ||
	    nla_put_u32(skb, VSB_A_BACKEND_WEIGHT, backend->weight) ||
	    nla_put_u32(skb, VSB_A_BACKEND_STATE, backend->state) ||
	    nla_put_u32(skb, VSB_A_BACKEND_SETS, backend->sets) ||
	    nla_put_u32(skb, VSB_A_BACKEND_UPPER, backend->upper) ||
	    nla_put_u32(skb, VSB_A_BACKEND_LOWER, backend->lower) ||
	    (detail == VSB_FILL_ALL && fill_counts(skb, backend)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int vsb_fill_backends(struct sk_buff *skb, const struct vsb_pool *pool,
		      const struct vsb_backend *backend, enum vsb_detail detail)
{
	if (nla_put_string(skb, VSB_A_BACKENDS_POOL, vsb_pool_name(pool)) ||
	    nla_put_string(skb, VSB_A_BACKENDS_OWNER, vsb_pool_owner(pool)))
		return -EMSGSIZE;
	return vsb_fill_backend(skb, VSB_A_BACKENDS_BACKEND, backend, detail);
}

static int fill_route(struct sk_buff *skb, const struct vsb_route *route,
		      u32 sources)
{
	struct nlattr *nest = nla_nest_start(skb, VSB_A_SERVICE_ROUTE);

	if (!nest || nla_put_u32(skb, VSB_A_ROUTE_SOURCES, sources) ||
	    nla_put_string(skb, VSB_A_ROUTE_POOL, vsb_pool_name(route->pool)) ||
	    nla_put_u32(skb, VSB_A_ROUTE_SET, route->set) ||
	    nla_put_u8(skb, VSB_A_ROUTE_MASQUERADE, route->masquerade))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Kinds of source that are routed alike are told of once. */
static int fill_routes(struct sk_buff *skb, const struct vsb_policy *policy)
{
	u32 told = 0;
	int i, j;

	for (i = 0; i < VSB_FROM_KINDS; i++) {
		u32 sources = 0;

		if (told & BIT(i))
			continue;
		for (j = i; j < VSB_FROM_KINDS; j++)
			if (vsb_route_equal(&policy->routes[i],
					    &policy->routes[j]))
				sources |= BIT(j);
		if (fill_route(skb, &policy->routes[i], sources))
			return -EMSGSIZE;
		told |= sources;
	}
	return 0;
}

static int fill_key(struct sk_buff *skb, const struct vsb_key *key)
{
	if (nla_put_u32(skb, VSB_A_SERVICE_KIND, key->kind) ||
	    nla_put_u16(skb, VSB_A_SERVICE_FAMILY, key->family))
		return -EMSGSIZE;
	if (key->kind == VSB_KIND_MARK)
		return nla_put_u32(skb, VSB_A_SERVICE_MARK, key->mark);
	if (nla_put_u8(skb, VSB_A_SERVICE_PROTOCOL, key->protocol) ||
	    nla_put_be16(skb, VSB_A_SERVICE_PORT, key->port))
		return -EMSGSIZE;
	if (key->kind == VSB_KIND_NODE_PORT)
		return 0;
	return vsb_fill_addr(skb, VSB_A_SERVICE_ADDRESS, key->family,
			     &key->addr);
}

int vsb_fill_service(struct sk_buff *skb, const struct vsb_service *service,
		     enum vsb_detail detail)
{
	const struct vsb_policy *policy = vsb_service_policy(service);
	const struct vsb_cidrs *ranges = vsb_service_ranges(service);

	if (fill_key(skb, &service->key) ||
	    nla_put_string(skb, VSB_A_SERVICE_OWNER,
			   vsb_policy_owner(policy)) ||
	    nla_put_string(skb, VSB_A_SERVICE_LABEL,
			   vsb_policy_label(policy)) ||
	    nla_put_u32(skb, VSB_A_SERVICE_ELSEWHERE, policy->elsewhere) ||
	    nla_put_u32(skb, VSB_A_SERVICE_FLAGS, policy->flags) ||
	    nla_put_u32(skb, VSB_A_SERVICE_RANGES, ranges ? ranges->n : 0) ||
	    fill_routes(skb, policy))
		return -EMSGSIZE;
	return detail == VSB_FILL_ALL ?
	       vsb_stats_fill(skb, VSB_A_SERVICE_STATS, &service->stats,
			      &service->rates) : 0;
}

static int fill_cidr(struct sk_buff *skb, int attr,
		     const struct vsb_cidr *cidr)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest ||
	    vsb_fill_addr(skb, VSB_A_CIDR_ADDRESS, cidr->family, &cidr->addr) ||
	    nla_put_u32(skb, VSB_A_CIDR_PREFIX_LEN, cidr->prefix_len))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int vsb_fill_range(struct sk_buff *skb, const struct vsb_service *service,
		   const struct vsb_cidr *cidr)
{
	if (fill_key(skb, &service->key) ||
	    nla_put_string(skb, VSB_A_SERVICE_OWNER,
			   vsb_service_owner(service)))
		return -EMSGSIZE;
	return fill_cidr(skb, VSB_A_SERVICE_RANGE, cidr);
}

static int fill_cidrs(struct sk_buff *skb, int attr,
		      const struct vsb_cidrs *cidrs)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	u32 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; cidrs && i < cidrs->n; i++)
		if (fill_cidr(skb, VSB_A_CIDRS_CIDR, &cidrs->entries[i].cidr))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_devices(struct sk_buff *skb, const struct vsb_config *config)
{
	struct nlattr *nest = nla_nest_start(skb, VSB_A_CONFIG_POD_DEVICES);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < config->n_pod_devices; i++)
		if (nla_put_string(skb, VSB_A_DEVICES_DEVICE,
				   config->pod_devices[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int vsb_fill_config(struct sk_buff *skb, const struct vsb_config *config)
{
	if (nla_put_u8(skb, VSB_A_CONFIG_ACCOUNTING, config->accounting) ||
	    nla_put_u32(skb, VSB_A_CONFIG_FINISHED_MAX, config->finished_max) ||
	    nla_put_u8(skb, VSB_A_CONFIG_MASQUERADE_ALL,
		       config->masquerade_all) ||
	    fill_cidrs(skb, VSB_A_CONFIG_POD_CIDRS,
		       config->cidrs[VSB_CIDRS_POD]) ||
	    fill_devices(skb, config) ||
	    fill_cidrs(skb, VSB_A_CONFIG_SERVICE_CIDRS,
		       config->cidrs[VSB_CIDRS_SERVICE]) ||
	    fill_cidrs(skb, VSB_A_CONFIG_NODE_PORT_CIDRS,
		       config->cidrs[VSB_CIDRS_NODE_PORT]) ||
	    nla_put_u32(skb, VSB_A_CONFIG_REJECT_RATE, config->reject_rate) ||
	    nla_put_u32(skb, VSB_A_CONFIG_MAX_POOLS, config->max_pools) ||
	    nla_put_u32(skb, VSB_A_CONFIG_MAX_SERVICES, config->max_services) ||
	    nla_put_u32(skb, VSB_A_CONFIG_MAX_BACKENDS, config->max_backends) ||
	    nla_put_u32(skb, VSB_A_CONFIG_AFFINITY_MAX, config->affinity_max) ||
	    nla_put_u32(skb, VSB_A_CONFIG_TABLE_BYTES_MAX,
			config->table_bytes_max) ||
	    nla_put_u32(skb, VSB_A_CONFIG_TIMEOUT_TCP, config->timeout_tcp) ||
	    nla_put_u32(skb, VSB_A_CONFIG_TIMEOUT_TCP_FIN,
			config->timeout_tcp_fin) ||
	    nla_put_u32(skb, VSB_A_CONFIG_TIMEOUT_UDP, config->timeout_udp))
		return -EMSGSIZE;
	return 0;
}
