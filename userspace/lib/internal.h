/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of libvsb share. The way of a request: change.c, query.c,
 * list.c or now.c begins it (vsb_request), encode.c fills it, exchange.c puts
 * it into the buffer of requests (vsb_queue) and empties the buffer
 * (vsb_exchange), and error.c makes a sentence of a refusal. What comes
 * without a request is events.c's.
 */
#ifndef VSB_INTERNAL_H
#define VSB_INTERNAL_H

#include <sys/types.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <vsb/client.h>

/* Largest request, and what is sent with one system call. */
#define VSB_REQUEST_MAX		(32 * 1024)
#define VSB_QUEUE_BYTES		(32 * 1024)
#define VSB_QUEUE_MESSAGES	64

/* Larger than any datagram: dumps come in 32 KiB at most, answers are less. */
#define VSB_RECEIVE_BYTES	(64 * 1024)

/* As many backends, or ranges, as fit a request whatever the names are. */
#define VSB_ITEMS_PER_REQUEST	512

/* A listing that commits overtake so often is given up. */
#define VSB_DUMP_TRIES		100

/**
 * struct vsb_link - how bytes come to the kernel and back
 * @send: sends a buffer of messages whole; 0 or a negative errno value
 * @receive: receives one datagram; its length, or a negative errno value
 * @close: ends the link
 * @arg: handed to these
 *
 * A netlink socket (link.c), or a kernel of their own that unit tests make.
 */
struct vsb_link {
	int (*send)(void *arg, const void *buf, size_t len);
	ssize_t (*receive)(void *arg, void *buf, size_t len);
	void (*close)(void *arg);
	void *arg;
};

/**
 * struct vsb_problem - why the last call failed
 * @err: negative errno value, or 0
 * @seq: sequence number of the request that was refused
 * @change: the change that the kernel names in refusing a commit, counted in
 *	messages; else -1
 * @call: what vsb_failed_change() returns
 * @text: what vsb_error() returns
 */
struct vsb_problem {
	int err;
	uint32_t seq;
	long change;
	long call;
	char text[1024];
};

/**
 * struct vsb_sent - a message of the open transaction
 * @seq: its sequence number
 * @call: the caller's change that it belongs to
 */
struct vsb_sent {
	uint32_t seq;
	long call;
};

/**
 * struct vsb_txn - the transaction that is open
 * @open: whether one is
 * @calls: changes that the caller made
 * @sent: its messages, as the kernel counts them
 * @n: how many
 * @size: room in @sent
 * @problem: the refusal that ended it, where there is one
 */
struct vsb_txn {
	bool open;
	long calls;
	struct vsb_sent *sent;
	size_t n, size;
	struct vsb_problem problem;
};

struct vsb {
	struct vsb_link link;
	uint16_t family;
	uint32_t seq;
	struct nl_msg *msg;		/* the request being made */
	char *queue;			/* requests to be sent */
	size_t queue_len;
	unsigned int queue_n;
	char *receive;
	bool interrupted;		/* a commit overtook the last dump */
	struct vsb_txn txn;
	struct vsb_problem problem;
};

struct vsb_events {
	struct vsb *vsb;		/* of its own, for its socket */
};

typedef int (*vsb_reply_fn)(const struct nlmsghdr *reply, void *arg);

/* client.c */
struct vsb *vsb_handle_new(void);

/* link.c */
int vsb_link_open(struct vsb *vsb);
int vsb_link_join(struct vsb *vsb, const char *group);
int vsb_link_fd(const struct vsb *vsb);

/* exchange.c */
void vsb_request(struct vsb *vsb, uint8_t command, uint16_t flags);
int vsb_queue(struct vsb *vsb);
int vsb_exchange(struct vsb *vsb, vsb_reply_fn each, void *arg);
int vsb_ask(struct vsb *vsb, vsb_reply_fn each, void *arg);

/* txn.c */
int vsb_change_begin(struct vsb *vsb, uint8_t command);
int vsb_change_send(struct vsb *vsb);
int vsb_change_end(struct vsb *vsb, int err);
void vsb_txn_blame(struct vsb *vsb);

/* error.c */
struct vsb_attr_name {
	const char *name;
	const struct vsb_attr_space *nested;
};

struct vsb_attr_space {
	const char *prefix;	/* of its attributes' paths, where not NULL */
	const struct vsb_attr_name *names;
	unsigned int max;
};

void vsb_problem_reset(struct vsb *vsb);
int vsb_fail(struct vsb *vsb, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int vsb_fail_size(struct vsb *vsb);
int vsb_check_family(struct vsb *vsb, uint16_t family);
void vsb_problem_explain(struct vsb_problem *problem,
			 const struct nlmsghdr *request,
			 const struct nlmsghdr *reply);
const struct vsb_attr_space *vsb_command_space(uint8_t command);

/* encode.c */
int vsb_encode_pool(struct nl_msg *msg, const struct vsb_pool *pool,
		    uint8_t command);
int vsb_encode_backends(struct nl_msg *msg, const struct vsb_pool *pool,
			const struct vsb_backend *backends, size_t n,
			bool key_only);
int vsb_encode_service(struct nl_msg *msg, const struct vsb_service *service,
		       bool key_only);
int vsb_encode_service_filter(struct nl_msg *msg,
			      const struct vsb_service *filter);
int vsb_encode_ranges(struct nl_msg *msg, const struct vsb_service *service,
		      const struct vsb_cidr *cidrs, size_t n);
int vsb_encode_affinity(struct nl_msg *msg, const struct vsb_affinity *affinity,
			uint8_t command);
int vsb_encode_connection_filter(struct nl_msg *msg,
				 const struct vsb_pool *filter);
int vsb_encode_config(struct nl_msg *msg, const struct vsb_config *config);
int vsb_encode_query(struct nl_msg *msg, const struct vsb_query *query);
int vsb_encode_string(struct nl_msg *msg, int type, const char *value);

/* decode.c */
int vsb_decode_pool(const struct nlmsghdr *nlh, struct vsb_pool *pool);
int vsb_decode_backend(const struct nlmsghdr *nlh, struct vsb_pool *pool,
		       struct vsb_backend *backend);
int vsb_decode_service(const struct nlmsghdr *nlh,
		       struct vsb_service *service);
int vsb_decode_range(const struct nlmsghdr *nlh, struct vsb_service *service,
		     struct vsb_cidr *cidr);
int vsb_decode_affinity(const struct nlmsghdr *nlh,
			struct vsb_affinity *affinity);
int vsb_decode_connection(const struct nlmsghdr *nlh,
			  struct vsb_connection *connection);
int vsb_decode_config(const struct nlmsghdr *nlh, struct vsb_config *config);
int vsb_decode_info(const struct nlmsghdr *nlh, struct vsb_info *info);
int vsb_decode_generation(const struct nlmsghdr *nlh, uint32_t *generation);
int vsb_decode_event(const struct nlmsghdr *nlh, struct vsb_event *event);
int vsb_decode_answer(const struct nlmsghdr *nlh, struct vsb_answer **answer);

/* Length of an address of @family, 0 where that is none of ours. */
static inline int vsb_addr_len(uint16_t family)
{
	switch (family) {
	case AF_INET:
		return sizeof(struct in_addr);
	case AF_INET6:
		return sizeof(struct in6_addr);
	default:
		return 0;
	}
}

#endif /* VSB_INTERNAL_H */
