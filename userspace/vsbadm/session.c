// SPDX-License-Identifier: GPL-2.0
/* Owns the connection to the module while a command runs. */
#include "vsbadm.h"

/**
 * session_open() - connect to the module and ask what it is
 * @session: to be closed whatever this returns
 * @options: of the command line
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int session_open(struct session *session, const struct options *options)
{
	int err;

	*session = (struct session){ .options = *options };
	err = vsb_open(&session->vsb);
	if (!err)
		err = vsb_info_get(session->vsb, &session->info);

	return err ? session_refused(session, NULL) : 0;
}

void session_close(struct session *session)
{
	vsb_close(session->vsb);
}

/**
 * session_refused() - complain with the sentence of the last libvsb call
 * @session: the session
 * @what: what it was about, or NULL
 *
 * Return: EXIT_REFUSED
 */
int session_refused(struct session *session, const char *what)
{
	const char *why = session->vsb ? vsb_error(session->vsb) :
					 "out of memory";

	return complain(EXIT_REFUSED, "%s%s%s", what ? what : "",
			what ? ": " : "", why);
}
