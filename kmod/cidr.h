/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_CIDR_H
#define VSB_CIDR_H

#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/**
 * struct vsb_cidr - a range of addresses
 * @addr: the first one, zero beyond its family's length
 * @family: AF_INET or AF_INET6
 * @prefix_len: bits of @addr that the range's addresses share
 */
struct vsb_cidr {
	union nf_inet_addr addr;
	u16 family;
	u8 prefix_len;
};

/**
 * struct vsb_cidr_entry - a range's place in a list
 * @cidr: the range
 * @widest: index of the first range that has all of this one; ranges overlap
 *	only by one having the other
 */
struct vsb_cidr_entry {
	struct vsb_cidr cidr;
	u32 widest;
};

/**
 * struct vsb_cidrs - ranges of both families, in order, each once
 * @rcu: defers the free
 * @n: how many
 * @max: how many there is room for
 * @entries: immutable once packets see it
 */
struct vsb_cidrs {
	struct rcu_head rcu;
	u32 n;
	u32 max;
	struct vsb_cidr_entry entries[];
};

int vsb_cidr_cmp(const struct vsb_cidr *a, const struct vsb_cidr *b);
void vsb_cidr_mask(struct vsb_cidr *cidr);

struct vsb_cidrs *vsb_cidrs_create(u32 max);
struct vsb_cidrs *vsb_cidrs_copy(const struct vsb_cidrs *from);
void vsb_cidrs_add(struct vsb_cidrs *cidrs, const struct vsb_cidr *cidr);
void vsb_cidrs_finish(struct vsb_cidrs *cidrs);
bool vsb_cidrs_equal(const struct vsb_cidrs *a, const struct vsb_cidrs *b);
bool vsb_cidrs_has(const struct vsb_cidrs *cidrs, u16 family,
		   const union nf_inet_addr *addr);
bool vsb_cidrs_has_family(const struct vsb_cidrs *cidrs, u16 family);

#endif /* VSB_CIDR_H */
