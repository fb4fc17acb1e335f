// SPDX-License-Identifier: GPL-2.0
/* Owns which settings there are, what they take, and the file of them. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "manifests/file.h"
#include "manifests/format.h"
#include "settings.h"

#define SECOND	1000000		/* in microseconds */

#define NO_LOOPBACK "is not supported: node ports are never at loopback addresses"

/* Calls @each for every part of a list that commas separate. */
static const char *each_word(const char *list, void *arg,
			     const char *(*each)(const char *word, void *arg))
{
	autofree char *copy = mem_strdup(list);
	char *rest = NULL, *word;
	const char *complaint;

	for (word = strtok_r(copy, ", ", &rest); word;
	     word = strtok_r(NULL, ", ", &rest)) {
		complaint = each(word, arg);
		if (complaint)
			return complaint;
	}
	return NULL;
}

static const char *add_cidr(const char *word, void *arg)
{
	struct vsb_cidr_list *list = arg;

	if (list->n == VSB_CIDRS_MAX)
		return "has more than 64 ranges";
	return ip_parse_cidr(word, &list->cidrs[list->n++]) ? NULL :
		"is not a list of CIDRs such as 192.0.2.0/24";
}

static const char *set_cidrs(struct vsb_cidr_list *list, const char *value)
{
	list->n = 0;
	return each_word(value, list, add_cidr);
}

/* At most one of each family, as Kubernetes has them. */
static const char *set_dual(struct vsb_cidr_list *list, const char *value)
{
	const char *complaint = set_cidrs(list, value);

	if (complaint)
		return complaint;
	if (list->n > 2 || (list->n == 2 && list->cidrs[0].family ==
			    list->cidrs[1].family))
		return "has more than one range of a family";
	return NULL;
}

static const char *set_text(char *text, size_t size, const char *value,
			    const char *complaint)
{
	if (strlen(value) >= size)
		return complaint;
	strcpy(text, value);
	return NULL;
}

/* As Go reads them. */
static const char *set_switch(bool *to, const char *value)
{
	static const char *const words[][2] = {
		{ "false", "true" }, { "False", "True" }, { "FALSE", "TRUE" },
		{ "f", "t" }, { "F", "T" }, { "0", "1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		*to = !strcmp(value, words[i][1]);
		if (*to || !strcmp(value, words[i][0]))
			return NULL;
	}
	return "is not true or false";
}

#define DIGITS "0123456789"

struct unit {
	const char *name;
	uint64_t nanoseconds;
};

static const struct unit *find_unit(const char *name, size_t len)
{
	static const struct unit units[] = {
		{ "h", 3600000000000 }, { "m", 60000000000 },
		{ "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 },
		{ "\u00b5s", 1000 }, { "\u03bcs", 1000 }, { "ns", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strlen(units[i].name) == len &&
		    !strncmp(units[i].name, name, len))
			return &units[i];
	return NULL;
}

/*
 * Adds a number with its unit, such as "1.5h", and returns what follows: NULL
 * where it is none, or the sum is more than Go has, 292 years.
 */
static const char *add_time(const char *text, uint64_t *sum)
{
	size_t whole = strspn(text, DIGITS);
	const char *digit = text + whole + (text[whole] == '.');
	size_t places = strspn(digit, DIGITS);
	const char *name = digit + places;
	size_t len = strcspn(name, "." DIGITS);
	const struct unit *unit = find_unit(name, len);
	uint64_t part, time;

	if (!unit || !(whole + places))
		return NULL;
	/* A number that does not fit becomes the largest. */
	time = whole ? strtoull(text, NULL, 10) : 0;
	if (time > INT64_MAX / unit->nanoseconds)
		return NULL;
	time *= unit->nanoseconds;
	for (part = unit->nanoseconds / 10; digit < name; digit++, part /= 10)
		time += part * (uint64_t)(*digit - '0');
	if (time > INT64_MAX - *sum)
		return NULL;
	*sum += time;
	return name + len;
}

/* As Go reads them, but for signs: "1m30s", "1.5s", "0". */
static const char *set_duration(uint64_t *to, const char *value)
{
	const char *rest = strcmp(value, "0") ? value : "0s";
	uint64_t sum = 0;

	do {
		rest = add_time(rest, &sum);
		if (!rest)
			return "is not a time such as 30s or 1m30s";
	} while (*rest);
	*to = sum / 1000;
	return NULL;
}

static const char *set_hostname(struct settings *settings, const char *value)
{
	const char *complaint = set_text(settings->node.name,
					 sizeof(settings->node.name), value,
					 "is longer than a Node's name");

	for (char *c = settings->node.name; !complaint && *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return complaint;
}

static const char *set_proxy_name(struct settings *settings, const char *value)
{
	return set_text(settings->node.proxy_name,
			sizeof(settings->node.proxy_name), value,
			"is longer than a label's value");
}

static const char *set_detect_local(struct settings *settings,
				    const char *value)
{
	static const char *const modes[] = {
		[DETECT_CLUSTER_CIDR] = "ClusterCIDR",
		[DETECT_NODE_CIDR] = "NodeCIDR",
		[DETECT_BRIDGE_INTERFACE] = "BridgeInterface",
		[DETECT_INTERFACE_NAME_PREFIX] = "InterfaceNamePrefix",
	};

	/* kube-proxy's default is what an empty one is to it, too. */
	if (!*value)
		value = modes[DETECT_CLUSTER_CIDR];
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (strcmp(value, modes[i]))
			continue;
		settings->node.detect_local = (enum detect_local)i;
		return NULL;
	}
	return "is not ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix";
}

static const char *set_cluster_cidr(struct settings *settings,
				    const char *value)
{
	return set_dual(&settings->node.cluster_cidrs, value);
}

/* As the kernel takes them. */
static const char *set_device(char *text, size_t size, const char *value)
{
	for (const char *c = value; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '/' || *c == '*')
			return "is not a device's name";
	return set_text(text, size, value, "is longer than a device's name");
}

static const char *set_bridge(struct settings *settings, const char *value)
{
	return set_device(settings->node.bridge, sizeof(settings->node.bridge),
			  value);
}

static const char *set_prefix(struct settings *settings, const char *value)
{
	return set_device(settings->node.prefix, sizeof(settings->node.prefix),
			  value);
}

static bool is_loopback(const struct vsb_cidr *cidr)
{
	static const char *const loopbacks[] = { "127.0.0.0/8", "::1/128" };
	const struct ip ip = { cidr->family, cidr->addr };
	struct vsb_cidr loopback;

	for (size_t i = 0; i < ARRAY_SIZE(loopbacks); i++)
		if (ip_parse_cidr(loopbacks[i], &loopback) &&
		    cidr->prefix_len >= loopback.prefix_len &&
		    ip_in_cidr(&ip, &loopback))
			return true;
	return false;
}

/* A family without a range has all its addresses, as in kube-proxy. */
static const char *set_node_port_cidrs(struct vsb_cidr_list *list,
				       const char *value)
{
	bool any[FAMILIES] = { false };

	if (set_cidrs(list, value) || !list->n)
		return "is not primary, all or a list of CIDRs such as 192.0.2.0/24";
	for (unsigned int i = 0; i < list->n; i++) {
		if (is_loopback(&list->cidrs[i]))
			return NO_LOOPBACK;
		any[family_index(list->cidrs[i].family)] = true;
	}
	return (any[0] ? NULL : add_cidr("0.0.0.0/0", list)) ?:
	       (any[1] ? NULL : add_cidr("::/0", list));
}

static const char *set_node_ports(struct settings *settings, const char *value)
{
	settings->node.primary_node_ports = !*value ||
					    !strcmp(value, "primary");
	if (settings->node.primary_node_ports)
		return NULL;
	if (!strcmp(value, "all"))
		return set_cidrs(&settings->node.node_port_cidrs,
				 "0.0.0.0/0,::/0");
	if (!strcmp(value, "localhost"))
		return NO_LOOPBACK;
	return set_node_port_cidrs(&settings->node.node_port_cidrs, value);
}

static const char *set_service_cidrs(struct settings *settings,
				     const char *value)
{
	return set_dual(&settings->node.service_cidrs, value);
}

static const char *set_masquerade_all(struct settings *settings,
				      const char *value)
{
	return set_switch(&settings->node.masquerade_all, value);
}

static const char *set_external_ips(struct settings *settings,
				    const char *value)
{
	return set_switch(&settings->node.external_ips, value);
}

static const char *set_min_sync_period(struct settings *settings,
				       const char *value)
{
	return set_duration(&settings->min_sync_period, value);
}

static const char *set_sync_period(struct settings *settings,
				   const char *value)
{
	const char *complaint = set_duration(&settings->sync_period, value);

	return complaint ?: settings->sync_period >= SECOND ? NULL :
							       "is less than 1s";
}

const struct setting settings_all[] = {
	{ "hostname-override", SETTING_VALUE, set_hostname },
	{ "proxy-name", SETTING_VALUE, set_proxy_name },
	{ "detect-local-mode", SETTING_VALUE, set_detect_local },
	{ "cluster-cidr", SETTING_VALUE, set_cluster_cidr },
	{ "pod-bridge-interface", SETTING_VALUE, set_bridge },
	{ "pod-interface-name-prefix", SETTING_VALUE, set_prefix },
	{ "nodeport-addresses", SETTING_LIST, set_node_ports },
	{ "service-cluster-ip-range", SETTING_VALUE, set_service_cidrs },
	{ "masquerade-all", SETTING_SWITCH, set_masquerade_all },
	{ "external-ips", SETTING_SWITCH, set_external_ips },
	{ "min-sync-period", SETTING_VALUE, set_min_sync_period },
	{ "sync-period", SETTING_VALUE, set_sync_period },
	{ NULL, SETTING_VALUE, NULL },
};

/** settings_default() - what is so where nobody says anything */
void settings_default(struct settings *settings)
{
	*settings = (struct settings) {
		.node = { .primary_node_ports = true, .external_ips = true },
		.sync_period = 30 * SECOND,
	};
}

/**
 * settings_set() - set one
 * @settings: all of them
 * @setting: which
 * @value: as it is written on the command line
 *
 * Return: NULL, or the complaint, to be freed.
 */
char *settings_set(struct settings *settings, const struct setting *setting,
		   const char *value)
{
	const char *complaint = setting->set(settings, value);

	return complaint ? mem_printf("%s: \"%s\" %s", setting->name, value,
				      complaint) : NULL;
}

/** settings_check() - whether they fit together: NULL, or the complaint */
char *settings_check(const struct settings *settings)
{
	const struct node_settings *node = &settings->node;

	if (node->detect_local == DETECT_BRIDGE_INTERFACE && !*node->bridge)
		return mem_printf("detect-local-mode: \"BridgeInterface\" needs pod-bridge-interface");
	if (node->detect_local == DETECT_INTERFACE_NAME_PREFIX &&
	    !*node->prefix)
		return mem_printf("detect-local-mode: \"InterfaceNamePrefix\" needs pod-interface-name-prefix");
	return NULL;
}

/* A value as it would be on the command line, or NULL where it can't. */
static char *value_text(const json_t *value)
{
	char *text, *part, *longer;

	if (json_is_string(value))
		return mem_strdup(json_string_value(value));
	if (json_is_boolean(value))
		return mem_strdup(json_is_true(value) ? "true" : "false");
	if (json_is_integer(value))
		return mem_printf("%" JSON_INTEGER_FORMAT,
				  json_integer_value(value));
	if (!json_is_array(value))
		return NULL;
	text = mem_strdup("");
	for (size_t i = 0; i < json_array_size(value); i++) {
		part = value_text(json_array_get(value, i));
		longer = mem_printf("%s%s%s", text, i ? "," : "", part ?: "?");
		free(part);
		free(text);
		text = longer;
	}
	return text;
}

/**
 * struct reading - a file that is being read
 * @settings: get what it says
 * @key: what the complaint is about, or NULL
 * @complaint: what is wrong, or NULL
 */
struct reading {
	struct settings *settings;
	char *key;
	char *complaint;
};

static const struct setting *find_setting(const char *name)
{
	const struct setting *setting = settings_all;

	while (setting->name && strcmp(setting->name, name))
		setting++;
	return setting->name ? setting : NULL;
}

static char *read_member(struct settings *settings, const char *key,
			 const json_t *value)
{
	const struct setting *setting = find_setting(key);
	autofree char *text = value_text(value);

	if (!setting)
		return mem_printf("%s: there is no such setting", key);
	if (json_is_null(value))
		return NULL;
	return text ? settings_set(settings, setting, text) :
		      mem_printf("%s: is not a text, a number, true, false or a list", key);
}

static int read_document(const json_t *value, unsigned int document, void *arg)
{
	struct reading *reading = arg;
	const char *key;
	json_t *member;

	if (document > 1)
		reading->complaint = mem_strdup("there is more than one document");
	else if (!json_is_object(value))
		reading->complaint = mem_strdup("is not a list of NAME: VALUE");
	json_object_foreach((json_t *)value, key, member) {
		if (reading->complaint)
			break;
		reading->complaint = read_member(reading->settings, key,
						 member);
		if (reading->complaint)
			reading->key = mem_strdup(key);
	}
	return reading->complaint ? -EINVAL : 0;
}

/**
 * settings_read() - read a file of settings
 * @settings: get what it says; where it is bad, some of it
 * @path: path of a YAML file, of which each name is that of an option
 *
 * Return: NULL, or the complaint, to be freed.
 */
char *settings_read(struct settings *settings, const char *path)
{
	autofree char *text = NULL, *key = NULL, *complaint = NULL;
	struct reading reading = { .settings = settings };
	struct format_error syntax;
	ssize_t len = file_read_text(path, &text);
	int err;

	if (len < 0)
		return mem_printf("%s: %s", path, strerror((int)-len));
	/* That is how a file looks that somebody is about to write. */
	if (!len)
		return mem_printf("%s: is empty", path);
	err = yaml_format.each(text, (size_t)len, read_document, &reading,
			       &syntax);
	key = reading.key;
	complaint = reading.complaint;
	if (!err)
		return NULL;
	if (err == -EBADMSG)
		return mem_printf("%s: line %u: %s", path, syntax.line,
				  syntax.text);
	return mem_printf("%s: line %u: %s", path, key ?
			  yaml_format.line(text, (size_t)len, 1, key) : 1,
			  complaint);
}
