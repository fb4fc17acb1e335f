// SPDX-License-Identifier: GPL-2.0
/* Reads the messages that change configuration, and stages what they say. */

#include <linux/ctype.h>
#include <linux/mm.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "change.h"
#include "cidr.h"
#include "config.h"
#include "netlink_gen.h"
#include "parse.h"
#include "sched.h"
#include "stage.h"

#define DEFAULT_SCHEDULER	"rr"

/* Attributes that more than one change has */

/* A service or a backend can't be at an address that many nodes share. */
static int parse_host(struct vsb_stage *stage, const struct nlattr *attr,
		      u16 family, union nf_inet_addr *addr)
{
	bool bad;
	int err;

	err = vsb_parse_addr(stage->vnet, attr, stage->extack, "address",
			     family, addr);
	if (err)
		return err;
	if (family == AF_INET)
		bad = ipv4_is_zeronet(addr->ip) || ipv4_is_multicast(addr->ip) ||
		      ipv4_is_lbcast(addr->ip);
	else
		bad = ipv6_addr_any(&addr->in6) ||
		      ipv6_addr_is_multicast(&addr->in6);
	return bad ? refuse(stage, -EINVAL, "address: not of one host") : 0;
}

static int parse_name(struct vsb_stage *stage, const struct nlattr *attr,
		      const char *what, const char **name)
{
	const char *c;

	if (!attr)
		return refuse(stage, -EINVAL, "%s: missing", what);
	*name = nla_data(attr);
	for (c = *name; isascii(*c) && isgraph(*c); c++)
		;
	if (c == *name || *c)
		return refuse(stage, -EINVAL,
			      "%s: must be printable ASCII without blanks",
			      what);
	return 0;
}

static int parse_owner(struct vsb_stage *stage, const struct nlattr *attr,
		       const char **owner)
{
	*owner = VSB_DEFAULT_OWNER;
	return attr ? parse_name(stage, attr, "owner", owner) : 0;
}

static int parse_label(struct vsb_stage *stage, const struct nlattr *attr,
		       const char **label)
{
	const char *c;

	if (!attr)
		return 0;
	*label = nla_data(attr);
	for (c = *label; *c; c++)
		if (iscntrl(*c))
			return refuse(stage, -EINVAL,
				      "label: must be printable");
	return 0;
}

static int parse_scheduler(struct vsb_stage *stage, const struct nlattr *attr,
			   const struct vsb_scheduler **sched)
{
	const char *name = attr ? nla_data(attr) : DEFAULT_SCHEDULER;

	*sched = vsb_sched_find(name);
	if (*sched)
		return 0;
	return refuse(stage, -ENOENT, "scheduler: no scheduler %s", name);
}

/* Pools */

static int parse_pool(struct vsb_stage *stage, struct nlattr **tb,
		      struct vsb_pool_args *args)
{
	*args = (struct vsb_pool_args){};
	return parse_name(stage, tb[VSB_A_POOL_NAME], "name", &args->name) ?:
	       parse_owner(stage, tb[VSB_A_POOL_OWNER], &args->owner);
}

static void parse_sched(struct nlattr **tb, struct vsb_pool_args *args)
{
	if (tb[VSB_A_POOL_SCHED_FLAGS]) {
		args->given |= VSB_POOL_SCHED_FLAGS;
		args->sched.flags = nla_get_u32(tb[VSB_A_POOL_SCHED_FLAGS]);
	}
	if (tb[VSB_A_POOL_TABLE_SIZE]) {
		args->given |= VSB_POOL_TABLE_SIZE;
		args->sched.table_size =
			nla_get_u32(tb[VSB_A_POOL_TABLE_SIZE]);
	}
}

static void parse_affinity(struct nlattr **tb, struct vsb_pool_args *args)
{
	if (tb[VSB_A_POOL_AFFINITY_TIMEOUT]) {
		args->given |= VSB_POOL_TIMEOUT;
		args->affinity.timeout =
			nla_get_u32(tb[VSB_A_POOL_AFFINITY_TIMEOUT]);
	}
	if (tb[VSB_A_POOL_AFFINITY_PREFIX_LEN]) {
		args->given |= VSB_POOL_PREFIX_LEN;
		args->affinity.prefix_len =
			nla_get_u32(tb[VSB_A_POOL_AFFINITY_PREFIX_LEN]);
	}
}

static int pool_new(struct vsb_stage *stage, struct nlattr **tb,
		    const void *attrs, int len)
{
	struct vsb_pool_args args;
	int err;

	err = parse_pool(stage, tb, &args) ?:
	      vsb_parse_family(stage->vnet, tb[VSB_A_POOL_FAMILY],
			       stage->extack, &args.family) ?:
	      parse_scheduler(stage, tb[VSB_A_POOL_SCHEDULER],
			      &args.sched.ops);
	parse_sched(tb, &args);
	parse_affinity(tb, &args);
	return err ?: vsb_stage_pool_new(stage, &args);
}

static int pool_set(struct vsb_stage *stage, struct nlattr **tb,
		    const void *attrs, int len)
{
	struct vsb_pool_args args;
	int err;

	err = parse_pool(stage, tb, &args);
	parse_sched(tb, &args);
	parse_affinity(tb, &args);
	if (!err && tb[VSB_A_POOL_SCHEDULER])
		err = parse_scheduler(stage, tb[VSB_A_POOL_SCHEDULER],
				      &args.sched.ops);
	return err ?: vsb_stage_pool_set(stage, &args);
}

static int pool_del(struct vsb_stage *stage, struct nlattr **tb,
		    const void *attrs, int len)
{
	struct vsb_pool_args args;
	int err;

	err = parse_pool(stage, tb, &args);
	return err ?: vsb_stage_pool_del(stage, &args);
}

/* Backends */

static int parse_backend(struct vsb_stage *stage, const struct nlattr *nest,
			 u16 family, struct vsb_backend_args *args)
{
	struct nlattr *tb[VSB_A_BACKEND_MAX + 1];
	int err;

	*args = (struct vsb_backend_args){};
	err = nla_parse_nested(tb, VSB_A_BACKEND_MAX, nest,
			       vsb_backend_nl_policy, stage->extack) ?:
	      parse_host(stage, tb[VSB_A_BACKEND_ADDRESS], family,
			 &args->key.addr);
	if (err)
		return err;
	if (tb[VSB_A_BACKEND_CONNECTIONS] || tb[VSB_A_BACKEND_ACTIVE] ||
	    tb[VSB_A_BACKEND_STATS])
		return refuse(stage, -EINVAL, "backend: counts can't be set");
	if (tb[VSB_A_BACKEND_PORT])
		args->key.port = nla_get_be16(tb[VSB_A_BACKEND_PORT]);
	if (tb[VSB_A_BACKEND_WEIGHT]) {
		args->given |= VSB_GIVEN_WEIGHT;
		args->weight = nla_get_u32(tb[VSB_A_BACKEND_WEIGHT]);
	}
	if (tb[VSB_A_BACKEND_STATE]) {
		args->given |= VSB_GIVEN_STATE;
		args->state = nla_get_u32(tb[VSB_A_BACKEND_STATE]);
	}
	if (tb[VSB_A_BACKEND_SETS]) {
		args->given |= VSB_GIVEN_SETS;
		args->sets = nla_get_u32(tb[VSB_A_BACKEND_SETS]);
	}
	if (tb[VSB_A_BACKEND_UPPER]) {
		args->given |= VSB_GIVEN_UPPER;
		args->upper = nla_get_u32(tb[VSB_A_BACKEND_UPPER]);
	}
	if (tb[VSB_A_BACKEND_LOWER]) {
		args->given |= VSB_GIVEN_LOWER;
		args->lower = nla_get_u32(tb[VSB_A_BACKEND_LOWER]);
	}
	return 0;
}

static int change_backends(struct vsb_stage *stage, struct nlattr **tb,
			   const void *attrs, int len,
			   int (*change)(struct vsb_stage *stage,
					 struct vsb_draft_pool *pool,
					 const struct vsb_backend_args *args))
{
	struct vsb_backend_args args;
	struct vsb_draft_pool *pool;
	const char *name, *owner;
	const struct nlattr *attr;
	int rest, err;

	err = parse_name(stage, tb[VSB_A_BACKENDS_POOL], "pool", &name) ?:
	      parse_owner(stage, tb[VSB_A_BACKENDS_OWNER], &owner);
	if (err)
		return err;
	if (!tb[VSB_A_BACKENDS_BACKEND])
		return refuse(stage, -EINVAL, "backend: missing");
	pool = vsb_stage_pool_get(stage, name, owner);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	nla_for_each_attr(attr, attrs, len, rest) {
		if (nla_type(attr) != VSB_A_BACKENDS_BACKEND)
			continue;
		err = parse_backend(stage, attr, vsb_stage_pool_family(pool),
				    &args) ?:
		      change(stage, pool, &args);
		if (err)
			return err;
	}
	return 0;
}

static int backend_new(struct vsb_stage *stage, struct nlattr **tb,
		       const void *attrs, int len)
{
	return change_backends(stage, tb, attrs, len, vsb_stage_backend_new);
}

static int backend_set(struct vsb_stage *stage, struct nlattr **tb,
		       const void *attrs, int len)
{
	return change_backends(stage, tb, attrs, len, vsb_stage_backend_set);
}

static int backend_del(struct vsb_stage *stage, struct nlattr **tb,
		       const void *attrs, int len)
{
	return change_backends(stage, tb, attrs, len, vsb_stage_backend_del);
}

/* Services */

/* Only what VSB_KIND_* is told by may be given. */
static int check_kind(struct vsb_stage *stage, struct nlattr **tb, u8 kind)
{
	static const struct {
		int attr;
		const char *name;
		u8 kinds;
	} parts[] = {
		{ VSB_A_SERVICE_PROTOCOL, "protocol",
		  BIT(VSB_KIND_VIP) | BIT(VSB_KIND_NODE_PORT) },
		{ VSB_A_SERVICE_ADDRESS, "address", BIT(VSB_KIND_VIP) },
		{ VSB_A_SERVICE_PORT, "port",
		  BIT(VSB_KIND_VIP) | BIT(VSB_KIND_NODE_PORT) },
		{ VSB_A_SERVICE_MARK, "mark", BIT(VSB_KIND_MARK) },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (tb[parts[i].attr] && !(parts[i].kinds & BIT(kind)))
			return refuse(stage, -EINVAL,
				      "%s: not of a service of this kind",
				      parts[i].name);
	return 0;
}

static int parse_port_protocol(struct vsb_stage *stage, struct nlattr **tb,
			       struct vsb_key *key)
{
	if (tb[VSB_A_SERVICE_PORT])
		key->port = nla_get_be16(tb[VSB_A_SERVICE_PORT]);
	if (key->kind == VSB_KIND_NODE_PORT && !key->port)
		return refuse(stage, -EINVAL, "port: a node port is not 0");
	return vsb_parse_protocol(stage->vnet, tb[VSB_A_SERVICE_PROTOCOL],
				  stage->extack, &key->protocol);
}

static int parse_mark(struct vsb_stage *stage, const struct nlattr *attr,
		      struct vsb_key *key)
{
	key->mark = attr ? nla_get_u32(attr) : 0;
	return key->mark ? 0 : refuse(stage, -EINVAL, "mark: must not be 0");
}

/**
 * vsb_change_key() - read which service a message is about
 * @stage: where a refusal says why
 * @tb: the message's attributes
 * @args: gets key and owner, and nothing else that the message may say
 *
 * Return: 0, or a negative errno value.
 */
int vsb_change_key(struct vsb_stage *stage, struct nlattr **tb,
		   struct vsb_service_args *args)
{
	struct vsb_key *key = &args->key;
	int err;

	*args = (struct vsb_service_args){ .elsewhere = -1, .flags = -1 };
	if (tb[VSB_A_SERVICE_KIND])
		key->kind = nla_get_u32(tb[VSB_A_SERVICE_KIND]);
	err = vsb_parse_family(stage->vnet, tb[VSB_A_SERVICE_FAMILY],
			       stage->extack, &key->family) ?:
	      check_kind(stage, tb, key->kind) ?:
	      parse_owner(stage, tb[VSB_A_SERVICE_OWNER], &args->owner);
	if (err)
		return err;
	if (key->kind == VSB_KIND_MARK)
		return parse_mark(stage, tb[VSB_A_SERVICE_MARK], key);
	err = parse_port_protocol(stage, tb, key);
	if (!err && key->kind == VSB_KIND_VIP)
		err = parse_host(stage, tb[VSB_A_SERVICE_ADDRESS], key->family,
				 &key->addr);
	return err;
}

static int parse_route(struct vsb_stage *stage, const struct nlattr *nest,
		       struct vsb_service_args *args)
{
	struct nlattr *tb[VSB_A_ROUTE_MAX + 1];
	struct vsb_route_args route = {};
	u32 sources = BIT(VSB_FROM_KINDS) - 1;
	int i, err;

	err = nla_parse_nested(tb, VSB_A_ROUTE_MAX, nest, vsb_route_nl_policy,
			       stage->extack) ?:
	      parse_name(stage, tb[VSB_A_ROUTE_POOL], "route.pool",
			 &route.pool);
	if (err)
		return err;
	if (tb[VSB_A_ROUTE_SOURCES])
		sources = nla_get_u32(tb[VSB_A_ROUTE_SOURCES]);
	if (!sources)
		return refuse(stage, -EINVAL, "route.sources: none given");
	if (tb[VSB_A_ROUTE_SET])
		route.set = nla_get_u32(tb[VSB_A_ROUTE_SET]);
	if (tb[VSB_A_ROUTE_MASQUERADE])
		route.masquerade = nla_get_u8(tb[VSB_A_ROUTE_MASQUERADE]);
	for (i = 0; i < VSB_FROM_KINDS; i++) {
		if (!(sources & BIT(i)))
			continue;
		if (args->routes[i].pool)
			return refuse(stage, -EINVAL,
				      "route.sources: one kind is routed twice");
		args->routes[i] = route;
	}
	return 0;
}

static int parse_service(struct vsb_stage *stage, struct nlattr **tb,
			 const void *attrs, int len,
			 struct vsb_service_args *args)
{
	const struct nlattr *attr;
	int rest, err;

	err = vsb_change_key(stage, tb, args) ?:
	      parse_label(stage, tb[VSB_A_SERVICE_LABEL], &args->label);
	if (err)
		return err;
	if (tb[VSB_A_SERVICE_ELSEWHERE])
		args->elsewhere = nla_get_u32(tb[VSB_A_SERVICE_ELSEWHERE]);
	if (tb[VSB_A_SERVICE_FLAGS])
		args->flags = nla_get_u32(tb[VSB_A_SERVICE_FLAGS]);
	if (args->flags > 0 && args->flags & VSB_FLAG_CLUSTER_IP &&
	    args->key.kind != VSB_KIND_VIP)
		return refuse(stage, -EINVAL,
			      "flags: cluster-ip is for a virtual address");
	nla_for_each_attr(attr, attrs, len, rest) {
		if (nla_type(attr) != VSB_A_SERVICE_ROUTE)
			continue;
		err = parse_route(stage, attr, args);
		if (err)
			return err;
	}
	return 0;
}

static int service_new(struct vsb_stage *stage, struct nlattr **tb,
		       const void *attrs, int len)
{
	static const char * const kinds[VSB_FROM_KINDS] = {
		[VSB_FROM_POD] = "pod",
		[VSB_FROM_NODE] = "node",
		[VSB_FROM_OUTSIDE] = "outside",
	};
	struct vsb_service_args args;
	int i, err;

	err = parse_service(stage, tb, attrs, len, &args);
	if (err)
		return err;
	for (i = 0; i < VSB_FROM_KINDS; i++)
		if (!args.routes[i].pool)
			return refuse(stage, -EINVAL,
				      "route: none for source %s", kinds[i]);
	return vsb_stage_service_new(stage, &args);
}

static int service_set(struct vsb_stage *stage, struct nlattr **tb,
		       const void *attrs, int len)
{
	struct vsb_service_args args;
	int err;

	err = parse_service(stage, tb, attrs, len, &args);
	return err ?: vsb_stage_service_set(stage, &args);
}

static int service_del(struct vsb_stage *stage, struct nlattr **tb,
		       const void *attrs, int len)
{
	struct vsb_service_args args;
	int err;

	err = vsb_change_key(stage, tb, &args);
	return err ?: vsb_stage_service_del(stage, &args);
}

/* Ranges of addresses */

static int parse_cidr(struct vsb_stage *stage, const struct nlattr *nest,
		      struct vsb_cidr *cidr)
{
	struct nlattr *tb[VSB_A_CIDR_MAX + 1];
	u32 prefix_len;
	int err;

	err = nla_parse_nested(tb, VSB_A_CIDR_MAX, nest, vsb_cidr_nl_policy,
			       stage->extack);
	if (err)
		return err;
	if (!tb[VSB_A_CIDR_PREFIX_LEN] || !tb[VSB_A_CIDR_ADDRESS])
		return refuse(stage, -EINVAL,
			      "cidr: needs address and prefix-len");
	cidr->family = nla_len(tb[VSB_A_CIDR_ADDRESS]) ==
		       sizeof(struct in_addr) ? AF_INET : AF_INET6;
	prefix_len = nla_get_u32(tb[VSB_A_CIDR_PREFIX_LEN]);
	if (cidr->family == AF_INET && prefix_len > 32)
		return refuse(stage, -ERANGE,
			      "cidr.prefix-len: %u is more than 32",
			      prefix_len);
	cidr->prefix_len = prefix_len;
	err = vsb_parse_addr(stage->vnet, tb[VSB_A_CIDR_ADDRESS],
			     stage->extack, "cidr.address", cidr->family,
			     &cidr->addr);
	if (!err)
		vsb_cidr_mask(cidr);
	return err;
}

static int change_ranges(struct vsb_stage *stage, struct nlattr **tb,
			 const void *attrs, int len,
			 int (*change)(struct vsb_stage *stage,
				       struct vsb_draft_service *service,
				       const struct vsb_cidr *cidr))
{
	struct vsb_draft_service *service;
	struct vsb_service_args args;
	const struct nlattr *attr;
	struct vsb_cidr cidr;
	int rest, err;

	err = vsb_change_key(stage, tb, &args);
	if (err)
		return err;
	if (!tb[VSB_A_SERVICE_RANGE])
		return refuse(stage, -EINVAL, "range: missing");
	service = vsb_stage_service_get(stage, &args);
	if (IS_ERR(service))
		return PTR_ERR(service);
	nla_for_each_attr(attr, attrs, len, rest) {
		if (nla_type(attr) != VSB_A_SERVICE_RANGE)
			continue;
		err = parse_cidr(stage, attr, &cidr) ?:
		      change(stage, service, &cidr);
		if (err)
			return err;
	}
	return 0;
}

static int range_new(struct vsb_stage *stage, struct nlattr **tb,
		     const void *attrs, int len)
{
	return change_ranges(stage, tb, attrs, len, vsb_stage_range_new);
}

static int range_del(struct vsb_stage *stage, struct nlattr **tb,
		     const void *attrs, int len)
{
	return change_ranges(stage, tb, attrs, len, vsb_stage_range_del);
}

/* Settings, and all of an owner's objects */

static int parse_cidrs(struct vsb_stage *stage, const struct nlattr *nest,
		       const char *what, struct vsb_cidrs **list)
{
	struct vsb_cidrs *cidrs = vsb_cidrs_create(VSB_CIDRS_MAX);
	const struct nlattr *attr;
	struct vsb_cidr cidr;
	int rest, err = 0, n = 0;

	if (!cidrs)
		return refuse(stage, -ENOMEM, "no memory");
	nla_for_each_nested(attr, nest, rest) {
		err = n++ < VSB_CIDRS_MAX ?
		      parse_cidr(stage, attr, &cidr) :
		      refuse(stage, -ENOSPC, "%s: no more than %u", what,
			     VSB_CIDRS_MAX);
		if (err)
			break;
		vsb_cidrs_add(cidrs, &cidr);
	}
	if (err) {
		kvfree(cidrs);
		return err;
	}
	vsb_cidrs_finish(cidrs);
	kvfree(*list);
	*list = cidrs;
	return 0;
}

static int parse_all_cidrs(struct vsb_stage *stage, struct nlattr **tb,
			   struct vsb_config *config)
{
	static const struct {
		int attr;
		const char *name;
	} settings[VSB_CIDRS_SETTINGS] = {
		[VSB_CIDRS_POD] = { VSB_A_CONFIG_POD_CIDRS, "pod-cidrs" },
		[VSB_CIDRS_SERVICE] = { VSB_A_CONFIG_SERVICE_CIDRS,
					"service-cidrs" },
		[VSB_CIDRS_NODE_PORT] = { VSB_A_CONFIG_NODE_PORT_CIDRS,
					  "node-port-cidrs" },
	};
	int i, err;

	for (i = 0; i < VSB_CIDRS_SETTINGS; i++) {
		if (!tb[settings[i].attr])
			continue;
		err = parse_cidrs(stage, tb[settings[i].attr],
				  settings[i].name, &config->cidrs[i]);
		if (err)
			return err;
	}
	return 0;
}

static int parse_device(struct vsb_stage *stage, const struct nlattr *attr,
			char *device)
{
	ssize_t len = nla_strscpy(device, attr, VSB_DEVICE_NAME_MAX + 1);
	ssize_t i;

	for (i = 0; i < len; i++) {
		char c = device[i];

		if (!isascii(c) || !isgraph(c) || c == '/' ||
		    (c == '*' && (!i || device[i + 1])))
			break;
	}
	if (len > 0 && i == len)
		return 0;
	return refuse(stage, -EINVAL,
		      "pod-devices: neither a name nor a prefix and an asterisk");
}

static int parse_devices(struct vsb_stage *stage, const struct nlattr *nest,
			 struct vsb_config *config)
{
	const struct nlattr *attr;
	int rest, err;

	config->n_pod_devices = 0;
	nla_for_each_nested(attr, nest, rest) {
		if (config->n_pod_devices == VSB_POD_DEVICES_MAX)
			return refuse(stage, -ENOSPC,
				      "pod-devices: no more than %u",
				      VSB_POD_DEVICES_MAX);
		err = parse_device(stage, attr,
				   config->pod_devices[config->n_pod_devices]);
		if (err)
			return err;
		config->n_pod_devices++;
	}
	return 0;
}

static int parse_limits(struct vsb_stage *stage, struct nlattr **tb,
			struct vsb_config *config)
{
	const struct {
		int attr;
		const char *name;
		u32 *limit;
		u32 max;
	} limits[] = {
		{ VSB_A_CONFIG_FINISHED_MAX, "finished-max",
		  &config->finished_max, VSB_MAX_FINISHED },
		{ VSB_A_CONFIG_MAX_POOLS, "max-pools",
		  &config->max_pools, VSB_MAX_POOLS },
		{ VSB_A_CONFIG_MAX_SERVICES, "max-services",
		  &config->max_services, VSB_MAX_SERVICES },
		{ VSB_A_CONFIG_MAX_BACKENDS, "max-backends",
		  &config->max_backends, VSB_MAX_BACKENDS },
		{ VSB_A_CONFIG_AFFINITY_MAX, "affinity-max",
		  &config->affinity_max, VSB_MAX_AFFINITY },
		{ VSB_A_CONFIG_TABLE_BYTES_MAX, "table-bytes-max",
		  &config->table_bytes_max, VSB_MAX_TABLE_BYTES },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		u32 max = vsb_limit(stage->vnet, limits[i].max);

		if (!tb[limits[i].attr])
			continue;
		*limits[i].limit = nla_get_u32(tb[limits[i].attr]);
		if (*limits[i].limit > max)
			return refuse(stage, -ERANGE, "%s: %u is more than %u",
				      limits[i].name, *limits[i].limit, max);
	}
	return 0;
}

static int parse_timeouts(struct vsb_stage *stage, struct nlattr **tb,
			  struct vsb_config *config)
{
	const struct {
		int attr;
		const char *name;
		u32 *timeout;
	} timeouts[] = {
		{ VSB_A_CONFIG_TIMEOUT_TCP, "timeout-tcp",
		  &config->timeout_tcp },
		{ VSB_A_CONFIG_TIMEOUT_TCP_FIN, "timeout-tcp-fin",
		  &config->timeout_tcp_fin },
		{ VSB_A_CONFIG_TIMEOUT_UDP, "timeout-udp",
		  &config->timeout_udp },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		if (!tb[timeouts[i].attr])
			continue;
		*timeouts[i].timeout = nla_get_u32(tb[timeouts[i].attr]);
		if (*timeouts[i].timeout && !vsb_timeout_supported())
			return refuse(stage, -EOPNOTSUPP,
				      "%s: this kernel has none for single connections",
				      timeouts[i].name);
	}
	return 0;
}

static int config_set(struct vsb_stage *stage, struct nlattr **tb,
		      const void *attrs, int len)
{
	struct vsb_config *config = vsb_stage_config(stage);
	int err;

	if (!config)
		return refuse(stage, -ENOMEM, "no memory");
	if (tb[VSB_A_CONFIG_ACCOUNTING])
		config->accounting = nla_get_u8(tb[VSB_A_CONFIG_ACCOUNTING]);
	if (tb[VSB_A_CONFIG_MASQUERADE_ALL])
		config->masquerade_all =
			nla_get_u8(tb[VSB_A_CONFIG_MASQUERADE_ALL]);
	if (tb[VSB_A_CONFIG_REJECT_RATE])
		config->reject_rate =
			nla_get_u32(tb[VSB_A_CONFIG_REJECT_RATE]);
	err = parse_limits(stage, tb, config) ?:
	      parse_timeouts(stage, tb, config) ?:
	      parse_all_cidrs(stage, tb, config);
	if (!err && tb[VSB_A_CONFIG_POD_DEVICES])
		err = parse_devices(stage, tb[VSB_A_CONFIG_POD_DEVICES],
				    config);
	return err;
}

static int flush(struct vsb_stage *stage, struct nlattr **tb,
		 const void *attrs, int len)
{
	const char *owner;
	int err;

	err = parse_owner(stage, tb[VSB_A_FLUSH_OWNER], &owner);
	return err ?: vsb_stage_flush(stage, owner);
}

#define CHANGE(CMD, NAME)						\
	[VSB_CMD_ ## CMD] = {						\
		.policy = vsb_ ## NAME ## _nl_policy,			\
		.max = ARRAY_SIZE(vsb_ ## NAME ## _nl_policy) - 1,	\
		.stage = NAME,						\
	}

static const struct {
	const struct nla_policy *policy;
	int max;
	int (*stage)(struct vsb_stage *stage, struct nlattr **tb,
		     const void *attrs, int len);
} changes[] = {
	CHANGE(POOL_NEW, pool_new),
	CHANGE(POOL_SET, pool_set),
	CHANGE(POOL_DEL, pool_del),
	CHANGE(BACKEND_NEW, backend_new),
	CHANGE(BACKEND_SET, backend_set),
	CHANGE(BACKEND_DEL, backend_del),
	CHANGE(SERVICE_NEW, service_new),
	CHANGE(SERVICE_SET, service_set),
	CHANGE(SERVICE_DEL, service_del),
	CHANGE(RANGE_NEW, range_new),
	CHANGE(RANGE_DEL, range_del),
	CHANGE(CONFIG_SET, config_set),
	CHANGE(FLUSH, flush),
};

/* More than any command that changes something has. */
#define ATTRS_MAX	24

/**
 * vsb_change_stage() - stage what a message says
 * @stage: the stage, with where a refusal says why
 * @cmd: VSB_CMD_* of a change
 * @attrs: the message's attributes
 * @len: their length in bytes
 *
 * Context: may sleep; under vnet->lock.
 * Return: 0, or a negative errno value; then the stage is good for nothing
 *	but a reset.
 */
int vsb_change_stage(struct vsb_stage *stage, u8 cmd, const void *attrs,
		     int len)
{
	struct nlattr *tb[ATTRS_MAX + 1];
	int err;

	if (WARN_ON_ONCE(cmd >= ARRAY_SIZE(changes) || !changes[cmd].stage ||
			 changes[cmd].max > ATTRS_MAX))
		return -EOPNOTSUPP;
	err = nla_parse(tb, changes[cmd].max, attrs, len, changes[cmd].policy,
			stage->extack);
	return err ?: changes[cmd].stage(stage, tb, attrs, len);
}
