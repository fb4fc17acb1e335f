// SPDX-License-Identifier: GPL-2.0
/* Owns what annotations may say, and that a bad one is ignored whole. */

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "base/memory.h"
#include "model/annotations.h"

#define BLANKS " \t\r\n"

static const char *const schedulers[] = {
	"rr", "wrr", "random", "lc", "wlc", "p2c", "sh", "dh", "mh", "sed",
	"nq", "fo", "ovf",
};

/** struct word - a part of a list that commas separate, blanks around it cut */
struct word {
	const char *text;
	int len;
};

/* Returns whether there is one more. */
static bool next_word(const char **list, struct word *word)
{
	const char *text = *list, *end;

	if (!text)
		return false;
	text += strspn(text, BLANKS);
	end = text + strcspn(text, ",");
	*list = *end ? end + 1 : NULL;
	while (end > text && strchr(BLANKS, end[-1]))
		end--;
	*word = (struct word) { text, (int)(end - text) };
	return true;
}

static bool is_word(const struct word *word, const char *text)
{
	return strlen(text) == (size_t)word->len &&
	       !memcmp(text, word->text, (size_t)word->len);
}

static void complain(struct problems *problems, const struct k8s_object *object,
		     const char *key, const struct word *word,
		     const char *complaint)
{
	problems_add(problems, LOG_WARNING,
		     "Service %s/%s: metadata.annotations[vsb/%s] is ignored: \"%.*s\" %s",
		     K8S_NAMES(object), key, word->len > 80 ? 80 : word->len,
		     word->text, complaint);
}

static void read_scheduler(struct annotations *to,
			   const struct k8s_object *object,
			   struct problems *problems)
{
	const char *list = object->service.scheduler;
	struct word word;

	if (!next_word(&list, &word))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(schedulers) && !list; i++) {
		if (is_word(&word, schedulers[i])) {
			to->scheduler = schedulers[i];
			return;
		}
	}
	complain(problems, object, "scheduler", &word,
		 "is not one of vsb's schedulers");
}

static void read_flags(struct annotations *to, const struct k8s_object *object,
		       struct problems *problems)
{
	const char *list = object->service.flags;
	struct annotations flags = { 0 };
	struct word word;

	while (next_word(&list, &word)) {
		if (is_word(&word, "reject-elsewhere")) {
			flags.reject_elsewhere = true;
		} else if (is_word(&word, "strict-source-ranges")) {
			flags.strict_source_ranges = true;
		} else {
			complain(problems, object, "flags", &word,
				 "is not reject-elsewhere or strict-source-ranges");
			return;
		}
	}
	to->reject_elsewhere = flags.reject_elsewhere;
	to->strict_source_ranges = flags.strict_source_ranges;
}

static int by_address(const void *a, const void *b)
{
	const struct weight *left = a, *right = b;

	return (left->ip.family - right->ip.family) ?:
	       ip_compare(&left->ip.addr, &right->ip.addr);
}

static bool parse_weight(const struct word *word, struct weight *weight)
{
	char text[INET6_ADDRSTRLEN + 1];
	int len = 0, end = 0;
	unsigned int number;

	while (len < word->len && word->text[len] != '=')
		len++;
	if (len == word->len || len >= (int)sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", len, word->text);
	if (!ip_parse(text, &weight->ip))
		return false;
	snprintf(text, sizeof(text), "%.*s", word->len - len - 1,
		 word->text + len + 1);
	if (*text < '0' || *text > '9' ||
	    sscanf(text, "%5u%n", &number, &end) != 1 || text[end] ||
	    number > VSB_WEIGHT_MAX)
		return false;
	weight->weight = (uint16_t)number;
	return true;
}

static void read_weights(struct annotations *to,
			 const struct k8s_object *object,
			 struct problems *problems)
{
	const char *list = object->service.weights;
	struct weight weight;
	struct word word;
	size_t room = 0;

	while (next_word(&list, &word)) {
		if (!parse_weight(&word, &weight)) {
			complain(problems, object, "weights", &word,
				 "is not ADDRESS=WEIGHT with a weight of 0 to 65535");
			to->n_weights = 0;
			return;
		}
		to->weights = mem_grow(to->weights, to->n_weights, &room,
				       sizeof(weight));
		to->weights[to->n_weights++] = weight;
	}
	if (to->n_weights)
		qsort(to->weights, to->n_weights, sizeof(weight), by_address);
}

/**
 * annotations_read() - read a Service's annotations
 * @annotations: where to store them, to be freed by annotations_free()
 * @object: the Service
 * @problems: where to put what is wrong with them
 *
 * Weights without a scheduler mean one that heeds them.
 */
void annotations_read(struct annotations *annotations,
		      const struct k8s_object *object,
		      struct problems *problems)
{
	*annotations = (struct annotations) { 0 };
	read_scheduler(annotations, object, problems);
	read_flags(annotations, object, problems);
	read_weights(annotations, object, problems);
	if (!annotations->scheduler)
		annotations->scheduler = annotations->n_weights ? "wrr" : "rr";
}

/** annotations_weight() - the weight of endpoints at an address */
uint16_t annotations_weight(const struct annotations *annotations,
			    const struct ip *ip)
{
	const struct weight key = { .ip = *ip }, *found = NULL;

	if (annotations->n_weights)
		found = bsearch(&key, annotations->weights,
				annotations->n_weights, sizeof(key),
				by_address);
	return found ? found->weight : 1;
}

void annotations_free(struct annotations *annotations)
{
	free(annotations->weights);
}
