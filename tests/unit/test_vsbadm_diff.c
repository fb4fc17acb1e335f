// SPDX-License-Identifier: GPL-2.0
/*
 * vsbadm's diff of two states: whatever they are, its changes lead from one to
 * the other, as changes and as lines, and there are none that do nothing.
 */
#include <stdio.h>
#include <unistd.h>

#include "test_vsbadm.h"

#define ROUNDS 3000

static const struct state nothing;

/* ---- states by chance */

static unsigned int seed;

static unsigned int any(unsigned int n)
{
	return rand_r(&seed) % n;
}

static void take(struct draft *draft, const struct change *change)
{
	if (draft_change(draft, change))
		fail_msg("%s", complaint());
}

static void address(union vsb_addr *addr, uint16_t family, unsigned int n)
{
	memset(addr, 0, sizeof(*addr));
	if (family == AF_INET)
		addr->in4.s_addr = htonl(0x0a000001 + n);
	else
		addr->in6.s6_addr[15] = 1 + n;
}

#define POOLS 5
static const char *const names[POOLS] = { "a", "b", "#c", "d", "\"e\\" };
static const char *const schedulers[] = { "rr", "wlc", "mh", "sh" };

static void random_backends(struct draft *draft, const struct vsb_pool *pool)
{
	struct change change = {
		.noun = NOUN_BACKEND, .verb = VERB_ADD, .pool = *pool,
	};
	struct vsb_backend *backend = &change.backend;
	unsigned int n;

	for (n = 0; n < 6; n++) {
		if (any(2))
			continue;
		*backend = (struct vsb_backend){
			.port = 80 + n % 2, .weight = any(3),
			.state = any(2), .sets = any(4), .upper = 2 + any(2),
			.lower = any(3), .given = 0x3f,
		};
		address(&backend->addr, pool->family, n / 2);
		take(draft, &change);
	}
}

/* Families by name; 0 is none of that name. */
static void random_pools(struct draft *draft, uint16_t families[POOLS])
{
	struct change change;
	struct vsb_pool *pool = &change.pool;
	unsigned int n;

	for (n = 0; n < POOLS; n++) {
		families[n] = !any(4) ? 0 : any(3) ? AF_INET : AF_INET6;
		if (!families[n])
			continue;
		change = (struct change){ .noun = NOUN_POOL, .pool = {
			.name = names[n], .family = families[n],
			.scheduler = schedulers[any(4)], .sched_flags = any(3),
			.table_size = any(2) ? 16381 : 251,
			.affinity_timeout = 60 * any(2),
			.affinity_prefix_len = 24 + 8 * any(2),
			.given = VSB_POOL_SCHED_FLAGS | VSB_POOL_TABLE_SIZE |
				 VSB_POOL_AFFINITY_TIMEOUT |
				 VSB_POOL_AFFINITY_PREFIX_LEN,
		} };
		take(draft, &change);
		random_backends(draft, pool);
	}
}

/* Every kind of source goes somewhere; false where there is no pool. */
static bool random_routes(struct vsb_service *service,
			  const uint16_t families[POOLS])
{
	struct vsb_route route;
	uint32_t source;
	unsigned int n, tries;

	for (source = 1; source & VSB_SOURCES_ALL; source <<= 1) {
		for (tries = 0, n = any(POOLS);
		     families[n] != service->family && tries < POOLS; tries++)
			n = (n + 1) % POOLS;
		if (families[n] != service->family)
			return false;
		route = (struct vsb_route){
			.pool = names[n], .set = any(2), .masquerade = any(2),
		};
		state_join_route(service, source, &route);
	}

	return true;
}

static void random_ranges(struct draft *draft, const struct vsb_service *service)
{
	struct vsb_cidr cidrs[130];
	struct change change = {
		.noun = NOUN_RANGE, .service = *service, .ranges = cidrs,
	};
	unsigned int n;

	/* Now and then more than there is room for in a line. */
	for (n = 0; n < (any(10) ? 4 : ARRAY_SIZE(cidrs)); n++) {
		if (any(2))
			continue;
		cidrs[change.n_ranges].family = service->family;
		cidrs[change.n_ranges].prefix_len = 32;
		address(&cidrs[change.n_ranges++].addr, service->family,
			service->family == AF_INET ? n : 0);
		if (service->family == AF_INET6)
			break;
	}
	take(draft, &change);
}

static void random_services(struct draft *draft,
			    const uint16_t families[POOLS])
{
	static const char *const labels[] = { NULL, "x", "a \"b\" # c" };
	struct change change;
	struct vsb_service *service = &change.service;
	unsigned int n;

	for (n = 0; n < 12; n++) {
		if (any(2))
			continue;
		change = (struct change){ .noun = NOUN_SERVICE, .service = {
			.kind = n % 3, .family = n % 2 ? AF_INET6 : AF_INET,
			.protocol = n % 3 == VSB_KIND_MARK ? 0 : IPPROTO_TCP,
			.port = n % 3 == VSB_KIND_MARK ? 0 : 80 + n,
			.mark = n % 3 == VSB_KIND_MARK ? n : 0,
			.label = labels[any(3)], .elsewhere = any(2),
			.flags = any(4), .given = VSB_SERVICE_ELSEWHERE |
						  VSB_SERVICE_FLAGS,
		} };
		if (service->kind == VSB_KIND_VIP)
			address(&service->addr, service->family, 9);
		if (!random_routes(service, families))
			continue;
		take(draft, &change);
		random_ranges(draft, service);
	}
}

static void random_config(struct draft *draft, uint32_t given)
{
	struct change change = {
		.noun = NOUN_CONFIG, .verb = VERB_CHANGE, .config = {
			.given = given, .accounting = any(2),
			.finished_max = 64 + any(2),
			.masquerade_all = any(2), .reject_rate = any(2),
			.max_pools = any(3), .max_services = any(3),
			.max_backends = any(3), .affinity_max = 64 + any(2),
			.table_bytes_max = any(3), .timeout_tcp = any(2),
			.timeout_tcp_fin = any(2), .timeout_udp = any(2),
			.n_pod_devices = any(2),
			.pod_devices = { "cni0" },
			.pod_cidrs = { .n = any(2), .cidrs = {
				{ .family = AF_INET, .prefix_len = any(2) },
			} },
		},
	};

	take(draft, &change);
}

/* All of it follows from @from. */
static struct draft *random_draft(unsigned int from, uint32_t given,
				  struct state *state)
{
	struct draft *draft = draft_new("admin", &nothing, state);
	uint16_t families[POOLS];

	assert_non_null(draft);
	seed = from;
	random_pools(draft, families);
	random_services(draft, families);
	random_config(draft, given);

	return draft;
}

static void random_state(unsigned int from, uint32_t given,
			 struct state *state)
{
	struct draft *draft = random_draft(from, given, state);

	assert_int_equal(draft_finish(draft), 0);
	draft_free(draft);
}

/* ---- whether two are the same */

static void same_pools(const struct state *a, const struct state *b)
{
	const struct vsb_backend *y, *z;
	size_t i;

	assert_int_equal(a->n_pools, b->n_pools);
	for (i = 0; i < a->n_pools; i++) {
		const struct state_pool *p = &a->pools[i], *q = &b->pools[i];

		assert_string_equal(p->pool.name, q->pool.name);
		assert_string_equal(p->pool.scheduler, q->pool.scheduler);
		assert_int_equal(p->pool.family, q->pool.family);
		assert_int_equal(p->pool.sched_flags, q->pool.sched_flags);
		assert_int_equal(p->pool.table_size, q->pool.table_size);
		assert_int_equal(p->pool.affinity_timeout,
				 q->pool.affinity_timeout);
		assert_int_equal(p->pool.affinity_prefix_len,
				 q->pool.affinity_prefix_len);
		assert_int_equal(p->n, q->n);
	}

	assert_int_equal(a->n_backends, b->n_backends);
	for (i = 0; i < a->n_backends; i++) {
		y = &a->backends[i].backend;
		z = &b->backends[i].backend;
		assert_int_equal(a->backends[i].pool, b->backends[i].pool);
		assert_memory_equal(&y->addr, &z->addr, sizeof(y->addr));
		assert_int_equal(y->port, z->port);
		assert_int_equal(y->weight, z->weight);
		assert_int_equal(y->state, z->state);
		assert_int_equal(y->sets, z->sets);
		assert_int_equal(y->upper, z->upper);
		assert_int_equal(y->lower, z->lower);
	}
}

static void same_routes(const struct vsb_service *a,
			const struct vsb_service *b)
{
	unsigned int i;

	assert_int_equal(a->n_routes, b->n_routes);
	for (i = 0; i < a->n_routes; i++) {
		assert_int_equal(a->routes[i].sources, b->routes[i].sources);
		assert_int_equal(a->routes[i].set, b->routes[i].set);
		assert_int_equal(a->routes[i].masquerade,
				 b->routes[i].masquerade);
		assert_string_equal(a->routes[i].pool, b->routes[i].pool);
	}
}

static void same_services(const struct state *a, const struct state *b)
{
	char x[SERVICE_MAX], y[SERVICE_MAX];
	size_t i;

	assert_int_equal(a->n_services, b->n_services);
	for (i = 0; i < a->n_services; i++) {
		const struct vsb_service *p = &a->services[i];
		const struct vsb_service *q = &b->services[i];

		assert_string_equal(format_service(x, p), format_service(y, q));
		assert_string_equal(p->label ?: "", q->label ?: "");
		assert_int_equal(p->elsewhere, q->elsewhere);
		assert_int_equal(p->flags, q->flags);
		same_routes(p, q);
	}

	assert_int_equal(a->n_ranges, b->n_ranges);
	for (i = 0; i < a->n_ranges; i++) {
		assert_int_equal(a->ranges[i].service, b->ranges[i].service);
		assert_string_equal(format_cidr(x, &a->ranges[i].cidr),
				    format_cidr(y, &b->ranges[i].cidr));
	}
}

/* As far as the second one says it. */
static void same_config(const struct vsb_config *a, const struct vsb_config *b)
{
	char x[ENDPOINT_MAX], y[ENDPOINT_MAX];
	unsigned int i;

	if (b->given & VSB_CONFIG_ACCOUNTING)
		assert_int_equal(a->accounting, b->accounting);
	if (b->given & VSB_CONFIG_FINISHED_MAX)
		assert_int_equal(a->finished_max, b->finished_max);
	if (b->given & VSB_CONFIG_MASQUERADE_ALL)
		assert_int_equal(a->masquerade_all, b->masquerade_all);
	if (b->given & VSB_CONFIG_REJECT_RATE)
		assert_int_equal(a->reject_rate, b->reject_rate);
	if (b->given & VSB_CONFIG_MAX_POOLS)
		assert_int_equal(a->max_pools, b->max_pools);
	if (b->given & VSB_CONFIG_MAX_SERVICES)
		assert_int_equal(a->max_services, b->max_services);
	if (b->given & VSB_CONFIG_MAX_BACKENDS)
		assert_int_equal(a->max_backends, b->max_backends);
	if (b->given & VSB_CONFIG_AFFINITY_MAX)
		assert_int_equal(a->affinity_max, b->affinity_max);
	if (b->given & VSB_CONFIG_TABLE_BYTES_MAX)
		assert_int_equal(a->table_bytes_max, b->table_bytes_max);
	if (b->given & VSB_CONFIG_TIMEOUT_TCP)
		assert_int_equal(a->timeout_tcp, b->timeout_tcp);
	if (b->given & VSB_CONFIG_TIMEOUT_TCP_FIN)
		assert_int_equal(a->timeout_tcp_fin, b->timeout_tcp_fin);
	if (b->given & VSB_CONFIG_TIMEOUT_UDP)
		assert_int_equal(a->timeout_udp, b->timeout_udp);
	if (b->given & VSB_CONFIG_POD_DEVICES)
		assert_int_equal(a->n_pod_devices, b->n_pod_devices);
	if (b->given & VSB_CONFIG_POD_CIDRS) {
		assert_int_equal(a->pod_cidrs.n, b->pod_cidrs.n);
		for (i = 0; i < a->pod_cidrs.n; i++)
			assert_string_equal(format_cidr(x, &a->pod_cidrs.cidrs[i]),
					    format_cidr(y, &b->pod_cidrs.cidrs[i]));
	}
}

/* ---- going from one to the other */

static int go(struct change *change, void *draft)
{
	take(draft, change);

	return 0;
}

static int write_one(struct change *change, void *arg)
{
	(void)arg;
	write_change(change);

	return 0;
}

/* The lines of a diff, in a file. */
static void write_lines(const struct state *wanted, const struct state *there,
			const char *path)
{
	int saved = dup(STDOUT_FILENO);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	assert_int_equal(diff_state(wanted, there, "admin", write_one, NULL),
			 0);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	fclose(file);
}

static void go_by_lines(const char *path, struct draft *draft)
{
	cleanup_lines struct lines lines = { .text = NULL };
	struct change change;
	bool more;

	assert_int_equal(lines_read(&lines, path), 0);
	while (!lines_next(&lines, &more) && more) {
		if (line_parse_change(lines.argc, lines.argv, &change))
			fail_msg("line %u: %s", lines.number, complaint());
		take(draft, &change);
		change_free(&change);
	}
}

static int count(struct change *change, void *arg)
{
	unsigned int *n = arg;

	(void)change;
	++*n;

	return 0;
}

static unsigned int n_changes(const struct state *wanted,
			      const struct state *there)
{
	unsigned int n = 0;

	assert_int_equal(diff_state(wanted, there, "admin", count, &n), 0);

	return n;
}

static void check_result(struct draft *draft, struct state *result,
			 const struct state *wanted)
{
	assert_int_equal(draft_finish(draft), 0);
	same_pools(result, wanted);
	same_services(result, wanted);
	same_config(&result->config, &wanted->config);
	assert_int_equal(n_changes(wanted, result), 0);
	draft_free(draft);
	state_free(result);
}

static void random_round(unsigned int from, const char *path)
{
	struct state there = { .pools = NULL }, wanted = { .pools = NULL };
	struct state result = { .pools = NULL };
	struct draft *draft;

	random_state(from, VSB_CONFIG_ALL, &there);
	random_state(from + ROUNDS, from % 3 ? 0x1fff & from * 7 : 0, &wanted);
	assert_int_equal(n_changes(&there, &there), 0);

	draft = random_draft(from, VSB_CONFIG_ALL, &result);
	assert_int_equal(diff_state(&wanted, &there, "admin", go, draft), 0);
	check_result(draft, &result, &wanted);

	write_lines(&wanted, &there, path);
	draft = random_draft(from, VSB_CONFIG_ALL, &result);
	go_by_lines(path, draft);
	check_result(draft, &result, &wanted);

	state_free(&there);
	state_free(&wanted);
}

static void test_random(void **state)
{
	char path[] = "/tmp/test_vsbadm.XXXXXX";
	int fd = mkstemp(path);
	unsigned int i;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (i = 0; i < ROUNDS; i++)
		random_round(i, path);
	unlink(path);
}

/* ---- single ones */

/* What the lines come to. */
static void of_lines(const char *text, const char *owner,
		     const struct state *there, struct state *state)
{
	struct draft *draft = draft_new(owner, there, state);
	char *copy = strdup(text), *rest = copy, *line;
	struct test_words words;
	struct change change;

	while ((line = strsep(&rest, "\n")) && *line) {
		cut(&words, line);
		assert_int_equal(line_parse_change(words.n, words.v, &change),
				 0);
		take(draft, &change);
		change_free(&change);
	}
	assert_int_equal(draft_finish(draft), 0);
	draft_free(draft);
	free(copy);
}

static void check_lines(const char *before, const char *after,
			const char *want)
{
	struct state there = { .pools = NULL }, wanted = { .pools = NULL };
	char path[] = "/tmp/test_vsbadm.XXXXXX", got[4096] = "";
	int fd = mkstemp(path);
	ssize_t len;

	assert_true(fd >= 0);
	of_lines(before, "admin", &nothing, &there);
	of_lines(after, "admin", &nothing, &wanted);
	write_lines(&wanted, &there, path);
	len = read(fd, got, sizeof(got) - 1);
	assert_true(len >= 0);
	close(fd);
	unlink(path);
	assert_string_equal(got, want);
	state_free(&there);
	state_free(&wanted);
}

#define WEB								\
	"pool add web family ipv4 scheduler rr\n"			\
	"backend add web 10.0.0.1:80 weight 2\n"			\
	"backend add web 10.0.0.2:80\n"					\
	"service add tcp/192.0.2.1:80 label x pool web\n"

static void test_minimal(void **state)
{
	(void)state;
	check_lines(WEB, WEB, "");
	check_lines(WEB, WEB "backend change web 10.0.0.1:80 state draining\n",
		    "backend change web 10.0.0.1:80 state draining\n");
	check_lines(WEB, WEB "backend del web 10.0.0.1:80\n",
		    "backend del web 10.0.0.1:80\n");
	/* Also where there is no room for one more. */
	check_lines(WEB, WEB "backend del web 10.0.0.2:80\n"
			 "backend add web 10.0.0.0:80\n",
		    "backend del web 10.0.0.2:80\n"
		    "backend add web 10.0.0.0:80 weight 1\n");
	check_lines(WEB, WEB "pool change web scheduler mh sched-flags port\n",
		    "pool change web scheduler mh sched-flags port\n");
	check_lines(WEB, WEB "service change tcp/192.0.2.1:80 pod pool web set 1\n",
		    "service change tcp/192.0.2.1:80 pod pool web set 1\n");
	check_lines(WEB, WEB "service del tcp/192.0.2.1:80\n",
		    "service del tcp/192.0.2.1:80\n");
	check_lines(WEB, "", "service del tcp/192.0.2.1:80\npool del web\n");

	/* A label goes; bits behind a prefix do not count. */
	check_lines(WEB "range add tcp/192.0.2.1:80 10.0.0.0/8\n",
		    "pool add web family ipv4 scheduler rr\n"
		    "backend add web 10.0.0.1:80 weight 2\n"
		    "backend add web 10.0.0.2:80\n"
		    "service add tcp/192.0.2.1:80 pool web\n"
		    "range add tcp/192.0.2.1:80 10.1.2.3/8,10.0.0.0/9\n",
		    "range add tcp/192.0.2.1:80 10.0.0.0/9\n"
		    "service change tcp/192.0.2.1:80 label \"\"\n");
}

/* Flags go with the scheduler that had them. */
static void test_scheduler(void **state)
{
	(void)state;
	check_lines("pool add a family ipv4 scheduler mh sched-flags port\n",
		    "pool add a family ipv4 scheduler sh\n",
		    "pool change a scheduler sh\n");
	check_lines("pool add a family ipv4 scheduler mh sched-flags port\n",
		    "pool add a family ipv4 scheduler sh sched-flags port\n",
		    "pool change a scheduler sh sched-flags port\n");
	check_lines("pool add a family ipv4 scheduler mh sched-flags port\n",
		    "pool add a family ipv4 scheduler mh\n",
		    "pool change a sched-flags none\n");
}

static void test_other_family(void **state)
{
	(void)state;
	check_lines("pool add web family ipv4\n"
		    "service add mark/ipv4:1 pool web\n",
		    "pool add web family ipv6\n"
		    "service add mark/ipv6:1 pool web\n",
		    "service del mark/ipv4:1\n"
		    "pool del web\n"
		    "pool add web family ipv6 scheduler rr\n"
		    "service add mark/ipv6:1 pool web\n");
}

static void test_limits(void **state)
{
	(void)state;
	check_lines("config change max-pools 5 max-services 5\npool add a family ipv4\n",
		    "config change max-pools 4 max-services 6\npool add b family ipv4\n",
		    "config change max-services 6\n"
		    "pool add b family ipv4 scheduler rr\n"
		    "pool del a\n"
		    "config change max-pools 4\n");
}

/* What others have is theirs, and can be sent to. */
static void test_owners(void **state)
{
	struct state there = { .pools = NULL }, wanted = { .pools = NULL };
	struct draft *draft;
	struct change change = {
		.noun = NOUN_POOL, .pool = { .name = "web", .family = AF_INET },
	};

	(void)state;
	of_lines(WEB, "other", &nothing, &there);
	of_lines("service add tcp/192.0.2.2:80 pool web\n", "admin", &there,
		 &wanted);
	assert_int_equal(n_changes(&wanted, &there), 1);
	assert_int_equal(n_changes(&nothing, &there), 0);

	draft = draft_new("admin", &there, &wanted);
	assert_int_equal(draft_change(draft, &change), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "pool \"web\": exists already, owner other");
	draft_free(draft);
	state_free(&there);
	state_free(&wanted);
}

static void refuse_line(const char *before, const char *line, const char *why)
{
	struct state result = { .pools = NULL };
	struct draft *draft = draft_new("admin", &nothing, &result);
	struct test_words words;
	struct change change;
	char *copy = strdup(before), *rest = copy, *each;

	while ((each = strsep(&rest, "\n"))) {
		cut(&words, *each ? each : line);
		assert_int_equal(line_parse_change(words.n, words.v, &change),
				 0);
		if (*each)
			take(draft, &change);
		else
			assert_int_equal(draft_change(draft, &change),
					 EXIT_SYNTAX);
		change_free(&change);
	}
	assert_string_equal(complaint(), why);
	draft_free(draft);
	state_free(&result);
	free(copy);
}

static void test_refused(void **state)
{
	(void)state;
	refuse_line(WEB, "pool add web family ipv4",
		    "pool \"web\": is there twice");
	refuse_line(WEB, "pool del other", "pool \"other\": no such pool");
	refuse_line(WEB, "pool del web",
		    "pool \"web\": a service sends connections there");
	refuse_line(WEB, "backend add web 10.0.0.1:80",
		    "backend 10.0.0.1:80 of pool \"web\": is there twice");
	refuse_line(WEB, "backend change web 10.0.0.3:80 weight 1",
		    "backend 10.0.0.3:80 of pool \"web\": no such backend");
	refuse_line(WEB, "backend add web [2001:db8::1]:80",
		    "backend [2001:db8::1]:80: must be an ipv4 address as pool \"web\" is of that family");
	refuse_line(WEB, "backend change web 10.0.0.1:80 upper 1 lower 2",
		    "backend 10.0.0.1:80 of pool \"web\": lower is more than upper");
	refuse_line(WEB, "service add tcp/192.0.2.1:80 pool web",
		    "service tcp/192.0.2.1:80: is there twice");
	refuse_line(WEB, "service add tcp/192.0.2.2:80 pool web2",
		    "pool \"web2\": no such pool");
	refuse_line(WEB, "service add mark/ipv6:1 pool web",
		    "pool \"web\": is of ipv4, the service of ipv6");
	refuse_line(WEB, "service del mark/ipv4:1",
		    "service mark/ipv4:1: no such service");
	refuse_line(WEB, "range add tcp/192.0.2.1:80 10.0.0.0/8,10.1.0.0/8",
		    "range 10.0.0.0/8 of service tcp/192.0.2.1:80: is there twice");
	refuse_line(WEB, "range del tcp/192.0.2.1:80 10.0.0.0/8",
		    "range 10.0.0.0/8 of service tcp/192.0.2.1:80: no such range");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_minimal),
		cmocka_unit_test(test_scheduler),
		cmocka_unit_test(test_other_family),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
