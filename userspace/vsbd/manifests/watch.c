// SPDX-License-Identifier: GPL-2.0
/* Owns inotify: which directories are watched, and what happened in them. */

#include <errno.h>
#include <limits.h>
#include <search.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/memory.h"
#include "manifests/watch.h"

#define EVENTS_ABOVE	(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | \
			 IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)
#define EVENTS		(EVENTS_ABOVE | IN_CLOSE_WRITE)
#define ABOVE_TRIES	100

/**
 * struct watched - a directory below the root, or the root
 * @wd: inotify's number for it
 * @round: the last round in which it was added
 * @name: its path below the root
 * @next: the next in a list of those that a search found
 */
struct watched {
	int wd;
	unsigned int round;
	char *name;
	struct watched *next;
};

/**
 * struct watch - see watch.h
 * @fd: inotify, or a negative errno value
 * @tree: struct watched by wd
 * @round: number of the round under way, or of the last
 * @above: inotify's number for a directory above the root, or -1
 * @below: what leads from there towards the root
 *
 * When the root comes, goes or is replaced, that happens in a directory above
 * it: its parent, or the nearest that there is.
 */
struct watch {
	int fd;
	void *tree;
	unsigned int round;
	int above;
	char *below;
};

static int by_wd(const void *a, const void *b)
{
	const struct watched *left = a, *right = b;

	return (left->wd > right->wd) - (left->wd < right->wd);
}

static struct watched *find(const struct watch *watch, int wd)
{
	const struct watched key = { .wd = wd };
	struct watched **node = tfind(&key, &watch->tree, by_wd);

	return node ? *node : NULL;
}

static void free_watched(void *data)
{
	struct watched *watched = data;

	free(watched->name);
	free(watched);
}

static void forget(struct watch *watch, struct watched *watched)
{
	tdelete(watched, &watch->tree, by_wd);
	free_watched(watched);
}

/** watch_new() - watch nothing yet */
struct watch *watch_new(void)
{
	struct watch *watch = mem_array(1, sizeof(*watch));

	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->fd < 0)
		watch->fd = -errno;
	watch->above = -1;
	return watch;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	tdestroy(watch->tree, free_watched);
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch->below);
	free(watch);
}

/** watch_fd() - what becomes readable, or a negative errno value */
int watch_fd(const struct watch *watch)
{
	return watch->fd;
}

/* Cuts the last part off a path. Returns what is left, "." or "/" at last. */
static const char *split(char *path, const char **last)
{
	char *slash = strrchr(path, '/');

	*last = slash ? slash + 1 : path;
	if (!slash)
		return ".";
	if (slash == path)
		return "/";
	*slash = '\0';
	return path;
}

static bool is_there(const char *parent, const char *last)
{
	autofree char *path = mem_printf("%s/%s", parent, last);

	return !access(path, F_OK);
}

/* Returns whether nothing has come between that would be nearer. */
static bool watch_nearest(struct watch *watch, const char *root)
{
	autofree char *path = mem_strdup(root);
	const char *parent, *last;
	bool direct = true;

	for (parent = split(path, &last); ; parent = split(path, &last)) {
		watch->above = inotify_add_watch(watch->fd, parent,
						 EVENTS_ABOVE | IN_ONLYDIR |
						 IN_MASK_ADD);
		if (watch->above >= 0 || parent != path)
			break;
		direct = false;
	}
	free(watch->below);
	watch->below = mem_strdup(last);
	return direct || watch->above < 0 || !is_there(parent, last);
}

static void watch_above(struct watch *watch, const char *root)
{
	int old = watch->above;

	for (int i = 0; i < ABOVE_TRIES; i++)
		if (watch_nearest(watch, root))
			break;
	if (old >= 0 && old != watch->above && !find(watch, old))
		inotify_rm_watch(watch->fd, old);
}

/**
 * watch_begin() - begin to name all directories that are to be watched
 * @watch: the watch
 * @root: path of the root, which need not be there
 */
void watch_begin(struct watch *watch, const char *root)
{
	watch->round++;
	watch_above(watch, root);
}

/**
 * watch_add() - watch a directory
 * @watch: the watch
 * @path: where it is
 * @name: its path below the root
 *
 * Return: 0 or a negative errno value.
 */
int watch_add(struct watch *watch, const char *path, const char *name)
{
	struct watched *watched;
	int wd;

	if (watch->fd < 0)
		return watch->fd;
	wd = inotify_add_watch(watch->fd, path,
			       EVENTS | IN_ONLYDIR | IN_MASK_ADD);
	if (wd < 0)
		return -errno;

	watched = find(watch, wd);
	if (!watched) {
		watched = mem_array(1, sizeof(*watched));
		watched->wd = wd;
		tsearch(watched, &watch->tree, by_wd);
	} else {
		free(watched->name);
	}
	watched->round = watch->round;
	watched->name = mem_strdup(name);
	return 0;
}

/**
 * struct search - what is looked for in the tree
 * @round: watched directories of other rounds
 * @name: a directory of this name
 * @found: the first that was found, or NULL
 */
struct search {
	unsigned int round;
	const char *name;
	struct watched *found;
};

static void find_old(const void *node, VISIT visit, void *arg)
{
	struct watched *watched = *(struct watched *const *)node;
	struct search *search = arg;

	if (visit != postorder && visit != leaf)
		return;
	if (watched->round == search->round)
		return;
	watched->next = search->found;
	search->found = watched;
}

static void find_name(const void *node, VISIT visit, void *arg)
{
	struct watched *watched = *(struct watched *const *)node;
	struct search *search = arg;

	if (visit != postorder && visit != leaf)
		return;
	if (!strcmp(watched->name, search->name))
		search->found = watched;
}

/** watch_end() - watch no longer what was not added since watch_begin() */
void watch_end(struct watch *watch)
{
	struct search search = { .round = watch->round };
	struct watched *watched, *next;

	twalk_r(watch->tree, find_old, &search);
	for (watched = search.found; watched; watched = next) {
		next = watched->next;
		if (watched->wd != watch->above)
			inotify_rm_watch(watch->fd, watched->wd);
		forget(watch, watched);
	}
}

/** watch_has() - whether a directory of this path below the root is watched */
bool watch_has(const struct watch *watch, const char *name)
{
	struct search search = { .name = name };

	twalk_r(watch->tree, find_name, &search);
	return search.found;
}

static void handle(struct watch *watch, const struct inotify_event *event,
		   watch_event_fn each, void *arg)
{
	const bool whole = event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO);
	struct watched *watched = find(watch, event->wd);
	bool above = event->wd == watch->above;

	if (event->mask & IN_IGNORED) {
		if (above)
			watch->above = -1;
		if (watched)
			forget(watch, watched);
		if (above || watched)
			each(NULL, NULL, false, false, arg);
		return;
	}
	/* An event that names nothing is about the directory itself. */
	if ((event->mask & IN_Q_OVERFLOW) ||
	    (!event->len && (above || watched)) ||
	    (above && event->len && !strcmp(event->name, watch->below)))
		each(NULL, NULL, false, false, arg);
	else if (watched && event->len)
		each(watched->name, event->name, event->mask & IN_ISDIR,
		     whole, arg);
}

/**
 * watch_read() - take in what has happened
 * @watch: the watch
 * @each: called for each change
 * @arg: handed to @each
 */
void watch_read(struct watch *watch, watch_event_fn each, void *arg)
{
	alignas(struct inotify_event) char bytes[16 * 1024];
	const struct inotify_event *event;
	ssize_t n;

	while ((n = read(watch->fd, bytes, sizeof(bytes))) > 0) {
		for (const char *at = bytes; at < bytes + n;
		     at += sizeof(*event) + event->len) {
			event = (const void *)at;
			handle(watch, event, each, arg);
		}
	}
}
