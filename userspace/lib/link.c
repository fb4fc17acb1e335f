// SPDX-License-Identifier: GPL-2.0
/* Owns the netlink socket. */
#include <errno.h>
#include <sys/socket.h>

#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "internal.h"

static int socket_send(void *arg, const void *buf, size_t len)
{
	ssize_t sent;

	do {
		sent = send(nl_socket_get_fd(arg), buf, len, 0);
	} while (sent < 0 && errno == EINTR);

	return sent < 0 ? -errno : 0;
}

static ssize_t socket_receive(void *arg, void *buf, size_t len)
{
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t received;

	/* Anybody may send to a netlink socket; only the kernel is port 0. */
	do {
		received = recvmsg(nl_socket_get_fd(arg), &msg, 0);
	} while ((received < 0 && errno == EINTR) ||
		 (received >= 0 && from.nl_pid != 0));

	if (received < 0)
		return -errno;

	return msg.msg_flags & MSG_TRUNC ? -EMSGSIZE : received;
}

static void socket_close(void *arg)
{
	nl_socket_free(arg);
}

/* libnl has its own numbers for errors. */
static int errno_of(int nle)
{
	switch (-nle) {
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_AF_NOSUPPORT:
	case NLE_PROTO_MISMATCH:
		return -EPROTONOSUPPORT;
	default:
		return -EIO;
	}
}

static int socket_option(struct nl_sock *sock, int option)
{
	int on = 1;

	return setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, option, &on,
			  sizeof(on)) ? -errno : 0;
}

/*
 * Room for a full dump buffer, and for a refusal of each message of a buffer:
 * the kernel counts a kilobyte and more for each. It gives what it allows.
 */
#define RECEIVE_ROOM	(1024 * 1024)
#define SEND_ROOM	(4 * VSB_QUEUE_BYTES)

static int socket_options(struct nl_sock *sock)
{
	int err;

	if (nl_socket_set_buffer_size(sock, RECEIVE_ROOM, SEND_ROOM) < 0)
		return -EIO;
	err = socket_option(sock, NETLINK_EXT_ACK);
	if (!err)
		err = socket_option(sock, NETLINK_CAP_ACK);
	if (!err)
		err = socket_option(sock, NETLINK_GET_STRICT_CHK);

	return err;
}

/* A larger buffer than anybody may have, where this one may. */
static int receive_room(struct nl_sock *sock, int bytes)
{
	int fd = nl_socket_get_fd(sock);

	if (!setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		return 0;

	return setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) ?
		-errno : 0;
}

/**
 * vsb_link_open() - connect the handle to the kernel, and find the family
 * @vsb: the handle
 *
 * Return: 0 or a negative errno value, with a sentence.
 */
int vsb_link_open(struct vsb *vsb)
{
	struct nl_sock *sock;
	int nle, err;

	sock = nl_socket_alloc();
	if (!sock)
		return vsb_fail(vsb, -ENOMEM, "out of memory");

	vsb->link = (struct vsb_link){
		.send = socket_send,
		.receive = socket_receive,
		.close = socket_close,
		.arg = sock,
	};

	nle = genl_connect(sock);
	if (nle < 0)
		return vsb_fail(vsb, errno_of(nle),
				"cannot open a generic netlink socket: %s",
				nl_geterror(nle));

	/* The kernel loads the module when it is asked for the family. */
	nle = genl_ctrl_resolve(sock, VSB_FAMILY_NAME);
	if (nle == -NLE_OBJ_NOTFOUND)
		return vsb_fail(vsb, -ENOENT,
				"the kernel module vsb is not loaded and could not be loaded by itself; as root: modprobe vsb");
	if (nle < 0)
		return vsb_fail(vsb, errno_of(nle),
				"cannot find the generic netlink family vsb: %s",
				nl_geterror(nle));
	vsb->family = nle;

	err = socket_options(sock);
	if (err)
		return vsb_fail(vsb, err,
				"cannot set the options of the netlink socket");

	return 0;
}

/*
 * A commit tells of everything at once: of 10,000 services with their pools
 * and backends, a kilobyte each, or somewhat more.
 */
#define EVENTS_ROOM	(32 * 1024 * 1024)

/**
 * vsb_link_join() - have the handle's socket hear what a group is told
 * @vsb: the handle, which is good for nothing else then
 * @group: name of a multicast group of the family
 *
 * Receiving does not wait from here on.
 *
 * Return: 0 or a negative errno value, with a sentence.
 */
int vsb_link_join(struct vsb *vsb, const char *group)
{
	struct nl_sock *sock = vsb->link.arg;
	int id, nle, err;

	id = genl_ctrl_resolve_grp(sock, VSB_FAMILY_NAME, group);
	if (id < 0)
		return vsb_fail(vsb, errno_of(id),
				"cannot find the multicast group %s: %s",
				group, nl_geterror(id));

	err = receive_room(sock, EVENTS_ROOM);
	if (err)
		return vsb_fail(vsb, err,
				"cannot set the options of the netlink socket");
	nle = nl_socket_set_nonblocking(sock);
	if (!nle)
		nle = nl_socket_add_membership(sock, id);
	if (nle < 0)
		return vsb_fail(vsb, errno_of(nle),
				"cannot join the multicast group %s: %s",
				group, nl_geterror(nle));

	return 0;
}

/** vsb_link_fd() - the socket, to be polled */
int vsb_link_fd(const struct vsb *vsb)
{
	return nl_socket_get_fd(vsb->link.arg);
}
