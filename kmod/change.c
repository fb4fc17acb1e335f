// SPDX-License-Identifier: GPL-2.0
/* Reads the messages that change configuration, and stages what they say. */

#include <linux/ctype.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "change.h"
#include "config.h"
#include "netlink_gen.h"
#include "parse.h"
#include "sched.h"
#include "stage.h"

#define DEFAULT_OWNER		"admin"
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
	*owner = DEFAULT_OWNER;
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

static int pool_new(struct vsb_stage *stage, struct nlattr **tb,
		    const void *attrs, int len)
{
	const struct vsb_scheduler *sched;
	const char *name, *owner;
	u16 family;
	int err;

	err = parse_name(stage, tb[VSB_A_POOL_NAME], "name", &name) ?:
	      parse_owner(stage, tb[VSB_A_POOL_OWNER], &owner) ?:
	      vsb_parse_family(stage->vnet, tb[VSB_A_POOL_FAMILY],
			       stage->extack, &family) ?:
	      parse_scheduler(stage, tb[VSB_A_POOL_SCHEDULER], &sched);
	return err ?: vsb_stage_pool_new(stage, name, owner, family, sched);
}

static int pool_set(struct vsb_stage *stage, struct nlattr **tb,
		    const void *attrs, int len)
{
	const struct vsb_scheduler *sched = NULL;
	const char *name, *owner;
	int err;

	err = parse_name(stage, tb[VSB_A_POOL_NAME], "name", &name) ?:
	      parse_owner(stage, tb[VSB_A_POOL_OWNER], &owner);
	if (!err && tb[VSB_A_POOL_SCHEDULER])
		err = parse_scheduler(stage, tb[VSB_A_POOL_SCHEDULER], &sched);
	return err ?: vsb_stage_pool_set(stage, name, owner, sched);
}

static int pool_del(struct vsb_stage *stage, struct nlattr **tb,
		    const void *attrs, int len)
{
	const char *name, *owner;
	int err;

	err = parse_name(stage, tb[VSB_A_POOL_NAME], "name", &name) ?:
	      parse_owner(stage, tb[VSB_A_POOL_OWNER], &owner);
	return err ?: vsb_stage_pool_del(stage, name, owner);
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
	if (tb[VSB_A_BACKEND_CONNECTIONS] || tb[VSB_A_BACKEND_STATS])
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

static int parse_key(struct vsb_stage *stage, struct nlattr **tb,
		     struct vsb_service_args *args)
{
	int err;

	*args = (struct vsb_service_args){ .elsewhere = -1 };
	err = vsb_parse_family(stage->vnet, tb[VSB_A_SERVICE_FAMILY],
			       stage->extack, &args->key.family) ?:
	      vsb_parse_protocol(stage->vnet, tb[VSB_A_SERVICE_PROTOCOL],
				 stage->extack, &args->key.protocol) ?:
	      parse_host(stage, tb[VSB_A_SERVICE_ADDRESS], args->key.family,
			 &args->key.addr) ?:
	      parse_owner(stage, tb[VSB_A_SERVICE_OWNER], &args->owner);
	if (!err && tb[VSB_A_SERVICE_PORT])
		args->key.port = nla_get_be16(tb[VSB_A_SERVICE_PORT]);
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

	err = parse_key(stage, tb, args) ?:
	      parse_label(stage, tb[VSB_A_SERVICE_LABEL], &args->label);
	if (err)
		return err;
	if (tb[VSB_A_SERVICE_ELSEWHERE])
		args->elsewhere = nla_get_u32(tb[VSB_A_SERVICE_ELSEWHERE]);
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

	err = parse_key(stage, tb, &args);
	return err ?: vsb_stage_service_del(stage, &args);
}

/* Settings, and all of an owner's objects */

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
	return vsb_parse_addr(stage->vnet, tb[VSB_A_CIDR_ADDRESS],
			      stage->extack, "cidr.address", cidr->family,
			      &cidr->addr);
}

static int parse_pod_cidrs(struct vsb_stage *stage, const struct nlattr *nest,
			   struct vsb_config *config)
{
	const struct nlattr *attr;
	int rest, err;

	config->n_pod_cidrs = 0;
	nla_for_each_nested(attr, nest, rest) {
		if (config->n_pod_cidrs == VSB_CIDRS_MAX)
			return refuse(stage, -ENOSPC,
				      "pod-cidrs: no more than %u",
				      VSB_CIDRS_MAX);
		err = parse_cidr(stage, attr,
				 &config->pod_cidrs[config->n_pod_cidrs]);
		if (err)
			return err;
		config->n_pod_cidrs++;
	}
	return 0;
}

static int config_set(struct vsb_stage *stage, struct nlattr **tb,
		      const void *attrs, int len)
{
	struct vsb_config *config = vsb_stage_config(stage);

	if (!config)
		return refuse(stage, -ENOMEM, "no memory");
	if (tb[VSB_A_CONFIG_ACCOUNTING])
		config->accounting = nla_get_u8(tb[VSB_A_CONFIG_ACCOUNTING]);
	if (tb[VSB_A_CONFIG_FINISHED_MAX])
		config->finished_max =
			nla_get_u32(tb[VSB_A_CONFIG_FINISHED_MAX]);
	if (config->finished_max > vsb_limit(stage->vnet, VSB_MAX_FINISHED))
		return refuse(stage, -ERANGE,
			      "finished-max: %u is more than %u",
			      config->finished_max,
			      vsb_limit(stage->vnet, VSB_MAX_FINISHED));
	if (tb[VSB_A_CONFIG_MASQUERADE_ALL])
		config->masquerade_all =
			nla_get_u8(tb[VSB_A_CONFIG_MASQUERADE_ALL]);
	if (!tb[VSB_A_CONFIG_POD_CIDRS])
		return 0;
	return parse_pod_cidrs(stage, tb[VSB_A_CONFIG_POD_CIDRS], config);
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
