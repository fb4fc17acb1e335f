/* SPDX-License-Identifier: GPL-2.0 */
/* From JSON values to the objects of k8s.h. */
#ifndef VSBD_DECODE_H
#define VSBD_DECODE_H

#include <jansson.h>

#include "k8s/field.h"
#include "k8s/k8s.h"

int decode_object(const json_t *json, struct k8s_list *list,
		  struct field_error *error);

#endif /* VSBD_DECODE_H */
