// SPDX-License-Identifier: GPL-2.0
/* Owns vsbd's command line and its event loop. */

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "agent.h"
#include "base/log.h"
#include "base/memory.h"

/* Microseconds */
#define QUIET		20000		/* without a change before a sync */
#define QUIET_MAX	200000		/* from the first change to the sync */
#define RETRY_MIN	1000000
#define RETRY_MAX	60000000
#define ACCURACY	1000

#ifndef VSB_VERSION
#define VSB_VERSION	"unknown"
#endif

static const char usage[] =
	"Usage: vsbd --manifests DIR [OPTION]...\n"
	"Make the vsb kernel module's state that of the Kubernetes Services and\n"
	"EndpointSlices in the manifests below a directory, and keep it so.\n"
	"\n"
	"  -m, --manifests=DIR    read *.yaml, *.yml and *.json below DIR\n"
	"  -o, --owner=NAME       owner of the objects in the kernel (default vsbd)\n"
	"      --proxy-name=NAME  serve also Services whose label\n"
	"                         service.kubernetes.io/service-proxy-name is NAME\n"
	"      --once             sync once and exit, not 0 if anything is wrong\n"
	"  -n, --dry-run          print what a sync would change, and exit\n"
	"  -v, --verbose          log more\n"
	"  -h, --help             show this help\n"
	"  -V, --version          show the version\n"
	"\n"
	"SIGHUP reads everything again. SIGTERM ends vsbd; the kernel keeps its\n"
	"state.\n";

/* Options without a letter */
enum {
	ONCE = 256,
	PROXY_NAME,
};

struct options {
	const char *manifests;
	const char *owner;
	const char *proxy_name;
	bool once;
	bool dry_run;
	bool verbose;
};

/**
 * struct loop - the agent and what wakes it
 * @agent: the agent
 * @event: the event loop
 * @quiet: timer that begins a sync when changes have paused
 * @retry: timer that begins a sync after one that failed
 * @since: when the first change came that is not synced yet, or 0
 * @delay: until the next retry
 */
struct loop {
	struct agent *agent;
	sd_event *event;
	sd_event_source *quiet;
	sd_event_source *retry;
	uint64_t since;
	uint64_t delay;
};

static uint64_t now(struct loop *loop)
{
	uint64_t usec = 0;

	sd_event_now(loop->event, CLOCK_MONOTONIC, &usec);
	return usec;
}

static void arm(sd_event_source *timer, uint64_t when)
{
	sd_event_source_set_time(timer, when);
	sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static void sync_now(struct loop *loop)
{
	loop->since = 0;
	sd_event_source_set_enabled(loop->quiet, SD_EVENT_OFF);
	sd_event_source_set_enabled(loop->retry, SD_EVENT_OFF);
	if (!agent_sync(loop->agent)) {
		loop->delay = RETRY_MIN;
		return;
	}
	arm(loop->retry, now(loop) + loop->delay);
	loop->delay *= 2;
	if (loop->delay > RETRY_MAX)
		loop->delay = RETRY_MAX;
}

static int on_time(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	sync_now(data);
	return 0;
}

/* Changes come in bursts: wait for a pause, though not for ever. */
static void sync_soon(struct loop *loop)
{
	uint64_t when = now(loop);

	if (!loop->since)
		loop->since = when;
	when += QUIET;
	if (when > loop->since + QUIET_MAX)
		when = loop->since + QUIET_MAX;
	arm(loop->quiet, when);
}

static int on_change(sd_event_source *source, int fd, uint32_t revents,
		     void *data)
{
	struct loop *loop = data;

	(void)source;
	(void)fd;
	(void)revents;
	if (dir_handle_events(loop->agent->dir))
		sync_soon(loop);
	return 0;
}

static int on_hangup(sd_event_source *source,
		     const struct signalfd_siginfo *info, void *data)
{
	struct loop *loop = data;

	(void)source;
	(void)info;
	log_line(LOG_INFO, "reading everything again");
	dir_expire(loop->agent->dir);
	agent_forget(loop->agent);
	sync_now(loop);
	return 0;
}

static int add_timer(struct loop *loop, sd_event_source **timer)
{
	int err = sd_event_add_time(loop->event, timer, CLOCK_MONOTONIC, 0,
				    ACCURACY, on_time, loop);

	return err < 0 ? err : sd_event_source_set_enabled(*timer,
							   SD_EVENT_OFF);
}

static int add_sources(struct loop *loop)
{
	int fd = dir_fd(loop->agent->dir);
	int err = add_timer(loop, &loop->quiet);

	if (err >= 0)
		err = add_timer(loop, &loop->retry);
	/* Without a handler of its own a signal ends the loop. */
	if (err >= 0)
		err = sd_event_add_signal(loop->event, NULL, SIGTERM, NULL,
					  NULL);
	if (err >= 0)
		err = sd_event_add_signal(loop->event, NULL, SIGINT, NULL,
					  NULL);
	if (err >= 0)
		err = sd_event_add_signal(loop->event, NULL, SIGHUP, on_hangup,
					  loop);
	if (err >= 0 && fd >= 0)
		err = sd_event_add_io(loop->event, NULL, fd, EPOLLIN,
				      on_change, loop);
	return err;
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Returns 0 when a signal asked for the end. */
static int run(struct agent *agent)
{
	struct loop loop = { .agent = agent, .delay = RETRY_MIN };
	int err;

	block_signals();
	err = sd_event_new(&loop.event);
	if (err >= 0)
		err = add_sources(&loop);
	if (err >= 0) {
		sync_now(&loop);
		err = sd_event_loop(loop.event);
	}
	if (err < 0)
		log_line(LOG_ERR, "event loop: %s", strerror(-err));
	else
		log_line(LOG_INFO, "ends; the kernel keeps its state");
	sd_event_source_unref(loop.quiet);
	sd_event_source_unref(loop.retry);
	sd_event_unref(loop.event);
	return err;
}

static int misused(const char *complaint)
{
	fprintf(stderr, "vsbd: %s\nTry 'vsbd --help'.\n", complaint);
	return -EINVAL;
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
	return 0;
}

/* Returns 0 to go on, 1 where all is done, or a negative errno value. */
static int parse(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "manifests", required_argument, NULL, 'm' },
		{ "owner", required_argument, NULL, 'o' },
		{ "proxy-name", required_argument, NULL, PROXY_NAME },
		{ "once", no_argument, NULL, ONCE },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "m:o:nvhV", known,
				     NULL)) >= 0) {
		switch (option) {
		case 'm':
			options->manifests = optarg;
			break;
		case 'o':
			options->owner = optarg;
			break;
		case PROXY_NAME:
			options->proxy_name = optarg;
			break;
		case ONCE:
			options->once = true;
			break;
		case 'n':
			options->dry_run = true;
			break;
		case 'v':
			options->verbose = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 1;
		case 'V':
			puts("vsbd " VSB_VERSION);
			return 1;
		default:
			return misused("unknown option");
		}
	}
	return optind < argc ? misused("takes no arguments beside options") :
			       check(options);
}

static int start(const struct options *options)
{
	struct agent agent = {
		.dir = dir_open(options->manifests),
		.kernel = { .calls = &kernel_libvsb, .owner = options->owner },
		.settings = { .proxy_name = options->proxy_name },
	};
	int err = 0;

	if (options->dry_run)
		agent_preview(&agent, stdout);
	else if (options->once)
		err = agent_sync(&agent) ?:
		      (dir_is_good(agent.dir) ? 0 : -EINVAL);
	else
		err = run(&agent);
	agent_free(&agent);
	return err;
}

int main(int argc, char **argv)
{
	struct options options = { .owner = "vsbd" };
	int err = parse(argc, argv, &options);

	if (err)
		return err < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	log_init(options.verbose);
	json_set_alloc_funcs(mem_alloc, free);
	return start(&options) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
