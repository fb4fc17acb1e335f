// SPDX-License-Identifier: GPL-2.0
/* Owns -L --timeout: after how long conntrack forgets connections of ours. */
#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "vsbadm.h"

#define SYSCTL	"/proc/sys/net/netfilter/nf_conntrack_"

/* Where we have none of our own, conntrack's are in force. */
static int effective(uint32_t *seconds, const char *path)
{
	FILE *file;
	int n;

	if (*seconds)
		return 0;
	file = fopen(path, "re");
	if (!file)
		return complain(EXIT_REFUSED, "%s: %s", path, strerror(errno));
	n = fscanf(file, "%u", seconds);
	fclose(file);

	return n == 1 ? 0 : complain(EXIT_REFUSED, "%s: not a number", path);
}

static int print(struct session *session)
{
	struct vsb_config config;
	int status;

	if (vsb_config_get(session->vsb, &config))
		return session_refused(session, "config");
	status = effective(&config.timeout_tcp,
			   SYSCTL "tcp_timeout_established") ?:
		 effective(&config.timeout_tcp_fin,
			   SYSCTL "tcp_timeout_fin_wait") ?:
		 effective(&config.timeout_udp,
			   SYSCTL "udp_timeout_stream");
	if (status)
		return status;
	if (session->options.json)
		return json_print(json_pack("{sI sI sI}",
			"timeout-tcp", (json_int_t)config.timeout_tcp,
			"timeout-tcp-fin", (json_int_t)config.timeout_tcp_fin,
			"timeout-udp", (json_int_t)config.timeout_udp));
	printf("Timeout (tcp tcpfin udp): %u %u %u\n", config.timeout_tcp,
	       config.timeout_tcp_fin, config.timeout_udp);

	return 0;
}

/**
 * list_timeouts() - print the timeouts of connections
 * @options: of the command line
 *
 * Return: 0 or an exit code, after complaining.
 */
int list_timeouts(const struct options *options)
{
	struct session session;
	int status;

	status = session_open(&session, options);
	if (!status)
		status = print(&session);
	session_close(&session);

	return status;
}
