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

/* Those of them that have flags. */
static const char *const with_flags[] = { "sh", "mh" };

/** struct word - a part of a list that commas separate, blanks around it cut */
struct word {
	const char *text;
	int len;
};

static struct word cut(const char *text, const char *end)
{
	while (text < end && strchr(BLANKS, *text))
		text++;
	while (end > text && strchr(BLANKS, end[-1]))
		end--;
	return (struct word) { text, (int)(end - text) };
}

static struct word whole(const char *value)
{
	return cut(value, value + strlen(value));
}

/* Returns whether there is one more. */
static bool next_word(const char **list, struct word *word)
{
	const char *text = *list, *end;

	if (!text)
		return false;
	end = text + strcspn(text, ",");
	*list = *end ? end + 1 : NULL;
	*word = cut(text, end);
	return true;
}

static bool is_word(const struct word *word, const char *text)
{
	return strlen(text) == (size_t)word->len &&
	       !memcmp(text, word->text, (size_t)word->len);
}

/**
 * struct reading - annotations that are being read
 * @to: gets what they ask for
 * @object: the Service
 * @problems: gets what is wrong with them
 */
struct reading {
	struct annotations *to;
	const struct k8s_object *object;
	struct problems *problems;
};

static void complain(const struct reading *reading, const char *key,
		     const struct word *word, const char *complaint)
{
	problems_add(reading->problems, LOG_WARNING,
		     "Service %s/%s: metadata.annotations[vsb/%s] is ignored: \"%.*s\" %s",
		     K8S_NAMES(reading->object), key,
		     word->len > 80 ? 80 : word->len, word->text, complaint);
}

static void read_scheduler(const struct reading *reading, const char *value)
{
	const struct word word = whole(value);

	for (size_t i = 0; i < ARRAY_SIZE(schedulers); i++) {
		if (!is_word(&word, schedulers[i]))
			continue;
		reading->to->scheduler = schedulers[i];
		reading->to->chosen = true;
		return;
	}
	complain(reading, "scheduler", &word,
		 "is not one of vsb's schedulers");
}

static void read_sched_flags(const struct reading *reading, const char *value)
{
	uint32_t flags = 0;
	struct word word;

	while (next_word(&value, &word)) {
		/* Nor fallback: no endpoint has a limit, and so none is full. */
		if (!is_word(&word, "port")) {
			complain(reading, "scheduler-flags", &word,
				 "is not port");
			return;
		}
		flags |= VSB_SCHED_FLAG_PORT;
	}
	reading->to->sched_flags = flags;
}

static void read_flags(const struct reading *reading, const char *value)
{
	struct annotations flags = { 0 };
	struct word word;

	while (next_word(&value, &word)) {
		if (is_word(&word, "reject-elsewhere")) {
			flags.reject_elsewhere = true;
		} else if (is_word(&word, "strict-source-ranges")) {
			flags.strict_source_ranges = true;
		} else {
			complain(reading, "flags", &word,
				 "is not reject-elsewhere or strict-source-ranges");
			return;
		}
	}
	reading->to->reject_elsewhere = flags.reject_elsewhere;
	reading->to->strict_source_ranges = flags.strict_source_ranges;
}

static int by_address(const void *a, const void *b)
{
	const struct weight *left = a, *right = b;

	return ip_order(&left->ip, &right->ip);
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

static void refuse_repeated(const struct reading *reading)
{
	struct annotations *to = reading->to;
	char text[IP_TEXT_MAX];
	struct word word;

	for (size_t i = 1; i < to->n_weights; i++) {
		const struct ip *ip = &to->weights[i].ip;

		if (ip_order(&to->weights[i - 1].ip, ip))
			continue;
		word = whole(ip_print(ip->family, &ip->addr, text));
		complain(reading, "weights", &word, "is there twice");
		to->n_weights = 0;
	}
}

static void read_weights(const struct reading *reading, const char *value)
{
	struct annotations *to = reading->to;
	struct weight weight;
	struct word word;
	size_t room = 0;

	while (next_word(&value, &word)) {
		if (!parse_weight(&word, &weight)) {
			complain(reading, "weights", &word,
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
	refuse_repeated(reading);
}

static void read_one(const struct reading *reading,
		     const struct k8s_annotation *annotation)
{
	static const struct {
		const char *key;
		void (*read)(const struct reading *reading, const char *value);
	} known[] = {
		{ "scheduler", read_scheduler },
		{ "scheduler-flags", read_sched_flags },
		{ "flags", read_flags },
		{ "weights", read_weights },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(annotation->key, known[i].key))
			continue;
		known[i].read(reading, annotation->value);
		return;
	}
	problems_add(reading->problems, LOG_WARNING,
		     "Service %s/%s: metadata.annotations[vsb/%.80s] is ignored: there is no such annotation",
		     K8S_NAMES(reading->object), annotation->key);
}

/* Without a weight there are no connections whatever the scheduler. */
static bool is_heeded(const char *scheduler, const struct weight *weight)
{
	return weight->weight <= 1 ||
	       (strcmp(scheduler, "rr") && strcmp(scheduler, "lc"));
}

static void note_unheeded(const struct reading *reading)
{
	const struct annotations *to = reading->to;

	for (size_t i = 0; i < to->n_weights; i++) {
		if (is_heeded(to->scheduler, &to->weights[i]))
			continue;
		problems_add(reading->problems, LOG_WARNING,
			     "Service %s/%s: metadata.annotations[vsb/weights] has no effect beyond 0: the scheduler is %s",
			     K8S_NAMES(reading->object), to->scheduler);
		return;
	}
}

/* Which scheduler it is may be said behind the flags. */
static void check_sched_flags(const struct reading *reading)
{
	struct annotations *to = reading->to;

	for (size_t i = 0; i < ARRAY_SIZE(with_flags); i++)
		if (!strcmp(to->scheduler, with_flags[i]))
			return;
	if (to->sched_flags)
		problems_add(reading->problems, LOG_WARNING,
			     "Service %s/%s: metadata.annotations[vsb/scheduler-flags] is ignored: the scheduler is %s, and only sh and mh have flags",
			     K8S_NAMES(reading->object), to->scheduler);
	to->sched_flags = 0;
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
	const struct k8s_service *service = &object->service;
	const struct reading reading = {
		.to = annotations, .object = object, .problems = problems,
	};

	*annotations = (struct annotations) { 0 };
	for (size_t i = 0; i < service->n_annotations; i++)
		read_one(&reading, &service->annotations[i]);
	if (!annotations->scheduler)
		annotations->scheduler = annotations->n_weights ? "wrr" : "rr";
	check_sched_flags(&reading);
	note_unheeded(&reading);
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
