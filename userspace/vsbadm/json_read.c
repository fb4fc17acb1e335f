// SPDX-License-Identifier: GPL-2.0
/*
 * Owns reading JSON as -L -j prints it: which keys each object may have, of
 * which type. What a value means, words.c says, as for a line.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "words.h"

/**
 * struct reader - JSON being read
 * @draft: gets what is read
 * @session: knows the schedulers, and the owner
 * @change: the object that is being read
 * @path: where that is, as in "services[3].routes[0]"
 * @no_ranges: there is no list of ranges
 */
struct reader {
	struct draft *draft;
	const struct session *session;
	struct change change;
	char path[256];
	bool no_ranges;
};

/**
 * struct field - a key of an object
 * @name: the key
 * @needed: it can't be left out
 * @word: whose word it is, where a line has the same; else @read
 * @read: reads it, or looks at it; NULL where it is for the reader of a
 *	listing alone
 */
struct field {
	const char *name;
	bool needed;
	const struct key_list *word;
	int (*read)(struct reader *reader, const json_t *value);
};

/**
 * struct fields - the keys that an object may have, in the order in which they
 * are read
 */
struct fields {
	const struct field *list;
	size_t n;
};

#define FIELDS(array) (&(const struct fields){ array, ARRAY_SIZE(array) })

/* Goes a step down; what is wrong there leaves the path as it is. */
static size_t enter(struct reader *reader, const char *name)
{
	size_t len = strlen(reader->path);

	snprintf(reader->path + len, sizeof(reader->path) - len, "%s%s",
		 len ? "." : "", name);

	return len;
}

static size_t enter_item(struct reader *reader, size_t i)
{
	size_t len = strlen(reader->path);

	snprintf(reader->path + len, sizeof(reader->path) - len, "[%zu]", i);

	return len;
}

static void leave(struct reader *reader, size_t len)
{
	reader->path[len] = '\0';
}

/* ---- objects and lists */

static int unknown(struct reader *reader, const struct fields *fields,
		   const char *key)
{
	char all[256] = "";
	size_t len = 0, i;

	for (i = 0; i < fields->n && len < sizeof(all); i++)
		len += snprintf(all + len, sizeof(all) - len, "%s%s",
				i ? ", " : "", fields->list[i].name);
	enter(reader, key);

	return bad("not a key here; there are: %s", all);
}

static int check_keys(struct reader *reader, const json_t *object,
		      const struct fields *fields)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)object, key, value) {
		for (i = 0; i < fields->n; i++)
			if (!strcmp(key, fields->list[i].name))
				break;
		if (i == fields->n)
			return unknown(reader, fields, key);
	}

	return 0;
}

static int read_word(struct reader *reader, const struct field *field,
		     const json_t *value);

static int read_field(struct reader *reader, const json_t *object,
		      const struct field *field)
{
	const json_t *value = json_object_get(object, field->name);
	size_t len = enter(reader, field->name);
	int status = 0;

	/* Listings have null for what there is not. */
	if (!value || json_is_null(value))
		status = field->needed ? bad("is missing") : 0;
	else if (field->word)
		status = read_word(reader, field, value);
	else if (field->read)
		status = field->read(reader, value);
	if (!status)
		leave(reader, len);

	return status;
}

static int read_object(struct reader *reader, const json_t *object,
		       const struct fields *fields)
{
	int status;
	size_t i;

	if (!json_is_object(object))
		return bad("must be an object");
	status = check_keys(reader, object, fields);
	for (i = 0; !status && i < fields->n; i++)
		status = read_field(reader, object, &fields->list[i]);

	return status;
}

static int read_list(struct reader *reader, const json_t *list,
		     int (*each)(struct reader *reader, const json_t *value))
{
	size_t i, len;
	int status;

	if (!json_is_array(list))
		return bad("must be a list");
	for (i = 0; i < json_array_size(list); i++) {
		len = enter_item(reader, i);
		status = each(reader, json_array_get(list, i));
		if (status)
			return status;
		leave(reader, len);
	}

	return 0;
}

/* ---- values */

static int want_string(const json_t *value, const char **text)
{
	*text = json_string_value(value);

	return *text ? 0 : bad("must be a string");
}

static int want_integer(const json_t *value, json_int_t min, json_int_t max,
			json_int_t *number)
{
	*number = json_integer_value(value);
	if (json_is_integer(value) && *number >= min && *number <= max)
		return 0;

	return bad("must be a whole number from %" JSON_INTEGER_FORMAT
		   " to %" JSON_INTEGER_FORMAT, min, max);
}

/* An item of a list as a line's word has it; whatever would not be one. */
static int write_item(FILE *text, const struct key *key, const json_t *item)
{
	const char *string = json_string_value(item);

	if (key->type == KEY_NUMBERS) {
		if (!json_is_integer(item))
			return bad("must be a whole number");
		fprintf(text, "%" JSON_INTEGER_FORMAT,
			json_integer_value(item));
		return 0;
	}
	if (!string)
		return bad("must be a string");
	if (strchr(string, ',') || !strcmp(string, "none"))
		return bad("\"%s\": not expected here", string);
	fputs(string, text);

	return 0;
}

static int write_list(struct reader *reader, FILE *text, const struct key *key,
		      const json_t *list)
{
	size_t n = json_array_size(list), i, len;
	int status;

	if (!json_is_array(list))
		return bad("must be a list");
	for (i = 0; i < n; i++) {
		len = enter_item(reader, i);
		if (i)
			fputc(',', text);
		status = write_item(text, key, json_array_get(list, i));
		if (status)
			return status;
		leave(reader, len);
	}
	if (!n)
		fputs("none", text);

	return 0;
}

static int write_value(struct reader *reader, FILE *text,
		       const struct key *key, const json_t *value)
{
	switch (key->type) {
	case KEY_NUMBER:
		if (!json_is_integer(value))
			return bad("must be a whole number");
		fprintf(text, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
		return 0;
	case KEY_SWITCH:
		if (!json_is_boolean(value))
			return bad("must be true or false");
		fputs(json_is_true(value) ? "yes" : "no", text);
		return 0;
	default:
		return write_list(reader, text, key, value);
	}
}

/* What a line has as text is read as that. */
static int read_word(struct reader *reader, const struct field *field,
		     const json_t *value)
{
	const struct key *key = find_key(field->word, field->name);
	const char *string;
	char *text = NULL;
	size_t size;
	FILE *file;
	int status;

	/* A string is kept, others are numbers by then. */
	if (key->type == KEY_WORD)
		return want_string(value, &string) ?:
		       key->parse(string, &reader->change);

	file = open_memstream(&text, &size);
	if (!file)
		return complain(EXIT_REFUSED, "out of memory");
	status = write_value(reader, file, key, value);
	fclose(file);
	if (!status)
		status = key->parse(text, &reader->change);
	free(text);

	return status;
}

static int read_address(struct reader *reader, const json_t *value,
			uint16_t family, union vsb_addr *addr)
{
	const char *text;

	(void)reader;
	if (want_string(value, &text))
		return EXIT_SYNTAX;
	if (inet_pton(family, text, addr) != 1)
		return bad("\"%s\": must be an %s address", text,
			   family_name(family));

	return 0;
}

static int read_port(const json_t *value, uint16_t *port)
{
	json_int_t number;

	if (want_integer(value, 0, 65535, &number))
		return EXIT_SYNTAX;
	*port = number;

	return 0;
}

/* The owner is looked at before all else. */
static int read_owner(struct reader *reader, const json_t *value)
{
	const char *owner;

	(void)reader;

	return want_string(value, &owner);
}

static bool is_others(const struct reader *reader, const json_t *object)
{
	const char *owner = json_string_value(json_object_get(object,
							      "owner"));

	return owner && strcmp(owner, reader->session->options.owner);
}

static int take_change(struct reader *reader)
{
	return check_scheduler(reader->session, &reader->change) ?:
	       draft_change(reader->draft, &reader->change);
}

static void begin(struct reader *reader, enum noun noun)
{
	change_free(&reader->change);
	reader->change = (struct change){ .noun = noun, .verb = VERB_ADD };
}

/* ---- backends */

static int backend_pool(struct reader *reader, const json_t *value)
{
	const char *name;

	if (want_string(value, &name))
		return EXIT_SYNTAX;

	return strcmp(name, reader->change.pool.name) ?
		bad("\"%s\": must be \"%s\", where it is", name,
		    reader->change.pool.name) : 0;
}

static int backend_address(struct reader *reader, const json_t *value)
{
	return read_address(reader, value, reader->change.pool.family,
			    &reader->change.backend.addr);
}

static int backend_port(struct reader *reader, const json_t *value)
{
	return read_port(value, &reader->change.backend.port);
}

static const struct field backend_fields[] = {
	{ .name = "pool", .read = backend_pool },
	{ .name = "address", .needed = true, .read = backend_address },
	{ .name = "port", .read = backend_port },
	{ .name = "weight", .word = &backend_keys },
	{ .name = "state", .word = &backend_keys },
	{ .name = "sets", .word = &backend_keys },
	{ .name = "upper", .word = &backend_keys },
	{ .name = "lower", .word = &backend_keys },
	{ .name = "connections" },
	{ .name = "active" },
	{ .name = "clients" },
	{ .name = "stats" },
};

static int read_backend(struct reader *reader, const json_t *value)
{
	/* What it is in stays, from one to the next. */
	reader->change.noun = NOUN_BACKEND;
	reader->change.backend = (struct vsb_backend){ .port = 0 };

	return read_object(reader, value, FIELDS(backend_fields)) ?:
	       draft_change(reader->draft, &reader->change);
}

/* ---- pools */

static int pool_name(struct reader *reader, const json_t *value)
{
	const char *name;

	return want_string(value, &name) ?:
	       parse_name("pool", name, &reader->change.pool.name);
}

/* They come last: the pool is known by then. */
static int pool_backends(struct reader *reader, const json_t *value)
{
	return read_list(reader, value, read_backend);
}

static const struct field pool_fields[] = {
	{ .name = "name", .needed = true, .read = pool_name },
	{ .name = "owner", .read = read_owner },
	{ .name = "family", .needed = true, .word = &pool_keys },
	{ .name = "scheduler", .word = &pool_keys },
	{ .name = "sched-flags", .word = &pool_keys },
	{ .name = "table-size", .word = &pool_keys },
	{ .name = "affinity-timeout", .word = &pool_keys },
	{ .name = "affinity-prefix-len", .word = &pool_keys },
	{ .name = "users" },
	{ .name = "stats" },
	{ .name = "backends" },
};

static const struct field backends_field = {
	.name = "backends", .read = pool_backends,
};

static int read_pool(struct reader *reader, const json_t *value)
{
	if (is_others(reader, value))
		return 0;
	begin(reader, NOUN_POOL);

	return read_object(reader, value, FIELDS(pool_fields)) ?:
	       check_new_pool(&reader->change.pool) ?:
	       take_change(reader) ?:
	       read_field(reader, value, &backends_field);
}

/* ---- services */

static struct vsb_route *last_route(struct reader *reader)
{
	struct vsb_service *service = &reader->change.service;

	return &service->routes[service->n_routes - 1];
}

static int route_source(struct reader *reader, const json_t *value)
{
	const char *text;

	return want_string(value, &text) ?:
	       parse_source(text, &last_route(reader)->sources);
}

static int route_sources(struct reader *reader, const json_t *value)
{
	const struct vsb_service *service = &reader->change.service;
	char kinds[24];
	uint32_t named = 0;
	unsigned int i;

	if (read_list(reader, value, route_source))
		return EXIT_SYNTAX;
	if (!last_route(reader)->sources)
		return bad("must not be empty");
	for (i = 0; i + 1 < service->n_routes; i++)
		named |= service->routes[i].sources;
	named &= last_route(reader)->sources;

	return named ? bad("%s: has a route already",
			   format_sources(kinds, named)) : 0;
}

static int route_pool(struct reader *reader, const json_t *value)
{
	const char *name;

	return want_string(value, &name) ?:
	       draft_check_pool(reader->draft, reader->change.service.family,
				name) ?:
	       parse_name("pool", name, &last_route(reader)->pool);
}

static int route_set(struct reader *reader, const json_t *value)
{
	json_int_t set;

	if (want_integer(value, 0, VSB_SETS_MAX - 1, &set))
		return EXIT_SYNTAX;
	last_route(reader)->set = set;

	return 0;
}

static int route_masquerade(struct reader *reader, const json_t *value)
{
	if (!json_is_boolean(value))
		return bad("must be true or false");
	last_route(reader)->masquerade = json_is_true(value);

	return 0;
}

static const struct field route_fields[] = {
	{ .name = "sources", .needed = true, .read = route_sources },
	{ .name = "pool", .needed = true, .read = route_pool },
	{ .name = "set", .read = route_set },
	{ .name = "masquerade", .read = route_masquerade },
};

static int read_route(struct reader *reader, const json_t *value)
{
	struct vsb_service *service = &reader->change.service;

	if (service->n_routes == ARRAY_SIZE(service->routes))
		return bad("every kind of source has a route already");
	service->routes[service->n_routes++] = (struct vsb_route){ .set = 0 };

	return read_object(reader, value, FIELDS(route_fields));
}

static int service_routes(struct reader *reader, const json_t *value)
{
	const struct vsb_service *service = &reader->change.service;
	uint32_t left = VSB_SOURCES_ALL;
	char kinds[24];
	unsigned int i;

	if (read_list(reader, value, read_route))
		return EXIT_SYNTAX;
	for (i = 0; i < service->n_routes; i++)
		left &= ~service->routes[i].sources;

	return left ? bad("%s: has no route", format_sources(kinds, left)) : 0;
}

static int service_kind(struct reader *reader, const json_t *value)
{
	const char *text;

	return want_string(value, &text) ?:
	       parse_choice("kind", text, kind_names, ARRAY_SIZE(kind_names),
			    &reader->change.service.kind);
}

static int service_family(struct reader *reader, const json_t *value)
{
	const char *text;

	return want_string(value, &text) ?:
	       parse_family(text, &reader->change.service.family);
}

static int service_protocol(struct reader *reader, const json_t *value)
{
	const char *text;

	return want_string(value, &text) ?:
	       parse_protocol(text, &reader->change.service.protocol);
}

static int service_address(struct reader *reader, const json_t *value)
{
	static const union vsb_addr none;
	struct vsb_service *service = &reader->change.service;

	if (read_address(reader, value, service->family, &service->addr))
		return EXIT_SYNTAX;

	return memcmp(&service->addr, &none, sizeof(none)) ? 0 :
		bad("must not be unspecified; a node port has the kind node-port, and null here");
}

static int service_port(struct reader *reader, const json_t *value)
{
	return read_port(value, &reader->change.service.port);
}

static int service_mark(struct reader *reader, const json_t *value)
{
	json_int_t mark;

	if (want_integer(value, 1, UINT32_MAX, &mark))
		return EXIT_SYNTAX;
	reader->change.service.mark = mark;

	return 0;
}

/* It counts only where nothing else says what the ranges are. */
static int service_ranges(struct reader *reader, const json_t *value)
{
	if (reader->no_ranges && json_integer_value(value) > 0)
		return bad("the file has no list of ranges");

	return 0;
}

static const struct field service_fields[] = {
	{ .name = "kind", .needed = true, .read = service_kind },
	{ .name = "family", .needed = true, .read = service_family },
	{ .name = "protocol", .read = service_protocol },
	{ .name = "address", .read = service_address },
	{ .name = "port", .read = service_port },
	{ .name = "mark", .read = service_mark },
	{ .name = "owner", .read = read_owner },
	{ .name = "label", .word = &service_keys },
	{ .name = "elsewhere", .word = &service_keys },
	{ .name = "flags", .word = &service_keys },
	{ .name = "ranges", .read = service_ranges },
	{ .name = "routes", .needed = true, .read = service_routes },
	{ .name = "stats" },
};

static const char *const key_fields[] = {
	"protocol", "address", "port", "mark",
};

/* Which of these each kind has, as bits. */
static const unsigned int kind_has[] = {
	[VSB_KIND_VIP] = 0x7,
	[VSB_KIND_NODE_PORT] = 0x5,
	[VSB_KIND_MARK] = 0x8,
};

/* Whether the key is what the kind wants, neither less nor more. */
static int check_service_key(struct reader *reader, const json_t *object)
{
	const struct vsb_service *service = &reader->change.service;
	const char *kind = kind_names[service->kind];
	const json_t *value;
	bool has, wants;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(key_fields); i++) {
		value = json_object_get(object, key_fields[i]);
		has = value && !json_is_null(value);
		wants = kind_has[service->kind] & 1U << i;
		if (has == wants)
			continue;
		enter(reader, key_fields[i]);
		return wants ? bad("is missing, a %s has one", kind) :
			       bad("must be null, a %s has none", kind);
	}
	if (service->kind == VSB_KIND_NODE_PORT && !service->port) {
		enter(reader, "port");
		return bad("must be 1 to 65535 for a node-port");
	}

	return 0;
}

static int read_service(struct reader *reader, const json_t *value)
{
	if (is_others(reader, value))
		return 0;
	begin(reader, NOUN_SERVICE);

	return read_object(reader, value, FIELDS(service_fields)) ?:
	       check_service_key(reader, value) ?: take_change(reader);
}

/* ---- ranges */

static int ranges_service(struct reader *reader, const json_t *value)
{
	const char *text;

	return want_string(value, &text) ?:
	       parse_service(text, &reader->change.service);
}

/* Each for itself: whoever reads of a wrong one wants its place. */
static int read_range(struct reader *reader, const json_t *value)
{
	const char *text;

	reader->change.n_ranges = 0;
	if (want_string(value, &text))
		return EXIT_SYNTAX;
	if (strchr(text, ','))
		return bad("\"%s\": not expected here", text);

	return parse_ranges(text, &reader->change) ?:
	       draft_change(reader->draft, &reader->change);
}

static int ranges_range(struct reader *reader, const json_t *value)
{
	return read_list(reader, value, read_range);
}

static const struct field range_fields[] = {
	{ .name = "service", .needed = true, .read = ranges_service },
	{ .name = "owner", .read = read_owner },
	{ .name = "range", .needed = true, .read = ranges_range },
};

static int read_ranges(struct reader *reader, const json_t *value)
{
	if (is_others(reader, value))
		return 0;
	begin(reader, NOUN_RANGE);

	return read_object(reader, value, FIELDS(range_fields));
}

/* ---- settings, and all of it */

static const struct field config_fields[] = {
	{ .name = "accounting", .word = &config_keys },
	{ .name = "finished-max", .word = &config_keys },
	{ .name = "masquerade-all", .word = &config_keys },
	{ .name = "pod-cidrs", .word = &config_keys },
	{ .name = "pod-devices", .word = &config_keys },
	{ .name = "service-cidrs", .word = &config_keys },
	{ .name = "node-port-cidrs", .word = &config_keys },
	{ .name = "reject-rate", .word = &config_keys },
	{ .name = "max-pools", .word = &config_keys },
	{ .name = "max-services", .word = &config_keys },
	{ .name = "max-backends", .word = &config_keys },
	{ .name = "affinity-max", .word = &config_keys },
	{ .name = "table-bytes-max", .word = &config_keys },
	{ .name = "timeout-tcp", .word = &config_keys },
	{ .name = "timeout-tcp-fin", .word = &config_keys },
	{ .name = "timeout-udp", .word = &config_keys },
};

static int state_config(struct reader *reader, const json_t *value)
{
	begin(reader, NOUN_CONFIG);

	return read_object(reader, value, FIELDS(config_fields)) ?:
	       draft_change(reader->draft, &reader->change);
}

static int state_pools(struct reader *reader, const json_t *value)
{
	return read_list(reader, value, read_pool);
}

static int state_services(struct reader *reader, const json_t *value)
{
	return read_list(reader, value, read_service);
}

static int state_ranges(struct reader *reader, const json_t *value)
{
	return read_list(reader, value, read_ranges);
}

static const struct field state_fields[] = {
	{ .name = "pools", .needed = true, .read = state_pools },
	{ .name = "services", .needed = true, .read = state_services },
	{ .name = "ranges", .read = state_ranges },
	{ .name = "config", .read = state_config },
};

/**
 * json_load_text() - parse JSON
 * @text: the text
 * @len: how long it is
 * @json: where to store the value, to be freed by json_decref()
 *
 * Return: 0 or EXIT_SYNTAX, after complaining.
 */
int json_load_text(const char *text, size_t len, json_t **json)
{
	json_error_t error;

	*json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

	return *json ? 0 : bad("line %d, column %d: %s", error.line,
			       error.column, error.text);
}

/**
 * json_read_state() - read what -L -j prints
 * @json: the value
 * @session: whose owner's objects are read, others are left out
 * @draft: where to add them
 *
 * Return: 0 or an exit code, after complaining with the path to what is wrong.
 */
int json_read_state(const json_t *json, const struct session *session,
		    struct draft *draft)
{
	struct reader reader = { .draft = draft, .session = session };
	const json_t *ranges;
	char why[2048];
	int status;

	ranges = json_object_get(json, "ranges");
	reader.no_ranges = !ranges || json_is_null(ranges);
	status = read_object(&reader, json, FIELDS(state_fields));
	change_free(&reader.change);
	if (!status || !*reader.path)
		return status;
	snprintf(why, sizeof(why), "%s", complaint());

	return complain(status, "%s: %s", reader.path, why);
}
