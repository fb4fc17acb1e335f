// SPDX-License-Identifier: GPL-2.0
/* vsbadm's two grammars: what lines mean, and how bad ones are refused. */
#include <netdb.h>

#include "test_vsbadm.h"

static int parse(const char *text, struct test_words *words, struct line *line)
{
	cut(words, text);

	return line_parse(words->n, words->v, line);
}

/* ---- ipvsadm's */

static void test_virtual(void **state)
{
	struct test_words words;
	struct line line;

	(void)state;
	assert_int_equal(parse("-A -t 192.0.2.1:80 -s wrr", &words, &line), 0);
	assert_int_equal(line.command, 'A');
	assert_string_equal(line.options.owner, "admin");
	assert_int_equal(line.change.noun, NOUN_VIRTUAL);
	assert_int_equal(line.change.verb, VERB_ADD);
	assert_string_equal(line.change.pool.name, "tcp/192.0.2.1:80");
	assert_string_equal(line.change.pool.scheduler, "wrr");
	assert_int_equal(line.change.pool.family, AF_INET);
	assert_false(line.change.default_scheduler);
	assert_int_equal(line.change.service.protocol, IPPROTO_TCP);
	assert_int_equal(line.change.service.port, 80);
	assert_int_equal(line.change.service.n_routes, 1);
	assert_int_equal(line.change.service.routes[0].sources,
			 VSB_SOURCES_ALL);
	assert_string_equal(line.change.service.routes[0].pool,
			    "tcp/192.0.2.1:80");
	assert_false(line.change.service.routes[0].masquerade);

	assert_int_equal(parse("--edit-service --udp-service [2001:db8::1]:53",
			       &words, &line), 0);
	assert_int_equal(line.change.verb, VERB_CHANGE);
	assert_string_equal(line.change.pool.name, "udp/[2001:db8::1]:53");
	assert_string_equal(line.change.pool.scheduler, "wlc");
	assert_true(line.change.default_scheduler);

	/* A machine may have no /etc/services. */
	assert_int_equal(parse(getservbyname("http", "tcp") ?
			       "-D -t 192.0.2.1:http" : "-D -t 192.0.2.1:80",
			       &words, &line), 0);
	assert_int_equal(line.change.verb, VERB_DEL);
	assert_int_equal(line.change.service.port, 80);
	assert_null(line.change.pool.scheduler);
}

static void test_real(void **state)
{
	struct test_words words;
	struct line line;

	(void)state;
	assert_int_equal(parse("-a -t 192.0.2.1:80 -r 10.0.0.1 -m", &words,
			       &line), 0);
	assert_int_equal(line.change.noun, NOUN_REAL);
	assert_int_equal(line.change.backend.port, 80);
	assert_int_equal(line.change.backend.weight, 1);
	assert_int_equal(line.change.backend.given, VSB_BACKEND_WEIGHT |
			 VSB_BACKEND_UPPER | VSB_BACKEND_LOWER);
	assert_int_equal(line.change.backend.upper, 0);
	assert_address(AF_INET, &line.change.backend.addr, "10.0.0.1");

	/* All ports are -p's. */
	assert_int_equal(parse("-A -t 192.0.2.1 -s rr -p -M 0.0.0.0", &words,
			       &line), 0);
	assert_string_equal(line.change.pool.name, "tcp/192.0.2.1:0");
	assert_int_equal(line.change.pool.affinity_timeout, 360);
	assert_int_equal(line.change.pool.affinity_prefix_len, 0);
	assert_int_equal(parse("-a -t 192.0.2.1:0 -r 10.0.0.1", &words, &line),
			 0);
	assert_int_equal(line.change.backend.port, 0);

	/* The order does not matter. */
	assert_int_equal(parse("-w 0 -r 10.0.0.1:8080 -t 192.0.2.1:80 -e",
			       &words, &line), 0);
	assert_int_equal(line.change.verb, VERB_CHANGE);
	assert_int_equal(line.change.backend.port, 8080);
	assert_int_equal(line.change.backend.weight, 0);

	assert_int_equal(parse("-d -u [2001:db8::1]:53 -r [2001:db8::2]:0",
			       &words, &line), 0);
	assert_int_equal(line.change.verb, VERB_DEL);
	assert_int_equal(line.change.backend.port, 0);

	assert_int_equal(parse("-a --sctp-service 192.0.2.1:80 -r 10.0.0.1",
			       &words, &line), 0);
	assert_int_equal(line.change.service.protocol, IPPROTO_SCTP);
}

/* As popt has it: once, and where the value is in the option's word. */
static void test_equals(void **state)
{
	struct test_words words;
	struct line line;

	(void)state;
	assert_int_equal(parse("-A -t=192.0.2.1:80 -s=rr -p=600 -M=255.255.255.0",
			       &words, &line), 0);
	assert_string_equal(line.change.pool.name, "tcp/192.0.2.1:80");
	assert_string_equal(line.change.pool.scheduler, "rr");
	assert_int_equal(line.change.pool.affinity_timeout, 600);
	assert_int_equal(parse("-at=192.0.2.1:80 -r=10.0.0.1 -w=5 -x=9",
			       &words, &line), 0);
	assert_int_equal(line.change.backend.weight, 5);
	assert_int_equal(line.change.backend.upper, 9);
	assert_int_equal(parse("-A -t 192.0.2.1:80 -s ==", &words, &line), 0);
	assert_string_equal(line.change.pool.scheduler, "==");
	assert_int_equal(parse("-A -t 192.0.2.1:80 -s===", &words, &line), 0);
	assert_string_equal(line.change.pool.scheduler, "==");
	assert_int_equal(parse("-A -t 192.0.2.1:80 --scheduler==rr", &words,
			       &line), 0);
	assert_string_equal(line.change.pool.scheduler, "=rr");
}

static void test_marks(void **state)
{
	struct test_words words;
	struct line line;

	(void)state;
	assert_int_equal(parse("-A -f 5 -s rr", &words, &line), 0);
	assert_int_equal(line.change.noun, NOUN_VIRTUAL);
	assert_int_equal(line.change.service.kind, VSB_KIND_MARK);
	assert_int_equal(line.change.service.family, AF_INET);
	assert_int_equal(line.change.service.mark, 5);
	assert_string_equal(line.change.pool.name, "mark/ipv4:5");
	assert_int_equal(line.change.pool.family, AF_INET);
	assert_string_equal(line.change.service.routes[0].pool, "mark/ipv4:5");

	assert_int_equal(parse("--ipv6 -E --fwmark-service 0x10", &words,
			       &line), 0);
	assert_string_equal(line.change.pool.name, "mark/ipv6:16");
	assert_int_equal(parse("-D -f 4294967295", &words, &line), 0);

	/* A server without a port keeps that of the client. */
	assert_int_equal(parse("-a -f 5 -r 10.0.0.1", &words, &line), 0);
	assert_int_equal(line.change.backend.port, 0);
	assert_int_equal(parse("-e -f 5 -6 -r [2001:db8::1]:80 -w 2", &words,
			       &line), 0);
	assert_int_equal(line.change.backend.port, 80);
	assert_int_equal(parse("-d -f 5 -r 10.0.0.1:80", &words, &line), 0);

	assert_int_equal(parse("-L -f 5 -6 -n", &words, &line), 0);
	assert_true(line.service_given);
	assert_int_equal(line.change.service.mark, 5);
	assert_int_equal(line.change.service.family, AF_INET6);
}

static void test_lists(void **state)
{
	static const struct { const char *line; int command; enum view view; }
	lists[] = {
		{ "-L", 'L', VIEW_PLAIN },
		{ "-L --sort", 'L', VIEW_PLAIN },
		{ "-L -t 192.0.2.1:80 --stats --exact", 'L', VIEW_STATS },
		{ "-l --rate --nosort", 'L', VIEW_RATE },
		{ "-L --thresholds -f 1", 'L', VIEW_THRESHOLDS },
		{ "-L --persistent-conn", 'L', VIEW_PERSISTENT },
		{ "-L --rate --stats --thresholds", 'L', VIEW_STATS },
		{ "-lcn", COMMAND_CONNECTIONS, VIEW_PLAIN },
		{ "-L --connection --persistent-conn", COMMAND_CONNECTIONS,
		  VIEW_PERSISTENT },
		{ "-L --timeout", COMMAND_TIMEOUTS, VIEW_PLAIN },
	};
	struct test_words words;
	struct line line;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		assert_int_equal(parse(lists[i].line, &words, &line), 0);
		assert_int_equal(line.command, lists[i].command);
		assert_int_equal(line.options.view, lists[i].view);
		assert_int_equal(line.options.exact,
				 !!strstr(lists[i].line, "exact"));
	}
}

static void test_set(void **state)
{
	struct test_words words;
	struct line line;

	(void)state;
	assert_int_equal(parse("--set 900 0 300", &words, &line), 0);
	assert_int_equal(line.command, COMMAND_SET);
	assert_int_equal(line.change.noun, NOUN_CONFIG);
	assert_int_equal(line.change.config.given,
			 VSB_CONFIG_TIMEOUT_TCP | VSB_CONFIG_TIMEOUT_UDP);
	assert_int_equal(line.change.config.timeout_tcp, 900);
	assert_int_equal(line.change.config.timeout_udp, 300);
}

static void test_zero(void **state)
{
	struct test_words words;
	struct line line;

	(void)state;
	assert_int_equal(parse("-Z", &words, &line), 0);
	assert_int_equal(line.command, 'Z');
	assert_false(line.service_given);
	assert_int_equal(parse("--zero -u 192.0.2.1:53", &words, &line), 0);
	assert_true(line.service_given);
	assert_int_equal(line.change.service.port, 53);
	assert_int_equal(parse("-Z -f 5 -6", &words, &line), 0);
	assert_int_equal(line.change.service.kind, VSB_KIND_MARK);
}

static void test_others(void **state)
{
	struct test_words words;
	struct line line;

	(void)state;
	assert_int_equal(parse("-L -n", &words, &line), 0);
	assert_int_equal(line.command, 'L');
	assert_true(line.options.numeric);
	assert_false(line.service_given);
	assert_int_equal(parse("-ln -j -t 192.0.2.1:80", &words, &line), 0);
	assert_int_equal(line.command, 'L');
	assert_true(line.options.json);
	assert_true(line.service_given);
	assert_int_equal(parse("--list --numeric --sort", &words, &line), 0);
	assert_int_equal(parse("--owner=ops -C", &words, &line), 0);
	assert_int_equal(line.command, 'C');
	assert_string_equal(line.options.owner, "ops");
	assert_int_equal(line.change.noun, NOUN_FLUSH);
	assert_int_equal(parse("-R --replace", &words, &line), 0);
	assert_true(line.options.replace);
	assert_int_equal(parse("--save --owner vsbd", &words, &line), 0);
	assert_int_equal(line.command, 'S');
	assert_int_equal(parse("--help", &words, &line), 0);
	assert_int_equal(line.command, 'h');
	/* As of vsbadm-restore. */
	assert_int_equal(parse("-R --help", &words, &line), 0);
	assert_int_equal(line.command, 'h');
	assert_int_equal(parse("-h -S", &words, &line), 0);
	assert_int_equal(line.command, 'h');
	assert_int_equal(parse("-A -6 -M 255.0.0.0 --help", &words, &line), 0);
	assert_int_equal(line.command, 'h');
	assert_int_equal(parse("--owner set -6 -f 5 -D", &words, &line), 0);
	assert_int_equal(line.command, 'D');
	assert_int_equal(parse("help -A", &words, &line), 0);
	assert_int_equal(line.command, 'h');
	assert_int_equal(line.n_words, 0);
	assert_int_equal(parse("help pool -A", &words, &line), 0);
	assert_int_equal(line.command, 'h');
	assert_string_equal(line.words[0], "pool");
	assert_int_equal(parse("", &words, &line), 0);
	assert_int_equal(line.command, 0);
	assert_int_equal(line.n_words, 0);

	assert_int_equal(parse("-n -j --owner ops", &words, &line), 0);
	assert_int_equal(parse("-n -j affinity show", &words, &line), 0);
	assert_int_equal(parse("-n -j explain tcp", &words, &line), 0);
	assert_int_equal(parse("-n top", &words, &line), 0);
	assert_int_equal(parse("txn file --replace --owner ops", &words, &line),
			 0);

	/* Options may stand among our own words. */
	assert_int_equal(parse("pool show -j web", &words, &line), 0);
	assert_int_equal(line.n_words, 3);
	assert_string_equal(line.words[2], "web");
	assert_true(line.options.json);
}

static void test_refused(void **state)
{
	static const struct {
		const char *line, *complaint;
		int status;
	} lines[] = {
		{ "-A -t 192.0.2.1", "-t \"192.0.2.1\": needs a port, or -p for all ports; without -p: vsbadm service add tcp/ADDRESS:0 pool NAME", 2 },
		{ "-A -t 192.0.2.1:0 -s rr", "-t \"192.0.2.1:0\": needs a port, or -p for all ports; without -p: vsbadm service add tcp/ADDRESS:0 pool NAME", 2 },
		{ "-A", "-A: needs -t, -u, -f or --sctp-service", 2 },
		{ "-a -t 192.0.2.1:80", "-a: needs -r", 2 },
		{ "-A -t 192.0.2.1:80 -w 1", "-w: does not go with -A", 2 },
		{ "-D -t 192.0.2.1:80 -s rr", "-s: does not go with -D", 2 },
		{ "-C -t 192.0.2.1:80", "-t, -u, -f or --sctp-service: does not go with -C", 2 },
		{ "-S --replace", "--replace: does not go with -S", 2 },
		{ "-A -D -t 192.0.2.1:80", "-A and -D: one command at a time", 2 },
		{ "-A -t 192.0.2.1:80 -u 192.0.2.1:80", "-t, -u, -f or --sctp-service: given twice", 2 },
		{ "-a -t 192.0.2.1:80 -r 10.0.0.1 -w 1 -w 2", "-w: given twice", 2 },
		{ "-L --owner a --owner b", "--owner: given twice", 2 },
		{ "-a -t 192.0.2.1:80 -r 10.0.0.1 -w 70000", "-w \"70000\": must be 0 to 65535", 2 },
		{ "-a -t 192.0.2.1:80 -r [2001:db8::1]:80", "-r \"[2001:db8::1]:80\": must be an ipv4 address as the service's is", 2 },
		{ "-A -t 192.0.2.1:80 x", "\"x\": not expected here", 2 },
		{ "-A -t", "-t: needs ADDRESS:PORT", 255 },
		{ "-A --weight", "--weight: needs 0 to 65535", 255 },
		{ "-a -t 192.0.2.1:80 -r 10.0.0.1 --ipip", "--ipip: tunnels are not there; use -m", 2 },
		{ "-A -t 192.0.2.1:80 -s rr -p -1", "-p \"-1\": must be 1 to 2678400", 255 },
		{ "-A -t 192.0.2.1:80 -s rr -p -12", "-p \"-12\": must be 1 to 2678400", 255 },
		{ "--set -1 2 3", "--set \"-1\": must be 0 to 2147483", 255 },
		{ "--set 900 120 -300", "--set \"-300\": must be 0 to 2147483", 255 },
		{ "config change reject-rate -1", "reject-rate \"-1\": must be 0 to 4294967295", 255 },
		{ "-A -t 192.0.2.1:80 --persistent -1", "--persistent \"-1\": must be 1 to 2678400", 255 },
		{ "config change timeout-udp -60", "timeout-udp \"-60\": must be 0 to 2147483, in seconds", 255 },
		{ "config change accounting -6", "accounting \"-6\": must be on or off", 255 },
		{ "backend change web 10.0.0.1:6 weight -66", "weight \"-66\": must be 0 to 65535", 255 },
		{ "service add tcp/192.0.2.1:80 pool a set -1", "set \"-1\": must be 0 to 7", 255 },
		{ "affinity add web 10.0.0.1 10.0.0.2 expires -1", "expires \"-1\": must be 0 to 2678400, in seconds", 255 },
		{ "top interval -1", "interval \"-1\": must be 1 to 3600, in seconds", 255 },
		{ "explain tcp 10.0.0.1 10.0.0.2:80 mark -1", "mark \"-1\": must be 0 to 4294967295, or 0x and digits", 255 },
		{ "pool show --ipv", "-6: goes with one of ipvsadm's commands; see vsbadm --help", 255 },
		{ "-n1", "-1: unknown option; see vsbadm --help", 255 },
		{ "-L -1", "-1: unknown option; see vsbadm --help", 255 },
		{ "--set 1 2 3 -1", "-1: unknown option; see vsbadm --help", 255 },
		{ "pool show -1", "-1: unknown option; see vsbadm --help", 255 },
		{ "-A -t 192.0.2.1:80 -p -q", "-q: unknown option; see vsbadm --help", 255 },
		{ "-1", "-1: unknown option; see vsbadm --help", 255 },
		{ "-q", "-q: unknown option; see vsbadm --help", 255 },
		{ "--frob", "--frob: unknown option; see vsbadm --help", 255 },
		{ "--frob=1", "--frob: unknown option; see vsbadm --help", 255 },
		{ "-L --stats=1", "--stats: takes no value", 255 },
		{ "--add-service=x", "--add-service: takes no value", 255 },
		{ "-L --st=1 -n", "--st: may be --stats, --start-daemon, --stop-daemon", 255 },
		{ "--tcp=192.0.2.1:80 --add", "--add: may be --add-service, --add-server", 255 },
		{ "--list -qn", "-q: unknown option; see vsbadm --help", 255 },
		{ "-\001", "-\xef\xbf\xbd: unknown option; see vsbadm --help", 255 },
		{ "-\xc3\xa9", "-\xef\xbf\xbd: unknown option; see vsbadm --help", 255 },
		{ "--\033[m", "--\xef\xbf\xbd[m: unknown option; see vsbadm --help", 255 },
		{ "-a -t 192.0.2.1:80 -r 10.0.0.1 -g", "-g: direct routing is not there; use -m", 2 },
		{ "-a -t 192.0.2.1:80 -r 10.0.0.1 -i", "-i: tunnels are not there; use -m", 2 },
		{ "-A -t 192.0.2.1:80 -p 300 300", "\"300\": not expected here", 2 },
		{ "-A -t 192.0.2.1:80 -p0", "-p \"0\": must be 1 to 2678400", 2 },
		{ "-A -t 192.0.2.1:80 -p -M 255.0.255.0", "-M \"255.0.255.0\": must be ones and then zeros", 2 },
		{ "-A -t 192.0.2.1:80 -p -M 24", "-M \"24\": must be a netmask like 255.255.255.0", 2 },
		{ "-A -t [2001:db8::1]:80 -p -M 129", "-M \"129\": must be 1 to 128", 2 },
		{ "-A -t 192.0.2.1:80 -M 255.255.255.0", "-M: goes with -p", 2 },
		{ "-A -t 192.0.2.1:80 -s sh -b mh-port", "-b \"mh-port\": must be sh-fallback, sh-port, flag-1 or flag-2", 2 },
		{ "-A -t 192.0.2.1:80 -s sh -b port", "-b \"port\": must be sh-fallback, sh-port, flag-1 or flag-2", 2 },
		{ "-A -t 192.0.2.1:80 -b wlc-port", "-b: wlc has no flags; sh and mh have", 2 },
		{ "-a -t 192.0.2.1:80 -r 10.0.0.1 -x y", "-x \"y\": must be 0 to 4294967295", 2 },
		{ "-A -t 192.0.2.1:80 -x 5", "-x: does not go with -A", 2 },
		{ "-A -f 0", "-f \"0\": must be 1 to 4294967295, or 0x and digits", 2 },
		{ "-A -f 4294967296", "-f \"4294967296\": must be 1 to 4294967295, or 0x and digits", 2 },
		{ "-A -f", "-f: needs a mark, 1 to 4294967295, or 0x and digits", 255 },
		{ "-A -f 1 -t 192.0.2.1:80", "-t, -u, -f or --sctp-service: given twice", 2 },
		{ "-A -6 -t 192.0.2.1:80", "-6: goes with -f", 2 },
		{ "-A -6", "-A: needs -t, -u, -f or --sctp-service", 2 },
		{ "-L -6", "-6: goes with -f", 2 },
		{ "-a -f 1 -r [2001:db8::1]:80", "-r \"[2001:db8::1]:80\": must be an ipv4 address as the service's is", 2 },
		{ "-a -f 1 -6 -r 10.0.0.1", "-r \"10.0.0.1\": must be an ipv6 address as the service's is", 2 },
		{ "-A -t 0.0.0.0:30080 -s rr", "-t \"0.0.0.0:30080\": ipvsadm has no node ports; use: vsbadm service add|change|del|show|zero tcp/0.0.0.0:30080", 2 },
		{ "-D --sctp-service [::]:30080", "--sctp-service \"[::]:30080\": ipvsadm has no node ports; use: vsbadm service add|change|del|show|zero sctp/[::]:30080", 2 },
		{ "--start-daemon master", "--start-daemon: there is no connection synchronization; -s mh chooses the same server on every node", 2 },
		{ "-Z -n", "-n: does not go with -Z", 2 },
		{ "-L -c --stats", "--stats: does not go with -c", 2 },
		{ "-L -c -t 192.0.2.1:80", "-t, -u, -f or --sctp-service: does not go with -c", 2 },
		{ "-L --timeout -c", "-c: does not go with --timeout", 2 },
		{ "-L --timeout --rate", "--rate: does not go with --timeout", 2 },
		{ "-L --daemon", "--daemon: there is no connection synchronization; -s mh chooses the same server on every node", 2 },
		{ "--mcast-interface eth0 --syncid 3", "--mcast-interface: there is no connection synchronization; -s mh chooses the same server on every node", 2 },
		{ "--syncid=3", "--syncid: there is no connection synchronization; -s mh chooses the same server on every node", 2 },
		{ "-L --tun-info", "--tun-info: tunnels are not there; leave it out", 2 },
		{ "-A -t 192.0.2.1:80 -o", "-o: one-packet scheduling is not there; leave it out", 2 },
		{ "-A -t 192.0.2.1:80 --rate", "--rate: does not go with -A", 2 },
		{ "-S -c", "-c: does not go with -S", 2 },
		{ "--set 1 2", "--set: needs three timeouts in seconds: those of TCP, of TCP that is closing, and of UDP", 2 },
		{ "--set 1 2 x", "--set \"x\": must be 0 to 2147483", 2 },
		{ "--set 1 2 2147484", "--set \"2147484\": must be 0 to 2147483", 2 },
		{ "--set 1 2 3 4", "\"4\": not expected here", 2 },
		{ "--set 1 2 3 -n", "-n: does not go with --set", 2 },
		{ "-L --set 1 2 3", "-L and --set: one command at a time", 2 },
		{ "--owner", "--owner: needs a name", 255 },
		{ "-At", "-t: needs ADDRESS:PORT", 255 },
		{ "-A -u", "-u: needs ADDRESS:PORT", 255 },
		{ "-A --sctp", "--sctp: needs ADDRESS:PORT", 255 },
		{ "-A --scheduler", "--scheduler: needs the name of a scheduler", 255 },
		{ "-A -s", "-s: needs the name of a scheduler", 255 },
		{ "-A -b", "-b: needs flags with commas between, like sh-fallback,sh-port", 255 },
		{ "-A -M", "-M: needs a netmask like 255.255.255.0, or for IPv6 1 to 128", 255 },
		{ "-a -r", "-r: needs ADDRESS[:PORT]", 255 },
		{ "-a -x", "-x: needs 0 to 4294967295", 255 },
		{ "-a -y", "-y: needs 0 to 4294967295", 255 },
		{ "-A --pe", "--pe: there are no persistence engines; use -p, which tells clients by address", 255 },
		{ "-A -t 192.0.2.1:80 -p abc", "-p \"abc\": must be 1 to 2678400", 2 },
		{ "-A -t 192.0.2.1:80 -p \xe9", "-p \"\xef\xbf\xbd\": must be 1 to 2678400", 2 },
		{ "-p x -A", "-A: needs -t, -u, -f or --sctp-service", 2 },
		{ "pool add web --replace", "--replace: does not go with pool add", 2 },
		{ "-j pool add web family ipv4", "-j: does not go with pool add", 2 },
		{ "-n backend del web 10.0.0.1", "-n: does not go with backend del", 2 },
		{ "-j diff file", "-j: does not go with diff", 2 },
		{ "-j apply show", "-j: does not go with apply", 2 },
		{ "apply file --replace", "--replace: does not go with apply", 2 },
		{ "-j txn file --replace", "-j: does not go with txn", 2 },
		{ "affinity save -j", "-j: does not go with affinity save", 2 },
		{ "top -j", "-j: does not go with top", 2 },
		{ "pool show --replace", "--replace: does not go with pool show", 2 },
		{ "--replace", "--replace: goes with one of ipvsadm's commands; see vsbadm --help", 255 },
		{ "-n pool add -w 3", "-w: goes with one of ipvsadm's commands; see vsbadm --help", 255 },
		{ "-w 3", "-w: goes with one of ipvsadm's commands; see vsbadm --help", 255 },
	};
	struct test_words words;
	struct line line;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(parse(lines[i].line, &words, &line),
				 lines[i].status);
		assert_string_equal(complaint(), lines[i].complaint);
	}
}

/* ---- our own */

static int change(const char *text, struct test_words *words,
		  struct change *change)
{
	cut(words, text);

	return line_parse_change(words->n, words->v, change);
}

static void test_objects(void **state)
{
	struct test_words words;
	struct change c;

	(void)state;
	assert_int_equal(change("pool add web family ipv6 scheduler wrr",
				&words, &c), 0);
	assert_int_equal(c.noun, NOUN_POOL);
	assert_int_equal(c.verb, VERB_ADD);
	assert_string_equal(c.pool.name, "web");
	assert_string_equal(c.pool.scheduler, "wrr");
	assert_int_equal(c.pool.family, AF_INET6);
	assert_int_equal(change("pool change web scheduler rr", &words, &c), 0);
	assert_int_equal(change("pool del web", &words, &c), 0);
	assert_int_equal(c.verb, VERB_DEL);

	assert_int_equal(change("backend add web 10.0.0.1:80 state draining weight 5 sets 0,1",
				&words, &c), 0);
	assert_int_equal(c.noun, NOUN_BACKEND);
	assert_int_equal(c.pool.family, AF_INET);
	assert_int_equal(c.backend.given, VSB_BACKEND_WEIGHT |
			 VSB_BACKEND_STATE | VSB_BACKEND_SETS);
	assert_int_equal(c.backend.weight, 5);
	assert_int_equal(c.backend.state, VSB_STATE_DRAINING);
	assert_int_equal(c.backend.sets, 3);
	assert_int_equal(change("backend add web 2001:db8::1", &words, &c), 0);
	assert_int_equal(c.backend.port, 0);
	assert_int_equal(c.backend.given, 0);
	assert_int_equal(change("backend change web 10.0.0.1:80 sets none",
				&words, &c), 0);
	assert_int_equal(c.backend.given, VSB_BACKEND_SETS);
	assert_int_equal(change("backend del web 10.0.0.1:80", &words, &c), 0);

	assert_int_equal(change("pool add web family ipv4 affinity-timeout 10800 affinity-prefix-len 24",
				&words, &c), 0);
	assert_int_equal(c.pool.given, VSB_POOL_AFFINITY_TIMEOUT |
			 VSB_POOL_AFFINITY_PREFIX_LEN);
	assert_int_equal(c.pool.affinity_timeout, 10800);
	assert_int_equal(c.pool.affinity_prefix_len, 24);
	assert_int_equal(change("pool add web affinity-prefix-len 128 family ipv6",
				&words, &c), 0);
	assert_int_equal(c.pool.given, VSB_POOL_AFFINITY_PREFIX_LEN);
	assert_int_equal(change("pool change web affinity-timeout 0", &words,
				&c), 0);
	assert_int_equal(c.pool.given, VSB_POOL_AFFINITY_TIMEOUT);

	/* The family of a pool that is there is not known. */
	assert_int_equal(change("pool change web affinity-prefix-len 64",
				&words, &c), 0);

	assert_int_equal(change("config change accounting off pod-cidrs 10.244.0.0/16 masquerade-all on finished-max 64",
				&words, &c), 0);
	assert_int_equal(c.config.given, 0xf);
	assert_false(c.config.accounting);
	assert_true(c.config.masquerade_all);
	assert_int_equal(c.config.finished_max, 64);
	assert_int_equal(change("config change pod-devices cni0,veth* service-cidrs 10.96.0.0/12,fd00:96::/112 node-port-cidrs none reject-rate 0 max-pools 1 max-services 2 max-backends 3 affinity-max 4194304 table-bytes-max 0 timeout-tcp 0 timeout-tcp-fin 1 timeout-udp 2147483",
				&words, &c), 0);
	assert_int_equal(c.config.given, VSB_CONFIG_ALL & ~0xf);
	assert_int_equal(c.config.n_pod_devices, 2);
	assert_int_equal(c.config.service_cidrs.n, 2);
	assert_int_equal(c.config.node_port_cidrs.n, 0);
	assert_int_equal(c.config.max_services, 2);
	assert_int_equal(c.config.affinity_max, 4194304);
	assert_int_equal(c.config.timeout_tcp_fin, 1);
	assert_int_equal(c.config.timeout_udp, 2147483);
	assert_int_equal(change("flush", &words, &c), 0);
	assert_int_equal(c.noun, NOUN_FLUSH);

	/* And ipvsadm's, whose strings have to survive the copy. */
	assert_int_equal(change("-a -t 192.0.2.1:80 -r 10.0.0.1", &words, &c),
			 0);
	assert_ptr_equal(c.pool.name, c.name);
	assert_ptr_equal(c.service.routes[0].pool, c.name);
}

static void test_routes(void **state)
{
	struct test_words words;
	struct change c;

	(void)state;
	assert_int_equal(change("service add tcp/192.0.2.1:80 pool web label default/web:http elsewhere reject",
				&words, &c), 0);
	assert_int_equal(c.noun, NOUN_SERVICE);
	assert_string_equal(c.service.label, "default/web:http");
	assert_int_equal(c.service.given, VSB_SERVICE_ELSEWHERE);
	assert_int_equal(c.service.elsewhere, VSB_ACTION_REJECT);
	assert_int_equal(c.service.n_routes, 1);
	assert_int_equal(c.service.routes[0].sources, VSB_SOURCES_ALL);

	assert_int_equal(change("service add tcp/192.0.2.1:80 pod pool web set 1 masquerade yes node pool web outside pool other",
				&words, &c), 0);
	assert_int_equal(c.service.n_routes, 3);
	assert_int_equal(c.service.routes[0].sources, VSB_SOURCE_POD);
	assert_int_equal(c.service.routes[0].set, 1);
	assert_true(c.service.routes[0].masquerade);
	assert_int_equal(c.service.routes[1].sources, VSB_SOURCE_NODE);
	assert_int_equal(c.service.routes[1].set, 0);
	assert_false(c.service.routes[1].masquerade);
	assert_string_equal(c.service.routes[2].pool, "other");

	/* A pool without kinds is for those that are left. */
	assert_int_equal(change("service add udp/192.0.2.1:53 pool a set 2 pod,node pool b",
				&words, &c), 0);
	assert_int_equal(c.service.routes[0].sources, VSB_SOURCE_OUTSIDE);
	assert_int_equal(c.service.routes[0].set, 2);
	assert_int_equal(c.service.routes[1].sources,
			 VSB_SOURCE_POD | VSB_SOURCE_NODE);
	assert_int_equal(change("service add udp/192.0.2.1:53 pod node pool b pool c",
				&words, &c), 0);
	assert_int_equal(c.service.routes[0].sources,
			 VSB_SOURCE_POD | VSB_SOURCE_NODE);

	/* A change may name some only. */
	assert_int_equal(change("service change tcp/192.0.2.1:80 node pool b",
				&words, &c), 0);
	assert_int_equal(c.service.n_routes, 1);
	assert_int_equal(c.service.routes[0].sources, VSB_SOURCE_NODE);
	assert_int_equal(change("service change tcp/192.0.2.1:80 label x",
				&words, &c), 0);
	assert_int_equal(c.service.n_routes, 0);
	assert_int_equal(change("service del tcp/192.0.2.1:80", &words, &c),
			 0);
}

static void test_kinds(void **state)
{
	struct test_words words;
	struct change c;

	(void)state;
	assert_int_equal(change("service add tcp/[::]:30080 pool web flags restricted",
				&words, &c), 0);
	assert_int_equal(c.service.kind, VSB_KIND_NODE_PORT);
	assert_int_equal(c.service.given, VSB_SERVICE_FLAGS);
	assert_int_equal(c.service.flags, VSB_FLAG_RESTRICTED);
	assert_int_equal(c.service.n_routes, 1);
	assert_int_equal(change("service change mark/ipv4:0x5 flags none",
				&words, &c), 0);
	assert_int_equal(c.service.kind, VSB_KIND_MARK);
	assert_int_equal(c.service.mark, 5);
	assert_int_equal(c.service.given, VSB_SERVICE_FLAGS);
	assert_int_equal(c.service.flags, 0);
	assert_int_equal(change("service del mark/ipv6:5", &words, &c), 0);
}

static void test_ranges(void **state)
{
	struct test_words words;
	struct change c;

	(void)state;
	assert_int_equal(change("range add tcp/192.0.2.1:80 10.0.0.0/8,192.0.2.128/25,0.0.0.0/0",
				&words, &c), 0);
	assert_int_equal(c.noun, NOUN_RANGE);
	assert_int_equal(c.verb, VERB_ADD);
	assert_int_equal(c.service.port, 80);
	assert_int_equal(c.n_ranges, 3);
	assert_address(AF_INET, &c.ranges[1].addr, "192.0.2.128");
	assert_int_equal(c.ranges[1].prefix_len, 25);
	change_free(&c);
	assert_int_equal(change("range del mark/ipv6:5 fd00::/8", &words, &c),
			 0);
	assert_int_equal(c.verb, VERB_DEL);
	assert_int_equal(c.service.mark, 5);
	change_free(&c);

	/* What is refused leaves nothing behind. */
	assert_int_equal(change("range add tcp/192.0.2.1:80 10.0.0.0/8 x",
				&words, &c), EXIT_SYNTAX);
	assert_null(c.ranges);
}

static void test_bad_words(void **state)
{
	static const struct { const char *line, *complaint; } lines[] = {
		{ "frob", "\"frob\": not a command here; there are pool, backend, service, range, config, flush and ipvsadm's" },
		{ "pool", "pool: needs add, change or del" },
		{ "pool show", "pool \"show\": must be add, change or del" },
		{ "pool add", "pool: needs a name" },
		{ "pool add web", "pool \"web\": needs family ipv4 or family ipv6" },
		{ "pool add web family", "family: needs ipv4 or ipv6" },
		{ "backend change web 10.0.0.1 weight", "weight: needs 0 to 65535" },
		{ "service add tcp/192.0.2.1:80 pool web set", "set: needs 0 to 7" },
		{ "config change timeout-udp", "timeout-udp: needs 0 to 2147483, in seconds" },
		{ "pool add web colour red", "\"colour\": not a key here; there are: family, scheduler, sched-flags, table-size, affinity-timeout, affinity-prefix-len" },
		{ "pool add web family ipv4 family ipv4", "family: given twice" },
		{ "pool change web", "pool change: nothing to change is given; there are: scheduler, sched-flags, table-size, affinity-timeout, affinity-prefix-len" },
		{ "pool change web family ipv4", "family: cannot be changed" },
		{ "pool add web family ipv4 affinity-timeout 2678401", "affinity-timeout \"2678401\": must be 0 to 2678400" },
		{ "pool add web affinity-prefix-len 33 family ipv4", "affinity-prefix-len \"33\": must be 0 to 32 for ipv4" },
		{ "pool add web family ipv6 affinity-prefix-len 129", "affinity-prefix-len \"129\": must be 0 to 128" },
		{ "pool zero", "pool zero: takes effect at once, and cannot be in a script" },
		{ "service zero tcp/192.0.2.1:80", "service zero: takes effect at once, and cannot be in a script" },
		{ "affinity add web 10.0.0.1 10.0.0.2:80", "affinity: takes effect at once, and cannot be in a script; see affinity restore" },
		{ "affinity", "affinity: takes effect at once, and cannot be in a script; see affinity restore" },
		{ "range", "range: needs add or del" },
		{ "range add", "range: needs a name" },
		{ "range change tcp/192.0.2.1:80 10.0.0.0/8", "range \"change\": must be add or del" },
		{ "range add tcp/192.0.2.1:80", "range of service \"tcp/192.0.2.1:80\": needs an ADDRESS/LENGTH" },
		{ "range add tcp/192.0.2.1:80 10.0.0.0", "range \"10.0.0.0\": must be like 10.244.0.0/16 or fd00:244::/64" },
		{ "range add tcp/192.0.2.1:80 10.0.0.0/8,fd00::/8", "range \"fd00::/8\": must be of ipv4 as the service is" },
		{ "range del mark/ipv6:5 10.0.0.0/8", "range \"10.0.0.0/8\": must be of ipv6 as the service is" },
		{ "range add tcp/192.0.2.1:80 10.0.0.0/8,", "range \"\": must be like 10.244.0.0/16 or fd00:244::/64" },
		{ "range add tcp/192.0.2.1:80 10.0.0.0/8 10.1.0.0/16", "\"10.1.0.0/16\": not expected here" },
		{ "service add tcp/0.0.0.0:0 pool web", "service \"tcp/0.0.0.0:0\": a node port must be 1 to 65535" },
		{ "service add tcp/192.0.2.1:80 pool a flags x", "flag \"x\": must be cluster-ip or restricted" },
		{ "service change tcp/192.0.2.1:80 flags", "flags: needs cluster-ip,restricted or none" },
		{ "service change tcp/192.0.2.1:80 flags none flags none", "flags: given twice" },
		{ "config change affinity-max 63", "affinity-max \"63\": must be 64 to 4194304" },
		{ "config change reject-rate 4294967296", "reject-rate \"4294967296\": must be 0 to 4294967295" },
		{ "config change timeout-udp 2147484", "timeout-udp \"2147484\": must be 0 to 2147483" },
		{ "config change colour red", "\"colour\": not a key here; there are: accounting, finished-max, masquerade-all, pod-cidrs, pod-devices, service-cidrs, node-port-cidrs, reject-rate, max-pools, max-services, max-backends, affinity-max, table-bytes-max, timeout-tcp, timeout-tcp-fin, timeout-udp" },
		{ "-Z", "only commands that change something can be in a script" },
		{ "pool del web now", "\"now\": not expected here" },
		{ "backend add web", "backend of pool \"web\": needs an ADDRESS[:PORT]" },
		{ "backend add web 10.0.0.1:80 weight 65536", "weight \"65536\": must be 0 to 65535" },
		{ "backend add web 10.0.0.1:80 sets 0,8", "set \"8\": must be 0 to 7" },
		{ "backend change web 10.0.0.1:80", "backend change: nothing to change is given; there are: weight, state, sets, upper, lower" },
		{ "service add tcp/192.0.2.1:80", "pod,node,outside: no pool is given for these sources" },
		{ "service add tcp/192.0.2.1:80 pod pool web", "node,outside: no pool is given for these sources" },
		{ "service add tcp/192.0.2.1:80 pod", "pod: has to be followed by pool NAME" },
		{ "service add tcp/192.0.2.1:80 pod set 1", "\"set\": a kind of source is followed by pool NAME" },
		{ "service add tcp/192.0.2.1:80 set 1 pool web", "set: has to follow pool NAME" },
		{ "service add tcp/192.0.2.1:80 pool", "pool: needs a name" },
		{ "service add tcp/192.0.2.1:80 pool a set 1 set 2", "set: given twice" },
		{ "service add tcp/192.0.2.1:80 pool a pool b", "pool: given twice for the same kinds of source" },
		{ "service add tcp/192.0.2.1:80 pod pool a pod pool b", "pool \"b\": for a kind of source that has a pool already" },
		{ "service add tcp/192.0.2.1:80 pool a pod pool a node pool a outside pool a", "pool \"a\": every kind of source has a pool already" },
		{ "service add tcp/192.0.2.1:80 pool a elsewhere ignore", "elsewhere \"ignore\": must be drop or reject" },
		{ "service add tcp/192.0.2.1:80 pool a label x label y", "label: given twice" },
		{ "service add tcp/192.0.2.1:80 pool a colour red", "\"colour\": not a key here; there are: label, elsewhere, flags, pod, node, outside, pool, set, masquerade" },
		{ "service change tcp/192.0.2.1:80", "service change: nothing to change is given; there are: label, elsewhere, flags, pod, node, outside, pool, set, masquerade" },
		{ "config change accounting maybe", "accounting \"maybe\": must be on or off" },
		{ "config add accounting on", "config \"add\": must be change" },
		{ "config", "config: needs change" },
		{ "config change", "config change: nothing to change is given; there are: accounting, finished-max, masquerade-all, pod-cidrs, pod-devices, service-cidrs, node-port-cidrs, reject-rate, max-pools, max-services, max-backends, affinity-max, table-bytes-max, timeout-tcp, timeout-tcp-fin, timeout-udp" },
		{ "config change finished-max 63", "finished-max \"63\": must be 64 to 1048576" },
		{ "flush all", "\"all\": not expected here" },
		{ "-L", "only commands that change something can be in a script" },
		{ "-R", "only commands that change something can be in a script" },
		{ "-n", "only commands that change something can be in a script" },
		{ "--owner x -C", "--owner: goes on vsbadm's own command line" },
		{ "--owner admin -C", "--owner: goes on vsbadm's own command line" },
	};
	struct test_words words;
	struct change c;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(change(lines[i].line, &words, &c),
				 EXIT_SYNTAX);
		assert_string_equal(complaint(), lines[i].complaint);
	}
}

static void test_query(void **state)
{
	static const char *const bad_ones[] = {
		"", "tcp", "tcp 10.0.0.1", "icmp 10.0.0.1 192.0.2.1:80",
		"tcp 10.0.0.1 192.0.2.1", "tcp 10.0.0.1 [2001:db8::1]:80",
		"tcp 10.0.0.1 192.0.2.1:80 dev", "tcp 10.0.0.1 192.0.2.1:80 x y",
		"tcp 10.0.0.1 192.0.2.1:80 dev nosuchdevice",
		"tcp 10.0.0.1 192.0.2.1:80 mark 4294967296",
		"tcp 10.0.0.1 192.0.2.1:80 mark 1 mark 2",
		"tcp 10.0.0.1 192.0.2.1:80 mark 0x",
		"tcp 10.0.0.1 192.0.2.1:80 vrf", "tcp 10.0.0.1 192.0.2.1:80 vrf x",
		"tcp 10.0.0.1 192.0.2.1:80 vrf lo vrf lo",
		"tcp 10.0.0.1 192.0.2.1:80 mark 0 mark 5",
	};
	struct test_words words;
	struct vsb_query query;
	size_t i;

	(void)state;
	cut(&words, "udp 10.0.0.1:99 192.0.2.1:53 mark 7 dev lo");
	assert_int_equal(parse_query(words.n - 1, words.v + 1, &query), 0);
	assert_int_equal(query.protocol, IPPROTO_UDP);
	assert_int_equal(query.family, AF_INET);
	assert_int_equal(query.source_port, 99);
	assert_int_equal(query.destination_port, 53);
	assert_int_equal(query.mark, 7);
	assert_true(query.ifindex > 0);
	cut(&words, "udp 10.0.0.1:99 192.0.2.1:53 vrf lo mark 0x10");
	assert_int_equal(parse_query(words.n - 1, words.v + 1, &query), 0);
	assert_int_equal(query.mark, 16);
	assert_int_equal(query.ifindex, 0);
	assert_true(query.vrf > 0);
	for (i = 0; i < ARRAY_SIZE(bad_ones); i++) {
		cut(&words, bad_ones[i]);
		if (parse_query(words.n - 1, words.v + 1, &query) !=
		    EXIT_SYNTAX)
			fail_msg("\"%s\" was taken", bad_ones[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_virtual),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_equals),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_bad_words),
		cmocka_unit_test(test_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
