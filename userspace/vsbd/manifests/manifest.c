// SPDX-License-Identifier: GPL-2.0
/* Owns how a file's text becomes objects, or one sentence on what is wrong. */

#include <errno.h>
#include <string.h>

#include "k8s/decode.h"
#include "manifests/format.h"
#include "manifests/manifest.h"

/**
 * struct reading - a file that is being read
 * @name: its name
 * @list: what it holds
 * @error: what is wrong with an object
 * @document: number of the document where the reading stopped
 */
struct reading {
	const char *name;
	struct k8s_list *list;
	struct field_error error;
	unsigned int document;
};

static const struct format *format_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (!dot)
		return NULL;
	if (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml"))
		return &yaml_format;
	return strcmp(dot, ".json") ? NULL : &json_format;
}

/** manifest_is_one() - whether a file of this name is to be read */
bool manifest_is_one(const char *name)
{
	return format_of(name);
}

static int read_document(const json_t *value, unsigned int document, void *arg)
{
	struct reading *reading = arg;
	struct k8s_list *list = reading->list;
	size_t i = list->n;
	int err;

	reading->document = document;
	err = decode_object(value, list, &reading->error);
	for (; i < list->n; i++)
		list->list[i]->meta.source =
			arena_printf(&list->list[i]->arena, "%s: document %u",
				     reading->name, document);
	return err;
}

static bool is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!memchr(" \t\r\n", text[i], 4))
			return false;
	return true;
}

static char *explain(const char *name, const char *text, size_t len,
		     const struct format *format,
		     const struct reading *reading)
{
	const struct field_error *error = &reading->error;
	unsigned int line;

	line = format->line(text, len, reading->document, error->path);
	return mem_printf("%s: document %u, line %u: %s%s%s", name,
			  reading->document, line, error->path,
			  *error->path ? ": " : "", error->text);
}

/**
 * manifest_read() - read the objects out of a file's text
 * @name: name of the file, ending in .yaml, .yml or .json
 * @text: the text
 * @len: its length in bytes
 * @list: an empty list, filled
 * @error: where to store the sentence that says what is wrong, to be freed
 *
 * A file of comments has no objects. An empty one is an error: that is how a
 * file looks that somebody is about to write, or that a crash left behind.
 *
 * Return: 0, or a negative errno value; then @list is empty.
 */
int manifest_read(const char *name, const char *text, size_t len,
		  struct k8s_list *list, char **error)
{
	const struct format *format = format_of(name);
	struct reading reading = { .name = name, .list = list };
	struct format_error syntax;
	int err;

	*error = NULL;
	if (is_blank(text, len)) {
		*error = mem_printf("%s: is empty", name);
		return -ENODATA;
	}
	err = format->each(text, len, read_document, &reading, &syntax);
	if (!err)
		return 0;
	if (err == -EBADMSG)
		*error = mem_printf("%s: document %u, line %u: %s", name,
				    syntax.document, syntax.line, syntax.text);
	else
		*error = explain(name, text, len, format, &reading);
	k8s_list_free(list);
	return err;
}
