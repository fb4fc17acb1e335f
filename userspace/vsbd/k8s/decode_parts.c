// SPDX-License-Identifier: GPL-2.0
/* Owns how parts are read that objects of several kinds have. */

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "k8s/decode_parts.h"

/** decode_protocol() - read a port's protocol, TCP by default */
int decode_protocol(struct decoder *d, const struct field *field,
		    uint8_t *protocol)
{
	const char *text = "TCP";
	int err = field_get_word(d, field, &text);

	if (err)
		return err;
	if (!strcmp(text, "TCP"))
		*protocol = IPPROTO_TCP;
	else if (!strcmp(text, "UDP"))
		*protocol = IPPROTO_UDP;
	else if (!strcmp(text, "SCTP"))
		*protocol = IPPROTO_SCTP;
	else
		return field_bad_text(d, field, "is not TCP, UDP or SCTP");
	return 0;
}

/* Letters are small; hyphens and, in a subdomain, dots stand inside only. */
static bool is_dns_name(const char *name, size_t max, const char *inside)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t len = strlen(name);
	char last = '.';

	if (!len || len > max || !strchr(letters, name[len - 1]))
		return false;
	for (; *name; last = *name++) {
		if (strchr(letters, *name))
			continue;
		if (!strchr(inside, *name) || last == '.' ||
		    (*name == '.' && last == '-'))
			return false;
	}
	return true;
}

/**
 * decode_dns_label() - read a name of small letters, digits and hyphens
 * @d: the decoder
 * @field: the field
 * @name: where to store it; keeps its value where there is no such field, or
 *	an empty one
 */
int decode_dns_label(struct decoder *d, const struct field *field,
		     const char **name)
{
	const char *text = "";
	int err = field_get_text(d, field, &text);

	if (err || !*text)
		return err;
	err = field_get_copy(d, field, name);
	if (!err && !is_dns_name(*name, DECODE_LABEL_MAX, "-"))
		return field_bad_text(d, field, "is not a DNS label");
	return err;
}

/* RFC 3339, of which the API writes 2006-01-02T15:04:05Z. */
static bool parse_time(const char *text, int64_t *seconds)
{
	struct tm tm = { 0 };
	int hours, minutes, end = 0;

	text = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!text)
		return false;
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	*seconds = timegm(&tm);
	if (!strcmp(text, "Z"))
		return true;
	if ((*text != '+' && *text != '-') ||
	    sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &end) != 2 ||
	    text[1 + end])
		return false;
	*seconds -= (*text == '-' ? -60 : 60) * (hours * 60 + minutes);
	return true;
}

static int decode_created(struct decoder *d, const struct field *meta,
			  int64_t *created)
{
	const struct field field = field_member(meta, "creationTimestamp");
	const char *text = NULL;
	int err = field_get_text(d, &field, &text);

	*created = INT64_MAX;
	if (!err && text && !parse_time(text, created))
		return field_bad_text(d, &field, "is not a time");
	return err;
}

/**
 * decode_meta() - read what every object has
 * @d: the decoder
 * @object: the object
 * @name_max: longest name of its kind; names longer than a label have dots
 * @meta: where to store it
 */
int decode_meta(struct decoder *d, const struct field *object,
		size_t name_max, struct k8s_meta *meta)
{
	const struct field field = field_member(object, "metadata");
	const struct field name = field_member(&field, "name");
	const struct field namespace = field_member(&field, "namespace");
	const char *inside = name_max > DECODE_LABEL_MAX ? "-." : "-";
	int err;

	*meta = (struct k8s_meta) { .namespace = "default" };
	err = field.value ? field_get_object(d, &field) :
			    field_bad_type(d, &field, "an object");
	if (err)
		return err;
	err = name.value ? field_get_copy(d, &name, &meta->name) :
			   field_bad_type(d, &name, "a string");
	if (err)
		return err;
	if (!is_dns_name(meta->name, name_max, inside))
		return field_bad_text(d, &name, "is not a DNS name");
	err = decode_dns_label(d, &namespace, &meta->namespace);
	return err ?: decode_created(d, &field, &meta->created);
}

/** decode_label() - read the value of an object's label, if it has that */
int decode_label(struct decoder *d, const struct field *object,
		 const char *key, const char **value)
{
	const struct field meta = field_member(object, "metadata");
	const struct field all = field_member(&meta, "labels");
	const struct field one = field_member(&all, key);

	return field_get_object(d, &all) ?: field_get_copy(d, &one, value);
}

/**
 * decode_annotations() - read an object's annotations under a prefix
 * @d: the decoder
 * @object: the object
 * @prefix: the prefix
 * @list: where to store them
 * @n: where to store how many
 */
int decode_annotations(struct decoder *d, const struct field *object,
		       const char *prefix, struct k8s_annotation **list,
		       size_t *n)
{
	const struct field meta = field_member(object, "metadata");
	const struct field all = field_member(&meta, "annotations");
	int err = field_get_object(d, &all);
	const char *key;
	json_t *value;

	if (err)
		return err;
	*list = arena_array(d->arena, json_object_size(all.value),
			    sizeof(**list));
	json_object_foreach((json_t *)all.value, key, value) {
		const struct field one = field_member(&all, key);

		if (strncmp(key, prefix, strlen(prefix)) || !one.value)
			continue;
		(*list)[*n].key = arena_strdup(d->arena,
					       key + strlen(prefix));
		err = field_get_copy(d, &one, &(*list)[(*n)++].value);
		if (err)
			return err;
	}
	return 0;
}

/** decode_address() - read an address, any */
int decode_address(struct decoder *d, const struct field *field,
		   struct ip *ip)
{
	const char *text = "";
	int err = field_need_text(d, field, &text);

	if (!err && !ip_parse(text, ip))
		return field_bad_text(d, field, "is not an address");
	return err;
}

/** decode_plain_address() - read an address that an API server would take */
int decode_plain_address(struct decoder *d, const struct field *field,
			 struct ip *ip)
{
	int err = decode_address(d, field, ip);
	const char *complaint = err ? NULL : ip_special(ip);

	return complaint ? field_bad_text(d, field, complaint) : err;
}

/**
 * decode_cidrs() - read a list of ranges of addresses
 * @d: the decoder
 * @list: the field
 * @cidrs: where to store them
 * @n: where to store how many
 */
int decode_cidrs(struct decoder *d, const struct field *list,
		 struct vsb_cidr **cidrs, size_t *n)
{
	int err = field_get_list(d, list, n);

	if (err)
		return err;
	*cidrs = arena_array(d->arena, *n, sizeof(**cidrs));
	for (size_t i = 0; i < *n; i++) {
		const struct field field = field_element(list, i);
		const char *text = "";

		err = field_need_text(d, &field, &text);
		if (err)
			return err;
		if (!ip_parse_cidr(text, &(*cidrs)[i]))
			return field_bad_text(d, &field,
					      "is not a CIDR such as 192.0.2.0/24");
	}
	return 0;
}
