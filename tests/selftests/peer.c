// SPDX-License-Identifier: GPL-2.0
/* Both ends of the connections that selftests make, in the network namespace
 * NAMESPACE where one is given: peer [in NAMESPACE] COMMAND...
 *
 *	serve NAME PORT [ADDRESS ADDRESS]
 *		Answers on TCP and UDP, or on SCTP at two addresses, over IPv4
 *		and IPv6: "NAME CLIENT-ADDRESS", then, where there is a
 *		connection, whatever it is sent. Prints a line when it listens.
 *		SCTP offers all addresses that a socket has, which a client
 *		then tries beside the VIP: each has a socket of its own.
 *	ask PROTO ADDRESS PORT [COUNT [SOURCE-PORT]]
 *		Makes COUNT connections, one after another, from SOURCE-PORT
 *		and those behind it, and prints the answer or the error (as in
 *		errno.h) of each.
 *	hold PROTO ADDRESS PORT
 *		Makes one connection and prints the answer; then sends each
 *		line of standard input and prints what comes back.
 *
 * An answer is waited for 10 seconds, or PEER_TIMEOUT milliseconds: SCTP takes
 * three to send again what came too early. With PEER_TRANSPARENT set a server
 * takes connections to addresses that are not its own, where others send them
 * to it.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CLIENTS	4096

static int timeout_ms = 10000;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int bound(int type, int port)
{
	struct sockaddr_in6 any = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	int fd = socket(AF_INET6, type, 0), on = 1, off = 0;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ||
	    (getenv("PEER_TRANSPARENT") &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_TRANSPARENT, &on, sizeof(on))) ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)))
		die("bind");
	return fd;
}

static struct addrinfo *target(const char *proto, const char *addr,
			       const char *port)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = strcmp(proto, "udp") ? SOCK_STREAM : SOCK_DGRAM,
	};
	struct addrinfo *found;

	if (getaddrinfo(addr, port, &hints, &found)) {
		fprintf(stderr, "peer: no address: %s port %s\n", addr, port);
		exit(2);
	}
	if (!strcmp(proto, "sctp"))
		found->ai_protocol = IPPROTO_SCTP;
	return found;
}

static int greeting(char *text, size_t size, const char *name,
		    const struct sockaddr_in6 *from)
{
	char addr[INET6_ADDRSTRLEN];

	if (from->sin6_family == AF_INET)
		inet_ntop(AF_INET, &((struct sockaddr_in *)from)->sin_addr,
			  addr, sizeof(addr));
	else if (IN6_IS_ADDR_V4MAPPED(&from->sin6_addr))
		inet_ntop(AF_INET, &from->sin6_addr.s6_addr[12], addr,
			  sizeof(addr));
	else
		inet_ntop(AF_INET6, &from->sin6_addr, addr, sizeof(addr));
	return snprintf(text, size, "%s %s\n", name, addr);
}

/* An association that can't shut down would stay for long. */
static void abort_at_close(int fd)
{
	struct linger at_once = { .l_onoff = 1 };
	socklen_t len = sizeof(int);
	int protocol;

	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len))
		die("protocol");
	if (protocol != IPPROTO_SCTP)
		return;
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)))
		die("linger");
}

static int bound_to(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, SOCK_STREAM, IPPROTO_SCTP), on = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, at->ai_addr, at->ai_addrlen))
		die("bind");
	return fd;
}

static void answer_datagram(int fd, const char *name)
{
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);
	char text[65536];

	if (recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from,
		     &len) >= 0)
		sendto(fd, text, greeting(text, sizeof(text), name, &from), 0,
		       (struct sockaddr *)&from, len);
}

/* The connection, or -1. */
static int answer_connection(int listener, const char *name)
{
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);
	char text[INET6_ADDRSTRLEN + 256];
	int fd = accept(listener, (struct sockaddr *)&from, &len), size;

	if (fd < 0)
		return -1;
	abort_at_close(fd);
	size = greeting(text, sizeof(text), name, &from);
	if (write(fd, text, size) != size)
		perror("write");
	return fd;
}

/* Whether there may be more. */
static int echo(int fd)
{
	static char text[65536];
	ssize_t got = read(fd, text, sizeof(text));

	return got > 0 && write(fd, text, got) == got;
}

/* A datagram socket is the second, if there is one. */
static void serve(const char *name, int one, int other, int datagrams)
{
	static struct pollfd fds[MAX_CLIENTS];
	int n = 2, i;

	signal(SIGPIPE, SIG_IGN);
	fds[0] = (struct pollfd){ one, POLLIN, 0 };
	fds[1] = (struct pollfd){ other, POLLIN, 0 };
	if (listen(one, 1024) || (!datagrams && listen(other, 1024)))
		die("listen");
	puts("listening");
	fflush(stdout);
	for (;;) {
		if (poll(fds, n, -1) < 0)
			die("poll");
		for (i = n - 1; i > 1; i--) {
			if (!fds[i].revents || echo(fds[i].fd))
				continue;
			close(fds[i].fd);
			fds[i] = fds[--n];
		}
		for (i = 0; i < 2 && n < MAX_CLIENTS; i++) {
			int fd = -1;

			if (fds[i].revents && i && datagrams)
				answer_datagram(fds[i].fd, name);
			else if (fds[i].revents)
				fd = answer_connection(fds[i].fd, name);
			if (fd >= 0)
				fds[n++] = (struct pollfd){ fd, POLLIN, 0 };
		}
	}
}

/* The address that the kernel would choose: SCTP offers all that a socket has,
 * and the peer would try the others.
 */
static void choose_source(const struct addrinfo *to, struct sockaddr_in6 *from)
{
	int fd = socket(to->ai_family, SOCK_DGRAM, 0);
	socklen_t len = sizeof(*from);

	if (fd < 0 || connect(fd, to->ai_addr, to->ai_addrlen) ||
	    getsockname(fd, (struct sockaddr *)from, &len))
		die("source");
	close(fd);
}

/* Returns a negative errno value where the port is taken. */
static int set_source(int fd, const struct addrinfo *to, int port)
{
	struct sockaddr_in6 from = { .sin6_family = to->ai_family };
	int on = 1;

	if (to->ai_protocol == IPPROTO_SCTP)
		choose_source(to, &from);
	from.sin6_port = htons(port);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)))
		die("setsockopt");
	return bind(fd, (struct sockaddr *)&from, to->ai_addrlen) ? -errno : 0;
}

/* A connected socket, or a negative errno value. */
static int connection(const struct addrinfo *to, int source_port)
{
	int fd = socket(to->ai_family, to->ai_socktype, to->ai_protocol);
	struct timeval limit = {
		.tv_sec = timeout_ms / 1000,
		.tv_usec = timeout_ms % 1000 * 1000,
	};
	int err = 0;

	if (fd < 0)
		die("socket");
	if (source_port || to->ai_protocol == IPPROTO_SCTP)
		err = set_source(fd, to, source_port);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)))
		die("setsockopt");
	if (!err && !connect(fd, to->ai_addr, to->ai_addrlen) &&
	    (to->ai_socktype == SOCK_STREAM || send(fd, "?\n", 2, 0) == 2))
		return fd;
	err = err ?: -errno;
	close(fd);
	return err;
}

static void print_error(int err)
{
	if (err == EAGAIN || err == EINPROGRESS)
		err = ETIMEDOUT;
	printf("error %s\n", strerrorname_np(err));
	fflush(stdout);
}

/* What comes, up to the end of a line. */
static int print_answer(int fd)
{
	char text[65536];
	ssize_t got;

	do {
		got = recv(fd, text, sizeof(text), 0);
		if (got <= 0) {
			print_error(got ? errno : ECONNABORTED);
			return -1;
		}
		fwrite(text, 1, got, stdout);
	} while (text[got - 1] != '\n');
	fflush(stdout);
	return 0;
}

static int ask(const struct addrinfo *to, int count, int source_port)
{
	while (count--) {
		int fd;

		/* A port may be another client's. */
		do
			fd = connection(to, source_port ? source_port++ : 0);
		while (fd == -EADDRINUSE && source_port);
		if (fd < 0) {
			print_error(-fd);
			continue;
		}
		print_answer(fd);
		close(fd);
	}
	return 0;
}

static int hold(const struct addrinfo *to)
{
	int fd = connection(to, 0);
	char line[65536];

	if (fd < 0) {
		print_error(-fd);
		return 1;
	}
	abort_at_close(fd);
	if (print_answer(fd))
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0) {
			print_error(errno);
			return 1;
		}
		if (print_answer(fd))
			return 1;
	}
	return 0;
}

static void enter(const char *namespace)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

int main(int argc, char **argv)
{
	const char *limit = getenv("PEER_TIMEOUT");

	if (argc > 2 && !strcmp(argv[1], "in")) {
		enter(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (limit)
		timeout_ms = atoi(limit);
	if (argc == 4 && !strcmp(argv[1], "serve"))
		serve(argv[2], bound(SOCK_STREAM, atoi(argv[3])),
		      bound(SOCK_DGRAM, atoi(argv[3])), 1);
	if (argc == 6 && !strcmp(argv[1], "serve"))
		serve(argv[2], bound_to(target("sctp", argv[4], argv[3])),
		      bound_to(target("sctp", argv[5], argv[3])), 0);
	if (argc >= 5 && !strcmp(argv[1], "ask"))
		return ask(target(argv[2], argv[3], argv[4]),
			   argc > 5 ? atoi(argv[5]) : 1,
			   argc > 6 ? atoi(argv[6]) : 0);
	if (argc == 5 && !strcmp(argv[1], "hold"))
		return hold(target(argv[2], argv[3], argv[4]));
	fprintf(stderr, "usage: peer [in NAMESPACE] serve|ask|hold ...\n");
	return 2;
}
