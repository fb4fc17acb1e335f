// SPDX-License-Identifier: GPL-2.0
/* Reads the attributes that changes and questions have in common. */

#include <linux/ipv6.h>
#include <net/netlink.h>

#include "parse.h"
#include "refuse.h"
#include "service.h"

/**
 * vsb_parse_family() - read an address family
 * @vnet: the network namespace
 * @attr: the attribute, NULL where it is missing
 * @extack: where a refusal says why
 * @family: where to store AF_INET or AF_INET6
 *
 * Return: 0, -EINVAL, or -EAFNOSUPPORT where IPv6 is switched off.
 */
int vsb_parse_family(struct vsb_net *vnet, const struct nlattr *attr,
		     struct netlink_ext_ack *extack, u16 *family)
{
	if (!attr)
		return vsb_refuse(vnet, extack, -EINVAL, "family: missing");
	*family = nla_get_u16(attr);
	/* What is there of IPv6 where it is off can't be asked for addresses. */
	if (*family == AF_INET6 && !ipv6_mod_enabled())
		return vsb_refuse(vnet, extack, -EAFNOSUPPORT,
				  "family: IPv6 is switched off");
	if (*family == AF_INET || *family == AF_INET6)
		return 0;
	return vsb_refuse(vnet, extack, -EINVAL,
			  "family: %u is neither AF_INET nor AF_INET6",
			  *family);
}

/**
 * vsb_parse_protocol() - read a transport protocol
 * @vnet: the network namespace
 * @attr: the attribute, NULL where it is missing
 * @extack: where a refusal says why
 * @protocol: where to store IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 *
 * Return: 0 or -EINVAL.
 */
int vsb_parse_protocol(struct vsb_net *vnet, const struct nlattr *attr,
		       struct netlink_ext_ack *extack, u8 *protocol)
{
	if (!attr)
		return vsb_refuse(vnet, extack, -EINVAL, "protocol: missing");
	*protocol = nla_get_u8(attr);
	if (vsb_protocol_has_ports(*protocol))
		return 0;
	return vsb_refuse(vnet, extack, -EINVAL,
			  "protocol: %u is none of TCP, UDP and SCTP", *protocol);
}

/**
 * vsb_parse_addr() - read an address
 * @vnet: the network namespace
 * @attr: the attribute, NULL where it is missing
 * @extack: where a refusal says why
 * @name: of the attribute
 * @family: AF_INET or AF_INET6
 * @addr: where to store the address, zero beyond its length
 *
 * Return: 0 or -EINVAL.
 */
int vsb_parse_addr(struct vsb_net *vnet, const struct nlattr *attr,
		   struct netlink_ext_ack *extack, const char *name, u16 family,
		   union nf_inet_addr *addr)
{
	int len = family == AF_INET ? sizeof(addr->in) : sizeof(addr->in6);

	if (!attr)
		return vsb_refuse(vnet, extack, -EINVAL, "%s: missing", name);
	if (nla_len(attr) != len)
		return vsb_refuse(vnet, extack, -EINVAL,
				  "%s: %d bytes, not the %d of its family",
				  name, nla_len(attr), len);
	memset(addr, 0, sizeof(*addr));
	memcpy(addr, nla_data(attr), len);
	return 0;
}
