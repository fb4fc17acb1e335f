// SPDX-License-Identifier: GPL-2.0
/* Tests what changes between two states, and that a kernel takes it. */

#include "vsbd/objects.h"
#include "vsbd/fake.h"
#include "vsbd/base/ip.h"

/*
 * States are written a line an object:
 *	pool NAME SCHEDULER			(IPv6 where NAME ends in 6)
 *	backend ADDR PORT [WEIGHT STATE SETS]	(of the last pool)
 *	service ADDR PORT LABEL POOL [POOL POOL]
 */
static void add_pool_line(struct state *state, char *words[])
{
	bool wide = words[1][strlen(words[1]) - 1] == '6';

	state_add_pool(state, words[1], wide ? AF_INET6 : AF_INET, words[2]);
}

static void add_backend_line(struct state *state, char *words[], size_t n)
{
	struct ip ip;

	assert_true(ip_parse(words[1], &ip));
	state_add_backend(state, &state->pools[state->n_pools - 1],
			  &(struct backend) {
		.addr = ip.addr,
		.port = (uint16_t)atoi(words[2]),
		.weight = (uint16_t)(n > 3 ? atoi(words[3]) : 1),
		.state = (uint8_t)(n > 4 ? atoi(words[4]) : 0),
		.sets = (uint8_t)(n > 5 ? atoi(words[5]) : 1),
	});
}

static void add_service_line(struct state *state, char *words[], size_t n)
{
	struct service service = { .protocol = IPPROTO_TCP };
	struct ip ip;

	assert_true(ip_parse(words[1], &ip));
	service.family = ip.family;
	service.addr = ip.addr;
	service.port = (uint16_t)atoi(words[2]);
	service.label = words[3];
	for (size_t i = 0; i < STATE_SOURCES; i++)
		service.routes[i].pool = words[n == 7 ? 4 + i : 4];
	state_add_service(state, &service);
}

static struct state *parse(const char *text)
{
	autofree char *copy = mem_strdup(text);
	struct state *state = state_new();
	char *words[8], *line, *lines, *rest;
	size_t n;

	for (line = strtok_r(copy, "\n", &lines); line;
	     line = strtok_r(NULL, "\n", &lines)) {
		n = 0;
		for (char *word = strtok_r(line, " ", &rest); word;
		     word = strtok_r(NULL, " ", &rest))
			words[n++] = word;
		if (!strcmp(words[0], "pool"))
			add_pool_line(state, words);
		else if (!strcmp(words[0], "backend"))
			add_backend_line(state, words, n);
		else
			add_service_line(state, words, n);
	}
	state_sort(state);
	return state;
}

#define ONE "pool a rr\nbackend 10.0.0.1 80\nbackend 10.0.0.2 80\nservice 10.1.0.1 80 x a\n"

static void table(void **unused)
{
	static const struct {
		const char *actual, *desired, *changes;
	} cases[] = {
		{ "", "", "" },
		{ ONE, ONE, "" },
		{ "", ONE,
		  "+ pool a rr\n"
		  "+ backend a 10.0.0.1:80 up cluster\n"
		  "+ backend a 10.0.0.2:80 up cluster\n"
		  "+ service tcp 10.1.0.1:80 x -> a\n" },
		{ ONE, "",
		  "- service tcp 10.1.0.1:80 x\n"
		  "- pool a\n" },
		/* One endpoint goes, one comes, one changes. */
		{ ONE,
		  "pool a rr\nbackend 10.0.0.2 80 1 1 0\nbackend 10.0.0.3 80\nservice 10.1.0.1 80 x a\n",
		  "- backend a 10.0.0.1:80\n"
		  "~ backend a 10.0.0.2:80 draining in no set (was up cluster)\n"
		  "+ backend a 10.0.0.3:80 up cluster\n" },
		{ ONE,
		  "pool a rr\nbackend 10.0.0.1 80 5\nbackend 10.0.0.2 80 1 0 3\nservice 10.1.0.1 80 x a\n",
		  "~ backend a 10.0.0.1:80 up weight 5 cluster (was up cluster)\n"
		  "~ backend a 10.0.0.2:80 up cluster,local (was up cluster)\n" },
		{ ONE,
		  "pool a wrr\nbackend 10.0.0.1 80\nbackend 10.0.0.2 80\nservice 10.1.0.1 80 y a\n",
		  "~ pool a wrr (was rr)\n"
		  "~ service tcp 10.1.0.1:80 y -> a (was x -> a)\n" },
		/* A service moves to a new pool, and the old one goes. */
		{ "pool a rr\nservice 10.1.0.1 80 x a\n",
		  "pool b rr\nservice 10.1.0.1 80 x b\n",
		  "+ pool b rr\n"
		  "~ service tcp 10.1.0.1:80 x -> b (was x -> a)\n"
		  "- pool a\n" },
		/* A service's key moves; its pool stays. */
		{ "pool a rr\nservice 10.1.0.1 80 x a\n",
		  "pool a rr\nservice 10.1.0.2 80 x a\n",
		  "- service tcp 10.1.0.1:80 x\n"
		  "+ service tcp 10.1.0.2:80 x -> a\n" },
		{ "pool a rr\npool b rr\nservice 10.1.0.1 80 x a\n",
		  "pool a rr\npool b rr\nservice 10.1.0.1 80 x a b b\n",
		  "~ service tcp 10.1.0.1:80 x pod -> a, node -> b, outside -> b (was x -> a)\n" },
		{ "pool a6 rr\nbackend fd00::1 80\nservice fd01::1 80 x a6\n", "",
		  "- service tcp [fd01::1]:80 x\n- pool a6\n" },
	};

	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_by(state_put_variable) struct state *actual =
			parse(cases[i].actual);
		cleanup_by(state_put_variable) struct state *desired =
			parse(cases[i].desired);
		autofree char *text = diff_text(desired, actual);

		assert_string_equal(text, cases[i].changes);
	}
}

/* A pool that has to change its family, which no pool can. */
static void replaced_pool(void **unused)
{
	cleanup_by(state_put_variable) struct state *actual =
		parse("pool a rr\npool b rr\nservice 10.1.0.1 80 x a\nservice 10.1.0.2 80 x a\n");
	cleanup_by(state_put_variable) struct state *desired =
		parse("pool b rr\nservice 10.1.0.1 80 x b\n");
	autofree char *text = NULL;

	(void)unused;
	state_add_pool(desired, "a", AF_INET6, "rr");
	state_sort(desired);
	text = diff_text(desired, actual);
	assert_string_equal(text,
			    "- service tcp 10.1.0.1:80 x\n"
			    "- service tcp 10.1.0.2:80 x\n"
			    "- pool a\n"
			    "+ pool a rr\n"
			    "+ service tcp 10.1.0.1:80 x -> b\n");
}

static void names(void **unused)
{
	cleanup_by(state_put_variable) struct state *empty = state_new();
	cleanup_by(state_put_variable) struct state *desired = parse(ONE);
	static const char *const expected[] = {
		"pool a", "backend 10.0.0.1:80 and 1 more of pool a",
		"service tcp 10.1.0.1:80 (x)",
	};
	char text[SHOW_NAME_MAX];
	struct diff diff = { 0 };

	(void)unused;
	diff_add(&diff, desired, empty);
	assert_int_equal(diff.n, 3);
	for (size_t i = 0; i < diff.n; i++)
		assert_string_equal(show_name(&diff.list[i], text),
				    expected[i]);
	diff_free(&diff);
}

static void keep(void **unused)
{
	static const struct {
		const char *desired, *actual, *both;
	} cases[] = {
		{ "", "", "" },
		{ ONE, "", ONE },
		{ "", ONE, ONE },
		/* What is desired wins; what else there is stays. */
		{ "pool a wrr\nbackend 10.0.0.1 80 5\nbackend 10.0.0.3 80\nservice 10.1.0.1 80 y a\n",
		  ONE "pool b rr\nbackend 10.0.0.9 80\nservice 10.1.0.2 80 z b\n",
		  "pool a wrr\nbackend 10.0.0.1 80 5\nbackend 10.0.0.2 80\nbackend 10.0.0.3 80\n"
		  "pool b rr\nbackend 10.0.0.9 80\n"
		  "service 10.1.0.1 80 y a\nservice 10.1.0.2 80 z b\n" },
	};

	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup_by(state_put_variable) struct state *desired =
			parse(cases[i].desired);
		cleanup_by(state_put_variable) struct state *actual =
			parse(cases[i].actual);
		cleanup_by(state_put_variable) struct state *both =
			state_keep(desired, actual, desired);
		cleanup_by(state_put_variable) struct state *expected =
			parse(cases[i].both);
		autofree char *text = state_text(both);
		autofree char *expected_text = state_text(expected);

		assert_string_equal(text, expected_text);
	}
}

/* Random states of a few names, so that they meet often. */

#define NAMES		6
#define ADDRESSES	5

static uint16_t random_family(bool mixed, int name)
{
	return (mixed ? rand() : name) % 2 ? AF_INET : AF_INET6;
}

static void random_pool(struct state *state, int name, bool mixed)
{
	uint16_t family = random_family(mixed, name);
	struct pool *pool;
	char text[16];

	snprintf(text, sizeof(text), "pool%d", name);
	pool = state_add_pool(state, text, family, rand() % 3 ? "rr" : "wrr");
	for (uint8_t i = 1; i <= ADDRESSES; i++) {
		struct backend backend = {
			.port = (uint16_t)(80 + i % 2),
			.weight = (uint16_t)(1 + rand() % 2),
			.state = (uint8_t)(rand() % 2),
			.sets = (uint8_t)(rand() % 2),
		};

		((uint8_t *)&backend.addr)[family == AF_INET ? 3 : 15] = i;
		if (rand() % 2)
			state_add_backend(state, pool, &backend);
	}
}

static const char *random_pool_of(const struct state *state, uint16_t family)
{
	size_t start = (size_t)rand();

	for (size_t i = 0; i < state->n_pools; i++) {
		const struct pool *pool =
			&state->pools[(start + i) % state->n_pools];

		if (pool->family == family)
			return pool->name;
	}
	return NULL;
}

static void random_service(struct state *state, int number)
{
	struct service service = {
		.family = rand() % 2 ? AF_INET : AF_INET6,
		.protocol = rand() % 2 ? IPPROTO_TCP : IPPROTO_UDP,
		.port = (uint16_t)(1 + rand() % 2),
		.label = rand() % 2 ? "a" : "",
		.elsewhere = (uint8_t)(rand() % 2),
	};
	struct service *added;

	((uint8_t *)&service.addr)[0] = (uint8_t)number;
	for (int i = 0; i < STATE_SOURCES; i++) {
		service.routes[i].pool = random_pool_of(state, service.family);
		service.routes[i].set = (uint8_t)(rand() % 2);
		service.routes[i].masquerade = rand() % 2;
		if (!service.routes[i].pool)
			return;
	}
	added = state_add_service(state, &service);
	for (uint8_t i = 1; i <= ADDRESSES; i++) {
		struct vsb_cidr range = {
			.family = service.family, .prefix_len = 32,
		};

		((uint8_t *)&range.addr)[3] = i;
		if (rand() % 2)
			state_add_range(state, added, &range);
	}
}

static struct state *random_state(bool mixed)
{
	struct state *state = state_new();

	for (int i = 0; i < NAMES; i++)
		if (rand() % 2)
			random_pool(state, i, mixed);
	for (int i = 0; i < 2 * ADDRESSES; i++)
		if (rand() % 2)
			random_service(state, i);
	state_sort(state);
	return state;
}

static struct kernel kernel = { .calls = &fake_calls, .owner = "vsbd" };

/* Makes the fake kernel's state @desired, and checks that it is. */
static void apply(const struct state *desired)
{
	cleanup_by(state_put_variable) struct state *before = NULL;
	cleanup_by(state_put_variable) struct state *after = NULL;
	autofree char *wanted = state_text(desired);
	autofree char *text = NULL, *rest = NULL;
	uint32_t generation;
	long refused;
	struct diff diff = { 0 };

	assert_int_equal(kernel_read(&kernel, &before, &generation), 0);
	diff_add(&diff, desired, before);
	if (diff.n && kernel_apply(&kernel, &diff, &generation, &refused))
		fail_msg("%s", kernel.error);
	diff_free(&diff);

	assert_int_equal(kernel_read(&kernel, &after, &generation), 0);
	rest = diff_text(desired, after);
	assert_string_equal(rest, "");
	text = state_text(after);
	assert_string_equal(text, wanted);
}

static void random_changes(void **unused)
{
	(void)unused;
	srand(1);
	fake_reset();
	for (int i = 0; i < 3000; i++) {
		cleanup_by(state_put_variable) struct state *desired =
			random_state(i % 2);

		apply(desired);
	}
	kernel_close(&kernel);
	fake_reset();
}

static void assert_only(const char *signs, const char *text)
{
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		if (!strchr(signs, *line) && strncmp(line, "- range", 7))
			fail_msg("%s", text);
}

static void random_keeps(void **unused)
{
	(void)unused;
	srand(2);
	fake_reset();
	for (int i = 0; i < 1000; i++) {
		cleanup_by(state_put_variable) struct state *desired =
			random_state(false);
		cleanup_by(state_put_variable) struct state *actual =
			random_state(false);
		cleanup_by(state_put_variable) struct state *both =
			state_keep(desired, actual, desired);
		autofree char *from_actual = diff_text(both, actual);
		autofree char *from_desired = diff_text(both, desired);

		assert_only("+~", from_actual);
		assert_only("+", from_desired);
	}
	/* With pools that change their family: still something to apply. */
	for (int i = 0; i < 1000; i++) {
		cleanup_by(state_put_variable) struct state *desired =
			random_state(true);
		cleanup_by(state_put_variable) struct state *actual =
			random_state(true);
		cleanup_by(state_put_variable) struct state *both =
			state_keep(desired, actual, desired);

		apply(actual);
		apply(both);
	}
	kernel_close(&kernel);
	fake_reset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(replaced_pool),
		cmocka_unit_test(names),
		cmocka_unit_test(keep),
		cmocka_unit_test(random_changes),
		cmocka_unit_test(random_keeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
