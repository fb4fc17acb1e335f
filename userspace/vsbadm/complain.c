// SPDX-License-Identifier: GPL-2.0
/* Owns the one sentence that says what is wrong. */
#include "vsbadm.h"

static char text[2048];

/**
 * complain() - note what is wrong; main() prints it
 * @status: exit code that it means
 * @format: of one sentence, which may quote an earlier complaint()
 *
 * Return: @status
 */
int complain(int status, const char *format, ...)
{
	char next[sizeof(text)];
	va_list args;

	va_start(args, format);
	vsnprintf(next, sizeof(next), format, args);
	va_end(args);
	/* It may quote anything: a word of a file, or of the kernel's. */
	clean(text, sizeof(text), next);

	return status;
}

const char *complaint(void)
{
	return text;
}
