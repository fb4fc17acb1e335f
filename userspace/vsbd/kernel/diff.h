/* SPDX-License-Identifier: GPL-2.0 */
/* From one state to another: the changes, in an order that the kernel takes. */
#ifndef VSBD_DIFF_H
#define VSBD_DIFF_H

#include "kernel/state.h"

enum change_kind {
	SERVICE_DEL,
	POOL_NEW,
	POOL_SET,
	BACKENDS_DEL,
	BACKENDS_SET,
	BACKENDS_NEW,
	SERVICE_SET,
	SERVICE_NEW,
	RANGES_DEL,
	RANGES_NEW,
	POOL_DEL,
};

/**
 * struct change - one change of the kernel's state
 * @kind: what is done
 * @pool: the pool, as it is to be or, where it goes, as it is
 * @old_pool: POOL_SET: as it is
 * @service: the service, as it is to be or, where it goes, as it is; also
 *	that of RANGES_*
 * @old_service: SERVICE_SET: as it is
 * @backends: BACKENDS_*: backends of @pool
 * @old_backends: BACKENDS_SET: as they are
 * @ranges: RANGES_*: source ranges of @service
 * @n: how many backends or ranges
 */
struct change {
	enum change_kind kind;
	const struct pool *pool, *old_pool;
	const struct service *service, *old_service;
	const struct backend *backends, *old_backends;
	const struct vsb_cidr *ranges;
	size_t n;
};

/**
 * struct diff - the changes that lead from one state to another
 * @list: in order; they point into both states
 * @n: how many
 * @room: how many @list has room for
 * @arena: holds lists of backends and ranges
 */
struct diff {
	struct change *list;
	size_t n, room;
	struct arena arena;
};

void diff_add(struct diff *diff, const struct state *desired,
	      const struct state *actual);
void diff_free(struct diff *diff);

#endif /* VSBD_DIFF_H */
