// SPDX-License-Identifier: GPL-2.0
/* Owns the parts: what is desired, what is applied, what is in between. */

#include <search.h>
#include <string.h>
#include <syslog.h>

#include "base/log.h"
#include "kernel/parts.h"
#include "kernel/show.h"

/* Changes by others that are named in the log, each time they are found. */
#define NAMED_MAX 10

static int by_name(const void *a, const void *b)
{
	const struct part_state *left = a, *right = b;

	return strcmp(left->namespace, right->namespace) ?:
	       strcmp(left->name, right->name);
}

static struct part_state *get_part(struct parts *parts, const char *namespace,
				   const char *name)
{
	const struct part_state key = {
		.namespace = (char *)namespace, .name = (char *)name,
	};
	struct part_state **node = tfind(&key, &parts->tree, by_name);
	struct part_state *part;

	if (node)
		return *node;
	part = mem_array(1, sizeof(*part));
	part->namespace = mem_strdup(namespace);
	part->name = mem_strdup(name);
	part->desired = state_new();
	tsearch(part, &parts->tree, by_name);
	return part;
}

static void free_part(void *data)
{
	struct part_state *part = data;

	state_put(part->desired);
	state_put(part->applied);
	state_put(part->found);
	state_put(part->actual);
	state_put(part->target);
	problems_free(&part->problems);
	refusals_free(&part->refusals);
	free(part->namespace);
	free(part->name);
	free(part);
}

static bool is_empty(const struct state *state)
{
	return !state || (!state->n_pools && !state->n_services);
}

static void mark_pending(struct parts *parts, struct part_state *part)
{
	if (part->pending || part->waits || part->desired == part->applied)
		return;
	part->pending = true;
	part->next = parts->pending;
	parts->pending = part;
}

/* Forgets refusals of what is no longer asked for as it was. */
static void prune_refusals(struct parts *parts, struct part_state *part,
			   const struct state *before)
{
	size_t n = part->refusals.n;

	refusals_prune(&part->refusals, before, part->desired);
	parts->n_refusals -= n - part->refusals.n;
	part->waits = false;
}

/* What nobody has asked for of it. */
static void set_found(struct parts *parts, struct part_state *part,
		      const struct state *state)
{
	struct state *found = state_without(state, part->desired);

	state_put(part->found);
	part->found = found;
	parts->has_found = true;
}

/**
 * parts_want() - say what a Service comes to
 * @parts: all parts
 * @namespace: of the Service
 * @name: of the Service
 * @state: what it comes to, taken over
 *
 * Return: the part, until the next parts_settle().
 */
struct part_state *parts_want(struct parts *parts, const char *namespace,
			      const char *name, struct state *state)
{
	struct part_state *part = get_part(parts, namespace, name);
	struct state *before = part->desired;

	part->desired = state;
	prune_refusals(parts, part, before);
	state_put(before);
	if (part->found)
		set_found(parts, part, part->found);
	mark_pending(parts, part);
	return part;
}

static void count(struct parts *parts, const struct state *state, size_t sign)
{
	if (!state)
		return;
	parts->total.services += sign * state->n_services;
	parts->total.pools += sign * state->n_pools;
	parts->total.backends += sign * state->n_backends;
}

/* Takes a hold on @state. */
static void set_applied(struct parts *parts, struct part_state *part,
			struct state *state)
{
	if (state)
		state_get(state);
	count(parts, part->applied, (size_t)-1);
	count(parts, state, 1);
	state_put(part->applied);
	part->applied = state;
}

/**
 * parts_of_pool() - find the part that a pool is of
 * @parts: all parts
 * @pool: the pool's name, "namespace/name:port/tcp/4"; somebody else who used
 *	our owner's name may have called it otherwise
 */
struct part_state *parts_of_pool(struct parts *parts, const char *pool)
{
	const char *slash = strchr(pool, '/');
	const char *name = slash ? slash + 1 : pool;
	autofree char *namespace = mem_printf("%.*s", slash ?
					      (int)(slash - pool) : 0, pool);
	autofree char *bare = mem_printf("%.*s", (int)strcspn(name, ":/"),
					 name);

	return get_part(parts, namespace, bare);
}

static struct state *actual_of(struct part_state *part)
{
	if (!part->actual)
		part->actual = state_new();
	return part->actual;
}

static void divide(struct parts *parts, const struct state *actual)
{
	const struct service *service;
	struct part_state *part;

	for (size_t i = 0; i < actual->n_pools; i++) {
		part = parts_of_pool(parts, actual->pools[i].name);
		state_copy_pool(actual_of(part), actual, &actual->pools[i]);
	}
	for (size_t i = 0; i < actual->n_services; i++) {
		service = &actual->services[i];
		part = parts_of_pool(parts, service->routes[0].pool);
		state_copy_service(actual_of(part), actual, service);
	}
}

static bool same(const struct state *a, const struct state *b)
{
	if (is_empty(a) || is_empty(b))
		return is_empty(a) && is_empty(b);
	return state_same(a, b);
}

static void log_intrusion(struct parts *parts, const struct state *ours,
			  const struct state *found)
{
	cleanup_by(state_put_variable) struct state *nothing = state_new();
	cleanup_by(diff_free) struct diff diff = { 0 };
	char name[SHOW_NAME_MAX];

	diff_add(&diff, found ?: nothing, ours ?: nothing);
	for (size_t i = 0; i < diff.n; i++)
		if (parts->intrusions++ < NAMED_MAX && !parts->reloaded)
			log_line(LOG_WARNING,
				 "somebody else has changed this, which is put right: %s",
				 show_name(&diff.list[i], name));
}

static void compare_part(struct parts *parts, struct part_state *part)
{
	struct state *actual = part->actual;

	part->actual = NULL;
	if (actual)
		state_sort(actual);
	prune_refusals(parts, part, NULL);
	if (!same(part->applied, actual)) {
		if (parts->seen)
			log_intrusion(parts, part->applied, actual);
		else
			set_found(parts, part, actual);
		set_applied(parts, part, same(part->desired, actual) ?
			    part->desired : actual);
	}
	state_put(actual);
	mark_pending(parts, part);
}

static void compare_node(const void *node, VISIT visit, void *arg)
{
	if (visit == postorder || visit == leaf)
		compare_part(arg, *(struct part_state *const *)node);
}

/**
 * parts_take_actual() - take what the kernel has for what is applied
 * @parts: all parts
 * @actual: what the kernel has
 * @anew: whether the module may be another than before
 *
 * Where that is another than it was, somebody else has changed it.
 */
void parts_take_actual(struct parts *parts, const struct state *actual,
		       bool anew)
{
	divide(parts, actual);
	parts->intrusions = 0;
	parts->reloaded = anew && is_empty(actual);
	parts->no_ipv6 = false;
	twalk_r(parts->tree, compare_node, parts);
	if (parts->intrusions && parts->reloaded)
		log_line(LOG_WARNING,
			 "the module has lost all, as when it is loaded anew; it gets it again");
	else if (parts->intrusions > NAMED_MAX)
		log_line(LOG_WARNING, "and %zu more changes of somebody else",
			 parts->intrusions - NAMED_MAX);
	parts->seen = true;
}

static void set_target(struct part_state *part, struct state *target)
{
	state_put(part->target);
	part->target = target;
}

static bool has_ipv6(const struct state *state)
{
	for (size_t i = 0; i < state->n_pools; i++)
		if (state->pools[i].family == AF_INET6)
			return true;
	return false;
}

static bool lacks_ipv6(const struct parts *parts,
		       const struct part_state *part)
{
	return parts->no_ipv6 && has_ipv6(part->desired);
}

static void leave_out_refused(const struct parts *parts,
			      struct part_state *part)
{
	if (!part->target)
		return;
	if (lacks_ipv6(parts, part))
		set_target(part, state_only(part->target, AF_INET));
	if (part->refusals.n)
		set_target(part, refusals_filter(&part->refusals,
						 part->target,
						 part->applied));
}

static void forget_found(const void *node, VISIT visit, void *arg)
{
	struct part_state *part = *(struct part_state *const *)node;

	if ((visit != postorder && visit != leaf) || !part->found)
		return;
	state_put(part->found);
	part->found = NULL;
	/* It is to be sent without, whatever else of it is refused. */
	part->waits = false;
	mark_pending(arg, part);
}

/**
 * parts_set_targets() - decide what is sent of pending parts
 * @parts: all parts
 * @whole: whether all objects are known; if not, what was found in the kernel
 *	and nobody has asked for is kept
 */
void parts_set_targets(struct parts *parts, bool whole)
{
	cleanup_by(state_put_variable) struct state *taken = state_new();
	struct part_state *part;

	if (whole && parts->has_found)
		twalk_r(parts->tree, forget_found, parts);
	parts->has_found &= !whole;
	for (part = parts->pending; part; part = part->next) {
		set_target(part, state_get(part->desired));
		state_add_all(taken, part->desired);
	}
	state_sort(taken);
	for (part = parts->pending; part; part = part->next) {
		if (part->found)
			set_target(part, state_keep(part->desired, part->found,
						    taken));
		leave_out_refused(parts, part);
	}
}

/** parts_finish() - take note that a part's target is applied */
void parts_finish(struct parts *parts, struct part_state *part)
{
	set_applied(parts, part, part->target);
	set_target(part, NULL);
	part->waits = part->refusals.n || lacks_ipv6(parts, part);
}

static bool is_over(const struct part_state *part)
{
	return !part->pending && !part->waits && is_empty(part->applied) &&
	       is_empty(part->found) && !part->problems.n;
}

/** parts_settle() - forget what is done after a sync, and what is over */
void parts_settle(struct parts *parts)
{
	struct part_state *part = parts->pending, *next;

	parts->pending = NULL;
	for (; part; part = next) {
		next = part->next;
		part->pending = false;
		mark_pending(parts, part);
		if (!is_over(part))
			continue;
		set_applied(parts, part, NULL);
		tdelete(part, &parts->tree, by_name);
		free_part(part);
	}
}

/**
 * parts_refuse() - take note of what the kernel does not take
 * @parts: all parts
 * @part: whose it is
 * @change: what was to change, or NULL where nobody knows
 * @text: why
 *
 * It is left out of what is sent of a part that is pending.
 */
void parts_refuse(struct parts *parts, struct part_state *part,
		  const struct change *change, const char *text)
{
	refusals_add(&part->refusals, change, text);
	parts->n_refusals++;
	leave_out_refused(parts, part);
}

/**
 * parts_refuse_ipv6() - leave IPv6 out, until the kernel is read again
 * @parts: all parts
 */
void parts_refuse_ipv6(struct parts *parts)
{
	struct part_state *part;

	parts->no_ipv6 = true;
	for (part = parts->pending; part; part = part->next)
		leave_out_refused(parts, part);
}

static void note_refusals(const void *node, VISIT visit, void *arg)
{
	const struct part_state *part = *(struct part_state *const *)node;
	const struct refusal *list = part->refusals.list;

	if (visit != postorder && visit != leaf)
		return;
	for (size_t i = 0; i < part->refusals.n; i++)
		problems_add(arg, LOG_ERR,
			     list[i].how_much == REFUSED_CHANGE ?
			     "Service %s/%s is applied but for this: %s" :
			     "Service %s/%s is not applied, others are: %s",
			     part->namespace, part->name, list[i].text);
}

/** parts_refusals() - say what the kernel does not take, and why */
void parts_refusals(const struct parts *parts, struct problems *problems)
{
	if (parts->no_ipv6)
		problems_add(problems, LOG_WARNING,
			     "the kernel has IPv6 switched off: addresses of IPv6 are not served");
	if (parts->n_refusals)
		twalk_r(parts->tree, note_refusals, problems);
}

void parts_free(struct parts *parts)
{
	tdestroy(parts->tree, free_part);
}
