// SPDX-License-Identifier: GPL-2.0
/* Statistics: what connections add to them, and how they are told. */

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_acct.h>
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
 * vsb_stats_add_conn() - add a connection that is over
 * @stats: what to add to
 * @ct: a confirmed conntrack that the caller holds
 */
void vsb_stats_add_conn(struct vsb_stats *stats, const struct nf_conn *ct)
{
	const struct nf_conn_acct *acct = nf_conn_acct_find(ct);
	int dir;

	atomic64_inc(&stats->connections);
	if (!acct)
		return;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		const struct nf_conn_counter *c = &acct->counter[dir];

		atomic64_add(atomic64_read(&c->packets), &stats->packets[dir]);
		atomic64_add(atomic64_read(&c->bytes), &stats->bytes[dir]);
	}
}

/**
 * vsb_stats_add() - add statistics to others
 * @stats: what to add to
 * @more: what to add; nobody adds to it any more
 */
void vsb_stats_add(struct vsb_stats *stats, const struct vsb_stats *more)
{
	int dir;

	atomic64_add(atomic64_read(&more->connections), &stats->connections);
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		atomic64_add(atomic64_read(&more->packets[dir]),
			     &stats->packets[dir]);
		atomic64_add(atomic64_read(&more->bytes[dir]),
			     &stats->bytes[dir]);
	}
}

/**
 * vsb_stats_zero() - begin to count afresh
 * @stats: what to set to 0
 */
void vsb_stats_zero(struct vsb_stats *stats)
{
	int dir;

	atomic64_set(&stats->connections, 0);
	for (dir = 0; dir < 2; dir++) {
		atomic64_set(&stats->packets[dir], 0);
		atomic64_set(&stats->bytes[dir], 0);
	}
}

static int put(struct sk_buff *skb, int attr, const atomic64_t *value)
{
	return nla_put_u64_64bit(skb, attr, atomic64_read(value),
				 VSB_A_STATS_PAD);
}

/**
 * vsb_stats_fill() - write statistics into a message
 * @skb: the message
 * @attr: type of the nest
 * @stats: what to write
 *
 * Return: 0, or -EMSGSIZE.
 */
int vsb_stats_fill(struct sk_buff *skb, int attr, const struct vsb_stats *stats)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest ||
	    put(skb, VSB_A_STATS_CONNECTIONS, &stats->connections) ||
	    put(skb, VSB_A_STATS_PACKETS_IN,
		&stats->packets[IP_CT_DIR_ORIGINAL]) ||
	    put(skb, VSB_A_STATS_PACKETS_OUT,
		&stats->packets[IP_CT_DIR_REPLY]) ||
	    put(skb, VSB_A_STATS_BYTES_IN, &stats->bytes[IP_CT_DIR_ORIGINAL]) ||
	    put(skb, VSB_A_STATS_BYTES_OUT, &stats->bytes[IP_CT_DIR_REPLY]))
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
