/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_EXPLAIN_H
#define VSB_EXPLAIN_H

#include <net/genetlink.h>

int vsb_explain_doit(struct sk_buff *skb, struct genl_info *info);

#endif /* VSB_EXPLAIN_H */
