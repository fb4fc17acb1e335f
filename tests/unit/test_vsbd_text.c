// SPDX-License-Identifier: GPL-2.0
/* Tests how texts become JSON values, and where in them a field is. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vsbd/manifests/format.h"
#include "vsbd/manifests/manifest.h"
#include "vsbd/base/memory.h"
#include "vsbd/k8s/path.h"

/* All documents of a text, as JSON, separated by '|'. */
static int append(const json_t *value, unsigned int document, void *arg)
{
	autofree char *json = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS |
					 JSON_ENCODE_ANY);
	char *all = arg;

	assert_true(document > 0);
	if (*all)
		strcat(all, "|");
	strcat(all, json);
	return 0;
}

static void check_values(const struct format *format, const char *text,
			 const char *expected)
{
	struct format_error error;
	char all[1024] = "";
	int err = format->each(text, strlen(text), append, all, &error);

	if (err)
		print_message("%s\n%s\n", text, error.text);
	assert_int_equal(err, 0);
	assert_string_equal(all, expected);
}

static void yaml_values(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "a: 1", "{\"a\":1}" },
		{ "- 80\n- -3\n- +4\n- 0\n- 0x1f\n- 0o17", "[80,-3,4,0,31,15]" },
		{ "- 0080\n- 1_000\n- 10.0.0.1\n- 1:20",
		  "[\"0080\",\"1_000\",\"10.0.0.1\",\"1:20\"]" },
		{ "- 1.5\n- .5\n- 1e3\n- +\n- .\n- e5\n- 0x\n- .inf",
		  "[1.5,0.5,1000.0,\"+\",\".\",\"e5\",\"0x\",\".inf\"]" },
		{ "- ~\n- null\n-\n- 'null'\n- \"~\"",
		  "[null,null,null,\"null\",\"~\"]" },
		{ "- true\n- False\n- yes\n- on\n- \"true\"",
		  "[true,false,\"yes\",\"on\",\"true\"]" },
		{ "- !!str 80\n- ! 81\n- !!int \"82\"", "[\"80\",\"81\",82]" },
		{ "99999999999999999999", "1e20" },
		{ "a: |\n  x\n  y\nb: >\n  x\n  y\n",
		  "{\"a\":\"x\\ny\\n\",\"b\":\"x y\\n\"}" },
		{ "{a: [1, {b: c}], 80: x}", "{\"80\":\"x\",\"a\":[1,{\"b\":\"c\"}]}" },
		{ "a: &x {b: 1}\nc: *x\nz: &y 5\ne: [*y, *y]",
		  "{\"a\":{\"b\":1},\"c\":{\"b\":1},\"e\":[5,5],\"z\":5}" },
		{ "a: &x {b: 1, c: 2}\nz:\n  <<: *x\n  c: 3",
		  "{\"a\":{\"b\":1,\"c\":2},\"z\":{\"b\":1,\"c\":3}}" },
		{ "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  <<: [*x, *y]",
		  "{\"a\":{\"b\":1},\"c\":{\"b\":2,\"d\":3},\"e\":{\"b\":1,\"d\":3}}" },
		{ "\"<<\": 1", "{\"<<\":1}" },
		{ "a: 1\n---\nb: 2\n", "{\"a\":1}|{\"b\":2}" },
		{ "---\n---\n# only a comment\n---\na: 1\n...\n", "{\"a\":1}" },
		{ "# nothing\n", "" },
		{ "", "" },
		{ "\xef\xbb\xbf" "a: \xc3\xa4", "{\"a\":\"\xc3\xa4\"}" },
		{ "a: \"\\u00e4\\U0001F600\\/\"", "{\"a\":\"\xc3\xa4\xf0\x9f\x98\x80/\"}" },
		{ "{\"a\": \"b\", \"c\": [1]}", "{\"a\":\"b\",\"c\":[1]}" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_values(&yaml_format, cases[i].text, cases[i].expected);
}

static void json_values(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "{\"a\": 1}", "{\"a\":1}" },
		{ "{\"a\": 1}\n\n {\"b\": []} [2]", "{\"a\":1}|{\"b\":[]}|[2]" },
		{ "{\"a\": \"\\ud83d\\ude00\\\"\\u00e4\\/\"}",
		  "{\"a\":\"\xf0\x9f\x98\x80\\\"\xc3\xa4/\"}" },
		{ " \n", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_values(&json_format, cases[i].text, cases[i].expected);
}

static void check_error(const struct format *format, const char *text,
			size_t len, unsigned int document, unsigned int line,
			const char *expected)
{
	struct format_error error;
	char all[1024] = "";

	assert_int_equal(format->each(text, len, append, all, &error),
			 -EBADMSG);
	if (!strstr(error.text, expected))
		fail_msg("\"%s\" is not in \"%s\"", expected, error.text);
	assert_int_equal(error.document, document);
	assert_int_equal(error.line, line);
}

static void yaml_errors(void **state)
{
	static const struct {
		const char *text;
		unsigned int document, line;
		const char *expected;
	} cases[] = {
		{ "a: 1\n---\nb: [\nc: 2\n", 2, 5, "" },
		{ "a:\n\tb: 1\n", 1, 2, "token" },
		{ "a: 1\n  b: 2\n", 1, 2, "mapping values" },
		{ "a: *b\n", 1, 1, "unknown alias b" },
		{ "a: &b\n  c: *b\n", 1, 2, "unknown alias b" },
		{ "a: 1\nb: 2\na: 3\n", 1, 3, "a second a" },
		{ "? [1]\n: 2\n", 1, 1, "a key that is not a string" },
		{ "a: \"\\0\"\n", 1, 1, "zero byte" },
		{ "\"\\0\": 1\n", 1, 1, "zero byte" },
		{ "a: \"\\ud83d\\ude00\"\n", 1, 1, "Unicode" },
		{ "a:\n  <<: 5\n", 1, 2, "<<: is not a mapping" },
		{ "a:\n  <<: [5]\n", 1, 2, "<<: is not a mapping" },
		{ "a: 1\nb: \xff\n", 1, 2, "UTF-8" },
		{ "a: 1\nb: \x01\n", 1, 2, "control characters" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_error(&yaml_format, cases[i].text, strlen(cases[i].text),
			    cases[i].document, cases[i].line,
			    cases[i].expected);
	check_error(&yaml_format, "a: 1\n\0", 6, 1, 2, "control characters");
}

static void json_errors(void **state)
{
	static const struct {
		const char *text;
		unsigned int document, line;
		const char *expected;
	} cases[] = {
		{ "{\"a\": 1,\n}", 1, 2, "string or '}' expected" },
		{ "{\"a\": 1}\n{\n\"b\": x}", 2, 3, "invalid token" },
		{ "{\"a\": 1, \"a\": 2}", 1, 1, "duplicate" },
		{ "{\"a\": \"\\ud83d\"}", 1, 1, "" },
		{ "{\"a\": \"\\u0000\"}", 1, 1, "" },
		{ "{\"a\": \"\xff\"}", 1, 1, "" },
		{ "{\"a\": 1", 1, 1, "expected" },
		{ "nonsense", 1, 1, "expected" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_error(&json_format, cases[i].text, strlen(cases[i].text),
			    cases[i].document, cases[i].line,
			    cases[i].expected);
}

/* Deep nesting must not reach the bottom of the stack. */
static void deep_values(void **state)
{
	static char text[1000001];

	(void)state;
	memset(text, '[', sizeof(text) - 1);
	check_error(&yaml_format, text, sizeof(text) - 1, 1, 1,
		    "more than 64 levels");
	check_error(&json_format, text, sizeof(text) - 1, 1, 1, "depth");
}

/* A file of a size that is allowed can still mean gigabytes. */
static void many_values(void **state)
{
	size_t n = FORMAT_VALUES_MAX + 1;
	autofree char *text = mem_alloc(3 * n + 1);

	(void)state;
	for (size_t i = 0; i < n; i++)
		memcpy(text + 3 * i, ",{}", 3);
	text[0] = '[';
	text[3 * n] = ']';
	check_error(&json_format, text, 3 * n + 1, 1, 1, "too many values");
}

/* A few lines of aliases that mean 10^9 values. */
static void exploding_aliases(void **state)
{
	static const char text[] =
		"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
		"b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
		"c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
		"d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
		"e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
		"f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]\n"
		"g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f, *f]\n"
		"h: &h [*g, *g, *g, *g, *g, *g, *g, *g, *g, *g]\n"
		"i: &i [*h, *h, *h, *h, *h, *h, *h, *h, *h, *h]\n";

	(void)state;
	check_error(&yaml_format, text, strlen(text), 1, 7, "values");
}

static void yaml_lines(void **state)
{
	static const char text[] =
		"first: 1\n"			/* 1 */
		"---\n"
		"# a comment\n"
		"metadata:\n"			/* 4 */
		"  name: x\n"
		"  labels:\n"
		"    a.b/c: y\n"		/* 7 */
		"    d: &anchor\n"
		"      e: 1\n"
		"spec:\n"			/* 10 */
		"  ports:\n"
		"  - name: http\n"		/* 12 */
		"    port: 1\n"
		"  - {name: https,\n"		/* 14 */
		"     port: 2}\n"
		"  other: *anchor\n"		/* 16 */
		"  text: |\n"
		"    spec:\n"
		"    ports: 3\n"
		"  last: 5\n";			/* 20 */
	static const struct {
		const char *path;
		unsigned int line;
	} cases[] = {
		{ "", 4 }, { "metadata", 4 }, { "metadata.name", 5 },
		{ "metadata.labels[a.b/c]", 7 }, { "metadata.labels.d.e", 9 },
		{ "spec.ports[0]", 12 }, { "spec.ports[0].port", 13 },
		{ "spec.ports[1].name", 14 }, { "spec.ports[1].port", 15 },
		{ "spec.ports[1].protocol", 14 }, { "spec.ports[2].port", 11 },
		{ "spec.other", 16 }, { "spec.other.e", 16 },
		{ "spec.last", 20 }, { "spec.ports.name", 11 },
		{ "spec[0]", 10 }, { "nothing.at.all", 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(yaml_format.line(text, strlen(text), 2,
						  cases[i].path),
				 cases[i].line);
	assert_int_equal(yaml_format.line(text, strlen(text), 1, "first"), 1);
}

static void json_lines(void **state)
{
	static const char text[] =
		"{\"first\": [1, {}]}\n"		/* 1 */
		"\n"
		"{ \"metadata\": {\n"			/* 3 */
		"    \"name\": \"a\\\"}{\\\\\",\n"
		"    \"labels\": {\"a.b/c\":\n"		/* 5 */
		"      \"y\"}\n"
		"  },\n"
		"  \"spec\":\n"				/* 8 */
		"    { \"ports\" : [\n"
		"      { \"port\": 1 }, true,\n"	/* 10 */
		"      -1.5e3,\n"
		"      {\n"				/* 12 */
		"        \"name\": null,\n"
		"        \"port\": 2\n"
		"      } ],\n"
		"      \"empty\": [], \"last\": {}\n"	/* 16 */
		"    }\n"
		"}\n";
	static const struct {
		const char *path;
		unsigned int line;
	} cases[] = {
		{ "", 3 }, { "metadata", 3 }, { "metadata.name", 4 },
		{ "metadata.labels[a.b/c]", 5 }, { "spec", 8 },
		{ "spec.ports", 9 }, { "spec.ports[0].port", 10 },
		{ "spec.ports[1]", 10 }, { "spec.ports[2]", 11 },
		{ "spec.ports[3]", 12 }, { "spec.ports[3].name", 13 },
		{ "spec.ports[3].port", 14 }, { "spec.ports[3].none", 12 },
		{ "spec.ports[4]", 9 }, { "spec.empty[0]", 16 },
		{ "spec.last", 16 }, { "spec.last.x", 16 }, { "spec.none", 8 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(json_format.line(text, strlen(text), 2,
						  cases[i].path),
				 cases[i].line);
	assert_int_equal(json_format.line(text, strlen(text), 1, "first[1]"), 1);
}

static void paths(void **state)
{
	char path[PATH_TEXT_MAX] = "";

	(void)state;
	path_add_member(path, "items");
	path_add_index(path, 3);
	path_add_member(path, "labels");
	path_add_member(path, "a.b/c");
	path_add_member(path, "d");
	assert_string_equal(path, "items[3].labels[a.b/c].d");
	for (int i = 0; i < 100; i++)
		path_add_member(path, "more");
	assert_int_equal(strlen(path), PATH_TEXT_MAX - 1);
}

#define SERVICE "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"

static void manifest_errors(void **state)
{
	static const struct {
		const char *name, *text, *expected;
	} cases[] = {
		{ "a.yaml", "", "a.yaml: is empty" },
		{ "a.yaml", " \n\t\n", "a.yaml: is empty" },
		{ "services.yaml",
		  SERVICE "---\n" SERVICE "spec:\n  ports:\n  - port: 70000\n",
		  "services.yaml: document 2, line 10: spec.ports[0].port: 70000 is not 1 to 65535" },
		{ "x/b.yml", SERVICE "---\n- 1\n",
		  "x/b.yml: document 2, line 5: is a list, not an object" },
		{ "c.yaml", SERVICE "---\na: b: c\n",
		  "c.yaml: document 2, line 5: mapping values are not allowed in this context" },
		{ "d.json", "{\"kind\": \"List\", \"apiVersion\": \"v1\",\n"
		  "\"items\": [\n{\"kind\": \"Service\",\n\"apiVersion\": 1}]}",
		  "d.json: document 1, line 4: items[0].apiVersion: is a number, not a string" },
		{ "d.json", "{\"kind\": \"Service\"}",
		  "d.json: document 1, line 1: apiVersion: is missing" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct k8s_list objects = { 0 };
		autofree char *error = NULL;

		assert_true(manifest_read(cases[i].name, cases[i].text,
					  strlen(cases[i].text), &objects,
					  &error));
		assert_string_equal(error, cases[i].expected);
		assert_int_equal(objects.n, 0);
		assert_null(objects.list);
	}
}

static void manifest_documents(void **state)
{
	static const char text[] = SERVICE "---\n# none\n---\n" SERVICE;
	struct k8s_list objects = { 0 };
	autofree char *error = NULL;

	(void)state;
	assert_int_equal(manifest_read("a.yaml", text, strlen(text), &objects,
				       &error), 0);
	assert_int_equal(objects.n, 2);
	assert_string_equal(objects.list[0]->meta.source,
			    "a.yaml: document 1");
	assert_string_equal(objects.list[1]->meta.source,
			    "a.yaml: document 3");
	k8s_list_free(&objects);
	assert_int_equal(manifest_read("a.yaml", "# none\n", 7, &objects,
				       &error), 0);
	assert_int_equal(objects.n, 0);
}

static void manifest_names(void **state)
{
	(void)state;
	assert_true(manifest_is_one("a.yaml"));
	assert_true(manifest_is_one("a.b.yml"));
	assert_true(manifest_is_one("dir.d/a.json"));
	assert_false(manifest_is_one("README.md"));
	assert_false(manifest_is_one("yaml"));
	assert_false(manifest_is_one("a.yaml~"));
	assert_false(manifest_is_one("a.yaml.swp"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_values),
		cmocka_unit_test(json_values),
		cmocka_unit_test(yaml_errors),
		cmocka_unit_test(json_errors),
		cmocka_unit_test(deep_values),
		cmocka_unit_test(many_values),
		cmocka_unit_test(exploding_aliases),
		cmocka_unit_test(yaml_lines),
		cmocka_unit_test(json_lines),
		cmocka_unit_test(paths),
		cmocka_unit_test(manifest_errors),
		cmocka_unit_test(manifest_documents),
		cmocka_unit_test(manifest_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
