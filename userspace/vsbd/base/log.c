// SPDX-License-Identifier: GPL-2.0
/* Owns standard error: one line a message, with its priority for journald. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define LINE_MAX_BYTES 2048

static bool to_journal;
static int lowest = LOG_INFO;

/* systemd names its socket by device and inode; stderr may be another. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	       !fstat(STDERR_FILENO, &st) &&
	       st.st_dev == (dev_t)dev && st.st_ino == (ino_t)ino;
}

/**
 * log_init() - find out where standard error goes
 * @verbose: whether messages of LOG_DEBUG are shown
 */
void log_init(bool verbose)
{
	to_journal = stderr_is_journal();
	lowest = verbose ? LOG_DEBUG : LOG_INFO;
}

/* Names of files and values of fields come from outside: they stay a line. */
static void blank_controls(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

/**
 * log_line() - write one line
 * @priority: LOG_ERR, LOG_WARNING, ...
 * @format: as printf's, without a newline
 */
void log_line(int priority, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;
	size_t len = 0;

	if (priority > lowest)
		return;
	if (to_journal)
		len = (size_t)snprintf(line, sizeof(line), "<%d>", priority);
	va_start(args, format);
	vsnprintf(line + len, sizeof(line) - 1 - len, format, args);
	va_end(args);

	blank_controls(line);
	len = strlen(line);
	line[len++] = '\n';
	/* One write, so that lines of several processes do not mix. */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}
