/* SPDX-License-Identifier: GPL-2.0 */
/* From text to JSON values, and from a field's path back to its line. */
#ifndef VSBD_FORMAT_H
#define VSBD_FORMAT_H

#include <jansson.h>
#include <stddef.h>

/* Values of a document, those that aliases repeat included. */
#define FORMAT_VALUES_MAX (4 * 1024 * 1024)

/**
 * struct format_error - why a text can't be read
 * @document: number of the document, from 1
 * @line: number of the line in the text, from 1
 * @text: what is wrong
 */
struct format_error {
	unsigned int document;
	unsigned int line;
	char text[256];
};

/**
 * typedef format_each_fn - called for each document of a text
 * @value: the document, which is freed when the call returns
 * @document: its number, from 1
 * @arg: what the caller handed on
 *
 * Return: 0, or an error that ends the reading and is returned.
 */
typedef int (*format_each_fn)(const json_t *value, unsigned int document,
			      void *arg);

/**
 * struct format - a language that manifests are written in
 * @each: reads a text. Returns 0, what the callback returned, or -EBADMSG
 *	with the error stored.
 * @line: finds the line of the field at @path in a document that @each has
 *	read, or of what is there of the way to it
 */
struct format {
	int (*each)(const char *text, size_t len, format_each_fn each,
		    void *arg, struct format_error *error);
	unsigned int (*line)(const char *text, size_t len,
			     unsigned int document, const char *path);
};

extern const struct format yaml_format;
extern const struct format json_format;

#endif /* VSBD_FORMAT_H */
