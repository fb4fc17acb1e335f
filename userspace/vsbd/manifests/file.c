// SPDX-License-Identifier: GPL-2.0
/* Owns a manifest file: when it is read again, and that it stays good. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifests/file.h"
#include "manifests/manifest.h"

/** file_new() - a file that has not been read */
struct file *file_new(const char *name)
{
	struct file *file = mem_array(1, sizeof(*file));

	file->name = mem_strdup(name);
	return file;
}

void file_free(struct file *file)
{
	k8s_list_free(&file->objects);
	free(file->problem);
	free(file->name);
	free(file);
}

static struct file_version version_of(const struct stat *st)
{
	return (struct file_version) {
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = st->st_size,
		.mtime = st->st_mtim,
		.ctime = st->st_ctim,
	};
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool same_version(const struct file_version *a,
			 const struct file_version *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       same_time(&a->mtime, &b->mtime) &&
	       same_time(&a->ctime, &b->ctime);
}

static void close_variable(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Reads to the end, wherever that is by then. Returns bytes or an errno. */
static ssize_t read_all(int fd, char **text, size_t expected)
{
	size_t len = 0, room = expected + 1;
	ssize_t n;

	*text = mem_alloc(room);
	while ((n = read(fd, *text + len, room - len))) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len += (size_t)n;
		if (len > FILE_BYTES_MAX)
			return -EFBIG;
		if (len == room)
			*text = mem_grow(*text, len, &room, 1);
	}
	return (ssize_t)len;
}

/* Like read_all(), from a path; says what it has read. */
static ssize_t read_path(const char *path, char **text,
			 struct file_version *version)
{
	/* A FIFO must not hold us up; a regular file does not care. */
	cleanup_by(close_variable) int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	*version = version_of(&st);
	if (st.st_size > FILE_BYTES_MAX)
		return -EFBIG;
	return read_all(fd, text, (size_t)st.st_size);
}

/**
 * file_read_text() - read a file that is not one of many
 * @path: where it is
 * @text: where to store what it holds, to be freed; not ended by a zero
 *
 * Return: how many bytes, or a negative errno value.
 */
ssize_t file_read_text(const char *path, char **text)
{
	struct file_version version;

	return read_path(path, text, &version);
}

static void complain(struct file *file, const char *problem)
{
	free(file->problem);
	file->problem = mem_printf("%s (%s)", problem, file->good ?
				   "what it held before stays in force" :
				   "nothing of it is applied");
}

static void complain_unread(struct file *file, int err)
{
	autofree char *problem = NULL;

	if (err == -EFBIG)
		problem = mem_printf("%s: is larger than %d MB", file->name,
				     FILE_BYTES_MAX / (1024 * 1024));
	else
		problem = mem_printf("%s: %s", file->name, err == -EINVAL ?
				     "is not a regular file" : strerror(-err));
	complain(file, problem);
}

static void take(struct file *file, const struct k8s_list *objects)
{
	file->objects = *objects;
	free(file->problem);
	file->problem = NULL;
	file->good = true;
}

/**
 * file_read() - bring a file up to date
 * @file: the file
 * @path: where it is
 * @again: whether to read it even where it looks unchanged
 * @before: where to store the objects that it had, if it has others now
 *
 * Return: whether it has.
 */
bool file_read(struct file *file, const char *path, bool again,
	       struct k8s_list *before)
{
	autofree char *text = NULL, *problem = NULL;
	struct k8s_list objects = { 0 };
	struct file_version version;
	struct stat st;
	ssize_t len;

	if (!again && !stat(path, &st)) {
		version = version_of(&st);
		if (same_version(&version, &file->version))
			return false;
	}
	file->version = (struct file_version) { 0 };
	len = read_path(path, &text, &file->version);
	if (len < 0) {
		/* It may be readable by the next time, and look the same. */
		if (len != -EFBIG)
			file->version = (struct file_version) { 0 };
		complain_unread(file, (int)len);
		return false;
	}
	if (manifest_read(file->name, text, (size_t)len, &objects, &problem)) {
		complain(file, problem);
		return false;
	}
	*before = file->objects;
	take(file, &objects);
	return true;
}
