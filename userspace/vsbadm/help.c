// SPDX-License-Identifier: GPL-2.0
/*
 * Owns what vsbadm says of itself: the screen of --help, and the lines of each
 * of our own words. vsbadm(8) has the rest.
 */
#include <string.h>

#include "vsbadm.h"

static const char head[] =
"vsbadm [--owner NAME] [-n] [-j] COMMAND\n"
"As ipvsadm; SERVICE is -t|-u|--sctp-service ADDRESS:PORT, or -f MARK [-6]:\n"
"  -A|-E SERVICE [-s SCHEDULER] [-b FLAG,...] [-p [SECONDS]] [-M MASK]\n"
"     SCHEDULER: rr wrr lc wlc sed nq p2c random sh dh mh fo ovf\n"
"  -a|-e SERVICE -r ADDRESS[:PORT] [-m] [-w WEIGHT] [-x UPPER] [-y LOWER]\n"
"  -D SERVICE | -d SERVICE -r ADDRESS[:PORT]\n"
"  -L [SERVICE] [--stats|--rate|--thresholds|--persistent-conn] [--exact]\n"
"  -L -c|--timeout           list connections, timeouts\n"
"  -C | -Z [SERVICE]         clear all; set statistics to 0\n"
"  -S | -R [--replace]       save; restore, on top or instead of what there is\n"
"  --set TCP TCPFIN UDP      set timeouts, in seconds\n"
"\n"
"Our own; \"vsbadm help WORD\" has all of a WORD:\n";

static const char foot[] =
"\n"
"See vsbadm(8); --version says which this is.\n";

/* What stands for a service in our own words. */
#define NAMES \
"A SERVICE is tcp|udp|sctp/ADDRESS:PORT, IPv6 as tcp/[2001:db8::1]:80; as node\n" \
"port tcp|udp|sctp/0.0.0.0:PORT or .../[::]:PORT; as firewall mark\n" \
"mark/ipv4:MARK or mark/ipv6:MARK.\n"

/**
 * struct topic - one of our own words
 * @word: the word
 * @summary: for the screen, at most 27 characters
 * @lines: all there is to it
 */
static const struct topic {
	const char *word, *summary, *lines;
} topics[] = {
	{ "pool", "backends, a scheduler",
"pool add NAME family ipv4|ipv6 [SETTING]...\n"
"pool change NAME SETTING...\n"
"    scheduler NAME               rr unless told; --help has all\n"
"    sched-flags fallback,port    of sh and mh, or none\n"
"    table-size PRIME             of mh\n"
"    affinity-timeout SECONDS     0 for no affinity\n"
"    affinity-prefix-len BITS     what is one client\n"
"pool del NAME\n"
"pool show [NAME]\n"
"pool zero [NAME]                 set its statistics, or all, to 0\n" },
	{ "backend", "where connections go",
"backend add POOL ADDRESS[:PORT] [SETTING]...\n"
"backend change POOL ADDRESS[:PORT] SETTING...\n"
"    weight 0-65535\n"
"    state up|draining\n"
"    sets 0,1,...|none\n"
"    upper N                      connections with which it is full\n"
"    lower N                      below which it is full no longer\n"
"backend del POOL ADDRESS[:PORT]\n"
"backend show [POOL]\n"
"Without a PORT, a connection keeps the one that the client used.\n" },
	{ "service", "what is sent to which pool",
"service add SERVICE [[pod,node,outside] pool POOL [set 0-7]\n"
"    [masquerade yes|no]]... [SETTING]...\n"
"service change SERVICE [[pod,...] pool POOL ...] [SETTING]...\n"
"    label TEXT\n"
"    elsewhere drop|reject        where only other sets have backends\n"
"    flags cluster-ip,restricted  or none\n"
"service del SERVICE\n"
"service show [SERVICE]\n"
"service zero [SERVICE]           set its statistics, or all, to 0\n"
NAMES },
	{ "range", "sources of a service",
"range add|del SERVICE RANGE,...  sources that a restricted service is for\n"
"range show [SERVICE]\n"
NAMES },
	{ "config", "settings",
"config change SETTING...\n"
"    accounting on|off            keep a record of each connection\n"
"    finished-max N               records between two passes of the sweeper\n"
"    masquerade-all on|off        all that goes to cluster IPs\n"
"    pod-cidrs RANGE,...          addresses of pods, or none\n"
"    pod-devices NAME,...         what pods send by, like cni0 or veth*, or none\n"
"    service-cidrs RANGE,...      ranges of cluster IPs, or none\n"
"    node-port-cidrs RANGE,...    where node ports are, or none\n"
"    reject-rate N                rejections a second, 0 for all\n"
"    affinity-max N               clients that affinity has room for\n"
"    table-bytes-max N            memory of schedulers' tables\n"
"    timeout-tcp SECONDS          of idle connections, 0 for conntrack's own\n"
"    timeout-tcp-fin SECONDS      of those that are closing\n"
"    timeout-udp SECONDS          of UDP\n"
"    max-pools N                  how many there may be\n"
"    max-services N\n"
"    max-backends N\n"
"config show\n" },
	{ "affinity", "which client goes where",
"affinity add POOL CLIENT ADDRESS[:PORT] [expires SECONDS]\n"
"affinity del POOL [CLIENT]       forget a client, or all\n"
"affinity show [POOL]\n"
"affinity save                    print what restores them\n"
"affinity restore [FILE]          line by line, at once\n" },
	{ "txn", "all lines of a file or none",
"txn [FILE] [--replace]\n"
"Does all lines of a file or the standard input, or none: those of -S, and of\n"
"pool, backend, service, range, config and flush. With --replace they take the\n"
"place of all that the owner has.\n" },
	{ "apply", "have all be as a file says",
"apply FILE|-\n"
"Makes all that the owner has what a file of -j -L or -S says, by changing what\n"
"differs, and no more.\n" },
	{ "diff", "what apply would change",
"diff FILE|-\n"
"Prints that as lines for txn. The exit status is 0 where nothing differs, 1\n"
"where something does, and 2 for trouble.\n" },
	{ "explain", "what happens to a packet",
"explain tcp|udp|sctp SOURCE[:PORT] ADDRESS:PORT [dev NAME|vrf NAME] [mark MARK]\n"
"Without dev it is a packet of the node's own, with vrf one sent in a VRF.\n" },
	{ "monitor", "changes, as they are made",
"monitor [pool|backend|service|range|config]...\n"
"Prints a line for each change, of all kinds of objects or of these; with\n"
"--owner, of an owner's only.\n" },
	{ "top", "a table of what goes on",
"top [interval SECONDS]           every two seconds unless told; ? has its keys\n" },
	{ "info", "version, limits and counts",
"info\n" },
	{ "flush", "take away all, as -C",
"flush\n" },
	{ "help", "this, or all of a WORD",
"help [WORD]\n" },
};

static const struct topic *find_topic(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(topics); i++)
		if (!strcmp(word, topics[i].word))
			return &topics[i];

	return NULL;
}

/* In two columns, which are read downwards. */
static void print_screen(void)
{
	size_t rows = (ARRAY_SIZE(topics) + 1) / 2, i;
	const struct topic *right;

	fputs(head, stdout);
	for (i = 0; i < rows; i++) {
		printf("  %-8s  ", topics[i].word);
		right = &topics[i + rows];
		if (i + rows < ARRAY_SIZE(topics))
			printf("%-28s %-8s  %s\n", topics[i].summary,
			       right->word, right->summary);
		else
			printf("%s\n", topics[i].summary);
	}
	fputs(foot, stdout);
}

/**
 * show_help() - print the screen, or the lines of a word
 * @options: of the command line
 * @n: how many words
 * @words: which one, or none
 *
 * Return: 0 or EXIT_SYNTAX, after complaining.
 */
int show_help(const struct options *options, int n, char **words)
{
	const struct topic *topic;

	(void)options;
	if (n > 1)
		return bad("\"%s\": not expected here", words[1]);
	if (!n) {
		print_screen();
		return 0;
	}

	topic = find_topic(words[0]);
	if (!topic)
		return bad("help \"%s\": not one of our words; see vsbadm --help, and vsbadm(8)",
			   words[0]);
	fputs(topic->lines, stdout);

	return 0;
}
