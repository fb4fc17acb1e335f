// SPDX-License-Identifier: GPL-2.0
/*
 * Owns our own grammar: {pool|backend|service|config} {add|change|del} NAME
 * [KEY VALUE]..., and flush.
 */
#include <string.h>

#include "vsbadm.h"

/** struct words - the words that are left of a line */
struct words {
	char **next;
	int left;
};

static const char *take(struct words *words)
{
	if (!words->left)
		return NULL;
	words->left--;

	return *words->next++;
}

/**
 * struct key - a word that a value follows
 * @name: the word
 * @add_only: it cannot be changed later
 * @parse: stores the value
 */
struct key {
	const char *name;
	bool add_only;
	int (*parse)(const char *value, struct change *change);
};

static int bad_key(const char *word, const struct key *keys, size_t n)
{
	char all[256] = "";
	size_t len = 0, i;

	for (i = 0; i < n && len < sizeof(all); i++)
		len += snprintf(all + len, sizeof(all) - len, "%s%s",
				i ? ", " : "", keys[i].name);

	return bad("\"%s\": not a key here; there are: %s", word, all);
}

static int parse_key(const char *word, struct words *words,
		     const struct key *keys, size_t n, unsigned int *given,
		     struct change *change)
{
	const char *value;
	size_t i;

	for (i = 0; i < n && strcmp(word, keys[i].name); i++)
		;
	if (i == n)
		return bad_key(word, keys, n);
	if (*given & 1U << i)
		return bad("%s: given twice", word);
	*given |= 1U << i;
	if (keys[i].add_only && change->verb != VERB_ADD)
		return bad("%s: cannot be changed", word);

	value = take(words);
	if (!value)
		return bad("%s: needs a value", word);

	return keys[i].parse(value, change);
}

static int parse_keys(struct words *words, const struct key *keys, size_t n,
		      struct change *change)
{
	unsigned int given = 0;
	const char *word;
	int status = 0;

	while (!status && (word = take(words)))
		status = parse_key(word, words, keys, n, &given, change);
	if (!status && change->verb == VERB_CHANGE && !given)
		return bad("nothing to change is given");

	return status;
}

/* ---- pool NAME [family F] [scheduler S] */

static int pool_family(const char *value, struct change *change)
{
	return parse_family(value, &change->pool.family);
}

static int pool_scheduler(const char *value, struct change *change)
{
	return parse_name("scheduler", value, &change->pool.scheduler);
}

static const struct key pool_keys[] = {
	{ "family", true, pool_family },
	{ "scheduler", false, pool_scheduler },
};

static int parse_pool(const char *name, struct words *words,
		      struct change *change)
{
	int status;

	status = parse_name("pool", name, &change->pool.name);
	if (status || change->verb == VERB_DEL)
		return status;

	status = parse_keys(words, pool_keys, ARRAY_SIZE(pool_keys), change);
	if (!status && change->verb == VERB_ADD && !change->pool.family)
		return bad("pool \"%s\": needs family ipv4 or family ipv6",
			   name);

	return status;
}

/* ---- backend POOL ADDRESS[:PORT] [weight W] [state S] [sets LIST] */

static int backend_weight(const char *value, struct change *change)
{
	change->backend.given |= VSB_BACKEND_WEIGHT;

	return parse_u32("weight", value, VSB_WEIGHT_MAX,
			 &change->backend.weight);
}

static int backend_state(const char *value, struct change *change)
{
	change->backend.given |= VSB_BACKEND_STATE;

	return parse_choice("state", value, state_names,
			    ARRAY_SIZE(state_names), &change->backend.state);
}

static int backend_sets(const char *value, struct change *change)
{
	change->backend.given |= VSB_BACKEND_SETS;

	return parse_sets(value, &change->backend.sets);
}

static const struct key backend_keys[] = {
	{ "weight", false, backend_weight },
	{ "state", false, backend_state },
	{ "sets", false, backend_sets },
};

static int parse_backend(const char *pool, struct words *words,
			 struct change *change)
{
	const char *address = take(words);
	struct endpoint endpoint;

	if (parse_name("pool", pool, &change->pool.name))
		return EXIT_SYNTAX;
	if (!address)
		return bad("backend of pool \"%s\": needs an ADDRESS[:PORT]",
			   pool);
	if (parse_endpoint("backend", address, IPPROTO_TCP, &endpoint))
		return EXIT_SYNTAX;

	change->pool.family = endpoint.family;
	change->backend.addr = endpoint.addr;
	change->backend.port = endpoint.port;
	if (change->verb == VERB_DEL)
		return 0;

	return parse_keys(words, backend_keys, ARRAY_SIZE(backend_keys),
			  change);
}

/*
 * ---- service PROTOCOL/ADDRESS:PORT [label L] [elsewhere drop|reject]
 *	[[pod|node|outside|a list of these] pool P [set N] [masquerade B]]...
 *
 * A pool without kinds of source before it is for those that no other names.
 */

/**
 * struct routing - the routes of a line as they are being read
 * @kinds: kinds of source that wait for their pool
 * @named: kinds that a route has
 * @given: keys of the last route, and of the service
 */
struct routing {
	uint32_t kinds, named;
	unsigned int given, service_given;
};

static struct vsb_route *last_route(struct change *change)
{
	return &change->service.routes[change->service.n_routes - 1];
}

static int route_set(const char *value, struct change *change)
{
	return parse_u32("set", value, VSB_SETS_MAX - 1,
			 &last_route(change)->set);
}

static int route_masquerade(const char *value, struct change *change)
{
	return parse_bool("masquerade", value,
			  &last_route(change)->masquerade);
}

static const struct key route_keys[] = {
	{ "set", false, route_set },
	{ "masquerade", false, route_masquerade },
};

static int service_label(const char *value, struct change *change)
{
	return parse_label(value, &change->service.label);
}

static int service_elsewhere(const char *value, struct change *change)
{
	change->service.given |= VSB_SERVICE_ELSEWHERE;

	return parse_choice("elsewhere", value, action_names,
			    ARRAY_SIZE(action_names),
			    &change->service.elsewhere);
}

/* Those of a route are named for the complaint only. */
static const struct key service_keys[] = {
	{ "label", false, service_label },
	{ "elsewhere", false, service_elsewhere },
	{ "pod", false, NULL }, { "node", false, NULL },
	{ "outside", false, NULL }, { "pool", false, NULL },
	{ "set", false, NULL }, { "masquerade", false, NULL },
};
#define N_SERVICE_KEYS 2

static int add_route(const char *pool, struct routing *routing,
		     struct change *change)
{
	struct vsb_service *service = &change->service;
	struct vsb_route *route;
	unsigned int i;

	if (!pool)
		return bad("pool: needs a value");
	if (routing->kinds & routing->named)
		return bad("pool \"%s\": for a kind of source that has a pool already",
			   pool);
	for (i = 0; i < service->n_routes; i++)
		if (!routing->kinds && !service->routes[i].sources)
			return bad("pool: given twice for the same kinds of source");
	if (service->n_routes == ARRAY_SIZE(service->routes))
		return bad("pool \"%s\": every kind of source has a pool already",
			   pool);

	route = &service->routes[service->n_routes++];
	route->sources = routing->kinds;
	routing->named |= routing->kinds;
	routing->kinds = 0;
	routing->given = 0;

	return parse_name("pool", pool, &route->pool);
}

static bool is_kinds(const char *word)
{
	size_t len = strcspn(word, ",");

	return (len == 3 && !strncmp(word, "pod", len)) ||
	       (len == 4 && !strncmp(word, "node", len)) ||
	       (len == 7 && !strncmp(word, "outside", len));
}

static int parse_service_word(const char *word, struct words *words,
			      struct routing *routing, struct change *change)
{
	if (is_kinds(word))
		return parse_sources(word, &routing->kinds);
	if (routing->kinds && strcmp(word, "pool"))
		return bad("\"%s\": a kind of source is followed by pool NAME",
			   word);
	if (!strcmp(word, "pool"))
		return add_route(take(words), routing, change);

	if (!strcmp(word, "set") || !strcmp(word, "masquerade")) {
		if (!change->service.n_routes)
			return bad("%s: has to follow pool NAME", word);
		return parse_key(word, words, route_keys,
				 ARRAY_SIZE(route_keys), &routing->given,
				 change);
	}
	if (strcmp(word, "label") && strcmp(word, "elsewhere"))
		return bad_key(word, service_keys, ARRAY_SIZE(service_keys));

	return parse_key(word, words, service_keys, N_SERVICE_KEYS,
			 &routing->service_given, change);
}

/* Gives the kinds that are left to the pool that has none. */
static int finish_routes(struct routing *routing, struct change *change)
{
	struct vsb_service *service = &change->service;
	char kinds[24];
	unsigned int i;

	if (routing->kinds)
		return bad("%s: has to be followed by pool NAME",
			   format_sources(kinds, routing->kinds));

	for (i = 0; i < service->n_routes; i++) {
		if (service->routes[i].sources)
			continue;
		service->routes[i].sources = VSB_SOURCES_ALL & ~routing->named;
		routing->named = VSB_SOURCES_ALL;
		if (!service->routes[i].sources)
			return bad("pool \"%s\": every kind of source has a pool already",
				   service->routes[i].pool);
	}
	if (change->verb == VERB_ADD && routing->named != VSB_SOURCES_ALL)
		return bad("%s: no pool is given for these sources",
			   format_sources(kinds, VSB_SOURCES_ALL &
						 ~routing->named));

	return 0;
}

static int parse_service_line(const char *name, struct words *words,
			      struct change *change)
{
	struct routing routing = { .kinds = 0 };
	const char *word;
	int status;

	status = parse_service(name, &change->service);
	if (status || change->verb == VERB_DEL)
		return status;
	if (change->verb == VERB_CHANGE && !words->left)
		return bad("nothing to change is given");

	while (!status && (word = take(words)))
		status = parse_service_word(word, words, &routing, change);

	return status ? status : finish_routes(&routing, change);
}

/*
 * ---- config [accounting B] [finished-max N] [masquerade-all B]
 *	[pod-cidrs L]
 */

static int config_accounting(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_ACCOUNTING;

	return parse_bool("accounting", value, &change->config.accounting);
}

static int config_finished_max(const char *value, struct change *change)
{
	unsigned long number;

	if (parse_number("finished-max", value, 64, 1048576, &number))
		return EXIT_SYNTAX;
	change->config.given |= VSB_CONFIG_FINISHED_MAX;
	change->config.finished_max = number;

	return 0;
}

static int config_masquerade_all(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_MASQUERADE_ALL;

	return parse_bool("masquerade-all", value,
			  &change->config.masquerade_all);
}

static int config_pod_cidrs(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_POD_CIDRS;

	return parse_cidrs("pod-cidrs", value, &change->config.pod_cidrs);
}

static const struct key config_keys[] = {
	{ "accounting", false, config_accounting },
	{ "finished-max", false, config_finished_max },
	{ "masquerade-all", false, config_masquerade_all },
	{ "pod-cidrs", false, config_pod_cidrs },
};

/* ---- the lines */

static const char *const nouns[] = { "pool", "backend", "service", "config" };

bool is_noun(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nouns); i++)
		if (!strcmp(word, nouns[i]))
			return true;

	return false;
}

static int parse_named(struct words *words, struct change *change)
{
	const char *name = take(words);

	if (!name)
		return bad("%s: needs a name", nouns[change->noun]);

	switch (change->noun) {
	case NOUN_POOL:
		return parse_pool(name, words, change);
	case NOUN_BACKEND:
		return parse_backend(name, words, change);
	default:
		return parse_service_line(name, words, change);
	}
}

static int parse_config(struct words *words, struct change *change)
{
	if (change->verb != VERB_CHANGE)
		return bad("config: can be changed and shown only");

	return parse_keys(words, config_keys, ARRAY_SIZE(config_keys), change);
}

/**
 * words_parse() - parse a line of our own grammar that is a change
 * @n: how many words
 * @list: the words
 * @change: where to store it
 *
 * Return: 0 or EXIT_SYNTAX, after complaining.
 */
int words_parse(int n, char **list, struct change *change)
{
	static const char *const verbs[] = { "add", "change", "del" };
	struct words words = { .next = list, .left = n };
	const char *noun = take(&words), *verb;
	uint32_t value;
	int status;

	memset(change, 0, sizeof(*change));
	if (!strcmp(noun, "flush")) {
		change->noun = NOUN_FLUSH;
		return words.left ? bad("\"%s\": not expected here",
					*words.next) : 0;
	}
	if (!is_noun(noun))
		return bad("\"%s\": not a command here; there are pool, backend, service, config, flush and ipvsadm's",
			   noun);
	parse_choice("", noun, nouns, ARRAY_SIZE(nouns), &value);
	change->noun = value;

	verb = take(&words);
	if (!verb)
		return bad("%s: needs add, change or del", noun);
	if (parse_choice(noun, verb, verbs, ARRAY_SIZE(verbs), &value))
		return EXIT_SYNTAX;
	change->verb = value;

	status = change->noun == NOUN_CONFIG ? parse_config(&words, change) :
					       parse_named(&words, change);
	if (!status && words.left)
		return bad("\"%s\": not expected here", *words.next);

	return status;
}
