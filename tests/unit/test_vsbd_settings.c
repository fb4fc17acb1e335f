// SPDX-License-Identifier: GPL-2.0
/* Tests what settings take, on the command line and in a file. */

#include <getopt.h>

#include "vsbd/objects.h"
#include "vsbd/place.h"

#include "vsbd/options.h"

#define BAD_CIDR "is not a list of CIDRs such as 192.0.2.0/24"
#define BAD_TIME "is not a time such as 30s or 1m30s"

static struct settings settings;

static const struct setting *find(const char *name)
{
	const struct setting *setting = settings_all;

	while (strcmp(setting->name, name))
		setting++;
	return setting;
}

static void good(const char *name, const char *value)
{
	autofree char *complaint = settings_set(&settings, find(name), value);

	if (complaint)
		fail_msg("%s", complaint);
}

static void expect_node_ports(const char *expected)
{
	const struct vsb_cidr_list *list = &settings.node.node_port_cidrs;
	char text[256] = "", one[IP_TEXT_MAX];

	for (unsigned int i = 0; i < list->n; i++) {
		strcat(text, ip_print_cidr(&list->cidrs[i], one));
		strcat(text, " ");
	}
	assert_string_equal(text, expected);
}

static void values(void **state)
{
	(void)state;
	settings_default(&settings);
	assert_true(settings.node.primary_node_ports);
	assert_true(settings.node.external_ips);
	assert_int_equal(settings.sync_period, 30000000);
	good("hostname-override", "Node-1.Example");
	assert_string_equal(settings.node.name, "node-1.example");
	good("detect-local-mode", "NodeCIDR");
	assert_int_equal(settings.node.detect_local, DETECT_NODE_CIDR);
	good("detect-local-mode", "");
	assert_int_equal(settings.node.detect_local, DETECT_CLUSTER_CIDR);
	good("cluster-cidr", "10.244.0.0/16,fd00:244::/48");
	assert_int_equal(settings.node.cluster_cidrs.n, 2);
	good("cluster-cidr", "");
	assert_int_equal(settings.node.cluster_cidrs.n, 0);
	good("pod-bridge-interface", "fifteen-letters");
	good("pod-interface-name-prefix", "veth");
	good("nodeport-addresses", "all");
	assert_false(settings.node.primary_node_ports);
	assert_int_equal(settings.node.node_port_cidrs.n, 2);
	good("nodeport-addresses", "192.0.2.0/24, 198.51.100.0/24");
	expect_node_ports("192.0.2.0/24 198.51.100.0/24 ::/0 ");
	good("nodeport-addresses", "2001:db8::/32");
	expect_node_ports("2001:db8::/32 0.0.0.0/0 ");
	good("nodeport-addresses", "2001:db8::/32,192.0.2.0/24");
	expect_node_ports("2001:db8::/32 192.0.2.0/24 ");
	good("nodeport-addresses", "primary");
	assert_true(settings.node.primary_node_ports);
	good("sync-period", "1h");
	assert_int_equal(settings.sync_period, 3600000000);
}

static void switches(void **state)
{
	static const char *const words[][2] = {
		{ "1", "0" }, { "t", "f" }, { "T", "F" }, { "true", "false" },
		{ "TRUE", "FALSE" }, { "True", "False" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		good("masquerade-all", words[i][0]);
		assert_true(settings.node.masquerade_all);
		good("masquerade-all", words[i][1]);
		assert_false(settings.node.masquerade_all);
		good("external-ips", words[i][0]);
		assert_true(settings.node.external_ips);
	}
}

static void times(void **state)
{
	static const struct {
		const char *text;
		uint64_t microseconds;
	} cases[] = {
		{ "1m1s5ms7us", 61005007 },
		{ "0", 0 },
		{ "0s", 0 },
		{ "00s", 0 },
		{ "1.5s", 1500000 },
		{ "1h1.5m", 3690000000 },
		{ ".5s", 500000 },
		{ "5.s", 5000000 },
		{ "0.000001s", 1 },
		{ "0.0000019999999999999999999999999999s", 1 },
		{ "0.000000999s", 0 },
		{ "1500ns", 1 },
		{ "2\u00b5s3\u03bcs", 5 },
		{ "2000000us", 2000000 },
		{ "0.1h", 360000000 },
		{ "9223372036854775807ns", INT64_MAX / 1000 },
		{ "2562047h47m16.854775807s", INT64_MAX / 1000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		good("min-sync-period", cases[i].text);
		assert_int_equal(settings.min_sync_period,
				 cases[i].microseconds);
	}
}

static void bad_values(void **state)
{
	static const char *const cases[][3] = {
		{ "hostname-override",
		  "a12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890",
		  "is longer than a Node's name" },
		{ "detect-local-mode", "clustercidr",
		  "is not ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix" },
		{ "cluster-cidr", "10.0.0.0", BAD_CIDR },
		{ "cluster-cidr", "10.0.0.0/8,11.0.0.0/8",
		  "has more than one range of a family" },
		{ "pod-bridge-interface", "eth 0", "is not a device's name" },
		{ "pod-interface-name-prefix", "veth*",
		  "is not a device's name" },
		{ "pod-bridge-interface", "sixteen-letters1",
		  "is longer than a device's name" },
		{ "pod-interface-name-prefix", "fifteen-letters",
		  "is longer than a device's name" },
		{ "nodeport-addresses", "primary,10.0.0.0/8",
		  "is not primary, all or a list of CIDRs such as 192.0.2.0/24" },
		{ "nodeport-addresses", ",",
		  "is not primary, all or a list of CIDRs such as 192.0.2.0/24" },
		{ "nodeport-addresses", " ",
		  "is not primary, all or a list of CIDRs such as 192.0.2.0/24" },
		{ "nodeport-addresses", "localhost",
		  "is not supported: node ports are never at loopback addresses" },
		{ "nodeport-addresses", "192.0.2.0/24,127.0.0.0/8",
		  "is not supported: node ports are never at loopback addresses" },
		{ "nodeport-addresses", "::1/128",
		  "is not supported: node ports are never at loopback addresses" },
		{ "nodeport-addresses", "primary,primary",
		  "is not primary, all or a list of CIDRs such as 192.0.2.0/24" },
		{ "masquerade-all", "yes", "is not true or false" },
		{ "masquerade-all", "", "is not true or false" },
		{ "masquerade-all", "tRUE", "is not true or false" },
		{ "masquerade-all", "10", "is not true or false" },
		{ "min-sync-period", "5", BAD_TIME },
		{ "min-sync-period", "", BAD_TIME },
		{ "min-sync-period", "s", BAD_TIME },
		{ "min-sync-period", ".", BAD_TIME },
		{ "min-sync-period", ".s", BAD_TIME },
		{ "min-sync-period", "1.5", BAD_TIME },
		{ "min-sync-period", "1.5.5s", BAD_TIME },
		{ "min-sync-period", "1s0", BAD_TIME },
		{ "min-sync-period", "1s 1s", BAD_TIME },
		{ "min-sync-period", " 1s", BAD_TIME },
		{ "min-sync-period", "1sm", BAD_TIME },
		{ "min-sync-period", "0x1s", BAD_TIME },
		{ "min-sync-period", "1S", BAD_TIME },
		{ "min-sync-period", "-5s", BAD_TIME },
		{ "min-sync-period", "5d", BAD_TIME },
		{ "min-sync-period", "99999999999999999999s", BAD_TIME },
		{ "min-sync-period", "99999999999999999999ns", BAD_TIME },
		{ "min-sync-period", "9223372036854775808ns", BAD_TIME },
		{ "min-sync-period", "18446744073709552us", BAD_TIME },
		{ "min-sync-period", "2562047h47m16.854775808s", BAD_TIME },
		{ "min-sync-period", "2562047.9h", BAD_TIME },
		{ "min-sync-period", "2562047h2562047h2562047h", BAD_TIME },
		{ "sync-period", "0", "is less than 1s" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *complaint = settings_set(&settings,
							find(cases[i][0]),
							cases[i][1]);
		autofree char *expected = mem_printf("%s: \"%s\" %s",
						     cases[i][0], cases[i][1],
						     cases[i][2]);

		assert_non_null(complaint);
		assert_string_equal(complaint, expected);
	}
}

static void files(void **state)
{
	static const char *const cases[][2] = {
		{ "# nothing", NULL },
		{ "cluster-cidr: [10.244.0.0/16, 'fd00:244::/48']\nmasquerade-all: true\nmin-sync-period: 0\nproxy-name: null\n",
		  NULL },
		{ "cluster-cidr: 10.244.0.0/16\n---\nproxy-name: a\n",
		  "line 1: there is more than one document" },
		{ "", "is empty" },
		{ "- a\n", "line 1: is not a list of NAME: VALUE" },
		{ "\ncluster-cidr: 5\n",
		  "line 2: cluster-cidr: \"5\" " BAD_CIDR },
		{ "proxy-name: a\nno-such: 1\n",
		  "line 2: no-such: there is no such setting" },
		{ "cluster-cidr: {a: b}\n",
		  "line 1: cluster-cidr: is not a text, a number, true, false or a list" },
		{ "detect-local-mode: BridgeInterface\n", NULL },
		{ "a: [\n", "line 2: did not find expected node content while parsing a flow node" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *complaint = NULL, *expected = NULL;

		write_text("settings.yaml", cases[i][0]);
		settings_default(&settings);
		complaint = settings_read(&settings, in("settings.yaml"));
		if (!cases[i][1]) {
			assert_null(complaint);
			continue;
		}
		assert_non_null(complaint);
		expected = mem_printf("%s: %s", in("settings.yaml"),
				      cases[i][1]);
		assert_string_equal(complaint, expected);
	}
}

/* What the command line says goes before what the file does. */
static void together(void **state)
{
	char *argv[] = { "vsbd", "-m", "/x", "--config", NULL,
			 "--proxy-name=b", "--masquerade-all", NULL };
	autofree char *path = mem_strdup(in("settings.yaml"));
	struct options options;

	(void)state;
	optind = 0;
	argv[4] = path;
	write_text("settings.yaml", "proxy-name: a\nhostname-override: n\nmasquerade-all: false\n");
	assert_int_equal(options_parse(&options, ARRAY_SIZE(argv) - 1, argv),
			 0);
	assert_null(options_settings(&options, &settings));
	assert_string_equal(settings.node.proxy_name, "b");
	assert_string_equal(settings.node.name, "n");
	assert_true(settings.node.masquerade_all);

	write_text("settings.yaml", "detect-local-mode: BridgeInterface\n");
	{
		autofree char *complaint = options_settings(&options,
							    &settings);

		assert_string_equal(complaint, "detect-local-mode: \"BridgeInterface\" needs pod-bridge-interface");
	}
	options_free(&options);
}

/* What is given twice: the last counts, but parts of a list add up. */
static void repeated(void **state)
{
	char *argv[] = { "vsbd", "-m", "/x",
			 "--nodeport-addresses=",
			 "--nodeport-addresses=primary",
			 "--nodeport-addresses=",
			 "--cluster-cidr=10.244.0.0/16",
			 "--cluster-cidr=fd00:244::/48",
			 "--masquerade-all", "--masquerade-all=F",
			 "--nodeport-addresses=192.0.2.0/24,198.51.100.0/24",
			 "--nodeport-addresses", "2001:db8::/32", NULL };
	struct options options;
	int argc = ARRAY_SIZE(argv) - 1;

	(void)state;
	optind = 0;
	assert_int_equal(options_parse(&options, 6, argv), 0);
	assert_null(options_settings(&options, &settings));
	assert_true(settings.node.primary_node_ports);
	options_free(&options);

	/* "primary" goes with no other. */
	argv[4] = argv[3];
	optind = 0;
	assert_int_equal(options_parse(&options, argc, argv), 0);
	assert_null(options_settings(&options, &settings));
	expect_node_ports("192.0.2.0/24 198.51.100.0/24 2001:db8::/32 ");
	assert_int_equal(settings.node.cluster_cidrs.n, 1);
	assert_int_equal(settings.node.cluster_cidrs.cidrs[0].family,
			 AF_INET6);
	assert_false(settings.node.masquerade_all);
	options_free(&options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(switches),
		cmocka_unit_test(times),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(repeated),
		cmocka_unit_test_setup_teardown(files, place_make,
						place_remove),
		cmocka_unit_test_setup_teardown(together, place_make,
						place_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
