/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_CHANGE_H
#define VSB_CHANGE_H

#include <linux/types.h>

struct nlattr;
struct vsb_service_args;
struct vsb_stage;

/* Whose objects are meant where nobody is named. */
#define VSB_DEFAULT_OWNER	"admin"

int vsb_change_key(struct vsb_stage *stage, struct nlattr **tb,
		   struct vsb_service_args *args);

int vsb_change_stage(struct vsb_stage *stage, u8 cmd, const void *attrs,
		     int len);

#endif /* VSB_CHANGE_H */
