// SPDX-License-Identifier: GPL-2.0
/* Owns which settings vsbd keeps, how they are compared, and how they read. */

#include <stddef.h>
#include <string.h>

#include "base/ip.h"
#include "base/memory.h"
#include "kernel/config.h"

static bool has(const struct vsb_cidr_list *list, const struct vsb_cidr *cidr)
{
	for (unsigned int i = 0; i < list->n; i++)
		if (list->cidrs[i].family == cidr->family &&
		    list->cidrs[i].prefix_len == cidr->prefix_len &&
		    !memcmp(&list->cidrs[i].addr, &cidr->addr,
			    cidr->family == AF_INET ? 4 : 16))
			return true;
	return false;
}

static bool includes(const struct vsb_cidr_list *a,
		     const struct vsb_cidr_list *b)
{
	for (unsigned int i = 0; i < b->n; i++)
		if (!has(a, &b->cidrs[i]))
			return false;
	return true;
}

static bool same_cidrs(const void *a, const void *b)
{
	return includes(a, b) && includes(b, a);
}

static void print_cidrs(const void *value, FILE *out)
{
	const struct vsb_cidr_list *list = value;
	char text[IP_TEXT_MAX];

	for (unsigned int i = 0; i < list->n; i++)
		fprintf(out, "%s%s", i ? "," : "",
			ip_print_cidr(&list->cidrs[i], text));
	if (!list->n)
		fputs("none", out);
}

static bool same_devices(const void *a, const void *b)
{
	const struct vsb_config *left = a, *right = b;

	if (left->n_pod_devices != right->n_pod_devices)
		return false;
	for (unsigned int i = 0; i < left->n_pod_devices; i++)
		if (strcmp(left->pod_devices[i], right->pod_devices[i]))
			return false;
	return true;
}

static void print_devices(const void *value, FILE *out)
{
	const struct vsb_config *config = value;

	for (unsigned int i = 0; i < config->n_pod_devices; i++)
		fprintf(out, "%s%s", i ? "," : "", config->pod_devices[i]);
	if (!config->n_pod_devices)
		fputs("none", out);
}

static bool same_switch(const void *a, const void *b)
{
	return *(const bool *)a == *(const bool *)b;
}

static void print_switch(const void *value, FILE *out)
{
	fputs(*(const bool *)value ? "on" : "off", out);
}

/**
 * struct setting - a setting that vsbd keeps
 * @name: as vsbadm calls it
 * @offset: where its value is in struct vsb_config; 0 where that is several
 *	members, and the structure itself is looked at
 * @same: whether two values are the same
 * @print: writes a value
 */
struct setting {
	const char *name;
	size_t offset;
	bool (*same)(const void *a, const void *b);
	void (*print)(const void *value, FILE *out);
};

#define AT(member) offsetof(struct vsb_config, member)

static const struct setting settings[] = {
	{ "masquerade-all", AT(masquerade_all), same_switch, print_switch },
	{ "pod-cidrs", AT(pod_cidrs), same_cidrs, print_cidrs },
	{ "pod-devices", 0, same_devices, print_devices },
	{ "service-cidrs", AT(service_cidrs), same_cidrs, print_cidrs },
	{ "node-port-cidrs", AT(node_port_cidrs), same_cidrs, print_cidrs },
};

/** config_default() - what the module has where nobody has set anything */
void config_default(struct vsb_config *config)
{
	*config = (struct vsb_config) {
		.node_port_cidrs = {
			.n = 2,
			.cidrs = { { .family = AF_INET },
				   { .family = AF_INET6 } },
		},
	};
}

/** config_differs() - whether a setting that vsbd keeps is another */
bool config_differs(const struct vsb_config *desired,
		    const struct vsb_config *actual)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (!settings[i].same((const char *)desired +
				      settings[i].offset,
				      (const char *)actual +
				      settings[i].offset))
			return true;
	return false;
}

/**
 * config_show() - print what differs, a line each
 * @desired: as they are to be
 * @actual: as they are
 * @prefix: what each line begins with
 * @out: where to
 */
void config_show(const struct vsb_config *desired,
		 const struct vsb_config *actual, const char *prefix,
		 FILE *out)
{
	const char *to, *from;

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		to = (const char *)desired + settings[i].offset;
		from = (const char *)actual + settings[i].offset;
		if (settings[i].same(to, from))
			continue;
		fprintf(out, "%s%s ", prefix, settings[i].name);
		settings[i].print(to, out);
		fputs(" (was ", out);
		settings[i].print(from, out);
		fputs(")\n", out);
	}
}
