/* SPDX-License-Identifier: GPL-2.0 */
/* Lines on standard error, by the priorities of syslog.h. */
#ifndef VSBD_LOG_H
#define VSBD_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <syslog.h>

void log_init(bool verbose);
void log_line(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* VSBD_LOG_H */
