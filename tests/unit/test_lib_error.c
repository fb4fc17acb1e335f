// SPDX-License-Identifier: GPL-2.0
/* libvsb's sentences: which attribute, in which words. */
#include <ctype.h>
#include <stdio.h>

#include "test_lib_kernel.h"

/* ---- the table of names against the uapi header */

static void to_enum(char *buf, size_t size, const char *set, const char *name)
{
	size_t i;

	snprintf(buf, size, "VSB_A_%s_%s", set, name);
	for (i = 0; buf[i]; i++)
		buf[i] = buf[i] == '-' ? '_' : toupper((unsigned char)buf[i]);
}

/* Reads "VSB_A_<SET>_..." in their order out of the header. */
static void check_space(const char *set, const struct vsb_attr_space *space,
			unsigned int names)
{
	char line[256], wanted[128], begin[64], word[128];
	unsigned int type = 0;
	FILE *header = fopen("include/uapi/linux/vsb.h", "r");

	assert_non_null(header);
	to_enum(begin, sizeof(begin), set, "");
	while (type < names && fgets(line, sizeof(line), header)) {
		if (sscanf(line, " %127[A-Z0-9_]", word) != 1 ||
		    line[0] != '\t' || strncmp(word, begin, strlen(begin)))
			continue;
		type++;
		if (strstr(word, "_PAD"))
			continue;
		assert_true(type <= space->max);
		to_enum(wanted, sizeof(wanted), set, space->names[type].name);
		assert_string_equal(word, wanted);
	}
	fclose(header);
	assert_int_equal(type, names);
}

static void test_names(void **state)
{
	const struct vsb_attr_space *backends =
		vsb_command_space(VSB_CMD_BACKEND_NEW);
	const struct vsb_attr_space *service =
		vsb_command_space(VSB_CMD_SERVICE_SET);
	const struct vsb_attr_space *config =
		vsb_command_space(VSB_CMD_CONFIG_SET);
	const struct vsb_attr_space *cidrs =
		config->names[VSB_A_CONFIG_POD_CIDRS].nested;
	const struct vsb_attr_space *devices =
		config->names[VSB_A_CONFIG_POD_DEVICES].nested;

	(void)state;
	check_space("pool", vsb_command_space(VSB_CMD_POOL_DEL),
		    VSB_A_POOL_MAX);
	check_space("backends", backends, VSB_A_BACKENDS_MAX);
	check_space("backend", backends->names[VSB_A_BACKENDS_BACKEND].nested,
		    VSB_A_BACKEND_MAX);
	check_space("stats", service->names[VSB_A_SERVICE_STATS].nested,
		    VSB_A_STATS_MAX);
	check_space("service", service, VSB_A_SERVICE_MAX);
	check_space("route", service->names[VSB_A_SERVICE_ROUTE].nested,
		    VSB_A_ROUTE_MAX);
	check_space("config", config, VSB_A_CONFIG_MAX);
	check_space("cidrs", cidrs, VSB_A_CIDRS_MAX);
	check_space("devices", devices, VSB_A_DEVICES_MAX);
	check_space("affinity", vsb_command_space(VSB_CMD_AFFINITY_DEL),
		    VSB_A_AFFINITY_MAX);
	check_space("cidr", cidrs->names[VSB_A_CIDRS_CIDR].nested,
		    VSB_A_CIDR_MAX);
	check_space("txn", vsb_command_space(VSB_CMD_TXN_COMMIT),
		    VSB_A_TXN_MAX);
	check_space("flush", vsb_command_space(VSB_CMD_FLUSH),
		    VSB_A_FLUSH_MAX);
	check_space("explain", vsb_command_space(VSB_CMD_EXPLAIN),
		    VSB_A_EXPLAIN_MARK);
	assert_null(vsb_command_space(VSB_CMD_INFO_GET));
	assert_null(vsb_command_space(VSB_CMD_CONFIG_GET));
}

/* Each command has the attributes of its kind. */
static void test_commands(void **state)
{
	static const struct { int command; const char *prefix; } commands[] = {
		{ VSB_CMD_POOL_ZERO, "pool" },
		{ VSB_CMD_SERVICE_ZERO, "service" },
		{ VSB_CMD_RANGE_NEW, "service" },
		{ VSB_CMD_RANGE_DEL, "service" },
		{ VSB_CMD_RANGE_GET, "service" },
		{ VSB_CMD_CONFIG_SET, "config" },
		{ VSB_CMD_AFFINITY_SET, "affinity" },
		{ VSB_CMD_AFFINITY_GET, "affinity" },
	};
	const struct vsb_attr_space *space;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		space = vsb_command_space(commands[i].command);
		assert_string_equal(space->prefix, commands[i].prefix);
	}
}

/* ---- sentences */

/* Where an attribute stands in the request; path of types, 0 at its end. */
static uint32_t offset_of(const struct nlmsghdr *request, const int *types)
{
	struct nlattr *attr = genlmsg_attrdata(nlmsg_data(request), 0);
	int left = genlmsg_attrlen(nlmsg_data(request), 0);

	for (;;) {
		while (nla_type(attr) != *types) {
			assert_true(nla_ok(attr, left));
			attr = nla_next(attr, &left);
		}
		if (!*++types)
			return (char *)attr - (char *)request;
		left = nla_len(attr);
		attr = nla_data(attr);
	}
}

struct refusal {
	int err;
	const char *text;
	const int *types;
	const int *nest;
	int missing;
	bool range;
	uint32_t max_length;
};

/* Answers as the kernel does, from what the test wrote down. */
static void refuse(struct kernel *kernel, const struct nlmsghdr *request)
{
	const struct refusal *refusal = kernel->arg;
	struct nlmsgerr body = { .error = refusal->err, .msg = *request };
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_ERROR, NLM_F_CAPPED |
						NLM_F_ACK_TLVS);
	struct nlattr *policy;

	nlmsg_append(msg, &body, sizeof(body), NLMSG_ALIGNTO);
	if (refusal->text)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, refusal->text);
	if (refusal->types)
		nla_put_u32(msg, NLMSGERR_ATTR_OFFS,
			    offset_of(request, refusal->types));
	if (refusal->missing)
		nla_put_u32(msg, NLMSGERR_ATTR_MISS_TYPE, refusal->missing);
	if (refusal->nest)
		nla_put_u32(msg, NLMSGERR_ATTR_MISS_NEST,
			    offset_of(request, refusal->nest));
	if (refusal->range || refusal->max_length) {
		policy = nla_nest_start(msg, NLMSGERR_ATTR_POLICY);
		if (refusal->range) {
			nla_put_u64(msg, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, 0);
			nla_put_u64(msg, NL_POLICY_TYPE_ATTR_MAX_VALUE_U,
				    65535);
		} else {
			nla_put_u32(msg, NL_POLICY_TYPE_ATTR_MAX_LENGTH,
				    refusal->max_length);
		}
		nla_nest_end(msg, policy);
	}
	kernel_reply(kernel, request, msg);
}

static const struct vsb_pool pool = {
	.name = "web", .owner = "admin", .family = AF_INET,
};

static const struct vsb_backend backends[] = {
	{ .addr.in4.s_addr = 0x0100000a, .port = 80 },
	{
		.addr.in4.s_addr = 0x0200000a, .port = 80,
		.given = VSB_BACKEND_WEIGHT, .weight = 70000,
	},
};

static const struct vsb_service service = {
	.family = AF_INET6, .protocol = IPPROTO_TCP, .port = 80,
	.routes = { { .sources = 7, .pool = "web" } }, .n_routes = 1,
};

/* Sends backends, or a service, and looks at what is said. */
static void check(const struct refusal *refusal, bool backend,
		  const char *sentence)
{
	struct kernel kernel = { .answer = refuse, .arg = (void *)refusal };
	struct vsb *vsb = kernel_open(&kernel);
	int err;

	err = backend ? vsb_backends_new(vsb, &pool, backends, 2) :
			vsb_service_new(vsb, &service);
	assert_int_equal(err, refusal->err);
	assert_string_equal(vsb_error(vsb), sentence);
	assert_int_equal(vsb_failed_change(vsb), 0);
	vsb_close(vsb);
}

static void test_sentences(void **state)
{
	static const int weight[] = {
		VSB_A_BACKENDS_BACKEND, VSB_A_BACKEND_PORT, 0,
	};
	static const int name[] = { VSB_A_BACKENDS_POOL, 0 };
	static const int route[] = { VSB_A_SERVICE_ROUTE, 0 };
	static const int route_pool[] = {
		VSB_A_SERVICE_ROUTE, VSB_A_ROUTE_POOL, 0,
	};
	static const int port[] = { VSB_A_SERVICE_PORT, 0 };

	(void)state;
	check(&(struct refusal){ .err = -ERANGE, .types = weight,
				 .text = "integer out of range",
				 .range = true }, true,
	      "backend.port: integer out of range (0 to 65535)");
	check(&(struct refusal){ .err = -ERANGE, .types = name,
				 .text = "Attribute failed policy validation",
				 .max_length = 255 }, true,
	      "pool: Attribute failed policy validation (at most 255 bytes)");
	check(&(struct refusal){ .err = -EINVAL, .types = route_pool,
				 .text = "NUL-terminated string expected" },
	      false, "service.route.pool: NUL-terminated string expected");
	check(&(struct refusal){ .err = -EINVAL, .types = route,
				 .text = "NLA_F_NESTED is missing" }, false,
	      "service.route: NLA_F_NESTED is missing");
	check(&(struct refusal){ .err = -EINVAL, .nest = route,
				 .missing = VSB_A_ROUTE_POOL }, false,
	      "service.route.pool: missing");
	check(&(struct refusal){ .err = -EINVAL,
				 .missing = VSB_A_SERVICE_ADDRESS }, false,
	      "service.address: missing");
	check(&(struct refusal){ .err = -EINVAL, .missing = 99 }, false,
	      "service.(unknown): missing");

	/* The module's own name their attribute. */
	check(&(struct refusal){ .err = -EINVAL, .types = port,
				 .text = "port: is taken" }, false,
	      "port: is taken");

	/* Linux 6.1 pads. */
	check(&(struct refusal){ .err = -EEXIST,
				 .text = "service exists    \t\n " }, false,
	      "service exists");
	check(&(struct refusal){ .err = -EPERM }, false,
	      "this needs CAP_NET_ADMIN in the user namespace of this network namespace");
	check(&(struct refusal){ .err = -ENOENT }, false,
	      "No such file or directory");
}

/* What is refused of the newer commands. */
static void test_newer(void **state)
{
	static const int prefix_len[] = {
		VSB_A_SERVICE_RANGE, VSB_A_CIDR_PREFIX_LEN, 0,
	};
	static const int device[] = {
		VSB_A_CONFIG_POD_DEVICES, VSB_A_DEVICES_DEVICE, 0,
	};
	static const int client[] = { VSB_A_AFFINITY_CLIENT, 0 };
	const struct vsb_service marked = {
		.kind = VSB_KIND_MARK, .family = AF_INET, .mark = 5,
	};
	const struct vsb_cidr cidr = { .family = AF_INET, .prefix_len = 8 };
	const struct vsb_config config = {
		.given = VSB_CONFIG_POD_DEVICES, .pod_devices = { "x" },
		.n_pod_devices = 1,
	};
	const struct vsb_affinity affinity = {
		.pool = "web", .family = AF_INET,
	};
	struct refusal refusal = { .err = -EINVAL, .text = "no" };
	struct kernel kernel = { .answer = refuse, .arg = &refusal };
	struct vsb *vsb = kernel_open(&kernel);

	(void)state;
	refusal.types = prefix_len;
	assert_int_equal(vsb_ranges_new(vsb, &marked, &cidr, 1), -EINVAL);
	assert_string_equal(vsb_error(vsb), "service.range.prefix-len: no");
	refusal.types = device;
	assert_int_equal(vsb_config_set(vsb, &config), -EINVAL);
	assert_string_equal(vsb_error(vsb), "config.pod-devices.device: no");
	refusal.types = client;
	assert_int_equal(vsb_affinity_del(vsb, &affinity), -EINVAL);
	assert_string_equal(vsb_error(vsb), "affinity.client: no");
	assert_int_equal(vsb_failed_change(vsb), -1);
	vsb_close(vsb);
}

/* An offset that is nonsense must not be followed. */
static void test_bad_offsets(void **state)
{
	uint32_t offset;

	(void)state;
	for (offset = 1; offset < 400; offset++) {
		struct vsb_problem problem = { .err = -EINVAL };
		struct nl_msg *request = reply_new(VSB_CMD_SERVICE_NEW, 0);
		struct nl_msg *reply = nlmsg_alloc_simple(NLMSG_ERROR,
							  NLM_F_ACK_TLVS);
		struct nlmsgerr body = { .error = -EINVAL };
		struct nlmsghdr *copy;

		vsb_encode_service(request, &service, false);
		nlmsg_append(reply, &body, sizeof(body), NLMSG_ALIGNTO);
		nla_put_u32(reply, NLMSGERR_ATTR_OFFS,
			    offset < 300 ? offset : offset << 24);
		nla_put_u32(reply, offset & 1 ? NLMSGERR_ATTR_MISS_NEST : 20,
			    offset);

		/* Of their exact size, so that ASan sees reads beyond. */
		copy = malloc(nlmsg_hdr(request)->nlmsg_len);
		memcpy(copy, nlmsg_hdr(request), nlmsg_hdr(request)->nlmsg_len);
		vsb_problem_explain(&problem, copy, nlmsg_hdr(reply));
		assert_true(problem.text[0]);
		free(copy);
		nlmsg_free(request);
		nlmsg_free(reply);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_newer),
		cmocka_unit_test(test_bad_offsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
