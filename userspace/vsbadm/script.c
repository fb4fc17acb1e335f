// SPDX-License-Identifier: GPL-2.0
/*
 * Owns transactions of vsbadm: one change, or the lines of a script, which is
 * read and parsed whole before the kernel hears of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

#define WORDS_MAX	64
#define BLANKS		" \t\r"

/**
 * struct script - lines to be done together
 * @text: all of them
 * @len: bytes
 * @at: where the next line begins
 * @number: of the line that was read last, from 1
 * @line: a copy of that, cut into words; has room for any
 * @argc: how many words, a program's name first
 * @argv: these
 */
struct script {
	char *text;
	size_t len, at;
	unsigned int number;
	char *line;
	int argc;
	char *argv[WORDS_MAX + 1];
};

static void script_free(struct script *script)
{
	free(script->text);
	free(script->line);
}

#define cleanup_script __attribute__((cleanup(script_free)))

static void close_file(FILE **file)
{
	if (*file && *file != stdin)
		fclose(*file);
}

static int script_read(struct script *script, const char *path)
{
	__attribute__((cleanup(close_file))) FILE *file = stdin;
	size_t size = 0;
	ssize_t len;

	if (strcmp(path, "-"))
		file = fopen(path, "r");
	if (!file)
		return bad("%s: %s", path, strerror(errno));

	/* No file of text has a NUL: this reads up to the end. */
	errno = 0;
	len = getdelim(&script->text, &size, '\0', file);
	if (len < 0 && (ferror(file) || errno))
		return bad("%s: %s", path, strerror(errno));
	script->len = len < 0 ? 0 : len;
	if (script->len && !script->text[script->len - 1])
		return bad("%s: is not text", path);
	script->line = malloc(script->len + 1);

	return script->line ? 0 : complain(EXIT_REFUSED, "out of memory");
}

static void script_rewind(struct script *script)
{
	script->at = 0;
	script->number = 0;
}

/* Copies the next line; false at the end. */
static bool next_line(struct script *script)
{
	const char *from = script->text + script->at, *end;
	size_t left = script->len - script->at, len;

	if (!left)
		return false;
	end = memchr(from, '\n', left);
	len = end ? (size_t)(end - from) : left;
	memcpy(script->line, from, len);
	script->line[len] = '\0';
	script->at += len + !!end;
	script->number++;

	return true;
}

/* Cuts a quoted word off, in place; \" and \\ stand for themselves. */
static char *take_quoted(char **at)
{
	char *word = *at, *from = word + 1, *to = word;

	for (; *from && *from != '"'; *to++ = *from++)
		if (*from == '\\' && (from[1] == '"' || from[1] == '\\'))
			from++;
	if (*from != '"' || (from[1] && !strchr(BLANKS, from[1])))
		return NULL;
	*at = from + 1 + !!from[1];
	*to = '\0';

	return word;
}

static char *take_plain(char **at)
{
	return strsep(at, BLANKS);
}

/* ipvsadm's lines may end in a comment; in ours '#' may begin a name. */
static bool is_comment(const struct script *script, const char *word)
{
	return *word == '#' &&
	       (script->argc == 1 || script->argv[1][0] == '-');
}

/* A line may be one that a shell ran. */
static bool is_program(const struct script *script, const char *word)
{
	return script->argc == 1 &&
	       (!strcmp(word, "ipvsadm") || !strcmp(word, "vsbadm"));
}

static int split_line(struct script *script)
{
	char *at = script->line, *word;

	script->argc = 1;
	script->argv[0] = (char *)"vsbadm";
	while (at && *(at += strspn(at, BLANKS))) {
		if (is_comment(script, at))
			break;
		word = *at == '"' ? take_quoted(&at) : take_plain(&at);
		if (!word)
			return bad("line %u: a quoted word does not end",
				   script->number);
		if (is_program(script, word))
			continue;
		if (script->argc == WORDS_MAX)
			return bad("line %u: too many words", script->number);
		script->argv[script->argc++] = word;
	}
	script->argv[script->argc] = NULL;

	return 0;
}

/* Parses the next line that says something; *more is false at the end. */
static int next_change(struct script *script, struct change *change,
		       bool *more)
{
	char why[2048];
	int status;

	while ((*more = next_line(script))) {
		status = split_line(script);
		if (status)
			return status;
		if (script->argc == 1)
			continue;
		status = line_parse_change(script->argc, script->argv, change);
		if (!status)
			return 0;
		snprintf(why, sizeof(why), "%s", complaint());
		return complain(status, "line %u: %s", script->number, why);
	}

	return 0;
}

/**
 * struct place - where a change of the transaction comes from
 * @call: the first libvsb call that it made
 * @line: its line
 */
struct place {
	long call;
	unsigned int line;
};

/**
 * struct plan - what is to be done
 * @session: where
 * @script: the lines
 * @guard: services that there are
 * @places: of the changes that were made
 * @n: how many
 */
struct plan {
	struct session *session;
	struct script *script;
	struct guard *guard;
	struct place *places;
	size_t n;
};

/* Calls of libvsb that a change makes; apply() has the other side. */
static int n_calls(const struct change *change)
{
	return change->noun == NOUN_VIRTUAL && change->verb != VERB_CHANGE ?
		2 : 1;
}

static int at_line(const struct script *script, int status)
{
	char why[2048];

	snprintf(why, sizeof(why), "%s", complaint());

	return complain(status, "line %u: %s", script->number, why);
}

/* Stages all lines; negative where libvsb refused. */
static int stage(struct plan *plan, long call)
{
	struct change change;
	bool more;
	int err;

	script_rewind(plan->script);
	for (;;) {
		err = next_change(plan->script, &change, &more);
		if (err || !more)
			return err;
		err = check_scheduler(plan->session, &change) ?:
		      guard_check(plan->guard, &change);
		if (err)
			return at_line(plan->script, err);

		plan->places[plan->n++] = (struct place){
			.call = call,
			.line = plan->script->number,
		};
		call += n_calls(&change);
		err = apply(plan->session, &change);
		if (err)
			return err;
	}
}

static int stage_all(struct plan *plan)
{
	struct session *session = plan->session;
	long call = 0;
	int err;

	if (session->options.replace) {
		err = vsb_flush(session->vsb, session->options.owner);
		if (err)
			return err;
		call = 1;
	}

	return stage(plan, call);
}

/* Tells whose line the refused call was. */
static int refused_line(struct plan *plan)
{
	long call = vsb_failed_change(plan->session->vsb);
	struct change change;
	char what[1024], line[2048];
	bool more = true;
	size_t i = plan->n;

	while (i && plan->places[i - 1].call > call)
		i--;
	if (call < 0 || !i)
		return session_refused(plan->session, NULL);

	script_rewind(plan->script);
	while (more && plan->script->number != plan->places[i - 1].line)
		next_change(plan->script, &change, &more);
	describe(what, sizeof(what), &change);
	snprintf(line, sizeof(line), "line %u: %s", plan->script->number,
		 what);

	return session_refused(plan->session, line);
}

static int run_plan(struct plan *plan)
{
	struct vsb *vsb = plan->session->vsb;
	int err;

	err = vsb_begin(vsb);
	if (err)
		return session_refused(plan->session, NULL);

	err = stage_all(plan);
	if (err) {
		vsb_abort(vsb);
		return err < 0 ? refused_line(plan) : err;
	}
	err = vsb_commit(vsb, NULL, NULL);

	return err ? refused_line(plan) : 0;
}

/* Goes over all lines: how many changes, and whether ipvsadm's are there. */
static int check_lines(struct script *script, size_t *n, bool *guarded)
{
	struct change change;
	bool more;
	int status;

	*n = 0;
	*guarded = false;
	for (;;) {
		status = next_change(script, &change, &more);
		if (status || !more)
			return status;
		++*n;
		*guarded |= change.noun == NOUN_REAL ||
			    change.noun == NOUN_VIRTUAL;
	}
}

static int run_lines(const struct options *options, struct script *script,
		     size_t n, bool guarded)
{
	struct session session;
	struct plan plan = { .session = &session, .script = script };
	int status;

	plan.places = calloc(n + 1, sizeof(*plan.places));
	if (!plan.places)
		return complain(EXIT_REFUSED, "out of memory");

	status = session_open(&session, options);

	/* What is replaced does not stand in the way. */
	if (!status && guarded && !options->replace)
		status = guard_load(&session, NULL, &plan.guard);
	if (!status)
		status = run_plan(&plan);

	session_close(&session);
	guard_free(plan.guard);
	free(plan.places);

	return status;
}

/**
 * run_script() - make the changes that a file says, all or none
 * @options: of the command line
 * @path: the file, "-" for the standard input
 *
 * Return: 0 or an exit code, after complaining.
 */
int run_script(const struct options *options, const char *path)
{
	cleanup_script struct script script = { .text = NULL };
	bool guarded;
	size_t n;
	int status;

	status = script_read(&script, path);
	if (!status)
		status = check_lines(&script, &n, &guarded);

	return status ? status : run_lines(options, &script, n, guarded);
}

static int commit_one(struct session *session, struct change *change)
{
	int err;

	err = vsb_begin(session->vsb);
	if (err)
		return err;

	/* A refusal stays with the transaction, and commit tells of it. */
	apply(session, change);

	return vsb_commit(session->vsb, NULL, NULL);
}

static int check_one(struct session *session, const struct change *change,
		     struct guard **guard)
{
	if (check_scheduler(session, change))
		return EXIT_REFUSED;
	if (change->noun != NOUN_REAL && change->noun != NOUN_VIRTUAL)
		return 0;

	return guard_load(session, change, guard) ?:
	       guard_check(*guard, change);
}

/**
 * run_change() - make one change
 * @options: of the command line
 * @change: the change
 *
 * Return: 0 or an exit code, after complaining.
 */
int run_change(const struct options *options, struct change *change)
{
	struct guard *guard = NULL;
	struct session session;
	char what[1024];
	int status;

	status = session_open(&session, options);
	if (!status)
		status = check_one(&session, change, &guard);
	if (!status && commit_one(&session, change)) {
		describe(what, sizeof(what), change);
		status = session_refused(&session, what);
	}

	session_close(&session);
	guard_free(guard);

	return status;
}
