// SPDX-License-Identifier: GPL-2.0
/* Owns vsbd's event loop: what wakes it, and when it syncs. */

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "base/log.h"
#include "base/memory.h"
#include "machine.h"
#include "options.h"

/* Microseconds */
#define RETRY_MIN	1000000
#define RETRY_MAX	60000000
#define ACCURACY	1000
#define MISSING		100000	/* that a file may be while it is saved */

#define SETTINGS_EVENTS	(IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE)

/**
 * struct loop - the agent and what wakes it
 * @options: the command line
 * @settings: in force
 * @problems: what is wrong with the file of settings
 * @machine: the machine
 * @machine_fd: what tells of its changes
 * @agent: the agent
 * @event: the event loop
 * @due: timer that begins a sync which may not begin earlier
 * @retry: timer that begins a sync after one that failed
 * @check: timer that looks at what others have changed
 * @last: when the last sync ended
 * @missed: since when a file has been missed, 0 where none is
 * @delay: until the next retry
 */
struct loop {
	const struct options *options;
	struct settings settings;
	struct problems problems;
	struct machine machine;
	int machine_fd;
	struct agent agent;
	sd_event *event;
	sd_event_source *due;
	sd_event_source *retry;
	sd_event_source *check;
	uint64_t last;
	uint64_t missed;
	uint64_t delay;
};

/* The clock itself: the loop's is that of when it woke. */
static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static void arm(sd_event_source *timer, uint64_t when)
{
	sd_event_source_set_time(timer, when);
	sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static bool is_armed(sd_event_source *timer)
{
	int enabled = SD_EVENT_OFF;

	sd_event_source_get_enabled(timer, &enabled);
	return enabled != SD_EVENT_OFF;
}

/* Timers that run already go on: what keeps changing must not hold them up. */
static void sync_now(struct loop *loop)
{
	int err;

	sd_event_source_set_enabled(loop->due, SD_EVENT_OFF);
	loop->missed = 0;
	err = agent_sync(&loop->agent);
	loop->last = now();
	if (!is_armed(loop->check))
		arm(loop->check, loop->last + loop->settings.sync_period);
	if (!err) {
		sd_event_source_set_enabled(loop->retry, SD_EVENT_OFF);
		loop->delay = RETRY_MIN;
	} else if (!is_armed(loop->retry)) {
		arm(loop->retry, loop->last + loop->delay);
	}
}

/* Not too soon after the last one, nor while a file is about to come back. */
static uint64_t sync_time(struct loop *loop, uint64_t then)
{
	uint64_t when = loop->last + loop->settings.min_sync_period;

	/* Asking looks at all that has changed: not each time more does. */
	if (when > then)
		return when;
	if (!dir_misses(loop->agent.dir))
		loop->missed = 0;
	else if (!loop->missed)
		loop->missed = then;
	return loop->missed ? loop->missed + MISSING : when;
}

static void sync_soon(struct loop *loop)
{
	uint64_t then = now();
	uint64_t when = sync_time(loop, then);

	if (when <= then)
		sync_now(loop);
	else
		arm(loop->due, when);
}

static int on_due(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	sync_soon(data);
	return 0;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *data)
{
	struct loop *loop = data;

	(void)source;
	(void)usec;
	loop->delay *= 2;
	if (loop->delay > RETRY_MAX)
		loop->delay = RETRY_MAX;
	agent_forget(&loop->agent);
	sync_soon(loop);
	return 0;
}

static int on_manifests(sd_event_source *source, int fd, uint32_t revents,
			void *data)
{
	struct loop *loop = data;

	(void)source;
	(void)fd;
	(void)revents;
	if (dir_handle_events(loop->agent.dir))
		sync_soon(loop);
	return 0;
}

static void tell_model(struct loop *loop)
{
	model_set_node(loop->agent.model, &loop->settings.node,
		       &loop->machine);
}

static int on_machine(sd_event_source *source, int fd, uint32_t revents,
		      void *data)
{
	struct machine before = ((struct loop *)data)->machine;
	struct loop *loop = data;

	(void)source;
	(void)revents;
	machine_handle_events(fd);
	machine_read(&loop->machine);
	if (!memcmp(&before, &loop->machine, sizeof(before)))
		return 0;
	tell_model(loop);
	sync_soon(loop);
	return 0;
}

/* SET-5: what operators who give no flag may not expect. */
static void note_settings(const struct settings *settings,
			  struct problems *problems)
{
	if (settings->node.detect_local == DETECT_CLUSTER_CIDR &&
	    !settings->node.cluster_cidrs.n)
		problems_add(problems, LOG_WARNING,
			     "without --cluster-cidr pods are not told from others");
}

/* Settings that are bad leave those in force that were. */
static void renew_settings(struct loop *loop)
{
	struct settings settings;
	autofree char *complaint = options_settings(loop->options, &settings);
	struct problems wrong = { 0 };

	if (complaint)
		problems_add(&wrong, LOG_ERR,
			     "%s (settings stay as they were)", complaint);
	if (!complaint) {
		if (settings.sync_period != loop->settings.sync_period)
			arm(loop->check, now() + settings.sync_period);
		loop->settings = settings;
	}
	note_settings(&loop->settings, &wrong);
	problems_log(&loop->problems, &wrong);
	problems_free(&loop->problems);
	loop->problems = wrong;
	tell_model(loop);
}

/* The file itself, or a link of the volume of a ConfigMap that it is in. */
static int on_settings(sd_event_source *source,
		       const struct inotify_event *event, void *data)
{
	struct loop *loop = data;
	const char *path = loop->options->config;
	const char *slash = strrchr(path, '/');

	(void)source;
	if (!event->len || (strcmp(event->name, slash ? slash + 1 : path) &&
			    strncmp(event->name, "..", 2)))
		return 0;
	renew_settings(loop);
	sync_soon(loop);
	return 0;
}

static int on_check(sd_event_source *source, uint64_t usec, void *data)
{
	struct loop *loop = data;

	(void)source;
	(void)usec;
	/* The directory of the settings may be another by now. */
	renew_settings(loop);
	agent_check(&loop->agent);
	/* A file that has just gone is to be missed before all are scanned. */
	dir_handle_events(loop->agent.dir);
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
	dir_expire(loop->agent.dir);
	agent_forget(&loop->agent);
	machine_read(&loop->machine);
	renew_settings(loop);
	sync_now(loop);
	return 0;
}

static int on_end(sd_event_source *source,
		  const struct signalfd_siginfo *info, void *data)
{
	struct loop *loop = data;

	(void)source;
	(void)info;
	return sd_event_exit(loop->event, 0);
}

static int add_timer(struct loop *loop, sd_event_source **timer,
		     sd_event_time_handler_t handler)
{
	int err = sd_event_add_time(loop->event, timer, CLOCK_MONOTONIC, 0,
				    ACCURACY, handler, loop);

	return err < 0 ? err : sd_event_source_set_enabled(*timer,
							   SD_EVENT_OFF);
}

static int add_io(struct loop *loop, int fd, sd_event_io_handler_t handler)
{
	return fd < 0 ? 0 : sd_event_add_io(loop->event, NULL, fd, EPOLLIN,
					    handler, loop);
}

/* A ConfigMap's file changes when a link beside it does. */
static int add_settings(struct loop *loop)
{
	const char *path = loop->options->config;
	const char *slash = path ? strrchr(path, '/') : NULL;
	autofree char *dir = NULL;

	if (!path)
		return 0;
	if (!slash)
		dir = mem_strdup(".");
	else
		dir = mem_printf("%.*s", slash > path ? (int)(slash - path) : 1,
				 path);
	return sd_event_add_inotify(loop->event, NULL, dir, SETTINGS_EVENTS,
				    on_settings, loop);
}

static int add_sources(struct loop *loop)
{
	static const struct {
		int signal;
		sd_event_signal_handler_t handler;
	} signals[] = {
		{ SIGTERM, on_end }, { SIGINT, on_end }, { SIGHUP, on_hangup },
	};
	int err = add_timer(loop, &loop->due, on_due);

	if (err >= 0)
		err = add_timer(loop, &loop->retry, on_retry);
	if (err >= 0)
		err = add_timer(loop, &loop->check, on_check);
	for (size_t i = 0; i < ARRAY_SIZE(signals) && err >= 0; i++)
		err = sd_event_add_signal(loop->event, NULL, signals[i].signal,
					  signals[i].handler, loop);
	if (err >= 0)
		err = add_io(loop, dir_fd(loop->agent.dir), on_manifests);
	if (err >= 0)
		err = add_io(loop, loop->machine_fd, on_machine);
	return err < 0 ? err : add_settings(loop);
}

/* Whoever read the log may be gone: that is no reason to end. */
static void prepare_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Returns 0 when a signal asked for the end. */
static int run(struct loop *loop)
{
	int err;

	prepare_signals();
	loop->delay = RETRY_MIN;
	loop->machine_fd = machine_watch();
	err = sd_event_new(&loop->event);
	if (err >= 0)
		err = add_sources(loop);
	if (err >= 0) {
		/* It may have changed before it was watched. */
		renew_settings(loop);
		sync_now(loop);
		err = sd_event_loop(loop->event);
	}
	if (err < 0)
		log_line(LOG_ERR, "event loop: %s", strerror(-err));
	else
		log_line(LOG_INFO, "ends; the kernel keeps its state");
	sd_event_source_unref(loop->due);
	sd_event_source_unref(loop->retry);
	sd_event_source_unref(loop->check);
	sd_event_unref(loop->event);
	if (loop->machine_fd >= 0)
		close(loop->machine_fd);
	return err;
}

/* Nobody waits for a file to be good again: that is then no success. */
static int run_once(const struct options *options, struct agent *agent)
{
	int err = 0;

	if (options->explain)
		err = agent_explain(agent, options->explain, stdout);
	else if (options->dry_run)
		agent_preview(agent, stdout);
	else
		err = agent_sync(agent);
	return err ?: dir_is_good(agent->dir) ? 0 : -EINVAL;
}

static int start(const struct options *options)
{
	struct loop loop = { .options = options };
	autofree char *complaint = options_settings(options, &loop.settings);
	int err;

	if (complaint) {
		log_line(LOG_ERR, "%s", complaint);
		return -EINVAL;
	}
	agent_init(&loop.agent, options->manifests, &kernel_libvsb,
		   options->owner);
	machine_read(&loop.machine);
	note_settings(&loop.settings, &loop.problems);
	problems_log(&(struct problems) { 0 }, &loop.problems);
	tell_model(&loop);
	if (options->explain || options->dry_run || options->once)
		err = run_once(options, &loop.agent);
	else
		err = run(&loop);
	problems_free(&loop.problems);
	agent_free(&loop.agent);
	return err;
}

/* Of an earlier failure only that it was is still known. */
static int end_output(void)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	log_line(LOG_ERR, "cannot write the output: %s",
		 strerror(errno ?: EIO));
	return -EIO;
}

int main(int argc, char **argv)
{
	struct options options;
	int err = options_parse(&options, argc, argv);

	if (!err) {
		log_init(options.verbose);
		json_set_alloc_funcs(mem_alloc, free);
		err = start(&options);
	}
	if (end_output())
		err = -EIO;
	options_free(&options);
	return err < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
