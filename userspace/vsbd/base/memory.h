/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that is there or ends the program, and arenas that are freed whole.
 *
 * Running out of memory ends vsbd: the kernel's state stays in place, and a
 * restart changes nothing that has not changed.
 */
#ifndef VSBD_MEMORY_H
#define VSBD_MEMORY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#define cleanup_by(f) __attribute__((__cleanup__(f)))
#define autofree cleanup_by(mem_free_variable)

static inline void mem_free_variable(void *variable)
{
	free(*(void **)variable);
}

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct arena_chunk;

/**
 * struct arena - memory that is freed all at once
 * @chunks: what it has from malloc, the newest first
 * @free: first free byte of the newest chunk
 * @left: free bytes there
 * @size: size of the newest chunk
 *
 * All zeroes is an empty arena.
 */
struct arena {
	struct arena_chunk *chunks;
	char *free;
	size_t left;
	size_t size;
};

void *mem_alloc(size_t size);
void *mem_array(size_t n, size_t size);
void *mem_resize(void *array, size_t n, size_t size);
void *mem_grow(void *array, size_t n, size_t *room, size_t size);
char *mem_strdup(const char *string);
char *mem_printf(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

void *arena_array(struct arena *arena, size_t n, size_t size);
char *arena_strdup(struct arena *arena, const char *string);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void arena_free(struct arena *arena);

#endif /* VSBD_MEMORY_H */
