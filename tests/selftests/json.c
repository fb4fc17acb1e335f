// SPDX-License-Identifier: GPL-2.0
/* Prints values of the JSON on standard input, in one line with blanks between
 * them: json PATH...
 *
 * A path is made of keys with slashes between them. In an array each element
 * is gone into, or with KEY=VALUE those that have that value:
 * "backends/address=10.0.0.1/weight".
 */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(const json_t *value)
{
	static int printed;
	char *text;

	if (printed++)
		putchar(' ');
	if (json_is_string(value)) {
		fputs(json_string_value(value), stdout);
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	fputs(text ? text : "nothing", stdout);
	free(text);
}

static int has(const json_t *object, const char *name, const char *value)
{
	const json_t *member = json_object_get(object, name);

	return json_is_string(member) &&
	       !strcmp(json_string_value(member), value);
}

static void walk(const json_t *from, const char *path)
{
	size_t len = path ? strcspn(path, "/") : 0, i;
	const char *rest = path && path[len] ? path + len + 1 : NULL;
	const json_t *element;
	char name[256], *value;

	if (!path) {
		print(from);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)len, path);
	value = strchr(name, '=');
	if (value)
		*value++ = '\0';
	if (!json_is_array(from)) {
		walk(json_object_get(from, name), rest);
		return;
	}
	json_array_foreach(from, i, element) {
		if (!value)
			walk(element, path);
		else if (has(element, name, value))
			walk(element, rest);
	}
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *root = json_loadf(stdin, 0, &error);
	int i;

	if (!root) {
		fprintf(stderr, "json: line %d: %s\n", error.line, error.text);
		return 1;
	}
	for (i = 1; i < argc; i++)
		walk(root, argv[i]);
	putchar('\n');
	json_decref(root);
	return 0;
}
