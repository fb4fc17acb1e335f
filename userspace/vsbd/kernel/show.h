/* SPDX-License-Identifier: GPL-2.0 */
/* Changes in words. */
#ifndef VSBD_SHOW_H
#define VSBD_SHOW_H

#include <stdio.h>

#include "base/ip.h"
#include "kernel/diff.h"

#define SHOW_KEY_MAX	(IP_TEXT_MAX + 8)
#define SHOW_NAME_MAX	640	/* two names of 255 bytes, and an address */

const char *show_key(const struct service *service, char text[SHOW_KEY_MAX]);
const char *show_set(unsigned int set);
const char *show_name(const struct change *change, char text[SHOW_NAME_MAX]);
void show_diff(const struct diff *diff, FILE *out);

#endif /* VSBD_SHOW_H */
