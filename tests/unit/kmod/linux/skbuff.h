/* SPDX-License-Identifier: GPL-2.0 */
struct sk_buff;
