// SPDX-License-Identifier: GPL-2.0
/* Owns the handle: its making, its end, its last error. */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/**
 * vsb_handle_new() - a handle without a link
 *
 * Return: the handle, or NULL without memory.
 */
struct vsb *vsb_handle_new(void)
{
	struct vsb *vsb = calloc(1, sizeof(*vsb));

	if (!vsb)
		return NULL;

	vsb->msg = nlmsg_alloc_size(VSB_REQUEST_MAX);
	vsb->queue = malloc(VSB_QUEUE_BYTES);
	vsb->receive = malloc(VSB_RECEIVE_BYTES);
	if (!vsb->msg || !vsb->queue || !vsb->receive) {
		vsb_close(vsb);
		return NULL;
	}
	vsb_problem_reset(vsb);

	return vsb;
}

int vsb_open(struct vsb **vsb)
{
	*vsb = vsb_handle_new();
	if (!*vsb)
		return -ENOMEM;

	return vsb_link_open(*vsb);
}

void vsb_close(struct vsb *vsb)
{
	if (!vsb)
		return;

	/* The end of the socket aborts what is open in the kernel. */
	if (vsb->link.close)
		vsb->link.close(vsb->link.arg);
	nlmsg_free(vsb->msg);
	free(vsb->queue);
	free(vsb->receive);
	free(vsb->txn.sent);
	free(vsb);
}

const char *vsb_error(const struct vsb *vsb)
{
	return vsb->problem.text;
}

long vsb_failed_change(const struct vsb *vsb)
{
	return vsb->problem.call;
}
