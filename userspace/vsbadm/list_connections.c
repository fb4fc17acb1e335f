// SPDX-License-Identifier: GPL-2.0
/* Owns -L -c: connections that live, and what affinity remembers of clients. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "vsbadm.h"

/** struct entry - a line of the table */
struct entry {
	const char *protocol;
	const char *state;
	uint32_t expires;
	const char *source, *service, *backend;
};

static void print_entry(const struct entry *entry)
{
	char expires[16];

	snprintf(expires, sizeof(expires), "%02u:%02u", entry->expires / 60,
		 entry->expires % 60);
	printf("%-3s %-6s %-11s %-18s %-18s %s\n", entry->protocol, expires,
	       entry->state, entry->source, entry->service, entry->backend);
}

static int print_connection(const struct vsb_connection *c, void *arg)
{
	const struct options *options = arg;
	char source[ENDPOINT_MAX], service[ENDPOINT_MAX], backend[ENDPOINT_MAX];
	const struct entry entry = {
		.protocol = protocol_title(c->protocol),
		.state = connection_state(c),
		.expires = c->expires,
		.source = name_endpoint(source, c->family, &c->source,
					c->source_port, c->protocol,
					options->numeric),
		.service = name_endpoint(service, c->family, &c->destination,
					 c->destination_port, c->protocol,
					 options->numeric),
		.backend = name_endpoint(backend, c->family, &c->addr, c->port,
					 c->protocol, options->numeric),
	};

	print_entry(&entry);

	return 0;
}

/* A mark takes the place of an address, as ipvsadm has it. */
static union vsb_addr address_of(const struct vsb_service *service)
{
	union vsb_addr addr = service->addr;

	if (service->kind == VSB_KIND_MARK) {
		if (service->family == AF_INET)
			addr.in4.s_addr = htonl(service->mark);
		else
			addr.in6.s6_addr32[0] = htonl(service->mark);
	}

	return addr;
}

/* Marks and node ports have no address that could have a name. */
static void print_client(const struct options *options,
			 const struct vsb_service *service,
			 const struct vsb_affinity *affinity)
{
	bool mark = service->kind == VSB_KIND_MARK;
	union vsb_addr addr = address_of(service);
	char client[ENDPOINT_MAX], name[ENDPOINT_MAX], backend[ENDPOINT_MAX];
	const struct entry entry = {
		.protocol = mark ? "IP" : protocol_title(service->protocol),
		.state = "NONE",
		.expires = affinity->expires,
		.source = name_endpoint(client, affinity->family,
					&affinity->client, 0,
					service->protocol, options->numeric),
		.service = name_endpoint(name, service->family, &addr,
					 service->port, service->protocol,
					 options->numeric ||
					 service->kind != VSB_KIND_VIP),
		.backend = name_endpoint(backend, affinity->family,
					 &affinity->addr, affinity->port,
					 service->protocol, options->numeric),
	};

	print_entry(&entry);
}

/** struct user - a service that sends somebody to a pool */
struct user {
	const char *pool;
	const struct vsb_service *service;
};

/** struct users - these, by pool */
struct users {
	const struct options *options;
	struct user *users;
	size_t n;
};

static int by_pool(const void *a, const void *b)
{
	return strcmp(((const struct user *)a)->pool,
		      ((const struct user *)b)->pool);
}

static int users_find(struct users *users, const struct state *state)
{
	const struct vsb_service *service;
	unsigned int j;
	size_t i;

	users->users = calloc(state->n_services * 3 + 1, sizeof(*users->users));
	if (!users->users)
		return complain(EXIT_REFUSED, "out of memory");
	for (i = 0; i < state->n_services; i++) {
		service = &state->services[i];
		for (j = 0; j < service->n_routes; j++)
			if (state_is_first_route(service, j))
				users->users[users->n++] = (struct user){
					service->routes[j].pool, service,
				};
	}
	qsort(users->users, users->n, sizeof(*users->users), by_pool);

	return 0;
}

/* A client is known to a pool; it shows with each service that has the pool. */
static int print_affinity(const struct vsb_affinity *affinity, void *arg)
{
	struct users *users = arg;
	const struct user key = { .pool = affinity->pool };
	const struct user *end = users->users + users->n, *user;

	user = bsearch(&key, users->users, users->n, sizeof(key), by_pool);
	while (user && user > users->users && !by_pool(user - 1, &key))
		user--;
	for (; user && user < end && !by_pool(user, &key); user++)
		print_client(users->options, user->service, affinity);

	return 0;
}

static int print_clients(struct session *session)
{
	struct users users = { .options = &session->options };
	struct state state = { .pools = NULL };
	int status;

	status = state_load(session, NULL, &state, false) ?:
		 users_find(&users, &state);
	if (!status && vsb_affinity_each(session->vsb, NULL, print_affinity,
					 &users))
		status = session_refused(session, "listing");
	free(users.users);
	state_free(&state);

	return status;
}

static int print_table(struct session *session)
{
	struct options *options = &session->options;
	int status;

	/* There are no persistence engines for the last columns. */
	printf("IPVS connection entries\n"
	       "pro expire state       source             virtual            destination%s\n",
	       options->view == VIEW_PERSISTENT ?
	       "        pe name          pe_data" : "");
	status = print_clients(session);
	if (!status && vsb_connections_each(session->vsb, NULL,
					    print_connection, options))
		status = session_refused(session, "listing");

	return status;
}

static int add_connection(const struct vsb_connection *connection, void *arg)
{
	return json_append(arg, json_connection(connection));
}

static int add_client(const struct vsb_affinity *affinity, void *arg)
{
	return json_append(arg, json_affinity(affinity));
}

static int print_json(struct session *session)
{
	json_t *connections = json_array(), *clients = json_array();

	if (vsb_connections_each(session->vsb, NULL, add_connection,
				 &connections) ||
	    vsb_affinity_each(session->vsb, NULL, add_client, &clients)) {
		json_decref(connections);
		json_decref(clients);
		return session_refused(session, "listing");
	}

	return json_print(json_pack("{so so}", "connections", connections,
				    "affinity", clients));
}

/**
 * list_connections() - list connections, and clients that affinity knows
 * @options: of the command line
 *
 * Return: 0 or an exit code, after complaining.
 */
int list_connections(const struct options *options)
{
	struct session session;
	int status;

	status = session_open(&session, options);
	if (!status)
		status = options->json ? print_json(&session) :
					 print_table(&session);
	session_close(&session);

	return status;
}
