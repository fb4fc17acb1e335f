/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of both families, and protocols: reading, comparing, printing. */
#ifndef VSBD_IP_H
#define VSBD_IP_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>

#include <vsb/client.h>

/* "[" address "]:" port, or address "/" bits, and the final zero */
#define IP_TEXT_MAX (INET6_ADDRSTRLEN + 8)

/**
 * struct ip - an address with its family
 * @family: AF_INET or AF_INET6
 * @addr: the address, unused bytes 0
 */
struct ip {
	uint16_t family;
	union vsb_addr addr;
};

bool ip_parse(const char *text, struct ip *ip);
bool ip_parse_cidr(const char *text, struct vsb_cidr *cidr);
bool ip_in_cidr(const struct ip *ip, const struct vsb_cidr *cidr);
struct vsb_cidr ip_cidr(const struct ip *ip);
bool ip_is_link_local(const struct ip *ip);
const char *ip_special(const struct ip *ip);
const char *ip_unusable(const struct ip *ip);
const char *ip_unusable_vip(const struct ip *ip);
union vsb_addr ip_only(uint16_t family, const union vsb_addr *addr);
int ip_compare(const union vsb_addr *a, const union vsb_addr *b);
int ip_order(const void *a, const void *b);
int ip_order_cidrs(const void *a, const void *b);
const char *ip_protocol_name(uint8_t protocol);
const char *ip_print(uint16_t family, const union vsb_addr *addr,
		     char text[IP_TEXT_MAX]);
const char *ip_print_cidr(const struct vsb_cidr *cidr,
			  char text[IP_TEXT_MAX]);
const char *ip_print_port(uint16_t family, const union vsb_addr *addr,
			  uint16_t port, char text[IP_TEXT_MAX]);

#endif /* VSBD_IP_H */
