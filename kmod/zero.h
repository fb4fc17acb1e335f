/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_ZERO_H
#define VSB_ZERO_H

struct genl_info;
struct sk_buff;

int vsb_zero_pool_doit(struct sk_buff *skb, struct genl_info *info);
int vsb_zero_service_doit(struct sk_buff *skb, struct genl_info *info);

#endif /* VSB_ZERO_H */
