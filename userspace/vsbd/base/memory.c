// SPDX-License-Identifier: GPL-2.0
/* Owns how vsbd gets memory: it is there, or the program ends. */

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "base/log.h"
#include "base/memory.h"

#define CHUNK_MIN 512
#define CHUNK_MAX (64 * 1024)

struct arena_chunk {
	struct arena_chunk *next;
	alignas(max_align_t) char bytes[];
};

static void __attribute__((noreturn)) exhausted(void)
{
	log_line(LOG_CRIT, "out of memory");
	exit(EXIT_FAILURE);
}

/** mem_alloc() - allocate bytes that are not cleared */
void *mem_alloc(size_t size)
{
	void *bytes = malloc(size ?: 1);

	if (!bytes)
		exhausted();
	return bytes;
}

/**
 * mem_array() - allocate an array of zeroes
 * @n: number of elements; 0 gives NULL
 * @size: bytes of one
 */
void *mem_array(size_t n, size_t size)
{
	void *array;

	if (!n)
		return NULL;
	array = calloc(n, size);
	if (!array)
		exhausted();
	return array;
}

/**
 * mem_resize() - give an array another size
 * @array: from malloc, or NULL
 * @n: number of elements, not 0
 * @size: bytes of one
 *
 * Return: the array, which may have moved. New elements are not cleared.
 */
void *mem_resize(void *array, size_t n, size_t size)
{
	array = reallocarray(array, n, size);
	if (!array)
		exhausted();
	return array;
}

/**
 * mem_grow() - make sure that an array has room for one more element
 * @array: from malloc, or NULL
 * @n: number of elements in use
 * @room: number of elements that it has room for
 * @size: bytes of one
 *
 * Return: the array, which may have moved. New elements are not cleared.
 */
void *mem_grow(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	*room = *room ? *room * 2 : 1;
	return mem_resize(array, *room, size);
}

char *mem_strdup(const char *string)
{
	char *copy = strdup(string);

	if (!copy)
		exhausted();
	return copy;
}

/** mem_printf() - print into a string of its own */
char *mem_printf(const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		exhausted();
	return text;
}

static void new_chunk(struct arena *arena, size_t need)
{
	struct arena_chunk *chunk;
	size_t size = arena->size ? arena->size * 2 : CHUNK_MIN;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	if (size < need)
		size = need;
	chunk = mem_alloc(sizeof(*chunk) + size);
	chunk->next = arena->chunks;
	*arena = (struct arena) {
		.chunks = chunk,
		.free = chunk->bytes,
		.left = size,
		.size = size,
	};
}

/**
 * arena_array() - allocate an array of zeroes in an arena
 * @arena: where
 * @n: number of elements; 0 gives NULL
 * @size: bytes of one
 */
void *arena_array(struct arena *arena, size_t n, size_t size)
{
	const size_t align = alignof(max_align_t);
	size_t bytes;
	void *array;

	if (!n)
		return NULL;
	if (__builtin_mul_overflow(n, size, &bytes) ||
	    bytes > SIZE_MAX / 2)
		exhausted();
	bytes = (bytes + align - 1) / align * align;
	if (bytes > arena->left)
		new_chunk(arena, bytes);

	array = memset(arena->free, 0, bytes);
	arena->free += bytes;
	arena->left -= bytes;
	return array;
}

char *arena_strdup(struct arena *arena, const char *string)
{
	size_t size = strlen(string) + 1;

	return memcpy(arena_array(arena, size, 1), string, size);
}

/** arena_printf() - print into a string that an arena holds */
char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	char *text;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		exhausted();
	text = arena_array(arena, (size_t)n + 1, 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return text;
}

/** arena_free() - free all that an arena gave out, and empty it */
void arena_free(struct arena *arena)
{
	struct arena_chunk *chunk, *next;

	for (chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	*arena = (struct arena) { 0 };
}
