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
	free(options.values);
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
	autofree char *text = printed_by(run, 2, words, 1);

	(void)state;
	assert_fits(text);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		mentions_option(text, known[i].name);
	for (size_t i = 0; settings_all[i].name; i++)
		mentions_option(text, settings_all[i].name);
	assert_mentions(text, "vsbd(8)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
