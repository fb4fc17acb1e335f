// SPDX-License-Identifier: GPL-2.0
/* vsbd's help: it fits a screen, and no option is left out. */

#include "vsbd/objects.h"
#include "screen.h"

/* For its table of options. */
#include "options.c"

static int run(int argc, char **argv)
{
	struct options options;
	int status;

	optind = 0;
	status = options_parse(&options, argc, argv);
	options_free(&options);
	return status;
}

static void mentions_option(const char *text, const char *name)
{
	autofree char *option = mem_printf("--%s", name);

	assert_mentions(text, option);
}

static void screen(void **state)
{
	char *words[] = { (char *)"vsbd", (char *)"--help", NULL };
	autofree char *text = printed_by(&stdout, run, 2, words, 1);

	(void)state;
	assert_fits(text);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		mentions_option(text, known[i].name);
	for (size_t i = 0; settings_all[i].name; i++)
		mentions_option(text, settings_all[i].name);
	assert_mentions(text, "vsbd(8)");
}

/* What a bad command line is answered with. */
static void complains(char *option, const char *expected)
{
	char *words[] = { (char *)"vsbd", option, NULL };
	char *text = printed_by(&stderr, run, 2, words, -EINVAL);

	assert_string_equal(text, expected);
	free(text);
}

#define TRY "Try 'vsbd --help'.\n"

static void misuse(void **state)
{
	(void)state;
	complains((char *)"-m",
		  "vsbd: option requires an argument -- 'm'\n" TRY);
	complains((char *)"--explain",
		  "vsbd: option '--explain' requires an argument\n" TRY);
	complains((char *)"--once=1",
		  "vsbd: option '--once' doesn't allow an argument\n" TRY);
	complains((char *)"--no-such",
		  "vsbd: unrecognized option '--no-such'\n" TRY);
	complains((char *)"word",
		  "vsbd: takes no arguments beside options\n" TRY);
	complains((char *)"--once", "vsbd: --manifests=DIR is missing\n" TRY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screen),
		cmocka_unit_test(misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
