// SPDX-License-Identifier: GPL-2.0
/* Owns the way from what is desired to what is applied. */

#include <errno.h>
#include <search.h>
#include <string.h>
#include <syslog.h>

#include "base/log.h"
#include "kernel/config.h"
#include "kernel/show.h"
#include "kernel/sync.h"

/* Commits of others that may come between before a sync gives up. */
#define TRIES 20

/* Changes by others that are named in the log, each time they are found. */
#define NAMED_MAX 10

/**
 * struct part_state - what one Service comes to
 * @namespace: key
 * @name: key
 * @desired: what the kernel should have, held
 * @applied: what it has, held; NULL for nothing
 * @actual: while the kernel is read: what was found; NULL for nothing
 * @target: during a sync: what is sent, held
 * @problems: what is wrong with its objects
 * @refusal: what the kernel said of it; as long as it is the same it is not
 *	asked again, but now and then
 * @pending: whether it is in the list of these
 * @next: the next there
 */
struct part_state {
	char *namespace;
	char *name;
	struct state *desired;
	struct state *applied;
	struct state *actual;
	struct state *target;
	struct problems problems;
	char *refusal;
	bool pending;
	struct part_state *next;
};

static int by_name(const void *a, const void *b)
{
	const struct part_state *left = a, *right = b;

	return strcmp(left->namespace, right->namespace) ?:
	       strcmp(left->name, right->name);
}

static struct part_state *get_part(struct sync *sync, const char *namespace,
				   const char *name)
{
	const struct part_state key = {
		.namespace = (char *)namespace, .name = (char *)name,
	};
	struct part_state **node = tfind(&key, &sync->parts, by_name);
	struct part_state *part;

	if (node)
		return *node;
	part = mem_array(1, sizeof(*part));
	part->namespace = mem_strdup(namespace);
	part->name = mem_strdup(name);
	part->desired = state_new();
	tsearch(part, &sync->parts, by_name);
	return part;
}

static void free_part(void *data)
{
	struct part_state *part = data;

	state_put(part->desired);
	state_put(part->applied);
	state_put(part->actual);
	state_put(part->target);
	problems_free(&part->problems);
	free(part->refusal);
	free(part->namespace);
	free(part->name);
	free(part);
}

static bool is_empty(const struct state *state)
{
	return !state || (!state->n_pools && !state->n_services);
}

static void mark_pending(struct sync *sync, struct part_state *part)
{
	if (part->pending || part->refusal || part->desired == part->applied)
		return;
	part->pending = true;
	part->next = sync->pending;
	sync->pending = part;
}

static void set_refusal(struct sync *sync, struct part_state *part,
			const char *refusal)
{
	sync->n_refused -= !!part->refusal;
	free(part->refusal);
	part->refusal = refusal ? mem_strdup(refusal) : NULL;
	sync->n_refused += !!part->refusal;
}

/**
 * sync_want() - say what a Service comes to
 * @sync: the sync
 * @namespace: of the Service
 * @name: of the Service
 * @state: what it comes to, taken over
 * @problems: what is wrong with its objects, taken over
 */
void sync_want(struct sync *sync, const char *namespace, const char *name,
	       struct state *state, struct problems *problems)
{
	struct part_state *part = get_part(sync, namespace, name);

	problems_add_all(&sync->righted, &part->problems);
	problems_add_all(&sync->wrong, problems);
	problems_free(&part->problems);
	part->problems = *problems;
	state_put(part->desired);
	part->desired = state;
	set_refusal(sync, part, NULL);
	mark_pending(sync, part);
}

/** sync_report() - log what has become wrong with objects, and what right */
void sync_report(struct sync *sync)
{
	problems_sort(&sync->righted);
	problems_log(&sync->righted, &sync->wrong);
	problems_free(&sync->righted);
	problems_free(&sync->wrong);
}

static void count(struct sync *sync, const struct state *state, size_t sign)
{
	if (!state)
		return;
	sync->applied.services += sign * state->n_services;
	sync->applied.pools += sign * state->n_pools;
	sync->applied.backends += sign * state->n_backends;
}

/* Takes a hold on @state. */
static void set_applied(struct sync *sync, struct part_state *part,
			struct state *state)
{
	if (state)
		state_get(state);
	count(sync, part->applied, (size_t)-1);
	count(sync, state, 1);
	state_put(part->applied);
	part->applied = state;
}

/** sync_forget() - have the next sync read what the kernel has */
void sync_forget(struct sync *sync)
{
	sync->known = false;
}

/** sync_is_due() - whether there is anything to apply, or to find out */
bool sync_is_due(const struct sync *sync)
{
	return !sync->known || sync->pending;
}

/* Of "namespace/name:port/tcp/4"; others may have named pools otherwise. */
static struct part_state *part_of_pool(struct sync *sync, const char *pool)
{
	const char *name = strchr(pool, '/');
	char namespace[VSB_NAME_MAX + 1] = "";
	char bare[VSB_NAME_MAX + 1];
	size_t len;

	name = name ? name + 1 : pool;
	len = (size_t)(name - pool);
	if (len)
		memcpy(namespace, pool, len - 1);
	namespace[len ? len - 1 : 0] = '\0';
	len = strcspn(name, ":/");
	memcpy(bare, name, len);
	bare[len] = '\0';
	return get_part(sync, namespace, bare);
}

static struct state *actual_of(struct part_state *part)
{
	if (!part->actual)
		part->actual = state_new();
	return part->actual;
}

static void divide(struct sync *sync, const struct state *actual)
{
	const struct service *service;
	const struct pool *pool;

	for (size_t i = 0; i < actual->n_pools; i++) {
		pool = &actual->pools[i];
		state_copy_pool(actual_of(part_of_pool(sync, pool->name)),
				actual, pool);
	}
	for (size_t i = 0; i < actual->n_services; i++) {
		service = &actual->services[i];
		state_copy_service(actual_of(part_of_pool(sync,
							  service->routes[0].pool)),
				   actual, service);
	}
}

static bool same(const struct state *a, const struct state *b)
{
	if (is_empty(a) || is_empty(b))
		return is_empty(a) && is_empty(b);
	return state_same(a, b);
}

static void diff_parts(struct diff *diff, const struct state *desired,
		       const struct state *actual)
{
	cleanup_by(state_put_variable) struct state *nothing = state_new();

	diff_add(diff, desired ?: nothing, actual ?: nothing);
}

static void log_intrusion(const struct state *ours, const struct state *found)
{
	cleanup_by(diff_free) struct diff diff = { 0 };
	char name[SHOW_NAME_MAX];

	diff_parts(&diff, found, ours);
	for (size_t i = 0; i < diff.n && i < NAMED_MAX; i++)
		log_line(LOG_WARNING,
			 "somebody else has changed this, which is put right: %s",
			 show_name(&diff.list[i], name));
	if (diff.n > NAMED_MAX)
		log_line(LOG_WARNING, "and %zu more", diff.n - NAMED_MAX);
}

static void compare_part(struct sync *sync, struct part_state *part)
{
	struct state *actual = part->actual;

	if (actual)
		state_sort(actual);
	part->actual = NULL;
	if (!same(part->applied, actual) || !part->applied) {
		if (sync->read)
			log_intrusion(part->applied, actual);
		set_applied(sync, part, same(part->desired, actual) ?
					part->desired : actual);
	}
	state_put(actual);
	set_refusal(sync, part, NULL);
	mark_pending(sync, part);
}

static void compare_node(const void *node, VISIT visit, void *arg)
{
	if (visit == postorder || visit == leaf)
		compare_part(arg, *(struct part_state *const *)node);
}

/* Reads the kernel's state: what others have changed meanwhile is found. */
static int know(struct sync *sync)
{
	cleanup_by(state_put_variable) struct state *actual = NULL;
	int err;

	if (sync->known)
		return 0;
	err = kernel_read(&sync->kernel, &actual, &sync->generation);
	if (err)
		return err;
	divide(sync, actual);
	twalk_r(sync->parts, compare_node, sync);
	sync->known = true;
	sync->read = true;
	return 0;
}

/*
 * As long as there are objects that nobody could ever read, what the kernel
 * has and nothing else asks for may be theirs.
 */
static void set_targets(struct sync *sync, bool whole)
{
	cleanup_by(state_put_variable) struct state *taken = state_new();
	struct part_state *part;

	for (part = sync->pending; part; part = part->next) {
		state_put(part->target);
		part->target = state_get(part->desired);
		if (!whole)
			state_add_all(taken, part->desired);
	}
	if (whole)
		return;
	state_sort(taken);
	for (part = sync->pending; part; part = part->next) {
		if (!part->applied)
			continue;
		state_put(part->target);
		part->target = state_keep(part->desired, part->applied, taken);
	}
}

static size_t count_objects(const struct diff *diff)
{
	size_t n = 0;

	for (size_t i = 0; i < diff->n; i++)
		n += diff->list[i].n ?: 1;
	return n;
}

/* A part that is applied is done, and one that is empty then is over. */
static void finish(struct sync *sync, struct part_state *part)
{
	set_applied(sync, part, part->target);
	state_put(part->target);
	part->target = NULL;
}

static void drop_finished(struct sync *sync)
{
	struct part_state *part, *next;

	part = sync->pending;
	sync->pending = NULL;
	for (; part; part = next) {
		next = part->next;
		part->pending = false;
		mark_pending(sync, part);
		if (part->pending || part->refusal ||
		    !is_empty(part->applied) || part->problems.n)
			continue;
		set_applied(sync, part, NULL);
		tdelete(part, &sync->parts, by_name);
		free_part(part);
	}
}

/* All pending parts as one change of state. */
static void diff_pending(const struct sync *sync, struct diff *diff,
			 struct state *desired, struct state *actual)
{
	const struct part_state *part;

	for (part = sync->pending; part; part = part->next) {
		state_add_all(desired, part->target);
		if (part->applied)
			state_add_all(actual, part->applied);
	}
	state_sort(desired);
	state_sort(actual);
	diff_add(diff, desired, actual);
}

static int apply_all(struct sync *sync, size_t *changed, long *refused)
{
	cleanup_by(state_put_variable) struct state *desired = state_new();
	cleanup_by(state_put_variable) struct state *actual = state_new();
	cleanup_by(diff_free) struct diff diff = { 0 };
	struct part_state *part;
	int err = 0;

	*refused = -1;
	diff_pending(sync, &diff, desired, actual);
	if (diff.n)
		err = kernel_apply(&sync->kernel, &diff, &sync->generation,
				   refused);
	if (err)
		return err;
	for (part = sync->pending; part; part = part->next)
		finish(sync, part);
	*changed += count_objects(&diff);
	return 0;
}

/**
 * struct queue - parts that are applied one behind the other
 * @list: the parts
 * @n: how many
 * @ends: for each, the number of changes up to its last
 */
struct queue {
	struct part_state **list;
	size_t n;
	size_t *ends;
};

/* Sends the first @n of them, as one transaction. */
static int apply_some(struct sync *sync, const struct queue *queue, size_t n,
		      size_t *changed, long *refused)
{
	cleanup_by(diff_free) struct diff diff = { 0 };
	int err = 0;

	*refused = -1;
	for (size_t i = 0; i < n; i++) {
		diff_parts(&diff, queue->list[i]->target,
			   queue->list[i]->applied);
		queue->ends[i] = diff.n;
	}
	if (diff.n)
		err = kernel_apply(&sync->kernel, &diff, &sync->generation,
				   refused);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		finish(sync, queue->list[i]);
	*changed += count_objects(&diff);
	return 0;
}

static size_t find_refused(const struct queue *queue, long refused)
{
	size_t i = 0;

	while (queue->ends[i] <= (size_t)refused)
		i++;
	return i;
}

/*
 * Applies what the kernel takes. What comes before a part that it refuses is
 * sent once more, so each part is sent twice at most. Returns how many it
 * refused; these are moved to the front of the list.
 */
static int narrow_once(struct sync *sync, struct queue *all, size_t *changed,
		       size_t *n_refused)
{
	struct queue rest = *all;
	size_t bad;
	long refused;
	int err;

	*n_refused = 0;
	while (rest.n) {
		err = apply_some(sync, &rest, rest.n, changed, &refused);
		if (!err)
			return 0;
		if (refused < 0)
			return err;
		bad = find_refused(&rest, refused);
		set_refusal(sync, rest.list[bad], sync->kernel.error);
		err = apply_some(sync, &rest, bad, changed, &refused);
		if (err)
			return err;
		all->list[(*n_refused)++] = rest.list[bad];
		rest.list += bad + 1;
		rest.n -= bad + 1;
	}
	return 0;
}

static int by_size(const void *a, const void *b)
{
	struct part_state *const *left = a, *const *right = b;

	/* What only goes may make place for what comes. */
	return (!is_empty((*left)->target) - !is_empty((*right)->target)) ?:
	       by_name(*left, *right);
}

static struct queue queue_pending(const struct sync *sync)
{
	struct part_state *part;
	struct queue queue = { 0 };

	for (part = sync->pending; part; part = part->next)
		queue.n++;
	queue.list = mem_array(queue.n, sizeof(*queue.list));
	queue.ends = mem_array(queue.n, sizeof(*queue.ends));
	queue.n = 0;
	for (part = sync->pending; part; part = part->next)
		queue.list[queue.n++] = part;
	if (queue.n)
		qsort(queue.list, queue.n, sizeof(*queue.list), by_size);
	return queue;
}

/* One that is refused may fit when another has gone: as long as it helps. */
static int narrow(struct sync *sync, size_t *changed)
{
	struct queue queue = queue_pending(sync);
	size_t n_refused = queue.n;
	int err;

	do {
		queue.n = n_refused;
		for (size_t i = 0; i < queue.n; i++)
			set_refusal(sync, queue.list[i], NULL);
		err = narrow_once(sync, &queue, changed, &n_refused);
	} while (!err && n_refused && n_refused < queue.n);
	free(queue.list);
	free(queue.ends);
	return err;
}

/* One try; what was made for what is no longer so is worth another. */
static int try_apply(struct sync *sync, bool whole, size_t *changed)
{
	bool fresh = !sync->known;
	long refused;
	int err = know(sync);

	if (err)
		return err;
	set_targets(sync, whole);
	err = apply_all(sync, changed, &refused);
	if (err && err != -EAGAIN && fresh && refused >= 0)
		err = narrow(sync, changed);
	else if (err && !fresh)
		err = -EAGAIN;
	if (err)
		sync_forget(sync);
	drop_finished(sync);
	return err;
}

static void note_refusal(const void *node, VISIT visit, void *arg)
{
	const struct part_state *part = *(struct part_state *const *)node;

	if ((visit == postorder || visit == leaf) && part->refusal)
		problems_add(arg, LOG_ERR,
			     "Service %s/%s is not applied, others are: %s",
			     part->namespace, part->name, part->refusal);
}

/**
 * sync_apply() - make the kernel's state the desired one
 * @sync: the sync
 * @whole: whether all objects are known; if not, nothing is deleted
 * @changed: where to store how many objects were changed
 * @problems: where to put what the kernel refuses
 *
 * Sends nothing where nothing differs. Where the kernel refuses some parts
 * the others are applied; these are tried again when they have changed, or
 * what the kernel has is read again.
 *
 * Return: 0, or a negative errno value where the kernel is not in sync.
 */
int sync_apply(struct sync *sync, bool whole, size_t *changed,
	       struct problems *problems)
{
	int err, tries = 0;

	*changed = 0;
	do
		err = try_apply(sync, whole, changed);
	while (err == -EAGAIN && ++tries < TRIES);
	if (sync->n_refused)
		twalk_r(sync->parts, note_refusal, problems);
	if (err)
		problems_add(problems, LOG_ERR, "nothing is applied: %s",
			     sync->kernel.error);
	return err ?: sync->n_refused ? -EINVAL : 0;
}

static void log_config(const struct vsb_config *desired,
		       const struct vsb_config *actual)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	char *line, *rest;

	if (!out)
		return;
	config_show(desired, actual, "setting ", out);
	fclose(out);
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		log_line(LOG_INFO, "%s", line);
}

/**
 * sync_config() - make the kernel's settings the desired ones
 * @sync: the sync
 * @desired: those that are given
 *
 * Return: 0, or a negative errno value with the kernel's error set.
 */
int sync_config(struct sync *sync, const struct vsb_config *desired)
{
	struct vsb_config actual;
	int err = kernel_get_config(&sync->kernel, &actual);

	if (err || !config_differs(desired, &actual))
		return err;
	err = kernel_set_config(&sync->kernel, desired);
	if (!err)
		log_config(desired, &actual);
	return err;
}

/**
 * sync_check() - find out whether anybody has changed anything
 * @sync: the sync
 *
 * Where somebody has, the next sync reads the kernel's state.
 *
 * Return: 0, or a negative errno value with the kernel's error set.
 */
int sync_check(struct sync *sync)
{
	uint32_t generation;
	int err = kernel_generation(&sync->kernel, &generation);

	if (err || generation != sync->generation)
		sync_forget(sync);
	return err;
}

/**
 * sync_preview() - print what sync_apply() and sync_config() would change
 * @sync: the sync
 * @whole: whether all objects are known
 * @desired: the settings
 * @out: where to
 *
 * Where the kernel's state can't be read, it counts as empty.
 */
void sync_preview(struct sync *sync, bool whole,
		  const struct vsb_config *desired, FILE *out)
{
	cleanup_by(state_put_variable) struct state *to = state_new();
	cleanup_by(state_put_variable) struct state *from = state_new();
	cleanup_by(diff_free) struct diff diff = { 0 };
	struct vsb_config config = { 0 };

	if (know(sync) || kernel_get_config(&sync->kernel, &config))
		log_line(LOG_WARNING, "compared with an empty kernel: %s",
			 sync->kernel.error);
	set_targets(sync, whole);
	diff_pending(sync, &diff, to, from);
	config_show(desired, &config, "~ setting ", out);
	show_diff(&diff, out);
	if (!diff.n && !config_differs(desired, &config))
		fputs("nothing to change\n", out);
}

/** sync_free() - give back everything; the kernel's state stays in place */
void sync_free(struct sync *sync)
{
	tdestroy(sync->parts, free_part);
	kernel_close(&sync->kernel);
	problems_free(&sync->wrong);
	problems_free(&sync->righted);
}
