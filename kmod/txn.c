// SPDX-License-Identifier: GPL-2.0
/* Transactions: which socket has one open, what it has sent so far, and
 * bringing that up to date when another one commits first.
 */

#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "change.h"
#include "net.h"
#include "stage.h"
#include "txn.h"

/**
 * struct logged_change - a change as its sender wrote it
 * @list: in the transaction's log
 * @cmd: VSB_CMD_*
 * @len: bytes of @attrs
 * @attrs: the message's attributes
 */
struct logged_change {
	struct list_head list;
	u8 cmd;
	u32 len;
	u8 attrs[] __aligned(NLA_ALIGNTO);
};

/**
 * struct txn - an open transaction
 * @list: in the network namespace's list
 * @portid: of the socket that it belongs to
 * @failed: a change was refused: nothing is staged any more, and nothing is
 *	taken until the sender has shown that it knows
 * @stale: another transaction committed first: nothing is staged, and all is
 *	checked at the commit
 * @stage: where the changes lead to
 * @log: the changes, since those that others commit may alter what they mean
 * @size: bytes in @log
 */
struct txn {
	struct list_head list;
	u32 portid;
	bool failed;
	bool stale;
	struct vsb_stage stage;
	struct list_head log;
	size_t size;
};

static struct txn *txn_find(struct vsb_net *vnet, u32 portid)
{
	struct txn *txn;

	lockdep_assert_held(&vnet->lock);
	list_for_each_entry(txn, &vnet->txns, list)
		if (txn->portid == portid)
			return txn;
	return NULL;
}

static void log_free(struct txn *txn)
{
	struct logged_change *change, *next;

	list_for_each_entry_safe(change, next, &txn->log, list) {
		kvfree(change);
		cond_resched();
	}
	INIT_LIST_HEAD(&txn->log);
}

static void txn_fail(struct txn *txn)
{
	txn->failed = true;
	vsb_stage_reset(&txn->stage);
	log_free(txn);
}

static void txn_free(struct vsb_net *vnet, struct txn *txn)
{
	lockdep_assert_held(&vnet->lock);
	vsb_stage_reset(&txn->stage);
	log_free(txn);
	list_del(&txn->list);
	vnet->n_txns--;
	kfree(txn);
}

/**
 * vsb_txn_begin() - open a transaction
 * @vnet: the network namespace
 * @portid: of the socket
 * @extack: where a refusal says why
 *
 * Return: 0, -EBUSY where the socket has one open, -ENOSPC where too many
 *	are, -ENOMEM.
 */
int vsb_txn_begin(struct vsb_net *vnet, u32 portid,
		  struct netlink_ext_ack *extack)
{
	struct txn *txn;

	lockdep_assert_held(&vnet->lock);
	if (txn_find(vnet, portid))
		return vsb_refuse(vnet, extack, -EBUSY,
				  "txn-begin: this socket has a transaction open");
	if (vnet->n_txns >= VSB_MAX_TXNS)
		return vsb_refuse(vnet, extack, -ENOSPC,
				  "txn-begin: no more than %u transactions at once",
				  VSB_MAX_TXNS);
	txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);
	if (!txn)
		return vsb_refuse(vnet, extack, -ENOMEM, "no memory");
	txn->portid = portid;
	INIT_LIST_HEAD(&txn->log);
	vsb_stage_init(&txn->stage, vnet);
	list_add(&txn->list, &vnet->txns);
	vnet->n_txns++;
	return 0;
}

static int stage_message(struct vsb_stage *stage, struct genl_info *info)
{
	int err;

	stage->extack = info->extack;
	err = vsb_change_stage(stage, info->genlhdr->cmd,
			       nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
			       nlmsg_attrlen(info->nlhdr, GENL_HDRLEN));
	stage->extack = NULL;
	return err;
}

static int txn_log(struct txn *txn, struct genl_info *info)
{
	struct vsb_net *vnet = txn->stage.vnet;
	u32 len = nlmsg_attrlen(info->nlhdr, GENL_HDRLEN);
	struct logged_change *change;
	size_t size = struct_size(change, attrs, len);

	if (size > VSB_MAX_TXN_BYTES - txn->size)
		return vsb_refuse(vnet, info->extack, -ENOSPC,
				  "transaction: more than %lu bytes of changes",
				  VSB_MAX_TXN_BYTES);
	change = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!change)
		return vsb_refuse(vnet, info->extack, -ENOMEM, "no memory");
	change->cmd = info->genlhdr->cmd;
	change->len = len;
	memcpy(change->attrs, nlmsg_attrdata(info->nlhdr, GENL_HDRLEN), len);
	list_add_tail(&change->list, &txn->log);
	txn->size += size;
	return 0;
}

/* Say which change it was that others' commits have made invalid; what its
 * refusal points to is no part of the message that is being answered.
 */
static void blame(struct vsb_net *vnet, struct netlink_ext_ack *extack,
		  const struct netlink_ext_ack *why, u32 index)
{
	char text[VSB_REFUSAL_SIZE];

	strscpy(text, why->_msg ?: "refused", sizeof(text));
	vsb_refuse(vnet, extack, 0, "change %u: %s", index, strim(text));
}

/* Whether what is staged builds on a state that is no more. */
static bool txn_is_stale(struct vsb_net *vnet, struct txn *txn)
{
	if (!txn->stale && txn->stage.generation != vnet->generation) {
		vsb_stage_reset(&txn->stage);
		txn->stale = true;
	}
	return txn->stale;
}

/* Stage all changes again, on the state that there is now. */
static int txn_replay(struct vsb_net *vnet, struct txn *txn,
		      struct netlink_ext_ack *extack)
{
	struct logged_change *change;
	u32 index = 0;
	int err;

	vsb_stage_init(&txn->stage, vnet);
	list_for_each_entry(change, &txn->log, list) {
		struct netlink_ext_ack why = {};

		if (fatal_signal_pending(current))
			return -EINTR;
		txn->stage.extack = &why;
		err = vsb_change_stage(&txn->stage, change->cmd, change->attrs,
				       change->len);
		txn->stage.extack = NULL;
		if (err) {
			blame(vnet, extack, &why, index);
			return err;
		}
		index++;
		cond_resched();
	}
	return 0;
}

static int txn_add(struct vsb_net *vnet, struct txn *txn,
		   struct genl_info *info)
{
	int err;

	if (txn->failed)
		return vsb_refuse(vnet, info->extack, -ECANCELED,
				  "transaction: ended by an earlier refusal");
	err = txn_log(txn, info);
	if (!err && !txn_is_stale(vnet, txn))
		err = stage_message(&txn->stage, info);
	if (err)
		txn_fail(txn);
	return err;
}

static int put_in_force(struct vsb_stage *stage,
			struct netlink_ext_ack *extack)
{
	int err;

	stage->extack = extack;
	err = vsb_stage_check(stage) ?: vsb_stage_prepare(stage);
	if (!err)
		vsb_stage_apply(stage);
	return err;
}

/* A change of its own is a transaction of one. */
static int change_alone(struct vsb_net *vnet, struct genl_info *info)
{
	struct vsb_stage stage;
	int err;

	vsb_stage_init(&stage, vnet);
	err = stage_message(&stage, info) ?:
	      put_in_force(&stage, info->extack);
	vsb_stage_reset(&stage);
	return err;
}

/**
 * vsb_txn_change() - take a change
 * @vnet: the network namespace
 * @info: the message
 *
 * Context: may sleep; under vnet->lock.
 * Return: 0 where it is staged in the socket's transaction, or in force where
 *	there is none; or a negative errno value.
 */
int vsb_txn_change(struct vsb_net *vnet, struct genl_info *info)
{
	struct txn *txn = txn_find(vnet, info->snd_portid);

	return txn ? txn_add(vnet, txn, info) : change_alone(vnet, info);
}

static int commit(struct vsb_net *vnet, struct txn *txn,
		  struct netlink_ext_ack *extack, const u32 *expected)
{
	int err;

	if (txn->failed)
		return vsb_refuse(vnet, extack, -ECANCELED,
				  "transaction: ended by an earlier refusal");
	if (expected && *expected != vnet->generation)
		return vsb_refuse(vnet, extack, -EAGAIN,
				  "generation: is %u, not %u", vnet->generation,
				  *expected);
	if (txn_is_stale(vnet, txn)) {
		err = txn_replay(vnet, txn, extack);
		if (err)
			return err;
	}
	/* Nothing asked for is nothing changed: no new generation either. */
	if (list_empty(&txn->log))
		return 0;
	return put_in_force(&txn->stage, extack);
}

/**
 * vsb_txn_commit() - apply a socket's transaction, and end it
 * @vnet: the network namespace
 * @info: the message
 * @expected: the generation that there must be, or NULL
 *
 * Context: may sleep; under vnet->lock.
 * Return: 0, or a negative errno value; then nothing was applied.
 */
int vsb_txn_commit(struct vsb_net *vnet, struct genl_info *info,
		   const u32 *expected)
{
	struct txn *txn = txn_find(vnet, info->snd_portid);
	int err;

	if (!txn)
		return vsb_refuse(vnet, info->extack, -ENOENT,
				  "txn-commit: no transaction is open");
	err = commit(vnet, txn, info->extack, expected);
	txn_free(vnet, txn);
	return err;
}

/**
 * vsb_txn_abort() - end a socket's transaction
 * @vnet: the network namespace
 * @portid: of the socket
 * @extack: where a refusal says why
 *
 * Context: may sleep; under vnet->lock.
 * Return: 0, or -ENOENT.
 */
int vsb_txn_abort(struct vsb_net *vnet, u32 portid,
		  struct netlink_ext_ack *extack)
{
	struct txn *txn = txn_find(vnet, portid);

	if (!txn)
		return vsb_refuse(vnet, extack, -ENOENT,
				  "txn-abort: no transaction is open");
	txn_free(vnet, txn);
	return 0;
}

/* A socket that closes aborts. */
static int socket_released(struct notifier_block *block, unsigned long event,
			   void *data)
{
	struct netlink_notify *notify = data;
	struct vsb_net *vnet;
	struct txn *txn;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	vnet = vsb_net(notify->net);
	if (list_empty_careful(&vnet->txns))
		return NOTIFY_DONE;
	mutex_lock(&vnet->lock);
	txn = txn_find(vnet, notify->portid);
	if (txn)
		txn_free(vnet, txn);
	mutex_unlock(&vnet->lock);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_released,
};

int vsb_txn_init(void)
{
	return netlink_register_notifier(&socket_notifier);
}

void vsb_txn_exit(void)
{
	netlink_unregister_notifier(&socket_notifier);
}

/**
 * vsb_txn_net_exit() - end all transactions
 * @vnet: the network namespace; when the module goes, sockets may be open
 */
void vsb_txn_net_exit(struct vsb_net *vnet)
{
	struct txn *txn, *next;

	mutex_lock(&vnet->lock);
	list_for_each_entry_safe(txn, next, &vnet->txns, list)
		txn_free(vnet, txn);
	mutex_unlock(&vnet->lock);
}
