/* SPDX-License-Identifier: GPL-2.0 */
/* What is wrong at present, so that each thing is said once. */
#ifndef VSBD_PROBLEMS_H
#define VSBD_PROBLEMS_H

#include <stddef.h>

struct problem {
	int priority;
	char *text;
};

/**
 * struct problems - a collection of sentences
 * @list: the sentences
 * @n: how many
 * @room: how many @list has room for
 *
 * All zeroes is an empty collection.
 */
struct problems {
	struct problem *list;
	size_t n;
	size_t room;
};

void problems_add(struct problems *problems, int priority,
		  const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void problems_add_all(struct problems *problems, const struct problems *from);
void problems_sort(struct problems *problems);
void problems_log(struct problems *old, struct problems *now);
void problems_free(struct problems *problems);

#endif /* VSBD_PROBLEMS_H */
