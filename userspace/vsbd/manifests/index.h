/* SPDX-License-Identifier: GPL-2.0 */
/* The objects of many files, of which each kind and name counts once. */
#ifndef VSBD_INDEX_H
#define VSBD_INDEX_H

#include "base/problems.h"
#include "k8s/k8s.h"

/** struct index - all objects by kind and name; all zeroes is an empty one */
struct index {
	void *names;
	struct name *touched;
	size_t n_repeated;
};

void index_add(struct index *index, const char *file,
	       const struct k8s_list *objects);
void index_remove(struct index *index, const struct k8s_list *objects);
void index_settle(struct index *index, const struct k8s_sink *sink);
void index_problems(const struct index *index, struct problems *problems);
void index_free(struct index *index);

#endif /* VSBD_INDEX_H */
