// SPDX-License-Identifier: GPL-2.0
/* Owns names of addresses and ports, for listings. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vsbadm.h"

/* A listing waits so long for name servers, in all. */
#define PATIENCE_MS	2000

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static socklen_t to_sockaddr(struct sockaddr_storage *ss, uint16_t family,
			     const union vsb_addr *addr)
{
	memset(ss, 0, sizeof(*ss));
	ss->ss_family = family;
	if (family == AF_INET) {
		((struct sockaddr_in *)ss)->sin_addr = addr->in4;
		return sizeof(struct sockaddr_in);
	}
	((struct sockaddr_in6 *)ss)->sin6_addr = addr->in6;

	return sizeof(struct sockaddr_in6);
}

/* Where nobody answers, one short wait is enough for all of a listing. */
static bool host_name(char *buf, size_t size, uint16_t family,
		      const union vsb_addr *addr)
{
	static long waited;
	struct sockaddr_storage ss;
	socklen_t len = to_sockaddr(&ss, family, addr);
	long begin = now_ms();
	int err;

	if (waited > PATIENCE_MS)
		return false;
	setenv("RES_OPTIONS", "timeout:1 attempts:1", 0);
	err = getnameinfo((struct sockaddr *)&ss, len, buf, size, NULL, 0,
			  NI_NAMEREQD);
	waited += now_ms() - begin;

	return !err;
}

/* A mark is over any protocol, each of which has its own names. */
static const char *port_name(char *buf, size_t size, uint16_t port,
			     uint8_t protocol)
{
	struct servent *service = NULL;

	if (protocol)
		service = getservbyport(htons(port), protocol_name(protocol));
	if (service)
		return service->s_name;
	snprintf(buf, size, "%u", port);

	return buf;
}

/* @buf holds ENDPOINT_MAX bytes; a longer name is cut. */
char *name_endpoint(char *buf, uint16_t family, const union vsb_addr *addr,
		    uint16_t port, uint8_t protocol, bool numeric)
{
	char host[NI_MAXHOST], number[8];
	const char *name;

	if (numeric)
		return format_endpoint(buf, family, addr, port);

	if (!host_name(host, sizeof(host), family, addr))
		inet_ntop(family, addr, host, sizeof(host));
	name = port_name(number, sizeof(number), port, protocol);
	snprintf(buf, ENDPOINT_MAX, family == AF_INET6 ? "[%.45s]:%s" :
							 "%.45s:%s",
		 host, name);

	return buf;
}
