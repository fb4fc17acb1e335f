// SPDX-License-Identifier: GPL-2.0
/* Owns a directory of manifests: which files there are, and their objects. */

#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <search.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "manifests/dir.h"
#include "manifests/file.h"
#include "manifests/index.h"
#include "manifests/manifest.h"
#include "manifests/watch.h"

/**
 * struct dir - see dir.h
 * @root: path of the directory, without slashes at its end
 * @watch: says what has changed
 * @files: tree of struct file by name
 * @index: their objects
 * @n_problems: how many files something is wrong with
 * @n_unknown: how many files have never been good
 * @round: number of the scan under way, or of the last
 * @stale: whether everything must be looked at
 * @changed: what else must be looked at
 * @n_changed: how many
 * @room_changed: how many @changed has room for
 * @visited: during a scan, tree of struct visited
 * @problems: what is wrong with directories
 * @unread: whether some directory could not be read
 */
struct dir {
	char *root;
	struct watch *watch;
	void *files;
	struct index index;
	size_t n_problems;
	size_t n_unknown;
	unsigned int round;
	bool stale;
	struct changed *changed;
	size_t n_changed, room_changed;
	void *visited;
	struct problems problems;
	bool unread;
};

/**
 * struct changed - a name that an event told of
 * @name: path below the root
 * @whole: whether a file of that name is as its writer left it
 */
struct changed {
	char *name;
	bool whole;
};

/** struct visited - a directory that a scan has come to, and by which name */
struct visited {
	dev_t dev;
	ino_t ino;
	char *name;
};

static int by_name(const void *a, const void *b)
{
	const struct file *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int by_inode(const void *a, const void *b)
{
	const struct visited *left = a, *right = b;

	return ((left->dev > right->dev) - (left->dev < right->dev)) ?:
	       (left->ino > right->ino) - (left->ino < right->ino);
}

static void free_file(void *file)
{
	file_free(file);
}

static void free_visited(void *data)
{
	struct visited *visited = data;

	free(visited->name);
	free(visited);
}

static char *join(const char *dir, const char *name)
{
	return mem_printf("%s%s%s", dir, *dir && *name ? "/" : "", name);
}

/**
 * dir_open() - begin to watch a directory
 * @path: path of the directory, which need not be there yet
 *
 * Nothing is read before dir_scan().
 */
struct dir *dir_open(const char *path)
{
	struct dir *dir = mem_array(1, sizeof(*dir));
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	dir->root = mem_printf("%.*s", (int)len, path);
	dir->watch = watch_new();
	dir->stale = true;
	return dir;
}

static void forget_changes(struct dir *dir)
{
	for (size_t i = 0; i < dir->n_changed; i++)
		free(dir->changed[i].name);
	dir->n_changed = 0;
}

void dir_close(struct dir *dir)
{
	if (!dir)
		return;
	forget_changes(dir);
	free(dir->changed);
	index_free(&dir->index);
	tdestroy(dir->files, free_file);
	watch_free(dir->watch);
	problems_free(&dir->problems);
	free(dir->root);
	free(dir);
}

/**
 * dir_fd() - what becomes readable when something has changed
 * @dir: the directory
 *
 * Return: a file descriptor, or a negative errno value where changes can't be
 *	noticed.
 */
int dir_fd(const struct dir *dir)
{
	return watch_fd(dir->watch);
}

static void note(const char *in, const char *name, bool is_dir, bool whole,
		 void *arg)
{
	struct dir *dir = arg;

	/* A ConfigMap's volume changes by its link "..data". */
	if (!in || !strncmp(name, "..", 2) || (is_dir && *name != '.')) {
		dir->stale = true;
		return;
	}
	if (*name == '.')
		return;
	dir->changed = mem_grow(dir->changed, dir->n_changed,
				&dir->room_changed, sizeof(*dir->changed));
	dir->changed[dir->n_changed++] = (struct changed) {
		.name = join(in, name),
		.whole = whole,
	};
}

/**
 * dir_handle_events() - take note of changes
 * @dir: the directory
 *
 * Return: whether there are any that dir_scan() should look at.
 */
bool dir_handle_events(struct dir *dir)
{
	watch_read(dir->watch, note, dir);
	return dir->stale || dir->n_changed;
}

static struct file *find_file(const struct dir *dir, const char *name)
{
	const struct file key = { .name = (char *)name };
	struct file **node = tfind(&key, &dir->files, by_name);

	return node ? *node : NULL;
}

/**
 * dir_misses() - whether a file is gone that dir_scan() still knows
 * @dir: the directory
 *
 * While some editors save a file it is, for a moment: they rename the old one
 * and then write the new.
 */
bool dir_misses(const struct dir *dir)
{
	const char *name;

	for (size_t i = 0; i < dir->n_changed; i++) {
		autofree char *path = NULL;

		name = dir->changed[i].name;
		if (!find_file(dir, name))
			continue;
		path = join(dir->root, name);
		if (access(path, F_OK))
			return true;
	}
	return false;
}

/* Files are counted by what is wrong with them, before and after a change. */
static void count_file(struct dir *dir, const struct file *file, size_t sign)
{
	dir->n_problems += sign * !!file->problem;
	dir->n_unknown += sign * !file->good;
}

static void read_file(struct dir *dir, const char *name, bool again)
{
	autofree char *path = join(dir->root, name);
	struct file *file = find_file(dir, name);
	struct k8s_list before;
	bool changed;

	if (!file) {
		file = file_new(name);
		tsearch(file, &dir->files, by_name);
		count_file(dir, file, 1);
	}
	file->round = dir->round;
	count_file(dir, file, (size_t)-1);
	changed = file_read(file, path, again, &before);
	count_file(dir, file, 1);
	if (!changed)
		return;
	index_remove(&dir->index, &before);
	index_add(&dir->index, file->name, &file->objects);
	k8s_list_free(&before);
}

static void drop_file(struct dir *dir, struct file *file)
{
	index_remove(&dir->index, &file->objects);
	count_file(dir, file, (size_t)-1);
	tdelete(file, &dir->files, by_name);
	file_free(file);
}

/* Looks at one name. */
static void look_at(struct dir *dir, const struct changed *changed)
{
	autofree char *path = join(dir->root, changed->name);
	struct file *file = find_file(dir, changed->name);
	struct stat st = { 0 };
	bool there = !lstat(path, &st);

	if ((there && !stat(path, &st) && S_ISDIR(st.st_mode)) ||
	    watch_has(dir->watch, changed->name))
		dir->stale = true;
	else if (!manifest_is_one(changed->name))
		/* It may be what a complaint is about. */
		dir->stale = dir->problems.n;
	else if (there && (file || changed->whole || st.st_size))
		read_file(dir, changed->name, true);
	else if (!there && file)
		drop_file(dir, file);
}

static int by_changed_name(const void *a, const void *b)
{
	const struct changed *left = a, *right = b;

	return strcmp(left->name, right->name);
}

/*
 * A scan of all goes by versions, which are the same for what was written twice
 * within one tick of the clock.
 */
static void expire_changed(struct dir *dir)
{
	struct file *file;

	for (size_t i = 0; i < dir->n_changed; i++) {
		file = find_file(dir, dir->changed[i].name);
		if (file)
			file->version = (struct file_version) { 0 };
	}
}

/* Looks once at each name, however often it has changed. */
static void look_at_changed(struct dir *dir)
{
	struct changed *changed = dir->changed;

	if (dir->n_changed && !dir->stale)
		qsort(changed, dir->n_changed, sizeof(*changed),
		      by_changed_name);
	for (size_t i = 0; i < dir->n_changed && !dir->stale; i++) {
		if (i + 1 == dir->n_changed ||
		    by_changed_name(&changed[i], &changed[i + 1]))
			look_at(dir, &changed[i]);
		else
			changed[i + 1].whole |= changed[i].whole;
	}
	if (dir->stale)
		expire_changed(dir);
	forget_changes(dir);
}

/**
 * struct below - files below one directory
 * @dir: the source
 * @prefix: what their names begin with
 * @n: how many there are
 */
struct below {
	const struct dir *dir;
	const char *prefix;
	size_t n;
};

static void keep_file(const void *node, VISIT visit, void *arg)
{
	struct file *file = *(struct file *const *)node;
	struct below *below = arg;

	if ((visit == postorder || visit == leaf) &&
	    !strncmp(file->name, below->prefix, strlen(below->prefix))) {
		file->round = below->dir->round;
		below->n++;
	}
}

/* Returns how many files there are. */
static size_t keep_files(struct dir *dir, const char *name)
{
	autofree char *prefix = mem_printf("%s%s", name, *name ? "/" : "");
	struct below below = { .dir = dir, .prefix = prefix };

	twalk_r(dir->files, keep_file, &below);
	return below.n;
}

/* What is in a directory that can't be read is not known to be gone. */
static void keep_directory(struct dir *dir, const char *name, int err)
{
	dir->unread = true;
	keep_files(dir, name);
	problems_add(&dir->problems, LOG_ERR,
		     "%s: %s (what it held before stays in force)",
		     *name ? name : dir->root, strerror(err));
}

/* Returns whether this is the first time that the scan comes here. */
static bool visit_directory(struct dir *dir, const char *name,
			    const struct stat *st)
{
	struct visited *visited = mem_array(1, sizeof(*visited));
	struct visited **node;

	visited->dev = st->st_dev;
	visited->ino = st->st_ino;
	visited->name = mem_strdup(name);
	node = tsearch(visited, &dir->visited, by_inode);
	if (*node == visited)
		return true;
	problems_add(&dir->problems, LOG_WARNING,
		     "%s: is the same directory as %s, and not read again",
		     name, *(*node)->name ? (*node)->name : dir->root);
	free_visited(visited);
	return false;
}

static void scan_directory(struct dir *dir, const char *name);

/* What is neither a file nor a directory by itself: where does it lead? */
static void scan_link(struct dir *dir, const char *name)
{
	autofree char *path = join(dir->root, name);
	struct stat st;
	int err = stat(path, &st) ? errno : 0;

	if (!err && S_ISDIR(st.st_mode))
		scan_directory(dir, name);
	else if (manifest_is_one(name))
		read_file(dir, name, false);
	else if (err && (err != ENOENT || keep_files(dir, name)))
		keep_directory(dir, name, err);
}

static void scan_entry(struct dir *dir, const char *in,
		       const struct dirent *entry)
{
	autofree char *name = join(in, entry->d_name);

	if (entry->d_type == DT_DIR)
		scan_directory(dir, name);
	else if (entry->d_type != DT_REG)
		scan_link(dir, name);
	else if (manifest_is_one(name))
		read_file(dir, name, false);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void scan_directory(struct dir *dir, const char *name)
{
	autofree char *path = join(dir->root, name);
	struct dirent **entries;
	struct stat st;
	int n, err;

	if (stat(path, &st)) {
		keep_directory(dir, name, errno);
		return;
	}
	if (!visit_directory(dir, name, &st))
		return;
	err = watch_add(dir->watch, path, name);
	n = scandir(path, &entries, is_visible, alphasort);
	if (n < 0) {
		keep_directory(dir, name, errno);
		return;
	}
	if (err)
		problems_add(&dir->problems, LOG_WARNING,
			     "%s: changes go unnoticed: inotify: %s",
			     *name ? name : dir->root, strerror(-err));
	for (int i = 0; i < n; i++) {
		scan_entry(dir, name, entries[i]);
		free(entries[i]);
	}
	free(entries);
}

/** struct gone - files that the scan has not seen */
struct gone {
	unsigned int round;
	struct file **list;
	size_t n, room;
};

static void find_gone(const void *node, VISIT visit, void *arg)
{
	struct file *file = *(struct file *const *)node;
	struct gone *gone = arg;

	if ((visit != postorder && visit != leaf) ||
	    file->round == gone->round)
		return;
	gone->list = mem_grow(gone->list, gone->n, &gone->room,
			      sizeof(*gone->list));
	gone->list[gone->n++] = file;
}

static void drop_gone(struct dir *dir)
{
	struct gone gone = { .round = dir->round };

	twalk_r(dir->files, find_gone, &gone);
	for (size_t i = 0; i < gone.n; i++)
		drop_file(dir, gone.list[i]);
	free(gone.list);
}

static void scan_all(struct dir *dir)
{
	dir->round++;
	dir->stale = false;
	dir->unread = false;
	problems_free(&dir->problems);

	watch_begin(dir->watch, dir->root);
	scan_directory(dir, "");
	watch_end(dir->watch);

	tdestroy(dir->visited, free_visited);
	dir->visited = NULL;
	drop_gone(dir);
	/* Reading a large file takes ten times its size for a moment. */
	malloc_trim(0);
}

/**
 * dir_scan() - bring all files up to date that may have changed
 * @dir: the directory
 * @sink: who hears which objects have
 */
void dir_scan(struct dir *dir, const struct k8s_sink *sink)
{
	look_at_changed(dir);
	if (dir->stale)
		scan_all(dir);
	index_settle(&dir->index, sink);
}

/**
 * dir_recheck() - have the next scan look at every file's version
 * @dir: the directory
 *
 * What could not be read may be readable by now. And no event tells that a link
 * above the root, or outside of what is watched, leads elsewhere.
 */
void dir_recheck(struct dir *dir)
{
	dir->stale = true;
}

static void forget_version(const void *node, VISIT visit, void *arg)
{
	struct file *file = *(struct file *const *)node;

	(void)arg;
	if (visit == postorder || visit == leaf)
		file->version = (struct file_version) { 0 };
}

/** dir_expire() - have the next scan read every file */
void dir_expire(struct dir *dir)
{
	dir->stale = true;
	twalk_r(dir->files, forget_version, NULL);
}

static void collect_problem(const void *node, VISIT visit, void *arg)
{
	const struct file *file = *(struct file *const *)node;

	if ((visit == postorder || visit == leaf) && file->problem)
		problems_add(arg, LOG_ERR, "%s", file->problem);
}

/**
 * dir_problems() - say what is wrong with files and directories
 * @dir: the directory
 * @problems: where to put it
 */
void dir_problems(const struct dir *dir, struct problems *problems)
{
	problems_add_all(problems, &dir->problems);
	if (dir->n_problems)
		twalk_r(dir->files, collect_problem, problems);
	index_problems(&dir->index, problems);
}

/**
 * dir_is_whole() - whether the objects that were told of are all there are
 * @dir: the directory
 *
 * It is not while a file has never been good or a directory can't be read:
 * nobody knows which objects these hold.
 */
bool dir_is_whole(const struct dir *dir)
{
	return !dir->unread && !dir->n_unknown;
}

/** dir_is_good() - whether every file and directory is as it should be */
bool dir_is_good(const struct dir *dir)
{
	return !dir->unread && !dir->n_problems;
}
