// SPDX-License-Identifier: GPL-2.0
/*
 * Owns transactions of vsbadm: one change, or the lines of a script, which is
 * read and parsed whole before the kernel hears of it.
 */
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

/* Parses the next line, over the last one; *more is false at the end. */
static int next_change(struct lines *lines, struct change *change, bool *more)
{
	int status;

	change_free(change);
	status = lines_next(lines, more);
	if (status || !*more)
		return status;
	status = line_parse_change(lines->argc, lines->argv, change);

	return status ? lines_blame(lines, status) : 0;
}

/**
 * struct place - where a change of the transaction comes from
 * @call: the first libvsb call that it made
 * @line: its line
 */
struct place {
	long call;
	unsigned int line;
};

/**
 * struct plan - what is to be done
 * @session: where
 * @lines: the script
 * @guard: services that there are
 * @places: of the changes that were made
 * @n: how many
 */
struct plan {
	struct session *session;
	struct lines *lines;
	struct guard *guard;
	struct place *places;
	size_t n;
};

/* Calls of libvsb that a change makes; make_change() has the other side. */
static int n_calls(const struct change *change)
{
	return change->noun == NOUN_VIRTUAL && change->verb != VERB_CHANGE ?
		2 : 1;
}

/* Stages all lines; negative where libvsb refused. */
static int stage(struct plan *plan, long call)
{
	cleanup_change struct change change = { .ranges = NULL };
	bool more;
	int err;

	lines_rewind(plan->lines);
	for (;;) {
		err = next_change(plan->lines, &change, &more);
		if (err || !more)
			return err;
		err = check_scheduler(plan->session, &change) ?:
		      guard_check(plan->guard, &change);
		if (err)
			return lines_blame(plan->lines, err);

		plan->places[plan->n++] = (struct place){
			.call = call,
			.line = plan->lines->number,
		};
		call += n_calls(&change);
		err = make_change(plan->session, &change);
		if (err)
			return err;
	}
}

static int stage_all(struct plan *plan)
{
	struct session *session = plan->session;
	long call = 0;
	int err;

	if (session->options.replace) {
		err = vsb_flush(session->vsb, session->options.owner);
		if (err)
			return err;
		call = 1;
	}

	return stage(plan, call);
}

/* Tells whose line the refused call was. */
static int refused_line(struct plan *plan)
{
	long call = vsb_failed_change(plan->session->vsb);
	cleanup_change struct change change = { .ranges = NULL };
	char what[1024], line[2048];
	bool more = true;
	size_t i = plan->n;

	while (i && plan->places[i - 1].call > call)
		i--;
	if (call < 0 || !i)
		return session_refused(plan->session, NULL);

	lines_rewind(plan->lines);
	while (more && plan->lines->number != plan->places[i - 1].line)
		next_change(plan->lines, &change, &more);
	describe(what, sizeof(what), &change);
	snprintf(line, sizeof(line), "line %u: %s", plan->lines->number,
		 what);

	return session_refused(plan->session, line);
}

static int run_plan(struct plan *plan)
{
	struct vsb *vsb = plan->session->vsb;
	int err;

	err = vsb_begin(vsb);
	if (err)
		return session_refused(plan->session, NULL);

	err = stage_all(plan);
	if (err) {
		vsb_abort(vsb);
		return err < 0 ? refused_line(plan) : err;
	}
	err = vsb_commit(vsb, NULL, NULL);

	return err ? refused_line(plan) : 0;
}

/* Goes over all lines: how many changes, and whether ipvsadm's are there. */
static int check_lines(struct lines *lines, size_t *n, bool *guarded)
{
	cleanup_change struct change change = { .ranges = NULL };
	bool more;
	int status;

	*n = 0;
	*guarded = false;
	for (;;) {
		status = next_change(lines, &change, &more);
		if (status || !more)
			return status;
		++*n;
		*guarded |= change.noun == NOUN_REAL ||
			    change.noun == NOUN_VIRTUAL;
	}
}

static int run_lines(const struct options *options, struct lines *lines,
		     size_t n, bool guarded)
{
	struct session session;
	struct plan plan = { .session = &session, .lines = lines };
	int status;

	plan.places = calloc(n + 1, sizeof(*plan.places));
	if (!plan.places)
		return complain(EXIT_REFUSED, "out of memory");

	status = session_open(&session, options);

	/* What is replaced does not stand in the way. */
	if (!status && guarded && !options->replace)
		status = guard_load(&session, NULL, &plan.guard);
	if (!status)
		status = run_plan(&plan);

	session_close(&session);
	guard_free(plan.guard);
	free(plan.places);

	return status;
}

/**
 * run_script() - make the changes that a file says, all or none
 * @options: of the command line
 * @path: the file, "-" for the standard input
 *
 * Return: 0 or an exit code, after complaining.
 */
int run_script(const struct options *options, const char *path)
{
	cleanup_lines struct lines lines = { .text = NULL };
	bool guarded;
	size_t n;
	int status;

	status = lines_read(&lines, path);
	if (!status)
		status = check_lines(&lines, &n, &guarded);

	return status ? status : run_lines(options, &lines, n, guarded);
}

static int commit_one(struct session *session, struct change *change)
{
	int err;

	err = vsb_begin(session->vsb);
	if (err)
		return err;

	/* A refusal stays with the transaction, and commit tells of it. */
	make_change(session, change);

	return vsb_commit(session->vsb, NULL, NULL);
}

static int check_one(struct session *session, const struct change *change,
		     struct guard **guard)
{
	if (check_scheduler(session, change))
		return EXIT_REFUSED;
	if (change->noun != NOUN_REAL && change->noun != NOUN_VIRTUAL)
		return 0;

	return guard_load(session, change, guard) ?:
	       guard_check(*guard, change);
}

/**
 * run_change() - make one change
 * @options: of the command line
 * @change: the change
 *
 * Return: 0 or an exit code, after complaining.
 */
int run_change(const struct options *options, struct change *change)
{
	struct guard *guard = NULL;
	struct session session;
	char what[1024];
	int status;

	status = session_open(&session, options);
	if (!status)
		status = check_one(&session, change, &guard);
	if (!status && commit_one(&session, change)) {
		describe(what, sizeof(what), change);
		status = session_refused(&session, what);
	}

	session_close(&session);
	guard_free(guard);

	return status;
}
