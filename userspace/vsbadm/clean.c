// SPDX-License-Identifier: GPL-2.0
/*
 * Owns which text may be shown: UTF-8, as JSON has nothing else, without
 * control characters, which a terminal obeys.
 */
#include <string.h>

#include "vsbadm.h"

/* How many bytes the first byte of a character says that it has, or 0. */
static size_t length_of(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 :
	       first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
}

/* Both blocks of control characters, halves of pairs, and what is none. */
static bool is_shown(uint32_t character)
{
	return character >= 0x20 && (character < 0x7f || character > 0x9f) &&
	       (character < 0xd800 || character > 0xdfff) &&
	       character <= 0x10ffff;
}

/* How many bytes the character has that a text begins with, 0 for a bad one. */
static size_t shown_len(const char *text)
{
	/* With so many bytes, or there is a shorter way to write it. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)text;
	size_t len = length_of(*bytes), i;
	uint32_t character = *bytes & (len > 1 ? 0x7f >> len : 0x7f);

	for (i = 1; i < len; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (bytes[i] & 0x3f);
	}

	return character >= least[len] && is_shown(character) ? len : 0;
}

/** clean_len() - how many bytes of a text come before one not to be shown */
size_t clean_len(const char *text)
{
	size_t all = 0, len;

	while ((len = shown_len(text + all)))
		all += len;

	return all;
}

/**
 * clean() - copy a text, with U+FFFD for each byte that may not be shown
 * @buf: where to write it
 * @size: room there; what has none is left out
 * @text: the text
 *
 * Return: @buf
 */
char *clean(char *buf, size_t size, const char *text)
{
	static const char stand_in[] = "\xef\xbf\xbd";
	const char *end = buf + size;
	size_t len, n;
	char *to = buf;

	for (; *text; text += len ? len : 1) {
		len = shown_len(text);
		n = len ? len : strlen(stand_in);
		if (n >= (size_t)(end - to))
			break;
		to = mempcpy(to, len ? text : stand_in, n);
	}
	*to = '\0';

	return buf;
}

/**
 * clean_label() - a label as it is shown, whoever has set it
 * @buf: holds LABEL_MAX bytes
 * @label: the label, or NULL
 *
 * Return: @buf, or NULL for NULL.
 */
const char *clean_label(char *buf, const char *label)
{
	return label ? clean(buf, LABEL_MAX, label) : NULL;
}
