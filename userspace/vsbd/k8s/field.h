/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fields of JSON values. The functions return 0 or, with the complaint stored,
 * -EINVAL. The get functions leave the result alone where there is no such
 * field, so that it keeps its default; null counts as no field.
 */
#ifndef VSBD_FIELD_H
#define VSBD_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "k8s/path.h"

/**
 * struct field_error - what is wrong with an object
 * @path: place of the field
 * @text: what is wrong with it: "70000 is not 1 to 65535"
 */
struct field_error {
	char path[PATH_TEXT_MAX];
	char text[256];
};

/**
 * struct field - a value and the way to it, told only when it is wrong
 * @parent: what it is in, NULL for the document
 * @key: its name in an object; NULL for an element of a list
 * @index: its place in a list
 * @value: NULL where there is none
 */
struct field {
	const struct field *parent;
	const char *key;
	size_t index;
	const json_t *value;
};

/**
 * struct decoder - what is read is kept here
 * @arena: holds what objects point to
 * @error: what is wrong
 */
struct decoder {
	struct arena *arena;
	struct field_error *error;
};

struct field field_member(const struct field *parent, const char *key);
struct field field_element(const struct field *parent, size_t index);

int field_bad(struct decoder *d, const struct field *field,
	      const char *format, ...) __attribute__((format(printf, 3, 4)));
int field_bad_text(struct decoder *d, const struct field *field,
		   const char *complaint);
int field_bad_type(struct decoder *d, const struct field *field,
		   const char *wanted);

int field_get_object(struct decoder *d, const struct field *field);
int field_get_list(struct decoder *d, const struct field *field, size_t *n);
int field_get_text(struct decoder *d, const struct field *field,
		   const char **text);
int field_get_word(struct decoder *d, const struct field *field,
		   const char **text);
int field_need_text(struct decoder *d, const struct field *field,
		    const char **text);
int field_get_copy(struct decoder *d, const struct field *field,
		   const char **copy);
int field_get_flag(struct decoder *d, const struct field *field, bool *flag);
int field_get_range(struct decoder *d, const struct field *field,
		    uint32_t lowest, uint32_t highest, uint32_t *number);
int field_get_port(struct decoder *d, const struct field *field,
		   uint16_t lowest, uint16_t *port);

#endif /* VSBD_FIELD_H */
