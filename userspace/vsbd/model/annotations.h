/* SPDX-License-Identifier: GPL-2.0 */
/* What a Service's annotations under the prefix "vsb/" ask for. */
#ifndef VSBD_ANNOTATIONS_H
#define VSBD_ANNOTATIONS_H

#include "base/ip.h"
#include "base/problems.h"
#include "k8s/k8s.h"

/**
 * struct weight - weight of the endpoints at an address
 * @ip: the address
 * @weight: 0 to VSB_WEIGHT_MAX
 */
struct weight {
	struct ip ip;
	uint16_t weight;
};

/**
 * struct annotations - what they ask for, or what is so by default
 * @scheduler: name of the scheduler
 * @chosen: whether an annotation names it
 * @sched_flags: mask of VSB_SCHED_FLAG_*
 * @reject_elsewhere: refuse, not drop, where endpoints are elsewhere only
 * @strict_source_ranges: source ranges of one family close the other
 * @weights: sorted by address
 * @n_weights: how many
 */
struct annotations {
	const char *scheduler;
	bool chosen;
	uint32_t sched_flags;
	bool reject_elsewhere;
	bool strict_source_ranges;
	struct weight *weights;
	size_t n_weights;
};

void annotations_read(struct annotations *annotations,
		      const struct k8s_object *object,
		      struct problems *problems);
uint16_t annotations_weight(const struct annotations *annotations,
			    const struct ip *ip);
void annotations_free(struct annotations *annotations);

#endif /* VSBD_ANNOTATIONS_H */
