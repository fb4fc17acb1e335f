/* SPDX-License-Identifier: GPL-2.0 */
/* What operators say of the node: on the command line, or in a YAML file. */
#ifndef VSBD_SETTINGS_H
#define VSBD_SETTINGS_H

#include <stdint.h>

#include "model/node.h"

/**
 * struct settings - all of it
 * @node: what the model depends on
 * @min_sync_period: microseconds from one sync to the next, at least
 * @sync_period: microseconds from one look at what others have changed to the
 *	next
 */
struct settings {
	struct node_settings node;
	uint64_t min_sync_period;
	uint64_t sync_period;
};

/**
 * enum setting_kind - how a setting is given on the command line
 * @SETTING_VALUE: with a value; the last one counts
 * @SETTING_SWITCH: the value may be left off
 * @SETTING_LIST: with values that commas separate; they add up, as those of
 *	kube-proxy's string slices do
 */
enum setting_kind {
	SETTING_VALUE,
	SETTING_SWITCH,
	SETTING_LIST,
};

/** struct setting - one of them; the table ends with one without a name */
struct setting {
	const char *name;
	enum setting_kind kind;
	const char *(*set)(struct settings *settings, const char *value);
};

extern const struct setting settings_all[];

void settings_default(struct settings *settings);
char *settings_set(struct settings *settings, const struct setting *setting,
		   const char *value);
char *settings_check(const struct settings *settings);
char *settings_read(struct settings *settings, const char *path);

#endif /* VSBD_SETTINGS_H */
