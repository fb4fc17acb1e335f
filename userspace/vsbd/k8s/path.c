// SPDX-License-Identifier: GPL-2.0
/* Owns the notation of a field's place in an object. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "k8s/path.h"

/** path_add_member() - go down to a member; a path too long is cut short */
void path_add_member(char path[PATH_TEXT_MAX], const char *name)
{
	size_t len = strlen(path);
	bool plain = !name[strcspn(name, "./[]")];

	snprintf(path + len, PATH_TEXT_MAX - len,
		 plain ? "%s%s" : "%.0s[%s]", len ? "." : "", name);
}

/** path_add_index() - go down to an element of a list */
void path_add_index(char path[PATH_TEXT_MAX], size_t index)
{
	size_t len = strlen(path);

	snprintf(path + len, PATH_TEXT_MAX - len, "[%zu]", index);
}

/**
 * path_next() - take the first step off a path
 * @path: the path
 * @step: where to store the step
 *
 * Return: the rest of the path, or NULL where @path is empty.
 */
const char *path_next(const char *path, struct path_step *step)
{
	bool bracket = *path == '[';

	if (!*path)
		return NULL;
	if (bracket || *path == '.')
		path++;
	step->name = path;
	step->len = strcspn(path, bracket ? "]" : ".[");
	step->is_index = bracket && isdigit((unsigned char)*path);
	step->index = step->is_index ? strtoul(path, NULL, 10) : 0;
	path += step->len;
	return bracket && *path ? path + 1 : path;
}
