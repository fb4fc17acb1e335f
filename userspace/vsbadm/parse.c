// SPDX-License-Identifier: GPL-2.0
/* Owns values: numbers, names, addresses and lists, from text. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

static bool is_based(const char *text, int base, unsigned long min,
		     unsigned long max, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, base);

	return isdigit((unsigned char)*text) && !*end && !errno &&
	       *value >= min && *value <= max;
}

static bool is_number(const char *text, unsigned long min, unsigned long max,
		      unsigned long *value)
{
	return is_based(text, 10, min, max, value);
}

int parse_number(const char *what, const char *text, unsigned long min,
		 unsigned long max, unsigned long *value)
{
	return is_number(text, min, max, value) ? 0 :
		bad("%s \"%s\": must be %lu to %lu", what, text, min, max);
}

int parse_u32(const char *what, const char *text, uint32_t max,
	      uint32_t *value)
{
	unsigned long number;
	int status;

	status = parse_number(what, text, 0, max, &number);
	if (!status)
		*value = number;

	return status;
}

/** parse_mark() - a firewall mark: decimal, or hexadecimal behind 0x */
int parse_mark(const char *what, const char *text, uint32_t min,
	       uint32_t *mark)
{
	bool hex = !strncmp(text, "0x", 2) || !strncmp(text, "0X", 2);
	unsigned long number;

	if (!is_based(text, hex ? 16 : 10, min, UINT32_MAX, &number))
		return bad("%s \"%s\": must be %u to %u, or 0x and digits",
			   what, text, min, UINT32_MAX);
	*mark = number;

	return 0;
}

int parse_name(const char *what, const char *text, const char **name)
{
	size_t len = strlen(text), i;

	for (i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~')
			break;
	if (i < len || !len || len > VSB_NAME_MAX)
		return bad("%s \"%.*s%s\": must be 1 to %d characters of printable ASCII without blanks",
			   what, (int)(i < len ? i : 64), text,
			   i < len || len > 64 ? "..." : "", VSB_NAME_MAX);
	*name = text;

	return 0;
}

/** parse_label() - free text; an empty one is none */
int parse_label(const char *text, const char **label)
{
	size_t len = strlen(text), good = clean_len(text);

	if (good < len || len > VSB_NAME_MAX)
		return bad("label \"%.*s%s\": must be at most %d bytes of UTF-8 without control characters",
			   (int)(good < 64 ? good : 64), text,
			   good < len || len > 64 ? "..." : "", VSB_NAME_MAX);
	*label = text;

	return 0;
}

/** join_choices() - "up, draining or gone" */
char *join_choices(char *buf, size_t size, const char *const *choices,
		   size_t n)
{
	size_t len = 0, i;

	for (i = 0; i < n && len < size; i++)
		len += snprintf(buf + len, size - len, "%s%s",
				!i ? "" : i == n - 1 ? " or " : ", ",
				choices[i]);

	return buf;
}

int parse_choice(const char *what, const char *text,
		 const char *const *choices, size_t n, uint32_t *value)
{
	char all[256];
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcmp(text, choices[i])) {
			*value = i;
			return 0;
		}
	}

	return bad("%s \"%s\": must be %s", what, text,
		   join_choices(all, sizeof(all), choices, n));
}

/** parse_bool() - a switch; @form is how the manual writes it */
int parse_bool(const char *what, const char *form, const char *text,
	       bool *value)
{
	static const char *const choices[] = {
		"no", "yes", "off", "on", "false", "true",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(choices); i++) {
		if (!strcmp(text, choices[i])) {
			*value = i & 1;
			return 0;
		}
	}

	return bad("%s \"%s\": must be %s", what, text, form);
}

int parse_family(const char *text, uint16_t *family)
{
	static const char *const choices[] = { "ipv4", "ipv6" };
	uint32_t i;
	int status;

	status = parse_choice("family", text, choices, 2, &i);
	if (!status)
		*family = i ? AF_INET6 : AF_INET;

	return status;
}

int parse_protocol(const char *text, uint8_t *protocol)
{
	static const char *const choices[] = { "tcp", "udp", "sctp" };
	static const uint8_t protocols[] = {
		IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
	};
	uint32_t i;
	int status;

	status = parse_choice("protocol", text, choices, ARRAY_SIZE(choices),
			      &i);
	if (!status)
		*protocol = protocols[i];

	return status;
}

static void take_sockaddr(const struct sockaddr *sa, struct endpoint *endpoint)
{
	endpoint->family = sa->sa_family;
	if (sa->sa_family == AF_INET)
		endpoint->addr.in4 = ((struct sockaddr_in *)sa)->sin_addr;
	else
		endpoint->addr.in6 = ((struct sockaddr_in6 *)sa)->sin6_addr;
}

/* As where /etc/hosts has a line twice. */
static bool seen(const struct addrinfo *first, const struct addrinfo *each)
{
	for (; first != each; first = first->ai_next)
		if (first->ai_addrlen == each->ai_addrlen &&
		    !memcmp(first->ai_addr, each->ai_addr, each->ai_addrlen))
			return true;

	return false;
}

/* A name of both families is IPv4's where nothing says otherwise. */
static uint16_t preferred(const struct addrinfo *found)
{
	for (; found; found = found->ai_next)
		if (found->ai_family == AF_INET)
			return AF_INET;

	return AF_INET6;
}

/* A name stands for one address, or nobody knows which one was meant. */
static int take_found(const char *what, const char *host,
		      const struct addrinfo *found, struct endpoint *endpoint)
{
	char all[512] = "", address[INET6_ADDRSTRLEN];
	uint16_t family = preferred(found);
	const struct addrinfo *each;
	size_t len = 0, n = 0;

	for (each = found; each && len < sizeof(all); each = each->ai_next) {
		if (each->ai_family != family || seen(found, each))
			continue;
		take_sockaddr(each->ai_addr, endpoint);
		inet_ntop(endpoint->family, &endpoint->addr, address,
			  sizeof(address));
		len += snprintf(all + len, sizeof(all) - len, "%s%s",
				n++ ? ", " : "", address);
	}

	return n == 1 ? 0 :
		bad("%s \"%s\": the name has several addresses, give the one that is meant: %s",
		    what, host, all);
}

static int resolve(const char *what, const char *host, uint16_t family,
		   struct endpoint *endpoint)
{
	const struct addrinfo hints = {
		.ai_family = family ? family : AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
	};
	struct addrinfo *found;
	int err, status;

	/* Once for both: who does not answer for one has not said it has none. */
	err = getaddrinfo(host, NULL, &hints, &found);
	if (err)
		return bad("%s \"%s\": no address, and as a name: %s", what,
			   host, gai_strerror(err));
	status = take_found(what, host, found, endpoint);
	freeaddrinfo(found);

	return status;
}

/*
 * What is like a number is meant as an address, and is wrong as one; so is
 * what the resolver would take for one, like 0xa000001.
 */
static bool like_name(const char *host)
{
	struct in_addr addr;

	return host[strspn(host, "0123456789.")] && !inet_aton(host, &addr) &&
	       !host[strspn(host, "0123456789.-_"
				  "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ")];
}

/* Of either family, as a number. */
static bool parse_address(const char *text, uint16_t *family,
			  union vsb_addr *addr)
{
	*family = strchr(text, ':') ? AF_INET6 : AF_INET;

	return inet_pton(*family, text, addr) == 1;
}

static int parse_host(const char *what, const char *host, uint16_t family,
		      struct endpoint *endpoint)
{
	if (parse_address(host, &endpoint->family, &endpoint->addr))
		return 0;
	if (!like_name(host))
		return bad("%s \"%s\": must be an address like 192.0.2.1 or 2001:db8::1",
			   what, host);

	return resolve(what, host, family, endpoint);
}

static int parse_port(const char *what, const char *text, uint8_t protocol,
		      uint16_t *port)
{
	struct servent *service;
	unsigned long number;

	if (is_number(text, 0, 65535, &number)) {
		*port = number;
		return 0;
	}
	service = isalpha((unsigned char)*text) ?
		getservbyname(text, protocol_name(protocol)) : NULL;
	if (!service)
		return bad("%s: port \"%s\": must be 0 to 65535, or a name that /etc/services has for %s",
			   what, text, protocol_name(protocol));
	*port = ntohs(service->s_port);

	return 0;
}

/*
 * Splits "host", "host:port", "[host]" and "[host]:port" in place; a bare
 * IPv6 address has no port.
 */
static int split_endpoint(char *text, char **host, char **port)
{
	char *end;

	*host = text;
	*port = NULL;
	if (*text == '[') {
		end = strchr(text, ']');
		if (!end || (end[1] && end[1] != ':'))
			return -1;
		*host = text + 1;
		if (end[1])
			*port = end + 2;
		*end = '\0';
		return 0;
	}

	end = strchr(text, ':');
	if (end && !strchr(end + 1, ':')) {
		*end = '\0';
		*port = end + 1;
	}

	return 0;
}

/**
 * parse_endpoint() - an address with a port, or without
 * @what: for the complaint
 * @text: 192.0.2.1[:80], [2001:db8::1][:80], 2001:db8::1, name[:http] or
 *	[name][:http]
 * @protocol: whose names a port may have
 * @family: the one in which a name is looked up, or 0 for IPv4, and for IPv6
 *	where that has none; brackets mean IPv6
 * @endpoint: where to store it
 *
 * Return: 0 or EXIT_SYNTAX.
 */
int parse_endpoint(const char *what, const char *text, uint8_t protocol,
		   uint16_t family, struct endpoint *endpoint)
{
	char copy[256 + 16], *host, *port;
	int status;

	*endpoint = (struct endpoint){ .has_port = false };
	if (strlen(text) >= sizeof(copy))
		return bad("%s \"%.64s...\": too long", what, text);
	strcpy(copy, text);
	if (split_endpoint(copy, &host, &port))
		return bad("%s \"%s\": must be ADDRESS[:PORT], with IPv6 as [2001:db8::1]:80",
			   what, text);

	status = parse_host(what, host, *text == '[' ? AF_INET6 : family,
			    endpoint);
	if (status)
		return status;
	if (*text == '[' && endpoint->family != AF_INET6)
		return bad("%s \"%s\": brackets are for IPv6 addresses", what,
			   text);
	if (!port)
		return 0;

	endpoint->has_port = true;

	return parse_port(what, port, protocol, &endpoint->port);
}

/** is_unspecified() - whether an address is 0.0.0.0 or :: */
bool is_unspecified(const struct endpoint *endpoint)
{
	static const union vsb_addr none;

	return !memcmp(&endpoint->addr, &none, endpoint->family == AF_INET6 ?
		       sizeof(none.in6) : sizeof(none.in4));
}

/* "ipv4:5", of the service @text */
static int parse_marked(const char *text, const char *rest,
			struct vsb_service *service)
{
	const char *colon = strchr(rest, ':');
	char family[8];

	if (!colon || (size_t)(colon - rest) >= sizeof(family))
		return bad("service \"%s\": must be like mark/ipv4:5 or mark/ipv6:0x10",
			   text);
	snprintf(family, sizeof(family), "%.*s", (int)(colon - rest), rest);
	service->kind = VSB_KIND_MARK;

	return parse_family(family, &service->family) ?:
	       parse_mark("mark", colon + 1, 1, &service->mark);
}

/* "192.0.2.1:80", or the unspecified address for a port of the node */
static int parse_place(const char *text, const char *rest,
		       struct vsb_service *service)
{
	struct endpoint endpoint;

	if (parse_endpoint("service", rest, service->protocol, 0, &endpoint))
		return EXIT_SYNTAX;
	if (!endpoint.has_port)
		return bad("service \"%s\": needs a port, 0 for all that have no service of their own",
			   text);
	if (is_unspecified(&endpoint)) {
		if (!endpoint.port)
			return bad("service \"%s\": a node port must be 1 to 65535",
				   text);
		service->kind = VSB_KIND_NODE_PORT;
	}

	service->family = endpoint.family;
	service->addr = endpoint.addr;
	service->port = endpoint.port;

	return 0;
}

/**
 * parse_service() - the key of a service
 * @text: "tcp/192.0.2.1:80"; "tcp/0.0.0.0:30080" or "tcp/[::]:30080" is a node
 *	port, "mark/ipv4:5" a firewall mark
 * @service: gets kind, family, protocol, address, port and mark, and no more
 *
 * Return: 0 or EXIT_SYNTAX.
 */
int parse_service(const char *text, struct vsb_service *service)
{
	const char *slash = strchr(text, '/');
	char protocol[8];

	*service = (struct vsb_service){ .kind = VSB_KIND_VIP };
	if (!slash || (size_t)(slash - text) >= sizeof(protocol))
		return bad("service \"%s\": must be like tcp/192.0.2.1:80, udp/[2001:db8::1]:53 or mark/ipv4:5",
			   text);
	snprintf(protocol, sizeof(protocol), "%.*s", (int)(slash - text), text);
	if (!strcmp(protocol, "mark"))
		return parse_marked(text, slash + 1, service);

	return parse_protocol(protocol, &service->protocol) ?:
	       parse_place(text, slash + 1, service);
}

/** parse_at_least() - a number that must not be too small */
int parse_at_least(const char *what, const char *text, unsigned long min,
		   unsigned long max, uint32_t *value)
{
	unsigned long number;

	if (parse_number(what, text, min, max, &number))
		return EXIT_SYNTAX;
	*value = number;

	return 0;
}

/** parse_list() - call @each for each part of a list that commas separate */
int parse_list(const char *text, int (*each)(const char *part, void *arg),
	       void *arg)
{
	char *copy, *rest, *part;
	int status = 0;

	rest = copy = strdup(text);
	if (!copy)
		return complain(EXIT_REFUSED, "out of memory");
	while (!status && (part = strsep(&rest, ",")))
		status = each(part, arg);
	free(copy);

	return status;
}

static int add_set(const char *part, void *arg)
{
	uint32_t *sets = arg, set;

	if (parse_u32("set", part, VSB_SETS_MAX - 1, &set))
		return EXIT_SYNTAX;
	if (*sets & 1U << set)
		return bad("set \"%s\": given twice", part);
	*sets |= 1U << set;

	return 0;
}

/** parse_sets() - "0,1" to a mask, "none" to an empty one */
int parse_sets(const char *text, uint32_t *sets)
{
	*sets = 0;

	return strcmp(text, "none") ? parse_list(text, add_set, sets) : 0;
}

/** parse_source() - "pod" to its bit; adds that to a mask */
int parse_source(const char *text, uint32_t *sources)
{
	uint32_t source;

	if (parse_choice("kind of source", text, source_kinds.names,
			 source_kinds.n, &source))
		return EXIT_SYNTAX;
	if (*sources & 1U << source)
		return bad("kind of source \"%s\": given twice", text);
	*sources |= 1U << source;

	return 0;
}

static int add_source(const char *part, void *arg)
{
	return parse_source(part, arg);
}

/** parse_sources() - "pod,node" to a mask; adds to what is there */
int parse_sources(const char *text, uint32_t *sources)
{
	return parse_list(text, add_source, sources);
}

/** struct flags - flags that are being read */
struct flags {
	const struct flag_list *list;
	uint32_t *mask;
};

static int add_flag(const char *part, void *arg)
{
	const struct flags *flags = arg;
	uint32_t flag;

	if (parse_choice("flag", part, flags->list->names, flags->list->n,
			 &flag))
		return EXIT_SYNTAX;
	if (*flags->mask & 1U << flag)
		return bad("flag \"%s\": given twice", part);
	*flags->mask |= 1U << flag;

	return 0;
}

/** parse_flags() - "cluster-ip,restricted" to a mask, "none" to an empty one */
int parse_flags(const struct flag_list *list, const char *text,
		uint32_t *flags)
{
	struct flags reading = { list, flags };

	*flags = 0;

	return strcmp(text, "none") ? parse_list(text, add_flag, &reading) : 0;
}

static int add_device(const char *part, void *arg)
{
	struct vsb_config *config = arg;
	size_t len = strlen(part), i;

	for (i = 0; i < len; i++)
		if (part[i] <= ' ' || part[i] > '~' || part[i] == '/')
			break;
	if (i < len || !len || len > VSB_DEVICE_NAME_MAX)
		return bad("pod-devices \"%.32s\": must be 1 to %d characters without blanks, like cni0 or veth*",
			   part, VSB_DEVICE_NAME_MAX);
	if (config->n_pod_devices == VSB_POD_DEVICES_MAX)
		return bad("pod-devices: at most %d names",
			   VSB_POD_DEVICES_MAX);
	strcpy(config->pod_devices[config->n_pod_devices++], part);

	return 0;
}

/** parse_devices() - "cni0,veth*", or "none" */
int parse_devices(const char *text, struct vsb_config *config)
{
	config->n_pod_devices = 0;

	return strcmp(text, "none") ? parse_list(text, add_device, config) : 0;
}

/* "10.244.0.0/16" or "fd00:244::/64" */
static int parse_cidr(const char *what, const char *text, struct vsb_cidr *cidr)
{
	size_t len = strcspn(text, "/");
	char address[INET6_ADDRSTRLEN];
	uint32_t bits;

	snprintf(address, sizeof(address), "%.*s", (int)len, text);
	if (!text[len] || len >= sizeof(address) ||
	    !parse_address(address, &cidr->family, &cidr->addr))
		return bad("%s \"%s\": must be like 10.244.0.0/16 or fd00:244::/64",
			   what, text);
	bits = address_bits(cidr->family);
	if (parse_u32(what, text + len + 1, bits, &cidr->prefix_len))
		return bad("%s \"%s\": the prefix length must be 0 to %u", what,
			   text, bits);

	return 0;
}

/** struct cidrs - ranges of a setting as they are being read */
struct cidrs {
	const char *what;
	struct vsb_cidr_list *list;
};

static int add_cidr(const char *part, void *arg)
{
	struct cidrs *cidrs = arg;
	struct vsb_cidr_list *list = cidrs->list;

	if (list->n == VSB_CIDRS_MAX)
		return bad("%s: at most %d ranges", cidrs->what, VSB_CIDRS_MAX);

	return parse_cidr(cidrs->what, part, &list->cidrs[list->n++]);
}

/** parse_cidrs() - "10.244.0.0/16,fd00:244::/64", or "none" */
int parse_cidrs(const char *what, const char *text, struct vsb_cidr_list *list)
{
	struct cidrs cidrs = { .what = what, .list = list };

	list->n = 0;

	return strcmp(text, "none") ? parse_list(text, add_cidr, &cidrs) : 0;
}

static int add_range(const char *part, void *arg)
{
	struct change *change = arg;
	struct vsb_cidr *ranges, *range;
	size_t n = change->n_ranges;

	ranges = change->ranges;
	if (!(n & (n - 1)))
		ranges = reallocarray(ranges, n ? 2 * n : 1, sizeof(*ranges));
	if (!ranges)
		return complain(EXIT_REFUSED, "out of memory");
	change->ranges = ranges;

	range = &ranges[change->n_ranges++];
	if (parse_cidr("range", part, range))
		return EXIT_SYNTAX;
	if (range->family != change->service.family)
		return bad("range \"%s\": must be of %s as the service is",
			   part, family_name(change->service.family));

	return 0;
}

/** parse_ranges() - "10.0.0.0/8,192.0.2.0/24", of the change's service */
int parse_ranges(const char *text, struct change *change)
{
	return parse_list(text, add_range, change);
}
