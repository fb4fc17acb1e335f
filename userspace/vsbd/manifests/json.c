// SPDX-License-Identifier: GPL-2.0
/* Owns JSON texts: one value after another, and the lines of their fields. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "k8s/path.h"
#include "manifests/format.h"

/**
 * struct cursor - a place in a JSON text
 * @at: the place
 * @end: end of the text
 * @line: number of the line that @at is in
 * @values: how many values have been passed, or some more
 */
struct cursor {
	const char *at;
	const char *end;
	unsigned int line;
	size_t values;
};

static void skip_blanks(struct cursor *cursor)
{
	for (; cursor->at < cursor->end; cursor->at++) {
		if (!memchr(" \t\r\n", *cursor->at, 4))
			return;
		cursor->line += *cursor->at == '\n';
	}
}

/* The next byte after blanks, or 0 at the end. */
static char peek(struct cursor *cursor)
{
	skip_blanks(cursor);
	return cursor->at < cursor->end ? *cursor->at : '\0';
}

/* The end of a string is the first quotation mark that is not escaped. */
static void skip_string(struct cursor *cursor)
{
	cursor->at++;
	while (cursor->at < cursor->end && *cursor->at != '"')
		cursor->at += *cursor->at == '\\' ? 2 : 1;
	cursor->at = cursor->at < cursor->end ? cursor->at + 1 : cursor->end;
}

/* A value, or a bracket, comma or colon. */
static void skip_token(struct cursor *cursor)
{
	char first = peek(cursor);

	if (!first)
		return;
	if (first == '"') {
		skip_string(cursor);
		return;
	}
	cursor->at++;
	cursor->values += first == '[' || first == '{' || first == ',';
	if (memchr("[]{},:", first, 6))
		return;
	while (cursor->at < cursor->end &&
	       !memchr("[]{},: \t\r\n", *cursor->at, 10))
		cursor->at++;
}

static void skip_value(struct cursor *cursor)
{
	size_t depth = 0;
	char first;

	do {
		first = peek(cursor);
		depth += first == '{' || first == '[';
		depth -= first == '}' || first == ']';
		skip_token(cursor);
	} while (depth && first);
}

/* Keys that are written with escapes are not found. */
static bool is_key(const struct cursor *cursor, const struct path_step *step)
{
	return (size_t)(cursor->end - cursor->at) > step->len + 1 &&
	       !memcmp(cursor->at + 1, step->name, step->len) &&
	       cursor->at[step->len + 1] == '"';
}

/* From a value to the value one step below it. */
static bool descend(struct cursor *cursor, const struct path_step *step,
		    unsigned int *line)
{
	char first = peek(cursor);
	bool object = first == '{';
	size_t index = 0;
	bool found;

	if (!object && first != '[')
		return false;
	skip_token(cursor);
	for (first = peek(cursor); first && first != '}' && first != ']';
	     first = peek(cursor)) {
		found = object ? is_key(cursor, step) :
				 step->is_index && index++ == step->index;
		if (found)
			*line = cursor->line;
		if (object) {
			skip_token(cursor);
			peek(cursor);
			skip_token(cursor);
		}
		if (found)
			return true;
		skip_value(cursor);
		if (peek(cursor) == ',')
			skip_token(cursor);
	}
	return false;
}

static unsigned int json_line(const char *text, size_t len,
			      unsigned int document, const char *path)
{
	struct cursor cursor = { .at = text, .end = text + len, .line = 1 };
	struct path_step step;
	unsigned int line;

	while (--document)
		skip_value(&cursor);
	peek(&cursor);
	line = cursor.line;
	while ((path = path_next(path, &step)))
		if (!descend(&cursor, &step, &line))
			break;
	return line;
}

static int fail(struct format_error *error, unsigned int document,
		unsigned int line, const char *text)
{
	error->document = document;
	error->line = line;
	snprintf(error->text, sizeof(error->text), "%s", text);
	return -EBADMSG;
}

/* Parses the value at the cursor, and goes behind it. */
static int parse(struct cursor *cursor, unsigned int document, json_t **value,
		 struct format_error *error)
{
	struct cursor ahead = *cursor;
	json_error_t syntax;

	ahead.values = 0;
	skip_value(&ahead);
	if (ahead.values > FORMAT_VALUES_MAX)
		return fail(error, document, cursor->line,
			    "a document of too many values");
	*value = json_loadb(cursor->at, (size_t)(cursor->end - cursor->at),
			    JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES,
			    &syntax);
	if (!*value)
		return fail(error, document,
			    cursor->line + (unsigned int)syntax.line - 1,
			    syntax.text);
	*cursor = ahead;
	return 0;
}

static int json_each(const char *text, size_t len, format_each_fn each,
		     void *arg, struct format_error *error)
{
	struct cursor cursor = { .at = text, .end = text + len, .line = 1 };
	unsigned int document = 0;
	int err = 0;

	/* As a crash leaves them behind. */
	if (memchr(text, '\0', len))
		return fail(error, 1, 1, "there are bytes of zero");
	while (!err && peek(&cursor)) {
		json_auto_t *value = NULL;

		err = parse(&cursor, ++document, &value, error) ?:
		      each(value, document, arg);
	}
	return err;
}

const struct format json_format = {
	.each = json_each,
	.line = json_line,
};
