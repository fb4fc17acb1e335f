/* SPDX-License-Identifier: GPL-2.0 */
/* One manifest file: what it held when it was last good. */
#ifndef VSBD_FILE_H
#define VSBD_FILE_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "k8s/k8s.h"

#define FILE_BYTES_MAX (64 * 1024 * 1024)

/** struct file_version - changes whenever a file's content may have changed */
struct file_version {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime, ctime;
};

/**
 * struct file - a manifest file
 * @name: its path below the source's root
 * @objects: what it held when it was last good
 * @problem: what is wrong with it now, or NULL
 * @good: whether it has ever been good
 * @version: what was read last; all zeroes where it must be read again
 * @round: the last scan that saw it, for the source's use
 */
struct file {
	char *name;
	struct k8s_list objects;
	char *problem;
	bool good;
	struct file_version version;
	unsigned int round;
};

ssize_t file_read_text(const char *path, char **text);
struct file *file_new(const char *name);
void file_free(struct file *file);
bool file_read(struct file *file, const char *path, bool again,
	       struct k8s_list *before);

#endif /* VSBD_FILE_H */
