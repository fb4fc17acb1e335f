// SPDX-License-Identifier: GPL-2.0
/* Owns vsbd's command line, and that it overrides the file of settings. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "options.h"

#ifndef VSB_VERSION
#define VSB_VERSION	"unknown"
#endif

static const char usage[] =
	"vsbd --manifests DIR [OPTION]...\n"
	"  -m, --manifests=DIR      read *.yaml, *.yml and *.json below DIR\n"
	"  -o, --owner=NAME         whose the objects in the kernel are (default vsbd)\n"
	"      --config=FILE        read settings from a YAML file while it changes\n"
	"      --once               sync once and exit, not 0 if anything is wrong\n"
	"  -n, --dry-run            print what a sync would change, and exit\n"
	"      --explain=[NAMESPACE/]NAME  print why a Service is as it is, and exit\n"
	"  -v, --verbose            log more;  -h, --help;  -V, --version\n"
	"Settings, most of them kube-proxy's:\n"
	"  --hostname-override=NAME        of this Node (default: the host's)\n"
	"  --proxy-name=NAME               serve also Services labelled for it\n"
	"  --detect-local-mode=MODE        pods: ClusterCIDR (default), NodeCIDR,\n"
	"                                  BridgeInterface or InterfaceNamePrefix\n"
	"  --cluster-cidr=CIDR,...         --service-cluster-ip-range=CIDR,...\n"
	"  --pod-bridge-interface=NAME     --pod-interface-name-prefix=PREFIX\n"
	"  --nodeport-addresses=WHICH      primary (default), all, or CIDR,...\n"
	"  --masquerade-all[=BOOL]         all that goes to cluster IPs\n"
	"  --external-ips[=BOOL]           serve externalIPs (default true)\n"
	"  --min-sync-period=TIME          from one sync to the next (default 0)\n"
	"  --sync-period=TIME              from one look at the kernel (default 30s)\n"
	"SIGHUP reads all again; SIGTERM ends vsbd, and the kernel keeps its state.\n"
	"See vsbd(8).\n";

/* Options without a letter; those of settings follow. */
enum {
	ONCE = 256,
	CONFIG,
	EXPLAIN,
	SETTINGS,
};

static const struct option known[] = {
	{ "manifests", required_argument, NULL, 'm' },
	{ "owner", required_argument, NULL, 'o' },
	{ "config", required_argument, NULL, CONFIG },
	{ "once", no_argument, NULL, ONCE },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "explain", required_argument, NULL, EXPLAIN },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
};

static size_t count_settings(void)
{
	size_t n = 0;

	while (settings_all[n].name)
		n++;
	return n;
}

/* Ended by one of zeroes. */
static struct option *all_options(void)
{
	size_t n = count_settings();
	struct option *all = mem_array(ARRAY_SIZE(known) + n + 1,
				       sizeof(*all));

	memcpy(all, known, sizeof(known));
	for (size_t i = 0; i < n; i++)
		all[ARRAY_SIZE(known) + i] = (struct option) {
			.name = settings_all[i].name,
			.has_arg = settings_all[i].kind == SETTING_SWITCH ?
				   optional_argument : required_argument,
			.val = SETTINGS + (int)i,
		};
	return all;
}

static int hint(void)
{
	fputs("Try 'vsbd --help'.\n", stderr);
	return -EINVAL;
}

static int misused(const char *complaint)
{
	fprintf(stderr, "vsbd: %s\n", complaint);
	return hint();
}

static bool is_below(const char *path, const char *dir)
{
	autofree char *real_path = path ? realpath(path, NULL) : NULL;
	autofree char *real_dir = realpath(dir, NULL);
	size_t len = real_dir ? strlen(real_dir) : 0;

	return real_path && len && !strncmp(real_path, real_dir, len) &&
	       real_path[len] == '/';
}

static int check(const struct options *options)
{
	const char *owner = options->owner;

	if (!options->manifests || !*options->manifests)
		return misused("--manifests=DIR is missing");
	if (!*owner || strlen(owner) > VSB_NAME_MAX)
		return misused("--owner takes 1 to 255 characters");
	for (; *owner; owner++)
		if (*owner <= ' ' || *owner > '~')
			return misused("--owner takes printable ASCII without blanks");
	if (is_below(options->config, options->manifests))
		return misused("--config's file is below --manifests' directory, where it would be read as a manifest");
	if (options->once + options->dry_run + !!options->explain > 1)
		return misused("--once, --dry-run and --explain exclude each other");
	return 0;
}

static void take_setting(const struct setting *setting, char **value)
{
	autofree char *before = *value;
	bool adds = setting->kind == SETTING_LIST && before && *before;

	if (adds && *optarg)
		*value = mem_printf("%s,%s", before, optarg);
	else
		*value = mem_strdup(adds ? before : optarg ?: "true");
}

static int take(struct options *options, int option)
{
	if (option >= SETTINGS) {
		option -= SETTINGS;
		take_setting(&settings_all[option], &options->values[option]);
		return 0;
	}
	switch (option) {
	case 'm':
		options->manifests = optarg;
		return 0;
	case 'o':
		options->owner = optarg;
		return 0;
	case CONFIG:
		options->config = optarg;
		return 0;
	case ONCE:
		options->once = true;
		return 0;
	case 'n':
		options->dry_run = true;
		return 0;
	case EXPLAIN:
		options->explain = optarg;
		return 0;
	case 'v':
		options->verbose = true;
		return 0;
	case 'h':
		fputs(usage, stdout);
		return 1;
	case 'V':
		puts("vsbd " VSB_VERSION);
		return 1;
	default:
		/* getopt_long() has said which option, and what it lacks. */
		return hint();
	}
}

/**
 * options_parse() - read the command line
 * @options: where to store it; to be freed with options_free() in any case
 * @argc: as main()'s
 * @argv: as main()'s
 *
 * Return: 0 to go on, 1 where all is done, or a negative errno value after a
 *	complaint on standard error.
 */
int options_parse(struct options *options, int argc, char **argv)
{
	autofree struct option *all = all_options();
	int option, err = 0;

	*options = (struct options) {
		.owner = "vsbd",
		.values = mem_array(count_settings(), sizeof(char *)),
	};
	while (!err && (option = getopt_long(argc, argv, "m:o:nvhV", all,
					     NULL)) >= 0)
		err = take(options, option);
	if (err)
		return err;
	return optind < argc ? misused("takes no arguments beside options") :
			       check(options);
}

void options_free(struct options *options)
{
	for (size_t i = 0; settings_all[i].name; i++)
		free(options->values[i]);
	free(options->values);
}

/**
 * options_settings() - put settings together
 * @options: the command line
 * @settings: where to store them; what neither it nor the file says is as by
 *	default
 *
 * Return: NULL, or the complaint, to be freed.
 */
char *options_settings(const struct options *options,
		       struct settings *settings)
{
	char *complaint = NULL, *named;

	settings_default(settings);
	if (options->config)
		complaint = settings_read(settings, options->config);
	for (size_t i = 0; settings_all[i].name && !complaint; i++) {
		if (!options->values[i])
			continue;
		complaint = settings_set(settings, &settings_all[i],
					 options->values[i]);
		if (!complaint)
			continue;
		named = mem_printf("--%s", complaint);
		free(complaint);
		return named;
	}
	return complaint ?: settings_check(settings);
}
