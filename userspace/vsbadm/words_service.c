// SPDX-License-Identifier: GPL-2.0
/* Owns the words of services, their routes and their source ranges. */
#include <string.h>

#include "words.h"

/*
 * ---- service NAME [label L] [elsewhere drop|reject] [flags LIST]
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
	return parse_bool("masquerade", "yes or no", value,
			  &last_route(change)->masquerade);
}

static const struct key route_list[] = {
	{ "set", KEY_NUMBER, false, route_set, "0 to 7" },
	{ "masquerade", KEY_SWITCH, false, route_masquerade, "yes or no" },
};
const struct key_list route_keys = {
	route_list, ARRAY_SIZE(route_list),
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

static int set_service_flags(const char *value, struct change *change)
{
	change->service.given |= VSB_SERVICE_FLAGS;

	return parse_flags(&service_flags, value,
			   &change->service.flags);
}

/* Those of a route are named for the complaint only. */
static const struct key service_list[] = {
	{ "label", KEY_WORD, false, service_label, "a text" },
	{ "elsewhere", KEY_WORD, false, service_elsewhere, "drop or reject" },
	{ "flags", KEY_WORDS, false, set_service_flags,
	  "cluster-ip,restricted or none" },
	{ .name = "pod" }, { .name = "node" }, { .name = "outside" },
	{ .name = "pool" }, { .name = "set" }, { .name = "masquerade" },
};
static const struct key_list all_service_keys = {
	service_list, ARRAY_SIZE(service_list),
};
const struct key_list service_keys = { service_list, 3 };

static int add_route(const char *pool, struct routing *routing,
		     struct change *change)
{
	struct vsb_service *service = &change->service;
	struct vsb_route *route;
	unsigned int i;

	if (!pool)
		return bad("pool: needs a name");
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
		return add_route(words_take(words), routing, change);

	if (!strcmp(word, "set") || !strcmp(word, "masquerade")) {
		if (!change->service.n_routes)
			return bad("%s: has to follow pool NAME", word);
		return parse_key(word, words, &route_keys, &routing->given,
				 change);
	}
	if (!find_key(&service_keys, word))
		return bad_key(word, &all_service_keys);

	return parse_key(word, words, &service_keys, &routing->service_given,
			 change);
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

/** parse_service_line() - what follows "service VERB" */
int parse_service_line(const char *name, struct words *words,
		       struct change *change)
{
	struct routing routing = { .kinds = 0 };
	const char *word;
	int status;

	status = parse_service(name, &change->service);
	if (status || change->verb == VERB_DEL)
		return status;
	if (change->verb == VERB_CHANGE && !words->left)
		return bad_change(NOUN_SERVICE, &all_service_keys);

	while (!status && (word = words_take(words)))
		status = parse_service_word(word, words, &routing, change);

	return status ? status : finish_routes(&routing, change);
}

/* ---- range NAME CIDR[,CIDR]... */

/** parse_range_line() - what follows "range VERB" */
int parse_range_line(const char *name, struct words *words,
		     struct change *change)
{
	const char *list;

	if (parse_service(name, &change->service))
		return EXIT_SYNTAX;

	list = words_take(words);
	if (!list)
		return bad("range of service \"%s\": needs an ADDRESS/LENGTH",
			   name);

	return parse_ranges(list, change);
}
