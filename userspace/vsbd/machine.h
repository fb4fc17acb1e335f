/* SPDX-License-Identifier: GPL-2.0 */
/* What the machine itself says of the node, and when it says otherwise. */
#ifndef VSBD_MACHINE_H
#define VSBD_MACHINE_H

#include "model/node.h"

void machine_read(struct machine *machine);
int machine_watch(void);
void machine_handle_events(int fd);

#endif /* VSBD_MACHINE_H */
