// SPDX-License-Identifier: GPL-2.0
/* Lists of address ranges, in which an address is found by halving. */

#include <linux/inetdevice.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "cidr.h"

static int addr_cmp(u16 a_family, const union nf_inet_addr *a,
		    u16 b_family, const union nf_inet_addr *b)
{
	if (a_family != b_family)
		return (int)a_family - (int)b_family;
	return memcmp(a, b, sizeof(*a));
}

/**
 * vsb_cidr_cmp() - order of ranges
 * @a: a range
 * @b: another
 *
 * Return: below, at or above 0 as @a comes before @b, is the same, or after:
 *	by family, by first address, and the wider one first.
 */
int vsb_cidr_cmp(const struct vsb_cidr *a, const struct vsb_cidr *b)
{
	int cmp = addr_cmp(a->family, &a->addr, b->family, &b->addr);

	return cmp ?: (int)a->prefix_len - (int)b->prefix_len;
}

/**
 * vsb_cidr_mask() - clear the bits behind a range's prefix
 * @cidr: the range; its prefix is not longer than an address of its family
 */
void vsb_cidr_mask(struct vsb_cidr *cidr)
{
	struct in6_addr addr = cidr->addr.in6;

	if (cidr->family == AF_INET)
		cidr->addr.ip &= inet_make_mask(cidr->prefix_len);
	else
		ipv6_addr_prefix(&cidr->addr.in6, &addr, cidr->prefix_len);
}

static bool cidr_has(const struct vsb_cidr *cidr, u16 family,
		     const union nf_inet_addr *addr)
{
	if (cidr->family != family)
		return false;
	if (family == AF_INET)
		return !((cidr->addr.ip ^ addr->ip) &
			 inet_make_mask(cidr->prefix_len));
	return ipv6_prefix_equal(&cidr->addr.in6, &addr->in6,
				 cidr->prefix_len);
}

/**
 * vsb_cidrs_create() - make an empty list
 * @max: how many ranges it has room for
 *
 * Return: the list, freed by kvfree() or kvfree_rcu(); NULL without memory.
 */
struct vsb_cidrs *vsb_cidrs_create(u32 max)
{
	struct vsb_cidrs *cidrs;

	cidrs = kvzalloc(struct_size(cidrs, entries, max), GFP_KERNEL_ACCOUNT);
	if (cidrs)
		cidrs->max = max;
	return cidrs;
}

/**
 * vsb_cidrs_copy() - copy a list
 * @from: the list
 *
 * Return: the copy, NULL without memory.
 */
struct vsb_cidrs *vsb_cidrs_copy(const struct vsb_cidrs *from)
{
	struct vsb_cidrs *cidrs = vsb_cidrs_create(from->n);

	if (!cidrs)
		return NULL;
	cidrs->n = from->n;
	memcpy(cidrs->entries, from->entries,
	       flex_array_size(cidrs, entries, from->n));
	return cidrs;
}

/**
 * vsb_cidrs_add() - add a range, unless it is there
 * @cidrs: the list, with room for it; vsb_cidrs_finish() follows
 * @cidr: the range, masked. Those that come in order are added at once; others
 *	have to find their place.
 */
void vsb_cidrs_add(struct vsb_cidrs *cidrs, const struct vsb_cidr *cidr)
{
	u32 at = cidrs->n;
	int cmp = -1;

	while (at && (cmp = vsb_cidr_cmp(&cidrs->entries[at - 1].cidr,
					 cidr)) > 0)
		at--;
	if (at && !cmp)
		return;
	if (WARN_ON_ONCE(cidrs->n == cidrs->max))
		return;
	memmove(&cidrs->entries[at + 1], &cidrs->entries[at],
		(cidrs->n - at) * sizeof(cidrs->entries[0]));
	cidrs->entries[at].cidr = *cidr;
	cidrs->n++;
}

/**
 * vsb_cidrs_finish() - make a list ready to be looked through
 * @cidrs: the list
 */
void vsb_cidrs_finish(struct vsb_cidrs *cidrs)
{
	u32 i, widest = 0;

	for (i = 0; i < cidrs->n; i++) {
		const struct vsb_cidr *cidr = &cidrs->entries[i].cidr;

		if (!cidr_has(&cidrs->entries[widest].cidr, cidr->family,
			      &cidr->addr))
			widest = i;
		cidrs->entries[i].widest = widest;
	}
}

/**
 * vsb_cidrs_equal() - whether two lists have the same ranges
 * @a: a list, or NULL for an empty one
 * @b: another, likewise
 */
bool vsb_cidrs_equal(const struct vsb_cidrs *a, const struct vsb_cidrs *b)
{
	u32 n = a ? a->n : 0, i;

	if (n != (b ? b->n : 0))
		return false;
	for (i = 0; i < n; i++)
		if (vsb_cidr_cmp(&a->entries[i].cidr, &b->entries[i].cidr))
			return false;
	return true;
}

/**
 * vsb_cidrs_has() - whether a list has an address
 * @cidrs: the list, finished, or NULL for an empty one
 * @family: AF_INET or AF_INET6
 * @addr: the address, zero beyond its family's length
 *
 * Takes O(log n).
 *
 * Return: whether one of the ranges has it.
 */
bool vsb_cidrs_has(const struct vsb_cidrs *cidrs, u16 family,
		   const union nf_inet_addr *addr)
{
	u32 low = 0, high = cidrs ? cidrs->n : 0;
	const struct vsb_cidr_entry *last;

	/* Up to @low they begin at the address or before it. */
	while (low < high) {
		u32 mid = low + (high - low) / 2;
		const struct vsb_cidr *cidr = &cidrs->entries[mid].cidr;

		if (addr_cmp(cidr->family, &cidr->addr, family, addr) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return false;
	last = &cidrs->entries[low - 1];
	return cidr_has(&cidrs->entries[last->widest].cidr, family, addr);
}

/**
 * vsb_cidrs_has_family() - whether a list has ranges of a family
 * @cidrs: the list, or NULL for an empty one
 * @family: AF_INET or AF_INET6
 */
bool vsb_cidrs_has_family(const struct vsb_cidrs *cidrs, u16 family)
{
	if (!cidrs || !cidrs->n)
		return false;
	return cidrs->entries[0].cidr.family == family ||
	       cidrs->entries[cidrs->n - 1].cidr.family == family;
}
