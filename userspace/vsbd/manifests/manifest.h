/* SPDX-License-Identifier: GPL-2.0 */
/* From a file's text to the objects in it. */
#ifndef VSBD_MANIFEST_H
#define VSBD_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "k8s/k8s.h"

bool manifest_is_one(const char *name);
int manifest_read(const char *name, const char *text, size_t len,
		  struct k8s_list *list, char **error);

#endif /* VSBD_MANIFEST_H */
