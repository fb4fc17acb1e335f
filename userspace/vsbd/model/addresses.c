// SPDX-License-Identifier: GPL-2.0
/* Owns the book of addresses that finds endpoints which are virtual ones. */

#include <search.h>

#include "base/memory.h"
#include "model/addresses.h"

/**
 * struct address - an address
 * @ip: key
 * @n_cluster_ips: how many claims to it as a cluster IP there are
 * @n_vips: how many claims to a port of it there are otherwise
 * @parts: whose endpoints are there
 * @n: how many
 * @room: how many @parts has room for
 */
struct address {
	struct ip ip;
	unsigned int n_cluster_ips;
	unsigned int n_vips;
	struct part **parts;
	size_t n, room;
};

static int by_ip(const void *a, const void *b)
{
	const struct address *left = a, *right = b;

	return ip_order(&left->ip, &right->ip);
}

static struct address *find(const struct addresses *addresses,
			    const struct ip *ip)
{
	const struct address key = { .ip = *ip };
	struct address **node = tfind(&key, &addresses->tree, by_ip);

	return node ? *node : NULL;
}

static struct address *get(struct addresses *addresses, const struct ip *ip)
{
	struct address *address = find(addresses, ip);

	if (address)
		return address;
	address = mem_array(1, sizeof(*address));
	address->ip = *ip;
	tsearch(address, &addresses->tree, by_ip);
	return address;
}

static void free_address(void *data)
{
	struct address *address = data;

	free(address->parts);
	free(address);
}

static void drop_unused(struct addresses *addresses, struct address *address)
{
	if (address->n_cluster_ips || address->n_vips || address->n)
		return;
	tdelete(address, &addresses->tree, by_ip);
	free_address(address);
}

/** addresses_add_endpoint() - note an endpoint, once a part and address */
void addresses_add_endpoint(struct addresses *addresses, const struct ip *ip,
			    struct part *part)
{
	struct address *address = get(addresses, ip);

	address->parts = mem_grow(address->parts, address->n,
				  &address->room, sizeof(*address->parts));
	address->parts[address->n++] = part;
}

void addresses_remove_endpoint(struct addresses *addresses,
			       const struct ip *ip, const struct part *part)
{
	struct address *address = find(addresses, ip);

	for (size_t i = 0; i < address->n; i++) {
		if (address->parts[i] != part)
			continue;
		address->parts[i] = address->parts[--address->n];
		break;
	}
	drop_unused(addresses, address);
}

static void tell(const struct addresses *addresses,
		 const struct address *address)
{
	for (size_t i = 0; i < address->n; i++)
		addresses->affected(address->parts[i], addresses->arg);
}

/** addresses_add_cluster_ip() - note a claim to a cluster IP */
void addresses_add_cluster_ip(struct addresses *addresses, const struct ip *ip)
{
	struct address *address = get(addresses, ip);

	if (!address->n_cluster_ips++)
		tell(addresses, address);
}

void addresses_remove_cluster_ip(struct addresses *addresses,
				 const struct ip *ip)
{
	struct address *address = find(addresses, ip);

	if (!--address->n_cluster_ips)
		tell(addresses, address);
	drop_unused(addresses, address);
}

/** addresses_add_vip() - note a claim to a port of an address */
void addresses_add_vip(struct addresses *addresses, const struct ip *ip)
{
	struct address *address = get(addresses, ip);

	address->n_vips++;
	tell(addresses, address);
}

void addresses_remove_vip(struct addresses *addresses, const struct ip *ip)
{
	struct address *address = find(addresses, ip);

	address->n_vips--;
	tell(addresses, address);
	drop_unused(addresses, address);
}

bool addresses_is_cluster_ip(const struct addresses *addresses,
			     const struct ip *ip)
{
	const struct address *address = find(addresses, ip);

	return address && address->n_cluster_ips;
}

void addresses_free(struct addresses *addresses)
{
	tdestroy(addresses->tree, free_address);
}
