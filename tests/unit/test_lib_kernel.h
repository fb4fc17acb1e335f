/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel for libvsb's unit tests: it takes what is sent, has the test answer
 * each message, and hands the answers out one datagram at a time.
 */
#ifndef TEST_LIB_KERNEL_H
#define TEST_LIB_KERNEL_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

#include "lib/internal.h"

#define FAMILY 0x1c

/* Answers that wait to be received. */
struct datagram {
	struct datagram *next;
	size_t len;
	char data[];
};

/**
 * struct kernel - what a test sees of libvsb
 * @answer: called for each message
 * @sends: buffers that came
 * @messages: messages that came
 * @acks: those that asked for an acknowledgement
 * @largest: bytes of the largest buffer
 * @commands: how many came of each
 * @arg: the test's own
 */
struct kernel {
	void (*answer)(struct kernel *kernel, const struct nlmsghdr *request);
	unsigned int sends, messages, acks;
	size_t largest;
	unsigned int commands[VSB_CMD_MAX + 1];
	struct datagram *first, **last;
	int send_error;
	void *arg;
};

static inline uint8_t command_of(const struct nlmsghdr *nlh)
{
	return ((struct genlmsghdr *)nlmsg_data(nlh))->cmd;
}

static inline void kernel_push(struct kernel *kernel, const void *data,
			       size_t len)
{
	struct datagram *datagram = malloc(sizeof(*datagram) + len);

	assert_non_null(datagram);
	datagram->next = NULL;
	datagram->len = len;
	memcpy(datagram->data, data, len);
	*kernel->last = datagram;
	kernel->last = &datagram->next;
}

/* Sends a message that was made with libnl, under the request's number. */
static inline void kernel_reply(struct kernel *kernel,
				const struct nlmsghdr *request,
				struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	nlh->nlmsg_seq = request->nlmsg_seq;
	kernel_push(kernel, nlh, nlh->nlmsg_len);
	nlmsg_free(msg);
}

static inline struct nl_msg *reply_new(uint8_t command, uint16_t flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(64 * 1024);

	assert_non_null(msg);
	genlmsg_put(msg, 0, 0, FAMILY, 0, flags, command, VSB_FAMILY_VERSION);

	return msg;
}

/* An error, or an acknowledgement; with a text where that is not NULL, and
 * the place of the attribute where that is not 0. */
static inline void kernel_error(struct kernel *kernel,
				const struct nlmsghdr *request, int err,
				const char *text, uint32_t offset)
{
	struct nlmsgerr body = { .error = err, .msg = *request };
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_ERROR, NLM_F_CAPPED);

	assert_int_equal(nlmsg_append(msg, &body, sizeof(body), NLMSG_ALIGNTO),
			 0);
	if (text) {
		nla_put_string(msg, NLMSGERR_ATTR_MSG, text);
		nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_ACK_TLVS;
	}
	if (offset) {
		nla_put_u32(msg, NLMSGERR_ATTR_OFFS, offset);
		nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_ACK_TLVS;
	}
	kernel_reply(kernel, request, msg);
}

static inline void kernel_done(struct kernel *kernel,
			       const struct nlmsghdr *request, int err,
			       uint16_t flags)
{
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_DONE,
						NLM_F_MULTI | flags);

	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	kernel_reply(kernel, request, msg);
}

/* What a kernel does that likes all it hears. */
static inline void kernel_agree(struct kernel *kernel,
				const struct nlmsghdr *request)
{
	struct nl_msg *msg;

	if (command_of(request) == VSB_CMD_TXN_BEGIN ||
	    command_of(request) == VSB_CMD_TXN_COMMIT) {
		msg = reply_new(command_of(request), 0);
		nla_put_u32(msg, VSB_A_TXN_GENERATION, 7);
		kernel_reply(kernel, request, msg);
	}
	if (request->nlmsg_flags & NLM_F_ACK)
		kernel_error(kernel, request, 0, NULL, 0);
}

static inline int kernel_send(void *arg, const void *buf, size_t len)
{
	struct kernel *kernel = arg;
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	int left = len;

	kernel->sends++;
	if (len > kernel->largest)
		kernel->largest = len;
	if (kernel->send_error)
		return kernel->send_error;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left)) {
		assert_int_equal(nlh->nlmsg_type, FAMILY);
		assert_true(nlh->nlmsg_flags & NLM_F_REQUEST);
		kernel->messages++;
		kernel->acks += !!(nlh->nlmsg_flags & NLM_F_ACK);
		kernel->commands[command_of(nlh)]++;
		kernel->answer(kernel, nlh);
	}
	assert_int_equal(left, 0);

	return 0;
}

static inline ssize_t kernel_receive(void *arg, void *buf, size_t len)
{
	struct kernel *kernel = arg;
	struct datagram *datagram = kernel->first;
	size_t got;

	/* A program that waits here would wait for ever. */
	if (!datagram)
		fail_msg("nothing to receive");
	got = datagram->len;
	assert_true(got <= len);
	memcpy(buf, datagram->data, got);
	kernel->first = datagram->next;
	if (!kernel->first)
		kernel->last = &kernel->first;
	free(datagram);

	return got;
}

static inline void kernel_close(void *arg)
{
	struct kernel *kernel = arg;
	struct datagram *datagram;

	while ((datagram = kernel->first)) {
		kernel->first = datagram->next;
		free(datagram);
	}
}

/* A handle whose kernel is @kernel. */
static inline struct vsb *kernel_open(struct kernel *kernel)
{
	struct vsb *vsb = vsb_handle_new();

	assert_non_null(vsb);
	if (!kernel->answer)
		kernel->answer = kernel_agree;
	kernel->last = &kernel->first;
	vsb->family = FAMILY;
	vsb->link = (struct vsb_link){
		.send = kernel_send,
		.receive = kernel_receive,
		.close = kernel_close,
		.arg = kernel,
	};

	return vsb;
}

#endif /* TEST_LIB_KERNEL_H */
