// SPDX-License-Identifier: GPL-2.0
/* Owns diff: what apply would change, as lines that txn reads. */
#include <errno.h>
#include <string.h>

#include "vsbadm.h"

static int print_one(struct change *change, void *arg)
{
	bool *differs = arg;

	write_change(change);
	*differs = true;

	return 0;
}

static int print(struct session *session, struct desired *desired,
		 bool *differs)
{
	struct state there = { .pools = NULL }, wanted = { .pools = NULL };
	int status;

	status = state_load(session, NULL, &there, true) ?:
		 desired_state(desired, session, &there, &wanted) ?:
		 diff_state(&wanted, &there, session->options.owner, print_one,
			    differs);
	state_free(&wanted);
	state_free(&there);
	if (!status && (fflush(stdout) || ferror(stdout)))
		status = complain(EXIT_TROUBLE, "cannot write: %s",
				  strerror(errno));

	return status;
}

/**
 * diff() - "diff FILE"
 * @options: of the command line
 * @n: how many words
 * @words: the file
 *
 * Return: 0 where nothing differs, EXIT_DIFFERS, or EXIT_TROUBLE after
 *	complaining.
 */
int diff(const struct options *options, int n, char **words)
{
	cleanup_desired struct desired desired = { .json = NULL };
	struct session session;
	bool differs = false;
	int status;

	if (desired_open(&desired, "diff", n, words))
		return EXIT_TROUBLE;

	status = session_open(&session, options) ?:
		 print(&session, &desired, &differs);
	session_close(&session);

	return status ? EXIT_TROUBLE : differs ? EXIT_DIFFERS : 0;
}
