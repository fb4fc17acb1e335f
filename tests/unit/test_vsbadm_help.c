// SPDX-License-Identifier: GPL-2.0
/* vsbadm's help: it fits a screen, and no command is left out. */
#include "test_vsbadm.h"
#include "screen.h"

/* For their tables of commands. */
#include "vsbadm/words.c"
int vsbadm_main(int argc, char **argv);
#define main vsbadm_main
#include "vsbadm/main.c"
#undef main

/* A line that succeeds. */
static char *said(const char *text)
{
	struct test_words words;

	cut(&words, text);

	return printed_by(&stdout, vsbadm_main, words.n, words.v, 0);
}

static void assert_says(const char *text, const char *same)
{
	char *a = said(text), *b = said(same);

	assert_string_equal(a, b);
	free(a);
	free(b);
}

static void test_screen(void **state)
{
	static const char *const ipvs[] = {
		"-A", "-E", "-D", "-a", "-e", "-d", "-L", "-C", "-S", "-R",
		"-Z", "--set", "-t", "-u", "--sctp-service", "-f", "-r",
		"rr wrr lc wlc sed nq p2c random sh dh mh fo ovf\n",
	};
	char *screen = said("--help");
	size_t i;

	(void)state;
	assert_fits(screen);
	for (i = 0; i < ARRAY_SIZE(ipvs); i++)
		assert_mentions(screen, ipvs[i]);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		assert_mentions(screen, commands[i].name);
	for (i = 0; i < ARRAY_SIZE(nouns); i++)
		assert_mentions(screen, nouns[i].name);
	assert_mentions(screen, "flush");
	assert_mentions(screen, "vsbadm(8)");
	free(screen);
	assert_says("-h", "--help");
	assert_says("help", "--help");
}

static void check_word(const char *word)
{
	char line[64], same[64], *text;

	snprintf(line, sizeof(line), "help %s", word);
	text = said(line);
	assert_fits(text);
	assert_mentions(text, word);
	free(text);
	snprintf(same, sizeof(same), "%s --help", word);
	assert_says(same, line);
}

static void check_keys(const char *line, const struct key_list *keys)
{
	char *text = said(line);
	size_t i;

	for (i = 0; i < keys->n; i++) {
		assert_mentions(text, keys->list[i].name);
		assert_non_null(keys->list[i].form);
	}
	free(text);
}

static void test_words(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		check_word(commands[i].name);
	for (i = 0; i < ARRAY_SIZE(nouns); i++)
		check_word(nouns[i].name);
	check_word("flush");
	check_keys("help pool", &pool_keys);
	check_keys("help backend", &backend_keys);
	check_keys("help service", &service_keys);
	check_keys("help config", &config_keys);
	assert_says("pool add web --help", "help pool");
}

static void test_refused(void **state)
{
	(void)state;
	assert_int_equal(show_help(NULL, 1, (char *[]){ (char *)"pol" }),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "help \"pol\": not one of our words; see vsbadm --help, and vsbadm(8)");
	assert_int_equal(show_help(NULL, 2, (char *[]){ (char *)"pool",
							(char *)"add" }),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(), "\"add\": not expected here");
}

/* What the program says of words that are none of ours, or not there. */
static void assert_refuses(const char *text, const char *why)
{
	struct test_words words;
	struct line line;

	cut(&words, text);
	assert_int_equal(line_parse(words.n, words.v, &line), 0);
	assert_int_equal(run(&line), EXIT_SYNTAX);
	if (why)
		assert_string_equal(complaint(), why);
}

static void test_unknown(void **state)
{
	size_t i;

	(void)state;
	assert_refuses("config", "config: needs change or show");
	assert_refuses("config add accounting on", "config \"add\": must be change or show");
	assert_refuses("pool", "pool: needs add, change, del, show or zero");
	assert_refuses("pool list", "pool \"list\": must be add, change, del, show or zero");
	assert_refuses("backend zero web", "backend \"zero\": must be add, change, del or show");
	assert_refuses("range change tcp/192.0.2.1:80 10.0.0.0/8",
		       "range \"change\": must be add, del or show");
	assert_refuses("frob", NULL);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		assert_mentions(complaint(), commands[i].name);
	for (i = 0; i < ARRAY_SIZE(nouns); i++)
		assert_mentions(complaint(), nouns[i].name);
	assert_mentions(complaint(), "flush");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests_name("vsbadm help", tests, NULL, NULL);
}
