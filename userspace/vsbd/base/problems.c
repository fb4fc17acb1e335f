// SPDX-License-Identifier: GPL-2.0
/* Owns which complaints stand: a new one is logged once, and its end too. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/problems.h"

/**
 * problems_add() - add a sentence
 * @problems: to these
 * @priority: LOG_ERR where something is not applied, LOG_WARNING or
 *	LOG_NOTICE where somebody should look at it, LOG_INFO otherwise
 * @format: as printf's
 */
void problems_add(struct problems *problems, int priority,
		  const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	problems->list = mem_grow(problems->list, problems->n, &problems->room,
				  sizeof(*problems->list));
	problems->list[problems->n++] = (struct problem) {
		.priority = priority,
		.text = mem_strdup(text),
	};
}

/** problems_add_all() - add copies of other sentences */
void problems_add_all(struct problems *problems, const struct problems *from)
{
	for (size_t i = 0; i < from->n; i++)
		problems_add(problems, from->list[i].priority, "%s",
			     from->list[i].text);
}

/* The worst first. */
static int by_weight(const void *a, const void *b)
{
	const struct problem *left = a, *right = b;

	return (left->priority - right->priority) ?:
	       strcmp(left->text, right->text);
}

/** problems_sort() - sort, the worst first, and leave one of each */
void problems_sort(struct problems *problems)
{
	struct problem *list = problems->list;
	size_t kept = 0;

	if (!problems->n)
		return;
	qsort(list, problems->n, sizeof(*list), by_weight);
	for (size_t i = 1; i < problems->n; i++) {
		if (by_weight(&list[i], &list[kept]))
			list[++kept] = list[i];
		else
			free(list[i].text);
	}
	problems->n = kept + 1;
}

/**
 * problems_log() - log the difference between two collections
 * @old: what was wrong before, sorted
 * @now: what is wrong now; gets sorted
 */
void problems_log(struct problems *old, struct problems *now)
{
	size_t i = 0, j = 0;
	int order;

	problems_sort(now);
	while (i < old->n || j < now->n) {
		order = i == old->n ? 1 : j == now->n ? -1 :
			by_weight(&old->list[i], &now->list[j]);
		if (order > 0)
			log_line(now->list[j].priority, "%s",
				 now->list[j].text);
		else if (order < 0)
			log_line(LOG_INFO, "no longer: %s", old->list[i].text);
		i += order <= 0;
		j += order >= 0;
	}
}

void problems_free(struct problems *problems)
{
	for (size_t i = 0; i < problems->n; i++)
		free(problems->list[i].text);
	free(problems->list);
	*problems = (struct problems) { 0 };
}
