// SPDX-License-Identifier: GPL-2.0
/* Owns text: how addresses, keys and enumerations are written. */
#include <arpa/inet.h>
#include <string.h>

#include "vsbadm.h"

const char *const verb_names[] = { "add", "change", "del", "show", "zero" };
const char *const state_names[] = { "up", "draining" };
const char *const action_names[] = { "drop", "reject" };
const char *const verdict_names[] = { "none", "dnat", "reject", "drop" };
const char *const reason_names[] = {
	"no-service", "candidates", "no-backend", "elsewhere", "not-syn",
	"not-allowed", "unserved", "unallocated", "full", "affinity",
};
const char *const kind_names[] = { "vip", "node-port", "mark" };

static const char *const service_flag_names[] = { "cluster-ip", "restricted" };
const struct flag_list service_flags = {
	ARRAY_SIZE(service_flag_names), service_flag_names,
};

static const char *const source_names[] = { "pod", "node", "outside" };
const struct flag_list source_kinds = {
	ARRAY_SIZE(source_names), source_names,
};

static const char *const sched_flag_names[] = { "fallback", "port" };
const struct flag_list sched_flags = {
	ARRAY_SIZE(sched_flag_names), sched_flag_names,
};

/* As conntrack names them; its enum tcp_conntrack and enum sctp_conntrack. */
static const char *const tcp_states[] = {
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
	"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
};
static const char *const sctp_states[] = {
	"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED",
	"SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT",
	"HEARTBEAT_SENT",
};

/**
 * connection_state() - the state of a connection
 * @connection: the connection
 *
 * Return: a word in capitals; UDP has no states and says its own name, as
 *	ipvsadm has it.
 */
const char *connection_state(const struct vsb_connection *connection)
{
	bool tcp = connection->protocol == IPPROTO_TCP;
	size_t n = tcp ? ARRAY_SIZE(tcp_states) : ARRAY_SIZE(sctp_states);

	if (connection->protocol == IPPROTO_UDP)
		return "UDP";
	if (connection->state >= n)
		return "NONE";

	return (tcp ? tcp_states : sctp_states)[connection->state];
}

/** protocol_title() - a protocol's name in a table of -L */
const char *protocol_title(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_SCTP:
		return "SCTP";
	default:
		return "TCP";
	}
}

const char *protocol_name(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_SCTP:
		return "sctp";
	default:
		return "tcp";
	}
}

const char *family_name(uint16_t family)
{
	return family == AF_INET6 ? "ipv6" : "ipv4";
}

/* Without printf(), which makes most of what reading a script costs. */
static char *put_number(char *to, unsigned int number)
{
	if (number > 9)
		to = put_number(to, number / 10);
	*to++ = '0' + number % 10;

	return to;
}

static char *put_ipv4(char *to, const struct in_addr *addr)
{
	const uint8_t *bytes = (const uint8_t *)addr;
	unsigned int i;

	for (i = 0; i < sizeof(*addr); i++) {
		to = put_number(to, bytes[i]);
		*to++ = '.';
	}

	return to - 1;
}

/* @buf holds ENDPOINT_MAX bytes. */
char *format_address(char *buf, uint16_t family, const union vsb_addr *addr)
{
	inet_ntop(family, addr, buf, ENDPOINT_MAX);

	return buf;
}

/* @buf holds ENDPOINT_MAX bytes. */
char *format_endpoint(char *buf, uint16_t family, const union vsb_addr *addr,
		      uint16_t port)
{
	char *to = buf;

	if (family == AF_INET6) {
		*to++ = '[';
		inet_ntop(AF_INET6, addr, to, INET6_ADDRSTRLEN);
		to += strlen(to);
		*to++ = ']';
	} else {
		to = put_ipv4(to, &addr->in4);
	}
	*to++ = ':';
	*put_number(to, port) = '\0';

	return buf;
}

/* @buf holds SERVICE_MAX bytes. */
char *format_service(char *buf, const struct vsb_service *service)
{
	const char *protocol = protocol_name(service->protocol);
	size_t len = strlen(protocol);

	if (service->kind == VSB_KIND_MARK) {
		snprintf(buf, SERVICE_MAX, "mark/%s:%u",
			 family_name(service->family), service->mark);
		return buf;
	}

	/* The address of a node port is the unspecified one. */
	memcpy(buf, protocol, len);
	buf[len] = '/';
	format_endpoint(buf + len + 1, service->family, &service->addr,
			service->port);

	return buf;
}

/* @buf holds ENDPOINT_MAX bytes. */
char *format_cidr(char *buf, const struct vsb_cidr *cidr)
{
	char address[INET6_ADDRSTRLEN] = "";

	inet_ntop(cidr->family, &cidr->addr, address, sizeof(address));
	snprintf(buf, ENDPOINT_MAX, "%s/%u", address, cidr->prefix_len);

	return buf;
}

/* @buf holds 2 * VSB_SETS_MAX bytes. */
char *format_sets(char *buf, uint32_t sets)
{
	char *at = buf;
	int set;

	if (!(sets & ((1U << VSB_SETS_MAX) - 1)))
		return strcpy(buf, "none");
	for (set = 0; set < VSB_SETS_MAX; set++)
		if (sets & 1U << set)
			at += sprintf(at, "%s%d", at == buf ? "" : ",", set);

	return buf;
}

/* @buf holds 24 bytes. */
char *format_sources(char *buf, uint32_t sources)
{
	snprintf(buf, 24, "%s%s%s%s%s",
		 sources & VSB_SOURCE_POD ? "pod" : "",
		 sources & VSB_SOURCE_POD && sources & ~VSB_SOURCE_POD ?
		 "," : "",
		 sources & VSB_SOURCE_NODE ? "node" : "",
		 sources & VSB_SOURCE_NODE && sources & VSB_SOURCE_OUTSIDE ?
		 "," : "",
		 sources & VSB_SOURCE_OUTSIDE ? "outside" : "");

	return buf;
}

/* @buf holds FLAGS_MAX bytes. */
char *format_flags(char *buf, const struct flag_list *list, uint32_t flags)
{
	char *at = buf;
	size_t i;

	strcpy(buf, "none");
	for (i = 0; i < list->n; i++)
		if (flags & 1U << i)
			at += sprintf(at, "%s%s", at == buf ? "" : ",",
				      list->names[i]);

	return buf;
}

/**
 * format_ipvs_flags() - a pool's scheduler flags as ipvsadm writes them
 * @buf: holds FLAGS_MAX bytes
 * @pool: the pool
 *
 * Return: "mh-fallback,mh-port", or what it has of these.
 */
char *format_ipvs_flags(char *buf, const struct vsb_pool *pool)
{
	char *at = buf;
	size_t i;

	*buf = '\0';
	for (i = 0; i < sched_flags.n; i++)
		if (pool->sched_flags & 1U << i)
			at += sprintf(at, "%s%.15s-%s", at == buf ? "" : ",",
				      pool->scheduler, sched_flags.names[i]);

	return buf;
}

/**
 * format_netmask() - what of a client's address counts, as ipvsadm writes it
 * @buf: holds ENDPOINT_MAX bytes
 * @pool: the pool
 *
 * Return: "255.255.255.0", or IPv6's number of bits.
 */
char *format_netmask(char *buf, const struct vsb_pool *pool)
{
	uint32_t bits = pool->affinity_prefix_len;
	struct in_addr mask = {
		.s_addr = bits ? htonl(~0U << (32 - bits % 33)) : 0,
	};

	if (pool->family == AF_INET6)
		sprintf(buf, "%u", bits);
	else
		inet_ntop(AF_INET, &mask, buf, ENDPOINT_MAX);

	return buf;
}

/**
 * format_word() - a word as a script has it
 * @buf: holds WORD_MAX bytes
 * @text: a name or label
 *
 * Return: @text, or @buf where it has to be quoted.
 */
const char *format_word(char *buf, const char *text)
{
	char *to = buf;

	if (*text && *text != '#' && !strpbrk(text, " \"\\"))
		return text;

	*to++ = '"';
	for (; *text && to < buf + WORD_MAX - 4; *to++ = *text++)
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
	*to++ = '"';
	*to = '\0';

	return buf;
}
