// SPDX-License-Identifier: GPL-2.0
/* Owns files that say what an owner's state is to be: JSON, or lines. */
#include <string.h>

#include <jansson.h>

#include "vsbadm.h"

/**
 * desired_open() - read the file of a command
 * @desired: to be freed whatever this returns
 * @command: its name
 * @n: how many words it has
 * @words: the file, "-" for the standard input
 *
 * Return: 0 or an exit code, after complaining.
 */
int desired_open(struct desired *desired, const char *command, int n,
		 char **words)
{
	const struct lines *lines = &desired->lines;
	size_t blank;
	int status;

	if (!n)
		return bad("%s: needs a FILE, or - for the standard input",
			   command);
	if (n > 1)
		return bad("\"%s\": not expected here", words[1]);

	status = lines_read(&desired->lines, words[0]);
	if (status || !lines->len)
		return status;

	blank = strspn(lines->text, " \t\r\n");

	return lines->text[blank] == '{' ?
		json_load_text(lines->text, lines->len, &desired->json) : 0;
}

void desired_free(struct desired *desired)
{
	lines_free(&desired->lines);
	json_decref(desired->json);
}

static int draft_line(struct draft *draft, const struct session *session,
		      struct lines *lines)
{
	cleanup_change struct change change = { .ranges = NULL };

	return line_parse_change(lines->argc, lines->argv, &change) ?:
	       check_scheduler(session, &change) ?:
	       draft_change(draft, &change);
}

static int draft_lines(struct draft *draft, const struct session *session,
		       struct lines *lines)
{
	bool more;
	int status;

	lines_rewind(lines);
	for (;;) {
		status = lines_next(lines, &more);
		if (status || !more)
			return status;
		status = draft_line(draft, session, lines);
		if (status)
			return lines_blame(lines, status);
	}
}

/**
 * desired_state() - what the owner's state is to be
 * @desired: the file
 * @session: knows the owner, and the schedulers that there are
 * @there: what the kernel has, for the pools of others
 * @state: where to store it, to be freed whatever this returns
 *
 * Return: 0 or an exit code, after complaining of the line or the path.
 */
int desired_state(struct desired *desired, const struct session *session,
		  const struct state *there, struct state *state)
{
	struct draft *draft = draft_new(session->options.owner, there, state);
	int status;

	if (!draft)
		return complain(EXIT_REFUSED, "out of memory");
	status = (desired->json ?
		  json_read_state(desired->json, session, draft) :
		  draft_lines(draft, session, &desired->lines)) ?:
		 draft_finish(draft);
	draft_free(draft);

	return status;
}
