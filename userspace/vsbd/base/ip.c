// SPDX-License-Identifier: GPL-2.0
/* Owns how addresses and protocols are read, compared and printed. */

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/ip.h"

/* Leading zeros do not make a number octal, as Kubernetes reads it. */
static bool parse_ipv4(const char *text, struct in_addr *in4)
{
	uint8_t bytes[4];

	for (int i = 0; i < 4; i++) {
		unsigned int n = 0;

		if (i && *text++ != '.')
			return false;
		if (*text < '0' || *text > '9')
			return false;
		for (; *text >= '0' && *text <= '9'; text++) {
			n = n * 10 + (unsigned int)(*text - '0');
			if (n > 255)
				return false;
		}
		bytes[i] = (uint8_t)n;
	}
	memcpy(in4, bytes, sizeof(bytes));
	return !*text;
}

/**
 * ip_parse() - read an address
 * @text: IPv4 (leading zeros are ignored), IPv6, or IPv4 mapped into IPv6,
 *	which counts as the IPv4 address
 * @ip: where to store it
 *
 * Return: whether @text is an address.
 */
bool ip_parse(const char *text, struct ip *ip)
{
	struct in6_addr in6;

	memset(ip, 0, sizeof(*ip));
	ip->family = AF_INET;
	if (parse_ipv4(text, &ip->addr.in4))
		return true;
	if (inet_pton(AF_INET6, text, &in6) != 1)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&in6)) {
		memcpy(&ip->addr.in4, &in6.s6_addr[12], sizeof(ip->addr.in4));
		return true;
	}
	ip->family = AF_INET6;
	ip->addr.in6 = in6;
	return true;
}

static unsigned int bits_of(uint16_t family)
{
	return family == AF_INET ? 32 : 128;
}

static void mask(union vsb_addr *addr, unsigned int bits)
{
	uint8_t *bytes = (uint8_t *)addr;

	for (size_t i = 0; i < sizeof(*addr); i++, bits -= bits < 8 ? bits : 8)
		if (bits < 8)
			bytes[i] &= (uint8_t)(0xff00 >> bits);
}

/**
 * ip_parse_cidr() - read a range of addresses
 * @text: "192.0.2.0/24", with blanks around it and host bits or without
 * @cidr: where to store it, without host bits
 *
 * Return: whether @text is such a range.
 */
bool ip_parse_cidr(const char *text, struct vsb_cidr *cidr)
{
	char bare[INET6_ADDRSTRLEN + 1];
	unsigned int bits = 0;
	struct ip ip;
	size_t len;

	text += strspn(text, " \t\r\n");
	len = strcspn(text, "/");
	if (len >= sizeof(bare) || text[len] != '/')
		return false;
	memcpy(bare, text, len);
	bare[len] = '\0';
	text += len + 1;
	len = strspn(text, "0123456789");
	if (!len || len > 3 || text[len + strspn(text + len, " \t\r\n")])
		return false;
	for (size_t i = 0; i < len; i++)
		bits = bits * 10 + (unsigned int)(text[i] - '0');
	if (!ip_parse(bare, &ip))
		return false;
	/* IPv4 mapped into IPv6 counts as IPv4, and so do its bits. */
	if (ip.family == AF_INET && strchr(bare, ':'))
		bits = bits < 96 ? 129 : bits - 96;
	if (bits > bits_of(ip.family))
		return false;
	*cidr = (struct vsb_cidr) {
		.family = ip.family, .addr = ip.addr, .prefix_len = bits,
	};
	mask(&cidr->addr, bits);
	return true;
}

/** ip_cidr() - the range of one address */
struct vsb_cidr ip_cidr(const struct ip *ip)
{
	return (struct vsb_cidr) {
		.family = ip->family,
		.addr = ip->addr,
		.prefix_len = bits_of(ip->family),
	};
}

/** ip_in_cidr() - whether an address is in a range, which has no host bits */
bool ip_in_cidr(const struct ip *ip, const struct vsb_cidr *cidr)
{
	union vsb_addr addr = ip->addr;

	if (ip->family != cidr->family)
		return false;
	mask(&addr, cidr->prefix_len);
	return !ip_compare(&addr, &cidr->addr);
}

static const char *special_ipv4(struct in_addr in4)
{
	uint32_t host = ntohl(in4.s_addr);

	if (!host)
		return "is the unspecified address";
	if (host >> 24 == 127)
		return "is a loopback address";
	if (host >> 8 == 0xe00000)
		return "is a link-local multicast address";
	return NULL;
}

static const char *special_ipv6(const struct in6_addr *in6)
{
	if (IN6_IS_ADDR_UNSPECIFIED(in6))
		return "is the unspecified address";
	if (IN6_IS_ADDR_LOOPBACK(in6))
		return "is a loopback address";
	if (IN6_IS_ADDR_MC_LINKLOCAL(in6))
		return "is a link-local multicast address";
	return NULL;
}

static const char *special(const struct ip *ip)
{
	return ip->family == AF_INET ? special_ipv4(ip->addr.in4) :
				       special_ipv6(&ip->addr.in6);
}

static const char *many(const struct ip *ip)
{
	uint32_t host = ntohl(ip->addr.in4.s_addr);

	if (ip->family == AF_INET6)
		return IN6_IS_ADDR_MULTICAST(&ip->addr.in6) ?
		       "is a multicast address" : NULL;
	if (host == INADDR_BROADCAST)
		return "is the broadcast address";
	return host >> 28 == 0xe ? "is a multicast address" : NULL;
}

/** ip_is_link_local() - whether an address is of one link only */
bool ip_is_link_local(const struct ip *ip)
{
	return ip->family == AF_INET ?
	       ntohl(ip->addr.in4.s_addr) >> 16 == 0xa9fe :
	       IN6_IS_ADDR_LINKLOCAL(&ip->addr.in6);
}

/**
 * ip_special() - why an API server lets nobody have an address
 * @ip: the address
 *
 * Return: NULL, or the reason: "is a loopback address".
 */
const char *ip_special(const struct ip *ip)
{
	return ip_is_link_local(ip) ? "is a link-local address" : special(ip);
}

/** ip_unusable() - why no packet of another host can be sent to an address */
const char *ip_unusable(const struct ip *ip)
{
	return ip_special(ip) ?: many(ip);
}

/**
 * ip_unusable_vip() - why an address can't be virtual
 * @ip: the address
 *
 * What a DNS cache on each node has may be a link-local address.
 */
const char *ip_unusable_vip(const struct ip *ip)
{
	return special(ip) ?: many(ip);
}

/** ip_only() - an address without what its family does not use */
union vsb_addr ip_only(uint16_t family, const union vsb_addr *addr)
{
	union vsb_addr only;

	if (family != AF_INET)
		return *addr;
	memset(&only, 0, sizeof(only));
	only.in4 = addr->in4;
	return only;
}

/** ip_compare() - order two addresses of one family, as memcmp() does */
int ip_compare(const union vsb_addr *a, const union vsb_addr *b)
{
	return memcmp(a, b, sizeof(*a));
}

/** ip_order() - order two struct ip, for qsort() and its like */
int ip_order(const void *a, const void *b)
{
	const struct ip *left = a, *right = b;

	return (left->family - right->family) ?:
	       ip_compare(&left->addr, &right->addr);
}

/** ip_order_cidrs() - the same of two struct vsb_cidr */
int ip_order_cidrs(const void *a, const void *b)
{
	const struct vsb_cidr *left = a, *right = b;

	return (left->family - right->family) ?:
	       ip_compare(&left->addr, &right->addr) ?:
	       (int)left->prefix_len - (int)right->prefix_len;
}

const char *ip_protocol_name(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_SCTP:
		return "sctp";
	default:
		return "?";
	}
}

/** ip_print() - write an address into @text, and return that */
const char *ip_print(uint16_t family, const union vsb_addr *addr,
		     char text[IP_TEXT_MAX])
{
	return inet_ntop(family, addr, text, IP_TEXT_MAX) ?: "?";
}

/** ip_print_cidr() - write a range as 192.0.2.0/24 */
const char *ip_print_cidr(const struct vsb_cidr *cidr, char text[IP_TEXT_MAX])
{
	char bare[INET6_ADDRSTRLEN] = "?";

	inet_ntop(cidr->family, &cidr->addr, bare, sizeof(bare));
	snprintf(text, IP_TEXT_MAX, "%s/%u", bare, cidr->prefix_len);
	return text;
}

/** ip_print_port() - write address and port as 192.0.2.1:80 or [::1]:80 */
const char *ip_print_port(uint16_t family, const union vsb_addr *addr,
			  uint16_t port, char text[IP_TEXT_MAX])
{
	char bare[INET6_ADDRSTRLEN] = "?";
	bool wide = family == AF_INET6;

	inet_ntop(family, addr, bare, sizeof(bare));
	snprintf(text, IP_TEXT_MAX, "%s%s%s:%u", wide ? "[" : "", bare,
		 wide ? "]" : "", port);
	return text;
}
