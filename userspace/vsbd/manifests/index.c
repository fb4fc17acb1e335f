// SPDX-License-Identifier: GPL-2.0
/* Owns which of several objects of one kind and name counts. */

#include <search.h>
#include <string.h>
#include <syslog.h>

#include "manifests/index.h"

/**
 * struct place - where an object is
 * @object: the object, which its file holds
 * @file: name of the file
 * @position: which one of the file's objects it is
 */
struct place {
	struct k8s_object *object;
	const char *file;
	size_t position;
};

/**
 * struct name - all objects of one kind and name
 * @kind: key
 * @namespace: key
 * @name: key
 * @places: the objects, the one that counts first
 * @n: how many
 * @room: how many @places has room for
 * @shown: the one that was told of last, held; or NULL
 * @touched: whether it is in the index' list of these
 * @next: the next there
 */
struct name {
	enum k8s_kind kind;
	char *namespace;
	char *name;
	struct place *places;
	size_t n, room;
	struct k8s_object *shown;
	bool touched;
	struct name *next;
};

static int by_name(const void *a, const void *b)
{
	const struct name *left = a, *right = b;

	return ((int)left->kind - (int)right->kind) ?:
	       strcmp(left->namespace, right->namespace) ?:
	       strcmp(left->name, right->name);
}

static struct name *get_name(struct index *index,
			     const struct k8s_object *object)
{
	const struct name key = {
		.kind = object->kind,
		.namespace = (char *)object->meta.namespace,
		.name = (char *)object->meta.name,
	};
	struct name **node = tfind(&key, &index->names, by_name);
	struct name *name;

	if (node)
		return *node;
	name = mem_array(1, sizeof(*name));
	name->kind = object->kind;
	name->namespace = mem_strdup(object->meta.namespace);
	name->name = mem_strdup(object->meta.name);
	tsearch(name, &index->names, by_name);
	return name;
}

static void free_name(void *data)
{
	struct name *name = data;

	k8s_object_put(name->shown);
	free(name->places);
	free(name->namespace);
	free(name->name);
	free(name);
}

static void touch(struct index *index, struct name *name)
{
	if (name->touched)
		return;
	name->touched = true;
	name->next = index->touched;
	index->touched = name;
}

static int compare_places(const struct place *a, const struct place *b)
{
	return strcmp(a->file, b->file) ?:
	       (a->position > b->position) - (a->position < b->position);
}

static void add(struct index *index, const struct place *place)
{
	struct name *name = get_name(index, place->object);
	size_t i;

	name->places = mem_grow(name->places, name->n, &name->room,
				sizeof(*name->places));
	for (i = name->n++; i; i--) {
		if (compare_places(&name->places[i - 1], place) < 0)
			break;
		name->places[i] = name->places[i - 1];
	}
	name->places[i] = *place;
	index->n_repeated += name->n == 2;
	touch(index, name);
}

/**
 * index_add() - take note of objects
 * @index: the index
 * @file: name of the file that holds them, and lives as long
 * @objects: the objects, in the file's order
 */
void index_add(struct index *index, const char *file,
	       const struct k8s_list *objects)
{
	for (size_t i = 0; i < objects->n; i++)
		add(index, &(struct place) { objects->list[i], file, i });
}

static void remove_object(struct index *index, const struct k8s_object *object)
{
	struct name *name = get_name(index, object);
	size_t kept = 0;

	for (size_t i = 0; i < name->n; i++)
		if (name->places[i].object != object)
			name->places[kept++] = name->places[i];
	index->n_repeated -= name->n == 2;
	name->n = kept;
	touch(index, name);
}

/** index_remove() - forget objects that were added */
void index_remove(struct index *index, const struct k8s_list *objects)
{
	for (size_t i = 0; i < objects->n; i++)
		remove_object(index, objects->list[i]);
}

static void settle(struct index *index, struct name *name,
		   const struct k8s_sink *sink)
{
	struct k8s_object *now = name->n ? name->places[0].object : NULL;
	struct k8s_object *before = name->shown;

	name->touched = false;
	if (now != before) {
		name->shown = now ? k8s_object_get(now) : NULL;
		if (now)
			sink->put(now, sink->arg);
		else
			sink->gone(before, sink->arg);
		k8s_object_put(before);
	}
	if (name->n)
		return;
	tdelete(name, &index->names, by_name);
	free_name(name);
}

/**
 * index_settle() - tell what has changed since the last call
 * @index: the index
 * @sink: who hears it
 */
void index_settle(struct index *index, const struct k8s_sink *sink)
{
	struct name *name = index->touched, *next;

	for (index->touched = NULL; name; name = next) {
		next = name->next;
		settle(index, name, sink);
	}
}

static void note_repeated(const void *node, VISIT visit, void *arg)
{
	const struct name *name = *(struct name *const *)node;
	const struct place *place, *winner = name->places;
	struct problems *problems = arg;

	if (visit != postorder && visit != leaf)
		return;
	for (size_t i = 1; i < name->n; i++) {
		place = &name->places[i];
		problems_add(problems, LOG_WARNING,
			     "%s: %s %s%s%s does not count, that of %s does",
			     place->object->meta.source,
			     k8s_kind_name(name->kind), name->namespace,
			     *name->namespace ? "/" : "", name->name,
			     winner->object->meta.source);
	}
}

/** index_problems() - add a sentence for each object that does not count */
void index_problems(const struct index *index, struct problems *problems)
{
	if (index->n_repeated)
		twalk_r(index->names, note_repeated, problems);
}

void index_free(struct index *index)
{
	tdestroy(index->names, free_name);
	*index = (struct index) { 0 };
}
