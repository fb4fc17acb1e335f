// SPDX-License-Identifier: GPL-2.0
/* libvsb's transactions: what is sent together, whose fault a refusal is. */
#include <stdio.h>

#include "test_lib_kernel.h"

/**
 * struct txn_kernel - a kernel that counts changes
 * @refuse_at: the message that it refuses, from 0; -1 for none
 * @commit_text: what it says to a commit, or NULL
 * @seen: changes that came
 */
struct txn_kernel {
	long refuse_at;
	const char *commit_text;
	long seen;
	bool open, refused;
};

static bool is_change(uint8_t command)
{
	return command < VSB_CMD_TXN_BEGIN || command == VSB_CMD_FLUSH;
}

static void answer(struct kernel *kernel, const struct nlmsghdr *request)
{
	struct txn_kernel *txn = kernel->arg;
	uint8_t command = command_of(request);
	char text[64];

	if (command == VSB_CMD_TXN_BEGIN)
		txn->open = true;
	if (command == VSB_CMD_TXN_ABORT) {
		assert_true(txn->open);
		txn->open = false;
	}
	if (is_change(command) && txn->seen++ == txn->refuse_at) {
		txn->refused = true;
		snprintf(text, sizeof(text), "no, not message %ld",
			 txn->refuse_at);
		kernel_error(kernel, request, -EEXIST, text, 0);
	} else if (txn->refused && command != VSB_CMD_TXN_ABORT) {
		if (command == VSB_CMD_TXN_COMMIT)
			txn->open = false;
		kernel_error(kernel, request, -ECANCELED, "cancelled", 0);
	} else if (command == VSB_CMD_TXN_COMMIT && txn->commit_text) {
		txn->open = false;
		kernel_error(kernel, request, -ENOENT, txn->commit_text, 0);
	} else {
		if (command == VSB_CMD_TXN_COMMIT)
			txn->open = false;
		kernel_agree(kernel, request);
	}
}

static int make_service(struct vsb *vsb, int i)
{
	const struct vsb_service service = {
		.family = AF_INET, .protocol = IPPROTO_TCP, .port = i,
		.addr.in4.s_addr = htonl(0xc0000201), .n_routes = 1,
		.routes = { { .sources = 7, .pool = "web" } },
	};

	return vsb_service_new(vsb, &service);
}

static void test_packing(void **state)
{
	struct txn_kernel txn = { .refuse_at = -1 };
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);
	uint32_t generation;
	int i;

	(void)state;
	assert_int_equal(vsb_begin(vsb), 0);
	for (i = 0; i < 1000; i++)
		assert_int_equal(make_service(vsb, i), 0);
	assert_int_equal(vsb_commit(vsb, NULL, &generation), 0);
	assert_int_equal(generation, 7);
	assert_int_equal(txn.seen, 1000);

	/* begin, and 1001 messages of 64 each; each buffer one ack. */
	assert_int_equal(kernel.sends, 1 + 16);
	assert_int_equal(kernel.acks, kernel.sends);
	assert_int_equal(kernel.messages, 1002);
	assert_true(kernel.largest <= VSB_QUEUE_BYTES);
	assert_false(txn.open);
	vsb_close(vsb);
}

/* Whichever is refused, that one is named, at once or later. */
static void test_refusals(void **state)
{
	static const long places[] = { 0, 1, 62, 63, 64, 65, 127, 198, 199 };
	size_t place;
	char text[64];
	int i, err;

	(void)state;
	for (place = 0; place < sizeof(places) / sizeof(places[0]); place++) {
		struct txn_kernel txn = { .refuse_at = places[place] };
		struct kernel kernel = { .answer = answer, .arg = &txn };
		struct vsb *vsb = kernel_open(&kernel);

		assert_int_equal(vsb_begin(vsb), 0);
		for (i = 0, err = 0; i < 200 && !err; i++)
			err = make_service(vsb, i);
		snprintf(text, sizeof(text), "no, not message %ld",
			 places[place]);
		if (err) {
			assert_int_equal(err, -EEXIST);
			assert_string_equal(vsb_error(vsb), text);
			assert_int_equal(vsb_failed_change(vsb), places[place]);

			/* And again, without the kernel. */
			i = kernel.sends;
			assert_int_equal(make_service(vsb, 1), -EEXIST);
			assert_int_equal(kernel.sends, i);
		}
		assert_int_equal(vsb_commit(vsb, NULL, NULL), -EEXIST);
		assert_string_equal(vsb_error(vsb), text);
		assert_int_equal(vsb_failed_change(vsb), places[place]);
		assert_int_equal(vsb_commit(vsb, NULL, NULL), -EINVAL);

		/* The handle is good for another. */
		txn = (struct txn_kernel){ .refuse_at = -1 };
		assert_int_equal(vsb_begin(vsb), 0);
		assert_int_equal(make_service(vsb, 1), 0);
		assert_int_equal(vsb_commit(vsb, NULL, NULL), 0);
		vsb_close(vsb);
	}
}

/* The kernel counts messages, the caller counts calls. */
static void test_commit_names_change(void **state)
{
	const struct vsb_pool pool = { .name = "web", .family = AF_INET6 };
	struct txn_kernel txn = {
		.refuse_at = -1, .commit_text = "change 3: no such pool   ",
	};
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_backend *backends = calloc(1400, sizeof(*backends));

	(void)state;
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(vsb_pool_new(vsb, &pool), 0);
	assert_int_equal(vsb_backends_new(vsb, &pool, backends, 0), 0);
	assert_int_equal(vsb_backends_new(vsb, &pool, backends, 1400), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	assert_int_equal(vsb_commit(vsb, NULL, NULL), -ENOENT);
	assert_string_equal(vsb_error(vsb), "no such pool");
	assert_int_equal(vsb_failed_change(vsb), 2);
	assert_int_equal(kernel.commands[VSB_CMD_BACKEND_NEW], 3);

	/* A number that is nobody's is no reason to read beyond. */
	txn = (struct txn_kernel){
		.refuse_at = -1, .commit_text = "change 4000000000: no",
	};
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	assert_int_equal(vsb_commit(vsb, NULL, NULL), -ENOENT);
	assert_int_equal(vsb_failed_change(vsb), -1);

	txn = (struct txn_kernel){
		.refuse_at = -1, .commit_text = "generation: is 9, not 8",
	};
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	assert_int_equal(vsb_commit(vsb, &(uint32_t){ 8 }, NULL), -ENOENT);
	assert_string_equal(vsb_error(vsb), "generation: is 9, not 8");
	assert_int_equal(vsb_failed_change(vsb), -1);
	free(backends);
	vsb_close(vsb);
}

/* A list that no message holds is a transaction of its own. */
static void test_splitting(void **state)
{
	char name[VSB_NAME_MAX + 1] = "";
	struct vsb_pool pool = { .name = name, .owner = name };
	struct txn_kernel txn = { .refuse_at = -1 };
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_backend *backends = calloc(2000, sizeof(*backends));
	int i;

	(void)state;
	memset(name, 'x', VSB_NAME_MAX);
	pool.family = AF_INET6;
	for (i = 0; i < 2000; i++)
		backends[i].given = VSB_BACKEND_WEIGHT | VSB_BACKEND_STATE |
				    VSB_BACKEND_SETS;

	assert_int_equal(vsb_backends_set(vsb, &pool, backends, 512), 0);
	assert_int_equal(kernel.commands[VSB_CMD_TXN_BEGIN], 0);
	assert_int_equal(kernel.commands[VSB_CMD_BACKEND_SET], 1);

	assert_int_equal(vsb_backends_set(vsb, &pool, backends, 2000), 0);
	assert_int_equal(kernel.commands[VSB_CMD_TXN_BEGIN], 1);
	assert_int_equal(kernel.commands[VSB_CMD_BACKEND_SET], 1 + 4);
	assert_int_equal(kernel.commands[VSB_CMD_TXN_COMMIT], 1);
	assert_true(kernel.largest <= VSB_QUEUE_BYTES);

	txn.refuse_at = txn.seen + 2;
	assert_int_equal(vsb_backends_del(vsb, &pool, backends, 2000),
			 -EEXIST);
	assert_int_equal(vsb_failed_change(vsb), 0);
	assert_false(txn.open);
	free(backends);
	vsb_close(vsb);
}

/* Ranges are split as backends are. */
static void test_splitting_ranges(void **state)
{
	char name[VSB_NAME_MAX + 1] = "";
	const struct vsb_service service = {
		.family = AF_INET6, .protocol = IPPROTO_TCP, .port = 80,
		.owner = name,
	};
	const struct vsb_service nowhere = { .protocol = IPPROTO_TCP };
	struct txn_kernel txn = { .refuse_at = -1 };
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_cidr *cidrs = calloc(10000, sizeof(*cidrs));
	int i;

	(void)state;
	memset(name, 'x', VSB_NAME_MAX);
	for (i = 0; i < 10000; i++)
		cidrs[i].family = AF_INET6;

	assert_int_equal(vsb_ranges_new(vsb, &service, cidrs, 512), 0);
	assert_int_equal(kernel.commands[VSB_CMD_TXN_BEGIN], 0);
	assert_int_equal(kernel.commands[VSB_CMD_RANGE_NEW], 1);

	assert_int_equal(vsb_ranges_new(vsb, &service, cidrs, 10000), 0);
	assert_int_equal(kernel.commands[VSB_CMD_TXN_BEGIN], 1);
	assert_int_equal(kernel.commands[VSB_CMD_RANGE_NEW], 1 + 20);
	assert_int_equal(kernel.commands[VSB_CMD_TXN_COMMIT], 1);
	assert_true(kernel.largest <= VSB_QUEUE_BYTES);

	txn.refuse_at = txn.seen + 2;
	assert_int_equal(vsb_ranges_del(vsb, &service, cidrs, 2000), -EEXIST);
	assert_int_equal(vsb_failed_change(vsb), 0);
	assert_false(txn.open);
	assert_int_equal(vsb_ranges_del(vsb, &nowhere, cidrs, 1),
			 -EAFNOSUPPORT);
	free(cidrs);
	vsb_close(vsb);
}

/* What can't be sent ends a transaction too: the caller may not look. */
static void test_own_refusals(void **state)
{
	struct vsb_service service = { .family = AF_UNIX };
	struct txn_kernel txn = { .refuse_at = -1 };
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);
	char *huge = malloc(VSB_REQUEST_MAX + 1);
	struct vsb_pool pool = { .name = huge, .family = AF_INET };

	(void)state;
	memset(huge, 'x', VSB_REQUEST_MAX);
	huge[VSB_REQUEST_MAX] = '\0';

	assert_int_equal(vsb_service_new(vsb, &service), -EAFNOSUPPORT);
	assert_int_equal(vsb_failed_change(vsb), 0);
	assert_int_equal(vsb_pool_new(vsb, &pool), -EMSGSIZE);
	assert_int_equal(kernel.sends, 0);

	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(vsb_begin(vsb), -EBUSY);
	assert_int_equal(make_service(vsb, 80), 0);
	assert_int_equal(vsb_pool_new(vsb, &pool), -EMSGSIZE);
	assert_int_equal(vsb_failed_change(vsb), 1);
	assert_int_equal(make_service(vsb, 81), -EMSGSIZE);
	assert_int_equal(vsb_commit(vsb, NULL, NULL), -EMSGSIZE);
	assert_int_equal(vsb_failed_change(vsb), 1);
	assert_int_equal(txn.seen, 0);
	assert_int_equal(kernel.commands[VSB_CMD_TXN_COMMIT], 0);
	assert_int_equal(kernel.commands[VSB_CMD_TXN_ABORT], 1);
	free(huge);
	vsb_close(vsb);
}

static void give_generation(struct kernel *kernel,
			    const struct nlmsghdr *request)
{
	struct nl_msg *msg;

	if (command_of(request) != VSB_CMD_INFO_GET) {
		answer(kernel, request);
		return;
	}
	msg = reply_new(VSB_CMD_INFO_GET, 0);
	nla_put_u32(msg, VSB_A_INFO_GENERATION, 9);
	kernel_reply(kernel, request, msg);
	kernel_error(kernel, request, 0, NULL, 0);
}

/* Who names the generation hears that it is another, whatever was refused. */
static void test_stale(void **state)
{
	struct txn_kernel txn = { .refuse_at = 0 };
	struct kernel kernel = { .answer = give_generation, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);
	uint32_t generation = 8;

	(void)state;
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	assert_int_equal(vsb_commit(vsb, &generation, &generation), -EAGAIN);
	assert_string_equal(vsb_error(vsb), "generation: is 9, not 8");
	assert_int_equal(vsb_failed_change(vsb), -1);
	assert_int_equal(generation, 8);

	txn = (struct txn_kernel){ .refuse_at = 0 };
	generation = 9;
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	assert_int_equal(vsb_commit(vsb, &generation, &generation), -EEXIST);
	assert_string_equal(vsb_error(vsb), "no, not message 0");
	assert_int_equal(vsb_failed_change(vsb), 0);
	vsb_close(vsb);
}

static void test_abort(void **state)
{
	struct txn_kernel txn = { .refuse_at = -1 };
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);

	(void)state;
	vsb_abort(vsb);
	assert_int_equal(kernel.sends, 0);
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	vsb_abort(vsb);
	assert_int_equal(txn.seen, 0);
	assert_false(txn.open);
	assert_int_equal(vsb_begin(vsb), 0);
	vsb_close(vsb);
}

static void test_link_failure(void **state)
{
	struct txn_kernel txn = { .refuse_at = -1 };
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_info info;

	(void)state;
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	kernel.send_error = -ENOBUFS;
	assert_int_equal(vsb_info_get(vsb, &info), -ENOBUFS);
	kernel.send_error = 0;
	assert_int_equal(make_service(vsb, 81), -ENOBUFS);
	assert_int_equal(vsb_commit(vsb, NULL, NULL), -ENOBUFS);
	assert_string_equal(vsb_error(vsb),
			    "netlink: No buffer space available");
	assert_false(txn.open);
	vsb_close(vsb);
}

/* A question in between belongs to nobody's change. */
static void test_question_within(void **state)
{
	struct txn_kernel txn = { .refuse_at = 1 };
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);
	struct vsb_config config;

	(void)state;
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	txn.refuse_at = 1;
	assert_int_equal(vsb_config_get(vsb, &config), -EEXIST);
	assert_int_equal(vsb_failed_change(vsb), -1);
	txn.refused = false;
	assert_int_equal(make_service(vsb, 81), 0);
	assert_int_equal(vsb_commit(vsb, NULL, NULL), 0);
	vsb_close(vsb);
}

/* What takes effect at once is no part of the transaction that is open. */
static void test_now_within(void **state)
{
	const struct vsb_affinity affinity = {
		.pool = "web", .family = AF_INET, .port = 80,
	};
	const struct vsb_affinity all = { .pool = "web" };
	const struct vsb_affinity odd = { .pool = "web", .family = AF_UNIX };
	const struct vsb_service services = { .owner = "admin" };
	const struct vsb_pool pools = { .owner = "admin" };
	struct txn_kernel txn = { .refuse_at = -1 };
	struct kernel kernel = { .answer = answer, .arg = &txn };
	struct vsb *vsb = kernel_open(&kernel);

	(void)state;
	assert_int_equal(vsb_begin(vsb), 0);
	assert_int_equal(make_service(vsb, 80), 0);
	assert_int_equal(vsb_affinity_set(vsb, &affinity), 0);
	assert_int_equal(vsb_affinity_del(vsb, &affinity), 0);
	assert_int_equal(vsb_affinity_del(vsb, &all), 0);
	assert_int_equal(vsb_service_zero(vsb, &services), 0);
	assert_int_equal(vsb_pool_zero(vsb, &pools), 0);
	assert_int_equal(kernel.commands[VSB_CMD_AFFINITY_SET], 1);
	assert_int_equal(kernel.commands[VSB_CMD_AFFINITY_DEL], 2);
	assert_int_equal(kernel.commands[VSB_CMD_SERVICE_ZERO], 1);
	assert_int_equal(kernel.commands[VSB_CMD_POOL_ZERO], 1);
	assert_true(txn.open);

	/* Neither a refusal of theirs nor our own ends it. */
	txn.refuse_at = txn.seen;
	assert_int_equal(vsb_pool_zero(vsb, &pools), -EEXIST);
	assert_int_equal(vsb_failed_change(vsb), -1);
	txn.refused = false;
	assert_int_equal(vsb_affinity_set(vsb, &odd), -EAFNOSUPPORT);
	assert_int_equal(vsb_affinity_set(vsb, &all), -EAFNOSUPPORT);
	assert_int_equal(vsb_affinity_del(vsb, &odd), -EAFNOSUPPORT);
	assert_int_equal(make_service(vsb, 81), 0);
	assert_int_equal(vsb_commit(vsb, NULL, NULL), 0);
	assert_int_equal(kernel.commands[VSB_CMD_SERVICE_NEW], 2);
	vsb_close(vsb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packing),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_commit_names_change),
		cmocka_unit_test(test_splitting),
		cmocka_unit_test(test_splitting_ranges),
		cmocka_unit_test(test_own_refusals),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_abort),
		cmocka_unit_test(test_link_failure),
		cmocka_unit_test(test_question_within),
		cmocka_unit_test(test_now_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
