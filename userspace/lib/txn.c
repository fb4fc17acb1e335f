// SPDX-License-Identifier: GPL-2.0
/* Owns transactions: which messages they hold, and whose fault a refusal is. */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/* The message with a sequence number: one of those sent last, if any. */
static const struct vsb_sent *find_sent(const struct vsb_txn *txn, uint32_t seq)
{
	size_t i;

	for (i = txn->n; i > 0; i--)
		if (txn->sent[i - 1].seq == seq)
			return &txn->sent[i - 1];

	return NULL;
}

/**
 * vsb_txn_blame() - find the change that the handle's problem is about
 * @vsb: the handle
 *
 * That is the one that was refused, or an earlier one that the kernel names:
 * others' commits may have made it invalid. A transaction of which a message
 * was refused is over, and its later calls get the same answer.
 */
void vsb_txn_blame(struct vsb *vsb)
{
	struct vsb_problem *problem = &vsb->problem;
	struct vsb_txn *txn = &vsb->txn;
	const struct vsb_sent *sent;

	if (!txn->open)
		return;

	sent = find_sent(txn, problem->seq);
	if (sent)
		problem->call = sent->call;
	if (problem->change >= 0 && (size_t)problem->change < txn->n)
		problem->call = txn->sent[problem->change].call;

	/* Where the link failed nobody knows what has arrived. */
	if (sent || !problem->seq)
		txn->problem = *problem;
}

/* Remembers that the message to be queued next is the current call's. */
static int remember(struct vsb *vsb)
{
	struct vsb_txn *txn = &vsb->txn;
	struct vsb_sent *sent = txn->sent;

	if (txn->n == txn->size) {
		size_t size = txn->size ? 2 * txn->size : 64;

		sent = reallocarray(sent, size, sizeof(*sent));
		if (!sent)
			return vsb_fail(vsb, -ENOMEM, "out of memory");
		txn->sent = sent;
		txn->size = size;
	}
	sent[txn->n++] = (struct vsb_sent){
		.seq = vsb->seq + 1,
		.call = txn->calls,
	};

	return 0;
}

/**
 * vsb_change_begin() - begin a message that changes something
 * @vsb: the handle
 * @command: VSB_CMD_*
 *
 * Return: 0, or why the open transaction was refused already.
 */
int vsb_change_begin(struct vsb *vsb, uint8_t command)
{
	if (vsb->txn.open && vsb->txn.problem.err) {
		vsb->problem = vsb->txn.problem;
		return vsb->problem.err;
	}
	vsb_request(vsb, command, 0);

	return 0;
}

/**
 * vsb_change_send() - stage the message, or have it done where no transaction
 *	is open
 * @vsb: the handle
 *
 * Return: 0, or the refusal of this or an earlier change.
 */
int vsb_change_send(struct vsb *vsb)
{
	if (!vsb->txn.open)
		return vsb_ask(vsb, NULL, NULL);

	return remember(vsb) ?: vsb_queue(vsb);
}

/**
 * vsb_change_end() - end a call that makes a change
 * @vsb: the handle
 * @err: how it went
 *
 * A change that never came to be a message ends the transaction too: the
 * caller may not have looked.
 *
 * Return: @err
 */
int vsb_change_end(struct vsb *vsb, int err)
{
	struct vsb_txn *txn = &vsb->txn;

	if (!txn->open) {
		if (err)
			vsb->problem.call = 0;
		return err;
	}

	if (err && !txn->problem.err) {
		if (vsb->problem.call < 0)
			vsb->problem.call = txn->calls;
		txn->problem = vsb->problem;
	}
	txn->calls++;

	return err;
}

static void forget(struct vsb *vsb)
{
	vsb->txn.open = false;
	vsb->txn.n = 0;
	vsb->queue_len = 0;
	vsb->queue_n = 0;
}

int vsb_begin(struct vsb *vsb)
{
	int err;

	if (vsb->txn.open)
		return vsb_fail(vsb, -EBUSY, "a transaction is open already");

	vsb_request(vsb, VSB_CMD_TXN_BEGIN, 0);
	err = vsb_ask(vsb, NULL, NULL);
	if (err)
		return err;

	vsb->txn.open = true;
	vsb->txn.calls = 0;
	vsb->txn.problem.err = 0;

	return 0;
}

static int take_generation(const struct nlmsghdr *reply, void *generation)
{
	return vsb_decode_generation(reply, generation);
}

/* Ends the transaction with a commit, or with an abort where it was refused. */
static int finish(struct vsb *vsb, const uint32_t *expected,
		  uint32_t *generation)
{
	int err;

	err = vsb_change_begin(vsb, VSB_CMD_TXN_COMMIT);
	if (!err && expected)
		nla_put_u32(vsb->msg, VSB_A_TXN_GENERATION, *expected);
	if (!err)
		err = vsb_queue(vsb);
	if (err) {
		vsb_abort(vsb);
		return err;
	}

	/* It goes out with the last changes; the answer ends all. */
	err = vsb_exchange(vsb, take_generation, generation);
	forget(vsb);

	return err;
}

/*
 * A change that is refused since another commit came first is no fault of the
 * caller's who named the generation.
 */
static int blame_generation(struct vsb *vsb, uint32_t expected, int err)
{
	struct vsb_problem problem = vsb->problem;
	struct vsb_info info;

	if (err == -EAGAIN || vsb_info_get(vsb, &info) ||
	    info.generation == expected) {
		vsb->problem = problem;
		return err;
	}

	return vsb_fail(vsb, -EAGAIN, "generation: is %u, not %u",
			info.generation, expected);
}

int vsb_commit(struct vsb *vsb, const uint32_t *expected, uint32_t *generation)
{
	uint32_t was = expected ? *expected : 0, is;
	int err;

	if (!vsb->txn.open)
		return vsb_fail(vsb, -EINVAL, "no transaction is open");

	err = finish(vsb, expected, &is);
	if (!err && generation)
		*generation = is;

	return err && expected ? blame_generation(vsb, was, err) : err;
}

void vsb_abort(struct vsb *vsb)
{
	struct vsb_problem problem = vsb->problem;

	if (!vsb->txn.open)
		return;

	if (vsb->txn.problem.err)
		problem = vsb->txn.problem;
	forget(vsb);

	/* Whatever the kernel says, the caller asks what was before. */
	vsb_request(vsb, VSB_CMD_TXN_ABORT, 0);
	vsb_ask(vsb, NULL, NULL);
	vsb->problem = problem;
}
