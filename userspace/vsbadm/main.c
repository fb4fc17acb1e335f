// SPDX-License-Identifier: GPL-2.0
/* Owns the program: which command is meant, and how it ended. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vsbadm.h"

static int run_txn(const struct options *options, int n, char **words)
{
	if (n > 1)
		return bad("\"%s\": not expected here", words[1]);

	return run_script(options, n ? words[0] : "-");
}

static int run_info(const struct options *options, int n, char **words)
{
	return n ? bad("\"%s\": not expected here", words[0]) : info(options);
}

static const struct command {
	const char *name;
	int (*run)(const struct options *options, int n, char **words);
} commands[] = {
	{ "txn", run_txn },
	{ "apply", apply },
	{ "diff", diff },
	{ "explain", explain },
	{ "info", run_info },
	{ "affinity", affinity },
	{ "monitor", monitor },
	{ "top", top },
	{ "help", show_help },
};

static int run_change_words(struct line *line)
{
	int status;

	status = words_parse(line->n_words, line->words, &line->change);
	if (!status)
		status = run_change(&line->options, &line->change);
	change_free(&line->change);

	return status;
}

static int run_noun(struct line *line)
{
	char **words = line->words;
	int n = line->n_words;
	enum verb verb;

	if (parse_verb(words[0], n > 1 ? words[1] : NULL, ~0U, &verb))
		return EXIT_SYNTAX;
	if (verb == VERB_SHOW)
		return show(&line->options, n, words);
	if (verb == VERB_ZERO)
		return zero(&line->options, n, words);

	return run_change_words(line);
}

static int run_words(struct line *line)
{
	char **words = line->words;
	int n = line->n_words;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(words[0], commands[i].name))
			return commands[i].run(&line->options, n - 1,
					       words + 1);

	if (!strcmp(words[0], "flush"))
		return run_change_words(line);
	if (!is_noun(words[0]))
		return bad("\"%s\": not a command; there are pool, backend, service, range, config, affinity, txn, apply, diff, explain, monitor, top, info, flush, help, and ipvsadm's options",
			   words[0]);

	return run_noun(line);
}

/* ipvsadm ends with another code where the kernel refuses, but for a list. */
static int run_letter(struct line *line)
{
	const struct vsb_service *only =
		line->service_given ? &line->change.service : NULL;
	int status;

	switch (line->command) {
	case 'h':
		/* Of "pool add", "pool" is what it is about. */
		return show_help(&line->options, !!line->n_words,
				 line->words);
	case 'v':
		printf("vsbadm %s\n", VSB_VERSION);
		return 0;
	case 'L':
		return list(&line->options, only);
	case COMMAND_CONNECTIONS:
		return list_connections(&line->options);
	case COMMAND_TIMEOUTS:
		return list_timeouts(&line->options);
	case 'S':
		return save(&line->options);
	case 'Z':
		status = zero_virtual(&line->options, only);
		break;
	case 'R':
		status = run_script(&line->options, "-");
		break;
	default:
		status = run_change(&line->options, &line->change);
		break;
	}

	return status == EXIT_REFUSED ? EXIT_IPVS_REFUSED : status;
}

static int run(struct line *line)
{
	int status;

	if (line->command)
		return run_letter(line);
	if (line->n_words) {
		/* Also where a file has a line of ipvsadm's grammar. */
		status = run_words(line);
		return status == EXIT_IPVS_OPTION ? EXIT_SYNTAX : status;
	}

	/* As ipvsadm does without a command. */
	return list(&line->options, NULL);
}

int main(int argc, char **argv)
{
	struct line line;
	int status;

	status = line_parse(argc, argv, &line);
	if (!status)
		status = run(&line);
	if (!status && (fflush(stdout) || ferror(stdout)))
		status = complain(EXIT_REFUSED, "cannot write: %s",
				  strerror(errno));
	if (status && *complaint())
		fprintf(stderr, "vsbadm: %s\n", complaint());

	return status;
}
