/* SPDX-License-Identifier: GPL-2.0 */
/* Why a Service's part of the state is as it is. */
#ifndef VSBD_EXPLAIN_H
#define VSBD_EXPLAIN_H

#include <stdio.h>

#include "model/part.h"

void explain_part(const struct part *part,
		  const struct surroundings *around, FILE *out);

#endif /* VSBD_EXPLAIN_H */
