/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_STATS_H
#define VSB_STATS_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>

struct nf_conn;
struct vsb_net;

/**
 * struct vsb_stats - confirmed connections that are over, and their traffic
 * @connections: how many
 * @packets: by direction, IP_CT_DIR_*
 * @bytes: likewise
 *
 * Added to when a connection's record is swept, never per packet.
 */
struct vsb_stats {
	atomic64_t connections;
	atomic64_t packets[2];
	atomic64_t bytes[2];
};

/* What happened to first packets that got no backend, what went wrong, and how
 * many records were made and let go.
 */
enum vsb_counter {
	VSB_COUNT_REJECTED,
	VSB_COUNT_DROPPED,
	VSB_COUNT_NOT_SYN,
	VSB_COUNT_NO_BACKEND,
	VSB_COUNT_ELSEWHERE,
	VSB_COUNT_NOT_ALLOWED,
	VSB_COUNT_UNSERVED,
	VSB_COUNT_UNALLOCATED,
	VSB_COUNT_FULL,
	VSB_COUNT_REJECT_LIMITED,
	VSB_COUNT_AFFINITY_HITS,
	VSB_COUNT_AFFINITY_EVICTIONS,
	VSB_COUNT_FAILED,
	VSB_COUNT_UNRECORDED,
	VSB_COUNT_RECORDED,
	VSB_COUNT_RELEASED,
	VSB_COUNTERS,
};

/* Per CPU, folded on read; a word is read whole, and none belongs to another. */
struct vsb_counters {
	unsigned long count[VSB_COUNTERS];
};

/* By VSB_REASON_*, of those that keep a packet from a backend. */
extern const u8 vsb_reason_counters[];

void vsb_stats_add_conn(struct vsb_stats *stats, const struct nf_conn *ct);
void vsb_stats_add(struct vsb_stats *stats, const struct vsb_stats *more);
void vsb_stats_zero(struct vsb_stats *stats);
int vsb_stats_fill(struct sk_buff *skb, int attr,
		   const struct vsb_stats *stats);

unsigned long vsb_count_read(const struct vsb_net *vnet,
			     enum vsb_counter counter);

#define vsb_count(vnet, counter) \
	this_cpu_inc((vnet)->counters->count[counter])

#endif /* VSB_STATS_H */
