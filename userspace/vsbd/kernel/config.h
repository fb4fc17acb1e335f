/* SPDX-License-Identifier: GPL-2.0 */
/* The settings of the network namespace: as they are to be, and as they are. */
#ifndef VSBD_CONFIG_H
#define VSBD_CONFIG_H

#include <stdbool.h>
#include <stdio.h>

#include <vsb/client.h>

void config_default(struct vsb_config *config);
bool config_differs(const struct vsb_config *desired,
		    const struct vsb_config *actual);
void config_show(const struct vsb_config *desired,
		 const struct vsb_config *actual, const char *prefix,
		 FILE *out);

#endif /* VSBD_CONFIG_H */
