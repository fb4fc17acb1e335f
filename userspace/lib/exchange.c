// SPDX-License-Identifier: GPL-2.0
/* Owns the buffer of requests, and the exchange that empties it. */
#include <errno.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "internal.h"

/**
 * vsb_request() - begin a request in the handle's message
 * @vsb: the handle
 * @command: VSB_CMD_*
 * @flags: NLM_F_* beside NLM_F_REQUEST
 */
void vsb_request(struct vsb *vsb, uint8_t command, uint16_t flags)
{
	/* One message serves all: allocating costs more than filling. */
	nlmsg_hdr(vsb->msg)->nlmsg_len = NLMSG_HDRLEN;
	genlmsg_put(vsb->msg, 0, 0, vsb->family, 0, NLM_F_REQUEST | flags,
		    command, VSB_FAMILY_VERSION);
}

/**
 * vsb_queue() - put the handle's message behind those that wait to be sent
 * @vsb: the handle
 *
 * Return: 0, or the error of the exchange that was necessary to make room.
 */
int vsb_queue(struct vsb *vsb)
{
	struct nlmsghdr *nlh = nlmsg_hdr(vsb->msg);
	size_t len = NLMSG_ALIGN(nlh->nlmsg_len);
	int err;

	if (vsb->queue_n == VSB_QUEUE_MESSAGES ||
	    vsb->queue_len + len > VSB_QUEUE_BYTES) {
		err = vsb_exchange(vsb, NULL, NULL);
		if (err)
			return err;
	}

	nlh->nlmsg_seq = ++vsb->seq;
	memcpy(vsb->queue + vsb->queue_len, nlh, len);
	vsb->queue_len += len;
	vsb->queue_n++;

	return 0;
}

static struct nlmsghdr *queued(struct vsb *vsb, uint32_t seq)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)vsb->queue;
	int left = vsb->queue_len;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
		if (nlh->nlmsg_seq == seq)
			return nlh;

	return NULL;
}

/* The first refusal is the reason; those behind it are its consequences. */
static void refused(struct vsb *vsb, const struct nlmsghdr *reply, int err)
{
	struct vsb_problem *problem = &vsb->problem;

	if (problem->err)
		return;

	problem->err = err;
	problem->seq = reply->nlmsg_seq;
	vsb_problem_explain(problem, queued(vsb, reply->nlmsg_seq), reply);
}

/* An error, an acknowledgement, the end of a dump: each begins with an int. */
static int status(const struct nlmsghdr *reply)
{
	int err;

	if (nlmsg_datalen(reply) < (int)sizeof(err))
		return reply->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;

	memcpy(&err, nlmsg_data(reply), sizeof(err));

	/* At the end of a dump a positive number says nothing. */
	return err < 0 ? err : 0;
}

/* Returns 1 with the message that ends the exchange. */
static int take(struct vsb *vsb, const struct nlmsghdr *reply,
		vsb_reply_fn each, void *arg)
{
	int err;

	if (reply->nlmsg_flags & NLM_F_DUMP_INTR)
		vsb->interrupted = true;

	switch (reply->nlmsg_type) {
	case NLMSG_ERROR:
	case NLMSG_DONE:
		err = status(reply);
		if (err)
			refused(vsb, reply, err);
		return reply->nlmsg_seq == vsb->seq;
	case NLMSG_NOOP:
		return 0;
	case NLMSG_OVERRUN:
		return -ENOBUFS;
	default:
		return each && reply->nlmsg_type == vsb->family ?
			each(reply, arg) : 0;
	}
}

/* Replies to requests that are none of this exchange's were given up on. */
static bool ours(const struct vsb *vsb, const struct nlmsghdr *reply)
{
	return vsb->seq - reply->nlmsg_seq < vsb->queue_n;
}

static int receive(struct vsb *vsb, vsb_reply_fn each, void *arg)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)vsb->receive;
	ssize_t received;
	int left, ret;

	received = vsb->link.receive(vsb->link.arg, vsb->receive,
				     VSB_RECEIVE_BYTES);
	if (received < 0)
		return received;

	for (left = received; nlmsg_ok(nlh, left);
	     nlh = nlmsg_next((struct nlmsghdr *)nlh, &left)) {
		if (!ours(vsb, nlh))
			continue;
		ret = take(vsb, nlh, each, arg);
		if (ret)
			return ret;
	}

	return 0;
}

/* Only the last request asks for an acknowledgement, dumps have their end. */
static void ask_ack(struct vsb *vsb)
{
	struct nlmsghdr *last = queued(vsb, vsb->seq);

	if (!(last->nlmsg_flags & NLM_F_DUMP))
		last->nlmsg_flags |= NLM_F_ACK;
}

/**
 * vsb_exchange() - send what waits, and read replies until the last is answered
 * @vsb: the handle
 * @each: called for each reply that carries data; returns 0 or a negative errno
 *	value, which ends the exchange
 * @arg: handed to @each
 *
 * Return: 0, or the first refusal, with a sentence.
 */
int vsb_exchange(struct vsb *vsb, vsb_reply_fn each, void *arg)
{
	int err;

	if (!vsb->queue_n)
		return 0;

	vsb_problem_reset(vsb);
	vsb->interrupted = false;
	ask_ack(vsb);

	err = vsb->link.send(vsb->link.arg, vsb->queue, vsb->queue_len);
	while (!err)
		err = receive(vsb, each, arg);

	vsb->queue_len = 0;
	vsb->queue_n = 0;

	if (err < 0)
		vsb_fail(vsb, err, "netlink: %s", strerror(-err));
	if (vsb->problem.err)
		vsb_txn_blame(vsb);

	return vsb->problem.err;
}

/**
 * vsb_ask() - send the handle's message by itself
 * @vsb: the handle
 * @each: as in vsb_exchange()
 * @arg: handed to @each
 *
 * Changes of a transaction that wait are sent before.
 *
 * Return: 0 or a negative errno value, with a sentence.
 */
int vsb_ask(struct vsb *vsb, vsb_reply_fn each, void *arg)
{
	int err;

	err = vsb_exchange(vsb, NULL, NULL);
	if (!err)
		err = vsb_queue(vsb);
	if (!err)
		err = vsb_exchange(vsb, each, arg);

	return err;
}
