// SPDX-License-Identifier: GPL-2.0
/* libvsb's listings and questions: what comes back, and what if it is odd. */
#include <arpa/inet.h>
#include <stdio.h>

#include "test_lib_kernel.h"

/* ---- objects there and back */

static const struct vsb_service service = {
	.family = AF_INET6, .protocol = IPPROTO_UDP, .port = 53,
	.addr.in6.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 },
	.owner = "vsbd", .label = "default/dns:dns",
	.routes = {
		{ .sources = VSB_SOURCE_POD, .pool = "a", .set = 1 },
		{ .sources = VSB_SOURCE_NODE, .pool = "a", .set = 1,
		  .masquerade = true },
		{ .sources = VSB_SOURCE_OUTSIDE, .pool = "a", .set = 1 },
	},
	.n_routes = 3,
	.given = VSB_SERVICE_ELSEWHERE | VSB_SERVICE_FLAGS,
	.elsewhere = VSB_ACTION_REJECT, .flags = VSB_FLAG_CLUSTER_IP,
};

static void test_service(void **state)
{
	struct nl_msg *msg = reply_new(VSB_CMD_SERVICE_NEW, 0);
	struct vsb_service back;

	(void)state;
	assert_int_equal(vsb_encode_service(msg, &service, false), 0);
	assert_int_equal(vsb_decode_service(nlmsg_hdr(msg), &back), 0);
	assert_int_equal(back.family, AF_INET6);
	assert_int_equal(back.protocol, IPPROTO_UDP);
	assert_int_equal(back.port, 53);
	assert_memory_equal(&back.addr, &service.addr, 16);
	assert_string_equal(back.owner, "vsbd");
	assert_string_equal(back.label, "default/dns:dns");
	assert_int_equal(back.elsewhere, VSB_ACTION_REJECT);
	assert_int_equal(back.given, VSB_SERVICE_ELSEWHERE |
			 VSB_SERVICE_FLAGS);
	assert_int_equal(back.flags, VSB_FLAG_CLUSTER_IP);
	assert_int_equal(back.kind, VSB_KIND_VIP);

	/* Kinds that are routed alike are joined. */
	assert_int_equal(back.n_routes, 2);
	assert_int_equal(back.routes[0].sources,
			 VSB_SOURCE_POD | VSB_SOURCE_OUTSIDE);
	assert_string_equal(back.routes[0].pool, "a");
	assert_int_equal(back.routes[0].set, 1);
	assert_false(back.routes[0].masquerade);
	assert_int_equal(back.routes[1].sources, VSB_SOURCE_NODE);
	assert_true(back.routes[1].masquerade);
	nlmsg_free(msg);
}

/* The types of a message's attributes, as bits. */
static unsigned int types_of(const struct nlmsghdr *nlh)
{
	struct nlattr *attr = genlmsg_attrdata(nlmsg_data(nlh), 0);
	int left = genlmsg_attrlen(nlmsg_data(nlh), 0);
	unsigned int types = 0;

	for (; nla_ok(attr, left); attr = nla_next(attr, &left))
		types |= 1U << nla_type(attr);

	return types;
}

#define SERVICE_BIT(name) (1U << VSB_A_SERVICE_##name)

/* A key is of what its kind has, and no more. */
static void test_kinds(void **state)
{
	static const struct {
		struct vsb_service key;
		unsigned int types;
	} kinds[] = {
		{ { .kind = VSB_KIND_VIP, .family = AF_INET,
		    .protocol = IPPROTO_TCP, .port = 80 },
		  SERVICE_BIT(FAMILY) | SERVICE_BIT(PROTOCOL) |
		  SERVICE_BIT(ADDRESS) | SERVICE_BIT(PORT) },
		{ { .kind = VSB_KIND_NODE_PORT, .family = AF_INET6,
		    .protocol = IPPROTO_SCTP, .port = 30080 },
		  SERVICE_BIT(KIND) | SERVICE_BIT(FAMILY) |
		  SERVICE_BIT(PROTOCOL) | SERVICE_BIT(PORT) },
		{ { .kind = VSB_KIND_MARK, .family = AF_INET6,
		    .mark = 0xffffffff },
		  SERVICE_BIT(KIND) | SERVICE_BIT(FAMILY) | SERVICE_BIT(MARK) },
	};
	struct vsb_service back;
	struct nl_msg *msg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		msg = reply_new(VSB_CMD_SERVICE_DEL, 0);
		assert_int_equal(vsb_encode_service(msg, &kinds[i].key, true),
				 0);
		assert_int_equal(types_of(nlmsg_hdr(msg)), kinds[i].types);
		assert_int_equal(vsb_decode_service(nlmsg_hdr(msg), &back), 0);
		assert_int_equal(back.kind, kinds[i].key.kind);
		assert_int_equal(back.family, kinds[i].key.family);
		assert_int_equal(back.protocol, kinds[i].key.protocol);
		assert_int_equal(back.port, kinds[i].key.port);
		assert_int_equal(back.mark, kinds[i].key.mark);
		nlmsg_free(msg);
	}
}

/* Keys that the kernel does not make. */
static void test_bad_kinds(void **state)
{
	static const struct { uint32_t kind; uint16_t family; } keys[] = {
		{ VSB_KIND_VIP, AF_INET }, { VSB_KIND_MARK, AF_UNIX },
		{ VSB_KIND_NODE_PORT, 0 }, { VSB_KIND_MARK + 1, AF_INET },
	};
	struct vsb_service back;
	struct nl_msg *msg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		msg = reply_new(VSB_CMD_SERVICE_GET, 0);
		nla_put_u32(msg, VSB_A_SERVICE_KIND, keys[i].kind);
		nla_put_u16(msg, VSB_A_SERVICE_FAMILY, keys[i].family);
		assert_int_equal(vsb_decode_service(nlmsg_hdr(msg), &back),
				 -EBADMSG);
		nlmsg_free(msg);
	}
}

static void put_stats(struct nl_msg *msg, int type)
{
	struct nlattr *nest = nla_nest_start(msg, type);

	nla_put_u64(msg, VSB_A_STATS_CONNECTIONS, 1ULL << 40);
	nla_nest_end(msg, nest);
}

static void test_pool(void **state)
{
	struct vsb_pool pool = {
		.name = "web", .owner = "admin", .scheduler = "rr",
		.family = AF_INET6, .affinity_timeout = 10800,
		.affinity_prefix_len = 64, .table_size = 251,
		.sched_flags = VSB_SCHED_FLAG_PORT,
		.given = VSB_POOL_AFFINITY_TIMEOUT |
			 VSB_POOL_AFFINITY_PREFIX_LEN |
			 VSB_POOL_SCHED_FLAGS | VSB_POOL_TABLE_SIZE,
	};
	struct nl_msg *msg = reply_new(VSB_CMD_POOL_NEW, 0);
	struct vsb_pool back;

	(void)state;
	assert_int_equal(vsb_encode_pool(msg, &pool, VSB_CMD_POOL_NEW), 0);
	assert_int_equal(vsb_decode_pool(nlmsg_hdr(msg), &back), 0);
	assert_int_equal(back.given, pool.given);
	assert_int_equal(back.affinity_timeout, 10800);
	assert_int_equal(back.affinity_prefix_len, 64);
	assert_int_equal(back.sched_flags, VSB_SCHED_FLAG_PORT);
	assert_int_equal(back.table_size, 251);
	put_stats(msg, VSB_A_POOL_STATS);
	assert_int_equal(vsb_decode_pool(nlmsg_hdr(msg), &back), 0);
	assert_true(back.given & VSB_POOL_STATS);
	assert_true(back.stats.connections == 1ULL << 40);
	nlmsg_free(msg);

	/* What is not given is left out; 0 can be given. */
	pool.given = VSB_POOL_AFFINITY_TIMEOUT;
	pool.affinity_timeout = 0;
	pool.scheduler = NULL;
	msg = reply_new(VSB_CMD_POOL_SET, 0);
	assert_int_equal(vsb_encode_pool(msg, &pool, VSB_CMD_POOL_SET), 0);
	assert_int_equal(types_of(nlmsg_hdr(msg)), 1U << VSB_A_POOL_NAME |
			 1U << VSB_A_POOL_OWNER |
			 1U << VSB_A_POOL_AFFINITY_TIMEOUT);
	nlmsg_free(msg);

	/* Nor has a deletion, or zeroing, settings. */
	msg = reply_new(VSB_CMD_POOL_ZERO, 0);
	assert_int_equal(vsb_encode_pool(msg, &pool, VSB_CMD_POOL_ZERO), 0);
	assert_int_equal(types_of(nlmsg_hdr(msg)), 1U << VSB_A_POOL_NAME |
			 1U << VSB_A_POOL_OWNER);
	nlmsg_free(msg);
}

static void test_range(void **state)
{
	const struct vsb_service key = {
		.kind = VSB_KIND_MARK, .family = AF_INET6, .mark = 7,
		.owner = "admin",
	};
	struct vsb_cidr cidr = { .family = AF_INET6, .prefix_len = 33 }, back;
	struct nl_msg *msg = reply_new(VSB_CMD_RANGE_NEW, 0);
	struct vsb_service of;

	(void)state;
	inet_pton(AF_INET6, "2001:db8::", &cidr.addr);
	assert_int_equal(vsb_encode_ranges(msg, &key, &cidr, 1), 0);
	assert_int_equal(vsb_decode_range(nlmsg_hdr(msg), &of, &back), 0);
	assert_int_equal(of.kind, VSB_KIND_MARK);
	assert_int_equal(of.mark, 7);
	assert_string_equal(of.owner, "admin");
	assert_int_equal(back.family, AF_INET6);
	assert_int_equal(back.prefix_len, 33);
	assert_memory_equal(&back.addr, &cidr.addr, 16);
	nlmsg_free(msg);

	msg = reply_new(VSB_CMD_RANGE_NEW, 0);
	assert_int_equal(vsb_encode_ranges(msg, &key, NULL, 0), 0);
	assert_int_equal(vsb_decode_range(nlmsg_hdr(msg), &of, &back),
			 -EBADMSG);
	nlmsg_free(msg);
}

#define AFFINITY_BIT(name) (1U << VSB_A_AFFINITY_##name)

static void test_affinity(void **state)
{
	static const struct { uint8_t command; unsigned int types; } ways[] = {
		{ VSB_CMD_AFFINITY_SET, AFFINITY_BIT(POOL) |
		  AFFINITY_BIT(OWNER) | AFFINITY_BIT(CLIENT) |
		  AFFINITY_BIT(ADDRESS) | AFFINITY_BIT(PORT) },
		{ VSB_CMD_AFFINITY_DEL, AFFINITY_BIT(POOL) |
		  AFFINITY_BIT(OWNER) | AFFINITY_BIT(CLIENT) },
		{ VSB_CMD_AFFINITY_GET, AFFINITY_BIT(POOL) |
		  AFFINITY_BIT(OWNER) },
	};
	struct vsb_affinity affinity = {
		.pool = "web", .owner = "admin", .family = AF_INET,
		.client.in4.s_addr = 0x0100000a, .addr.in4.s_addr = 0x0200000a,
		.port = 8080,
	};
	struct vsb_affinity back;
	struct nl_msg *msg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		msg = reply_new(ways[i].command, 0);
		assert_int_equal(vsb_encode_affinity(msg, &affinity,
						     ways[i].command), 0);
		assert_int_equal(types_of(nlmsg_hdr(msg)), ways[i].types);
		nlmsg_free(msg);
	}

	affinity.given = VSB_AFFINITY_EXPIRES;
	affinity.expires = 0;
	msg = reply_new(VSB_CMD_AFFINITY_SET, 0);
	assert_int_equal(vsb_encode_affinity(msg, &affinity,
					     VSB_CMD_AFFINITY_SET), 0);
	assert_int_equal(types_of(nlmsg_hdr(msg)),
			 ways[0].types | AFFINITY_BIT(EXPIRES));
	assert_int_equal(vsb_decode_affinity(nlmsg_hdr(msg), &back), 0);
	assert_string_equal(back.pool, "web");
	assert_string_equal(back.owner, "admin");
	assert_int_equal(back.family, AF_INET);
	assert_int_equal(back.client.in4.s_addr, 0x0100000a);
	assert_int_equal(back.addr.in4.s_addr, 0x0200000a);
	assert_int_equal(back.port, 8080);
	assert_int_equal(back.given, VSB_AFFINITY_EXPIRES);
	nlmsg_free(msg);

	/* Addresses of two families. */
	msg = reply_new(VSB_CMD_AFFINITY_GET, 0);
	nla_put_string(msg, VSB_A_AFFINITY_POOL, "web");
	nla_put(msg, VSB_A_AFFINITY_CLIENT, 16, &service.addr);
	nla_put_u32(msg, VSB_A_AFFINITY_ADDRESS, 1);
	assert_int_equal(vsb_decode_affinity(nlmsg_hdr(msg), &back), -EBADMSG);
	nlmsg_free(msg);
}

static void test_backend(void **state)
{
	const struct vsb_pool pool = {
		.name = "web", .owner = "admin", .family = AF_INET,
	};
	const struct vsb_backend backend = {
		.addr.in4.s_addr = 0x0100000a, .port = 8080,
		.given = VSB_BACKEND_WEIGHT | VSB_BACKEND_STATE |
			 VSB_BACKEND_SETS | VSB_BACKEND_UPPER |
			 VSB_BACKEND_LOWER,
		.upper = 100, .lower = 75, .weight = 65535, .state = VSB_STATE_DRAINING, .sets = 0x82,
	};
	struct nl_msg *msg = reply_new(VSB_CMD_BACKEND_NEW, 0);
	struct vsb_backend back;
	struct vsb_pool of;

	(void)state;
	assert_int_equal(vsb_encode_backends(msg, &pool, &backend, 1, false),
			 0);
	assert_int_equal(vsb_decode_backend(nlmsg_hdr(msg), &of, &back), 0);
	assert_string_equal(of.name, "web");
	assert_string_equal(of.owner, "admin");
	assert_int_equal(of.family, AF_INET);
	assert_int_equal(back.addr.in4.s_addr, backend.addr.in4.s_addr);
	assert_int_equal(back.port, 8080);
	assert_int_equal(back.weight, 65535);
	assert_int_equal(back.state, VSB_STATE_DRAINING);
	assert_int_equal(back.sets, 0x82);
	assert_int_equal(back.upper, 100);
	assert_int_equal(back.lower, 75);
	assert_int_equal(back.given, backend.given);
	assert_int_equal(back.active, 0);
	nlmsg_free(msg);
}

/* What a listing has besides. */
static void test_active(void **state)
{
	struct nl_msg *msg = reply_new(VSB_CMD_BACKEND_GET, 0);
	struct vsb_backend back;
	struct nlattr *nest;
	struct vsb_pool of;

	(void)state;
	nla_put_string(msg, VSB_A_BACKENDS_POOL, "web");
	nest = nla_nest_start(msg, VSB_A_BACKENDS_BACKEND);
	nla_put_u32(msg, VSB_A_BACKEND_ADDRESS, 0x0100000a);
	nla_put_u32(msg, VSB_A_BACKEND_CONNECTIONS, 7);
	nla_put_u32(msg, VSB_A_BACKEND_ACTIVE, 3);
	nla_nest_end(msg, nest);
	assert_int_equal(vsb_decode_backend(nlmsg_hdr(msg), &of, &back), 0);
	assert_int_equal(back.connections, 7);
	assert_int_equal(back.active, 3);
	nlmsg_free(msg);
}

static void test_config(void **state)
{
	struct vsb_config config = {
		.given = VSB_CONFIG_ALL,
		.accounting = true, .finished_max = 64,
		.pod_cidrs = {
			.n = 2,
			.cidrs = {
				{ .family = AF_INET, .prefix_len = 16 },
				{ .family = AF_INET6, .prefix_len = 64 },
			},
		},
		.pod_devices = { "cni0", "veth*" }, .n_pod_devices = 2,
		.service_cidrs = {
			.n = 1,
			.cidrs = { { .family = AF_INET, .prefix_len = 12 } },
		},
		.reject_rate = 1, .max_pools = 2, .max_services = 3,
		.max_backends = 4, .affinity_max = 128,
	};
	struct nl_msg *msg = reply_new(VSB_CMD_CONFIG_SET, 0);
	struct vsb_config back;

	(void)state;
	inet_pton(AF_INET, "10.244.0.0", &config.pod_cidrs.cidrs[0].addr);
	inet_pton(AF_INET6, "fd00:244::", &config.pod_cidrs.cidrs[1].addr);
	assert_int_equal(vsb_encode_config(msg, &config), 0);
	assert_int_equal(vsb_decode_config(nlmsg_hdr(msg), &back), 0);
	assert_int_equal(back.given, config.given);
	assert_true(back.accounting);
	assert_false(back.masquerade_all);
	assert_int_equal(back.finished_max, 64);
	assert_int_equal(back.pod_cidrs.n, 2);
	assert_int_equal(back.pod_cidrs.cidrs[0].family, AF_INET);
	assert_int_equal(back.pod_cidrs.cidrs[1].prefix_len, 64);
	assert_memory_equal(&back.pod_cidrs.cidrs[1].addr,
			    &config.pod_cidrs.cidrs[1].addr, 16);
	assert_int_equal(back.n_pod_devices, 2);
	assert_string_equal(back.pod_devices[0], "cni0");
	assert_string_equal(back.pod_devices[1], "veth*");
	assert_int_equal(back.service_cidrs.n, 1);
	assert_int_equal(back.service_cidrs.cidrs[0].prefix_len, 12);
	assert_int_equal(back.node_port_cidrs.n, 0);
	assert_int_equal(back.reject_rate, 1);
	assert_int_equal(back.max_pools, 2);
	assert_int_equal(back.max_services, 3);
	assert_int_equal(back.max_backends, 4);
	assert_int_equal(back.affinity_max, 128);
	nlmsg_free(msg);
}

/* That there are none is said by a nest with nothing inside. */
static void test_empty_settings(void **state)
{
	static const uint32_t lists[] = {
		VSB_CONFIG_POD_CIDRS, VSB_CONFIG_POD_DEVICES,
		VSB_CONFIG_SERVICE_CIDRS, VSB_CONFIG_NODE_PORT_CIDRS,
	};
	struct vsb_config config = { .given = 0 };
	struct nl_msg *msg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		config.given = lists[i];
		msg = reply_new(VSB_CMD_CONFIG_SET, 0);
		assert_int_equal(vsb_encode_config(msg, &config), 0);
		assert_int_equal(genlmsg_attrlen(nlmsg_data(nlmsg_hdr(msg)),
						 0), 4);
		nlmsg_free(msg);
	}
}

/* A list that is longer than any can be, a name that does not end. */
static void test_bad_settings(void **state)
{
	struct nl_msg *msg = reply_new(VSB_CMD_CONFIG_GET, 0);
	struct vsb_config back;
	struct nlattr *nest;
	int i;

	(void)state;
	nest = nla_nest_start(msg, VSB_A_CONFIG_POD_DEVICES);
	nla_put(msg, VSB_A_DEVICES_DEVICE, 20, "aaaaaaaaaaaaaaaaaaaaaaaa");
	nla_nest_end(msg, nest);
	assert_int_equal(vsb_decode_config(nlmsg_hdr(msg), &back), 0);
	assert_string_equal(back.pod_devices[0], "aaaaaaaaaaaaaaa");
	nlmsg_free(msg);

	msg = reply_new(VSB_CMD_CONFIG_GET, 0);
	nest = nla_nest_start(msg, VSB_A_CONFIG_POD_DEVICES);
	for (i = 0; i <= VSB_POD_DEVICES_MAX; i++)
		nla_put_string(msg, VSB_A_DEVICES_DEVICE, "x");
	nla_nest_end(msg, nest);
	assert_int_equal(vsb_decode_config(nlmsg_hdr(msg), &back), -EBADMSG);
	nlmsg_free(msg);

	msg = reply_new(VSB_CMD_CONFIG_GET, 0);
	nest = nla_nest_start(msg, VSB_A_CONFIG_SERVICE_CIDRS);
	for (i = 0; i <= VSB_CIDRS_MAX; i++) {
		struct nlattr *cidr = nla_nest_start(msg, VSB_A_CIDRS_CIDR);

		nla_put_u32(msg, VSB_A_CIDR_ADDRESS, 10);
		nla_nest_end(msg, cidr);
	}
	nla_nest_end(msg, nest);
	assert_int_equal(vsb_decode_config(nlmsg_hdr(msg), &back), -EBADMSG);
	nlmsg_free(msg);
}

/* ---- dumps */

/**
 * struct dump_kernel - a kernel that has so many services
 * @n: how many
 * @interruptions: so many dumps are overtaken by a commit
 * @dumps: so many there were
 * @done_error: how the dump ends
 */
struct dump_kernel {
	unsigned int n, interruptions, dumps;
	int done_error;
};

static void dump(struct kernel *kernel, const struct nlmsghdr *request)
{
	struct dump_kernel *dumps = kernel->arg;
	struct nlmsghdr old = *request;
	struct vsb_service one = service;
	uint16_t interrupted;
	unsigned int i;
	struct nl_msg *msg;

	assert_true(request->nlmsg_flags & NLM_F_DUMP);
	assert_false(request->nlmsg_flags & NLM_F_ACK);
	interrupted = dumps->dumps++ < dumps->interruptions ?
		NLM_F_DUMP_INTR : 0;

	/* What is left of a question that was given up. */
	old.nlmsg_seq--;
	kernel_error(kernel, &old, -EIO, "long ago", 0);

	for (i = 0; i < dumps->n; i++) {
		msg = reply_new(VSB_CMD_SERVICE_GET, NLM_F_MULTI |
				(i == dumps->n / 2 ? interrupted : 0));
		one.port = i;
		vsb_encode_service(msg, &one, false);
		kernel_reply(kernel, request, msg);
	}
	kernel_done(kernel, request, dumps->done_error, 0);
}

struct seen {
	unsigned int n, stop_at;
};

static int count(const struct vsb_service *one, void *arg)
{
	struct seen *seen = arg;

	assert_string_equal(one->label, service.label);
	assert_int_equal(one->port, seen->n & 0xffff);
	if (++seen->n == seen->stop_at)
		return -ENOSPC;

	return 0;
}

static void test_dump(void **state)
{
	struct dump_kernel dumps = { .n = 3000, .interruptions = 2 };
	struct kernel kernel = { .answer = dump, .arg = &dumps };
	struct vsb *vsb = kernel_open(&kernel);
	struct seen seen = { .n = 0 };

	(void)state;
	assert_int_equal(vsb_services_each(vsb, NULL, count, &seen), 0);
	assert_int_equal(seen.n, 3000);
	assert_int_equal(dumps.dumps, 3);

	seen = (struct seen){ .stop_at = 5 };
	assert_int_equal(vsb_services_each(vsb, NULL, count, &seen), -ENOSPC);
	assert_int_equal(seen.n, 5);
	vsb_close(vsb);
}

static void test_dump_gives_up(void **state)
{
	struct dump_kernel dumps = { .n = 2, .interruptions = 1000 };
	struct kernel kernel = { .answer = dump, .arg = &dumps };
	struct vsb *vsb = kernel_open(&kernel);
	struct seen seen = { .n = 0 };

	(void)state;
	assert_int_equal(vsb_services_each(vsb, NULL, count, &seen), -EINTR);
	assert_int_equal(seen.n, 0);
	assert_int_equal(dumps.dumps, VSB_DUMP_TRIES);
	assert_non_null(strstr(vsb_error(vsb), "100 times"));
	vsb_close(vsb);
}

static void test_dump_error(void **state)
{
	struct dump_kernel dumps = { .n = 2, .done_error = -EPERM };
	struct kernel kernel = { .answer = dump, .arg = &dumps };
	struct vsb *vsb = kernel_open(&kernel);
	struct seen seen = { .n = 0 };

	(void)state;
	assert_int_equal(vsb_services_each(vsb, NULL, count, &seen), -EPERM);
	assert_int_equal(seen.n, 0);
	assert_int_equal(vsb_failed_change(vsb), -1);
	vsb_close(vsb);
}

/* ---- filters */

static void check_filter(struct kernel *kernel, const struct nlmsghdr *request)
{
	unsigned int *types = kernel->arg;

	*types = types_of(request);
	kernel_done(kernel, request, 0, 0);
}

static void test_filters(void **state)
{
	unsigned int types;
	struct kernel kernel = { .answer = check_filter, .arg = &types };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_service filter = { .family = AF_INET };
	const struct vsb_pool pool = { .owner = "vsbd", .family = AF_INET };
	const struct vsb_affinity affinity = {
		.pool = "web", .family = AF_INET,
	};

	(void)state;
	vsb_services_each(vsb, NULL, NULL, NULL);
	assert_int_equal(types, 0);
	vsb_services_each(vsb, &filter, NULL, NULL);
	assert_int_equal(types, 1U << VSB_A_SERVICE_FAMILY);
	filter.family = 0;
	filter.protocol = IPPROTO_TCP;
	filter.owner = "vsbd";
	filter.n_routes = 1;
	filter.routes[0].pool = "web";
	vsb_services_each(vsb, &filter, NULL, NULL);
	assert_int_equal(types, 1U << VSB_A_SERVICE_PROTOCOL |
				1U << VSB_A_SERVICE_OWNER |
				1U << VSB_A_SERVICE_POOL);
	filter = (struct vsb_service){
		.family = AF_INET6,
		.given = VSB_SERVICE_KIND | VSB_SERVICE_ADDR | VSB_SERVICE_PORT,
	};
	vsb_ranges_each(vsb, &filter, NULL, NULL);
	assert_int_equal(types, SERVICE_BIT(KIND) | SERVICE_BIT(FAMILY) |
				SERVICE_BIT(ADDRESS) | SERVICE_BIT(PORT));
	filter = (struct vsb_service){ .mark = 5 };
	vsb_ranges_each(vsb, &filter, NULL, NULL);
	assert_int_equal(types, SERVICE_BIT(MARK));
	vsb_ranges_each(vsb, NULL, NULL, NULL);
	assert_int_equal(types, 0);
	vsb_affinity_each(vsb, &affinity, NULL, NULL);
	assert_int_equal(types, AFFINITY_BIT(POOL));
	vsb_affinity_each(vsb, NULL, NULL, NULL);
	assert_int_equal(types, 0);
	vsb_pools_each(vsb, &pool, NULL, NULL);
	assert_int_equal(types, 1U << VSB_A_POOL_OWNER);
	vsb_backends_each(vsb, &pool, NULL, NULL);
	assert_int_equal(types, 1U << VSB_A_BACKENDS_OWNER);
	vsb_close(vsb);
}

/* ---- questions */

static void put_candidate(struct nl_msg *msg, uint16_t port)
{
	struct nlattr *nest = nla_nest_start(msg, VSB_A_EXPLAIN_BACKEND);

	nla_put_u32(msg, VSB_A_BACKEND_ADDRESS, 0x0100000a);
	nla_put_u16(msg, VSB_A_BACKEND_PORT, htons(port));
	nla_put_u32(msg, VSB_A_BACKEND_WEIGHT, 3);
	nla_nest_end(msg, nest);
}

static void put_picked(struct nl_msg *msg, int attr, uint16_t port)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	nla_put_u32(msg, VSB_A_BACKEND_ADDRESS, 0x0100000a);
	nla_put_u16(msg, VSB_A_BACKEND_PORT, htons(port));
	nla_nest_end(msg, nest);
}

static void explain(struct kernel *kernel, const struct nlmsghdr *request)
{
	struct nl_msg *msg = reply_new(VSB_CMD_EXPLAIN, 0);
	struct nlattr *nest;
	int i;

	nla_put_u32(msg, VSB_A_EXPLAIN_VERDICT, VSB_VERDICT_DNAT);
	nla_put_u32(msg, VSB_A_EXPLAIN_REASON, VSB_REASON_CANDIDATES);
	nla_put_u32(msg, VSB_A_EXPLAIN_SOURCE_KIND, VSB_SOURCE_NODE);
	nest = nla_nest_start(msg, VSB_A_EXPLAIN_SERVICE);
	nla_put_u32(msg, VSB_A_SERVICE_REF_ADDRESS, 0x010200c0);
	nla_put_u16(msg, VSB_A_SERVICE_REF_PORT, htons(80));
	nla_put_string(msg, VSB_A_SERVICE_REF_OWNER, "admin");
	nla_put_string(msg, VSB_A_SERVICE_REF_LABEL, "");
	nla_nest_end(msg, nest);
	nla_put_string(msg, VSB_A_EXPLAIN_POOL, "web");
	nla_put_u32(msg, VSB_A_EXPLAIN_SET, 2);
	nla_put_string(msg, VSB_A_EXPLAIN_SCHEDULER, "rr");
	nla_put_u8(msg, VSB_A_EXPLAIN_MASQUERADE, 1);
	nla_put_u32(msg, VSB_A_EXPLAIN_CANDIDATES, 2000);
	for (i = 0; i < VSB_EXPLAIN_BACKENDS_MAX; i++)
		put_candidate(msg, i);
	put_picked(msg, VSB_A_EXPLAIN_AFFINITY, 9);
	put_picked(msg, VSB_A_EXPLAIN_CHOICE, 10);
	kernel_reply(kernel, request, msg);
	kernel_agree(kernel, request);
}

static void test_explain(void **state)
{
	struct kernel kernel = { .answer = explain };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_query query = { .family = AF_INET, .protocol = 6 };
	struct vsb_answer *answer;

	(void)state;
	assert_int_equal(vsb_explain(vsb, &query, &answer), 0);
	assert_int_equal(answer->verdict, VSB_VERDICT_DNAT);
	assert_int_equal(answer->reason, VSB_REASON_CANDIDATES);
	assert_int_equal(answer->source, VSB_SOURCE_NODE);
	assert_true(answer->service);
	assert_int_equal(answer->kind, VSB_KIND_VIP);
	assert_int_equal(answer->port, 80);
	assert_string_equal(answer->owner, "admin");
	assert_null(answer->label);
	assert_string_equal(answer->pool, "web");
	assert_int_equal(answer->set, 2);
	assert_true(answer->masquerade);
	assert_int_equal(answer->candidates, 2000);
	assert_int_equal(answer->n_backends, VSB_EXPLAIN_BACKENDS_MAX);
	assert_int_equal(answer->backends[7].port, 7);
	assert_int_equal(answer->backends[7].weight, 3);
	assert_true(answer->has_affinity);
	assert_int_equal(answer->affinity.port, 9);
	assert_true(answer->has_choice);
	assert_int_equal(answer->choice.port, 10);
	vsb_answer_free(answer);

	/* Who never answers. */
	kernel.answer = kernel_agree;
	assert_int_equal(vsb_explain(vsb, &query, &answer), -EBADMSG);
	assert_null(answer);
	vsb_answer_free(answer);
	query.family = 0;
	assert_int_equal(vsb_explain(vsb, &query, &answer), -EAFNOSUPPORT);
	vsb_close(vsb);
}

static void explain_mark(struct kernel *kernel, const struct nlmsghdr *request)
{
	const unsigned int *kind = kernel->arg;
	struct nl_msg *msg = reply_new(VSB_CMD_EXPLAIN, 0);
	struct nlattr *nest = nla_nest_start(msg, VSB_A_EXPLAIN_SERVICE);

	assert_true(types_of(request) & 1U << VSB_A_EXPLAIN_VRF);
	nla_put_u32(msg, VSB_A_SERVICE_REF_KIND, *kind);
	nla_put_u32(msg, VSB_A_SERVICE_REF_MARK, 5);
	nla_nest_end(msg, nest);
	kernel_reply(kernel, request, msg);
	kernel_agree(kernel, request);
}

/* A service that no address tells. */
static void test_explain_mark(void **state)
{
	unsigned int kind = VSB_KIND_MARK;
	struct kernel kernel = { .answer = explain_mark, .arg = &kind };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_query query = { .family = AF_INET6, .vrf = 7 };
	struct vsb_answer *answer;

	(void)state;
	assert_int_equal(vsb_explain(vsb, &query, &answer), 0);
	assert_true(answer->service);
	assert_int_equal(answer->kind, VSB_KIND_MARK);
	assert_int_equal(answer->mark, 5);
	assert_false(answer->has_affinity);
	assert_false(answer->has_choice);
	vsb_answer_free(answer);
	kind++;
	assert_int_equal(vsb_explain(vsb, &query, &answer), -EBADMSG);
	assert_null(answer);
	vsb_close(vsb);
}

static void give_info(struct kernel *kernel, const struct nlmsghdr *request)
{
	struct nl_msg *msg = reply_new(VSB_CMD_INFO_GET, 0);
	struct nlattr *nest;
	int type;

	nla_put_string(msg, VSB_A_INFO_VERSION, "1.2.3");
	nla_put_string(msg, VSB_A_INFO_SCHEDULER, "rr");
	nla_put_string(msg, VSB_A_INFO_SCHEDULER, "wrr");
	nla_put_string(msg, VSB_A_INFO_SCHEDULER, "random");
	nla_put_u32(msg, VSB_A_INFO_SERVICES, 12);
	nla_put_u64(msg, VSB_A_INFO_REJECTED, 1ULL << 40);
	for (type = VSB_A_INFO_NO_BACKEND; type <= VSB_A_INFO_REJECT_LIMITED;
	     type++)
		nla_put_u64(msg, type, type);
	nla_put_u32(msg, VSB_A_INFO_RANGES, 1);
	nla_put_u32(msg, VSB_A_INFO_AFFINITY_ENTRIES, 2);
	nla_put_u64(msg, VSB_A_INFO_AFFINITY_HITS, 3);
	nla_put_u64(msg, VSB_A_INFO_AFFINITY_EVICTIONS, 4);
	nest = nla_nest_start(msg, VSB_A_INFO_RETIRED);
	nla_put_u64(msg, VSB_A_STATS_BYTES_OUT, 1ULL << 50);
	nla_nest_end(msg, nest);
	kernel_reply(kernel, request, msg);
	kernel_agree(kernel, request);
}

static void test_info(void **state)
{
	struct kernel kernel = { .answer = give_info };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_info info;

	(void)state;
	assert_int_equal(vsb_info_get(vsb, &info), 0);
	assert_string_equal(info.version, "1.2.3");
	assert_string_equal(info.schedulers, "rr wrr random");
	assert_int_equal(info.services, 12);
	assert_true(info.rejected == 1ULL << 40);
	assert_int_equal(info.no_backend, VSB_A_INFO_NO_BACKEND);
	assert_int_equal(info.elsewhere, VSB_A_INFO_ELSEWHERE);
	assert_int_equal(info.not_allowed, VSB_A_INFO_NOT_ALLOWED);
	assert_int_equal(info.unserved, VSB_A_INFO_UNSERVED);
	assert_int_equal(info.unallocated, VSB_A_INFO_UNALLOCATED);
	assert_int_equal(info.reject_limited, VSB_A_INFO_REJECT_LIMITED);
	assert_int_equal(info.ranges, 1);
	assert_int_equal(info.affinity_entries, 2);
	assert_int_equal(info.affinity_hits, 3);
	assert_int_equal(info.affinity_evictions, 4);
	assert_true(info.retired.bytes_out == 1ULL << 50);
	assert_int_equal(info.max_pools, 0);
	vsb_close(vsb);
}

/* ---- nonsense */

static int swallow_service(const struct vsb_service *one, void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < one->n_routes; i++)
		assert_true(strlen(one->routes[i].pool) < 1000);

	return 0;
}

static int swallow_range(const struct vsb_service *of,
			 const struct vsb_cidr *cidr, void *arg)
{
	(void)cidr;
	(void)arg;
	assert_true(!of->owner || strlen(of->owner) < 1000);

	return 0;
}

static int swallow_affinity(const struct vsb_affinity *affinity, void *arg)
{
	(void)arg;
	assert_true(strlen(affinity->pool) < 1000);

	return 0;
}

/* Something of each kind, as it should be. */
static void put_something(struct nl_msg *msg, uint8_t command)
{
	static const struct vsb_cidr cidr = {
		.family = AF_INET, .prefix_len = 8,
	};
	static const struct vsb_affinity affinity = {
		.pool = "web", .owner = "admin", .family = AF_INET,
		.given = VSB_AFFINITY_EXPIRES,
	};
	static const struct vsb_config config = {
		.given = VSB_CONFIG_ALL, .pod_devices = { "cni0", "veth*" },
		.n_pod_devices = 2,
		.service_cidrs = { .n = 1, .cidrs = { { .family = AF_INET } } },
	};

	if (command == VSB_CMD_RANGE_GET)
		vsb_encode_ranges(msg, &service, &cidr, 1);
	else if (command == VSB_CMD_AFFINITY_GET)
		vsb_encode_affinity(msg, &affinity, VSB_CMD_AFFINITY_SET);
	else if (command == VSB_CMD_CONFIG_GET)
		vsb_encode_config(msg, &config);
	else
		vsb_encode_service(msg, &service, false);
}

/* Answers with something of which some bytes were changed. */
static void garble(struct kernel *kernel, const struct nlmsghdr *request)
{
	unsigned int *seed = kernel->arg;
	struct nl_msg *msg = reply_new(command_of(request), 0);
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int i;

	put_something(msg, command_of(request));
	nlh->nlmsg_seq = request->nlmsg_seq;
	for (i = rand_r(seed) % 4; i >= 0; i--)
		((uint8_t *)nlh)[NLMSG_HDRLEN + GENL_HDRLEN +
				 rand_r(seed) % (nlh->nlmsg_len -
						 NLMSG_HDRLEN - GENL_HDRLEN)] =
			rand_r(seed);
	kernel_push(kernel, nlh, nlh->nlmsg_len - rand_r(seed) % 3);
	nlmsg_free(msg);
	if (request->nlmsg_flags & NLM_F_DUMP)
		kernel_done(kernel, request, 0, 0);
	else
		kernel_agree(kernel, request);
}

static int list_something(struct vsb *vsb, unsigned int what)
{
	struct vsb_config config;

	switch (what % 4) {
	case 0:
		return vsb_ranges_each(vsb, NULL, swallow_range, NULL);
	case 1:
		return vsb_affinity_each(vsb, NULL, swallow_affinity, NULL);
	case 2:
		return vsb_config_get(vsb, &config);
	default:
		return vsb_services_each(vsb, NULL, swallow_service, NULL);
	}
}

/* The kernel may send what it likes: an error at worst. */
static void test_nonsense(void **state)
{
	unsigned int seed = 1, i;
	struct kernel kernel = { .answer = garble, .arg = &seed };
	struct vsb *vsb = kernel_open(&kernel);
	int err, bad = 0;

	(void)state;
	for (i = 0; i < 20000; i++) {
		err = list_something(vsb, i);
		assert_true(err == 0 || err == -EBADMSG);
		bad += !!err;
	}
	assert_true(bad > 1000);
	vsb_close(vsb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_bad_kinds),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_affinity),
		cmocka_unit_test(test_backend),
		cmocka_unit_test(test_active),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_empty_settings),
		cmocka_unit_test(test_bad_settings),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_dump_gives_up),
		cmocka_unit_test(test_dump_error),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_explain_mark),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
