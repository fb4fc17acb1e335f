/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A directory of manifests as a source of objects.
 *
 * Files that end in .yaml, .yml or .json are read, at any depth; names that
 * begin with a dot are not looked at, so that a ConfigMap's volume counts
 * once. A file that can't be read, or does not say what it should, keeps the
 * objects that it had when it was last good.
 *
 * Links are followed. What happens where a link to a file leads, or to a link
 * above the root, is not seen before dir_recheck() or dir_expire().
 */
#ifndef VSBD_DIR_H
#define VSBD_DIR_H

#include <stdbool.h>

#include "base/problems.h"
#include "k8s/k8s.h"

/** struct dir - a directory being watched */
struct dir;

struct dir *dir_open(const char *path);
void dir_close(struct dir *dir);

int dir_fd(const struct dir *dir);
bool dir_handle_events(struct dir *dir);
bool dir_misses(const struct dir *dir);
void dir_recheck(struct dir *dir);
void dir_expire(struct dir *dir);

void dir_scan(struct dir *dir, const struct k8s_sink *sink);
void dir_problems(const struct dir *dir, struct problems *problems);
bool dir_is_whole(const struct dir *dir);
bool dir_is_good(const struct dir *dir);

#endif /* VSBD_DIR_H */
