/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of --help share: what a program prints, and whether it fits. */
#ifndef TEST_SCREEN_H
#define TEST_SCREEN_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A terminal of 80 by 24, with the prompt in its last line. */
#define SCREEN_LINES	23
#define SCREEN_COLUMNS	79

/* What a command line prints to @stream, stdout or stderr, to be freed; it has
 * to end with @status.
 */
static inline char *printed_by(FILE **stream, int (*run)(int argc, char **argv),
			       int argc, char **argv, int status)
{
	FILE *saved = *stream;
	char *text = NULL;
	size_t len;
	int got;

	*stream = open_memstream(&text, &len);
	assert_non_null(*stream);
	got = run(argc, argv);
	fclose(*stream);
	*stream = saved;
	assert_int_equal(got, status);

	return text;
}

static inline void assert_fits(const char *text)
{
	size_t lines = 0, len;

	for (; *text; text += len + 1) {
		len = strcspn(text, "\n");
		if (text[len] != '\n')
			fail_msg("does not end with a newline: %s", text);
		if (len > SCREEN_COLUMNS)
			fail_msg("%zu columns: %.*s", len, (int)len, text);
		lines++;
	}
	if (lines > SCREEN_LINES)
		fail_msg("%zu lines", lines);
	assert_true(lines > 0);
}

static inline bool is_part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

/* "pool" is not in "pools", nor "-s" in "--stats". */
static inline void assert_mentions(const char *text, const char *word)
{
	const char *at = text;
	size_t len = strlen(word);

	for (; (at = strstr(at, word)); at++)
		if ((at == text || !is_part_of_word(at[-1])) &&
		    !is_part_of_word(at[len]))
			return;
	fail_msg("\"%s\" is not mentioned in:\n%s", word, text);
}

#endif /* TEST_SCREEN_H */
