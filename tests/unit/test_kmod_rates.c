// SPDX-License-Identifier: GPL-2.0
/* Tests how fast statistics are said to grow, on the module's own file. */

#include <linux/kernel.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define HZ 250

#include "../../kmod/rates.c"

static struct vsb_stats stats;
static struct vsb_rates rates;

static int begin(void **state)
{
	(void)state;
	memset(&stats, 0, sizeof(stats));
	memset(&rates, 0, sizeof(rates));
	return 0;
}

/* So much more is counted, in so many intervals of two seconds. */
static bool pass(u64 more, unsigned long intervals)
{
	atomic64_read(&stats.count[VSB_STAT_BYTES_IN]) += (int64_t)more;
	return vsb_rates_update(&rates, &stats,
				intervals * VSB_RATES_INTERVAL);
}

static u64 rate(void)
{
	return vsb_rates_read(&rates, VSB_STAT_BYTES_IN);
}

/*
 * As ipvsadm(8) shows it: ip_vs_est.c has a rate go a quarter of the way each
 * two seconds, from 0 to 25, 43.75, 57.8125 and so on of 100.
 */
static void quarters(void **state)
{
	static const u64 expected[] = { 25, 44, 58, 68, 76, 82, 87 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		assert_true(pass(200, 1));
		assert_int_equal(rate(), expected[i]);
	}
	for (int i = 0; i < 60; i++)
		pass(200, 1);
	assert_int_equal(rate(), 100);
	pass(0, 1);
	assert_int_equal(rate(), 75);
	assert_int_equal(vsb_rates_read(&rates, VSB_STAT_BYTES_OUT), 0);
}

/* One look after many intervals is as good as one after each. */
static void seldom(void **state)
{
	u64 often;

	(void)state;
	for (int i = 0; i < 3; i++)
		pass(3000, 1);
	often = rate();
	begin(NULL);
	pass(9000, 3);
	assert_int_equal(rate(), often);
	/* Nothing is left of what was long ago. */
	pass(0, 1000000);
	assert_int_equal(rate(), 0);
}

/* It fades until nothing is left, and then says so. */
static void fades(void **state)
{
	int passes = 0;

	(void)state;
	pass(2, 1);
	assert_int_equal(rate(), 0);
	assert_true(rates.rate[VSB_STAT_BYTES_IN] > 0);
	while (pass(0, 1))
		assert_true(++passes < 1000);
	assert_int_equal(rates.rate[VSB_STAT_BYTES_IN], 0);
}

/* Statistics that were set to 0 have not shrunk; nor is much too much. */
static void set_to_zero(void **state)
{
	(void)state;
	pass(1000000, 1);
	begin(NULL);
	rates.last[VSB_STAT_BYTES_IN] = 1000000;
	pass(800, 1);
	assert_int_equal(rate(), 100);
	/* And since they were, as much has come as there was. */
	begin(NULL);
	pass(800, 1);
	memset(&stats, 0, sizeof(stats));
	vsb_rates_zero(&rates);
	pass(800, 1);
	assert_int_equal(rate(), 100);
	/* 400 gigabits a second, for an hour. */
	begin(NULL);
	pass(50000000000ULL * 3600, 1800);
	assert_in_range(rate(), 49900000000ULL, 50000000000ULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(quarters, begin),
		cmocka_unit_test_setup(seldom, begin),
		cmocka_unit_test_setup(fades, begin),
		cmocka_unit_test_setup(set_to_zero, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
