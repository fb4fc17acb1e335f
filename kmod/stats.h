/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_STATS_H
#define VSB_STATS_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>

struct vsb_net;

/* What is counted of connections; a client's direction comes before the other,
 * as in IP_CT_DIR_*.
 */
enum vsb_stat {
	VSB_STAT_CONNECTIONS,
	VSB_STAT_PACKETS_IN,
	VSB_STAT_PACKETS_OUT,
	VSB_STAT_BYTES_IN,
	VSB_STAT_BYTES_OUT,
	VSB_STATS,
};

/**
 * struct vsb_stats - confirmed connections and their traffic
 * @count: by VSB_STAT_*
 *
 * Added to when connections' records are swept, never per packet.
 */
struct vsb_stats {
	atomic64_t count[VSB_STATS];
};

/**
 * struct vsb_rates - how fast statistics grow
 * @last: what they were when looked at last
 * @rate: by how much they grow in a second, smoothed, in fixed point
 *
 * The sweeper alone looks at statistics; what it finds is read without a lock,
 * and set to 0 without one.
 */
struct vsb_rates {
	u64 last[VSB_STATS];
	u64 rate[VSB_STATS];
};

/* How often they are to be looked at for their rates, in jiffies. */
#define VSB_RATES_INTERVAL	(2 * HZ)

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

void vsb_stats_add(struct vsb_stats *stats, const u64 *counts);
void vsb_stats_move(struct vsb_stats *stats, struct vsb_stats *more);
void vsb_stats_zero(struct vsb_stats *stats, struct vsb_rates *rates);
bool vsb_rates_update(struct vsb_rates *rates, const struct vsb_stats *stats,
		      unsigned long elapsed);
void vsb_rates_zero(struct vsb_rates *rates);
u64 vsb_rates_read(const struct vsb_rates *rates, enum vsb_stat stat);
int vsb_stats_fill(struct sk_buff *skb, int attr, const struct vsb_stats *stats,
		   const struct vsb_rates *rates);

unsigned long vsb_count_read(const struct vsb_net *vnet,
			     enum vsb_counter counter);

#define vsb_count(vnet, counter) \
	this_cpu_inc((vnet)->counters->count[counter])

#endif /* VSB_STATS_H */
