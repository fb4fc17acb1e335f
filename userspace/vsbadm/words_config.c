// SPDX-License-Identifier: GPL-2.0
/* Owns the words of settings, which are the attributes' names of the ABI. */
#include "words.h"

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

/** parse_config_line() - what follows "config VERB" */
int parse_config_line(struct words *words, struct change *change)
{
	if (change->verb != VERB_CHANGE)
		return bad("config: can be changed and shown only");

	return parse_keys(words, config_keys, ARRAY_SIZE(config_keys), change);
}
