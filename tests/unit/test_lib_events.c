// SPDX-License-Identifier: GPL-2.0
/* libvsb's notifications: who is told of what, of losses, and of nonsense. */
#include <arpa/inet.h>
#include <stdio.h>

#include "test_lib_kernel.h"

/* What was told, one line each. */
static char told[1024];
static int verdict;

static int note(const char *what, const struct vsb_event *event,
		const char *name)
{
	size_t len = strlen(told);

	snprintf(told + len, sizeof(told) - len, "%s %u %u %s\n", what,
		 event->change, event->generation, name);

	return verdict;
}

static int on_pool(const struct vsb_event *event, const struct vsb_pool *pool,
		   void *arg)
{
	assert_ptr_equal(arg, told);
	assert_string_equal(pool->scheduler, "rr");
	assert_int_equal(pool->given & VSB_POOL_STATS, 0);

	return note("pool", event, pool->name);
}

static int on_backend(const struct vsb_event *event,
		      const struct vsb_pool *pool,
		      const struct vsb_backend *backend, void *arg)
{
	(void)arg;
	assert_int_equal(pool->family, AF_INET);
	assert_int_equal(backend->port, 8080);
	assert_int_equal(backend->weight, 3);

	return note("backend", event, pool->name);
}

static int on_service(const struct vsb_event *event,
		      const struct vsb_service *service, void *arg)
{
	(void)arg;
	assert_int_equal(service->ranges, 5);

	return note("service", event, service->owner);
}

static int on_config(const struct vsb_event *event,
		     const struct vsb_config *config, void *arg)
{
	(void)arg;
	assert_int_equal(config->reject_rate, 17);

	return note("config", event, "-");
}

static int on_overrun(void *arg)
{
	(void)arg;
	strcat(told, "overrun\n");

	return verdict;
}

static const struct vsb_event_calls calls = {
	.pool = on_pool, .backend = on_backend, .service = on_service,
	.config = on_config, .overrun = on_overrun,
};

/* ---- a kernel that tells */

static struct kernel kernel;
static struct vsb_events events;

static int open_events(void **state)
{
	(void)state;
	kernel = (struct kernel){ .answer = NULL };
	events.vsb = kernel_open(&kernel);
	told[0] = '\0';
	verdict = 0;

	return 0;
}

static int close_events(void **state)
{
	(void)state;
	vsb_close(events.vsb);

	return 0;
}

static void push(struct nl_msg *msg)
{
	kernel_push(&kernel, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

static struct nl_msg *notice(uint8_t command, int change_type, uint32_t change,
			     int generation_type, uint32_t generation)
{
	struct nl_msg *msg = reply_new(command, 0);

	nla_put_u32(msg, change_type, change);
	nla_put_u32(msg, generation_type, generation);

	return msg;
}

static struct nl_msg *pool_notice(uint32_t change)
{
	static const struct vsb_pool pool = {
		.name = "web", .owner = "vsbd", .scheduler = "rr",
		.family = AF_INET,
	};
	struct nl_msg *msg = notice(VSB_CMD_POOL_NTF, VSB_A_POOL_CHANGE,
				    change, VSB_A_POOL_GENERATION, 4);

	assert_int_equal(vsb_encode_pool(msg, &pool, VSB_CMD_POOL_NEW), 0);

	return msg;
}

static struct nl_msg *backend_notice(void)
{
	static const struct vsb_pool pool = {
		.name = "web", .owner = "vsbd", .family = AF_INET,
	};
	const struct vsb_backend backend = {
		.addr.in4.s_addr = htonl(0x0a020102), .port = 8080,
		.given = VSB_BACKEND_WEIGHT, .weight = 3,
	};
	struct nl_msg *msg = notice(VSB_CMD_BACKEND_NTF, VSB_A_BACKENDS_CHANGE,
				    VSB_CHANGE_SET, VSB_A_BACKENDS_GENERATION,
				    5);

	assert_int_equal(vsb_encode_backends(msg, &pool, &backend, 1, false),
			 0);

	return msg;
}

static struct nl_msg *service_notice(void)
{
	static const struct vsb_service key = {
		.kind = VSB_KIND_MARK, .family = AF_INET, .mark = 5,
		.owner = "admin",
	};
	struct nl_msg *msg = notice(VSB_CMD_SERVICE_NTF, VSB_A_SERVICE_CHANGE,
				    VSB_CHANGE_DEL, VSB_A_SERVICE_GENERATION,
				    6);

	assert_int_equal(vsb_encode_service(msg, &key, true), 0);
	nla_put_u32(msg, VSB_A_SERVICE_RANGES, 5);

	return msg;
}

static struct nl_msg *config_notice(void)
{
	static const struct vsb_config config = {
		.given = VSB_CONFIG_REJECT_RATE, .reject_rate = 17,
	};
	struct nl_msg *msg = notice(VSB_CMD_CONFIG_NTF, VSB_A_CONFIG_CHANGE,
				    VSB_CHANGE_SET, VSB_A_CONFIG_GENERATION,
				    7);

	assert_int_equal(vsb_encode_config(msg, &config), 0);

	return msg;
}

static int hear(void)
{
	return vsb_events_read(&events, &calls, told);
}

/* ---- tests */

static void test_told(void **state)
{
	(void)state;
	push(pool_notice(VSB_CHANGE_NEW));
	push(backend_notice());
	push(service_notice());
	push(config_notice());
	assert_int_equal(hear() + hear() + hear() + hear(), 0);
	assert_string_equal(told,
			    "pool 0 4 web\nbackend 1 5 web\nservice 2 6 admin\nconfig 1 7 -\n");
}

static void test_unwanted(void **state)
{
	static const struct vsb_event_calls none = { .pool = NULL };

	(void)state;
	push(pool_notice(VSB_CHANGE_NEW));
	push(backend_notice());
	push(service_notice());
	push(config_notice());
	push(reply_new(VSB_CMD_CONFIG_NTF, 0));
	while (kernel.first)
		assert_int_equal(vsb_events_read(&events, &none, NULL), 0);

	/* Commands of a module to come, and who else is at the socket. */
	push(reply_new(VSB_CMD_MAX + 1, 0));
	push(nlmsg_alloc_simple(FAMILY, 0));
	push(nlmsg_alloc_simple(FAMILY + 1, 0));
	while (kernel.first)
		assert_int_equal(hear(), 0);
	assert_string_equal(told, "");
}

static void test_garbled(void **state)
{
	(void)state;
	push(pool_notice(VSB_CHANGE_DEL + 1));
	assert_int_equal(hear(), -EBADMSG);
	push(reply_new(VSB_CMD_POOL_NTF, 0));
	assert_int_equal(hear(), -EBADMSG);
	push(notice(VSB_CMD_BACKEND_NTF, VSB_A_BACKENDS_CHANGE, 0,
		    VSB_A_BACKENDS_GENERATION, 1));
	assert_int_equal(hear(), -EBADMSG);
	assert_non_null(strstr(vsb_events_error(&events), "notification"));
	assert_string_equal(told, "");
}

static void test_caller_ends(void **state)
{
	(void)state;
	verdict = -ECANCELED;
	push(config_notice());
	assert_int_equal(hear(), -ECANCELED);
	assert_string_equal(told, "config 1 7 -\n");
}

static ssize_t lose(void *arg, void *buf, size_t len)
{
	int *err = arg;

	(void)buf;
	(void)len;

	return *err;
}

static void test_losses(void **state)
{
	struct vsb_link link = events.vsb->link;
	int err = -ENOBUFS;

	(void)state;
	events.vsb->link = (struct vsb_link){ .receive = lose, .arg = &err };
	assert_int_equal(hear(), 0);
	assert_string_equal(told, "overrun\n");
	verdict = -ECANCELED;
	assert_int_equal(hear(), -ECANCELED);

	/* Nothing there. */
	err = -EAGAIN;
	assert_int_equal(hear(), 0);
	err = -EIO;
	assert_int_equal(hear(), -EIO);
	assert_string_equal(told, "overrun\noverrun\n");
	events.vsb->link = link;
}

#define test(f) cmocka_unit_test_setup_teardown(f, open_events, close_events)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_told),
		test(test_unwanted),
		test(test_garbled),
		test(test_caller_ends),
		test(test_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
