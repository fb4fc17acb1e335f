// SPDX-License-Identifier: GPL-2.0
/* Statistics of connections: what is added to them, and how they are told. */

#include <net/netlink.h>

#include <uapi/linux/vsb.h>

#include "net.h"
#include "stats.h"

const u8 vsb_reason_counters[] = {
	[VSB_REASON_NO_BACKEND] = VSB_COUNT_NO_BACKEND,
	[VSB_REASON_ELSEWHERE] = VSB_COUNT_ELSEWHERE,
	[VSB_REASON_NOT_SYN] = VSB_COUNT_NOT_SYN,
	[VSB_REASON_NOT_ALLOWED] = VSB_COUNT_NOT_ALLOWED,
	[VSB_REASON_UNSERVED] = VSB_COUNT_UNSERVED,
	[VSB_REASON_UNALLOCATED] = VSB_COUNT_UNALLOCATED,
	[VSB_REASON_FULL] = VSB_COUNT_FULL,
};

/**
 * vsb_stats_add() - add to statistics
 * @stats: what to add to
 * @counts: how much, by VSB_STAT_*
 */
void vsb_stats_add(struct vsb_stats *stats, const u64 *counts)
{
	int i;

	for (i = 0; i < VSB_STATS; i++)
		if (counts[i])
			atomic64_add(counts[i], &stats->count[i]);
}

/**
 * vsb_stats_move() - add statistics to others, and begin to count afresh
 * @stats: what to add to
 * @more: what to add, and to set to 0
 */
void vsb_stats_move(struct vsb_stats *stats, struct vsb_stats *more)
{
	int i;

	for (i = 0; i < VSB_STATS; i++)
		atomic64_add(atomic64_xchg(&more->count[i], 0),
			     &stats->count[i]);
}

/**
 * vsb_stats_zero() - begin to count afresh
 * @stats: what to set to 0
 * @rates: how fast they grow, likewise, or NULL. Where the sweeper looks at
 *	them just now a rate may be left that fades away.
 */
void vsb_stats_zero(struct vsb_stats *stats, struct vsb_rates *rates)
{
	int i;

	for (i = 0; i < VSB_STATS; i++)
		atomic64_set(&stats->count[i], 0);
	if (rates)
		vsb_rates_zero(rates);
}

static int put(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VSB_A_STATS_PAD);
}

/**
 * vsb_stats_fill() - write statistics into a message
 * @skb: the message
 * @attr: type of the nest
 * @stats: what to write
 * @rates: how fast they grow, or NULL
 *
 * Return: 0, or -EMSGSIZE.
 */
int vsb_stats_fill(struct sk_buff *skb, int attr, const struct vsb_stats *stats,
		   const struct vsb_rates *rates)
{
	static const struct {
		u8 count, rate;
	} attrs[] = {
		[VSB_STAT_CONNECTIONS] = { VSB_A_STATS_CONNECTIONS,
					   VSB_A_STATS_RATE_CONNECTIONS },
		[VSB_STAT_PACKETS_IN] = { VSB_A_STATS_PACKETS_IN,
					  VSB_A_STATS_RATE_PACKETS_IN },
		[VSB_STAT_PACKETS_OUT] = { VSB_A_STATS_PACKETS_OUT,
					   VSB_A_STATS_RATE_PACKETS_OUT },
		[VSB_STAT_BYTES_IN] = { VSB_A_STATS_BYTES_IN,
					VSB_A_STATS_RATE_BYTES_IN },
		[VSB_STAT_BYTES_OUT] = { VSB_A_STATS_BYTES_OUT,
					 VSB_A_STATS_RATE_BYTES_OUT },
	};
	struct nlattr *nest = nla_nest_start(skb, attr);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < VSB_STATS; i++)
		if (put(skb, attrs[i].count,
			atomic64_read(&stats->count[i])) ||
		    (rates && put(skb, attrs[i].rate,
				  vsb_rates_read(rates, i))))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vsb_count_read() - a counter's sum over all CPUs
 * @vnet: the network namespace
 * @counter: which one
 *
 * Return: the sum, which wraps.
 */
unsigned long vsb_count_read(const struct vsb_net *vnet,
			     enum vsb_counter counter)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(vnet->counters,
					     cpu)->count[counter]);
	return sum;
}
