// SPDX-License-Identifier: GPL-2.0
/* Owns how a text is read: line by line, each cut into words. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

#define BLANKS		" \t\r"

void lines_free(struct lines *lines)
{
	free(lines->text);
	free(lines->line);
}

static void close_file(FILE **file)
{
	if (*file && *file != stdin)
		fclose(*file);
}

/**
 * lines_read() - read a text whole
 * @lines: to be freed whatever this returns
 * @path: the file, "-" for the standard input
 *
 * Return: 0 or an exit code, after complaining.
 */
int lines_read(struct lines *lines, const char *path)
{
	__attribute__((cleanup(close_file))) FILE *file = stdin;
	size_t size = 0;
	ssize_t len;

	if (strcmp(path, "-"))
		file = fopen(path, "r");
	if (!file)
		return bad("%s: %s", path, strerror(errno));

	/* No file of text has a NUL: this reads up to the end. */
	errno = 0;
	len = getdelim(&lines->text, &size, '\0', file);
	if (len < 0 && (ferror(file) || errno))
		return bad("%s: %s", path, strerror(errno));
	lines->len = len < 0 ? 0 : len;
	if (lines->len && !lines->text[lines->len - 1])
		return bad("%s: is not text", path);
	lines->line = malloc(lines->len + 1);

	return lines->line ? 0 : complain(EXIT_REFUSED, "out of memory");
}

/** lines_rewind() - begin again with the first line */
void lines_rewind(struct lines *lines)
{
	lines->at = 0;
	lines->number = 0;
}

/* Copies the next line; false at the end. */
static bool next_line(struct lines *lines)
{
	const char *from = lines->text + lines->at, *end;
	size_t left = lines->len - lines->at, len;

	if (!left)
		return false;
	end = memchr(from, '\n', left);
	len = end ? (size_t)(end - from) : left;
	memcpy(lines->line, from, len);
	lines->line[len] = '\0';
	lines->at += len + !!end;
	lines->number++;

	return true;
}

/* Cuts a quoted word off, in place; \" and \\ stand for themselves. */
static int take_quoted(char **at, char **word)
{
	char *from = *at + 1, *to = *at;

	*word = *at;
	for (; *from && *from != '"'; *to++ = *from++)
		if (*from == '\\' && (from[1] == '"' || from[1] == '\\'))
			from++;
	if (*from != '"')
		return bad("a quoted word does not end");
	if (from[1] && !strchr(BLANKS, from[1]))
		return bad("blanks must follow a quoted word");
	*at = from + 1 + !!from[1];
	*to = '\0';

	return 0;
}

static int take_plain(char **at, char **word)
{
	*word = strsep(at, BLANKS);

	return 0;
}

/* ipvsadm's lines may end in a comment; in ours '#' may begin a name. */
static bool is_comment(const struct lines *lines, const char *word)
{
	return *word == '#' &&
	       (lines->argc == 1 || lines->argv[1][0] == '-');
}

/* A line may be one that a shell ran. */
static bool is_program(const struct lines *lines, const char *word)
{
	return lines->argc == 1 &&
	       (!strcmp(word, "ipvsadm") || !strcmp(word, "vsbadm"));
}

static int split_line(struct lines *lines)
{
	char *at = lines->line, *word;

	lines->argc = 1;
	lines->argv[0] = (char *)"vsbadm";
	while (at && *(at += strspn(at, BLANKS))) {
		if (is_comment(lines, at))
			break;
		if ((*at == '"' ? take_quoted : take_plain)(&at, &word))
			return EXIT_SYNTAX;
		if (is_program(lines, word))
			continue;
		if (lines->argc == WORDS_MAX)
			return bad("too many words");
		lines->argv[lines->argc++] = word;
	}
	lines->argv[lines->argc] = NULL;

	return 0;
}

/** lines_blame() - complain again, of the line that was read last */
int lines_blame(const struct lines *lines, int status)
{
	char why[2048];

	snprintf(why, sizeof(why), "%s", complaint());

	return complain(status, "line %u: %s", lines->number, why);
}

/**
 * lines_next() - read the next line that says something
 * @lines: gets its words
 * @more: whether there was one
 *
 * Return: 0, or EXIT_SYNTAX for a line that can't be cut, after complaining.
 */
int lines_next(struct lines *lines, bool *more)
{
	int status;

	while ((*more = next_line(lines))) {
		status = split_line(lines);
		if (status)
			return lines_blame(lines, status);
		if (lines->argc > 1)
			break;
	}

	return 0;
}
