// SPDX-License-Identifier: GPL-2.0
/* Owns signals that a command which goes on waits for, beside other things. */
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "vsbadm.h"

/**
 * signals_open() - have signals wait until they are asked for
 * @signals: which
 * @n: how many
 *
 * Return: a file descriptor to poll, or -1.
 */
int signals_open(const int *signals, size_t n)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < n; i++)
		sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;

	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/** signals_take() - the next one that came, or 0 */
int signals_take(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == sizeof(info) ?
		(int)info.ssi_signo : 0;
}
