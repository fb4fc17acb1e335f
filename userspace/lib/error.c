// SPDX-License-Identifier: GPL-2.0
/*
 * Owns sentences: of an extended acknowledgement it makes one that names the
 * attribute at fault by its path, "backend.weight: integer out of range (0 to
 * 65535)".
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

#include "internal.h"

#define SPACE(_names, _prefix)						\
	{								\
		.prefix = (_prefix),					\
		.names = (_names),					\
		.max = sizeof(_names) / sizeof((_names)[0]) - 1,	\
	}

static const struct vsb_attr_name stats_names[] = {
	[VSB_A_STATS_CONNECTIONS] = { "connections" },
	[VSB_A_STATS_PACKETS_IN] = { "packets-in" },
	[VSB_A_STATS_PACKETS_OUT] = { "packets-out" },
	[VSB_A_STATS_BYTES_IN] = { "bytes-in" },
	[VSB_A_STATS_BYTES_OUT] = { "bytes-out" },
	[VSB_A_STATS_RATE_CONNECTIONS] = { "rate-connections" },
	[VSB_A_STATS_RATE_PACKETS_IN] = { "rate-packets-in" },
	[VSB_A_STATS_RATE_PACKETS_OUT] = { "rate-packets-out" },
	[VSB_A_STATS_RATE_BYTES_IN] = { "rate-bytes-in" },
	[VSB_A_STATS_RATE_BYTES_OUT] = { "rate-bytes-out" },
};
static const struct vsb_attr_space stats_space = SPACE(stats_names, NULL);

static const struct vsb_attr_name pool_names[] = {
	[VSB_A_POOL_NAME] = { "name" },
	[VSB_A_POOL_OWNER] = { "owner" },
	[VSB_A_POOL_FAMILY] = { "family" },
	[VSB_A_POOL_SCHEDULER] = { "scheduler" },
	[VSB_A_POOL_BACKENDS] = { "backends" },
	[VSB_A_POOL_USERS] = { "users" },
	[VSB_A_POOL_AFFINITY_TIMEOUT] = { "affinity-timeout" },
	[VSB_A_POOL_AFFINITY_PREFIX_LEN] = { "affinity-prefix-len" },
	[VSB_A_POOL_STATS] = { "stats", &stats_space },
	[VSB_A_POOL_CHANGE] = { "change" },
	[VSB_A_POOL_GENERATION] = { "generation" },
	[VSB_A_POOL_SCHED_FLAGS] = { "sched-flags" },
	[VSB_A_POOL_TABLE_SIZE] = { "table-size" },
};
static const struct vsb_attr_space pool_space = SPACE(pool_names, "pool");

static const struct vsb_attr_name backend_names[] = {
	[VSB_A_BACKEND_ADDRESS] = { "address" },
	[VSB_A_BACKEND_PORT] = { "port" },
	[VSB_A_BACKEND_WEIGHT] = { "weight" },
	[VSB_A_BACKEND_STATE] = { "state" },
	[VSB_A_BACKEND_SETS] = { "sets" },
	[VSB_A_BACKEND_CONNECTIONS] = { "connections" },
	[VSB_A_BACKEND_STATS] = { "stats", &stats_space },
	[VSB_A_BACKEND_ACTIVE] = { "active" },
	[VSB_A_BACKEND_UPPER] = { "upper" },
	[VSB_A_BACKEND_LOWER] = { "lower" },
};
static const struct vsb_attr_space backend_space = SPACE(backend_names, NULL);

static const struct vsb_attr_name backends_names[] = {
	[VSB_A_BACKENDS_POOL] = { "pool" },
	[VSB_A_BACKENDS_OWNER] = { "owner" },
	[VSB_A_BACKENDS_BACKEND] = { "backend", &backend_space },
	[VSB_A_BACKENDS_CHANGE] = { "change" },
	[VSB_A_BACKENDS_GENERATION] = { "generation" },
};
static const struct vsb_attr_space backends_space = SPACE(backends_names, NULL);

static const struct vsb_attr_name route_names[] = {
	[VSB_A_ROUTE_SOURCES] = { "sources" },
	[VSB_A_ROUTE_POOL] = { "pool" },
	[VSB_A_ROUTE_SET] = { "set" },
	[VSB_A_ROUTE_MASQUERADE] = { "masquerade" },
};
static const struct vsb_attr_space route_space = SPACE(route_names, NULL);

static const struct vsb_attr_name cidr_names[] = {
	[VSB_A_CIDR_ADDRESS] = { "address" },
	[VSB_A_CIDR_PREFIX_LEN] = { "prefix-len" },
};
static const struct vsb_attr_space cidr_space = SPACE(cidr_names, NULL);

static const struct vsb_attr_name service_names[] = {
	[VSB_A_SERVICE_FAMILY] = { "family" },
	[VSB_A_SERVICE_PROTOCOL] = { "protocol" },
	[VSB_A_SERVICE_ADDRESS] = { "address" },
	[VSB_A_SERVICE_PORT] = { "port" },
	[VSB_A_SERVICE_OWNER] = { "owner" },
	[VSB_A_SERVICE_LABEL] = { "label" },
	[VSB_A_SERVICE_ROUTE] = { "route", &route_space },
	[VSB_A_SERVICE_ELSEWHERE] = { "elsewhere" },
	[VSB_A_SERVICE_STATS] = { "stats", &stats_space },
	[VSB_A_SERVICE_POOL] = { "pool" },
	[VSB_A_SERVICE_CHANGE] = { "change" },
	[VSB_A_SERVICE_GENERATION] = { "generation" },
	[VSB_A_SERVICE_KIND] = { "kind" },
	[VSB_A_SERVICE_MARK] = { "mark" },
	[VSB_A_SERVICE_FLAGS] = { "flags" },
	[VSB_A_SERVICE_RANGE] = { "range", &cidr_space },
	[VSB_A_SERVICE_RANGES] = { "ranges" },
};
static const struct vsb_attr_space service_space =
	SPACE(service_names, "service");

static const struct vsb_attr_name cidrs_names[] = {
	[VSB_A_CIDRS_CIDR] = { "cidr", &cidr_space },
};
static const struct vsb_attr_space cidrs_space = SPACE(cidrs_names, NULL);

static const struct vsb_attr_name devices_names[] = {
	[VSB_A_DEVICES_DEVICE] = { "device" },
};
static const struct vsb_attr_space devices_space = SPACE(devices_names, NULL);

static const struct vsb_attr_name config_names[] = {
	[VSB_A_CONFIG_ACCOUNTING] = { "accounting" },
	[VSB_A_CONFIG_FINISHED_MAX] = { "finished-max" },
	[VSB_A_CONFIG_MASQUERADE_ALL] = { "masquerade-all" },
	[VSB_A_CONFIG_POD_CIDRS] = { "pod-cidrs", &cidrs_space },
	[VSB_A_CONFIG_CHANGE] = { "change" },
	[VSB_A_CONFIG_GENERATION] = { "generation" },
	[VSB_A_CONFIG_POD_DEVICES] = { "pod-devices", &devices_space },
	[VSB_A_CONFIG_SERVICE_CIDRS] = { "service-cidrs", &cidrs_space },
	[VSB_A_CONFIG_NODE_PORT_CIDRS] = { "node-port-cidrs", &cidrs_space },
	[VSB_A_CONFIG_REJECT_RATE] = { "reject-rate" },
	[VSB_A_CONFIG_MAX_POOLS] = { "max-pools" },
	[VSB_A_CONFIG_MAX_SERVICES] = { "max-services" },
	[VSB_A_CONFIG_MAX_BACKENDS] = { "max-backends" },
	[VSB_A_CONFIG_AFFINITY_MAX] = { "affinity-max" },
	[VSB_A_CONFIG_TABLE_BYTES_MAX] = { "table-bytes-max" },
	[VSB_A_CONFIG_TIMEOUT_TCP] = { "timeout-tcp" },
	[VSB_A_CONFIG_TIMEOUT_TCP_FIN] = { "timeout-tcp-fin" },
	[VSB_A_CONFIG_TIMEOUT_UDP] = { "timeout-udp" },
};
static const struct vsb_attr_space config_space = SPACE(config_names, "config");

static const struct vsb_attr_name affinity_names[] = {
	[VSB_A_AFFINITY_POOL] = { "pool" },
	[VSB_A_AFFINITY_OWNER] = { "owner" },
	[VSB_A_AFFINITY_CLIENT] = { "client" },
	[VSB_A_AFFINITY_ADDRESS] = { "address" },
	[VSB_A_AFFINITY_PORT] = { "port" },
	[VSB_A_AFFINITY_EXPIRES] = { "expires" },
};
static const struct vsb_attr_space affinity_space =
	SPACE(affinity_names, "affinity");

/* Those of a request. */
static const struct vsb_attr_name connection_names[] = {
	[VSB_A_CONNECTION_POOL] = { "pool" },
	[VSB_A_CONNECTION_OWNER] = { "owner" },
};
static const struct vsb_attr_space connection_space =
	SPACE(connection_names, "connection");

static const struct vsb_attr_name txn_names[] = {
	[VSB_A_TXN_GENERATION] = { "generation" },
};
static const struct vsb_attr_space txn_space = SPACE(txn_names, "txn");

static const struct vsb_attr_name flush_names[] = {
	[VSB_A_FLUSH_OWNER] = { "owner" },
};
static const struct vsb_attr_space flush_space = SPACE(flush_names, "flush");

/* Those of a question; what is behind them comes in answers only. */
static const struct vsb_attr_name explain_names[] = {
	[VSB_A_EXPLAIN_FAMILY] = { "family" },
	[VSB_A_EXPLAIN_PROTOCOL] = { "protocol" },
	[VSB_A_EXPLAIN_SOURCE] = { "source" },
	[VSB_A_EXPLAIN_SOURCE_PORT] = { "source-port" },
	[VSB_A_EXPLAIN_DESTINATION] = { "destination" },
	[VSB_A_EXPLAIN_DESTINATION_PORT] = { "destination-port" },
	[VSB_A_EXPLAIN_IFINDEX] = { "ifindex" },
	[VSB_A_EXPLAIN_VRF] = { "vrf" },
	[VSB_A_EXPLAIN_MARK] = { "mark" },
};
static const struct vsb_attr_space explain_space =
	SPACE(explain_names, "explain");

/**
 * vsb_command_space() - the attributes of a command's requests
 * @command: VSB_CMD_*
 *
 * Return: their names, or NULL where the command has none.
 */
const struct vsb_attr_space *vsb_command_space(uint8_t command)
{
	switch (command) {
	case VSB_CMD_POOL_NEW ... VSB_CMD_POOL_ZERO:
		return &pool_space;
	case VSB_CMD_BACKEND_NEW ... VSB_CMD_BACKEND_GET:
		return &backends_space;
	case VSB_CMD_SERVICE_NEW ... VSB_CMD_RANGE_GET:
		return &service_space;
	case VSB_CMD_CONFIG_SET:
		return &config_space;
	case VSB_CMD_AFFINITY_SET ... VSB_CMD_AFFINITY_GET:
		return &affinity_space;
	case VSB_CMD_CONNECTION_GET:
		return &connection_space;
	case VSB_CMD_TXN_COMMIT:
		return &txn_space;
	case VSB_CMD_FLUSH:
		return &flush_space;
	case VSB_CMD_EXPLAIN:
		return &explain_space;
	default:
		return NULL;
	}
}

/** struct path - an attribute's path as it is being written */
struct path {
	char text[128];
	size_t len;
};

static void path_add(struct path *path, const char *name)
{
	int len;

	if (!name || path->len >= sizeof(path->text))
		return;
	len = snprintf(path->text + path->len, sizeof(path->text) - path->len,
		       "%s%s", path->len ? "." : "", name);
	path->len += len;
}

static const struct vsb_attr_name *name_of(const struct vsb_attr_space *space,
					   unsigned int type)
{
	static const struct vsb_attr_name unknown = {
		.name = "(unknown)",
	};

	if (!space || type > space->max || !space->names[type].name)
		return &unknown;

	return &space->names[type];
}

/*
 * Walks down to the attribute that stands @offset bytes behind the beginning
 * of the request, 0 for none; returns the attributes that may be inside it.
 */
static const struct vsb_attr_space *
path_walk(struct path *path, const struct nlmsghdr *request, uint32_t offset)
{
	const struct genlmsghdr *genl = nlmsg_data(request);
	const struct vsb_attr_space *space = vsb_command_space(genl->cmd);
	const char *target = (const char *)request + offset;
	struct nlattr *attr = genlmsg_attrdata(genl, 0);
	int left = genlmsg_attrlen(genl, 0);
	const struct vsb_attr_name *name;

	path_add(path, space ? space->prefix : NULL);
	while ((char *)attr <= target && nla_ok(attr, left)) {
		if ((char *)attr + NLA_ALIGN(attr->nla_len) <= target) {
			attr = nla_next(attr, &left);
			continue;
		}
		name = name_of(space, nla_type(attr));
		path_add(path, name->name);
		space = name->nested;
		if ((char *)attr == target || !space)
			break;
		left = nla_len(attr);
		attr = nla_data(attr);
	}

	return space;
}

static const char *last_of(const struct path *path)
{
	const char *dot = strrchr(path->text, '.');

	return dot ? dot + 1 : path->text;
}

/* What the policy allows, for messages that say only that it does not. */
static void explain_policy(char *text, size_t size, struct nlattr *policy)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1];
	struct nlattr *min, *max;

	text[0] = '\0';
	if (!policy ||
	    nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, policy, NULL) < 0)
		return;

	min = tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U];
	max = tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U];
	if (min && max && nla_len(min) == 8 && nla_len(max) == 8)
		snprintf(text, size, " (%" PRIu64 " to %" PRIu64 ")",
			 nla_get_u64(min), nla_get_u64(max));

	max = tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH];
	if (max && nla_len(max) == 4)
		snprintf(text, size, " (at most %" PRIu32 " bytes)",
			 nla_get_u32(max));
}

/* Linux 6.1 pads messages that it formats. */
static void trim(char *text)
{
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
}

/* "change 12: no such pool" of a refused commit: takes the number away. */
static long take_change(char *text)
{
	unsigned long change;
	char *end;

	if (strncmp(text, "change ", 7) || !isdigit((unsigned char)text[7]))
		return -1;
	change = strtoul(text + 7, &end, 10);
	if (strncmp(end, ": ", 2))
		return -1;
	memmove(text, end + 2, strlen(end + 2) + 1);

	return change;
}

static const char *plain_reason(int err)
{
	switch (err) {
	case -EPERM:
		return "this needs CAP_NET_ADMIN in the user namespace of this network namespace";
	case -EOPNOTSUPP:
		return "the module does not know this command; is it of another version?";
	default:
		return strerror(-err);
	}
}

static uint32_t u32(struct nlattr *attr)
{
	return attr && nla_len(attr) == 4 ? nla_get_u32(attr) : 0;
}

/* The attributes of an extended acknowledgement, behind the status. */
static int parse_ack(const struct nlmsghdr *reply, struct nlattr **tb)
{
	size_t skip = reply->nlmsg_type == NLMSG_DONE ? sizeof(int) :
					sizeof(struct nlmsgerr);
	int left = nlmsg_datalen(reply) - NLMSG_ALIGN(skip);

	if (!(reply->nlmsg_flags & NLM_F_ACK_TLVS) || left < 0)
		return nla_parse(tb, NLMSGERR_ATTR_MAX, NULL, 0, NULL);

	return nla_parse(tb, NLMSGERR_ATTR_MAX,
			 (struct nlattr *)((char *)nlmsg_data(reply) +
					   NLMSG_ALIGN(skip)), left, NULL);
}

static void take_message(char *text, size_t size, struct nlattr *attr)
{
	text[0] = '\0';
	if (attr)
		snprintf(text, size, "%.*s", nla_len(attr),
			 (const char *)nla_data(attr));
	trim(text);
}

/* The path of the attribute that is wrong or missing, empty where none is. */
static void find_path(struct path *path, const struct nlmsghdr *request,
		      struct nlattr **tb)
{
	struct nlattr *type = tb[NLMSGERR_ATTR_MISS_TYPE];
	const struct vsb_attr_space *space;

	if (!type && !tb[NLMSGERR_ATTR_OFFS])
		return;

	space = path_walk(path, request, u32(tb[type ? NLMSGERR_ATTR_MISS_NEST :
						       NLMSGERR_ATTR_OFFS]));
	if (type)
		path_add(path, name_of(space, u32(type))->name);
}

/**
 * vsb_problem_explain() - make a sentence of a refusal
 * @problem: with the error set; gets the text, and the change that it names
 * @request: what was refused
 * @reply: the kernel's message
 */
void vsb_problem_explain(struct vsb_problem *problem,
			 const struct nlmsghdr *request,
			 const struct nlmsghdr *reply)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	struct path path = { .len = 0 };
	char message[512], range[64];

	if (parse_ack(reply, tb) < 0)
		memset(tb, 0, sizeof(tb));

	take_message(message, sizeof(message), tb[NLMSGERR_ATTR_MSG]);
	if (!message[0])
		snprintf(message, sizeof(message), "%s",
			 tb[NLMSGERR_ATTR_MISS_TYPE] ?
			 "missing" : plain_reason(problem->err));
	explain_policy(range, sizeof(range), tb[NLMSGERR_ATTR_POLICY]);

	/* A commit's refusal is about a message of before. */
	problem->change = take_change(message);
	if (problem->change < 0)
		find_path(&path, request, tb);

	/* The module's own sentences name the attribute themselves. */
	if (path.len && !strstr(message, last_of(&path)))
		snprintf(problem->text, sizeof(problem->text), "%s: %s%s",
			 path.text, message, range);
	else
		snprintf(problem->text, sizeof(problem->text), "%s%s",
			 message, range);
}

/** vsb_problem_reset() - forget what went wrong before */
void vsb_problem_reset(struct vsb *vsb)
{
	vsb->problem.err = 0;
	vsb->problem.seq = 0;
	vsb->problem.change = -1;
	vsb->problem.call = -1;
	snprintf(vsb->problem.text, sizeof(vsb->problem.text), "no error");
}

/**
 * vsb_fail() - note an error that is not the kernel's
 * @vsb: the handle
 * @err: negative errno value
 * @format: of the sentence
 *
 * Return: @err
 */
int vsb_fail(struct vsb *vsb, int err, const char *format, ...)
{
	va_list args;

	vsb_problem_reset(vsb);
	vsb->problem.err = err;
	va_start(args, format);
	vsnprintf(vsb->problem.text, sizeof(vsb->problem.text), format, args);
	va_end(args);

	return err;
}

/** vsb_fail_size() - note that the handle's message has no more room */
int vsb_fail_size(struct vsb *vsb)
{
	return vsb_fail(vsb, -EMSGSIZE, "the request does not fit a message");
}

/** vsb_check_family() - note a family that is none of ours */
int vsb_check_family(struct vsb *vsb, uint16_t family)
{
	if (vsb_addr_len(family))
		return 0;

	return vsb_fail(vsb, -EAFNOSUPPORT,
			"family: must be AF_INET or AF_INET6");
}
