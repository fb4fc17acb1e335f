// SPDX-License-Identifier: GPL-2.0
/*
 * Owns apply: an owner's state is made that of a file, in one transaction of
 * nothing but what differs.
 */
#include <string.h>

#include "vsbadm.h"

/* Somebody else may commit meanwhile. */
#define TRIES	20

/**
 * struct attempt - one time of trying
 * @session: where
 * @there: what the kernel has
 * @wanted: what it is to have
 * @generation: that of @there
 * @failed: which change was refused, counted down to it
 * @what: what that was about
 */
struct attempt {
	struct session *session;
	struct state there, wanted;
	uint32_t generation;
	long failed;
	char what[1024];
};

static int each_change(struct attempt *attempt,
		       int (*each)(struct change *change, void *arg))
{
	return diff_state(&attempt->wanted, &attempt->there,
			  attempt->session->options.owner, each, attempt);
}

static int make_one(struct change *change, void *arg)
{
	struct attempt *attempt = arg;

	return make_change(attempt->session, change);
}

/* Each change of a diff is one call of libvsb. */
static int look_for_failed(struct change *change, void *arg)
{
	struct attempt *attempt = arg;

	if (attempt->failed--)
		return 0;
	describe(attempt->what, sizeof(attempt->what), change);

	return 1;
}

static int refused(struct attempt *attempt)
{
	bool found;

	attempt->failed = vsb_failed_change(attempt->session->vsb);
	found = attempt->failed >= 0 &&
		each_change(attempt, look_for_failed) == 1;

	return session_refused(attempt->session, found ? attempt->what : NULL);
}

static int commit(struct attempt *attempt)
{
	struct vsb *vsb = attempt->session->vsb;
	int status;

	if (vsb_begin(vsb))
		return session_refused(attempt->session, NULL);

	status = each_change(attempt, make_one);
	if (status) {
		status = status < 0 ? refused(attempt) : status;
		vsb_abort(vsb);
		return status;
	}

	return vsb_commit(vsb, &attempt->generation, NULL) ? refused(attempt) :
							     0;
}

/* Whether somebody else has changed what the attempt was made for. */
static bool is_overtaken(struct attempt *attempt)
{
	struct session *session = attempt->session;

	return !vsb_info_get(session->vsb, &session->info) &&
	       session->info.generation != attempt->generation;
}

static int try_once(struct session *session, struct desired *desired,
		    bool *overtaken)
{
	struct attempt attempt = { .session = session };
	int status;

	status = state_load(session, NULL, &attempt.there, true);
	attempt.generation = session->info.generation;
	if (!status)
		status = desired_state(desired, session, &attempt.there,
				       &attempt.wanted);
	if (!status)
		status = commit(&attempt);
	*overtaken = status && is_overtaken(&attempt);
	state_free(&attempt.wanted);
	state_free(&attempt.there);

	return status;
}

static int run(struct session *session, struct desired *desired)
{
	bool overtaken = true;
	int tries, status = 0;

	for (tries = 0; overtaken && tries < TRIES; tries++)
		status = try_once(session, desired, &overtaken);

	return overtaken ? complain(EXIT_REFUSED,
				    "the configuration changes too fast to be replaced") :
			   status;
}

/**
 * apply() - "apply FILE"
 * @options: of the command line
 * @n: how many words
 * @words: the file
 *
 * Return: 0 or an exit code, after complaining; then nothing has changed.
 */
int apply(const struct options *options, int n, char **words)
{
	cleanup_desired struct desired desired = { .json = NULL };
	struct session session;
	int status;

	status = desired_open(&desired, "apply", n, words);
	if (status)
		return status;

	status = session_open(&session, options);
	if (!status)
		status = run(&session, &desired);
	session_close(&session);

	return status;
}
