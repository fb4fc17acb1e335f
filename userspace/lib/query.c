// SPDX-License-Identifier: GPL-2.0
/* Owns the calls that ask one question and get one answer. */
#include <errno.h>

#include "internal.h"

/* A reply that never came leaves the caller without an answer. */
static int answered(struct vsb *vsb, int err, bool there)
{
	if (err || there)
		return err;

	return vsb_fail(vsb, -EBADMSG, "the kernel gave no answer");
}

struct info_reply {
	struct vsb_info *info;
	bool there;
};

static int take_info(const struct nlmsghdr *nlh, void *arg)
{
	struct info_reply *reply = arg;

	reply->there = true;

	return vsb_decode_info(nlh, reply->info);
}

int vsb_info_get(struct vsb *vsb, struct vsb_info *info)
{
	struct info_reply reply = { .info = info };
	int err;

	vsb_request(vsb, VSB_CMD_INFO_GET, 0);
	err = vsb_ask(vsb, take_info, &reply);

	return answered(vsb, err, reply.there);
}

struct config_reply {
	struct vsb_config *config;
	bool there;
};

static int take_config(const struct nlmsghdr *nlh, void *arg)
{
	struct config_reply *reply = arg;

	reply->there = true;

	return vsb_decode_config(nlh, reply->config);
}

int vsb_config_get(struct vsb *vsb, struct vsb_config *config)
{
	struct config_reply reply = { .config = config };
	int err;

	vsb_request(vsb, VSB_CMD_CONFIG_GET, 0);
	err = vsb_ask(vsb, take_config, &reply);

	return answered(vsb, err, reply.there);
}

static int take_answer(const struct nlmsghdr *nlh, void *arg)
{
	struct vsb_answer **answer = arg;

	vsb_answer_free(*answer);

	return vsb_decode_answer(nlh, answer);
}

int vsb_explain(struct vsb *vsb, const struct vsb_query *query,
		struct vsb_answer **answer)
{
	int err;

	*answer = NULL;
	err = vsb_check_family(vsb, query->family);
	if (err)
		return err;

	vsb_request(vsb, VSB_CMD_EXPLAIN, 0);
	if (vsb_encode_query(vsb->msg, query) < 0)
		return vsb_fail_size(vsb);

	err = vsb_ask(vsb, take_answer, answer);
	if (err) {
		vsb_answer_free(*answer);
		*answer = NULL;
	}

	return answered(vsb, err, *answer);
}
