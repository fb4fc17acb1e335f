/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The notation of a field's place in an object, "spec.ports[0].port": dots
 * before members, brackets around the index of a list's element and around
 * member names that hold a dot or a slash
 * ("metadata.labels[kubernetes.io/service-name]").
 */
#ifndef VSBD_PATH_H
#define VSBD_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define PATH_TEXT_MAX 256

/**
 * struct path_step - one step down from a value
 * @name: member of an object, @len bytes
 * @len: see @name
 * @is_index: whether the step may be into a list as well
 * @index: element of a list, where @is_index
 */
struct path_step {
	const char *name;
	size_t len;
	bool is_index;
	size_t index;
};

void path_add_member(char path[PATH_TEXT_MAX], const char *name);
void path_add_index(char path[PATH_TEXT_MAX], size_t index);
const char *path_next(const char *path, struct path_step *step);

#endif /* VSBD_PATH_H */
