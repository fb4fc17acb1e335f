/* SPDX-License-Identifier: GPL-2.0 */
/* Helps tests with real directories: makes one, fills it, takes it away. */
#ifndef TEST_VSBD_PLACE_H
#define TEST_VSBD_PLACE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vsbd/base/memory.h"

/* A directory of its own for each test. */
static char place[64];

static inline int place_make(void **state)
{
	(void)state;
	snprintf(place, sizeof(place), "%s/test_vsbd.XXXXXX",
		 getenv("TMPDIR") ?: "/tmp");
	return mkdtemp(place) ? 0 : -1;
}

static inline int place_remove_one(const char *path, const struct stat *st,
				   int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int place_remove(void **state)
{
	(void)state;
	return nftw(place, place_remove_one, 10, FTW_DEPTH | FTW_PHYS);
}

/* The path of a name in there, for one use at a time. */
static inline const char *in(const char *name)
{
	static char paths[4][256];
	static unsigned int next;
	char *path = paths[next++ % ARRAY_SIZE(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", place, name);
	return path;
}

static inline void write_bytes(const char *name, const char *bytes, size_t len)
{
	int fd = open(in(name), O_WRONLY | O_CREAT | O_TRUNC, 0666);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static inline void write_text(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

/* A file with one Service, or with one that is bad. */
static inline void write_service(const char *name, const char *service)
{
	autofree char *text = mem_printf("apiVersion: v1\nkind: Service\n"
					 "metadata: {name: %s}\n", service);

	write_text(name, text);
}

#define BAD "UPPER"

static inline void make_dir(const char *name)
{
	assert_int_equal(mkdir(in(name), 0777), 0);
}

static inline void make_link(const char *to, const char *name)
{
	assert_int_equal(symlink(to, in(name)), 0);
}

static inline void move(const char *from, const char *to)
{
	assert_int_equal(rename(in(from), in(to)), 0);
}

static inline void take_away(const char *name)
{
	assert_int_equal(remove(in(name)), 0);
}

#endif /* TEST_VSBD_PLACE_H */
