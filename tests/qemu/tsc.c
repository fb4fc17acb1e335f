// SPDX-License-Identifier: GPL-2.0-only
// Prints how many kHz this processor's time stamp counter counts, for a guest that shares it: on a busy machine a guest that
// measures for itself errs by an order of magnitude.
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct instant {
	int64_t ns;
	uint64_t ticks;
};

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Both clocks at one instant: of some attempts the one with the least between the two. */
static struct instant look(void)
{
	struct instant best = { 0 };
	int64_t shortest = INT64_MAX;

	for (int i = 0; i < 100; i++) {
		int64_t before = now();
		uint64_t ticks = __rdtsc();
		int64_t after = now();

		if (after - before < shortest) {
			shortest = after - before;
			best = (struct instant){ before + shortest / 2, ticks };
		}
	}
	return best;
}

int main(void)
{
	struct instant from = look(), to;

	nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	to = look();
	printf("%.0f\n", (to.ticks - from.ticks) * 1e6 / (to.ns - from.ns));
	return 0;
}
