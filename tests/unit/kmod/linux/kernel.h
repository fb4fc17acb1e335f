/* SPDX-License-Identifier: GPL-2.0 */
/* What the module's pure files take from the kernel, for userspace. */
#ifndef TEST_KMOD_KERNEL_H
#define TEST_KMOD_KERNEL_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u32 __u32;

#define BIT_ULL(n) (1ULL << (n))
#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX
#define ENOMEM 12

#define __force
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define likely(x) (x)
#define READ_ONCE(x) (*(volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_CLOSEST_ULL(number, by) (((number) + (by) / 2) / (by))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define swap(a, b) do { __typeof__(a) __a = (a); (a) = (b); (b) = __a; } while (0)

#define be16_to_cpu be16toh
#define be32_to_cpu be32toh

struct rcu_head {
	void *unused[2];
};

static inline u64 mul_u64_u32_div(u64 number, u32 times, u32 by)
{
	return (u64)((unsigned __int128)number * times / by);
}

static inline u64 div_u64(u64 number, u32 by)
{
	return number / by;
}

static inline u64 div_u64_rem(u64 number, u32 by, u32 *rest)
{
	*rest = (u32)(number % by);
	return number / by;
}

static inline u32 reciprocal_scale(u32 value, u32 below)
{
	return (u32)((u64)value * below >> 32);
}

static inline unsigned long gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Tests have the same numbers each time. */
static inline u32 get_random_u32(void)
{
	static u64 state = 1;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(state >> 32);
}

static inline u32 get_random_u32_below(u32 below)
{
	return reciprocal_scale(get_random_u32(), below);
}

#define GFP_KERNEL 0
#define SZ_1K 1024

static inline void *kvcalloc(size_t n, size_t size, int flags)
{
	(void)flags;
	return calloc(n, size);
}

#define kvfree free

static inline unsigned long *bitmap_zalloc(unsigned int bits, int flags)
{
	return kvcalloc(bits / 64 + 1, 8, flags);
}

#define bitmap_free free

/* Bits that were found set before one was set, and the most there were. */
static u32 bits_found, most_bits_found;

static inline bool test_bit(u32 bit, const unsigned long *map)
{
	bool is = map[bit / 64] & 1UL << bit % 64;

	bits_found += is;
	return is;
}

static inline void __set_bit(u32 bit, unsigned long *map)
{
	map[bit / 64] |= 1UL << bit % 64;
	if (bits_found > most_bits_found)
		most_bits_found = bits_found;
	bits_found = 0;
}

static inline u32 find_next_zero_bit(const unsigned long *map, u32 bits, u32 bit)
{
	while (bit < bits && map[bit / 64] & 1UL << bit % 64)
		bit++;
	return bit;
}

static inline u32 find_first_zero_bit(const unsigned long *map, u32 bits)
{
	return find_next_zero_bit(map, bits, 0);
}

static inline void cond_resched(void)
{
}

#endif /* TEST_KMOD_KERNEL_H */
