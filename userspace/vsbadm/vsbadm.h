/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of vsbadm share. A command line is parsed (line.c, words.c
 * with parse.c) to a struct change or an action, and done only then (change.c
 * and the files of the actions), so that what is wrong never reaches the
 * kernel.
 */
#ifndef VSBADM_H
#define VSBADM_H

#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>

#include <vsb/client.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Exit codes. ipvsadm's grammar has ipvsadm's. */
enum {
	EXIT_REFUSED = 1,
	EXIT_SYNTAX = 2,
	EXIT_IPVS_REFUSED = 255,
	EXIT_IPVS_OPTION = 255,
};

/* Those of diff, as of diff(1): what is refused is no difference. */
enum {
	EXIT_DIFFERS = 1,
	EXIT_TROUBLE = 2,
};

/* An address and port as text: "[" 45 "]:" 5, or a name that is cut. */
#define ENDPOINT_MAX	64
/* And the protocol before it: what a private pool is called. */
#define SERVICE_MAX	72
/* All flags of a service, and more to come. */
#define FLAGS_MAX	64
/* Longest timeout of a connection, in seconds. */
#define TIMEOUT_MAX	2147483
/* A name or label, quoted. */
#define WORD_MAX	(2 * VSB_NAME_MAX + 4)
/* A label, which is no longer for having been cleaned. */
#define LABEL_MAX	(VSB_NAME_MAX + 1)

/* complain.c */
int complain(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *complaint(void);
#define bad(...) complain(EXIT_SYNTAX, __VA_ARGS__)

/* clean.c */
size_t clean_len(const char *text);
char *clean(char *buf, size_t size, const char *text);
const char *clean_label(char *buf, const char *label);

/* What -L shows. */
enum view {
	VIEW_PLAIN, VIEW_STATS, VIEW_RATE, VIEW_THRESHOLDS, VIEW_PERSISTENT,
};

/**
 * struct options - what holds for a whole command line
 * @owner: whose objects are changed
 * @owner_given: it is not the default
 * @json: print JSON
 * @numeric: print no names
 * @replace: what is restored replaces all that the owner has
 * @exact: large numbers whole
 * @view: what -L shows
 */
struct options {
	const char *owner;
	bool owner_given, json, numeric, replace, exact;
	enum view view;
};

/* The first three make changes. */
enum verb { VERB_ADD, VERB_CHANGE, VERB_DEL, VERB_SHOW, VERB_ZERO };
#define VERBS_OF_CHANGES \
	(1U << VERB_ADD | 1U << VERB_CHANGE | 1U << VERB_DEL)

/* A virtual service is ipvsadm's: a service and a private pool of its name. */
enum noun {
	NOUN_POOL, NOUN_BACKEND, NOUN_SERVICE, NOUN_RANGE, NOUN_CONFIG,
	NOUN_VIRTUAL, NOUN_REAL, NOUN_FLUSH,
};

/**
 * struct change - one line that changes something
 * @noun: what
 * @verb: how
 * @pool: the pool; for a virtual service its private one
 * @backend: for backends and real servers
 * @service: for services, their ranges, virtual services and real servers
 * @ranges: for ranges, to be freed by change_free()
 * @n_ranges: how many
 * @config: for settings
 * @name: where @pool.name points for a virtual service
 * @default_scheduler: the scheduler was not given
 *
 * Strings point into the words of the line.
 */
struct change {
	enum noun noun;
	enum verb verb;
	struct vsb_pool pool;
	struct vsb_backend backend;
	struct vsb_service service;
	struct vsb_cidr *ranges;
	size_t n_ranges;
	struct vsb_config config;
	char name[SERVICE_MAX];
	bool default_scheduler;
};

/* Commands of line.c that have no letter of their own. */
enum { COMMAND_CONNECTIONS = 256, COMMAND_TIMEOUTS, COMMAND_SET };

/**
 * struct line - a command line of either grammar
 * @options: global ones
 * @command: the letter of ipvsadm's command, or COMMAND_*; or 0
 * @service_given: -t, -u, -f or --sctp-service
 * @change: where it is a change
 * @words: of our own grammar
 * @n_words: how many
 */
struct line {
	struct options options;
	int command;
	bool service_given;
	struct change change;
	char **words;
	int n_words;
};

/** struct endpoint - an address, and perhaps a port */
struct endpoint {
	uint16_t family;
	union vsb_addr addr;
	uint16_t port;
	bool has_port;
};

/** struct flag_list - the names of a mask's bits, the lowest first */
struct flag_list {
	size_t n;
	const char *const *names;
};

/* parse.c: each stores a value, or complains */
int parse_number(const char *what, const char *text, unsigned long min,
		 unsigned long max, unsigned long *value);
int parse_u32(const char *what, const char *text, uint32_t max,
	      uint32_t *value);
int parse_mark(const char *what, const char *text, uint32_t min,
	       uint32_t *mark);
int parse_name(const char *what, const char *text, const char **name);
int parse_label(const char *text, const char **label);
char *join_choices(char *buf, size_t size, const char *const *choices,
		   size_t n);
int parse_choice(const char *what, const char *text,
		 const char *const *choices, size_t n, uint32_t *value);
int parse_bool(const char *what, const char *form, const char *text,
	       bool *value);
int parse_family(const char *text, uint16_t *family);
int parse_protocol(const char *text, uint8_t *protocol);
int parse_endpoint(const char *what, const char *text, uint8_t protocol,
		   uint16_t family, struct endpoint *endpoint);
bool is_unspecified(const struct endpoint *endpoint);
int parse_service(const char *text, struct vsb_service *service);
int parse_sets(const char *text, uint32_t *sets);
int parse_source(const char *text, uint32_t *sources);
int parse_sources(const char *text, uint32_t *sources);
int parse_at_least(const char *what, const char *text, unsigned long min,
		   unsigned long max, uint32_t *value);
int parse_list(const char *text, int (*each)(const char *part, void *arg),
	       void *arg);
int parse_flags(const struct flag_list *list, const char *text,
		uint32_t *flags);
int parse_devices(const char *text, struct vsb_config *config);
int parse_cidrs(const char *what, const char *text, struct vsb_cidr_list *list);
int parse_ranges(const char *text, struct change *change);

/* line.c, words.c */
int line_parse(int argc, char **argv, struct line *line);
int line_parse_change(int argc, char **argv, struct change *change);
int words_parse(int n, char **words, struct change *change);
bool is_noun(const char *word);
const char *number_form(const char *word);
int parse_verb(const char *noun, const char *word, unsigned int among,
	       enum verb *verb);
void change_free(struct change *change);
#define cleanup_change __attribute__((cleanup(change_free)))

/* format.c */
extern const char *const verb_names[5];
extern const char *const state_names[2];
extern const char *const action_names[2];
extern const char *const verdict_names[4];
extern const char *const reason_names[10];
extern const char *const kind_names[3];
const char *connection_state(const struct vsb_connection *connection);
const char *protocol_title(uint8_t protocol);
extern const struct flag_list service_flags, sched_flags, source_kinds;
const char *protocol_name(uint8_t protocol);
const char *family_name(uint16_t family);
char *format_address(char *buf, uint16_t family, const union vsb_addr *addr);
char *format_endpoint(char *buf, uint16_t family, const union vsb_addr *addr,
		      uint16_t port);
char *format_service(char *buf, const struct vsb_service *service);
char *format_cidr(char *buf, const struct vsb_cidr *cidr);
char *format_sets(char *buf, uint32_t sets);
char *format_sources(char *buf, uint32_t sources);
char *format_ipvs_flags(char *buf, const struct vsb_pool *pool);
char *format_netmask(char *buf, const struct vsb_pool *pool);
char *format_flags(char *buf, const struct flag_list *list, uint32_t flags);
const char *format_word(char *buf, const char *text);

/* write.c */

/* mh's table where nobody says anything else. */
#define TABLE_SIZE	16381

uint32_t address_bits(uint16_t family);
void write_change(const struct change *change);
void write_settings(const struct vsb_config *config);
struct change add_of_pool(const struct vsb_pool *pool);
struct change add_of_backend(const struct vsb_pool *pool,
			     const struct vsb_backend *backend);
struct change add_of_service(const struct vsb_service *service);

/* names.c */
char *name_endpoint(char *buf, uint16_t family, const union vsb_addr *addr,
		    uint16_t port, uint8_t protocol, bool numeric);

/**
 * struct session - a command being done
 * @options: of the command line
 * @vsb: the handle
 * @info: of the module
 */
struct session {
	struct options options;
	struct vsb *vsb;
	struct vsb_info info;
};

int session_open(struct session *session, const struct options *options);
void session_close(struct session *session);
int session_refused(struct session *session, const char *what);

/* change.c */
int make_change(struct session *session, struct change *change);
int check_scheduler(const struct session *session,
		    const struct change *change);
void describe(char *buf, size_t size, const struct change *change);

/* guard.c */
struct guard;
int guard_load(struct session *session, const struct change *only,
	       struct guard **guard);
int guard_check(struct guard *guard, const struct change *change);
void guard_free(struct guard *guard);

/* lines.c */

#define WORDS_MAX	64

/**
 * struct lines - a text of lines, read one by one
 * @text: all of them
 * @len: bytes
 * @at: where the next line begins
 * @number: of the line that was read last, from 1
 * @line: a copy of that, cut into words; has room for any
 * @argc: how many words, a program's name first
 * @argv: these
 */
struct lines {
	char *text;
	size_t len, at;
	unsigned int number;
	char *line;
	int argc;
	char *argv[WORDS_MAX + 1];
};

int lines_read(struct lines *lines, const char *path);
int lines_next(struct lines *lines, bool *more);
void lines_rewind(struct lines *lines);
int lines_blame(const struct lines *lines, int status);
void lines_free(struct lines *lines);
#define cleanup_lines __attribute__((cleanup(lines_free)))

/* script.c */
int run_change(const struct options *options, struct change *change);
int run_script(const struct options *options, const char *path);

/* state.c */

/**
 * struct state_backend - a backend, as a listing has it
 * @pool: its pool's place in struct state
 * @backend: the backend
 * @clients: those that affinity sends to it, where state_count_clients()
 *	counted them
 */
struct state_backend {
	size_t pool;
	struct vsb_backend backend;
	uint32_t clients;
};

/** struct state_pool - a pool and where its backends are */
struct state_pool {
	struct vsb_pool pool;
	size_t first, n;
};

/** struct state_range - a source range and its service's place */
struct state_range {
	size_t service;
	struct vsb_cidr cidr;
};

/**
 * struct state - all pools, backends, services and settings of one generation
 *
 * Pools are sorted by name, backends by pool, address and port, ranges by
 * service, address and length; services by family, kind, protocol, address and
 * port, but those of marks come last, by mark and family. The settings have
 * nothing given where they are not wanted. @has_clients says whether backends
 * have theirs.
 */
struct state {
	struct state_pool *pools;
	size_t n_pools;
	struct state_backend *backends;
	size_t n_backends;
	struct vsb_service *services;
	size_t n_services;
	struct state_range *ranges;
	size_t n_ranges;
	struct vsb_config config;
	bool has_clients;
	struct text *texts;
};

/**
 * struct state_part - what of a state is wanted
 * @pool: this pool with its backends, and nothing else; or NULL
 * @service: this service with its ranges, pools and their backends; or NULL
 */
struct state_part {
	const char *pool;
	const struct vsb_service *service;
};

int state_load(struct session *session, const struct state_part *part,
	       struct state *state, bool whole);
int state_load_loosely(struct session *session, struct state *state);
int state_count_clients(struct session *session, struct state *state);
uint32_t state_inactive(const struct vsb_backend *backend);
void state_free(struct state *state);
const struct state_pool *state_pool(const struct state *state,
				    const char *name);
const struct vsb_service *state_service(const struct state *state,
					const struct vsb_service *key);
struct vsb_service service_filter(const struct vsb_service *key);
bool state_same_service(const struct vsb_service *a,
			const struct vsb_service *b);
const struct vsb_route *state_route(const struct vsb_service *service,
				    uint32_t source);
bool state_uses(const struct vsb_service *service, const char *pool);
bool state_is_first_route(const struct vsb_service *service,
			  unsigned int route);
bool state_same_route(const struct vsb_route *a, const struct vsb_route *b);
void state_join_route(struct vsb_service *service, uint32_t source,
		      const struct vsb_route *to);
int state_compare_backends(uint16_t family, const struct vsb_backend *a,
			   const struct vsb_backend *b);
int state_compare_services(const struct vsb_service *x,
			   const struct vsb_service *y);
int state_compare_cidrs(const struct vsb_cidr *a, const struct vsb_cidr *b);

/* To build one: in order, strings first. */
const char *state_keep(struct state *state, const char *value);
int state_keep_service(struct state *state, struct vsb_service *service);
int state_put_pool(struct state *state, const struct vsb_pool *pool);
int state_put_backend(struct state *state, size_t pool,
		      const struct vsb_backend *backend);
int state_put_service(struct state *state, const struct vsb_service *service);
int state_put_range(struct state *state, size_t service,
		    const struct vsb_cidr *cidr);
void state_index(struct state *state);

/* draft.c */
struct draft;
struct draft *draft_new(const char *owner, const struct state *there,
			struct state *state);
int draft_change(struct draft *draft, const struct change *change);
int draft_check_pool(const struct draft *draft, uint16_t family,
		     const char *name);
int draft_finish(struct draft *draft);
void draft_free(struct draft *draft);

/* diff_state.c */
int diff_state(const struct state *desired, const struct state *actual,
	       const char *owner,
	       int (*each)(struct change *change, void *arg), void *arg);

/* What is printed. */
int show_help(const struct options *options, int n, char **words);
int list(const struct options *options, const struct vsb_service *only);
int list_connections(const struct options *options);
int list_timeouts(const struct options *options);
int save(const struct options *options);
int show(const struct options *options, int n, char **words);
void say_pool(const struct vsb_pool *pool);
void say_backend(const struct vsb_pool *pool,
		  const struct vsb_backend *backend);
void say_service(const struct vsb_service *service);
int explain(const struct options *options, int n, char **words);
int info(const struct options *options);
int parse_query(int n, char **words, struct vsb_query *query);
struct vsb_service answer_service(const struct vsb_query *query,
				  const struct vsb_answer *answer);
void print_answer(const struct vsb_query *query,
		  const struct vsb_answer *answer);

/* What goes on. */
int monitor(const struct options *options, int n, char **words);
int top(const struct options *options, int n, char **words);

/* signals.c */
int signals_open(const int *signals, size_t n);
int signals_take(int fd);

/* What takes effect at once. */
int affinity(const struct options *options, int n, char **words);
int zero(const struct options *options, int n, char **words);
int zero_virtual(const struct options *options,
		 const struct vsb_service *only);

struct json_t;
struct json_t *json_pool(const struct state *state,
			 const struct state_pool *pool);
struct json_t *json_backend(const struct vsb_pool *pool,
			    const struct vsb_backend *backend);
struct json_t *json_service(const struct vsb_service *service);
struct json_t *json_ranges(const struct state *state);
struct json_t *json_affinity(const struct vsb_affinity *affinity);
struct json_t *json_connection(const struct vsb_connection *connection);
struct json_t *json_config(const struct vsb_config *config);
struct json_t *json_info(const struct vsb_info *info);
struct json_t *json_answer(const struct vsb_query *query,
			   const struct vsb_answer *answer);
struct json_t *json_state(const struct state *state);
struct json_t *json_objects(const struct state *state);
int json_append(struct json_t **list, struct json_t *item);
int json_print(struct json_t *json);
int json_print_line(struct json_t *json);

/* desired.c */

/**
 * struct desired - a file that says what is to be
 * @lines: its text
 * @json: the same as a value, where it is JSON
 */
struct desired {
	struct lines lines;
	struct json_t *json;
};

int desired_open(struct desired *desired, const char *command, int n,
		 char **words);
int desired_state(struct desired *desired, const struct session *session,
		  const struct state *there, struct state *state);
void desired_free(struct desired *desired);
#define cleanup_desired __attribute__((cleanup(desired_free)))

int apply(const struct options *options, int n, char **words);
int diff(const struct options *options, int n, char **words);

/* json_read.c */
int json_load_text(const char *text, size_t len, struct json_t **json);
int json_read_state(const struct json_t *json, const struct session *session,
		    struct draft *draft);

#endif /* VSBADM_H */
