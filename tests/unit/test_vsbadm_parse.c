// SPDX-License-Identifier: GPL-2.0
/* vsbadm's values: what is taken, and what is said of what is not. */
#include <netdb.h>

#include "test_vsbadm.h"

static void test_numbers(void **state)
{
	static const char *const bad_ones[] = {
		"", "-1", "+1", " 1", "1 ", "0x10", "1x", "x", "70000",
		"65536", "99999999999999999999", "1.5", "1e3",
	};
	uint32_t value;
	size_t i;

	(void)state;
	assert_int_equal(parse_u32("weight", "0", 65535, &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(parse_u32("weight", "65535", 65535, &value), 0);
	assert_int_equal(value, 65535);
	for (i = 0; i < ARRAY_SIZE(bad_ones); i++)
		assert_int_equal(parse_u32("weight", bad_ones[i], 65535,
					   &value), EXIT_SYNTAX);
	parse_u32("weight", "70000", 65535, &value);
	assert_string_equal(complaint(),
			    "weight \"70000\": must be 0 to 65535");
}

static void test_names(void **state)
{
	char longest[VSB_NAME_MAX + 2];
	const char *name;

	(void)state;
	memset(longest, 'x', VSB_NAME_MAX);
	longest[VSB_NAME_MAX] = '\0';
	assert_int_equal(parse_name("pool", longest, &name), 0);
	assert_ptr_equal(name, longest);
	longest[VSB_NAME_MAX] = 'x';
	longest[VSB_NAME_MAX + 1] = '\0';
	assert_int_equal(parse_name("pool", longest, &name), EXIT_SYNTAX);
	assert_true(strlen(complaint()) < 200);
	assert_int_equal(parse_name("pool", "", &name), EXIT_SYNTAX);
	assert_int_equal(parse_name("pool", "a b", &name), EXIT_SYNTAX);
	assert_int_equal(parse_name("pool", "a\tb", &name), EXIT_SYNTAX);
	assert_int_equal(parse_name("pool", "caf\xc3\xa9", &name),
			 EXIT_SYNTAX);

	/* A label is freer. */
	assert_int_equal(parse_label("caf\xc3\xa9 \"au lait\"", &name), 0);
	assert_int_equal(parse_label(longest, &name), EXIT_SYNTAX);
}

/* Labels are UTF-8 without control characters; others' are shown as if. */
static void test_labels(void **state)
{
	static const char *const good[] = {
		"", "caf\xc3\xa9 \"au lait\"", "\xc2\xa0", "\xe2\x82\xac",
		"\xed\x9f\xbf", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf",
	};
	static const struct { const char *label, *shown; } bad_ones[] = {
		{ "a\nb", "a\xef\xbf\xbd" "b" },
		{ "\x7f", "\xef\xbf\xbd" },
		{ "\xe9t\xe9", "\xef\xbf\xbdt\xef\xbf\xbd" },
		{ "\xc2\x9b" "31m", "\xef\xbf\xbd\xef\xbf\xbd" "31m" },
		{ "\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xf4\x90\x80\x80",
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd" },
	};
	char buf[LABEL_MAX], longest[VSB_NAME_MAX + 1];
	const char *label;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(parse_label(good[i], &label), 0);
		assert_string_equal(clean_label(buf, good[i]), good[i]);
	}
	for (i = 0; i < ARRAY_SIZE(bad_ones); i++) {
		assert_int_equal(parse_label(bad_ones[i].label, &label),
				 EXIT_SYNTAX);
		assert_string_equal(clean_label(buf, bad_ones[i].label),
				    bad_ones[i].shown);
	}
	assert_null(clean_label(buf, NULL));

	/* It gets no longer than a label may be. */
	memset(longest, 0xff, VSB_NAME_MAX);
	longest[VSB_NAME_MAX] = '\0';
	assert_int_equal(strlen(clean_label(buf, longest)), VSB_NAME_MAX);
	parse_label("a\033[31m", &label);
	assert_string_equal(complaint(),
			    "label \"a...\": must be at most 255 bytes of UTF-8 without control characters");
}

static void test_choices(void **state)
{
	uint16_t family;
	uint8_t protocol;
	uint32_t value;
	bool flag;

	(void)state;
	assert_int_equal(parse_choice("state", "draining", state_names, 2,
				      &value), 0);
	assert_int_equal(value, VSB_STATE_DRAINING);
	assert_int_equal(parse_choice("state", "down", state_names, 2, &value),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "state \"down\": must be up or draining");
	assert_int_equal(parse_family("ipv6", &family), 0);
	assert_int_equal(family, AF_INET6);
	assert_int_equal(parse_family("IPv6", &family), EXIT_SYNTAX);
	assert_int_equal(parse_protocol("udp", &protocol), 0);
	assert_int_equal(protocol, IPPROTO_UDP);
	assert_int_equal(parse_protocol("sctp", &protocol), 0);
	assert_int_equal(protocol, IPPROTO_SCTP);
	assert_int_equal(parse_protocol("icmp", &protocol), EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "protocol \"icmp\": must be tcp, udp or sctp");
	assert_int_equal(parse_bool("masquerade", "yes or no", "yes", &flag), 0);
	assert_true(flag);
	assert_int_equal(parse_bool("masquerade", "yes or no", "off", &flag), 0);
	assert_false(flag);
	assert_int_equal(parse_bool("masquerade", "yes or no", "1", &flag), EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "masquerade \"1\": must be yes or no");
}

static void test_endpoints(void **state)
{
	static const struct {
		const char *text;
		uint16_t family;
		const char *addr;
		int port;	/* -1 where there is none */
	} good[] = {
		{ "192.0.2.1", AF_INET, "192.0.2.1", -1 },
		{ "192.0.2.1:80", AF_INET, "192.0.2.1", 80 },
		{ "192.0.2.1:0", AF_INET, "192.0.2.1", 0 },
		{ "192.0.2.1:65535", AF_INET, "192.0.2.1", 65535 },
		{ "2001:db8::1", AF_INET6, "2001:db8::1", -1 },
		{ "::", AF_INET6, "::", -1 },
		{ "[2001:db8::1]", AF_INET6, "2001:db8::1", -1 },
		{ "[2001:DB8:0::1]:443", AF_INET6, "2001:db8::1", 443 },
		{ "[::ffff:192.0.2.1]:1", AF_INET6, "::ffff:192.0.2.1", 1 },
	};
	static const char *const bad_ones[] = {
		"", ":", ":80", "80", "192.0.2", "192.0.2.1:", "192.0.2.1:x-y",
		"192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:80:80",
		"192.0.2.256", "192.0.2.01", "192.0.2.1.1", "1.2.3.4 ",
		"[192.0.2.1", "[2001:db8::1]80", "[2001:db8::1]x:80",
		"[2001:db8::1]:", "2001:db8::1::", "2001:db8::g", "[]:80",
		"192.0.2.1:nosuchservice", "fe80::1%lo", "1.2.3.4/24",
		"[192.0.2.1]:80", "[192.0.2.1]", "0x0a000001:80", "0xa.1",
		"10.0x1", "[0xa000001]",
	};
	struct endpoint endpoint;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(parse_endpoint("-t", good[i].text,
						IPPROTO_TCP, 0, &endpoint), 0);
		assert_int_equal(endpoint.family, good[i].family);
		assert_address(endpoint.family, &endpoint.addr, good[i].addr);
		assert_int_equal(endpoint.has_port, good[i].port >= 0);
		if (endpoint.has_port)
			assert_int_equal(endpoint.port, good[i].port);
	}
	for (i = 0; i < ARRAY_SIZE(bad_ones); i++)
		if (parse_endpoint("-t", bad_ones[i], IPPROTO_TCP, 0,
				   &endpoint) != EXIT_SYNTAX)
			fail_msg("\"%s\" was taken", bad_ones[i]);

	parse_endpoint("-t", "192.0.2.1:70000", IPPROTO_TCP, 0, &endpoint);
	assert_string_equal(complaint(),
			    "-t: port \"70000\": must be 0 to 65535, or a name that /etc/services has for tcp");
	parse_endpoint("-t", "192.0.2.256:80", IPPROTO_TCP, 0, &endpoint);
	assert_string_equal(complaint(),
			    "-t \"192.0.2.256\": must be an address like 192.0.2.1 or 2001:db8::1");
}

/* ---- names, of which there are these */

static const struct { const char *name, *address; } hosts[] = {
	{ "one.test", "10.96.0.20" },
	{ "six.test", "fd96::20" },
	{ "many.test", "10.96.0.21" },
	{ "many.test", "10.96.0.22" },
	{ "many.test", "fd96::22" },
	{ "both.test", "10.96.0.23" },
	{ "both.test", "fd96::23" },
	{ "again.test", "10.96.0.24" },
	{ "again.test", "10.96.0.24" },
	{ "away.test", "fd96::25" },
	/* As the real one reads them, without asking anybody. */
	{ "0x0a000001", "10.0.0.1" },
	{ "0xa.1", "10.0.0.1" },
	{ "10.0x1", "10.0.0.1" },
};

static int lookups;

/** struct found - an answer, with what it points to */
struct found {
	struct addrinfo info;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
};

static bool find_host(struct found *found, const char *address, int family)
{
	bool is_ipv6 = strchr(address, ':');

	if (family != AF_UNSPEC && is_ipv6 != (family == AF_INET6))
		return false;
	found->info.ai_family = is_ipv6 ? AF_INET6 : AF_INET;
	if (is_ipv6) {
		found->in6.sin6_family = AF_INET6;
		found->info.ai_addr = (struct sockaddr *)&found->in6;
		found->info.ai_addrlen = sizeof(found->in6);
		return inet_pton(AF_INET6, address, &found->in6.sin6_addr) == 1;
	}
	found->in4.sin_family = AF_INET;
	found->info.ai_addr = (struct sockaddr *)&found->in4;
	found->info.ai_addrlen = sizeof(found->in4);

	return inet_pton(AF_INET, address, &found->in4.sin_addr) == 1;
}

int getaddrinfo(const char *name, const char *service,
		const struct addrinfo *hints, struct addrinfo **all)
{
	static struct found found[ARRAY_SIZE(hosts)];
	struct addrinfo **next = all;
	size_t i;

	/* Its IPv4 addresses are with a name server that does not answer. */
	if (!strcmp(name, "away.test") && hints->ai_family != AF_INET6)
		return EAI_AGAIN;
	assert_null(service);
	lookups++;
	memset(found, 0, sizeof(found));
	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		if (strcmp(name, hosts[i].name) ||
		    !find_host(&found[i], hosts[i].address, hints->ai_family))
			continue;
		*next = &found[i].info;
		next = &found[i].info.ai_next;
	}

	return next == all ? EAI_NONAME : 0;
}

void freeaddrinfo(struct addrinfo *all)
{
	(void)all;
}

static void test_hosts(void **state)
{
	static const struct {
		const char *text;
		uint16_t wanted;
		const char *addr;	/* NULL where it is refused */
	} names[] = {
		{ "one.test:80", 0, "10.96.0.20" },
		{ "six.test:80", 0, "fd96::20" },
		{ "[six.test]:80", 0, "fd96::20" },
		{ "six.test", AF_INET6, "fd96::20" },
		{ "both.test:80", 0, "10.96.0.23" },
		{ "both.test", AF_INET, "10.96.0.23" },
		{ "both.test", AF_INET6, "fd96::23" },
		{ "[both.test]:80", 0, "fd96::23" },
		{ "[both.test]", AF_INET, "fd96::23" },
		{ "many.test", AF_INET6, "fd96::22" },
		{ "again.test", 0, "10.96.0.24" },
		{ "one.test", AF_INET6, NULL },
		{ "six.test", AF_INET, NULL },
		{ "[one.test]:80", 0, NULL },
		{ "many.test", 0, NULL },
		{ "nobody.test", 0, NULL },
		{ "away.test", 0, NULL },
	};
	struct endpoint endpoint;
	char address[ENDPOINT_MAX];
	size_t i;
	int err;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		err = parse_endpoint("-r", names[i].text, IPPROTO_TCP,
				     names[i].wanted, &endpoint);
		if (err != (names[i].addr ? 0 : EXIT_SYNTAX))
			fail_msg("\"%s\": %d", names[i].text, err);
		if (!err)
			assert_string_equal(format_address(address,
							   endpoint.family,
							   &endpoint.addr),
					    names[i].addr);
	}
	parse_endpoint("-r", "many.test:80", IPPROTO_TCP, 0, &endpoint);
	assert_string_equal(complaint(),
			    "-r \"many.test\": the name has several addresses, give the one that is meant: 10.96.0.21, 10.96.0.22");
}

static void test_too_long(void **state)
{
	struct endpoint endpoint;
	char text[5000];

	(void)state;
	memset(text, '1', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(parse_endpoint("-t", text, IPPROTO_TCP, 0, &endpoint),
			 EXIT_SYNTAX);
	assert_true(strlen(complaint()) < 200);
}

static void test_services(void **state)
{
	static const struct {
		const char *text, *back;	/* NULL where it is the same */
		uint32_t kind;
	} good[] = {
		{ "udp/[2001:db8::1]:53", NULL, VSB_KIND_VIP },
		{ "tcp/192.0.2.1:0", NULL, VSB_KIND_VIP },
		{ "tcp/0.0.0.0:30080", NULL, VSB_KIND_NODE_PORT },
		{ "sctp/[::]:65535", NULL, VSB_KIND_NODE_PORT },
		{ "udp/[0::0]:1", "udp/[::]:1", VSB_KIND_NODE_PORT },
		{ "tcp/[::1]:80", NULL, VSB_KIND_VIP },
		{ "tcp/0.0.0.1:80", NULL, VSB_KIND_VIP },
		{ "mark/ipv4:5", NULL, VSB_KIND_MARK },
		{ "mark/ipv6:4294967295", NULL, VSB_KIND_MARK },
		{ "mark/ipv6:0xFFffffff", "mark/ipv6:4294967295", VSB_KIND_MARK },
		{ "mark/ipv4:0X10", "mark/ipv4:16", VSB_KIND_MARK },
		{ "mark/ipv4:010", "mark/ipv4:10", VSB_KIND_MARK },
	};
	static const char *const bad_ones[] = {
		"", "tcp", "tcp/", "192.0.2.1:80", "/192.0.2.1:80",
		"tcp/192.0.2.1", "tcp/[2001:db8::1]", "icmp/192.0.2.1:80",
		"verylongprotocol/192.0.2.1:80", "tcp/192.0.2.1:80/x",
		"tcp/0.0.0.0", "mark", "mark/", "mark/5", "mark/ipv4",
		"mark/ipv4:", "mark/ipv4:0", "mark/ipv4:0x", "mark/ipv4:-1",
		"mark/ipv4:4294967296", "mark/ipv4:0x100000000", "mark/:5",
		"mark/ipv4:5x", "mark/ipv4:x5", "mark/IPv4:5", "mark/[::]:5",
		"mark/averylongfamily:5", "marks/ipv4:5", "mark/ipv4:0x-1",
	};
	static const struct { const char *text, *complaint; } said[] = {
		{ "tcp/0.0.0.0:0", "service \"tcp/0.0.0.0:0\": a node port must be 1 to 65535" },
		{ "tcp/[::]:0", "service \"tcp/[::]:0\": a node port must be 1 to 65535" },
		{ "mark/5", "service \"mark/5\": must be like mark/ipv4:5 or mark/ipv6:0x10" },
		{ "mark/ipv5:5", "family \"ipv5\": must be ipv4 or ipv6" },
		{ "mark/ipv4:0", "mark \"0\": must be 1 to 4294967295, or 0x and digits" },
		{ "web", "service \"web\": must be like tcp/192.0.2.1:80, udp/[2001:db8::1]:53 or mark/ipv4:5" },
	};
	struct vsb_service service;
	char text[SERVICE_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(parse_service(good[i].text, &service), 0);
		assert_int_equal(service.kind, good[i].kind);
		assert_string_equal(format_service(text, &service),
				    good[i].back ?: good[i].text);
	}
	assert_int_equal(parse_service("udp/[2001:db8::1]:53", &service), 0);
	assert_int_equal(service.family, AF_INET6);
	assert_int_equal(service.protocol, IPPROTO_UDP);
	assert_int_equal(service.port, 53);
	assert_int_equal(parse_service("mark/ipv6:0x10", &service), 0);
	assert_int_equal(service.family, AF_INET6);
	assert_int_equal(service.mark, 16);
	assert_int_equal(service.protocol, 0);
	for (i = 0; i < ARRAY_SIZE(bad_ones); i++)
		if (parse_service(bad_ones[i], &service) != EXIT_SYNTAX)
			fail_msg("\"%s\" was taken", bad_ones[i]);
	for (i = 0; i < ARRAY_SIZE(said); i++) {
		assert_int_equal(parse_service(said[i].text, &service),
				 EXIT_SYNTAX);
		assert_string_equal(complaint(), said[i].complaint);
	}
}

static void test_flags(void **state)
{
	static const char *const bad_ones[] = {
		"", "restricted,", "cluster_ip", "cluster-ip,none",
		"cluster-ip,cluster-ip",
	};
	char text[FLAGS_MAX];
	uint32_t flags;
	size_t i;

	(void)state;
	assert_int_equal(parse_flags(&service_flags, "restricted,cluster-ip", &flags), 0);
	assert_int_equal(flags, VSB_FLAG_CLUSTER_IP | VSB_FLAG_RESTRICTED);
	assert_string_equal(format_flags(text, &service_flags, flags), "cluster-ip,restricted");
	assert_string_equal(format_flags(text, &service_flags, VSB_FLAG_RESTRICTED),
			    "restricted");
	assert_int_equal(parse_flags(&service_flags, "none", &flags), 0);
	assert_int_equal(flags, 0);
	assert_string_equal(format_flags(text, &service_flags, flags), "none");
	for (i = 0; i < ARRAY_SIZE(bad_ones); i++)
		if (parse_flags(&service_flags, bad_ones[i], &flags) != EXIT_SYNTAX)
			fail_msg("\"%s\" was taken", bad_ones[i]);
	parse_flags(&service_flags, "x", &flags);
	assert_string_equal(complaint(),
			    "flag \"x\": must be cluster-ip or restricted");
}

static void test_devices(void **state)
{
	static const char *const bad_ones[] = {
		"", "cni0,", "a b", "a/b", "sixteen-letters-", "a\tb",
		"a,b,c,d,e,f,g,h,i",
	};
	struct vsb_config config = { .given = 0 };
	size_t i;

	(void)state;
	assert_int_equal(parse_devices("cni0,veth*,fifteen-letters", &config),
			 0);
	assert_int_equal(config.n_pod_devices, 3);
	assert_string_equal(config.pod_devices[1], "veth*");
	assert_string_equal(config.pod_devices[2], "fifteen-letters");
	assert_int_equal(parse_devices("a,b,c,d,e,f,g,h", &config), 0);
	assert_int_equal(config.n_pod_devices, VSB_POD_DEVICES_MAX);
	assert_int_equal(parse_devices("none", &config), 0);
	assert_int_equal(config.n_pod_devices, 0);
	for (i = 0; i < ARRAY_SIZE(bad_ones); i++)
		if (parse_devices(bad_ones[i], &config) != EXIT_SYNTAX)
			fail_msg("\"%s\" was taken", bad_ones[i]);
	assert_string_equal(complaint(), "pod-devices: at most 8 names");
	parse_devices("a/b", &config);
	assert_string_equal(complaint(),
			    "pod-devices \"a/b\": must be 1 to 15 characters without blanks, like cni0 or veth*");
}

static void test_lists(void **state)
{
	static const char *const bad_cidrs[] = {
		"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "fd00::/129",
		"10.0.0.0/8,", "10.0.0.0/8,none", "10.0.0.0/-1", "/8",
		"one.test/32", "nobody.test/8", "10.0.0/8", "[fd00::]/8",
	};
	struct vsb_cidr_list list = { .n = 0 };
	char text[2 * VSB_SETS_MAX], many[65 * 16] = "";
	uint32_t mask;
	int i;

	(void)state;
	lookups = 0;
	assert_int_equal(parse_sets("0,1,7", &mask), 0);
	assert_int_equal(mask, 0x83);
	assert_string_equal(format_sets(text, mask), "0,1,7");
	assert_int_equal(parse_sets("none", &mask), 0);
	assert_int_equal(mask, 0);
	assert_string_equal(format_sets(text, mask), "none");
	assert_string_equal(format_sets(text, 0xff), "0,1,2,3,4,5,6,7");
	assert_int_equal(parse_sets("8", &mask), EXIT_SYNTAX);
	assert_int_equal(parse_sets("", &mask), EXIT_SYNTAX);
	assert_int_equal(parse_sets("0,", &mask), EXIT_SYNTAX);
	assert_int_equal(parse_sets("0,1,0", &mask), EXIT_SYNTAX);
	assert_string_equal(complaint(), "set \"0\": given twice");

	mask = 0;
	assert_int_equal(parse_sources("pod,outside", &mask), 0);
	assert_int_equal(mask, VSB_SOURCE_POD | VSB_SOURCE_OUTSIDE);
	assert_int_equal(parse_sources("pod", &mask), EXIT_SYNTAX);
	mask = 0;
	assert_int_equal(parse_sources("pod,pods", &mask), EXIT_SYNTAX);

	assert_int_equal(parse_cidrs("pod-cidrs",
				     "10.244.0.0/16,fd00:244::/64", &list), 0);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.cidrs[0].prefix_len, 16);
	assert_int_equal(list.cidrs[1].family, AF_INET6);
	assert_address(AF_INET6, &list.cidrs[1].addr, "fd00:244::");
	assert_int_equal(parse_cidrs("pod-cidrs", "none", &list), 0);
	assert_int_equal(list.n, 0);
	for (i = 0; i < (int)ARRAY_SIZE(bad_cidrs); i++)
		if (parse_cidrs("pod-cidrs", bad_cidrs[i], &list) !=
		    EXIT_SYNTAX)
			fail_msg("\"%s\" was taken", bad_cidrs[i]);
	assert_int_equal(lookups, 0);
	parse_cidrs("pod-cidrs", "one.test/32", &list);
	assert_string_equal(complaint(),
			    "pod-cidrs \"one.test/32\": must be like 10.244.0.0/16 or fd00:244::/64");
	parse_cidrs("pod-cidrs", "10.0.0.0/8,10.0.0.0/33,fd00::/64", &list);
	assert_string_equal(complaint(),
			    "pod-cidrs \"10.0.0.0/33\": the prefix length must be 0 to 32");
	for (i = 0; i < 65; i++)
		strcat(many, i ? ",10.0.0.0/8" : "10.0.0.0/8");
	assert_int_equal(parse_cidrs("service-cidrs", many, &list),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(), "service-cidrs: at most 64 ranges");
}

static void test_words(void **state)
{
	char buf[WORD_MAX], longest[VSB_NAME_MAX + 1];

	(void)state;
	assert_string_equal(format_word(buf, "web"), "web");
	assert_string_equal(format_word(buf, ""), "\"\"");
	assert_string_equal(format_word(buf, "#web"), "\"#web\"");
	assert_string_equal(format_word(buf, "a b"), "\"a b\"");
	assert_string_equal(format_word(buf, "a\"\\"), "\"a\\\"\\\\\"");
	memset(longest, '"', VSB_NAME_MAX);
	longest[VSB_NAME_MAX] = '\0';
	assert_int_equal(strlen(format_word(buf, longest)),
			 2 * VSB_NAME_MAX + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
