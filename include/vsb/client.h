/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libvsb: the vsb kernel module's objects as C structures, and the calls that
 * read and change them.
 *
 * A handle is for one thread at a time and belongs to the network namespace
 * in which it was opened. Calls return 0, or a negative errno value; then
 * vsb_error() has the sentence to show. Ports, marks and numbers are in host
 * byte order, addresses in network byte order. Strings that a call is given
 * stay the caller's; a string that is NULL is left out of the request. What a
 * callback is given is gone when it returns.
 */
#ifndef VSB_CLIENT_H
#define VSB_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vsb.h>

#ifdef __cplusplus
extern "C" {
#endif

/** struct vsb - a connection to the kernel module */
struct vsb;

/**
 * union vsb_addr - an address of the family that its object names
 * @in4: IPv4, network byte order
 * @in6: IPv6
 */
union vsb_addr {
	struct in_addr in4;
	struct in6_addr in6;
};

/**
 * struct vsb_stats - confirmed connections and their traffic
 * @connections: how many
 * @packets_in: packets from clients
 * @packets_out: packets to clients
 * @bytes_in: bytes from clients
 * @bytes_out: bytes to clients
 * @rate_connections: how many a second, smoothed over some seven seconds; of
 *	services and backends, as the other rates, else 0
 * @rate_packets_in: likewise
 * @rate_packets_out: likewise
 * @rate_bytes_in: likewise
 * @rate_bytes_out: likewise
 *
 * What lives is counted as the kernel saw it last, some seconds ago at most.
 */
struct vsb_stats {
	uint64_t connections;
	uint64_t packets_in;
	uint64_t packets_out;
	uint64_t bytes_in;
	uint64_t bytes_out;
	uint64_t rate_connections;
	uint64_t rate_packets_in;
	uint64_t rate_packets_out;
	uint64_t rate_bytes_in;
	uint64_t rate_bytes_out;
};

/* Members of struct vsb_pool that hold a value (its @given). */
#define VSB_POOL_AFFINITY_TIMEOUT	0x1
#define VSB_POOL_AFFINITY_PREFIX_LEN	0x2
#define VSB_POOL_STATS			0x4
#define VSB_POOL_SCHED_FLAGS		0x8
#define VSB_POOL_TABLE_SIZE		0x10

/**
 * struct vsb_pool - a pool of backends
 * @name: key
 * @owner: NULL means "admin"
 * @scheduler: NULL means rr in a new pool, unchanged in a change
 * @family: AF_INET or AF_INET6
 * @given: VSB_POOL_* mask of the members that hold a value; those left out
 *	have their default (no affinity, whole addresses) in a new pool and
 *	stay as they are in a change
 * @sched_flags: mask of VSB_SCHED_FLAG_*, of those that the scheduler has; none
 *	in a new pool, and after a change of the scheduler alone
 * @table_size: entries of mh's table, a prime to 131071
 * @affinity_timeout: seconds, 0 for no affinity, to VSB_AFFINITY_TIMEOUT_MAX
 * @affinity_prefix_len: bits of a source address that make one client
 * @backends: in listings, number of backends
 * @users: in listings, number of services that send connections here
 * @stats: in listings, where @given has VSB_POOL_STATS
 */
struct vsb_pool {
	const char *name;
	const char *owner;
	const char *scheduler;
	uint16_t family;
	uint32_t given;
	uint32_t sched_flags;
	uint32_t table_size;
	uint32_t affinity_timeout;
	uint32_t affinity_prefix_len;
	uint32_t backends;
	uint32_t users;
	struct vsb_stats stats;
};

/* Members of struct vsb_backend that hold a value (its @given). */
#define VSB_BACKEND_WEIGHT	0x1
#define VSB_BACKEND_STATE	0x2
#define VSB_BACKEND_SETS	0x4
#define VSB_BACKEND_STATS	0x8
#define VSB_BACKEND_UPPER	0x10
#define VSB_BACKEND_LOWER	0x20

/**
 * struct vsb_backend - one backend of a pool
 * @addr: key, of the pool's family
 * @port: key; 0 keeps the port that the client used
 * @given: VSB_BACKEND_* mask of the members that hold a value; those left out
 *	have their default (weight 1, up, set 0) in a new backend and stay as
 *	they are in a change
 * @weight: 0 to VSB_WEIGHT_MAX
 * @state: VSB_STATE_*
 * @sets: mask of the sets that it is in
 * @upper: live connections with which it is full, 0 for any number
 * @lower: those below which it is full no longer, 0 for three quarters of
 *	@upper
 * @connections: in listings, live connections
 * @active: in listings, those of them that are in use
 * @stats: in listings, where @given has VSB_BACKEND_STATS
 */
struct vsb_backend {
	union vsb_addr addr;
	uint16_t port;
	uint32_t given;
	uint32_t weight;
	uint32_t state;
	uint32_t sets;
	uint32_t upper;
	uint32_t lower;
	uint32_t connections;
	uint32_t active;
	struct vsb_stats stats;
};

/**
 * struct vsb_route - where a service sends connections of some kinds of source
 * @sources: mask of VSB_SOURCE_POD, _NODE and _OUTSIDE
 * @pool: name of a pool of the service's family
 * @set: 0 to VSB_SETS_MAX - 1
 * @masquerade: whether the source address is rewritten
 */
struct vsb_route {
	uint32_t sources;
	const char *pool;
	uint32_t set;
	bool masquerade;
};

#define VSB_SOURCES_ALL \
	(VSB_SOURCE_POD | VSB_SOURCE_NODE | VSB_SOURCE_OUTSIDE)

/* Members of struct vsb_service that hold a value (its @given). */
#define VSB_SERVICE_ELSEWHERE	0x1
#define VSB_SERVICE_STATS	0x2
#define VSB_SERVICE_FLAGS	0x4

/* The same, of a filter; see vsb_services_each(). */
#define VSB_SERVICE_KIND	0x8
#define VSB_SERVICE_ADDR	0x10
#define VSB_SERVICE_PORT	0x20

/**
 * struct vsb_service - a virtual address, a node port or a firewall mark
 * @kind: key, VSB_KIND_*; says which of the next members belong to the key
 * @family: key, AF_INET or AF_INET6
 * @protocol: key of a VIP or node port: IPPROTO_TCP, IPPROTO_UDP or
 *	IPPROTO_SCTP
 * @addr: key of a VIP
 * @port: key of a VIP, for which 0 is every port that has no service of its
 *	own, or of a node port
 * @mark: key of a firewall mark, not 0
 * @owner: NULL means "admin"
 * @label: free text, NULL for none in a new service, unchanged in a change
 * @routes: one to three; together they name every kind of source once in a
 *	new service and in listings, any in a change. Listings join the kinds
 *	that are routed alike.
 * @n_routes: how many
 * @given: VSB_SERVICE_* mask of the members that hold a value
 * @elsewhere: VSB_ACTION_*, where the chosen set has no usable backend and
 *	another set of the pool has
 * @flags: mask of VSB_FLAG_*
 * @ranges: in listings, number of source ranges
 * @stats: in listings
 */
struct vsb_service {
	uint32_t kind;
	uint16_t family;
	uint8_t protocol;
	union vsb_addr addr;
	uint16_t port;
	uint32_t mark;
	const char *owner;
	const char *label;
	struct vsb_route routes[3];
	unsigned int n_routes;
	uint32_t given;
	uint32_t elsewhere;
	uint32_t flags;
	uint32_t ranges;
	struct vsb_stats stats;
};

/** struct vsb_cidr - a range of addresses */
struct vsb_cidr {
	uint16_t family;
	union vsb_addr addr;
	uint32_t prefix_len;
};

/** struct vsb_cidr_list - ranges of addresses of a setting */
struct vsb_cidr_list {
	unsigned int n;
	struct vsb_cidr cidrs[VSB_CIDRS_MAX];
};

/* Members of struct vsb_affinity that hold a value (its @given). */
#define VSB_AFFINITY_EXPIRES	0x1

/**
 * struct vsb_affinity - where a client's next connection to a pool goes
 * @pool: name of the pool
 * @owner: its owner; NULL means "admin"
 * @family: of both addresses
 * @client: the client's address, with no bit beyond the pool's
 *	affinity_prefix_len
 * @addr: the backend's
 * @port: the backend's
 * @given: VSB_AFFINITY_* mask of the members that hold a value
 * @expires: seconds from now; where it is left out, or beyond that, the pool's
 *	affinity_timeout
 */
struct vsb_affinity {
	const char *pool;
	const char *owner;
	uint16_t family;
	union vsb_addr client;
	union vsb_addr addr;
	uint16_t port;
	uint32_t given;
	uint32_t expires;
};

/**
 * struct vsb_connection - a connection that a service has sent to a backend
 * @pool: name of the backend's pool
 * @owner: its owner
 * @family: of all addresses
 * @protocol: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @source: the client
 * @source_port: likewise
 * @destination: what the client has connected to
 * @destination_port: likewise
 * @addr: the backend
 * @port: likewise
 * @state: of TCP one of enum tcp_conntrack, of SCTP one of enum sctp_conntrack
 * @expires: seconds until conntrack forgets it, if it says nothing
 * @masquerade: the backend sees one of the node's addresses as client
 * @replied: the backend has answered
 */
struct vsb_connection {
	const char *pool;
	const char *owner;
	uint16_t family;
	uint8_t protocol;
	union vsb_addr source, destination, addr;
	uint16_t source_port, destination_port, port;
	uint8_t state;
	uint32_t expires;
	bool masquerade, replied;
};

/* Members of struct vsb_config that hold a value (its @given). */
#define VSB_CONFIG_ACCOUNTING		0x1
#define VSB_CONFIG_FINISHED_MAX		0x2
#define VSB_CONFIG_MASQUERADE_ALL	0x4
#define VSB_CONFIG_POD_CIDRS		0x8
#define VSB_CONFIG_POD_DEVICES		0x10
#define VSB_CONFIG_SERVICE_CIDRS	0x20
#define VSB_CONFIG_NODE_PORT_CIDRS	0x40
#define VSB_CONFIG_REJECT_RATE		0x80
#define VSB_CONFIG_MAX_POOLS		0x100
#define VSB_CONFIG_MAX_SERVICES		0x200
#define VSB_CONFIG_MAX_BACKENDS		0x400
#define VSB_CONFIG_AFFINITY_MAX		0x800
#define VSB_CONFIG_TABLE_BYTES_MAX	0x1000
#define VSB_CONFIG_TIMEOUT_TCP		0x2000
#define VSB_CONFIG_TIMEOUT_TCP_FIN	0x4000
#define VSB_CONFIG_TIMEOUT_UDP		0x8000
#define VSB_CONFIG_ALL			0xffff

/**
 * struct vsb_config - settings of the network namespace
 * @given: VSB_CONFIG_* mask of the members that hold a value; vsb_config_get()
 *	fills them all
 * @accounting: keep a record per connection
 * @finished_max: connections between two passes of the sweeper that still get
 *	a record
 * @masquerade_all: masquerade every connection to a cluster IP
 * @pod_cidrs: what counts as a pod's address
 * @pod_devices: names of devices that only pods send by; the last character
 *	may be an asterisk, for all names that begin so
 * @n_pod_devices: how many
 * @service_cidrs: ranges of cluster IPs
 * @node_port_cidrs: ranges of the node's addresses that node ports are at
 * @reject_rate: packets a second that are answered with a rejection, 0 for all
 * @max_pools: how many there may be
 * @max_services: likewise
 * @max_backends: likewise
 * @affinity_max: clients that the affinity table has room for
 * @table_bytes_max: memory that schedulers' tables may take
 * @timeout_tcp: seconds after which conntrack forgets an established connection
 *	of ours that says nothing; 0 leaves that to conntrack's own settings
 * @timeout_tcp_fin: likewise one that is closing
 * @timeout_udp: likewise a UDP flow
 */
struct vsb_config {
	uint32_t given;
	bool accounting;
	uint32_t finished_max;
	bool masquerade_all;
	struct vsb_cidr_list pod_cidrs;
	char pod_devices[VSB_POD_DEVICES_MAX][VSB_DEVICE_NAME_MAX + 1];
	unsigned int n_pod_devices;
	struct vsb_cidr_list service_cidrs;
	struct vsb_cidr_list node_port_cidrs;
	uint32_t reject_rate;
	uint32_t max_pools, max_services, max_backends;
	uint32_t affinity_max;
	uint32_t table_bytes_max;
	uint32_t timeout_tcp, timeout_tcp_fin, timeout_udp;
};

/** struct vsb_info - version, limits and counts; see vsb.yaml for each */
struct vsb_info {
	char version[32];
	char schedulers[256];	/* separated by blanks */
	uint32_t generation;
	uint32_t pools, services, backends, ranges;
	uint32_t connections, records, transactions;
	uint64_t rejected, dropped, not_syn, no_backend, elsewhere;
	uint64_t not_allowed, unserved, unallocated, full, reject_limited;
	uint64_t failed, unrecorded;
	uint32_t affinity_entries;
	uint64_t affinity_hits, affinity_evictions;
	struct vsb_stats retired;
	uint32_t max_pools, max_services, max_backends;
	uint32_t table_bytes;
};

/**
 * struct vsb_query - a packet that vsb_explain() asks about
 * @family: AF_INET or AF_INET6
 * @protocol: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @source: where it comes from
 * @destination: where it goes
 * @source_port: likewise
 * @destination_port: likewise
 * @ifindex: input device, 0 for a packet of the node's own
 * @vrf: VRF device that a packet of the node's own is sent in, 0 for none
 * @mark: the packet's firewall mark
 */
struct vsb_query {
	uint16_t family;
	uint8_t protocol;
	union vsb_addr source, destination;
	uint16_t source_port, destination_port;
	uint32_t ifindex;
	uint32_t vrf;
	uint32_t mark;
};

/**
 * struct vsb_answer - what would happen to that packet, and why
 * @verdict: VSB_VERDICT_*
 * @reason: VSB_REASON_*
 * @source: VSB_SOURCE_*, what the source address counts as; 0 where no
 *	service was found
 * @service: whether a service decided; then the members up to @masquerade
 * @kind: the service's kind, VSB_KIND_*
 * @mark: the service's mark, where that is its kind
 * @addr: the service's address, where it is a VIP
 * @port: the service's port, where it has one
 * @owner: the service's owner
 * @label: the service's label
 * @pool: the pool that its kind of source is sent to
 * @scheduler: that pool's
 * @set: the pool's set that is chosen from
 * @masquerade: whether the source address is rewritten
 * @candidates: number of backends that the scheduler chooses from
 * @backends: the first of them, with weight, state and sets
 * @n_backends: how many are listed, at most VSB_EXPLAIN_BACKENDS_MAX
 * @has_affinity: whether affinity chooses the backend, not the scheduler
 * @affinity: that backend then
 * @has_choice: whether it is certain which backend the scheduler would choose
 *	now: no matter of turns, of chance or of an unsaid source port
 * @choice: that backend then
 */
struct vsb_answer {
	uint32_t verdict;
	uint32_t reason;
	uint32_t source;
	bool service;
	uint32_t kind;
	uint32_t mark;
	union vsb_addr addr;
	uint16_t port;
	const char *owner, *label, *pool, *scheduler;
	uint32_t set;
	bool masquerade;
	uint32_t candidates;
	struct vsb_backend *backends;
	size_t n_backends;
	bool has_affinity;
	struct vsb_backend affinity;
	bool has_choice;
	struct vsb_backend choice;
};

/**
 * vsb_open() - connect to the module in the current network namespace
 * @vsb: where to store the handle; it is stored on failure too (unless that is
 *	-ENOMEM), so that vsb_error() can be asked, and must be closed
 *
 * The kernel loads the module by itself when the caller may do that.
 *
 * Return: 0, -ENOENT where the module is not there and can't be loaded,
 *	-ENOMEM, or another negative errno value.
 */
int vsb_open(struct vsb **vsb);

/**
 * vsb_close() - end the connection, aborting a transaction that is open
 * @vsb: the handle, or NULL
 */
void vsb_close(struct vsb *vsb);

/**
 * vsb_error() - why the last call failed
 * @vsb: the handle
 *
 * Return: one sentence without a newline that names the attribute at fault
 *	where there is one; valid until the next call.
 */
const char *vsb_error(const struct vsb *vsb);

int vsb_info_get(struct vsb *vsb, struct vsb_info *info);

/**
 * vsb_begin() - begin a transaction
 * @vsb: the handle
 *
 * Changes that follow are collected, sent many at a time, and applied by
 * vsb_commit() as a whole. They may return 0 although the kernel is going to
 * refuse them: a later change or vsb_commit() then returns the error, and
 * vsb_failed_change() says whose it is. After an error nothing has been
 * applied, and vsb_abort() ends the transaction.
 */
int vsb_begin(struct vsb *vsb);

/**
 * vsb_commit() - apply all changes since vsb_begin()
 * @vsb: the handle
 * @expected: where not NULL, the generation that the changes were made for
 * @generation: where not NULL, the generation that is new
 *
 * Return: 0; -EAGAIN where another commit came after @expected; the refusal
 *	of a change. In any case the transaction is over.
 */
int vsb_commit(struct vsb *vsb, const uint32_t *expected, uint32_t *generation);
void vsb_abort(struct vsb *vsb);

/**
 * vsb_failed_change() - which change was refused
 * @vsb: the handle
 *
 * Return: its index in the transaction from 0 (one call is one change), or -1
 *	where the last error was not a change's.
 */
long vsb_failed_change(const struct vsb *vsb);

int vsb_pool_new(struct vsb *vsb, const struct vsb_pool *pool);
int vsb_pool_set(struct vsb *vsb, const struct vsb_pool *pool);
int vsb_pool_del(struct vsb *vsb, const struct vsb_pool *pool);

/**
 * vsb_pool_zero() - set statistics of pools and their backends to 0
 * @vsb: the handle
 * @pool: name and owner; where the name is NULL, all pools of the owner
 *
 * This takes effect at once, also while a transaction is open.
 */
int vsb_pool_zero(struct vsb *vsb, const struct vsb_pool *pool);

/**
 * vsb_backends_new() - add backends to a pool, all or none
 * @vsb: the handle
 * @pool: name, owner and family of the pool
 * @backends: what to add
 * @n: how many; so many that no message can hold them make several changes
 *	in a transaction of their own where none is open
 */
int vsb_backends_new(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n);
int vsb_backends_set(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n);
int vsb_backends_del(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n);

int vsb_service_new(struct vsb *vsb, const struct vsb_service *service);
int vsb_service_set(struct vsb *vsb, const struct vsb_service *service);
int vsb_service_del(struct vsb *vsb, const struct vsb_service *service);

/**
 * vsb_service_zero() - set statistics of services to 0
 * @vsb: the handle
 * @service: key and owner; where the family is 0, all services of the owner
 *
 * This takes effect at once, also while a transaction is open.
 */
int vsb_service_zero(struct vsb *vsb, const struct vsb_service *service);

/**
 * vsb_ranges_new() - add source ranges to a service, all or none
 * @vsb: the handle
 * @service: key and owner of the service
 * @cidrs: what to add, of the service's family
 * @n: how many; so many that no message can hold them make several changes
 *	in a transaction of their own where none is open
 */
int vsb_ranges_new(struct vsb *vsb, const struct vsb_service *service,
		   const struct vsb_cidr *cidrs, size_t n);
int vsb_ranges_del(struct vsb *vsb, const struct vsb_service *service,
		   const struct vsb_cidr *cidrs, size_t n);

/**
 * vsb_affinity_set() - have a client's next connections go to a backend
 * @vsb: the handle
 * @affinity: pool, client, backend, and perhaps when that ends
 *
 * This takes effect at once, also while a transaction is open.
 */
int vsb_affinity_set(struct vsb *vsb, const struct vsb_affinity *affinity);

/**
 * vsb_affinity_del() - forget a client of a pool
 * @vsb: the handle
 * @affinity: pool, owner and client; where the family is 0, all clients
 *
 * This takes effect at once, also while a transaction is open.
 */
int vsb_affinity_del(struct vsb *vsb, const struct vsb_affinity *affinity);

int vsb_config_set(struct vsb *vsb, const struct vsb_config *config);
int vsb_config_get(struct vsb *vsb, struct vsb_config *config);

/**
 * vsb_flush() - take away all pools, backends and services of an owner
 * @vsb: the handle
 * @owner: NULL means "admin"
 *
 * As the first change of a transaction it makes the transaction a replacement
 * of all that the owner has; what is made again keeps its connections and
 * counters.
 */
int vsb_flush(struct vsb *vsb, const char *owner);

/**
 * vsb_pools_each() - list pools
 * @vsb: the handle
 * @filter: name and owner that a pool must have, as far as they are not NULL;
 *	or NULL for all
 * @each: called for each pool; returns 0, or a negative errno value that ends
 *	the listing and is returned
 * @arg: handed to @each
 *
 * Pools of one listing belong to one generation: where a commit comes while
 * it is read, the listing is read again, before @each sees any of it.
 */
int vsb_pools_each(struct vsb *vsb, const struct vsb_pool *filter,
		   int (*each)(const struct vsb_pool *pool, void *arg),
		   void *arg);

/**
 * vsb_backends_each() - list backends
 * @vsb: the handle
 * @filter: name and owner of the pool, as far as they are not NULL; or NULL
 * @each: called for each backend with name, owner and family of its pool
 * @arg: handed to @each
 */
int vsb_backends_each(struct vsb *vsb, const struct vsb_pool *filter,
		      int (*each)(const struct vsb_pool *pool,
				  const struct vsb_backend *backend,
				  void *arg),
		      void *arg);

/**
 * vsb_services_each() - list services
 * @vsb: the handle
 * @filter: NULL for all, else owner (where not NULL), family, protocol and
 *	mark (where not 0), the pool of the first route (where there is one)
 *	that a service must have; kind, address and port where @given has
 *	VSB_SERVICE_KIND, _ADDR (which needs the family) and _PORT
 * @each: called for each service
 * @arg: handed to @each
 */
int vsb_services_each(struct vsb *vsb, const struct vsb_service *filter,
		      int (*each)(const struct vsb_service *service,
				  void *arg),
		      void *arg);

/**
 * vsb_ranges_each() - list source ranges of services
 * @vsb: the handle
 * @filter: as in vsb_services_each()
 * @each: called for each range with key and owner of its service
 * @arg: handed to @each
 */
int vsb_ranges_each(struct vsb *vsb, const struct vsb_service *filter,
		    int (*each)(const struct vsb_service *service,
				const struct vsb_cidr *cidr, void *arg),
		    void *arg);

/**
 * vsb_affinity_each() - list clients that have affinity to a usable backend
 * @vsb: the handle
 * @filter: pool and owner, as far as they are not NULL; or NULL for all
 * @each: called for each client
 * @arg: handed to @each
 */
int vsb_affinity_each(struct vsb *vsb, const struct vsb_affinity *filter,
		      int (*each)(const struct vsb_affinity *affinity,
				  void *arg),
		      void *arg);

/**
 * vsb_connections_each() - list connections that live
 * @vsb: the handle
 * @filter: name and owner of the pool, as far as they are not NULL; or NULL
 * @each: called for each connection, while the listing is read: it must not use
 *	the handle
 * @arg: handed to @each
 *
 * Connections come and go while they are listed, and conntrack's table may be
 * resized: one may be told of twice, or not at all.
 */
int vsb_connections_each(struct vsb *vsb, const struct vsb_pool *filter,
			 int (*each)(const struct vsb_connection *connection,
				     void *arg),
			 void *arg);

/**
 * vsb_explain() - ask what would happen to a packet
 * @vsb: the handle
 * @query: the packet
 * @answer: where to store the answer, to be freed by vsb_answer_free()
 */
int vsb_explain(struct vsb *vsb, const struct vsb_query *query,
		struct vsb_answer **answer);
void vsb_answer_free(struct vsb_answer *answer);

/** struct vsb_events - a subscription to changes */
struct vsb_events;

/**
 * struct vsb_event - what a notification says beside the object
 * @change: VSB_CHANGE_*
 * @generation: the one that the change belongs to
 */
struct vsb_event {
	uint32_t change;
	uint32_t generation;
};

/**
 * struct vsb_event_calls - who is told of what; NULL for nobody
 * @pool: of a pool as it is since the change, or was before its end, without
 *	numbers of backends and users and without statistics
 * @backend: of a backend likewise, without counts of connections, with name,
 *	owner and family of its pool
 * @service: of a service likewise, with the number of its source ranges; a
 *	change of these is one of their service
 * @config: of all settings; they are nobody's
 * @overrun: changes were lost since the reader was too slow: what it knows has
 *	to be listed again
 *
 * These return 0, or a negative errno value that vsb_events_read() returns.
 */
struct vsb_event_calls {
	int (*pool)(const struct vsb_event *event, const struct vsb_pool *pool,
		    void *arg);
	int (*backend)(const struct vsb_event *event,
		       const struct vsb_pool *pool,
		       const struct vsb_backend *backend, void *arg);
	int (*service)(const struct vsb_event *event,
		       const struct vsb_service *service, void *arg);
	int (*config)(const struct vsb_event *event,
		      const struct vsb_config *config, void *arg);
	int (*overrun)(void *arg);
};

/**
 * vsb_events_open() - be told of changes in the current network namespace
 * @events: where to store the subscription; it is stored on failure too (unless
 *	that is -ENOMEM), so that vsb_events_error() can be asked, and must be
 *	closed
 *
 * It has a socket of its own, and needs no handle. What changes after this
 * returned is told.
 *
 * Return: 0, or a negative errno value as vsb_open() does.
 */
int vsb_events_open(struct vsb_events **events);

/**
 * vsb_events_close() - end the subscription
 * @events: the subscription, or NULL
 */
void vsb_events_close(struct vsb_events *events);

/**
 * vsb_events_error() - why the last call failed
 * @events: the subscription
 *
 * Return: one sentence as vsb_error() has it.
 */
const char *vsb_events_error(const struct vsb_events *events);

/**
 * vsb_events_fd() - what to poll
 * @events: the subscription
 *
 * Return: a file descriptor that is readable when vsb_events_read() has
 *	something to tell.
 */
int vsb_events_fd(const struct vsb_events *events);

/**
 * vsb_events_read() - tell of changes that are waiting
 * @events: the subscription
 * @calls: whom to tell
 * @arg: handed to them
 *
 * This never waits, and leaves some for the next time where there are many.
 *
 * Return: 0, also where nothing was waiting; -EBADMSG for a notification that
 *	is not understood; what a callback returned; or another negative errno
 *	value.
 */
int vsb_events_read(struct vsb_events *events,
		    const struct vsb_event_calls *calls, void *arg);

#ifdef __cplusplus
}
#endif

#endif /* VSB_CLIENT_H */
