// SPDX-License-Identifier: GPL-2.0
/*
 * Owns our own grammar: {pool|backend|service|range|config} {add|change|del}
 * NAME [KEY VALUE]..., and flush.
 */
#include <stdlib.h>
#include <string.h>

#include "words.h"

/* With the verbs that each has, as bits; in the order of enum noun. */
static const struct {
	const char *name;
	unsigned int verbs;
} nouns[] = {
	{ "pool", VERBS_OF_CHANGES | 1U << VERB_SHOW | 1U << VERB_ZERO },
	{ "backend", VERBS_OF_CHANGES | 1U << VERB_SHOW },
	{ "service", VERBS_OF_CHANGES | 1U << VERB_SHOW | 1U << VERB_ZERO },
	{ "range", 1U << VERB_ADD | 1U << VERB_DEL | 1U << VERB_SHOW },
	{ "config", 1U << VERB_CHANGE | 1U << VERB_SHOW },
};

/** words_take() - the next word, or NULL */
const char *words_take(struct words *words)
{
	if (!words->left)
		return NULL;
	words->left--;

	return *words->next++;
}

/** words_end() - complain where words are left */
int words_end(const struct words *words)
{
	return words->left ? bad("\"%s\": not expected here", *words->next) :
			     0;
}

/* All of them, or those that a change may have. */
static const char *join_keys(char *all, size_t size,
			     const struct key_list *keys, bool change)
{
	size_t len = 0, i;

	for (i = 0; i < keys->n && len < size; i++)
		if (!change || !keys->list[i].add_only)
			len += snprintf(all + len, size - len, "%s%s",
					len ? ", " : "", keys->list[i].name);

	return all;
}

/** bad_key() - complain of a word, naming those there are */
int bad_key(const char *word, const struct key_list *keys)
{
	char all[256];

	return bad("\"%s\": not a key here; there are: %s", word,
		   join_keys(all, sizeof(all), keys, false));
}

/** bad_change() - complain of a change that says nothing, likewise */
int bad_change(enum noun noun, const struct key_list *keys)
{
	char all[256];

	return bad("%s change: nothing to change is given; there are: %s",
		   nouns[noun].name,
		   join_keys(all, sizeof(all), keys, true));
}

/** find_key() - what is known of a word, or NULL */
const struct key *find_key(const struct key_list *keys, const char *word)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (!strcmp(word, keys->list[i].name))
			return &keys->list[i];

	return NULL;
}

/**
 * parse_key() - a key and its value
 * @word: the key
 * @words: what is behind it
 * @keys: those that there are
 * @given: mask of those that came before
 * @change: where to store the value
 *
 * Return: 0 or an exit code, after complaining.
 */
int parse_key(const char *word, struct words *words,
	      const struct key_list *keys, unsigned int *given,
	      struct change *change)
{
	const struct key *key = find_key(keys, word);
	const char *value;

	if (!key)
		return bad_key(word, keys);
	if (*given & 1U << (key - keys->list))
		return bad("%s: given twice", word);
	*given |= 1U << (key - keys->list);
	if (key->add_only && change->verb != VERB_ADD)
		return bad("%s: cannot be changed", word);

	value = words_take(words);
	if (!value)
		return bad("%s: needs %s", word, key->form);

	return key->parse(value, change);
}

/** parse_keys() - all that is left of a line, each key once */
int parse_keys(struct words *words, const struct key_list *keys,
	       struct change *change)
{
	unsigned int given = 0;
	const char *word;
	int status = 0;

	while (!status && (word = words_take(words)))
		status = parse_key(word, words, keys, &given, change);
	if (!status && change->verb == VERB_CHANGE && !given)
		return bad_change(change->noun, keys);

	return status;
}

/*
 * ---- pool NAME [family F] [scheduler S] [sched-flags LIST] [table-size N]
 *	[affinity-timeout N] [affinity-prefix-len N]
 */

static int pool_family(const char *value, struct change *change)
{
	return parse_family(value, &change->pool.family);
}

static int pool_scheduler(const char *value, struct change *change)
{
	return parse_name("scheduler", value, &change->pool.scheduler);
}

static int pool_sched_flags(const char *value, struct change *change)
{
	change->pool.given |= VSB_POOL_SCHED_FLAGS;

	return parse_flags(&sched_flags, value, &change->pool.sched_flags);
}

static int pool_table_size(const char *value, struct change *change)
{
	change->pool.given |= VSB_POOL_TABLE_SIZE;

	return parse_at_least("table-size", value, 3, 131071,
			      &change->pool.table_size);
}

static int pool_affinity_timeout(const char *value, struct change *change)
{
	change->pool.given |= VSB_POOL_AFFINITY_TIMEOUT;

	return parse_u32("affinity-timeout", value, VSB_AFFINITY_TIMEOUT_MAX,
			 &change->pool.affinity_timeout);
}

static int pool_affinity_prefix_len(const char *value, struct change *change)
{
	change->pool.given |= VSB_POOL_AFFINITY_PREFIX_LEN;

	return parse_u32("affinity-prefix-len", value, 128,
			 &change->pool.affinity_prefix_len);
}

static const struct key pool_list[] = {
	{ "family", KEY_WORD, true, pool_family, "ipv4 or ipv6" },
	{ "scheduler", KEY_WORD, false, pool_scheduler,
	  "the name of a scheduler" },
	{ "sched-flags", KEY_WORDS, false, pool_sched_flags,
	  "fallback,port or none" },
	{ "table-size", KEY_NUMBER, false, pool_table_size,
	  "a prime, 3 to 131071" },
	{ "affinity-timeout", KEY_NUMBER, false, pool_affinity_timeout,
	  "0 to 2678400, in seconds" },
	{ "affinity-prefix-len", KEY_NUMBER, false, pool_affinity_prefix_len,
	  "0 to 128" },
};
const struct key_list pool_keys = { pool_list, ARRAY_SIZE(pool_list) };

/** check_new_pool() - what only a new pool, which says its family, can show */
int check_new_pool(const struct vsb_pool *pool)
{
	if (!pool->family)
		return bad("pool \"%s\": needs family ipv4 or family ipv6",
			   pool->name);
	if (pool->family == AF_INET && pool->affinity_prefix_len > 32)
		return bad("affinity-prefix-len \"%u\": must be 0 to 32 for ipv4",
			   pool->affinity_prefix_len);

	return 0;
}

static int parse_pool(const char *name, struct words *words,
		      struct change *change)
{
	int status;

	status = parse_name("pool", name, &change->pool.name);
	if (status || change->verb == VERB_DEL)
		return status;

	status = parse_keys(words, &pool_keys, change);
	if (!status && change->verb == VERB_ADD)
		status = check_new_pool(&change->pool);

	return status;
}

/*
 * ---- backend POOL ADDRESS[:PORT] [weight W] [state S] [sets LIST] [upper N]
 *	[lower N]
 */

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

static int backend_upper(const char *value, struct change *change)
{
	change->backend.given |= VSB_BACKEND_UPPER;

	return parse_u32("upper", value, UINT32_MAX, &change->backend.upper);
}

static int backend_lower(const char *value, struct change *change)
{
	change->backend.given |= VSB_BACKEND_LOWER;

	return parse_u32("lower", value, UINT32_MAX, &change->backend.lower);
}

static const struct key backend_list[] = {
	{ "weight", KEY_NUMBER, false, backend_weight, "0 to 65535" },
	{ "state", KEY_WORD, false, backend_state, "up or draining" },
	{ "sets", KEY_NUMBERS, false, backend_sets,
	  "a list like 0,1 of 0 to 7, or none" },
	{ "upper", KEY_NUMBER, false, backend_upper, "0 to 4294967295" },
	{ "lower", KEY_NUMBER, false, backend_lower, "0 to 4294967295" },
};
const struct key_list backend_keys = {
	backend_list, ARRAY_SIZE(backend_list),
};

static int parse_backend(const char *pool, struct words *words,
			 struct change *change)
{
	const char *address = words_take(words);
	struct endpoint endpoint;

	if (parse_name("pool", pool, &change->pool.name))
		return EXIT_SYNTAX;
	if (!address)
		return bad("backend of pool \"%s\": needs an ADDRESS[:PORT]",
			   pool);
	if (parse_endpoint("backend", address, IPPROTO_TCP, 0, &endpoint))
		return EXIT_SYNTAX;

	change->pool.family = endpoint.family;
	change->backend.addr = endpoint.addr;
	change->backend.port = endpoint.port;
	if (change->verb == VERB_DEL)
		return 0;

	return parse_keys(words, &backend_keys, change);
}

/* ---- the lines */

/* The end of the table where there is no such noun. */
static size_t find_noun(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nouns); i++)
		if (!strcmp(word, nouns[i].name))
			break;

	return i;
}

bool is_noun(const char *word)
{
	return find_noun(word) < ARRAY_SIZE(nouns);
}

/**
 * parse_verb() - the word behind a noun
 * @noun: the noun
 * @word: the word, or NULL
 * @among: which verbs may be here, as bits
 * @verb: where to store it
 *
 * Return: 0 or EXIT_SYNTAX, after complaining.
 */
int parse_verb(const char *noun, const char *word, unsigned int among,
	       enum verb *verb)
{
	const unsigned int there = nouns[find_noun(noun)].verbs & among;
	const char *names[ARRAY_SIZE(verb_names)];
	enum verb verbs[ARRAY_SIZE(verb_names)];
	uint32_t n = 0, i;
	char all[64];

	for (i = 0; i < ARRAY_SIZE(verb_names); i++) {
		if (!(there & 1U << i))
			continue;
		verbs[n] = i;
		names[n++] = verb_names[i];
	}
	if (!word)
		return bad("%s: needs %s", noun,
			   join_choices(all, sizeof(all), names, n));
	if (parse_choice(noun, word, names, n, &i))
		return EXIT_SYNTAX;
	*verb = verbs[i];

	return 0;
}

static int parse_named(struct words *words, struct change *change)
{
	const char *name = words_take(words);

	if (!name)
		return bad("%s: needs a name", nouns[change->noun].name);

	switch (change->noun) {
	case NOUN_POOL:
		return parse_pool(name, words, change);
	case NOUN_BACKEND:
		return parse_backend(name, words, change);
	case NOUN_SERVICE:
		return parse_service_line(name, words, change);
	default:
		return parse_range_line(name, words, change);
	}
}

static int parse_noun(const char *noun, struct change *change)
{
	if (!strcmp(noun, "affinity"))
		return bad("affinity: takes effect at once, and cannot be in a script; see affinity restore");
	if (!is_noun(noun))
		return bad("\"%s\": not a command here; there are pool, backend, service, range, config, flush and ipvsadm's",
			   noun);
	change->noun = find_noun(noun);

	return 0;
}

static int parse_change_verb(const char *noun, const char *verb,
			     struct change *change)
{
	if (verb && !strcmp(verb, "zero"))
		return bad("%s zero: takes effect at once, and cannot be in a script",
			   noun);

	return parse_verb(noun, verb, VERBS_OF_CHANGES, &change->verb);
}

static int parse_line(struct words *words, struct change *change)
{
	const char *noun = words_take(words);

	if (!strcmp(noun, "flush")) {
		change->noun = NOUN_FLUSH;
		return words_end(words);
	}
	if (parse_noun(noun, change) ||
	    parse_change_verb(noun, words_take(words), change))
		return EXIT_SYNTAX;

	return (change->noun == NOUN_CONFIG ?
		parse_config_line(words, change) :
		parse_named(words, change)) ?: words_end(words);
}

/**
 * number_form() - what a word of ours needs behind it, if that is numbers
 * @word: any word
 *
 * Return: "0 to 65535" and the like, or NULL.
 */
const char *number_form(const char *word)
{
	const struct key_list *const lists[] = {
		&pool_keys, &backend_keys, &route_keys, &config_keys,
	};
	static const struct { const char *name, *form; } others[] = {
		{ "expires", "0 to 2678400, in seconds" },
		{ "interval", "1 to 3600, in seconds" },
		{ "mark", "0 to 4294967295, or 0x and digits" },
	};
	const struct key *key;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		key = find_key(lists[i], word);
		if (key && key->type != KEY_WORD && key->type != KEY_WORDS)
			return key->form;
	}
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(word, others[i].name))
			return others[i].form;

	return NULL;
}

/**
 * words_parse() - parse a line of our own grammar that is a change
 * @n: how many words
 * @list: the words
 * @change: where to store it, to be freed by change_free()
 *
 * Return: 0 or an exit code, after complaining.
 */
int words_parse(int n, char **list, struct change *change)
{
	struct words words = { .next = list, .left = n };
	int status;

	memset(change, 0, sizeof(*change));
	status = parse_line(&words, change);
	if (status)
		change_free(change);

	return status;
}

/** change_free() - free what belongs to a change, not to its line */
void change_free(struct change *change)
{
	free(change->ranges);
	change->ranges = NULL;
	change->n_ranges = 0;
}
