// SPDX-License-Identifier: GPL-2.0
/* Owns the program: which command is meant, and how it ended. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vsbadm.h"

static const char usage[] =
"vsbadm [--owner NAME] [-n] [-j] COMMAND             (owner: admin)\n"
"\n"
"As ipvsadm; SERVICE is -t, -u or --sctp-service ADDRESS:PORT, IPv6 as\n"
"[2001:db8::1]:80, or -f MARK [-6]:\n"
"  -A|-E SERVICE [-s SCHEDULER] [-b FLAG,...] [-p [SECONDS]] [-M MASK]\n"
"                                     add, edit a service and its own pool\n"
"  -D SERVICE                         delete both\n"
"  -a|-e SERVICE -r ADDRESS[:PORT] [-m] [-w WEIGHT] [-x UPPER] [-y LOWER]\n"
"                                     add, edit a server\n"
"  -d SERVICE -r ADDRESS[:PORT]       delete a server\n"
"  -L [SERVICE] [-n] [-j]             list, -n without names, -j as JSON\n"
"     [--stats|--rate|--thresholds|--persistent-conn] [--exact]\n"
"  -L -c | -L --timeout               list connections, timeouts\n"
"  --set TCP TCPFIN UDP               set timeouts, in seconds\n"
"  -Z [SERVICE]                       set its statistics, or all, to 0\n"
"  -C                                 take away all that the owner has\n"
"  -S                                 print what restores that\n"
"  -R [--replace]                     do stdin's lines on top, or instead\n"
"\n"
"Our own; a service is named tcp|udp|sctp/ADDRESS:PORT, as a node port\n"
"tcp|udp|sctp/0.0.0.0:PORT or .../[::]:PORT, as a firewall mark\n"
"mark/ipv4:MARK or mark/ipv6:MARK:\n"
"  pool add NAME family ipv4|ipv6 [SETTING]...\n"
"  pool change NAME SETTING...\n"
"      [scheduler S] [sched-flags fallback,port|none] [table-size PRIME]\n"
"      [affinity-timeout SECONDS] [affinity-prefix-len BITS]\n"
"  backend add|change POOL ADDRESS[:PORT] [weight 0-65535]\n"
"      [state up|draining] [sets 0,1,...|none] [upper N] [lower N]\n"
"  service add|change NAME [label L] [elsewhere drop|reject]\n"
"      [flags cluster-ip,restricted|none]\n"
"      [[pod,node,outside] pool P [set 0-7] [masquerade yes|no]]...\n"
"  range add|del SERVICE RANGE,...    sources that a restricted one is for\n"
"  config change [accounting on|off] [masquerade-all on|off]\n"
"      [finished-max N] [reject-rate N] [affinity-max N]\n"
"      [table-bytes-max N]\n"
"      [timeout-tcp SECONDS] [timeout-tcp-fin SECONDS] [timeout-udp SECONDS]\n"
"      [max-pools N] [max-services N] [max-backends N]\n"
"      [pod-cidrs RANGE,...|none] [pod-devices NAME,...|none]\n"
"      [service-cidrs RANGE,...|none] [node-port-cidrs RANGE,...|none]\n"
"  pool|service del NAME, backend del POOL ADDRESS[:PORT]\n"
"  pool|backend|service|range|config show [NAME]\n"
"  pool|service zero [NAME]           set its statistics, or all, to 0\n"
"  affinity add POOL CLIENT ADDRESS[:PORT] [expires SECONDS]\n"
"  affinity del POOL [CLIENT], affinity show [POOL]\n"
"  affinity save, affinity restore [FILE]    these take effect at once\n"
"  txn [FILE] [--replace]             all lines of a file or stdin, or none\n"
"  apply FILE|-                       have all be as a file of -L -j or -S says\n"
"  diff FILE|-                        the lines for txn that would do so\n"
"  explain tcp|udp|sctp SOURCE[:PORT] ADDRESS:PORT [dev NAME] [vrf NAME]\n"
"      [mark MARK]\n"
"  flush                              as -C\n"
"  monitor [pool|backend|service|range|config]...   changes, as they are made\n"
"  top [interval SECONDS]             a table of what goes on; ? shows its keys\n"
"  info                               version, limits and counts\n"
"  --help, --version\n";

static int run_txn(const struct options *options, int n, char **words)
{
	if (n > 1)
		return bad("\"%s\": not expected here", words[1]);

	return run_script(options, n ? words[0] : "-");
}

static int run_info(const struct options *options, int n, char **words)
{
	return n ? bad("\"%s\": not expected here", words[0]) : info(options);
}

static const struct command {
	const char *name;
	int (*run)(const struct options *options, int n, char **words);
} commands[] = {
	{ "txn", run_txn },
	{ "apply", apply },
	{ "diff", diff },
	{ "explain", explain },
	{ "info", run_info },
	{ "affinity", affinity },
	{ "monitor", monitor },
	{ "top", top },
};

static int run_words(struct line *line)
{
	char **words = line->words;
	int n = line->n_words, status;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(words[0], commands[i].name))
			return commands[i].run(&line->options, n - 1,
					       words + 1);

	if (n > 1 && is_noun(words[0]) && !strcmp(words[1], "show"))
		return show(&line->options, n, words);
	if (n > 1 && is_noun(words[0]) && !strcmp(words[1], "zero"))
		return zero(&line->options, n, words);

	status = words_parse(n, words, &line->change);
	if (!status)
		status = run_change(&line->options, &line->change);
	change_free(&line->change);

	return status;
}

/* ipvsadm ends with another code where the kernel refuses, but for a list. */
static int run_letter(struct line *line)
{
	const struct vsb_service *only =
		line->service_given ? &line->change.service : NULL;
	int status;

	switch (line->command) {
	case 'h':
		printf("%s", usage);
		return 0;
	case 'v':
		printf("vsbadm %s\n", VSB_VERSION);
		return 0;
	case 'L':
		return list(&line->options, only);
	case COMMAND_CONNECTIONS:
		return list_connections(&line->options);
	case COMMAND_TIMEOUTS:
		return list_timeouts(&line->options);
	case 'S':
		return save(&line->options);
	case 'Z':
		status = zero_virtual(&line->options, only);
		break;
	case 'R':
		status = run_script(&line->options, "-");
		break;
	default:
		status = run_change(&line->options, &line->change);
		break;
	}

	return status == EXIT_REFUSED ? EXIT_IPVS_REFUSED : status;
}

static int run(struct line *line)
{
	if (line->command)
		return run_letter(line);
	if (line->n_words)
		return run_words(line);

	/* As ipvsadm does without a command. */
	return list(&line->options, NULL);
}

int main(int argc, char **argv)
{
	struct line line;
	int status;

	status = line_parse(argc, argv, &line);
	if (!status)
		status = run(&line);
	if (!status && (fflush(stdout) || ferror(stdout)))
		status = complain(EXIT_REFUSED, "cannot write: %s",
				  strerror(errno));
	if (status && *complaint())
		fprintf(stderr, "vsbadm: %s\n", complaint());

	return status;
}
