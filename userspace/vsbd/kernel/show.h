/* SPDX-License-Identifier: GPL-2.0 */
/* Changes in words. */
#ifndef VSBD_SHOW_H
#define VSBD_SHOW_H

#include <stdio.h>

#include "kernel/diff.h"

#define SHOW_NAME_MAX 640	/* two names of 255 bytes, and an address */

const char *show_name(const struct change *change, char text[SHOW_NAME_MAX]);
void show_diff(const struct diff *diff, FILE *out);

#endif /* VSBD_SHOW_H */
