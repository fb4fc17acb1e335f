// SPDX-License-Identifier: GPL-2.0
/* top's rows: which there are, in which order, and what is in them. */
#include "test_vsbadm.h"
#include "vsbadm/top.h"

/* ---- what there is: three services, the first two of one pool */

static struct state_pool pools[] = {
	{ .pool = { .name = "six", .family = AF_INET6 }, .first = 0, .n = 1 },
	{ .pool = { .name = "web", .family = AF_INET }, .first = 1, .n = 3 },
};

static struct state_backend backends[] = {
	{ .pool = 0, .backend = {
		.port = 53, .sets = 1, .weight = 1, .active = 5,
		.connections = 4 } },
	{ .pool = 1, .backend = {
		.port = 1, .sets = 1, .weight = 3, .active = 2,
		.connections = 5, .given = VSB_BACKEND_STATS,
		.stats.rate_bytes_in = 11 } },
	{ .pool = 1, .backend = {
		.port = 2, .sets = 2, .weight = 5, .active = 7,
		.connections = 7 } },
	{ .pool = 1, .backend = {
		.port = 3, .sets = 3, .weight = 4, .active = 1,
		.connections = 1 } },
};

static struct vsb_service services[] = {
	{ .kind = VSB_KIND_VIP, .family = AF_INET, .protocol = IPPROTO_TCP,
	  .port = 80, .owner = "admin", .label = "default/Web",
	  .routes = { { VSB_SOURCES_ALL, "web", 0, false } }, .n_routes = 1,
	  .given = VSB_SERVICE_STATS,
	  .stats = { 1, 2, 3, 4, 5, 60, 70, 80, 90, 100 } },
	{ .kind = VSB_KIND_VIP, .family = AF_INET, .protocol = IPPROTO_TCP,
	  .port = 443, .owner = "admin",
	  .routes = {
		{ VSB_SOURCE_POD | VSB_SOURCE_NODE, "six", 0, false },
		{ VSB_SOURCE_OUTSIDE, "web", 1, false } },
	  .n_routes = 2,
	  .given = VSB_SERVICE_STATS, .stats.rate_connections = 61 },
	{ .kind = VSB_KIND_MARK, .family = AF_INET6, .mark = 7,
	  .owner = "admin",
	  .routes = { { VSB_SOURCES_ALL, "six", 0, false } }, .n_routes = 1 },
	{ .kind = VSB_KIND_MARK, .family = AF_INET6, .mark = 8,
	  .owner = "admin",
	  .routes = { { VSB_SOURCES_ALL, "gone", 0, false } }, .n_routes = 1 },
};

static struct state state = {
	.pools = pools, .n_pools = ARRAY_SIZE(pools),
	.backends = backends, .n_backends = ARRAY_SIZE(backends),
	.services = services, .n_services = ARRAY_SIZE(services),
};

static struct top_view view;
static struct top_rows rows;

static int begin(void **unused)
{
	(void)unused;
	view = (struct top_view){ .sort = TOP_NAME };
	rows = (struct top_rows){ .n = 0 };

	return 0;
}

static int end(void **unused)
{
	(void)unused;
	top_rows_free(&rows);
	free(view.toggled);

	return 0;
}

/* Rows as text: a service by its place from a, its backends by their ports. */
static const char *made(void)
{
	static char text[64];
	char *to = text;
	size_t i;

	top_rows_free(&rows);
	assert_int_equal(top_rows_make(&state, &view, &rows), 0);
	for (i = 0; i < rows.n; i++)
		to += sprintf(to, rows.rows[i].backend ? "%u" : "%c",
			      rows.rows[i].backend ?
			      rows.rows[i].backend->port :
			      'a' + (unsigned int)(rows.rows[i].service -
						   services));
	*to = '\0';

	return text;
}

static void toggle(size_t service)
{
	assert_int_equal(top_toggle(&view, &services[service]), 0);
}

/* ---- tests */

static void test_values(void **unused)
{
	const struct top_row *row;

	(void)unused;
	assert_string_equal(made(), "abcd");
	row = &rows.rows[0];
	assert_true(row->counted);
	assert_int_equal(row->backends, 2);
	assert_int_equal(row->values[TOP_CONNECTIONS], 60);
	assert_int_equal(row->values[TOP_PACKETS_IN], 70);
	assert_int_equal(row->values[TOP_PACKETS_OUT], 80);
	assert_int_equal(row->values[TOP_BYTES_IN], 90);
	assert_int_equal(row->values[TOP_BYTES_OUT], 100);

	/* Of the set that sources outside get. */
	assert_int_equal(row->values[TOP_ACTIVE], 2 + 1);
	assert_int_equal(row->values[TOP_INACTIVE], 3);
	assert_int_equal(rows.rows[1].values[TOP_ACTIVE], 7 + 1);
	assert_int_equal(rows.rows[1].backends, 2);

	/* The two are not read at one moment, and a pool may be gone. */
	assert_int_equal(rows.rows[2].values[TOP_INACTIVE], 0);
	assert_false(rows.rows[2].counted);
	assert_int_equal(rows.rows[3].backends, 0);
	assert_int_equal(rows.services, 4);
}

static void test_expand(void **unused)
{
	(void)unused;
	toggle(1);
	assert_string_equal(made(), "ab23cd");
	assert_true(rows.rows[1].expanded);
	assert_int_equal(rows.rows[2].values[TOP_WEIGHT], 5);
	assert_int_equal(rows.rows[2].values[TOP_ACTIVE], 7);
	toggle(0);
	assert_string_equal(made(), "a13b23cd");
	assert_true(rows.rows[1].counted);
	assert_int_equal(rows.rows[1].values[TOP_BYTES_IN], 11);
	toggle(1);
	assert_string_equal(made(), "a13bcd");

	/* All, then but for one, then none. */
	top_toggle_all(&view);
	assert_string_equal(made(), "a13b23c53d");
	toggle(0);
	assert_string_equal(made(), "ab23c53d");
	top_toggle_all(&view);
	assert_string_equal(made(), "abcd");
}

static void test_sort(void **unused)
{
	(void)unused;
	view.sort = TOP_CONNECTIONS;
	assert_string_equal(made(), "bacd");
	view.reverse = true;
	assert_string_equal(made(), "cdab");
	view.sort = TOP_NAME;
	assert_string_equal(made(), "dcba");

	/* Backends among themselves; services have no weight. */
	view = (struct top_view){ .sort = TOP_WEIGHT, .all = true };
	assert_string_equal(made(), "a31b23c53d");
	view.reverse = true;
	assert_string_equal(made(), "a13b32c53d");
	view.sort = TOP_ACTIVE;
	assert_string_equal(made(), "da31c53b32");
}

static void test_filter(void **unused)
{
	static const struct {
		const char *filter, *rows;
	} cases[] = {
		{ "", "abcd" }, { "443", "b" }, { "mark/", "cd" },
		{ "tcp/0.0", "ab" }, { "default/web", "a" }, { "X", "" },
	};
	size_t i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strcpy(view.filter, cases[i].filter);
		assert_string_equal(made(), cases[i].rows);
		assert_int_equal(rows.services, strlen(cases[i].rows));
	}
}

static void test_nothing(void **unused)
{
	static const struct state none = { .pools = NULL };
	struct top_place place = { .backend = false };

	(void)unused;
	assert_int_equal(top_rows_make(&none, &view, &rows), 0);
	assert_int_equal(rows.n, 0);
	assert_int_equal(top_rows_find(&rows, &place, 3), 0);
}

static void test_places(void **unused)
{
	struct top_place service, backend;

	(void)unused;
	view.all = true;
	assert_string_equal(made(), "a13b23c53d");
	top_place_of(&rows.rows[3], &service);
	top_place_of(&rows.rows[5], &backend);
	assert_int_equal(top_rows_find(&rows, &service, 0), 3);
	assert_int_equal(top_rows_find(&rows, &backend, 0), 5);

	/* A backend of another service is another row. */
	view.sort = TOP_ACTIVE;
	assert_string_equal(made(), "b23c53a13d");
	assert_int_equal(top_rows_find(&rows, &service, 9), 0);
	assert_int_equal(top_rows_find(&rows, &backend, 9), 2);

	/* What is gone is where one was, or at the end. */
	view.all = false;
	assert_string_equal(made(), "bcad");
	assert_int_equal(top_rows_find(&rows, &backend, 2), 2);
	assert_int_equal(top_rows_find(&rows, &backend, 5), 3);
}

static void test_number(void **unused)
{
	static const struct {
		uint64_t value;
		const char *text;
	} cases[] = {
		{ 0, "0" }, { 99999, "99999" }, { 100000, "100K" },
		{ 999999, "999K" }, { 1000000, "1.0M" }, { 12345678, "12.3M" },
		{ 99999999, "99.9M" }, { 100000000, "100M" },
		{ 1234567890, "1.2G" }, { 1234567890123, "1.2T" },
		{ UINT64_MAX, "18.4E" },
	};
	char buf[TOP_NUMBER_MAX];
	size_t i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(top_number(buf, cases[i].value),
				    cases[i].text);
}

#define test(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_values),
		test(test_expand),
		test(test_sort),
		test(test_filter),
		test(test_nothing),
		test(test_places),
		test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
