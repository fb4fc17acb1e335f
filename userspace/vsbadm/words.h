/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of our own grammar share: words.c has how words are taken,
 * words_service.c and words_config.c have the larger objects.
 */
#ifndef VSBADM_WORDS_H
#define VSBADM_WORDS_H

#include "vsbadm.h"

/** struct words - the words that are left of a line */
struct words {
	char **next;
	int left;
};

/* What a value is in JSON: in a line, a list's parts have commas between. */
enum key_type {
	KEY_WORD, KEY_NUMBER, KEY_SWITCH, KEY_WORDS, KEY_NUMBERS,
};

/**
 * struct key - a word that a value follows
 * @name: the word
 * @type: of the value
 * @add_only: it cannot be changed later
 * @parse: stores the value
 * @form: what a value is like, for whoever leaves it out
 */
struct key {
	const char *name;
	enum key_type type;
	bool add_only;
	int (*parse)(const char *value, struct change *change);
	const char *form;
};

/** struct key_list - the words that an object may have */
struct key_list {
	const struct key *list;
	size_t n;
};

/* words.c */
const char *words_take(struct words *words);
int words_end(const struct words *words);
int bad_key(const char *word, const struct key_list *keys);
int bad_change(enum noun noun, const struct key_list *keys);
int parse_key(const char *word, struct words *words,
	      const struct key_list *keys, unsigned int *given,
	      struct change *change);
int parse_keys(struct words *words, const struct key_list *keys,
	       struct change *change);
const struct key *find_key(const struct key_list *keys, const char *word);
int check_new_pool(const struct vsb_pool *pool);
extern const struct key_list pool_keys, backend_keys;

/* words_service.c */
int parse_service_line(const char *name, struct words *words,
		       struct change *change);
extern const struct key_list route_keys, service_keys;
int parse_range_line(const char *name, struct words *words,
		     struct change *change);

/* words_config.c */
int parse_config_line(struct words *words, struct change *change);
extern const struct key_list config_keys;

#endif /* VSBADM_WORDS_H */
