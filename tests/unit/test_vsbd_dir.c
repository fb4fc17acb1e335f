// SPDX-License-Identifier: GPL-2.0
/* Tests the directory source with real files and real inotify. */

#include "vsbd/objects.h"
#include "vsbd/manifests/dir.h"
#include "vsbd/manifests/file.h"
#include "vsbd/place.h"

#include <poll.h>
#include <sys/resource.h>

#define PATIENCE 10000	/* ms until a test gives up waiting for a state */

static struct dir *source;

/* What the source has told of, by name. */
static struct k8s_list told;

static size_t find_told(const struct k8s_object *object)
{
	size_t i = 0;

	while (i < told.n && strcmp(told.list[i]->meta.name,
				    object->meta.name) < 0)
		i++;
	return i;
}

static bool is_told(size_t i, const struct k8s_object *object)
{
	return i < told.n && !strcmp(told.list[i]->meta.name,
				     object->meta.name);
}

static void put(struct k8s_object *object, void *arg)
{
	size_t i = find_told(object);

	(void)arg;
	if (is_told(i, object)) {
		k8s_object_put(told.list[i]);
	} else {
		k8s_list_add(&told, NULL);
		memmove(&told.list[i + 1], &told.list[i],
			(told.n - 1 - i) * sizeof(*told.list));
	}
	told.list[i] = k8s_object_get(object);
}

/* Told once, and before that of what there is. */
static void gone(const struct k8s_object *object, void *arg)
{
	size_t i = find_told(object);

	(void)arg;
	assert_true(is_told(i, object));
	k8s_object_put(told.list[i]);
	memmove(&told.list[i], &told.list[i + 1],
		(--told.n - i) * sizeof(*told.list));
}

static void scan(void)
{
	const struct k8s_sink sink = { .put = put, .gone = gone };

	dir_scan(source, &sink);
}

/* What the source says: names of Services, then problems, a line each. */
static char *look(void)
{
	struct problems problems = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	dir_problems(source, &problems);
	for (size_t i = 0; i < told.n; i++)
		fprintf(out, "%s%s", i ? " " : "", told.list[i]->meta.name);
	for (size_t i = 0; i < problems.n; i++)
		fprintf(out, "\n%s", problems.list[i].text);
	fclose(out);
	problems_free(&problems);
	return text;
}

static void expect(const char *expected)
{
	autofree char *text = look();

	assert_string_equal(text, expected);
}

static bool shows(const char *expected)
{
	autofree char *text = look();

	return !strcmp(text, expected);
}

/* Scans only when told of a change, until the source shows what it should. */
static void wait_for(const char *expected)
{
	struct pollfd fd = { .fd = dir_fd(source), .events = POLLIN };

	while (!shows(expected)) {
		if (poll(&fd, 1, PATIENCE) <= 0) {
			expect(expected);
			return;
		}
		if (dir_handle_events(source))
			scan();
	}
}

static void begin(const char *name)
{
	source = dir_open(in(name));
	scan();
}

static int end(void **state)
{
	dir_close(source);
	source = NULL;
	k8s_list_free(&told);
	return place_remove(state);
}

#define APPLIED " (nothing of it is applied)"
#define KEPT " (what it held before stays in force)"
#define UPPER(name) name ": document 1, line 3: metadata.name: \"UPPER\" is not a DNS name"

static void finds_files(void **state)
{
	(void)state;
	make_dir("sub");
	make_dir("sub/deeper.yaml");
	make_dir(".hidden");
	write_service("a.yaml", "a");
	write_service("b.yml", "b");
	write_text("c.json", "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"c\"}}");
	write_service("sub/deeper.yaml/d.yaml", "d");
	write_service("README.md", "e");
	write_service(".a.yaml.swp", "f");
	write_service(".g.yaml", "g");
	write_service("h.yaml~", "h");
	write_service(".hidden/i.yaml", "i");
	begin("");
	expect("a b c d");
	assert_true(dir_is_whole(source));
	assert_true(dir_is_good(source));
}

static void notices_changes(void **state)
{
	(void)state;
	begin("");
	expect("");
	write_service("a.yaml", "a");
	wait_for("a");
	write_service("a.yaml", "a2");
	wait_for("a2");
	write_service("b.yaml", "b");
	wait_for("a2 b");
	move("b.yaml", "c.yaml");
	write_service("d.yaml", "d");
	wait_for("a2 b d");
	take_away("a.yaml");
	wait_for("b d");
	assert_int_equal(link(in("c.yaml"), in("c.txt")), 0);
	take_away("c.yaml");
	wait_for("d");
	move("c.txt", "c.yaml");
	wait_for("b d");
	assert_int_equal(truncate(in("d.yaml"), 0), 0);
	write_service("d.yaml", "e");
	wait_for("b e");
}

/* Same size, same second, no matter: the event says that it was written. */
static void same_size_change(void **state)
{
	(void)state;
	write_service("a.yaml", "a");
	begin("");
	write_service("a.yaml", "b");
	wait_for("b");
	write_service("a.yaml", "c");
	wait_for("c");
}

/* The same while all is scanned, which goes by times: often one and the same. */
static void same_tick_change(void **state)
{
	(void)state;
	make_dir("sub");
	begin("");
	for (int i = 0; i < 50; i++) {
		write_service("a.yaml", i % 2 ? "c" : "a");
		dir_handle_events(source);
		scan();
		write_service("a.yaml", "b");
		move("sub", "sub2");
		dir_handle_events(source);
		scan();
		expect("b");
		move("sub2", "sub");
	}
}

/* What vim, emacs and sed do to save a file. */
static void editors_dance(void **state)
{
	(void)state;
	write_service("a.yaml", "a");
	begin("");
	write_service("4913", "x");
	take_away("4913");
	write_service(".a.yaml.swp", "x");
	move("a.yaml", "a.yaml~");
	write_service("a.yaml", "b");
	take_away(".a.yaml.swp");
	take_away("a.yaml~");
	wait_for("b");

	make_link("somebody@somewhere.1:2", ".#a.yaml");
	write_service("#a.yaml#", "x");
	write_service(".tmp", "c");
	move(".tmp", "a.yaml");
	take_away(".#a.yaml");
	take_away("#a.yaml#");
	wait_for("c");

	write_service("sedXyZ", "d");
	move("sedXyZ", "a.yaml");
	wait_for("d");
}

/* The moment in which an editor's file is not there. */
static void file_in_between(void **state)
{
	(void)state;
	write_service("a.yaml", "a");
	begin("");
	assert_false(dir_misses(source));
	move("a.yaml", "a.yaml~");
	assert_true(dir_handle_events(source));
	assert_true(dir_misses(source));
	write_service("a.yaml", "b");
	assert_true(dir_handle_events(source));
	assert_false(dir_misses(source));
	scan();
	expect("b");
	take_away("a.yaml");
	dir_handle_events(source);
	assert_true(dir_misses(source));
	scan();
	expect("");
	assert_false(dir_misses(source));
}

static void new_directories(void **state)
{
	(void)state;
	begin("");
	make_dir("one");
	write_service("one/a.yaml", "a");
	wait_for("a");
	make_dir("one/two");
	make_dir("one/two/three");
	write_service("one/two/three/b.yaml", "b");
	wait_for("a b");
	write_service("one/two/three/c.yaml", "c");
	wait_for("a b c");
	move("one/two", "two");
	write_service("two/three/d.yaml", "d");
	wait_for("a b c d");
	take_away("two/three/b.yaml");
	wait_for("a c d");
	move("two", ".two");
	wait_for("a");
}

/* As kubelet mounts a ConfigMap, and updates it. */
static void config_map(void **state)
{
	(void)state;
	make_dir("..2024_1");
	write_service("..2024_1/a.yaml", "a1");
	write_service("..2024_1/b.yaml", "b1");
	make_link("..2024_1", "..data");
	make_link("..data/a.yaml", "a.yaml");
	make_link("..data/b.yaml", "b.yaml");
	begin("");
	expect("a1 b1");

	make_dir("..2024_2");
	write_service("..2024_2/a.yaml", "a2");
	write_service("..2024_2/c.yaml", "c2");
	make_link("..data/c.yaml", "c.yaml");
	make_link("..2024_2", "..data_tmp");
	move("..data_tmp", "..data");
	take_away("b.yaml");
	take_away("..2024_1/a.yaml");
	take_away("..2024_1/b.yaml");
	take_away("..2024_1");
	wait_for("a2 c2");
}

/* The same with a key that is a path: the link is to a directory. */
static void config_map_directories(void **state)
{
	(void)state;
	make_dir("..1");
	make_dir("..1/sub");
	write_service("..1/sub/a.yaml", "a1");
	make_link("..1", "..data");
	make_link("..data/sub", "sub");
	begin("");
	expect("a1");

	make_dir("..2");
	make_dir("..2/sub");
	write_service("..2/sub/a.yaml", "a2");
	make_link("..2", "..data_tmp");
	move("..data_tmp", "..data");
	wait_for("a2");
	write_service("..2/sub/b.yaml", "b2");
	wait_for("a2 b2");
}

static void linked_directories(void **state)
{
	(void)state;
	make_dir("root");
	make_dir("other");
	write_service("other/a.yaml", "a");
	begin("root");
	make_link("../other", "root/link");
	wait_for("a");
	write_service("other/b.yaml", "b");
	wait_for("a b");
	take_away("root/link");
	wait_for("");
}

static void loops(void **state)
{
	autofree char *text = NULL;

	(void)state;
	make_dir("sub");
	write_service("sub/a.yaml", "a");
	make_link("..", "sub/up");
	make_link("self", "self");
	make_link("self.yaml", "self.yaml");
	begin("");
	text = mem_printf("a\n"
			  "self: Too many levels of symbolic links" KEPT "\n"
			  "sub/up: is the same directory as %s, and not read again\n"
			  "self.yaml: Too many levels of symbolic links" APPLIED,
			  place);
	expect(text);
	assert_false(dir_is_good(source));
	take_away("sub/up");
	take_away("self");
	take_away("self.yaml");
	wait_for("a");
}

static void bad_file_keeps_state(void **state)
{
	(void)state;
	write_service("a.yaml", "a");
	write_service("b.yaml", "b");
	begin("");
	write_service("a.yaml", BAD);
	wait_for("a b\n" UPPER("a.yaml") KEPT);
	assert_true(dir_is_whole(source));
	assert_false(dir_is_good(source));
	write_service("b.yaml", "b2");
	wait_for("a b2\n" UPPER("a.yaml") KEPT);
	write_text("a.yaml", "");
	wait_for("a b2\na.yaml: is empty" KEPT);
	write_service("a.yaml", "a2");
	wait_for("a2 b2");
	assert_true(dir_is_good(source));
	write_service("a.yaml", BAD);
	wait_for("a2 b2\n" UPPER("a.yaml") KEPT);
	take_away("a.yaml");
	wait_for("b2");
}

static void bad_file_at_start(void **state)
{
	(void)state;
	write_service("a.yaml", BAD);
	write_service("b.yaml", "b");
	begin("");
	expect("b\n" UPPER("a.yaml") APPLIED);
	assert_false(dir_is_whole(source));
	write_service("a.yaml", "a");
	wait_for("a b");
	assert_true(dir_is_whole(source));
	write_service("a.yaml", BAD);
	wait_for("a b\n" UPPER("a.yaml") KEPT);
	assert_true(dir_is_whole(source));
}

static void empty_file_appears(void **state)
{
	(void)state;
	begin("");
	write_text("a.yaml", "");
	wait_for("\na.yaml: is empty" APPLIED);
	write_service("a.yaml", "a");
	wait_for("a");
}

static void partly_bad_file(void **state)
{
	(void)state;
	write_text("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
		   "---\napiVersion: v1\nkind: Service\nmetadata: {name: UPPER}\n");
	begin("");
	expect("\na.yaml: document 2, line 7: metadata.name: \"UPPER\" is not a DNS name" APPLIED);
}

static void odd_files(void **state)
{
	static const char zeroes[] = "a: 1\n\0\0\0";

	(void)state;
	write_text("empty.yaml", "");
	write_text("blank.json", " \n");
	write_bytes("zeroes.yaml", zeroes, sizeof(zeroes));
	write_bytes("zeroes.json", zeroes + 5, 3);
	make_link("nowhere", "dangling.yaml");
	assert_int_equal(mkfifo(in("fifo.yaml"), 0666), 0);
	write_text("comment.yaml", "# nothing\n");
	make_link("nowhere", "dangling");
	begin("");
	expect("\nblank.json: is empty" APPLIED
	       "\ndangling.yaml: No such file or directory" APPLIED
	       "\nempty.yaml: is empty" APPLIED
	       "\nfifo.yaml: is not a regular file" APPLIED
	       "\nzeroes.json: document 1, line 1: there are bytes of zero" APPLIED
	       "\nzeroes.yaml: document 1, line 2: control characters are not allowed" APPLIED);
}

static void large_files(void **state)
{
	size_t size = 10 * 1024 * 1024;
	autofree char *text = mem_alloc(size);
	static const char service[] =
		"apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n"
		"  annotations:\n    large: '";
	int fd;

	(void)state;
	memset(text, 'x', size);
	memcpy(text, service, sizeof(service) - 1);
	memcpy(text + size - 2, "'\n", 2);
	write_bytes("a.yaml", text, size);
	fd = open(in("b.yaml"), O_WRONLY | O_CREAT, 0666);
	assert_int_equal(ftruncate(fd, FILE_BYTES_MAX + 1), 0);
	close(fd);
	begin("");
	expect("a\nb.yaml: is larger than 64 MB" APPLIED);
}

/* A link to a directory that can't be looked at; one that leads nowhere, too. */
static void link_to_unreadable(void **state)
{
	autofree char *outside = mem_printf("%s.outside", place);
	autofree char *target = mem_printf("%s/sub", outside);
	autofree char *moved = mem_printf("%s.moved", place);

	(void)state;
	assert_int_equal(mkdir(outside, 0777), 0);
	assert_int_equal(mkdir(target, 0777), 0);
	make_link(target, "link");
	write_service("link/a.yaml", "a");
	begin("");
	expect("a");
	assert_int_equal(rename(outside, moved), 0);
	assert_int_equal(symlink(outside, outside), 0);
	dir_recheck(source);
	scan();
	expect("a\nlink: Too many levels of symbolic links" KEPT);
	assert_false(dir_is_whole(source));
	assert_int_equal(unlink(outside), 0);
	dir_recheck(source);
	scan();
	expect("a\nlink: No such file or directory" KEPT);
	assert_false(dir_is_whole(source));
	take_away("link");
	wait_for("");
	assert_true(dir_is_whole(source));
	assert_int_equal(rename(moved, outside), 0);
	make_link(target, "link");
	wait_for("a");
	take_away("link/a.yaml");
	assert_int_equal(rmdir(target), 0);
	assert_int_equal(rmdir(outside), 0);
}

/* root may read everything, so that this needs another user. */
static void unreadable(void **state)
{
	bool root = !geteuid();

	(void)state;
	assert_int_equal(chmod(place, 0777), 0);
	make_dir("sub");
	assert_int_equal(chmod(in("sub"), 0777), 0);
	write_service("sub/b.yaml", "b");
	write_service("a.yaml", "a");
	if (root)
		assert_int_equal(seteuid(65534), 0);
	begin("");
	expect("a b");
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(in("a.yaml"), 0), 0);
	assert_int_equal(chmod(in("sub"), 0), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	wait_for("a b\nsub: Permission denied" KEPT "\na.yaml: Permission denied" KEPT);
	assert_false(dir_is_whole(source));
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(in("a.yaml"), 0644), 0);
	assert_int_equal(chmod(in("sub"), 0777), 0);
	wait_for("a b");
	assert_true(dir_is_whole(source));
}

/* A file that could not be read is read again, whatever it looks like. */
static void read_error(void **state)
{
	struct file *file = file_new("a.yaml");
	struct k8s_list before;

	(void)state;
	make_link("/proc/self/mem", "a.yaml");
	assert_false(file_read(file, in("a.yaml"), false, &before));
	assert_string_equal(file->problem,
			    "a.yaml: Input/output error" APPLIED);
	assert_int_equal(file->version.ino, 0);
	file_free(file);
}

static void repeated_objects(void **state)
{
	(void)state;
	write_service("b.yaml", "same");
	write_service("c.yaml", "same");
	write_text("a.yaml", "# nothing yet\n");
	begin("");
	expect("same\nc.yaml: document 1: Service default/same does not count, that of b.yaml: document 1 does");
	write_text("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: same}\n---\n"
		   "apiVersion: v1\nkind: Service\nmetadata: {name: same}\n");
	wait_for("same"
		 "\na.yaml: document 2: Service default/same does not count, that of a.yaml: document 1 does"
		 "\nb.yaml: document 1: Service default/same does not count, that of a.yaml: document 1 does"
		 "\nc.yaml: document 1: Service default/same does not count, that of a.yaml: document 1 does");
	take_away("a.yaml");
	take_away("c.yaml");
	wait_for("same");
}

static void vanishing_root(void **state)
{
	autofree char *gone = NULL;

	(void)state;
	make_dir("above");
	make_dir("above/root");
	write_service("above/root/a.yaml", "a");
	begin("above/root");
	expect("a");
	gone = mem_printf("a\n%s: No such file or directory" KEPT,
			  in("above/root"));

	move("above/root", "above/old");
	wait_for(gone);
	assert_false(dir_is_whole(source));
	make_dir("above/root");
	write_service("above/root/b.yaml", "b");
	wait_for("b");
	assert_true(dir_is_whole(source));

	/* With all that is above it. */
	take_away("above/root/b.yaml");
	wait_for("");
	write_service("above/root/a.yaml", "a");
	wait_for("a");
	move("above", "elsewhere");
	wait_for(gone);
	make_dir("above");
	make_dir("above/root");
	write_service("above/root/c.yaml", "c");
	wait_for("c");
	write_service("above/root/d.yaml", "d");
	wait_for("c d");
}

static void root_comes_late(void **state)
{
	(void)state;
	begin("one/two/root");
	assert_false(dir_is_whole(source));
	make_dir("one");
	make_dir("one/two");
	make_dir("one/two/root");
	write_service("one/two/root/a.yaml", "a");
	wait_for("a");
	write_service("one/two/root/b.yaml", "b");
	wait_for("a b");
	assert_true(dir_is_whole(source));
}

/* A link that is moved over, as deployments do. */
static void root_is_link(void **state)
{
	(void)state;
	make_dir("r1");
	make_dir("r2");
	write_service("r1/a.yaml", "a1");
	write_service("r2/a.yaml", "a2");
	make_link("r1", "current");
	begin("current");
	expect("a1");
	make_link("r2", "new");
	move("new", "current");
	wait_for("a2");
	write_service("r2/b.yaml", "b2");
	wait_for("a2 b2");
}

/* A link above the root, of which nothing tells but another look. */
static void link_above(void **state)
{
	(void)state;
	make_dir("r1");
	make_dir("r1/m");
	make_dir("r2");
	make_dir("r2/m");
	write_service("r1/m/a.yaml", "a1");
	write_service("r2/m/a.yaml", "a2");
	make_link("r1", "current");
	begin("current/m");
	expect("a1");
	make_link("r2", "new");
	move("new", "current");
	dir_handle_events(source);
	dir_recheck(source);
	scan();
	expect("a2");
	write_service("r2/m/b.yaml", "b2");
	wait_for("a2 b2");
}

static void vanishing_subdirectory(void **state)
{
	(void)state;
	make_dir("sub");
	write_service("sub/a.yaml", "a");
	write_service("b.yaml", "b");
	begin("");
	take_away("sub/a.yaml");
	take_away("sub");
	wait_for("b");
	make_dir("sub");
	write_service("sub/c.yaml", "c");
	wait_for("b c");
}

static void reads_again_on_demand(void **state)
{
	struct timespec times[2];
	struct stat st;

	(void)state;
	write_service("a.yaml", "a");
	begin("");
	assert_int_equal(stat(in("a.yaml"), &st), 0);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	write_service("a.yaml", "b");
	assert_int_equal(utimensat(AT_FDCWD, in("a.yaml"), times, 0), 0);
	dir_expire(source);
	scan();
	expect("b");
}

/* More events than the kernel keeps: what it forgets may not be lost. */
static void many_changes(void **state)
{
	(void)state;
	write_service("a.yaml", "a");
	write_service("b.yaml", "b");
	begin("");
	expect("a b");
	for (mode_t i = 0; i < 40000; i++)
		assert_int_equal(chmod(in(i % 2 ? "a.yaml" : "b.yaml"),
				       0600 | (i & 077)), 0);
	write_service("a.yaml", "a2");
	write_service("c.yaml", "c");
	take_away("b.yaml");
	wait_for("a2 c");
}

/* Where inotify is used up vsbd works, and says what it can't do. */
static void without_inotify(void **state)
{
	struct rlimit limit, none;
	autofree char *text = NULL;

	(void)state;
	write_service("a.yaml", "a");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	source = dir_open(place);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_true(dir_fd(source) < 0);
	scan();
	text = mem_printf("a\n%s: changes go unnoticed: inotify: Too many open files",
			  place);
	expect(text);
	assert_true(dir_is_whole(source));
}

#define dir_test(f) cmocka_unit_test_setup_teardown(f, place_make, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		dir_test(finds_files),
		dir_test(notices_changes),
		dir_test(same_size_change),
		dir_test(same_tick_change),
		dir_test(editors_dance),
		dir_test(file_in_between),
		dir_test(new_directories),
		dir_test(config_map),
		dir_test(config_map_directories),
		dir_test(linked_directories),
		dir_test(loops),
		dir_test(bad_file_keeps_state),
		dir_test(bad_file_at_start),
		dir_test(empty_file_appears),
		dir_test(partly_bad_file),
		dir_test(odd_files),
		dir_test(large_files),
		dir_test(link_to_unreadable),
		dir_test(unreadable),
		dir_test(read_error),
		dir_test(repeated_objects),
		dir_test(vanishing_root),
		dir_test(root_comes_late),
		dir_test(root_is_link),
		dir_test(link_above),
		dir_test(vanishing_subdirectory),
		dir_test(reads_again_on_demand),
		dir_test(many_changes),
		dir_test(without_inotify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
