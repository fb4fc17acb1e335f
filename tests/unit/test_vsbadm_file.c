// SPDX-License-Identifier: GPL-2.0
/* vsbadm's files of what is to be: what is wrong there is named by its place. */
#include <stdio.h>
#include <unistd.h>

#include "test_vsbadm.h"

static struct session session = {
	.options.owner = "admin", .info.schedulers = "rr wlc mh",
};

static int read_text(const char *text, const struct state *there,
		     struct state *state)
{
	cleanup_desired struct desired desired = { .json = NULL };
	char path[] = "/tmp/test_vsbadm.XXXXXX", *words[] = { path };
	int fd = mkstemp(path), status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	status = desired_open(&desired, "diff", 1, words) ?:
		 desired_state(&desired, &session, there, state);
	unlink(path);

	return status;
}

static void refuse(const char *text, const char *why)
{
	const struct state nothing = { .pools = NULL };
	struct state state = { .pools = NULL };

	assert_int_not_equal(read_text(text, &nothing, &state), 0);
	assert_string_equal(complaint(), why);
	state_free(&state);
}

#define POOL(more)							\
	"{\"pools\": [{\"name\": \"web\", \"family\": \"ipv4\"" more "}],"	\
	" \"services\": []}"
#define BACKEND(more) \
	POOL(", \"backends\": [{\"address\": \"10.0.0.1\"" more "}]")
#define SERVICES(list)							\
	"{\"pools\": [{\"name\": \"web\", \"family\": \"ipv4\"},"		\
	" {\"name\": \"six\", \"family\": \"ipv6\"}],"			\
	" \"services\": [" list "]"
#define KEY								\
	"\"kind\": \"vip\", \"family\": \"ipv4\", \"protocol\": \"tcp\","	\
	" \"address\": \"192.0.2.1\", \"port\": 80"
#define ALL "\"sources\": [\"pod\", \"node\", \"outside\"]"
#define ROUTES "\"routes\": [{" ALL ", \"pool\": \"web\"}]"
#define SERVICE "{" KEY ", " ROUTES "}"

static void test_syntax(void **state)
{
	(void)state;
	refuse("{\"pools\": [],\n \"services\": [,]}",
	       "line 2, column 15: unexpected token near ','");
	refuse(" \n {\"pools\": [], \"pools\": []}",
	       "line 2, column 22: duplicate object key near '\"pools\"'");
	refuse("{\"pools\": []} {", "line 1, column 15: end of file expected near '{'");
}

static void test_objects(void **state)
{
	(void)state;
	refuse("{}", "pools: is missing");
	refuse("{\"pools\": []}", "services: is missing");
	refuse("{\"pools\": {}, \"services\": []}", "pools: must be a list");
	refuse("{\"pools\": [1], \"services\": []}",
	       "pools[0]: must be an object");
	refuse("{\"pools\": [], \"services\": [], \"more\": 1}",
	       "more: not a key here; there are: pools, services, ranges, config");
	refuse("{\"pools\": [], \"services\": [], \"generation\": 1}",
	       "generation: not a key here; there are: pools, services, ranges, config");
}

static void test_pools(void **state)
{
	(void)state;
	refuse(POOL(", \"colour\": 1"),
	       "pools[0].colour: not a key here; there are: name, owner, family, scheduler, sched-flags, table-size, affinity-timeout, affinity-prefix-len, users, stats, backends");
	refuse(POOL(", \"scheduler\": 1"), "pools[0].scheduler: must be a string");
	refuse(POOL(", \"owner\": 1"), "pools[0].owner: must be a string");
	refuse(POOL(", \"table-size\": \"3\""),
	       "pools[0].table-size: must be a whole number");
	refuse(POOL(", \"table-size\": -3"),
	       "pools[0].table-size: table-size \"-3\": must be 3 to 131071");
	refuse(POOL(", \"sched-flags\": \"port\""),
	       "pools[0].sched-flags: must be a list");
	refuse(POOL(", \"sched-flags\": [\"port\", \"none\"]"),
	       "pools[0].sched-flags[1]: \"none\": not expected here");
	refuse(POOL(", \"sched-flags\": [\"port,port\"]"),
	       "pools[0].sched-flags[0]: \"port,port\": not expected here");
	refuse(POOL(", \"affinity-prefix-len\": 33"),
	       "pools[0]: affinity-prefix-len \"33\": must be 0 to 32 for ipv4");
	refuse(POOL(", \"scheduler\": \"best\""),
	       "pools[0]: scheduler \"best\": the module does not have it; it has: rr wlc mh");
	refuse(POOL("}, {\"name\": \"web\", \"family\": \"ipv6\""),
	       "pools[1]: pool \"web\": is there twice");
	refuse("{\"pools\": [{\"name\": \"a b\", \"family\": \"ipv6\"}], \"services\": []}",
	       "pools[0].name: pool \"a...\": must be 1 to 255 characters of printable ASCII without blanks");
	refuse("{\"pools\": [{\"name\": \"ab\"}], \"services\": []}",
	       "pools[0].family: is missing");
}

static void test_backends(void **state)
{
	(void)state;
	refuse(POOL(", \"backends\": [{}]"),
	       "pools[0].backends[0].address: is missing");
	refuse(POOL(", \"backends\": [{\"address\": \"2001:db8::1\"}]"),
	       "pools[0].backends[0].address: \"2001:db8::1\": must be an ipv4 address");
	refuse(BACKEND(", \"port\": 65536"),
	       "pools[0].backends[0].port: must be a whole number from 0 to 65535");
	refuse(BACKEND(", \"pool\": \"other\""),
	       "pools[0].backends[0].pool: \"other\": must be \"web\", where it is");
	refuse(BACKEND(", \"weight\": 1.5"),
	       "pools[0].backends[0].weight: must be a whole number");
	refuse(BACKEND(", \"weight\": 65536"),
	       "pools[0].backends[0].weight: weight \"65536\": must be 0 to 65535");
	refuse(BACKEND(", \"state\": \"down\""),
	       "pools[0].backends[0].state: state \"down\": must be up or draining");
	refuse(BACKEND(", \"sets\": [0, \"1\"]"),
	       "pools[0].backends[0].sets[1]: must be a whole number");
	refuse(BACKEND(", \"sets\": [8]"),
	       "pools[0].backends[0].sets: set \"8\": must be 0 to 7");
	refuse(BACKEND("}, {\"address\": \"10.0.0.1\""),
	       "pools[0].backends[1]: backend 10.0.0.1:0 of pool \"web\": is there twice");
}

static void test_services(void **state)
{
	(void)state;
	refuse(SERVICES(SERVICE ", " SERVICE) "}",
	       "services[1]: service tcp/192.0.2.1:80: is there twice");
	refuse(SERVICES("{\"kind\": \"vip\", \"family\": \"ipv4\", \"protocol\": \"tcp\", " ROUTES "}") "}",
	       "services[0].address: is missing, a vip has one");
	refuse(SERVICES("{" KEY ", \"mark\": 5, " ROUTES "}") "}",
	       "services[0].mark: must be null, a vip has none");
	refuse(SERVICES("{\"kind\": \"mark\", \"family\": \"ipv4\", \"mark\": 0, " ROUTES "}") "}",
	       "services[0].mark: must be a whole number from 1 to 4294967295");
	refuse(SERVICES("{\"kind\": \"node-port\", \"family\": \"ipv4\", \"protocol\": \"tcp\", \"port\": 0, " ROUTES "}") "}",
	       "services[0].port: must be 1 to 65535 for a node-port");
	refuse(SERVICES("{\"kind\": \"vip\", \"family\": \"ipv4\", \"protocol\": \"tcp\", \"address\": \"0.0.0.0\", \"port\": 1, " ROUTES "}") "}",
	       "services[0].address: must not be unspecified; a node port has the kind node-port, and null here");
	refuse(SERVICES("{" KEY ", \"flags\": [\"odd\"], " ROUTES "}") "}",
	       "services[0].flags: flag \"odd\": must be cluster-ip or restricted");
	refuse(SERVICES("{" KEY ", \"elsewhere\": true, " ROUTES "}") "}",
	       "services[0].elsewhere: must be a string");
}

static void test_routes(void **state)
{
	(void)state;
	refuse(SERVICES("{" KEY ", \"routes\": []}") "}",
	       "services[0].routes: pod,node,outside: has no route");
	refuse(SERVICES("{" KEY ", \"routes\": [{" ALL ", \"pool\": \"other\"}]}") "}",
	       "services[0].routes[0].pool: pool \"other\": no such pool");
	refuse(SERVICES("{" KEY ", \"routes\": [{" ALL ", \"pool\": \"six\"}]}") "}",
	       "services[0].routes[0].pool: pool \"six\": is of ipv6, the service of ipv4");
	refuse(SERVICES("{" KEY ", \"routes\": [{" ALL ", \"pool\": \"web\"}, {\"sources\": [\"pod\"], \"pool\": \"web\"}]}") "}",
	       "services[0].routes[1].sources: pod: has a route already");
	refuse(SERVICES("{" KEY ", \"routes\": [{" ALL ", \"pool\": \"web\"}, {\"sources\": [], \"pool\": \"web\"}]}") "}",
	       "services[0].routes[1].sources: must not be empty");
	refuse(SERVICES("{" KEY ", \"routes\": [{\"sources\": [\"pod\", \"pod\"], \"pool\": \"web\"}]}") "}",
	       "services[0].routes[0].sources[1]: kind of source \"pod\": given twice");
	refuse(SERVICES("{" KEY ", \"routes\": [{" ALL ", \"pool\": \"web\", \"set\": 8}]}") "}",
	       "services[0].routes[0].set: must be a whole number from 0 to 7");
	refuse(SERVICES("{" KEY ", \"routes\": [{" ALL ", \"pool\": \"web\", \"masquerade\": 1}]}") "}",
	       "services[0].routes[0].masquerade: must be true or false");
	refuse(SERVICES("{" KEY ", \"routes\": [{" ALL "}]}") "}",
	       "services[0].routes[0].pool: is missing");
}

#define RANGES(list) SERVICES(SERVICE) ", \"ranges\": [" list "]}"

static void test_ranges(void **state)
{
	(void)state;
	refuse(SERVICES("{" KEY ", \"ranges\": 2, " ROUTES "}") "}",
	       "services[0].ranges: the file has no list of ranges");
	refuse(SERVICES("{" KEY ", \"ranges\": 2, " ROUTES "}") ", \"ranges\": null}",
	       "services[0].ranges: the file has no list of ranges");
	refuse(RANGES("{\"service\": \"tcp/192.0.2.1:80\", \"range\": [\"10.0.0.0/8,11.0.0.0/8\"]}"),
	       "ranges[0].range[0]: \"10.0.0.0/8,11.0.0.0/8\": not expected here");
	refuse(RANGES("{\"service\": \"tcp/192.0.2.2:80\", \"range\": [\"10.0.0.0/8\"]}"),
	       "ranges[0].range[0]: service tcp/192.0.2.2:80: no such service");
	refuse(RANGES("{\"service\": \"tcp/192.0.2.1:80\", \"range\": [\"10.0.0.0/8\", \"10.0.0.0\"]}"),
	       "ranges[0].range[1]: range \"10.0.0.0\": must be like 10.244.0.0/16 or fd00:244::/64");
	refuse(RANGES("{\"service\": \"tcp/192.0.2.1:80\", \"range\": [\"10.0.0.0/8\", \"10.0.0.1/8\"]}"),
	       "ranges[0].range[1]: range 10.0.0.0/8 of service tcp/192.0.2.1:80: is there twice");
	refuse(RANGES("{\"service\": \"tcp/192.0.2.1:80\", \"range\": [\"fd00::/8\"]}"),
	       "ranges[0].range[0]: range \"fd00::/8\": must be of ipv4 as the service is");
}

#define CONFIG(more) "{\"pools\": [], \"services\": [], \"config\": {" more "}}"

static void test_config(void **state)
{
	(void)state;
	refuse(CONFIG("\"accounting\": \"on\""),
	       "config.accounting: must be true or false");
	refuse(CONFIG("\"affinity-max\": 1"),
	       "config.affinity-max: affinity-max \"1\": must be 64 to 4194304");
	refuse(CONFIG("\"pod-cidrs\": [\"10.0.0.0/8\", 1]"),
	       "config.pod-cidrs[1]: must be a string");
	refuse(CONFIG("\"podcidrs\": []"),
	       "config.podcidrs: not a key here; there are: accounting, finished-max, masquerade-all, pod-cidrs, pod-devices, service-cidrs, node-port-cidrs, reject-rate, max-pools, max-services, max-backends, affinity-max, table-bytes-max, timeout-tcp, timeout-tcp-fin, timeout-udp");
}

static void test_lines(void **state)
{
	(void)state;
	refuse("pool add web family ipv4\n\nservice add tcp/192.0.2.1:80 pool other\n",
	       "line 3: pool \"other\": no such pool");
	refuse("-A -t 192.0.2.1:80 -s best\n",
	       "line 1: scheduler \"best\": the module does not have it; it has: rr wlc mh");
	refuse("-L\n", "line 1: only commands that change something can be in a script");
}

/* What is left out is as with add; what only listings say is not looked at. */
static void test_defaults(void **state)
{
	const struct state nothing = { .pools = NULL };
	struct state got = { .pools = NULL };
	const struct vsb_backend *backend;
	const struct vsb_service *service;

	(void)state;
	if (read_text("{\"config\": {\"pod-devices\": [\"cni0\"], \"max-pools\": null},"
		      "\"services\": [{" KEY ", \"mark\": null, \"label\": null, \"stats\": {\"x\": 1}, \"routes\":"
		      " [{\"sources\": [\"node\"], \"pool\": \"b\"}, {\"sources\": [\"outside\", \"pod\"], \"pool\": \"b\"}]}],"
		      "\"pools\": [{\"name\": \"other\", \"owner\": \"somebody\", \"unknown\": 1},"
		      "{\"backends\": [{\"address\": \"10.0.0.1\", \"stats\": null, \"active\": 3, \"connections\": 4}],"
		      " \"users\": 9, \"family\": \"ipv4\", \"name\": \"b\"}]}",
		      &nothing, &got))
		fail_msg("%s", complaint());

	assert_int_equal(got.n_pools, 1);
	assert_string_equal(got.pools[0].pool.scheduler, "rr");
	assert_string_equal(got.pools[0].pool.owner, "admin");
	assert_int_equal(got.pools[0].pool.affinity_prefix_len, 32);
	assert_int_equal(got.pools[0].pool.table_size, 16381);
	assert_int_equal(got.n_backends, 1);
	backend = &got.backends[0].backend;
	assert_int_equal(backend->weight, 1);
	assert_int_equal(backend->sets, 1);
	assert_int_equal(backend->state, VSB_STATE_UP);
	assert_int_equal(got.n_services, 1);
	service = &got.services[0];
	assert_int_equal(service->n_routes, 1);
	assert_int_equal(service->routes[0].sources, VSB_SOURCES_ALL);
	assert_null(service->label);
	assert_int_equal(got.config.given, VSB_CONFIG_POD_DEVICES);
	state_free(&got);
}

/* Another owner's object is in the way, and one's pool may be sent to. */
static void test_owners(void **state)
{
	const struct state nothing = { .pools = NULL };
	struct state there = { .pools = NULL }, got = { .pools = NULL };

	(void)state;
	session.options.owner = "other";
	assert_int_equal(read_text("-A -t 192.0.2.1:80 -s rr\n"
				   "pool add web family ipv4\n", &nothing,
				   &there), 0);
	session.options.owner = "admin";

	assert_int_equal(read_text("{\"pools\": [], \"services\": [" SERVICE "]}",
				   &there, &got), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "services[0]: service tcp/192.0.2.1:80: exists already, owner other");
	state_free(&got);
	assert_int_equal(read_text("service add tcp/192.0.2.2:80 pool web\n",
				   &there, &got), 0);
	assert_int_equal(got.n_services, 1);
	assert_int_equal(got.n_pools, 0);
	state_free(&got);
	state_free(&there);
}

static void test_words(void **state)
{
	cleanup_desired struct desired desired = { .json = NULL };
	char *words[] = { (char *)"-", (char *)"more" };

	(void)state;
	assert_int_equal(desired_open(&desired, "diff", 0, words), EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "diff: needs a FILE, or - for the standard input");
	assert_int_equal(desired_open(&desired, "diff", 2, words), EXIT_SYNTAX);
	assert_string_equal(complaint(), "\"more\": not expected here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_backends),
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
