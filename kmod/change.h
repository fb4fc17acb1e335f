/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_CHANGE_H
#define VSB_CHANGE_H

#include <linux/types.h>

struct vsb_stage;

int vsb_change_stage(struct vsb_stage *stage, u8 cmd, const void *attrs,
		     int len);

#endif /* VSB_CHANGE_H */
