// SPDX-License-Identifier: GPL-2.0
/* Tests what each scheduler promises, on the module's own files. */

#include <linux/kernel.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* Of backends and packets these files see so much. */
#define VSB_BACKEND_H
#define VSB_DECIDE_H

union nf_inet_addr {
	__be32 ip6[4];
};

struct vsb_backend_key {
	union nf_inet_addr addr;
	__be16 port;
};

struct vsb_backend {
	struct vsb_backend_key key;
	u32 connections, active, upper;
};

struct vsb_flow {
	union nf_inet_addr saddr, daddr;
	__be16 sport;
};

static inline bool vsb_backend_is_full(const struct vsb_backend *backend)
{
	return backend->upper && backend->connections >= backend->upper;
}

struct vsb_load {
	u32 active, closing;
};

static inline struct vsb_load vsb_backend_load(const struct vsb_backend *backend)
{
	return (struct vsb_load) {
		.active = backend->active,
		.closing = backend->connections > backend->active ?
			   backend->connections - backend->active : 0,
	};
}

#include "../../kmod/sched.c"
#include "../../kmod/sched_hash.c"
#include "../../kmod/sched_load.c"

#define MAX 2000

static struct vsb_backend backends[MAX];
static struct vsb_set *set;

/* A set of @n backends; @weights are repeated as often as it takes. */
static void make(const char *name, u32 n, const u16 *weights, size_t n_weights,
		 u32 flags, u32 table_size)
{
	free(set);
	set = calloc(1, sizeof(*set) + n * sizeof(set->slots[0]) +
		     table_size * sizeof(u16));
	set->sched = (struct vsb_sched) {
		.ops = vsb_sched_find(name),
		.flags = flags,
		.table_size = table_size,
	};
	assert_non_null(set->sched.ops);
	set->n = n;
	for (u32 i = 0; i < n; i++) {
		backends[i] = (struct vsb_backend) {
			.key = { .addr.ip6 = { htobe32(0x0a000000 + i) },
				 .port = htobe16(80) },
		};
		set->slots[i].backend = &backends[i];
		set->slots[i].weight = weights[i % n_weights];
	}
	assert_int_equal(vsb_sched_init_set(set, NULL), 0);
	/* They begin anywhere. */
	set->cursor = 0;
}

#define MAKE(name, n, ...) \
	make(name, n, (const u16[]) { __VA_ARGS__ }, \
	     ARRAY_SIZE(((const u16[]) { __VA_ARGS__ })), 0, 16381)

static struct vsb_flow flow_of(u32 number)
{
	return (struct vsb_flow) {
		.saddr.ip6 = { htobe32(0xc0000000 + number / 4) },
		.daddr.ip6 = { htobe32(0xc6000000 + number % 4) },
		.sport = htobe16((u16)(1024 + number % 50000)),
	};
}

/* The number of the slot that is chosen, or -1. */
static int choose(u32 number)
{
	const struct vsb_flow flow = flow_of(number);
	const struct vsb_slot *slot = set->sched.ops->pick(set, &flow);

	return slot ? (int)(slot - set->slots) : -1;
}

/* The same, of a connection that stays. */
static int connect_one(u32 number)
{
	int i = choose(number);

	if (i >= 0) {
		backends[i].connections++;
		backends[i].active++;
	}
	return i;
}

static void expect_sequence(const int *expected, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(connect_one((u32)i), expected[i]);
}

#define SEQUENCE(...) \
	expect_sequence((const int[]) { __VA_ARGS__ }, \
			ARRAY_SIZE(((const int[]) { __VA_ARGS__ })))

static void rr(void **state)
{
	(void)state;
	MAKE("rr", 3, 1, 7, 2);
	SEQUENCE(0, 1, 2, 0, 1, 2, 0);
	backends[1].upper = 1;
	SEQUENCE(2, 0, 2, 0, 2);
	backends[0].upper = backends[2].upper = 1;
	SEQUENCE(-1, -1);
	backends[1].upper = 0;
	SEQUENCE(1, 1);
}

static void counts_of(u32 picks, u32 *counts)
{
	memset(counts, 0, MAX * sizeof(*counts));
	for (u32 i = 0; i < picks; i++) {
		int slot = choose(i);

		assert_true(slot >= 0);
		counts[slot]++;
	}
}

/* Shares are exact after each round, whatever the weights, and even in it. */
static void wrr(void **state)
{
	u32 counts[MAX];

	(void)state;
	MAKE("wrr", 3, 1, 2, 4);
	SEQUENCE(0, 2, 1, 2, 1, 2, 2, 0, 2, 1);
	MAKE("wrr", 3, 10, 20, 40);
	counts_of(7, counts);
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], 2);
	assert_int_equal(counts[2], 4);
	MAKE("wrr", 100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
	counts_of(5500, counts);
	for (u32 i = 0; i < 100; i++)
		assert_int_equal(counts[i], 10 * (i % 10 + 1));
}

/* Chi-square against shares by weight, at a chance of one in a thousand. */
static void expect_shares(const u32 *counts, u32 picks)
{
	double sum = 0, total = 0, expected, limit = set->n - 1;

	for (u32 i = 0; i < set->n; i++)
		total += set->slots[i].weight;
	for (u32 i = 0; i < set->n; i++) {
		expected = picks * set->slots[i].weight / total;
		sum += (counts[i] - expected) * (counts[i] - expected) /
		       expected;
	}
	/* Wilson and Hilferty's approximation of the quantile. */
	limit *= pow(1 - 2 / (9 * limit) + 3.09 * sqrt(2 / (9 * limit)), 3);
	if (sum > limit)
		fail_msg("chi-square of %s: %f > %f", set->sched.ops->name,
			 sum, limit);
}

/* The turns of one that is full are shared by the others. */
static void full_by_turns(void **state)
{
	static const char *const names[] = { "wrr", "random", "p2c" };
	u32 counts[MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		MAKE(names[i], 4, 1);
		backends[1].upper = backends[1].connections = 1;
		counts_of(3000, counts);
		assert_int_equal(counts[1], 0);
		for (u32 b = 0; b < 4; b += b ? 1 : 2)
			assert_in_range(counts[b], 700, 1350);
	}
}

/* Backends that come one by one, as with `vsbadm -a`. */
static u32 first_of_grown(const char *name, u32 n)
{
	struct vsb_set *old = NULL;

	for (u32 i = 1; i <= n; i++) {
		make(name, i, (const u16[]) { 3, 1 }, 2, 0, 0);
		assert_int_equal(vsb_sched_init_set(set, old), 0);
		choose(0);
		free(old);
		old = set;
		set = NULL;
	}
	set = old;
	return (u32)choose(0);
}

/* Many nodes do not begin with one backend. */
static void begins_anywhere(void **state)
{
	u32 counts[MAX] = { 0 };

	(void)state;
	for (int node = 0; node < 10000; node++) {
		u32 slot = first_of_grown("rr", 10);

		assert_true(slot < 10);
		counts[slot]++;
	}
	for (u32 i = 0; i < 10; i++)
		set->slots[i].weight = 1;
	expect_shares(counts, 10000);
	memset(counts, 0, sizeof(counts));
	for (int node = 0; node < 10000; node++)
		counts[first_of_grown("wrr", 10)]++;
	expect_shares(counts, 10000);
}

/* Where nothing of it has changed turns go on. */
static void goes_on(void **state)
{
	static const char *const names[] = { "rr", "wrr" };
	struct vsb_set *old;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		MAKE(names[i], 3, 1, 1, 1);
		SEQUENCE(0);
		old = set;
		set = NULL;
		MAKE(names[i], 3, 1, 1, 1);
		assert_int_equal(vsb_sched_init_set(set, old), 0);
		assert_int_equal(set->cursor, old->cursor);
		assert_int_not_equal(set->cursor, 0);
		free(old);
	}
}

static void by_lot(void **state)
{
	static const char *const names[] = { "random", "sh" };
	u32 counts[MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		MAKE(names[i], 20, 1, 2, 3, 10);
		set->sched.flags = VSB_SCHED_FLAG_PORT;
		counts_of(100000, counts);
		expect_shares(counts, 100000);
	}
}

/* Without a load p2c takes the first of two that it draws by weight. */
static void p2c(void **state)
{
	u32 counts[MAX], worst = 0;

	(void)state;
	MAKE("p2c", 50, 1, 2, 3, 4);
	counts_of(100000, counts);
	expect_shares(counts, 100000);
	/* Of two the one with fewer connections per weight. */
	MAKE("p2c", 2, 1, 2);
	backends[0].connections = backends[0].active = 10;
	backends[1].connections = backends[1].active = 19;
	assert_int_equal(choose(0), 1);
	backends[1].connections = backends[1].active = 21;
	assert_int_equal(choose(0), 0);
	backends[0].upper = 5;
	assert_int_equal(choose(0), 1);
	backends[1].upper = 5;
	assert_int_equal(choose(0), -1);
	/* No backend is ever far from its share. */
	MAKE("p2c", 100, 1);
	for (u32 i = 0; i < 100000; i++)
		connect_one(i);
	for (u32 i = 0; i < 100; i++)
		if (backends[i].connections > worst)
			worst = backends[i].connections;
	assert_in_range(worst, 1000, 1010);
}

static void least_connections(void **state)
{
	(void)state;
	MAKE("lc", 3, 1, 5, 1);
	SEQUENCE(0, 1, 2, 0, 1, 2);
	/* One in use weighs as much as 256 that are closing. */
	backends[0].connections = backends[0].active = 1;
	backends[1].connections = 255;
	backends[1].active = 0;
	backends[2].connections = backends[2].active = 5;
	SEQUENCE(1, 0, 1);
	backends[0].upper = 1;
	backends[1].active = 10;
	SEQUENCE(2);
	MAKE("wlc", 3, 1, 2, 4);
	SEQUENCE(0, 1, 2, 2, 1, 2, 2);
	backends[2].upper = 1;
	SEQUENCE(0, 1, 1);
}

/* Expected delay: (active + 1) / weight, the first of the least. */
static void sed_and_nq(void **state)
{
	(void)state;
	MAKE("sed", 3, 1, 2, 4);
	SEQUENCE(2, 1, 2, 2, 0, 1, 2);
	MAKE("sed", 2, 1, 10);
	SEQUENCE(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1);
	/* Nobody queues while another is idle. */
	MAKE("nq", 3, 1, 2, 10);
	SEQUENCE(0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1);
	backends[0].active = 0;
	SEQUENCE(0, 2);
	backends[0].active = 0;
	backends[0].upper = 1;
	assert_int_equal(choose(0), 2);
}

static void fo_and_ovf(void **state)
{
	(void)state;
	MAKE("fo", 3, 2, 5, 5);
	SEQUENCE(1, 1, 1);
	backends[1].upper = 3;
	SEQUENCE(2, 2);
	backends[2].upper = 2;
	SEQUENCE(0, 0, 0);
	backends[0].upper = 1;
	SEQUENCE(-1);
	/* Up to one more than its weight, as IPVS counts. */
	MAKE("ovf", 3, 1, 3, 2);
	SEQUENCE(1, 1, 1, 1, 2, 2, 2, 0, 0, -1);
	backends[2].active = 2;
	SEQUENCE(2, -1);
}

static void hashes(void **state)
{
	int chosen[1000], moved = 0;
	u32 counts[MAX];

	(void)state;
	/* sh: by source address, and by port where that is asked for. */
	MAKE("sh", 10, 1);
	for (u32 i = 0; i < 1000; i++) {
		chosen[i] = choose(i);
		assert_int_equal(choose(i), chosen[i]);
		assert_int_equal(choose(i / 4 * 4), chosen[i]);
	}
	set->sched.flags = VSB_SCHED_FLAG_PORT;
	for (u32 i = 0; i < 1000; i++)
		moved += choose(i) != chosen[i];
	assert_in_range(moved, 800, 1000);
	/* dh: by destination address. */
	MAKE("dh", 10, 1);
	for (u32 i = 0; i < 1000; i++)
		assert_int_equal(choose(i), choose(i % 4));
	MAKE("dh", 10, 1, 2);
	memset(counts, 0, sizeof(counts));
	for (u32 i = 0; i < 10000; i++) {
		const struct vsb_flow flow = {
			.daddr.ip6 = { htobe32(0xc6000000 + i) },
		};

		counts[vsb_sched_dh(set, &flow) - set->slots]++;
	}
	expect_shares(counts, 10000);
}

/* A full one is nobody's; with fallback, its clients are spread. */
static void hash_fallback(void **state)
{
	static const char *const names[] = { "sh", "mh" };
	u32 counts[MAX], alone = 0;
	int before;

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(names); n++) {
		MAKE(names[n], 10, 1);
		memset(counts, 0, sizeof(counts));
		for (u32 i = 0; i < 40000; i += 4) {
			before = choose(i);
			backends[3].connections = backends[3].upper = 1;
			set->sched.flags = 0;
			assert_int_equal(choose(i), before == 3 ? -1 : before);
			set->sched.flags = VSB_SCHED_FLAG_FALLBACK;
			if (before == 3)
				counts[choose(i)]++;
			else
				assert_int_equal(choose(i), before);
			backends[3].upper = 0;
			set->sched.flags = 0;
		}
		assert_int_equal(counts[3], 0);
		for (u32 i = 0; i < 10; i++)
			alone += i != 3 && counts[i] < 50;
		assert_int_equal(alone, 0);
	}
}

static void expect_table(void)
{
	u32 entries[MAX] = { 0 };
	double total = vsb_sched_total(set), exact;

	for (u32 i = 0; i < set->sched.table_size; i++)
		entries[set->table[i]]++;
	for (u32 i = 0; i < set->n; i++) {
		exact = set->sched.table_size * set->slots[i].share / total;
		assert_true(fabs(entries[i] - exact) < 1);
	}
}

static void maglev_shares(void **state)
{
	static const u32 sizes[] = { 3, 251, 16381, 131071 };
	u32 counts[MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		make("mh", 100, (const u16[]) { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 },
		     10, VSB_SCHED_FLAG_PORT, sizes[i]);
		expect_table();
	}
	MAKE("mh", 1, 5);
	expect_table();
	/* Nobody is left out, however light. */
	MAKE("mh", 2000, 1, 65535);
	memset(counts, 0, sizeof(counts));
	for (u32 i = 0; i < 16381; i++)
		counts[set->table[i]]++;
	for (u32 i = 0; i < 2000; i++)
		assert_true(counts[i] >= 1 && counts[i] <= 16);
	/* Where there are more than entries, some are. */
	make("mh", 300, (const u16[]) { 1 }, 1, 0, 251);
	expect_table();
	MAKE("mh", 20, 1, 2, 3, 10);
	set->sched.flags = VSB_SCHED_FLAG_PORT;
	counts_of(100000, counts);
	expect_shares(counts, 100000);
}

/* The last entries that are free would be looked for all over the table. */
static void maglev_bounded(void **state)
{
	(void)state;
	most_bits_found = 0;
	make("mh", 100, (const u16[]) { 1 }, 1, 0, 131071);
	expect_table();
	assert_in_range(most_bits_found, 1, PROBES_MAX);
}

/* Who chooses otherwise when one of 100 leaves, beside those that must. */
static void maglev_leave(void **state)
{
	static u16 before[16381];
	static const struct vsb_backend *was[100];
	u32 moved;

	(void)state;
	for (u32 gone = 0; gone < 100; gone++) {
		MAKE("mh", 100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		memcpy(before, set->table, sizeof(before));
		for (u32 i = 0; i < 100; i++)
			was[i] = set->slots[i].backend;
		memmove(&set->slots[gone], &set->slots[gone + 1],
			(99 - gone) * sizeof(set->slots[0]));
		set->n = 99;
		assert_int_equal(vsb_sched_init_set(set, NULL), 0);
		moved = 0;
		for (u32 i = 0; i < 16381; i++)
			moved += before[i] != gone &&
				 was[before[i]] !=
				 set->slots[set->table[i]].backend;
		if (moved > 16381 * 2 / 100)
			fail_msg("%u of 16381 moved when %u left", moved, gone);
	}
}

/* All nodes agree: nothing but keys and weights goes into it. */
static void maglev_agrees(void **state)
{
	static const u16 expected[] = {
		2, 3, 2, 1, 0, 3, 1, 3, 3, 0, 1, 0, 1,
	};

	(void)state;
	make("mh", 4, (const u16[]) { 1, 2 }, 2, 0, 13);
	for (u32 i = 0; i < 13; i++)
		assert_int_equal(set->table[i], expected[i]);
	make("mh", 4, (const u16[]) { 10, 20 }, 2, 0, 13);
	for (u32 i = 0; i < 13; i++)
		assert_int_equal(set->table[i], expected[i]);
}

/* Foreseen is the slot that is chosen then, or none; and nothing changes. */
static void expect_foreseen(u32 number)
{
	const struct vsb_flow flow = flow_of(number);
	const struct vsb_set before = *set;
	const struct vsb_slot *slot;
	bool found = vsb_sched_foresee(set, &flow, &slot);
	int chosen;

	assert_memory_equal(set, &before, sizeof(before));
	chosen = connect_one(number);
	assert_int_equal(found, chosen >= 0);
	if (found && set->sched.ops->is_pure)
		assert_ptr_equal(slot, &set->slots[chosen]);
	else
		assert_null(slot);
}

static void foresees(void **state)
{
	(void)state;
	for (u32 i = 0; i < vsb_schedulers_count; i++) {
		make(vsb_schedulers[i].name, 3, (const u16[]) { 1, 2, 3 }, 3,
		     vsb_schedulers[i].flags, 251);
		for (u32 b = 0; b < 3; b++)
			backends[b].upper = 10;
		for (u32 number = 0; number < 40; number++)
			expect_foreseen(number);
		assert_int_equal(choose(0), -1);
	}
	assert_null(vsb_sched_find("wrong"));
}

/* Where the port matters and is any, so is the backend. */
static void foresees_without_port(void **state)
{
	struct vsb_flow flow = flow_of(0);
	const struct vsb_slot *slot;

	(void)state;
	flow.sport = 0;
	make("mh", 3, (const u16[]) { 1 }, 1, 0, 251);
	assert_true(vsb_sched_foresee(set, &flow, &slot));
	assert_non_null(slot);
	make("mh", 3, (const u16[]) { 1 }, 1, VSB_SCHED_FLAG_PORT, 251);
	for (u32 b = 0; b < 3; b++) {
		assert_true(vsb_sched_foresee(set, &flow, &slot));
		assert_null(slot);
		backends[b].upper = backends[b].connections = 1;
	}
	assert_false(vsb_sched_foresee(set, &flow, &slot));
}

static int free_set(void **state)
{
	(void)state;
	free(set);
	set = NULL;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rr),
		cmocka_unit_test(wrr),
		cmocka_unit_test(begins_anywhere),
		cmocka_unit_test(goes_on),
		cmocka_unit_test(by_lot),
		cmocka_unit_test(full_by_turns),
		cmocka_unit_test(p2c),
		cmocka_unit_test(least_connections),
		cmocka_unit_test(sed_and_nq),
		cmocka_unit_test(fo_and_ovf),
		cmocka_unit_test(hashes),
		cmocka_unit_test(hash_fallback),
		cmocka_unit_test(maglev_shares),
		cmocka_unit_test(maglev_bounded),
		cmocka_unit_test(maglev_leave),
		cmocka_unit_test(maglev_agrees),
		cmocka_unit_test(foresees),
		cmocka_unit_test(foresees_without_port),
	};

	return cmocka_run_group_tests(tests, NULL, free_set);
}
