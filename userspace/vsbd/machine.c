// SPDX-License-Identifier: GPL-2.0
/* Owns what is asked of the machine: its name and primary addresses. */

#include <ctype.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "machine.h"

/* Kubernetes writes names of Nodes in small letters. */
static void read_name(char name[NODE_NAME_MAX + 1])
{
	if (gethostname(name, NODE_NAME_MAX))
		*name = '\0';
	name[NODE_NAME_MAX] = '\0';
	for (; *name; name++)
		*name = (char)tolower((unsigned char)*name);
}

static bool take_address(const struct sockaddr *from, struct ip *ip)
{
	*ip = (struct ip) { .family = from->sa_family };
	if (ip->family == AF_INET)
		ip->addr.in4 = ((const struct sockaddr_in *)from)->sin_addr;
	else
		ip->addr.in6 = ((const struct sockaddr_in6 *)from)->sin6_addr;
	return !ip_unusable(ip);
}

/* The address that packets to far away leave with. No packet is sent. */
static bool ask_routes(const struct sockaddr *far, socklen_t len,
		       struct ip *ip)
{
	struct sockaddr_storage near = { 0 };
	socklen_t size = sizeof(near);
	int fd = socket(far->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool found = fd >= 0 && !connect(fd, far, len) &&
		     !getsockname(fd, (struct sockaddr *)&near, &size) &&
		     take_address((const struct sockaddr *)&near, ip);

	if (fd >= 0)
		close(fd);
	return found;
}

/* Addresses for documentation are nowhere: the default route leads there. */
static bool ask_default_route(uint16_t family, struct ip *ip)
{
	struct sockaddr_in far4 = { .sin_family = AF_INET, .sin_port = 1 };
	struct sockaddr_in6 far6 = { .sin6_family = AF_INET6, .sin6_port = 1 };

	inet_pton(AF_INET, "192.0.2.1", &far4.sin_addr);
	inet_pton(AF_INET6, "2001:db8::1", &far6.sin6_addr);
	return family == AF_INET ?
	       ask_routes((struct sockaddr *)&far4, sizeof(far4), ip) :
	       ask_routes((struct sockaddr *)&far6, sizeof(far6), ip);
}

static bool find_first(const struct ifaddrs *list, uint16_t family,
		       struct ip *ip)
{
	for (; list; list = list->ifa_next)
		if (list->ifa_addr && list->ifa_addr->sa_family == family &&
		    (list->ifa_flags & IFF_UP) &&
		    take_address(list->ifa_addr, ip))
			return true;
	return false;
}

/**
 * machine_read() - ask for the machine's name and primary addresses
 * @machine: where to store them
 *
 * A primary address is the one that the default route sends with; without
 * such a route, the first of a device that is up.
 */
void machine_read(struct machine *machine)
{
	static const uint16_t families[FAMILIES] = { AF_INET, AF_INET6 };
	struct ifaddrs *list = NULL;

	*machine = (struct machine) { 0 };
	read_name(machine->name);
	if (getifaddrs(&list))
		list = NULL;
	for (int i = 0; i < FAMILIES; i++)
		if (!ask_default_route(families[i], &machine->primary[i]) &&
		    !find_first(list, families[i], &machine->primary[i]))
			machine->primary[i] = (struct ip) { 0 };
	freeifaddrs(list);
}

/**
 * machine_watch() - hear of changes
 *
 * Return: a file descriptor that becomes readable when a link, an address or a
 *	route has changed, or a negative errno value.
 */
int machine_watch(void)
{
	const struct sockaddr_nl all = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
			     RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
			     RTMGRP_IPV6_ROUTE,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_ROUTE);
	int err;

	if (fd < 0)
		return -errno;
	if (!bind(fd, (const struct sockaddr *)&all, sizeof(all)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/** machine_handle_events() - take in what has been heard, whatever it is */
void machine_handle_events(int fd)
{
	char bytes[16 * 1024];

	/* ENOBUFS, too, says that something has changed. */
	while (recv(fd, bytes, sizeof(bytes), 0) > 0 || errno == ENOBUFS)
		errno = 0;
}
