// SPDX-License-Identifier: GPL-2.0
/* Owns how parts are applied: together, or what the kernel takes of them. */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "base/log.h"
#include "kernel/config.h"
#include "kernel/show.h"
#include "kernel/sync.h"

/*
 * Commits of others that may come between before a sync gives up, to come back
 * with the next retry: each has all read again, while nothing else is done.
 */
#define TRIES 5

/* What was sent is refused, not for what is wrong with the sending. */
#define REFUSED 1	/* what is refused is left out from now on */
#define UNNAMED 2	/* nobody says which of the parts it is about */

/*
 * Every so many checks all is read: generations begin anew with a module that
 * is loaded anew, and may come to be the same.
 */
#define CHECKS_MAX 10

/* Refusals after which parts are no longer sent together. */
#define CULPRITS_MAX 16

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
	struct part_state *part = parts_want(&sync->parts, namespace, name,
					     state);

	problems_add_all(&sync->righted, &part->problems);
	problems_add_all(&sync->wrong, problems);
	problems_free(&part->problems);
	part->problems = *problems;
}

/** sync_report() - log what has become wrong with objects, and what right */
void sync_report(struct sync *sync)
{
	problems_sort(&sync->righted);
	problems_log(&sync->righted, &sync->wrong);
	problems_free(&sync->righted);
	problems_free(&sync->wrong);
}

/** sync_forget() - have the next sync read what the kernel has */
void sync_forget(struct sync *sync)
{
	sync->known = false;
}

static bool is_known(const struct sync *sync)
{
	return sync->known && sync->kernel.vsb &&
	       sync->connection == sync->kernel.connection;
}

/* Reads the kernel's state: what others have changed meanwhile is found. */
static int know(struct sync *sync)
{
	cleanup_by(state_put_variable) struct state *actual = NULL;
	bool had = sync->kernel.vsb;
	int err;

	if (is_known(sync))
		return 0;
	err = kernel_read(&sync->kernel, &actual, &sync->generation);
	/* A connection does not outlive the module that it was made to. */
	if (err == -ENOENT && had)
		err = kernel_read(&sync->kernel, &actual, &sync->generation);
	if (err)
		return err;
	parts_take_actual(&sync->parts, actual,
			  sync->connection != sync->kernel.connection);
	sync->known = true;
	sync->connection = sync->kernel.connection;
	sync->checks = 0;
	return 0;
}

static size_t count_objects(const struct diff *diff)
{
	size_t n = 0;

	for (size_t i = 0; i < diff->n; i++)
		n += diff->list[i].n ?: 1;
	return n;
}

/**
 * struct batch - parts that are sent as one change of state
 * @list: the parts
 * @n: how many
 */
struct batch {
	struct part_state **list;
	size_t n;
};

static void diff_batch(const struct batch *batch, struct diff *diff,
		       struct state *desired, struct state *actual)
{
	for (size_t i = 0; i < batch->n; i++) {
		state_add_all(desired, batch->list[i]->target);
		if (batch->list[i]->applied)
			state_add_all(actual, batch->list[i]->applied);
	}
	state_sort(desired);
	state_sort(actual);
	diff_add(diff, desired, actual);
}

/* The part that a change is of; NULL where it is any of several. */
static struct part_state *find_culprit(struct sync *sync,
				       const struct batch *batch,
				       const struct change *change)
{
	if (!change)
		return batch->n == 1 ? batch->list[0] : NULL;
	return parts_of_pool(&sync->parts, change->service ?
			     change->service->routes[0].pool :
			     change->pool->name);
}

static bool is_ipv6(const struct change *change)
{
	return (change->service ? change->service->family :
				  change->pool->family) == AF_INET6;
}

/* Where nobody else has committed a refusal is the batch's own. */
static int blame(struct sync *sync, const struct batch *batch,
		 const struct change *change, int refusal)
{
	autofree char *why = mem_strdup(sync->kernel.error);
	struct part_state *part;
	uint32_t generation;
	int err = kernel_generation(&sync->kernel, &generation);

	if (err || !is_known(sync) || generation != sync->generation)
		return err ?: -EAGAIN;
	part = find_culprit(sync, batch, change);
	if (!part)
		return UNNAMED;
	if (refusal == -EAFNOSUPPORT && change && is_ipv6(change) &&
	    !sync->parts.no_ipv6) {
		parts_refuse_ipv6(&sync->parts);
		return REFUSED;
	}
	parts_refuse(&sync->parts, part, change, why);
	sync->refused = true;
	return REFUSED;
}

/* Returns REFUSED or UNNAMED where something is refused. */
static int apply_batch(struct sync *sync, const struct batch *batch,
		       size_t *changed)
{
	cleanup_by(state_put_variable) struct state *desired = state_new();
	cleanup_by(state_put_variable) struct state *actual = state_new();
	cleanup_by(diff_free) struct diff diff = { 0 };
	long refused = KERNEL_NO_CHANGE;
	int err = 0;

	diff_batch(batch, &diff, desired, actual);
	if (diff.n)
		err = kernel_apply(&sync->kernel, &diff, &sync->generation,
				   &refused);
	if (err && refused != KERNEL_NO_CHANGE)
		return blame(sync, batch, refused == KERNEL_COMMIT ? NULL :
			     &diff.list[refused], err);
	if (err)
		return err;
	for (size_t i = 0; i < batch->n; i++)
		parts_finish(&sync->parts, batch->list[i]);
	*changed += count_objects(&diff);
	return 0;
}

/* Leaves out what is refused, one by one, as long as that is not too much. */
static int apply_without(struct sync *sync, const struct batch *batch,
			 int culprits, size_t *changed)
{
	int err;

	do
		err = apply_batch(sync, batch, changed);
	while (err == REFUSED && --culprits);
	return err;
}

/* Where much is refused, or nobody knows what: in halves, to single parts. */
static int apply_halves(struct sync *sync, const struct batch *batch,
			size_t *changed)
{
	const size_t n = batch->n / 2;
	struct batch halves[] = {
		{ batch->list, n }, { batch->list + n, batch->n - n },
	};
	int err = 0;

	/* One that is refused whole is left as it is: that is never refused. */
	if (batch->n == 1)
		return apply_without(sync, batch, INT_MAX, changed);
	for (size_t i = 0; !err && i < ARRAY_SIZE(halves); i++) {
		err = apply_batch(sync, &halves[i], changed);
		if (err > 0)
			err = apply_halves(sync, &halves[i], changed);
	}
	return err;
}

static int by_gain(const void *a, const void *b)
{
	struct part_state *const *left = a, *const *right = b;
	size_t l = (*left)->target->n_services;
	size_t r = (*right)->target->n_services;

	/* What goes makes place for what comes. */
	return (l > r) - (l < r);
}

static struct batch collect(const struct sync *sync)
{
	struct part_state *part;
	struct batch batch = { 0 };

	for (part = sync->parts.pending; part; part = part->next)
		batch.n++;
	batch.list = mem_array(batch.n, sizeof(*batch.list));
	batch.n = 0;
	for (part = sync->parts.pending; part; part = part->next)
		batch.list[batch.n++] = part;
	return batch;
}

static int apply_pending(struct sync *sync, size_t *changed)
{
	struct batch batch = collect(sync);
	int err = apply_without(sync, &batch, CULPRITS_MAX, changed);

	if (err > 0) {
		qsort(batch.list, batch.n, sizeof(*batch.list), by_gain);
		err = apply_halves(sync, &batch, changed);
	}
	free(batch.list);
	return err;
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

/* Settings are a commit as well: the only one, if it was the next. */
static void follow_generation(struct sync *sync)
{
	uint32_t generation;

	if (!kernel_generation(&sync->kernel, &generation) &&
	    is_known(sync) && generation == sync->generation + 1)
		sync->generation = generation;
	else
		sync_forget(sync);
}

static int set_config(struct sync *sync, const struct vsb_config *desired)
{
	struct vsb_config actual;
	int err = kernel_get_config(&sync->kernel, &actual);

	if (err || !config_differs(desired, &actual))
		return err;
	err = kernel_set_config(&sync->kernel, desired);
	if (err)
		return err;
	log_config(desired, &actual);
	follow_generation(sync);
	return 0;
}

/*
 * Before anything is served: node ports are to be where they should. But what
 * the node was like before does not keep endpoints from going.
 */
static int apply_config(struct sync *sync, const struct vsb_config *desired,
			struct problems *problems)
{
	int err;

	if (sync->has_config && !config_differs(desired, &sync->config))
		return 0;
	err = set_config(sync, desired);
	sync->has_config = !err;
	sync->config = *desired;
	sync->configured |= !err;
	if (!err || !sync->configured)
		return err;
	problems_add(problems, LOG_ERR, "%s", sync->kernel.error);
	return 0;
}

/* One try; what was made for what is no longer so is worth another. */
static int try_apply(struct sync *sync, const struct vsb_config *config,
		     bool whole, size_t *changed, struct problems *problems)
{
	bool fresh = !is_known(sync);
	int err;

	/* A module that was loaded anew has lost its settings, too. */
	if (fresh)
		sync->has_config = false;
	err = know(sync) ?: apply_config(sync, config, problems) ?: know(sync);
	if (err)
		return err;
	parts_set_targets(&sync->parts, whole);
	err = apply_pending(sync, changed);
	parts_settle(&sync->parts);
	if (!err)
		return 0;
	sync_forget(sync);
	return fresh ? err : -EAGAIN;
}

/* Others may commit in between, again and again. */
static int try_often(struct sync *sync, const struct vsb_config *config,
		     bool whole, size_t *changed, struct problems *problems)
{
	int err, tries = 0;

	do
		err = try_apply(sync, config, whole, changed, problems);
	while (err == -EAGAIN && ++tries < TRIES);
	return err;
}

/** sync_is_refused() - whether the kernel has not taken all */
bool sync_is_refused(const struct sync *sync)
{
	return sync->parts.n_refusals || !sync->has_config;
}

/**
 * sync_apply() - make the kernel's state the desired one
 * @sync: the sync
 * @config: the settings, as far as they are given
 * @whole: whether all objects are known; if not, what was found at the start
 *	and nobody has asked for is not deleted
 * @changed: where to store how many objects were changed
 * @problems: where to put what the kernel refuses
 *
 * Sends nothing where nothing differs. What the kernel refuses is left out;
 * it is tried again when it has changed, or what the kernel has is read again,
 * and once more at once where anything else has changed.
 *
 * Return: 0, or a negative errno value where the kernel is not in sync.
 */
int sync_apply(struct sync *sync, const struct vsb_config *config, bool whole,
	       size_t *changed, struct problems *problems)
{
	int err;

	*changed = 0;
	sync->refused = false;
	err = try_often(sync, config, whole, changed, problems);
	/* What has gone since may have been in the way. */
	if (!err && sync->refused && *changed) {
		sync_forget(sync);
		err = try_often(sync, config, whole, changed, problems);
	}
	parts_refusals(&sync->parts, problems);
	if (err)
		problems_add(problems, LOG_ERR, "%s is applied: %s",
			     *changed ? "not everything" : "nothing",
			     sync->kernel.error);
	return err ?: sync_is_refused(sync) ? -EINVAL : 0;
}

/**
 * sync_check() - find out whether anybody has changed anything
 * @sync: the sync
 *
 * Where somebody has, or nobody can say, the next sync reads all; and so it
 * does every so often, whatever anybody says.
 */
void sync_check(struct sync *sync)
{
	uint32_t generation;

	sync->has_config = false;
	if (++sync->checks == CHECKS_MAX ||
	    kernel_generation(&sync->kernel, &generation) ||
	    generation != sync->generation)
		sync_forget(sync);
}

/**
 * sync_preview() - print what sync_apply() would change
 * @sync: the sync
 * @whole: whether all objects are known
 * @desired: the settings
 * @out: where to
 *
 * Where the kernel's state can't be read, it counts as empty, with settings as
 * the module begins with.
 */
void sync_preview(struct sync *sync, bool whole,
		  const struct vsb_config *desired, FILE *out)
{
	cleanup_by(state_put_variable) struct state *to = state_new();
	cleanup_by(state_put_variable) struct state *from = state_new();
	cleanup_by(diff_free) struct diff diff = { 0 };
	struct vsb_config config;
	struct batch batch;

	if (know(sync) || kernel_get_config(&sync->kernel, &config)) {
		log_line(LOG_WARNING, "compared with an empty kernel: %s",
			 sync->kernel.error);
		config_default(&config);
	}
	parts_set_targets(&sync->parts, whole);
	batch = collect(sync);
	diff_batch(&batch, &diff, to, from);
	config_show(desired, &config, "~ setting ", out);
	show_diff(&diff, out);
	if (!diff.n && !config_differs(desired, &config))
		fputs("nothing to change\n", out);
	free(batch.list);
}

/** sync_free() - give back everything; the kernel's state stays in place */
void sync_free(struct sync *sync)
{
	parts_free(&sync->parts);
	kernel_close(&sync->kernel);
	problems_free(&sync->wrong);
	problems_free(&sync->righted);
}
