// SPDX-License-Identifier: GPL-2.0
/* Owns how fields are taken out of JSON values, and what is wrong with them. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "k8s/field.h"

#define QUOTED_MAX	80	/* bytes of a value that a message shows */

static const json_t *not_null(const json_t *value)
{
	return json_is_null(value) ? NULL : value;
}

/** field_member() - a field's member of a name */
struct field field_member(const struct field *parent, const char *key)
{
	return (struct field) {
		.parent = parent,
		.key = key,
		.value = not_null(json_object_get(parent->value, key)),
	};
}

/** field_element() - a field's element at a place */
struct field field_element(const struct field *parent, size_t index)
{
	return (struct field) {
		.parent = parent,
		.index = index,
		.value = not_null(json_array_get(parent->value, index)),
	};
}

static void print_path(const struct field *field, char path[PATH_TEXT_MAX])
{
	if (!field->parent) {
		path[0] = '\0';
		return;
	}
	print_path(field->parent, path);
	if (field->key)
		path_add_member(path, field->key);
	else
		path_add_index(path, field->index);
}

/**
 * field_bad() - say what is wrong with a field
 * @d: where to
 * @field: the field
 * @format: as printf's
 *
 * Return: -EINVAL.
 */
int field_bad(struct decoder *d, const struct field *field,
	      const char *format, ...)
{
	va_list args;

	print_path(field, d->error->path);
	va_start(args, format);
	vsnprintf(d->error->text, sizeof(d->error->text), format, args);
	va_end(args);
	return -EINVAL;
}

/** field_bad_text() - say what is wrong with a string, showing it */
int field_bad_text(struct decoder *d, const struct field *field,
		   const char *complaint)
{
	return field_bad(d, field, "\"%.*s\" %s", QUOTED_MAX,
			 json_string_value(field->value), complaint);
}

/** field_bad_type() - say what a field, which may be missing, is not */
int field_bad_type(struct decoder *d, const struct field *field,
		   const char *wanted)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object",
		[JSON_ARRAY] = "a list",
		[JSON_STRING] = "a string",
		[JSON_INTEGER] = "a number",
		[JSON_REAL] = "a fraction",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};

	if (!field->value)
		return field_bad(d, field, "is missing");
	return field_bad(d, field, "is %s, not %s",
			 names[json_typeof(field->value)], wanted);
}

/** field_get_object() - check that a field, if there is one, is an object */
int field_get_object(struct decoder *d, const struct field *field)
{
	if (field->value && !json_is_object(field->value))
		return field_bad_type(d, field, "an object");
	return 0;
}

/** field_get_list() - get the length of a list, 0 where there is none */
int field_get_list(struct decoder *d, const struct field *field, size_t *n)
{
	if (field->value && !json_is_array(field->value))
		return field_bad_type(d, field, "a list");
	*n = json_array_size(field->value);
	return 0;
}

/** field_get_text() - get a string that lives as long as the JSON value */
int field_get_text(struct decoder *d, const struct field *field,
		   const char **text)
{
	if (!field->value)
		return 0;
	if (!json_is_string(field->value))
		return field_bad_type(d, field, "a string");
	*text = json_string_value(field->value);
	return 0;
}

/** field_get_word() - the same, where an empty string counts as no field */
int field_get_word(struct decoder *d, const struct field *field,
		   const char **text)
{
	const char *word = "";
	int err = field_get_text(d, field, &word);

	if (!err && *word)
		*text = word;
	return err;
}

/** field_need_text() - get a string, of a field that must be there */
int field_need_text(struct decoder *d, const struct field *field,
		    const char **text)
{
	return field->value ? field_get_text(d, field, text) :
			      field_bad_type(d, field, "a string");
}

/** field_get_copy() - get a string that lives as long as the arena */
int field_get_copy(struct decoder *d, const struct field *field,
		   const char **copy)
{
	const char *text = NULL;
	int err = field_get_text(d, field, &text);

	if (!err && text)
		*copy = arena_strdup(d->arena, text);
	return err;
}

/** field_get_flag() - get true or false */
int field_get_flag(struct decoder *d, const struct field *field, bool *flag)
{
	if (!field->value)
		return 0;
	if (!json_is_boolean(field->value))
		return field_bad_type(d, field, "true or false");
	*flag = json_is_true(field->value);
	return 0;
}

/**
 * field_get_range() - get a whole number
 * @d: the decoder
 * @field: the field
 * @lowest: that it may be
 * @highest: likewise
 * @number: where to store it
 */
int field_get_range(struct decoder *d, const struct field *field,
		    uint32_t lowest, uint32_t highest, uint32_t *number)
{
	json_int_t value;

	if (!field->value)
		return 0;
	if (!json_is_integer(field->value))
		return field_bad_type(d, field, "a whole number");
	value = json_integer_value(field->value);
	if (value < lowest || value > highest)
		return field_bad(d, field,
				 "%" JSON_INTEGER_FORMAT " is not %u to %u",
				 value, lowest, highest);
	*number = (uint32_t)value;
	return 0;
}

/**
 * field_get_port() - get a port
 * @d: the decoder
 * @field: the field
 * @lowest: that it may be
 * @port: where to store it
 */
int field_get_port(struct decoder *d, const struct field *field,
		   uint16_t lowest, uint16_t *port)
{
	uint32_t number = *port;
	int err = field_get_range(d, field, lowest, UINT16_MAX, &number);

	*port = (uint16_t)number;
	return err;
}
