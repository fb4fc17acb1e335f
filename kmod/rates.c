// SPDX-License-Identifier: GPL-2.0
/* Owns how fast statistics grow. */

#include <linux/kernel.h>
#include <linux/math64.h>

#include "stats.h"

/* Rates are in units of 1 / (1 << RATE_SHIFT). */
#define RATE_SHIFT	10
/* After so many intervals next to nothing is left of what was before. */
#define RATE_STEPS_MAX	32
/* An interval moves a rate by this part towards what was seen in it: IPVS's
 * estimator does the same.
 */
#define RATE_WEIGHT	4

static u64 smooth(u64 rate, u64 seen, unsigned int steps)
{
	while (steps-- && rate != seen)
		rate += (s64)(seen - rate) / RATE_WEIGHT ?:
			(seen > rate ? 1 : -1);
	return rate;
}

/**
 * vsb_rates_update() - look how fast statistics grow
 * @rates: what was found so far
 * @stats: the statistics
 * @elapsed: jiffies since they were looked at last, VSB_RATES_INTERVAL or more
 *
 * Context: one caller at a time.
 * Return: whether there is a rate that is not 0.
 */
bool vsb_rates_update(struct vsb_rates *rates, const struct vsb_stats *stats,
		      unsigned long elapsed)
{
	unsigned int steps = min_t(unsigned long, RATE_STEPS_MAX,
				   elapsed / VSB_RATES_INTERVAL);
	u64 any = 0;
	int i;

	elapsed = min_t(unsigned long, elapsed, U32_MAX);
	for (i = 0; i < VSB_STATS; i++) {
		u64 count = atomic64_read(&stats->count[i]);
		u64 last = READ_ONCE(rates->last[i]);
		/* They may have been set to 0 since. */
		u64 more = count - (count < last ? 0 : last);
		u64 seen = mul_u64_u32_div(more, HZ << RATE_SHIFT, elapsed);

		WRITE_ONCE(rates->last[i], count);
		WRITE_ONCE(rates->rate[i],
			   smooth(rates->rate[i], seen, steps));
		any |= rates->rate[i];
	}
	return any;
}

/**
 * vsb_rates_zero() - forget how fast statistics grow
 * @rates: all of them, of statistics that were set to 0 just now
 */
void vsb_rates_zero(struct vsb_rates *rates)
{
	int i;

	for (i = 0; i < VSB_STATS; i++) {
		WRITE_ONCE(rates->last[i], 0);
		WRITE_ONCE(rates->rate[i], 0);
	}
}

/**
 * vsb_rates_read() - how fast a statistic grows
 * @rates: all of them
 * @stat: which one
 *
 * Return: by how much in a second.
 */
u64 vsb_rates_read(const struct vsb_rates *rates, enum vsb_stat stat)
{
	return DIV_ROUND_CLOSEST_ULL(READ_ONCE(rates->rate[stat]),
				     1 << RATE_SHIFT);
}
