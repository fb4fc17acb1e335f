// SPDX-License-Identifier: GPL-2.0
/*
 * Owns affinity: which backend a client goes to. The packets change it all the
 * time, so that its commands take effect at once and are no changes of a
 * transaction.
 */
#include <string.h>

#include <jansson.h>

#include "words.h"

static int parse_client(const char *text, struct vsb_affinity *affinity)
{
	struct endpoint endpoint;

	if (parse_endpoint("client", text, IPPROTO_TCP, 0, &endpoint))
		return EXIT_SYNTAX;
	if (endpoint.has_port)
		return bad("client \"%s\": must be an address without a port",
			   text);
	affinity->family = endpoint.family;
	affinity->client = endpoint.addr;

	return 0;
}

static int parse_target(const char *text, struct vsb_affinity *affinity)
{
	struct endpoint endpoint;

	if (parse_endpoint("backend", text, IPPROTO_TCP, affinity->family,
			   &endpoint))
		return EXIT_SYNTAX;
	if (endpoint.family != affinity->family)
		return bad("backend \"%s\": must be an %s address as the client's is",
			   text, family_name(affinity->family));
	affinity->addr = endpoint.addr;
	affinity->port = endpoint.port;

	return 0;
}

static int parse_expires(struct words *words, struct vsb_affinity *affinity)
{
	const char *key = words_take(words), *value;

	if (!key)
		return 0;
	if (strcmp(key, "expires"))
		return bad("\"%s\": not a key here; there are: expires", key);
	value = words_take(words);
	if (!value)
		return bad("expires: needs 0 to %d, in seconds",
			   VSB_AFFINITY_TIMEOUT_MAX);
	affinity->given |= VSB_AFFINITY_EXPIRES;

	return parse_u32("expires", value, VSB_AFFINITY_TIMEOUT_MAX,
			 &affinity->expires) ?: words_end(words);
}

/* POOL CLIENT ADDRESS[:PORT] [expires SECONDS] */
static int parse_add(struct words *words, struct vsb_affinity *affinity)
{
	const char *pool = words_take(words), *client = words_take(words);
	const char *backend = words_take(words);

	if (!backend)
		return bad("affinity add: needs POOL CLIENT ADDRESS[:PORT]");

	return parse_name("pool", pool, &affinity->pool) ?:
	       parse_client(client, affinity) ?:
	       parse_target(backend, affinity) ?:
	       parse_expires(words, affinity);
}

/* POOL [CLIENT] */
static int parse_del(struct words *words, struct vsb_affinity *affinity)
{
	const char *pool = words_take(words), *client = words_take(words);

	if (!pool)
		return bad("affinity del: needs POOL [CLIENT]");

	return parse_name("pool", pool, &affinity->pool) ?:
	       (client ? parse_client(client, affinity) : 0) ?:
	       words_end(words);
}

/* [POOL] */
static int parse_show(struct words *words, struct vsb_affinity *affinity)
{
	const char *pool = words_take(words);

	return (pool ? parse_name("pool", pool, &affinity->pool) : 0) ?:
	       words_end(words);
}

static int parse_save(struct words *words, struct vsb_affinity *affinity)
{
	(void)affinity;

	return words_end(words);
}

/* "CLIENT of pool POOL", for a complaint. */
static int refused(struct session *session, const struct vsb_affinity *affinity)
{
	char client[ENDPOINT_MAX], what[VSB_NAME_MAX + ENDPOINT_MAX + 32];

	if (affinity->family)
		snprintf(what, sizeof(what), "affinity of %s to pool %s",
			 format_address(client, affinity->family,
					&affinity->client), affinity->pool);
	else
		snprintf(what, sizeof(what), "affinity to pool %s",
			 affinity->pool);

	return session_refused(session, what);
}

static int run_add(struct session *session, struct vsb_affinity *affinity)
{
	affinity->owner = session->options.owner;

	return vsb_affinity_set(session->vsb, affinity) ?
		refused(session, affinity) : 0;
}

static int run_del(struct session *session, struct vsb_affinity *affinity)
{
	affinity->owner = session->options.owner;

	return vsb_affinity_del(session->vsb, affinity) ?
		refused(session, affinity) : 0;
}

static void print_entry(const char *words, const struct vsb_affinity *affinity)
{
	char client[ENDPOINT_MAX], backend[ENDPOINT_MAX], word[WORD_MAX];

	printf("%s %s %s %s expires %u\n", words,
	       format_word(word, affinity->pool),
	       format_address(client, affinity->family, &affinity->client),
	       format_endpoint(backend, affinity->family, &affinity->addr,
			       affinity->port), affinity->expires);
}

/**
 * struct listing - what a listing has come to
 * @any: there was something
 * @is_json: it is one of JSON
 * @json: array of all then
 */
struct listing {
	bool any;
	bool is_json;
	json_t *json;
};

static int show_one(const struct vsb_affinity *affinity, void *arg)
{
	struct listing *listing = arg;

	listing->any = true;
	if (listing->is_json)
		return json_append(&listing->json, json_affinity(affinity));
	print_entry("affinity", affinity);

	return 0;
}

static int save_one(const struct vsb_affinity *affinity, void *arg)
{
	(void)arg;
	print_entry("affinity add", affinity);

	return 0;
}

static int note_pool(const struct vsb_pool *pool, void *arg)
{
	bool *there = arg;

	(void)pool;
	*there = true;

	return 0;
}

/* The kernel looks for clients, and does not miss a pool. */
static int check_pool(struct session *session, const char *name)
{
	const struct vsb_pool filter = { .name = name };
	bool there = false;

	if (vsb_pools_each(session->vsb, &filter, note_pool, &there))
		return session_refused(session, "listing");

	return there ? 0 : complain(EXIT_REFUSED, "pool %s: no such pool", name);
}

static int run_show(struct session *session, struct vsb_affinity *affinity)
{
	struct listing listing = { .is_json = session->options.json };
	int status = 0;

	if (listing.is_json)
		listing.json = json_array();

	if (vsb_affinity_each(session->vsb, affinity, show_one, &listing))
		status = session_refused(session, "listing");
	else if (!listing.any && affinity->pool)
		status = check_pool(session, affinity->pool);
	if (status || !listing.is_json) {
		json_decref(listing.json);
		return status;
	}

	return json_print(json_pack("{so}", "affinity", listing.json));
}

static int run_save(struct session *session, struct vsb_affinity *affinity)
{
	affinity->owner = session->options.owner;

	return vsb_affinity_each(session->vsb, affinity, save_one, NULL) ?
		session_refused(session, "listing") : 0;
}

/* ---- restore */

static int parse_saved(const struct lines *lines, struct vsb_affinity *affinity)
{
	struct words words = {
		.next = (char **)lines->argv + 3, .left = lines->argc - 3,
	};

	*affinity = (struct vsb_affinity){ .pool = NULL };
	if (lines->argc < 3 || strcmp(lines->argv[1], "affinity") ||
	    strcmp(lines->argv[2], "add"))
		return bad("must be affinity add POOL CLIENT ADDRESS[:PORT] [expires SECONDS]");

	return parse_add(&words, affinity);
}

static int restore_line(struct session *session, const struct lines *lines)
{
	struct vsb_affinity affinity;
	int status;

	status = parse_saved(lines, &affinity) ?: run_add(session, &affinity);

	return status ? lines_blame(lines, status) : 0;
}

/* A backend may have gone since; that is no reason to forget the others. */
static int restore(struct session *session, struct lines *lines)
{
	unsigned int all = 0, bad_ones = 0;
	bool more;

	for (;; all++) {
		if (!lines_next(lines, &more)) {
			if (!more)
				break;
			if (!restore_line(session, lines))
				continue;
		}
		fprintf(stderr, "vsbadm: %s\n", complaint());
		bad_ones++;
	}

	return bad_ones ? complain(EXIT_REFUSED,
				   "affinity restore: %u of %u lines refused",
				   bad_ones, all) : 0;
}

static int run_restore(const struct options *options, struct words *words)
{
	cleanup_lines struct lines lines = { .text = NULL };
	const char *path = words_take(words);
	struct session session;
	int status;

	status = words_end(words) ?: lines_read(&lines, path ? path : "-");
	if (status)
		return status;

	status = session_open(&session, options);
	if (!status)
		status = restore(&session, &lines);
	session_close(&session);

	return status;
}

/* ---- the commands */

static const struct command {
	const char *name;
	int (*parse)(struct words *words, struct vsb_affinity *affinity);
	int (*run)(struct session *session, struct vsb_affinity *affinity);
} commands[] = {
	{ "add", parse_add, run_add },
	{ "del", parse_del, run_del },
	{ "show", parse_show, run_show },
	{ "save", parse_save, run_save },
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];

	return NULL;
}

static int run_command(const struct options *options,
		       const struct command *command, struct words *words)
{
	struct vsb_affinity affinity = { .pool = NULL };
	struct session session;
	int status;

	status = command->parse(words, &affinity);
	if (status)
		return status;

	status = session_open(&session, options);
	if (!status)
		status = command->run(&session, &affinity);
	session_close(&session);

	return status;
}

/**
 * affinity() - "affinity add" and its kin
 * @options: of the command line
 * @n: how many words
 * @list: those behind "affinity"
 *
 * Return: 0 or an exit code, after complaining.
 */
int affinity(const struct options *options, int n, char **list)
{
	struct words words = { .next = list, .left = n };
	const char *name = words_take(&words);
	const struct command *command;

	if (!name)
		return bad("affinity: needs add, del, show, save or restore");
	if (!strcmp(name, "restore"))
		return run_restore(options, &words);
	command = find_command(name);
	if (!command)
		return bad("affinity \"%s\": must be add, del, show, save or restore",
			   name);

	return run_command(options, command, &words);
}
