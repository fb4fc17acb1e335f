// SPDX-License-Identifier: GPL-2.0
/*
 * Owns notifications: a handle whose socket is a member of the group that the
 * kernel tells of changes, and what it hears there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "internal.h"

int vsb_events_open(struct vsb_events **events)
{
	int err;

	*events = calloc(1, sizeof(**events));
	if (!*events)
		return -ENOMEM;

	err = vsb_open(&(*events)->vsb);
	if (err == -ENOMEM && !(*events)->vsb) {
		free(*events);
		*events = NULL;
	}

	return err ? err : vsb_link_join((*events)->vsb, VSB_MCGRP_CHANGES);
}

void vsb_events_close(struct vsb_events *events)
{
	if (!events)
		return;
	vsb_close(events->vsb);
	free(events);
}

const char *vsb_events_error(const struct vsb_events *events)
{
	return vsb_error(events->vsb);
}

int vsb_events_fd(const struct vsb_events *events)
{
	return vsb_link_fd(events->vsb);
}

static int tell_pool(const struct nlmsghdr *nlh, const struct vsb_event *event,
		     const struct vsb_event_calls *calls, void *arg)
{
	struct vsb_pool pool;

	return vsb_decode_pool(nlh, &pool) ?: calls->pool(event, &pool, arg);
}

static int tell_backend(const struct nlmsghdr *nlh,
			const struct vsb_event *event,
			const struct vsb_event_calls *calls, void *arg)
{
	struct vsb_backend backend;
	struct vsb_pool pool;

	return vsb_decode_backend(nlh, &pool, &backend) ?:
	       calls->backend(event, &pool, &backend, arg);
}

static int tell_service(const struct nlmsghdr *nlh,
			const struct vsb_event *event,
			const struct vsb_event_calls *calls, void *arg)
{
	struct vsb_service service;

	return vsb_decode_service(nlh, &service) ?:
	       calls->service(event, &service, arg);
}

static int tell_config(const struct nlmsghdr *nlh,
		       const struct vsb_event *event,
		       const struct vsb_event_calls *calls, void *arg)
{
	struct vsb_config config;

	return vsb_decode_config(nlh, &config) ?:
	       calls->config(event, &config, arg);
}

/* What nobody wants is not looked at, nor what a newer module may tell of. */
static int tell(const struct nlmsghdr *nlh, const struct vsb_event_calls *calls,
		void *arg)
{
	const struct genlmsghdr *header = nlmsg_data(nlh);
	struct vsb_event event;
	int (*tell_of)(const struct nlmsghdr *nlh,
		       const struct vsb_event *event,
		       const struct vsb_event_calls *calls, void *arg) = NULL;

	switch (header->cmd) {
	case VSB_CMD_POOL_NTF:
		tell_of = calls->pool ? tell_pool : NULL;
		break;
	case VSB_CMD_BACKEND_NTF:
		tell_of = calls->backend ? tell_backend : NULL;
		break;
	case VSB_CMD_SERVICE_NTF:
		tell_of = calls->service ? tell_service : NULL;
		break;
	case VSB_CMD_CONFIG_NTF:
		tell_of = calls->config ? tell_config : NULL;
		break;
	}
	if (!tell_of)
		return 0;

	return vsb_decode_event(nlh, &event) ?:
	       tell_of(nlh, &event, calls, arg);
}

static int tell_all(struct vsb *vsb, size_t len,
		    const struct vsb_event_calls *calls, void *arg)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)vsb->receive;
	int left = len, err = 0;

	for (; !err && nlmsg_ok(nlh, left);
	     nlh = nlmsg_next((struct nlmsghdr *)nlh, &left))
		if (nlh->nlmsg_type == vsb->family && genlmsg_valid_hdr(
						(struct nlmsghdr *)nlh, 0))
			err = tell(nlh, calls, arg);

	return err;
}

int vsb_events_read(struct vsb_events *events,
		    const struct vsb_event_calls *calls, void *arg)
{
	struct vsb *vsb = events->vsb;
	ssize_t received;
	int err;

	vsb_problem_reset(vsb);
	received = vsb->link.receive(vsb->link.arg, vsb->receive,
				     VSB_RECEIVE_BYTES);
	if (received == -EAGAIN)
		return 0;
	if (received == -ENOBUFS)
		return calls->overrun ? calls->overrun(arg) : 0;
	if (received < 0)
		return vsb_fail(vsb, received, "netlink: %s",
				strerror(-received));

	err = tell_all(vsb, received, calls, arg);

	return err ? vsb_fail(vsb, err, "notification: %s", strerror(-err)) : 0;
}
