// SPDX-License-Identifier: GPL-2.0
/* Owns YAML: documents as JSON values, by YAML's core schema. */

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/memory.h"
#include "k8s/path.h"
#include "manifests/format.h"

#define DEPTH_MAX 64

/**
 * struct reader - a document being read
 * @parser: the parser
 * @error: where to store what is wrong
 * @anchors: values by the name of their anchor
 * @sizes: the number of nodes in each, by the same name
 * @nodes: number of nodes so far; those of an alias as often as it is used,
 *	for a few lines of aliases can mean gigabytes to who walks the result
 */
struct reader {
	yaml_parser_t *parser;
	struct format_error *error;
	json_t *anchors;
	json_t *sizes;
	size_t nodes;
};

static unsigned int line_of(const yaml_event_t *event)
{
	return (unsigned int)event->start_mark.line + 1;
}

static json_t *__attribute__((format(printf, 3, 4)))
fail(struct reader *reader, unsigned int line, const char *format, ...)
{
	struct format_error *error = reader->error;
	va_list args;

	/* The innermost complaint is the one to show. */
	if (error->text[0])
		return NULL;
	error->line = line;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return NULL;
}

static unsigned int line_at(const char *text, size_t offset)
{
	unsigned int line = 1;

	while (offset--)
		line += *text++ == '\n';
	return line;
}

static void fail_parse(struct reader *reader)
{
	const yaml_parser_t *parser = reader->parser;
	const char *context = parser->context ?: "";

	if (parser->error == YAML_READER_ERROR)
		fail(reader, line_at((const char *)parser->input.string.start,
				     parser->problem_offset),
		     "%s", parser->problem);
	else
		fail(reader, (unsigned int)parser->problem_mark.line + 1,
		     "%s%s%s", parser->problem ?: "out of memory",
		     *context ? " " : "", context);
}

static bool next(struct reader *reader, yaml_event_t *event)
{
	if (yaml_parser_parse(reader->parser, event))
		return true;
	fail_parse(reader);
	return false;
}

/* 0080 is a string: some read it as 80, others as octal. */
static bool is_integer(const char *text)
{
	text += *text == '-' || *text == '+';
	if (*text == '0')
		return !text[1];
	return *text && !text[strspn(text, "0123456789")];
}

static bool is_fraction(const char *text)
{
	text += *text == '-' || *text == '+';
	if (*text == '0' && strspn(text, "0123456789") > 1)
		return false;
	return strpbrk(text, "0123456789") == text + (*text == '.') &&
	       !text[strspn(text, "0123456789.eE+-")];
}

static json_t *plain_number(const char *text)
{
	long long integer;
	double fraction;
	char *end;

	errno = 0;
	if (is_integer(text)) {
		integer = strtoll(text, NULL, 10);
		if (!errno)
			return json_integer(integer);
	} else if (text[0] == '0' && (text[1] == 'x' || text[1] == 'o')) {
		integer = strtoll(text + 2, &end, text[1] == 'x' ? 16 : 8);
		return *end || end == text + 2 || errno ? NULL :
							  json_integer(integer);
	}
	if (!is_fraction(text))
		return NULL;
	fraction = strtod(text, &end);
	return *end || !isfinite(fraction) ? NULL : json_real(fraction);
}

static bool is_one_of(const char *text, const char *const words[])
{
	for (; *words; words++)
		if (!strcmp(text, *words))
			return true;
	return false;
}

/* NULL where it is a string. */
static json_t *plain_value(const char *text)
{
	static const char *const nulls[] = {
		"", "~", "null", "Null", "NULL", NULL
	};
	static const char *const trues[] = { "true", "True", "TRUE", NULL };
	static const char *const falses[] = { "false", "False", "FALSE", NULL };

	if (is_one_of(text, nulls))
		return json_null();
	if (is_one_of(text, trues))
		return json_true();
	if (is_one_of(text, falses))
		return json_false();
	return plain_number(text);
}

static bool is_plain(const yaml_event_t *event)
{
	const char *tag = (const char *)event->data.scalar.tag;

	if (tag)
		return strcmp(tag, YAML_STR_TAG) && strcmp(tag, "!");
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static json_t *read_scalar(struct reader *reader, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	json_t *value = NULL;

	if (strlen(text) != event->data.scalar.length)
		return fail(reader, line_of(event), "holds a zero byte");
	if (is_plain(event))
		value = plain_value(text);
	return value ?: json_string(text) ?:
	       fail(reader, line_of(event), "is not UTF-8");
}

static json_t *read_alias(struct reader *reader, const yaml_event_t *event)
{
	const char *anchor = (const char *)event->data.alias.anchor;
	json_t *value = json_object_get(reader->anchors, anchor);

	if (!value)
		return fail(reader, line_of(event), "unknown alias %s", anchor);
	reader->nodes += (size_t)json_integer_value(
		json_object_get(reader->sizes, anchor));
	return json_incref(value);
}

static json_t *read_node(struct reader *reader, const yaml_event_t *event,
			 unsigned int depth);

static json_t *read_sequence(struct reader *reader, unsigned int depth)
{
	json_auto_t *list = json_array();
	json_t *value;

	for (;;) {
		cleanup_by(yaml_event_delete) yaml_event_t event = { 0 };

		if (!next(reader, &event))
			return NULL;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			return json_incref(list);
		value = read_node(reader, &event, depth + 1);
		if (!value || json_array_append_new(list, value))
			return NULL;
	}
}

/* "<<: *other": members of other mappings, where there are none of the name. */
static json_t *merge(struct reader *reader, unsigned int line, json_t *object,
		     json_t *source)
{
	json_t *each;
	size_t i;

	if (json_is_object(source)) {
		json_object_update_missing(object, source);
		return object;
	}
	if (!json_is_array(source))
		return fail(reader, line, "<<: is not a mapping");
	json_array_foreach(source, i, each) {
		if (!json_is_object(each))
			return fail(reader, line, "<<: is not a mapping");
		json_object_update_missing(object, each);
	}
	return object;
}

static bool is_merge(const yaml_event_t *key)
{
	return key->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       !strcmp((const char *)key->data.scalar.value, "<<");
}

static bool check_key(struct reader *reader, const yaml_event_t *event,
		      const json_t *object)
{
	const char *key = (const char *)event->data.scalar.value;

	if (event->type != YAML_SCALAR_EVENT)
		fail(reader, line_of(event), "a key that is not a string");
	else if (strlen(key) != event->data.scalar.length)
		fail(reader, line_of(event), "a key that holds a zero byte");
	else if (json_object_get(object, key))
		fail(reader, line_of(event), "a second %s in one mapping", key);
	else
		return true;
	return false;
}

static json_t *read_value(struct reader *reader, unsigned int depth)
{
	cleanup_by(yaml_event_delete) yaml_event_t event = { 0 };

	return next(reader, &event) ? read_node(reader, &event, depth) : NULL;
}

static json_t *read_mapping(struct reader *reader, unsigned int depth)
{
	json_auto_t *object = json_object();
	json_auto_t *merged = NULL;
	unsigned int merge_line = 0;
	json_t *value;

	for (;;) {
		cleanup_by(yaml_event_delete) yaml_event_t key = { 0 };

		if (!next(reader, &key))
			return NULL;
		if (key.type == YAML_MAPPING_END_EVENT)
			break;
		if (!check_key(reader, &key, object))
			return NULL;
		value = read_value(reader, depth + 1);
		if (!value)
			return NULL;
		if (is_merge(&key)) {
			json_decref(merged);
			merged = value;
			merge_line = line_of(&key);
		} else if (json_object_set_new(
				   object, (const char *)key.data.scalar.value,
				   value)) {
			return fail(reader, line_of(&key), "is not UTF-8");
		}
	}
	if (merged && !merge(reader, merge_line, object, merged))
		return NULL;
	return json_incref(object);
}

static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static json_t *read_content(struct reader *reader, const yaml_event_t *event,
			    unsigned int depth)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(reader, event);
	case YAML_ALIAS_EVENT:
		return read_alias(reader, event);
	case YAML_SEQUENCE_START_EVENT:
		return read_sequence(reader, depth);
	case YAML_MAPPING_START_EVENT:
		return read_mapping(reader, depth);
	default:
		return fail(reader, line_of(event), "is not YAML");
	}
}

/* An anchor is known once its node is read: no value can hold itself. */
static json_t *read_node(struct reader *reader, const yaml_event_t *event,
			 unsigned int depth)
{
	const char *anchor = (const char *)anchor_of(event);
	size_t before = reader->nodes++;
	json_t *value;

	if (depth > DEPTH_MAX)
		return fail(reader, line_of(event), "more than %u levels deep",
			    DEPTH_MAX);
	value = read_content(reader, event, depth);
	if (value && reader->nodes > FORMAT_VALUES_MAX) {
		json_decref(value);
		return fail(reader, line_of(event),
			    "a document of too many values");
	}
	if (value && anchor) {
		json_object_set(reader->anchors, anchor, value);
		json_object_set_new(reader->sizes, anchor, json_integer(
					(json_int_t)(reader->nodes - before)));
	}
	return value;
}

/* One document, whose start has been read. */
static int read_document(yaml_parser_t *parser, unsigned int document,
			 format_each_fn each, void *arg,
			 struct format_error *error)
{
	json_auto_t *anchors = json_object();
	json_auto_t *sizes = json_object();
	struct reader reader = {
		.parser = parser,
		.error = error,
		.anchors = anchors,
		.sizes = sizes,
	};
	json_auto_t *value = NULL;

	error->document = document;
	value = read_value(&reader, 0);
	if (!value)
		return -EBADMSG;
	return json_is_null(value) ? 0 : each(value, document, arg);
}

static void start(yaml_parser_t *parser, const char *text, size_t len)
{
	if (!yaml_parser_initialize(parser))
		abort();
	yaml_parser_set_input_string(parser, (const unsigned char *)text, len);
}

static int yaml_each(const char *text, size_t len, format_each_fn each,
		     void *arg, struct format_error *error)
{
	cleanup_by(yaml_parser_delete) yaml_parser_t parser = { 0 };
	struct reader reader = { .parser = &parser, .error = error };
	unsigned int document = 0;
	int err = 0;

	*error = (struct format_error) { .document = 1 };
	start(&parser, text, len);
	while (!err) {
		cleanup_by(yaml_event_delete) yaml_event_t event = { 0 };

		if (!next(&reader, &event))
			err = -EBADMSG;
		else if (event.type == YAML_STREAM_END_EVENT)
			break;
		else if (event.type == YAML_DOCUMENT_START_EVENT)
			err = read_document(&parser, ++document, each, arg,
					    error);
	}
	return err;
}

static bool opens(const yaml_event_t *event)
{
	return event->type == YAML_SEQUENCE_START_EVENT ||
	       event->type == YAML_MAPPING_START_EVENT;
}

static bool closes(const yaml_event_t *event)
{
	return event->type == YAML_SEQUENCE_END_EVENT ||
	       event->type == YAML_MAPPING_END_EVENT;
}

/* Replaces an event by the next. */
static bool advance(yaml_parser_t *parser, yaml_event_t *event)
{
	yaml_event_delete(event);
	memset(event, 0, sizeof(*event));
	return yaml_parser_parse(parser, event);
}

/* From a node's first event to the event after the node. */
static bool skip_node(yaml_parser_t *parser, yaml_event_t *event)
{
	unsigned int depth = 0;

	do {
		depth += opens(event);
		depth -= closes(event);
		if (!advance(parser, event))
			return false;
	} while (depth);
	return true;
}

static bool is_key(const yaml_event_t *event, const struct path_step *step)
{
	return event->type == YAML_SCALAR_EVENT &&
	       event->data.scalar.length == step->len &&
	       !memcmp(event->data.scalar.value, step->name, step->len);
}

/* From a node's first event to that of the node one step below it. */
static bool descend(yaml_parser_t *parser, yaml_event_t *event,
		    const struct path_step *step, unsigned int *line)
{
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	size_t index = 0;
	bool found;

	if (!opens(event) || !advance(parser, event))
		return false;
	while (!closes(event)) {
		found = mapping ? is_key(event, step) :
				  step->is_index && index++ == step->index;
		if (found) {
			*line = line_of(event);
			return mapping ? advance(parser, event) : true;
		}
		if (mapping && !skip_node(parser, event))
			return false;
		if (!skip_node(parser, event))
			return false;
	}
	return false;
}

static unsigned int yaml_line(const char *text, size_t len,
			      unsigned int document, const char *path)
{
	cleanup_by(yaml_parser_delete) yaml_parser_t parser = { 0 };
	cleanup_by(yaml_event_delete) yaml_event_t event = { 0 };
	struct path_step step;
	unsigned int line;

	start(&parser, text, len);
	while (document) {
		if (!advance(&parser, &event))
			return 1;
		document -= event.type == YAML_DOCUMENT_START_EVENT;
	}
	if (!advance(&parser, &event))
		return 1;
	line = line_of(&event);
	while ((path = path_next(path, &step)))
		if (!descend(&parser, &event, &step, &line))
			break;
	return line;
}

const struct format yaml_format = {
	.each = yaml_each,
	.line = yaml_line,
};
