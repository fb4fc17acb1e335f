/* SPDX-License-Identifier: GPL-2.0 */
/* vsbd's command line. */
#ifndef VSBD_OPTIONS_H
#define VSBD_OPTIONS_H

#include <stdbool.h>

#include "settings.h"

/**
 * struct options - the command line
 * @manifests: --manifests
 * @owner: --owner
 * @config: --config, or NULL
 * @explain: --explain, or NULL
 * @once: --once
 * @dry_run: --dry-run
 * @verbose: --verbose
 * @values: what was said of each of settings_all[], NULL for nothing
 */
struct options {
	const char *manifests;
	const char *owner;
	const char *config;
	const char *explain;
	bool once;
	bool dry_run;
	bool verbose;
	char **values;
};

int options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);
char *options_settings(const struct options *options,
		       struct settings *settings);

#endif /* VSBD_OPTIONS_H */
