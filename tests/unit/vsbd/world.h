/* SPDX-License-Identifier: GPL-2.0 */
/* A model, and what it has told of: its parts put together again. */
#ifndef TEST_VSBD_WORLD_H
#define TEST_VSBD_WORLD_H

#include <search.h>

#include "vsbd/kernel/config.h"
#include "vsbd/model/model.h"
#include "objects.h"
#include "vsbd/settings.h"

struct world {
	struct model *model;
	void *parts;	/* tree of struct world_part by name */
};

struct world_part {
	char *namespace, *name;
	struct state *state;
	struct problems problems;
};

static inline int world_by_name(const void *a, const void *b)
{
	const struct world_part *left = a, *right = b;

	return strcmp(left->namespace, right->namespace) ?:
	       strcmp(left->name, right->name);
}

static inline void world_free_part(void *data)
{
	struct world_part *part = data;

	state_put(part->state);
	problems_free(&part->problems);
	free(part->namespace);
	free(part->name);
	free(part);
}

/* The machine that tests are on unless they say otherwise. */
static inline struct machine world_machine(void)
{
	struct machine machine = { .name = "n1" };

	ip_parse("192.0.2.1", &machine.primary[0]);
	ip_parse("2001:db8::1", &machine.primary[1]);
	return machine;
}

/* What is said of the node: "name=value name=value". */
static inline void world_set_node(struct world *world, const char *said,
				  const struct machine *machine)
{
	struct settings settings;
	autofree char *copy = mem_strdup(said);
	char *rest = NULL, *word, *value;

	settings_default(&settings);
	for (word = strtok_r(copy, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		const struct setting *setting = settings_all;
		autofree char *complaint = NULL;

		value = strchr(word, '=');
		assert_non_null(value);
		*value++ = '\0';
		while (setting->name && strcmp(setting->name, word))
			setting++;
		assert_non_null(setting->name);
		complaint = settings_set(&settings, setting, value);
		if (complaint)
			fail_msg("%s", complaint);
	}
	model_set_node(world->model, &settings.node, machine);
}

static inline void world_begin(struct world *world, const char *said,
			       const struct machine *machine)
{
	*world = (struct world) { .model = model_new() };
	world_set_node(world, said, machine);
}

static inline void world_end(struct world *world)
{
	model_free(world->model);
	tdestroy(world->parts, world_free_part);
}

static inline void world_take(const char *namespace, const char *name,
			      struct state *state, struct problems *problems,
			      void *arg)
{
	struct world_part key = { (char *)namespace, (char *)name, NULL,
				  { 0 } };
	struct world *world = arg;
	struct world_part **node = tfind(&key, &world->parts, world_by_name);
	struct world_part *part;

	if (node) {
		part = *node;
		state_put(part->state);
		problems_free(&part->problems);
	} else {
		part = mem_array(1, sizeof(*part));
		part->namespace = mem_strdup(namespace);
		part->name = mem_strdup(name);
		tsearch(part, &world->parts, world_by_name);
	}
	part->state = state;
	part->problems = *problems;
}

static inline void world_update(struct world *world)
{
	model_update(world->model, world_take, world);
}

static inline void world_add_state(const void *node, VISIT visit, void *arg)
{
	const struct world_part *part = *(struct world_part *const *)node;

	if (visit == postorder || visit == leaf)
		state_add_all(arg, part->state);
}

static inline void world_add_problems(const void *node, VISIT visit, void *arg)
{
	const struct world_part *part = *(struct world_part *const *)node;

	if (visit == postorder || visit == leaf)
		problems_add_all(arg, &part->problems);
}

/* The parts' states as one, which shares their strings. */
static inline struct state *world_state(const struct world *world)
{
	struct state *state = state_new();

	twalk_r(world->parts, world_add_state, state);
	state_sort(state);
	return state;
}

static inline int world_by_text(const void *a, const void *b)
{
	const struct problem *left = a, *right = b;

	return strcmp(left->text, right->text);
}

/* All problems, by their text. */
static inline void world_problems(const struct world *world,
				  struct problems *problems)
{
	*problems = (struct problems) { 0 };
	twalk_r(world->parts, world_add_problems, problems);
	if (problems->n)
		qsort(problems->list, problems->n, sizeof(*problems->list),
		      world_by_text);
}

#endif /* TEST_VSBD_WORLD_H */
