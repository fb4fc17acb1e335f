// SPDX-License-Identifier: GPL-2.0
/* Owns ipvsadm's grammar, and the options that both grammars have. */
#include <arpa/inet.h>
#include <ctype.h>
#include <getopt.h>
#include <string.h>

#include "vsbadm.h"

/* Options that are no commands, as bits. */
enum {
	OPT_SERVICE = 1 << 0,
	OPT_SCHEDULER = 1 << 1,
	OPT_SERVER = 1 << 2,
	OPT_FORWARD = 1 << 3,
	OPT_WEIGHT = 1 << 4,
	OPT_NUMERIC = 1 << 5,
	OPT_JSON = 1 << 6,
	OPT_OWNER = 1 << 7,
	OPT_REPLACE = 1 << 8,
	OPT_IPV6 = 1 << 9,
	OPT_SCHED_FLAGS = 1 << 10,
	OPT_UPPER = 1 << 11,
	OPT_LOWER = 1 << 12,
	OPT_PERSISTENT = 1 << 13,
	OPT_NETMASK = 1 << 14,
	OPT_STATS = 1 << 15,
	OPT_RATE = 1 << 16,
	OPT_THRESHOLDS = 1 << 17,
	OPT_PERSISTENT_CONN = 1 << 18,
	OPT_EXACT = 1 << 19,
	OPT_SORT = 1 << 20,
	OPT_CONNECTION = 1 << 21,
	OPT_TIMEOUT = 1 << 22,
};

/* Seconds of -p where it says no others, as ipvsadm has it. */
#define PERSISTENCE	360

#define OPT_OF_SERVICE \
	(OPT_IPV6 | OPT_SCHEDULER | OPT_SCHED_FLAGS | OPT_PERSISTENT | \
	 OPT_NETMASK)
#define OPT_OF_TABLE \
	(OPT_SERVICE | OPT_IPV6 | OPT_STATS | OPT_RATE | OPT_THRESHOLDS)
#define OPT_OF_LIST \
	(OPT_OF_TABLE | OPT_NUMERIC | OPT_JSON | OPT_PERSISTENT_CONN | \
	 OPT_EXACT | OPT_SORT | OPT_CONNECTION | OPT_TIMEOUT)
#define OPT_OF_SERVER \
	(OPT_IPV6 | OPT_FORWARD | OPT_WEIGHT | OPT_UPPER | OPT_LOWER)

static const char *const option_names[] = {
	"-t, -u, -f or --sctp-service", "-s", "-r", "-m", "-w", "-n", "-j", "--owner", "--replace", "-6",
	"-b", "-x", "-y", "-p", "-M",
	"--stats", "--rate", "--thresholds", "--persistent-conn", "--exact",
	"--sort or --nosort", "-c", "--timeout",
};

/* Letters for options that have none. */
enum {
	LETTER_OWNER = 256,
	LETTER_REPLACE,
	LETTER_SCTP,
	LETTER_SORT,
	LETTER_STATS,
	LETTER_RATE,
	LETTER_THRESHOLDS,
	LETTER_PERSISTENT_CONN,
	LETTER_TIMEOUT,
	LETTER_SET,
	LETTER_REFUSED,
};

/* What an option needs, for whoever leaves it out. */
static const struct {
	int letter;
	const char *form;
} forms[] = {
	{ 't', "ADDRESS:PORT" },
	{ 'u', "ADDRESS:PORT" },
	{ LETTER_SCTP, "ADDRESS:PORT" },
	{ 'f', "a mark, 1 to 4294967295, or 0x and digits" },
	{ 's', "the name of a scheduler" },
	{ 'b', "flags with commas between, like sh-fallback,sh-port" },
	{ 'M', "a netmask like 255.255.255.0, or for IPv6 1 to 128" },
	{ 'r', "ADDRESS[:PORT]" },
	{ 'w', "0 to 65535" },
	{ 'x', "0 to 4294967295" },
	{ 'y', "0 to 4294967295" },
	{ LETTER_OWNER, "a name" },
};

/* Commands, with the options that they need and those that they may have. */
static const struct command {
	int letter;
	unsigned int needs, may;
} commands[] = {
	{ 'A', OPT_SERVICE, OPT_OF_SERVICE },
	{ 'E', OPT_SERVICE, OPT_OF_SERVICE },
	{ 'D', OPT_SERVICE, OPT_IPV6 },
	{ 'a', OPT_SERVICE | OPT_SERVER, OPT_OF_SERVER },
	{ 'e', OPT_SERVICE | OPT_SERVER, OPT_OF_SERVER },
	{ 'd', OPT_SERVICE | OPT_SERVER, OPT_IPV6 },
	{ 'C', 0, 0 },
	{ 'L', 0, OPT_OF_LIST },
	{ 'Z', 0, OPT_SERVICE | OPT_IPV6 },
	{ 'R', 0, OPT_REPLACE },
	{ 'S', 0, OPT_NUMERIC },
	{ COMMAND_SET, 0, 0 },
	{ 'v', 0, ~0U },
};

/* Words of our own that have options; what shows anything has them, too. */
static const struct {
	const char *word;
	unsigned int may;
} words_with_options[] = {
	{ "txn", OPT_REPLACE },
	{ "explain", OPT_NUMERIC | OPT_JSON },
	{ "monitor", OPT_NUMERIC | OPT_JSON },
	{ "info", OPT_NUMERIC | OPT_JSON },
	{ "top", OPT_NUMERIC },
};

static const char no_sync[] =
	"there is no connection synchronization; -s mh chooses the same server on every node";
static const char no_tunnels[] = "tunnels are not there; use -m";

/* What ipvsadm has and vsbadm has not, and what to use. */
static const struct refused {
	const char *name;
	int letter;
	int has_arg;
	const char *why;
} refused[] = {
	{ "start-daemon", 0, 1, no_sync },
	{ "stop-daemon", 0, 1, no_sync },
	{ "daemon", 0, 0, no_sync },
	{ "mcast-interface", 0, 1, no_sync },
	{ "syncid", 0, 1, no_sync },
	{ "sync-maxlen", 0, 1, no_sync },
	{ "mcast-group", 0, 1, no_sync },
	{ "mcast-port", 0, 1, no_sync },
	{ "mcast-ttl", 0, 1, no_sync },
	{ "pe", 0, 1,
	  "there are no persistence engines; use -p, which tells clients by address" },
	{ "ops", 'o', 0, "one-packet scheduling is not there; leave it out" },
	{ "gatewaying", 'g', 0, "direct routing is not there; use -m" },
	{ "ipip", 'i', 0, no_tunnels },
	{ "tun-type", 0, 1, no_tunnels },
	{ "tun-port", 0, 1, no_tunnels },
	{ "tun-nocsum", 0, 0, no_tunnels },
	{ "tun-csum", 0, 0, no_tunnels },
	{ "tun-remcsum", 0, 0, no_tunnels },
	{ "tun-info", 0, 0, "tunnels are not there; leave it out" },
};

static const char short_options[] =
	":AEDCLlRSaedt:u:s:r:mw:njhvZf:6p::M:b:ogix:y:cX";

static const struct option long_options[] = {
	{ "add-service", no_argument, NULL, 'A' },
	{ "edit-service", no_argument, NULL, 'E' },
	{ "delete-service", no_argument, NULL, 'D' },
	{ "clear", no_argument, NULL, 'C' },
	{ "list", no_argument, NULL, 'L' },
	{ "restore", no_argument, NULL, 'R' },
	{ "save", no_argument, NULL, 'S' },
	{ "add-server", no_argument, NULL, 'a' },
	{ "edit-server", no_argument, NULL, 'e' },
	{ "delete-server", no_argument, NULL, 'd' },
	{ "tcp-service", required_argument, NULL, 't' },
	{ "udp-service", required_argument, NULL, 'u' },
	{ "sctp-service", required_argument, NULL, LETTER_SCTP },
	{ "fwmark-service", required_argument, NULL, 'f' },
	{ "ipv6", no_argument, NULL, '6' },
	{ "zero", no_argument, NULL, 'Z' },
	{ "scheduler", required_argument, NULL, 's' },
	{ "sched-flags", required_argument, NULL, 'b' },
	{ "persistent", optional_argument, NULL, 'p' },
	{ "netmask", required_argument, NULL, 'M' },
	{ "u-threshold", required_argument, NULL, 'x' },
	{ "l-threshold", required_argument, NULL, 'y' },
	{ "real-server", required_argument, NULL, 'r' },
	{ "masquerading", no_argument, NULL, 'm' },
	{ "weight", required_argument, NULL, 'w' },
	{ "numeric", no_argument, NULL, 'n' },
	{ "sort", no_argument, NULL, LETTER_SORT },
	{ "nosort", no_argument, NULL, LETTER_SORT },
	{ "connection", no_argument, NULL, 'c' },
	{ "stats", no_argument, NULL, LETTER_STATS },
	{ "rate", no_argument, NULL, LETTER_RATE },
	{ "thresholds", no_argument, NULL, LETTER_THRESHOLDS },
	{ "persistent-conn", no_argument, NULL, LETTER_PERSISTENT_CONN },
	{ "exact", no_argument, NULL, 'X' },
	{ "timeout", no_argument, NULL, LETTER_TIMEOUT },
	{ "set", no_argument, NULL, LETTER_SET },
	{ "json", no_argument, NULL, 'j' },
	{ "owner", required_argument, NULL, LETTER_OWNER },
	{ "replace", no_argument, NULL, LETTER_REPLACE },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
};

/**
 * struct raw - options as they were given
 * @given: OPT_* mask
 * @command: its letter
 * @kind: VSB_KIND_MARK for -f
 * @protocol: of -t, -u or --sctp-service
 * @waiting: the word of -p where no value followed
 * @value: the value of the option before, or NULL
 */
struct raw {
	unsigned int given;
	int command;
	uint32_t kind;
	uint8_t protocol;
	const char *service, *server, *scheduler, *sched_flags, *weight;
	const char *upper, *lower, *timeout, *netmask;
	const char *set[3];
	const char *waiting, *value;
};

/* Both tables, as getopt wants them. */
static const struct option *all_options(void)
{
	static struct option all[ARRAY_SIZE(long_options) +
				 ARRAY_SIZE(refused) + 1];
	struct option *next = all + ARRAY_SIZE(long_options);
	size_t i;

	if (all[0].name)
		return all;

	memcpy(all, long_options, sizeof(long_options));
	for (i = 0; i < ARRAY_SIZE(refused); i++)
		*next++ = (struct option){
			.name = refused[i].name,
			.has_arg = refused[i].has_arg,
			.val = LETTER_REFUSED + i,
		};

	return all;
}

static int give(struct raw *raw, unsigned int option)
{
	if (raw->given & option)
		return bad("%s: given twice",
			   option_names[__builtin_ctz(option)]);
	raw->given |= option;

	return 0;
}

/* A command or option, for a complaint; @buf holds three bytes. */
static const char *letter_name(char *buf, int letter)
{
	if (letter == COMMAND_SET)
		return "--set";
	buf[0] = '-';
	buf[1] = letter;
	buf[2] = '\0';

	return buf;
}

static int give_command(struct raw *raw, int letter)
{
	char one[3], other[3];

	/* Who asks for help gets that. */
	if (letter == 'h' || raw->command == 'h')
		letter = 'h';
	else if (raw->command)
		return bad("%s and %s: one command at a time",
			   letter_name(one, raw->command),
			   letter_name(other, letter));
	raw->command = letter;

	return 0;
}

static int refuse(int letter, int status)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refused) - 1; i++)
		if (letter == refused[i].letter ||
		    letter == LETTER_REFUSED + (int)i)
			break;

	return letter < LETTER_REFUSED ?
		complain(status, "-%c: %s", letter, refused[i].why) :
		complain(status, "--%s: %s", refused[i].name, refused[i].why);
}

/* Whether getopt knows a letter, which it says of an option with a fault. */
static bool is_known(int letter)
{
	const struct option *option = all_options();

	while (option->name && option->val != letter)
		option++;

	return option->name;
}

/* A long option that is not known, or cut so that it may be several. */
static int bad_long(const char *word)
{
	const size_t len = strcspn(word + 2, "=");
	const struct option *option;
	char all[1024] = "";
	size_t at = 0, n = 0;

	for (option = all_options(); option->name; option++) {
		if (strncmp(option->name, word + 2, len) || at >= sizeof(all))
			continue;
		at += snprintf(all + at, sizeof(all) - at, "%s--%s",
			       n++ ? ", " : "", option->name);
	}

	return n ? complain(EXIT_IPVS_OPTION, "%.*s: may be %s", (int)len + 2,
			    word, all) :
		   complain(EXIT_IPVS_OPTION,
			    "%.*s: unknown option; see vsbadm --help",
			    (int)len + 2, word);
}

/* Without its value one of ours says its form, others why they are none. */
static int no_value(const char *word, int letter)
{
	char name[3];
	size_t i = 0;

	if (letter >= LETTER_REFUSED)
		return refuse(letter, EXIT_IPVS_OPTION);
	while (i < ARRAY_SIZE(forms) - 1 && forms[i].letter != letter)
		i++;

	return complain(EXIT_IPVS_OPTION, "%s: needs %s", word[1] == '-' ?
			word : letter_name(name, letter), forms[i].form);
}

/* The word that a letter is in: getopt goes on when it is at the end. */
static char **word_of(char **argv, int letter)
{
	const char *before = argv[optind - 1];

	return *before == '-' && before[strlen(before) - 1] == letter ?
		&argv[optind - 1] : &argv[optind];
}

/* Whether a word is a number below 0, behind another word. */
static bool is_negative(char **argv, char **word)
{
	return word - argv > 1 && *word && **word == '-' &&
	       isdigit((unsigned char)word[0][1]);
}

/* A number below 0 behind a key of our own. */
static int bad_negative(const struct raw *raw, char **argv, int letter)
{
	char **word = word_of(argv, letter);
	const char *form;

	if (!is_negative(argv, word))
		return 0;
	/* An owner may be called as a key. */
	form = word[-1] == raw->value ? NULL : number_form(word[-1]);

	return form ? complain(EXIT_IPVS_OPTION, "%s \"%s\": must be %s",
			       word[-1], word[0], form) : 0;
}

/* The same behind one of ipvsadm's options that may go without a value. */
static int bad_negative_value(const struct raw *raw, char **argv)
{
	char **word = word_of(argv, optopt);

	if (!is_negative(argv, word))
		return 0;
	if (raw->command == COMMAND_SET && !raw->set[2])
		return complain(EXIT_IPVS_OPTION,
				"--set \"%s\": must be 0 to %d", *word,
				TIMEOUT_MAX);
	if (word[-1] == raw->waiting)
		return complain(EXIT_IPVS_OPTION,
				"%s \"%s\": must be 1 to %d",
				raw->waiting[1] == '-' ? raw->waiting : "-p",
				*word, VSB_AFFINITY_TIMEOUT_MAX);

	return raw->command ? 0 : bad_negative(raw, argv, optopt);
}

/* ipvsadm's exit code where it does not know an option, or misses its value. */
static int unknown(const struct raw *raw, char **argv, int letter)
{
	const char *word = argv[optind - 1];

	if (letter == ':')
		return no_value(word, optopt);
	if (!optopt)
		return bad_long(word);
	if (is_known(optopt))
		return complain(EXIT_IPVS_OPTION, "%.*s: takes no value",
				(int)strcspn(word, "="), word);

	return bad_negative_value(raw, argv) ?:
	       complain(EXIT_IPVS_OPTION,
			"-%c: unknown option; see vsbadm --help", optopt);
}

/* As ipvsadm has it, a short option may have a = before its value. */
static void skip_equals(char **argv)
{
	const char *word = argv[optind - 1];

	if (optarg && optarg != word && *optarg == '=' && word[1] != '-')
		optarg++;
}

/* Notes an option that has a value. */
static int take_value(struct raw *raw, unsigned int option, const char **value)
{
	*value = optarg;

	return give(raw, option);
}

static int give_service(struct raw *raw, uint8_t protocol)
{
	raw->protocol = protocol;

	return take_value(raw, OPT_SERVICE, &raw->service);
}

static int give_mark(struct raw *raw)
{
	raw->kind = VSB_KIND_MARK;

	return take_value(raw, OPT_SERVICE, &raw->service);
}

/* The word behind an option, where that is none itself; or NULL. */
static char *next_word(char **argv)
{
	if (!argv[optind] || *argv[optind] == '-')
		return NULL;

	return argv[optind++];
}

static int give_set(struct raw *raw, char **argv)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(raw->set); i++)
		raw->set[i] = next_word(argv);

	return give_command(raw, COMMAND_SET);
}

static int take_option(struct raw *raw, struct options *options, char **argv,
		       int letter)
{
	switch (letter) {
	case 'A': case 'E': case 'D': case 'C': case 'R': case 'S':
	case 'L': case 'a': case 'e': case 'd': case 'h': case 'v': case 'Z':
		return give_command(raw, letter);
	case 'l':
		return give_command(raw, 'L');
	case 't':
		return give_service(raw, IPPROTO_TCP);
	case 'u':
		return give_service(raw, IPPROTO_UDP);
	case LETTER_SCTP:
		return give_service(raw, IPPROTO_SCTP);
	case 'f':
		return give_mark(raw);
	case '6':
		return (raw->command ? 0 : bad_negative(raw, argv, letter)) ?:
		       give(raw, OPT_IPV6);
	case 's':
		return take_value(raw, OPT_SCHEDULER, &raw->scheduler);
	case 'b':
		return take_value(raw, OPT_SCHED_FLAGS, &raw->sched_flags);
	case 'p':
		/* ipvsadm takes the next word, too. */
		if (!optarg)
			optarg = next_word(argv);
		if (!optarg)
			raw->waiting = argv[optind - 1];
		return take_value(raw, OPT_PERSISTENT, &raw->timeout);
	case 'M':
		return take_value(raw, OPT_NETMASK, &raw->netmask);
	case 'x':
		return take_value(raw, OPT_UPPER, &raw->upper);
	case 'y':
		return take_value(raw, OPT_LOWER, &raw->lower);
	case 'r':
		return take_value(raw, OPT_SERVER, &raw->server);
	case 'w':
		return take_value(raw, OPT_WEIGHT, &raw->weight);
	case 'm':
		return give(raw, OPT_FORWARD);
	case 'n':
		options->numeric = true;
		return give(raw, OPT_NUMERIC);
	case 'j':
		options->json = true;
		return give(raw, OPT_JSON);
	case LETTER_REPLACE:
		options->replace = true;
		return give(raw, OPT_REPLACE);
	case LETTER_OWNER:
		if (give(raw, OPT_OWNER))
			return EXIT_SYNTAX;
		options->owner_given = true;
		return parse_name("owner", optarg, &options->owner);
	case LETTER_SORT:
		/* Listings are sorted, which is in no order, too. */
		raw->given |= OPT_SORT;
		return 0;
	case 'c':
		return give(raw, OPT_CONNECTION);
	case LETTER_STATS:
		return give(raw, OPT_STATS);
	case LETTER_RATE:
		return give(raw, OPT_RATE);
	case LETTER_THRESHOLDS:
		return give(raw, OPT_THRESHOLDS);
	case LETTER_PERSISTENT_CONN:
		return give(raw, OPT_PERSISTENT_CONN);
	case 'X':
		options->exact = true;
		return give(raw, OPT_EXACT);
	case LETTER_TIMEOUT:
		return give(raw, OPT_TIMEOUT);
	case LETTER_SET:
		return give_set(raw, argv);
	case ':':
	case '?':
		return unknown(raw, argv, letter);
	default:
		return refuse(letter, EXIT_SYNTAX);
	}
}

/* What lists connections, or timeouts, lists no services. */
static int check_list(const struct raw *raw)
{
	unsigned int alone = raw->given & (OPT_CONNECTION | OPT_TIMEOUT);
	unsigned int extra = raw->given & OPT_OF_TABLE;

	if (alone & OPT_TIMEOUT)
		extra |= raw->given & (OPT_PERSISTENT_CONN | OPT_CONNECTION);
	if (alone && extra)
		return bad("%s: does not go with %s",
			   option_names[__builtin_ctz(extra)],
			   option_names[__builtin_ctz(alone & OPT_TIMEOUT ?
						      OPT_TIMEOUT : alone)]);

	return 0;
}

static bool has_verb(int n, char **words)
{
	return n > 1 && (is_noun(words[0]) || !strcmp(words[0], "affinity"));
}

/* Without a word it is a list. */
static unsigned int options_of(int n, char **words)
{
	size_t i;

	for (i = 0; n && i < ARRAY_SIZE(words_with_options); i++)
		if (!strcmp(words[0], words_with_options[i].word))
			return words_with_options[i].may;

	return !n || (has_verb(n, words) && !strcmp(words[1], "show")) ?
		OPT_NUMERIC | OPT_JSON : 0;
}

/* Our own grammar has few options, and which depends on the words. */
static int check_own_options(const struct raw *raw, int n, char **words)
{
	const unsigned int few = OPT_NUMERIC | OPT_JSON | OPT_REPLACE;
	unsigned int extra = raw->given & ~OPT_OWNER & ~options_of(n, words);
	unsigned int others = n ? extra & ~few : extra;
	bool verb = has_verb(n, words);

	if (others)
		return complain(EXIT_IPVS_OPTION,
				"%s: goes with one of ipvsadm's commands; see vsbadm --help",
				option_names[__builtin_ctz(others)]);
	if (extra)
		return bad("%s: does not go with %s%s%s",
			   option_names[__builtin_ctz(extra)], words[0],
			   verb ? " " : "", verb ? words[1] : "");

	return 0;
}

/* Whether the command has what it needs, and nothing else. */
static int check_options(const struct raw *raw)
{
	unsigned int missing, extra, may;
	const struct command *command;
	char name[3];

	/* Help goes with anything. */
	if (raw->command == 'h')
		return 0;
	for (command = commands; command->letter != raw->command; command++)
		;
	may = command->needs | command->may | OPT_OWNER;
	missing = command->needs & ~raw->given;
	extra = raw->given & ~may;
	if (missing)
		return bad("%s: needs %s", letter_name(name, raw->command),
			   option_names[__builtin_ctz(missing)]);
	if (extra)
		return bad("%s: does not go with %s",
			   option_names[__builtin_ctz(extra)],
			   letter_name(name, raw->command));
	if (raw->given & OPT_IPV6 && raw->kind != VSB_KIND_MARK)
		return bad("-6: goes with -f");
	if (raw->given & OPT_NETMASK && !(raw->given & OPT_PERSISTENT))
		return bad("-M: goes with -p");

	return check_list(raw);
}

static enum view view_of(const struct raw *raw)
{
	return raw->given & OPT_STATS ? VIEW_STATS :
	       raw->given & OPT_RATE ? VIEW_RATE :
	       raw->given & OPT_THRESHOLDS ? VIEW_THRESHOLDS :
	       raw->given & OPT_PERSISTENT_CONN ? VIEW_PERSISTENT : VIEW_PLAIN;
}

/* -L is three commands. */
static int command_of(const struct raw *raw)
{
	return raw->given & OPT_CONNECTION ? COMMAND_CONNECTIONS :
	       raw->given & OPT_TIMEOUT ? COMMAND_TIMEOUTS : raw->command;
}

static int take_mark(const struct raw *raw, struct vsb_service *service)
{
	service->kind = VSB_KIND_MARK;
	service->family = raw->given & OPT_IPV6 ? AF_INET6 : AF_INET;

	return parse_mark("-f", raw->service, 1, &service->mark);
}

static int take_address(const struct raw *raw, struct vsb_service *service)
{
	const char *what = raw->protocol == IPPROTO_TCP ? "-t" :
			   raw->protocol == IPPROTO_UDP ? "-u" :
			   "--sctp-service";
	struct endpoint endpoint;

	if (parse_endpoint(what, raw->service, raw->protocol, 0, &endpoint))
		return EXIT_SYNTAX;
	if (is_unspecified(&endpoint))
		return bad("%s \"%s\": ipvsadm has no node ports; use: vsbadm service add|change|del|show|zero %s/%s",
			   what, raw->service, protocol_name(raw->protocol),
			   raw->service);
	if (!endpoint.port && strchr("AE", raw->command) &&
	    !(raw->given & OPT_PERSISTENT))
		return bad("%s \"%s\": needs a port, or -p for all ports; without -p: vsbadm service add %s/ADDRESS:0 pool NAME",
			   what, raw->service, protocol_name(raw->protocol));

	service->family = endpoint.family;
	service->protocol = raw->protocol;
	service->addr = endpoint.addr;
	service->port = endpoint.port;

	return 0;
}

static int take_service(const struct raw *raw, struct vsb_service *service)
{
	return raw->kind == VSB_KIND_MARK ? take_mark(raw, service) :
					    take_address(raw, service);
}

/* A virtual service: its pool has its name, and all sources go there. */
static int take_virtual(const struct raw *raw, struct change *change)
{
	struct vsb_service *service = &change->service;

	if (take_service(raw, service))
		return EXIT_SYNTAX;

	change->pool.name = format_service(change->name, service);
	change->pool.family = service->family;
	service->n_routes = 1;
	service->routes[0] = (struct vsb_route){
		.sources = VSB_SOURCES_ALL,
		.pool = change->pool.name,
	};

	return 0;
}

/* ipvsadm's names of a scheduler's flags: sh-port, or by their number. */
static int add_ipvs_flag(const char *part, void *arg)
{
	static const char *const names[] = {
		"fallback", "port", "flag-1", "flag-2",
	};
	struct vsb_pool *pool = arg;
	const char *name = part;
	uint32_t flag = 0;
	size_t len = strlen(pool->scheduler);

	if (!strncmp(part, pool->scheduler, len) && part[len] == '-')
		name = part + len + 1;
	while (flag < ARRAY_SIZE(names) && strcmp(name, names[flag]))
		flag++;
	if (strcmp(pool->scheduler, "sh") && strcmp(pool->scheduler, "mh"))
		return bad("-b: %s has no flags; sh and mh have",
			   pool->scheduler);
	if (flag == ARRAY_SIZE(names) || (flag < 2 && name == part))
		return bad("-b \"%s\": must be %s-fallback, %s-port, flag-1 or flag-2",
			   part, pool->scheduler, pool->scheduler);
	pool->sched_flags |= 1U << flag % 2;

	return 0;
}

static int parse_ipvs_flags(const char *text, struct vsb_pool *pool)
{
	return parse_list(text, add_ipvs_flag, pool);
}

static int take_scheduler(const struct raw *raw, struct change *change)
{
	change->default_scheduler = !raw->scheduler;

	return parse_name("-s", raw->scheduler ? raw->scheduler : "wlc",
			  &change->pool.scheduler) ?:
	       (raw->sched_flags ? parse_ipvs_flags(raw->sched_flags,
						    &change->pool) : 0);
}

/* IPv4's is written like an address, IPv6's is a number of bits. */
static int parse_netmask(const char *text, uint16_t family, uint32_t *bits)
{
	struct in_addr mask;
	uint32_t host;

	if (family == AF_INET6)
		return parse_at_least("-M", text, 1, 128, bits);
	if (inet_pton(AF_INET, text, &mask) != 1)
		return bad("-M \"%s\": must be a netmask like 255.255.255.0",
			   text);
	host = ~ntohl(mask.s_addr);
	if (host & (host + 1))
		return bad("-M \"%s\": must be ones and then zeros", text);
	*bits = host ? __builtin_clz(host) : 32;

	return 0;
}

static int take_persistence(const struct raw *raw, struct change *change)
{
	struct vsb_pool *pool = &change->pool;

	pool->affinity_prefix_len = address_bits(pool->family);
	if (raw->given & OPT_PERSISTENT)
		pool->affinity_timeout = PERSISTENCE;
	if (raw->timeout &&
	    parse_at_least("-p", raw->timeout, 1, VSB_AFFINITY_TIMEOUT_MAX,
			   &pool->affinity_timeout))
		return EXIT_SYNTAX;

	return raw->netmask ? parse_netmask(raw->netmask, pool->family,
					    &pool->affinity_prefix_len) : 0;
}

/* As ipvsadm has it, an edit takes away what it does not say. */
static int take_settings(const struct raw *raw, struct change *change)
{
	change->pool.given |= VSB_POOL_SCHED_FLAGS | VSB_POOL_AFFINITY_TIMEOUT |
			      VSB_POOL_AFFINITY_PREFIX_LEN;

	return take_scheduler(raw, change) ?: take_persistence(raw, change);
}

static int parse_given(const char *option, const char *text, uint32_t max,
		       uint32_t *number)
{
	return text ? parse_u32(option, text, max, number) : 0;
}

static int take_server(const struct raw *raw, struct change *change)
{
	struct vsb_backend *backend = &change->backend;
	struct endpoint endpoint;

	if (parse_endpoint("-r", raw->server, raw->protocol,
			   change->service.family, &endpoint))
		return EXIT_SYNTAX;
	if (endpoint.family != change->service.family)
		return bad("-r \"%s\": must be an %s address as the service's is",
			   raw->server, family_name(change->service.family));

	backend->addr = endpoint.addr;
	backend->port = endpoint.has_port ? endpoint.port :
					    change->service.port;

	/* As ipvsadm has it, an edit without -w goes back to 1, and so on. */
	backend->given = VSB_BACKEND_WEIGHT | VSB_BACKEND_UPPER |
			 VSB_BACKEND_LOWER;
	backend->weight = 1;

	return parse_given("-w", raw->weight, VSB_WEIGHT_MAX,
			   &backend->weight) ?:
	       parse_given("-x", raw->upper, UINT32_MAX, &backend->upper) ?:
	       parse_given("-y", raw->lower, UINT32_MAX, &backend->lower);
}

/* As ipvsadm has it, 0 leaves a timeout as it is. */
static int take_timeouts(const struct raw *raw, struct change *change)
{
	struct vsb_config *config = &change->config;
	const struct {
		uint32_t *seconds;
		uint32_t given;
	} timeouts[] = {
		{ &config->timeout_tcp, VSB_CONFIG_TIMEOUT_TCP },
		{ &config->timeout_tcp_fin, VSB_CONFIG_TIMEOUT_TCP_FIN },
		{ &config->timeout_udp, VSB_CONFIG_TIMEOUT_UDP },
	};
	size_t i;

	change->noun = NOUN_CONFIG;
	change->verb = VERB_CHANGE;
	if (!raw->set[ARRAY_SIZE(raw->set) - 1])
		return bad("--set: needs three timeouts in seconds: those of TCP, of TCP that is closing, and of UDP");
	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		if (parse_u32("--set", raw->set[i], TIMEOUT_MAX,
			      timeouts[i].seconds))
			return EXIT_SYNTAX;
		if (*timeouts[i].seconds)
			config->given |= timeouts[i].given;
	}

	return 0;
}

static enum verb verb_of(int letter)
{
	switch (letter) {
	case 'A': case 'a':
		return VERB_ADD;
	case 'E': case 'e':
		return VERB_CHANGE;
	default:
		return VERB_DEL;
	}
}

static int take_change(const struct raw *raw, struct change *change)
{
	change->verb = verb_of(raw->command);

	switch (raw->command) {
	case 'A':
	case 'E':
		change->noun = NOUN_VIRTUAL;
		return take_virtual(raw, change) ?: take_settings(raw, change);
	case 'D':
		change->noun = NOUN_VIRTUAL;
		return take_virtual(raw, change);
	case 'a':
	case 'e':
	case 'd':
		change->noun = NOUN_REAL;
		return take_virtual(raw, change) ?: take_server(raw, change);
	case 'C':
		change->noun = NOUN_FLUSH;
		return 0;
	case COMMAND_SET:
		return take_timeouts(raw, change);
	case 'L':
	case 'Z':
		return raw->service ? take_service(raw, &change->service) : 0;
	default:
		return 0;
	}
}

/**
 * line_parse() - parse a command line of either grammar
 * @argc: how many words, the program's name among them
 * @argv: the words
 * @line: where to store it; words of our own grammar are left to words.c
 *
 * Return: 0 or an exit code, after complaining.
 */
int line_parse(int argc, char **argv, struct line *line)
{
	struct raw raw = { .command = 0 };
	int letter, status = 0;

	memset(line, 0, sizeof(*line));
	line->options.owner = "admin";

	/* 0 makes getopt forget the line before. */
	for (optind = 0; !status;) {
		letter = getopt_long(argc, argv, short_options, all_options(),
				     NULL);
		if (letter < 0)
			break;
		skip_equals(argv);
		status = take_option(&raw, &line->options, argv, letter);
		raw.value = optarg;
	}
	/* Who asks for help in our words gets it, too. */
	if (!status && raw.command && raw.command != 'h' &&
	    optind < argc && !strcmp(argv[optind], "help")) {
		raw.command = 'h';
		optind++;
	}
	if (!status)
		status = raw.command ?
			 check_options(&raw) :
			 check_own_options(&raw, argc - optind, argv + optind);
	if (status)
		return status;

	line->command = command_of(&raw);
	line->options.view = view_of(&raw);
	line->service_given = raw.service;
	line->words = argv + optind;
	line->n_words = argc - optind;
	if (line->command && line->command != 'h' && line->n_words)
		return bad("\"%s\": not expected here", line->words[0]);

	return take_change(&raw, &line->change);
}

/* Of ipvsadm's commands, those that a transaction can have. */
static bool is_change(int command)
{
	switch (command) {
	case 'A': case 'E': case 'D': case 'a': case 'e': case 'd': case 'C':
	case COMMAND_SET:
		return true;
	default:
		return false;
	}
}

/**
 * line_parse_change() - parse a line of a script, which has to be a change
 * @argc: how many words, the program's name among them
 * @argv: the words
 * @change: where to store it
 *
 * Return: 0 or an exit code, after complaining.
 */
int line_parse_change(int argc, char **argv, struct change *change)
{
	struct line line;
	int status;

	if (argc > 1 && argv[1][0] != '-')
		return words_parse(argc - 1, argv + 1, change);

	status = line_parse(argc, argv, &line);
	if (status)
		return status;
	if (!is_change(line.command))
		return bad("only commands that change something can be in a script");
	if (line.options.owner_given)
		return bad("--owner: goes on vsbadm's own command line");

	*change = line.change;

	/* The pool's name is inside of what was copied. */
	if (change->pool.name) {
		change->pool.name = change->name;
		change->service.routes[0].pool = change->name;
	}

	return 0;
}
