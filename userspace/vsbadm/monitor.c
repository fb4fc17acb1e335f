// SPDX-License-Identifier: GPL-2.0
/* Owns monitor: a line for each change, when it is made. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "vsbadm.h"

static const char *const types[] = {
	"pool", "backend", "service", "range", "config",
};
enum { TYPE_POOL, TYPE_BACKEND, TYPE_SERVICE, TYPE_RANGE, TYPE_CONFIG };

/* Of a service's ranges its own line tells the number. */
#define TYPES_UNASKED	(1U << TYPE_POOL | 1U << TYPE_BACKEND | \
			 1U << TYPE_SERVICE | 1U << TYPE_CONFIG)

static const char *const change_names[] = { "new", "set", "del" };

/**
 * struct monitor - what is looked at, and how it is told
 * @session: to ask for ranges
 * @events: where changes come from
 * @wanted: mask of types
 * @owner: whose objects, NULL for anybody's
 * @status: exit code where a line could not be told, after complaining
 */
struct monitor {
	struct session session;
	struct vsb_events *events;
	uint32_t wanted;
	const char *owner;
	int status;
};

static bool json(const struct monitor *monitor)
{
	return monitor->session.options.json;
}

static bool theirs(const struct monitor *monitor, const char *owner)
{
	return !monitor->owner || !strcmp(monitor->owner, owner);
}

/* A callback's result: the first line that cannot be told is the last one. */
static int told(struct monitor *monitor, int status)
{
	if (!status && ferror(stdout))
		status = complain(EXIT_REFUSED, "cannot write: %s",
				  strerror(errno));
	monitor->status = status;

	return status ? -ECANCELED : 0;
}

static void begin_line(const struct vsb_event *event)
{
	printf("%s ", change_names[event->change]);
}

static void end_line(const struct vsb_event *event)
{
	printf(" generation %u\n", event->generation);
}

/* Notifications are without what listings count. */
static int tell_json(const struct vsb_event *event, int type, json_t *object)
{
	static const char *const counts[] = {
		"stats", "backends", "users", "connections", "active",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++)
		json_object_del(object, counts[i]);

	return json_print_line(json_pack("{ss sI ss so}", "change",
					 change_names[event->change],
					 "generation",
					 (json_int_t)event->generation,
					 "type", types[type],
					 "object", object));
}

static int tell_pool(const struct vsb_event *event, const struct vsb_pool *pool,
		     void *arg)
{
	const struct state_pool alone = { .pool = *pool };
	const struct state state = { .pools = NULL };
	struct monitor *monitor = arg;

	if (!theirs(monitor, pool->owner))
		return 0;
	if (json(monitor))
		return told(monitor, tell_json(event, TYPE_POOL,
					       json_pool(&state, &alone)));
	begin_line(event);
	say_pool(pool);
	end_line(event);

	return told(monitor, 0);
}

static int tell_backend(const struct vsb_event *event,
			const struct vsb_pool *pool,
			const struct vsb_backend *backend, void *arg)
{
	struct monitor *monitor = arg;

	if (!theirs(monitor, pool->owner))
		return 0;
	if (json(monitor))
		return told(monitor, tell_json(event, TYPE_BACKEND,
					       json_backend(pool, backend)));
	begin_line(event);
	say_backend(pool, backend);
	end_line(event);

	return told(monitor, 0);
}

static int tell_one_service(struct monitor *monitor,
			    const struct vsb_event *event,
			    const struct vsb_service *service)
{
	struct vsb_service copy = *service;
	char label[LABEL_MAX];

	copy.label = clean_label(label, copy.label);
	if (json(monitor))
		return told(monitor, tell_json(event, TYPE_SERVICE,
					       json_service(&copy)));
	begin_line(event);
	say_service(&copy);
	end_line(event);

	return told(monitor, 0);
}

/* ---- ranges: the kernel tells how many there are, and is asked which */

static int add_range(const struct vsb_service *service,
		     const struct vsb_cidr *cidr, void *arg)
{
	char text[ENDPOINT_MAX];

	(void)service;

	return json_append(arg, json_string(format_cidr(text, cidr)));
}

static int ask_ranges(struct monitor *monitor,
		      const struct vsb_service *service, json_t **ranges)
{
	const struct vsb_service filter = service_filter(service);

	if (vsb_ranges_each(monitor->session.vsb, &filter, add_range, ranges))
		return session_refused(&monitor->session, "range");

	return 0;
}

static void print_ranges(const json_t *ranges)
{
	const json_t *range;
	size_t i;

	printf(" %s", json_array_size(ranges) ? "" : "none");
	json_array_foreach(ranges, i, range)
		printf("%s%s", i ? "," : "", json_string_value(range));
}

static int tell_ranges(struct monitor *monitor, const struct vsb_event *event,
		       const struct vsb_service *service)
{
	json_t *ranges = json_array();
	char name[SERVICE_MAX];
	int status = 0;

	format_service(name, service);
	if (event->change != VSB_CHANGE_DEL)
		status = ask_ranges(monitor, service, &ranges);
	if (!status && json(monitor)) {
		status = tell_json(event, TYPE_RANGE,
				   json_pack("{ss ss sO}", "service", name,
					     "owner", service->owner,
					     "range", ranges));
	} else if (!status) {
		begin_line(event);
		printf("range %s", name);
		print_ranges(ranges);
		end_line(event);
	}
	json_decref(ranges);

	return told(monitor, status);
}

/* Of a service that never had ranges there is nothing to tell. */
static bool about_ranges(const struct vsb_event *event,
			 const struct vsb_service *service)
{
	return service->ranges || event->change == VSB_CHANGE_SET;
}

/* ---- what is told, and how long */

static int tell_service(const struct vsb_event *event,
			const struct vsb_service *service, void *arg)
{
	struct monitor *monitor = arg;
	int err = 0;

	if (!theirs(monitor, service->owner))
		return 0;
	if (monitor->wanted & 1U << TYPE_SERVICE)
		err = tell_one_service(monitor, event, service);
	if (!err && monitor->wanted & 1U << TYPE_RANGE &&
	    about_ranges(event, service))
		err = tell_ranges(monitor, event, service);

	return err;
}

/* Settings are nobody's. */
static int tell_config(const struct vsb_event *event,
		       const struct vsb_config *config, void *arg)
{
	struct monitor *monitor = arg;

	if (monitor->owner)
		return 0;
	if (json(monitor))
		return told(monitor, tell_json(event, TYPE_CONFIG,
					       json_config(config)));
	begin_line(event);
	printf("config");
	write_settings(config);
	end_line(event);

	return told(monitor, 0);
}

static int tell_overrun(void *arg)
{
	(void)arg;
	fprintf(stderr, "vsbadm: monitor: changes came too fast, some are not shown\n");

	return 0;
}

static int read_events(struct monitor *monitor)
{
	const uint32_t wanted = monitor->wanted;
	const struct vsb_event_calls calls = {
		.pool = wanted & 1U << TYPE_POOL ? tell_pool : NULL,
		.backend = wanted & 1U << TYPE_BACKEND ? tell_backend : NULL,
		.service = wanted & (1U << TYPE_SERVICE | 1U << TYPE_RANGE) ?
			   tell_service : NULL,
		.config = wanted & 1U << TYPE_CONFIG ? tell_config : NULL,
		.overrun = tell_overrun,
	};

	if (!vsb_events_read(monitor->events, &calls, monitor))
		return 0;

	return monitor->status ?: complain(EXIT_REFUSED, "monitor: %s",
					   vsb_events_error(monitor->events));
}

/* Until a signal says that it is enough, or nobody reads any more. */
static int watch(struct monitor *monitor, int signals)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
		{ .fd = vsb_events_fd(monitor->events), .events = POLLIN },
	};
	int status = 0;

	while (!status) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			return complain(EXIT_REFUSED, "poll: %s",
					strerror(errno));
		if (fds[0].revents)
			return 0;
		if (fds[1].revents)
			return complain(EXIT_REFUSED, "cannot write: %s",
					strerror(EPIPE));
		if (fds[2].revents)
			status = read_events(monitor);
	}

	return status;
}

static int subscribe(struct monitor *monitor)
{
	static const int ends[] = { SIGINT, SIGTERM };
	int signals, status;

	if (vsb_events_open(&monitor->events))
		return complain(EXIT_REFUSED, "%s", monitor->events ?
				vsb_events_error(monitor->events) :
				"out of memory");

	signals = signals_open(ends, ARRAY_SIZE(ends));
	if (signals < 0)
		return complain(EXIT_REFUSED, "signalfd: %s", strerror(errno));
	status = watch(monitor, signals);
	close(signals);

	return status;
}

static int parse_types(struct monitor *monitor, int n, char **words)
{
	uint32_t type;
	int i;

	monitor->wanted = n ? 0 : TYPES_UNASKED;
	for (i = 0; i < n; i++) {
		if (parse_choice("monitor", words[i], types, ARRAY_SIZE(types),
				 &type))
			return EXIT_SYNTAX;
		if (type == TYPE_CONFIG && monitor->owner)
			return bad("monitor config: settings have no owner");
		monitor->wanted |= 1U << type;
	}

	return 0;
}

/**
 * monitor() - tell of changes until a signal ends it
 * @options: of the command line
 * @n: how many words
 * @words: what changes are about; none means all but ranges
 *
 * Return: 0 or an exit code, after complaining.
 */
int monitor(const struct options *options, int n, char **words)
{
	struct monitor monitor = {
		.owner = options->owner_given ? options->owner : NULL,
	};
	int status;

	status = parse_types(&monitor, n, words);
	if (status)
		return status;

	/* A pipe that nobody reads is an error like any other. */
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	status = session_open(&monitor.session, options);
	if (!status)
		status = subscribe(&monitor);
	vsb_events_close(monitor.events);
	session_close(&monitor.session);

	return status;
}
