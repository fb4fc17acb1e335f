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

/* words.c */
const char *words_take(struct words *words);
int words_end(const struct words *words);
int bad_key(const char *word, const struct key *keys, size_t n);
int parse_key(const char *word, struct words *words, const struct key *keys,
	      size_t n, unsigned int *given, struct change *change);
int parse_keys(struct words *words, const struct key *keys, size_t n,
	       struct change *change);

/* words_service.c */
int parse_service_line(const char *name, struct words *words,
		       struct change *change);
int parse_range_line(const char *name, struct words *words,
		     struct change *change);

/* words_config.c */
int parse_config_line(struct words *words, struct change *change);

#endif /* VSBADM_WORDS_H */
