/* SPDX-License-Identifier: GPL-2.0 */
/* Directories under inotify's eye, by their paths below one root. */
#ifndef VSBD_WATCH_H
#define VSBD_WATCH_H

#include <stdbool.h>

/** struct watch - all directories of one root that are watched */
struct watch;

/**
 * typedef watch_event_fn - called for each change
 * @dir: path of the directory below the root, "" for the root; NULL where
 *	anything may have changed
 * @name: what in the directory has changed
 * @is_dir: whether that is a directory
 * @whole: whether a file is as its writer left it; else it may be half written
 * @arg: what the caller handed on
 */
typedef void (*watch_event_fn)(const char *dir, const char *name, bool is_dir,
			       bool whole, void *arg);

struct watch *watch_new(void);
void watch_free(struct watch *watch);

int watch_fd(const struct watch *watch);
void watch_read(struct watch *watch, watch_event_fn each, void *arg);

void watch_begin(struct watch *watch, const char *root);
int watch_add(struct watch *watch, const char *path, const char *name);
void watch_end(struct watch *watch);
bool watch_has(const struct watch *watch, const char *name);

#endif /* VSBD_WATCH_H */
