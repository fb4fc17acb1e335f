// SPDX-License-Identifier: GPL-2.0
/*
 * vsbadm's doing, against a libvsb that keeps all in memory: scripts, what
 * ipvsadm's commands may touch, listings, and that -S | -R loses nothing.
 */
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <jansson.h>

#include "test_vsbadm.h"

/* ---- a libvsb of memory */

#define MAX 64
#define RANGES_MAX 12000

/**
 * struct memory - what there is
 *
 * Strings are never freed before the end: tests are short.
 */
struct memory {
	struct vsb_pool pools[MAX];
	struct vsb_service services[MAX];
	struct { const char *pool; struct vsb_backend backend; } backends[MAX];
	struct { struct vsb_service key; struct vsb_cidr cidr; }
		ranges[RANGES_MAX];
	struct vsb_config config;
	int n_pools, n_services, n_backends, n_ranges;
};

struct vsb {
	struct memory staged;
	long calls;
	int err;
	char error[256];
};

static struct memory memory;
static uint32_t generation;
static int opens, commits;

/* How often somebody else is going to commit before we do. */
static int others;

/* A pool that is one too many. */
static const char *refused_pool;

/* How many objects were listed. */
static int told;

/* What takes effect at once. */
static struct vsb_affinity affinities[MAX];
static int n_affinities;
static char zeroed[1024];

static char *texts[4096];
static int n_texts;

static const char *keep(const char *text)
{
	if (!text)
		return NULL;
	assert_true(n_texts < (int)ARRAY_SIZE(texts));

	return texts[n_texts++] = strdup(text);
}

static int refuse(struct vsb *vsb, int err, const char *what, const char *name)
{
	snprintf(vsb->error, sizeof(vsb->error), "%s %s", what, name);
	vsb->err = err;

	return err;
}

int vsb_open(struct vsb **vsb)
{
	*vsb = calloc(1, sizeof(**vsb));
	opens++;

	return 0;
}

void vsb_close(struct vsb *vsb)
{
	free(vsb);
}

const char *vsb_error(const struct vsb *vsb)
{
	return vsb->error;
}

long vsb_failed_change(const struct vsb *vsb)
{
	return vsb->calls - 1;
}

int vsb_info_get(struct vsb *vsb, struct vsb_info *answer)
{
	(void)vsb;
	*answer = (struct vsb_info){
		.version = "0", .schedulers = "rr wrr random sh mh",
		.generation = generation, .ranges = 7, .unserved = 8,
		.affinity_hits = 9,
	};

	return 0;
}

int vsb_begin(struct vsb *vsb)
{
	generation += !!others;
	others -= !!others;
	vsb->staged = memory;
	vsb->calls = 0;
	vsb->err = 0;

	return 0;
}

int vsb_commit(struct vsb *vsb, const uint32_t *expected, uint32_t *new)
{
	(void)new;
	if (vsb->err)
		return vsb->err;
	if (expected && *expected != generation)
		return refuse(vsb, -EAGAIN, "generation is another", "");
	if (!vsb->calls)
		return 0;
	memory = vsb->staged;
	generation++;
	commits++;

	return 0;
}

void vsb_abort(struct vsb *vsb)
{
	(void)vsb;
}

static struct vsb_pool *find_pool(struct memory *m, const char *name)
{
	int i;

	for (i = 0; i < m->n_pools; i++)
		if (!strcmp(m->pools[i].name, name))
			return &m->pools[i];

	return NULL;
}

static void count(struct memory *m)
{
	const struct vsb_route *routes;
	unsigned int j;
	int i;

	for (i = 0; i < m->n_pools; i++) {
		m->pools[i].users = 0;
		m->pools[i].backends = 0;
	}
	for (i = 0; i < m->n_backends; i++)
		find_pool(m, m->backends[i].pool)->backends++;
	for (i = 0; i < m->n_services; i++) {
		routes = m->services[i].routes;
		for (j = 0; j < m->services[i].n_routes; j++)
			if (!j || strcmp(routes[j].pool, routes[0].pool))
				find_pool(m, routes[j].pool)->users++;
	}
}

static void set_pool(struct vsb_pool *to, const struct vsb_pool *from)
{
	if (from->given & VSB_POOL_SCHED_FLAGS)
		to->sched_flags = from->sched_flags;
	if (from->given & VSB_POOL_TABLE_SIZE)
		to->table_size = from->table_size;
	if (from->given & VSB_POOL_AFFINITY_TIMEOUT)
		to->affinity_timeout = from->affinity_timeout;
	if (from->given & VSB_POOL_AFFINITY_PREFIX_LEN)
		to->affinity_prefix_len = from->affinity_prefix_len;
}

int vsb_pool_new(struct vsb *vsb, const struct vsb_pool *pool)
{
	struct memory *m = &vsb->staged;

	vsb->calls++;
	if (refused_pool && !strcmp(refused_pool, pool->name))
		return refuse(vsb, -ENOSPC, "no more of", pool->name);
	if (find_pool(m, pool->name))
		return refuse(vsb, -EEXIST, "there is a pool", pool->name);
	assert_true(m->n_pools < MAX);
	m->pools[m->n_pools++] = (struct vsb_pool){
		.name = keep(pool->name), .owner = keep(pool->owner),
		.scheduler = keep(pool->scheduler ? pool->scheduler : "rr"),
		.family = pool->family,
		.given = VSB_POOL_TABLE_SIZE, .table_size = 16381,
		.affinity_prefix_len = pool->family == AF_INET6 ? 128 : 32,
	};
	set_pool(&m->pools[m->n_pools - 1], pool);

	return 0;
}

int vsb_pool_set(struct vsb *vsb, const struct vsb_pool *pool)
{
	struct vsb_pool *found = find_pool(&vsb->staged, pool->name);

	vsb->calls++;
	if (!found)
		return refuse(vsb, -ENOENT, "no pool", pool->name);
	if (pool->scheduler)
		found->scheduler = keep(pool->scheduler);
	set_pool(found, pool);

	return 0;
}

int vsb_pool_del(struct vsb *vsb, const struct vsb_pool *pool)
{
	struct memory *m = &vsb->staged;
	struct vsb_pool *found = find_pool(m, pool->name);
	int i;

	vsb->calls++;
	if (!found)
		return refuse(vsb, -ENOENT, "no pool", pool->name);
	for (i = m->n_backends - 1; i >= 0; i--)
		if (!strcmp(m->backends[i].pool, pool->name))
			m->backends[i] = m->backends[--m->n_backends];
	*found = m->pools[--m->n_pools];

	return 0;
}

static int find_backend(const struct memory *m, const struct vsb_pool *pool,
			const struct vsb_backend *backend)
{
	int i;

	for (i = 0; i < m->n_backends; i++)
		if (!strcmp(m->backends[i].pool, pool->name) &&
		    m->backends[i].backend.port == backend->port &&
		    !memcmp(&m->backends[i].backend.addr, &backend->addr,
			    sizeof(backend->addr)))
			return i;

	return -1;
}

static void set_backend(struct vsb_backend *to, const struct vsb_backend *from)
{
	if (from->given & VSB_BACKEND_WEIGHT)
		to->weight = from->weight;
	if (from->given & VSB_BACKEND_STATE)
		to->state = from->state;
	if (from->given & VSB_BACKEND_SETS)
		to->sets = from->sets;
	if (from->given & VSB_BACKEND_UPPER)
		to->upper = from->upper;
	if (from->given & VSB_BACKEND_LOWER)
		to->lower = from->lower;
}

int vsb_backends_new(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	struct memory *m = &vsb->staged;
	struct vsb_pool *found = find_pool(m, pool->name);
	struct vsb_backend backend = { .weight = 1, .sets = 1 };

	vsb->calls++;
	assert_int_equal(n, 1);
	if (!found)
		return refuse(vsb, -ENOENT, "no pool", pool->name);
	if (find_backend(m, pool, backends) >= 0)
		return refuse(vsb, -EEXIST, "backend is in pool", pool->name);
	assert_true(m->n_backends < MAX);
	backend.addr = backends->addr;
	backend.port = backends->port;
	set_backend(&backend, backends);
	m->backends[m->n_backends].pool = keep(pool->name);
	m->backends[m->n_backends++].backend = backend;

	return 0;
}

int vsb_backends_set(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	int i = find_backend(&vsb->staged, pool, backends);

	(void)n;
	vsb->calls++;
	if (i < 0)
		return refuse(vsb, -ENOENT, "no backend in", pool->name);
	set_backend(&vsb->staged.backends[i].backend, backends);

	return 0;
}

int vsb_backends_del(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	struct memory *m = &vsb->staged;
	int i = find_backend(m, pool, backends);

	(void)n;
	vsb->calls++;
	if (i < 0)
		return refuse(vsb, -ENOENT, "no backend in", pool->name);
	m->backends[i] = m->backends[--m->n_backends];

	return 0;
}

static int find_service(const struct memory *m,
			const struct vsb_service *service)
{
	char a[SERVICE_MAX], b[SERVICE_MAX];
	int i;

	for (i = 0; i < m->n_services; i++)
		if (!strcmp(format_service(a, &m->services[i]),
			    format_service(b, service)))
			return i;

	return -1;
}

int vsb_service_new(struct vsb *vsb, const struct vsb_service *service)
{
	struct memory *m = &vsb->staged;
	struct vsb_service *copy;
	unsigned int i;

	vsb->calls++;
	if (find_service(m, service) >= 0)
		return refuse(vsb, -EEXIST, "there is a service", "");
	for (i = 0; i < service->n_routes; i++)
		if (!find_pool(m, service->routes[i].pool))
			return refuse(vsb, -ENOENT, "no pool",
				      service->routes[i].pool);
	assert_true(m->n_services < MAX);
	copy = &m->services[m->n_services++];
	*copy = *service;
	copy->owner = keep(service->owner);
	copy->label = keep(service->label);
	for (i = 0; i < service->n_routes; i++)
		copy->routes[i].pool = keep(service->routes[i].pool);

	return 0;
}

int vsb_service_set(struct vsb *vsb, const struct vsb_service *service)
{
	struct vsb_service *found, before;
	const struct vsb_route *route;
	uint32_t source;
	int i = find_service(&vsb->staged, service);

	vsb->calls++;
	if (i < 0)
		return refuse(vsb, -ENOENT, "no service", "");
	found = &vsb->staged.services[i];
	before = *found;
	if (service->given & VSB_SERVICE_FLAGS)
		found->flags = service->flags;
	found->n_routes = 0;
	for (source = 1; source & VSB_SOURCES_ALL; source <<= 1) {
		route = state_route(service, source) ?:
			state_route(&before, source);
		state_join_route(found, source, route);
	}
	for (source = 0; source < found->n_routes; source++)
		found->routes[source].pool = keep(found->routes[source].pool);

	return 0;
}

static bool same_service(const struct vsb_service *a,
			 const struct vsb_service *b)
{
	char x[SERVICE_MAX], y[SERVICE_MAX];

	return !strcmp(format_service(x, a), format_service(y, b));
}

/* One range of a service, or all with NULL; whether there was one. */
static bool del_ranges(struct memory *m, const struct vsb_service *service,
		       const struct vsb_cidr *cidr)
{
	int was = m->n_ranges, i;

	for (i = m->n_ranges - 1; i >= 0; i--)
		if (same_service(&m->ranges[i].key, service) &&
		    (!cidr || !memcmp(cidr, &m->ranges[i].cidr, sizeof(*cidr))))
			m->ranges[i] = m->ranges[--m->n_ranges];

	return m->n_ranges < was;
}

int vsb_ranges_new(struct vsb *vsb, const struct vsb_service *service,
		   const struct vsb_cidr *cidrs, size_t n)
{
	struct memory *m = &vsb->staged;
	int i = find_service(m, service);

	vsb->calls++;
	if (i < 0)
		return refuse(vsb, -ENOENT, "no service", "");
	assert_true(m->n_ranges + n <= RANGES_MAX);
	m->services[i].ranges += n;
	for (; n; n--, cidrs++) {
		m->ranges[m->n_ranges].key = m->services[i];
		m->ranges[m->n_ranges++].cidr = *cidrs;
	}

	return 0;
}

int vsb_ranges_del(struct vsb *vsb, const struct vsb_service *service,
		   const struct vsb_cidr *cidrs, size_t n)
{
	vsb->calls++;
	for (; n; n--, cidrs++)
		if (!del_ranges(&vsb->staged, service, cidrs))
			return refuse(vsb, -ENOENT, "no range", "");

	return 0;
}

int vsb_ranges_each(struct vsb *vsb, const struct vsb_service *filter,
		    int (*each)(const struct vsb_service *service,
				const struct vsb_cidr *cidr, void *arg),
		    void *arg)
{
	int i, err = 0;

	(void)vsb;
	for (i = 0; !err && i < memory.n_ranges; i++) {
		if (filter && filter->given & VSB_SERVICE_KIND &&
		    !same_service(filter, &memory.ranges[i].key))
			continue;
		told++;
		err = each(&memory.ranges[i].key, &memory.ranges[i].cidr, arg);
	}

	return err;
}

static void note(const char *what, const char *name)
{
	snprintf(zeroed + strlen(zeroed), sizeof(zeroed) - strlen(zeroed),
		 "%s %s\n", what, name);
}

int vsb_pool_zero(struct vsb *vsb, const struct vsb_pool *pool)
{
	const struct vsb_pool *found;

	found = pool->name ? find_pool(&memory, pool->name) : NULL;
	if (pool->name && !found)
		return refuse(vsb, -ENOENT, "no pool", pool->name);
	if (found && strcmp(found->owner, pool->owner))
		return refuse(vsb, -EPERM, "another's pool", pool->name);
	note("pool", pool->name ? pool->name : pool->owner);

	return 0;
}

int vsb_service_zero(struct vsb *vsb, const struct vsb_service *service)
{
	char name[SERVICE_MAX];

	if (service->family && find_service(&memory, service) < 0)
		return refuse(vsb, -ENOENT, "no service", "");
	note("service", service->family ? format_service(name, service) :
					  service->owner);

	return 0;
}

int vsb_affinity_set(struct vsb *vsb, const struct vsb_affinity *affinity)
{
	struct vsb_affinity *copy = &affinities[n_affinities];

	if (!find_pool(&memory, affinity->pool))
		return refuse(vsb, -ENOENT, "no pool", affinity->pool);
	assert_true(n_affinities++ < MAX);
	*copy = *affinity;
	copy->pool = keep(affinity->pool);
	copy->owner = keep(affinity->owner);
	if (!(affinity->given & VSB_AFFINITY_EXPIRES))
		copy->expires = 60;

	return 0;
}

int vsb_affinity_del(struct vsb *vsb, const struct vsb_affinity *affinity)
{
	int i;

	if (!find_pool(&memory, affinity->pool))
		return refuse(vsb, -ENOENT, "no pool", affinity->pool);
	for (i = n_affinities - 1; i >= 0; i--)
		if (!strcmp(affinities[i].pool, affinity->pool) &&
		    (!affinity->family ||
		     !memcmp(&affinities[i].client, &affinity->client, 4)))
			affinities[i] = affinities[--n_affinities];

	return 0;
}

int vsb_affinity_each(struct vsb *vsb, const struct vsb_affinity *filter,
		      int (*each)(const struct vsb_affinity *affinity,
				  void *arg),
		      void *arg)
{
	int i, err = 0;

	(void)vsb;
	for (i = 0; !err && i < n_affinities; i++)
		if (!filter ||
		    ((!filter->pool ||
		      !strcmp(filter->pool, affinities[i].pool)) &&
		     (!filter->owner ||
		      !strcmp(filter->owner, affinities[i].owner))))
			err = each(&affinities[i], arg);

	return err;
}

static struct vsb_connection connections[4];
static int n_connections;

int vsb_connections_each(struct vsb *vsb, const struct vsb_pool *filter,
			 int (*each)(const struct vsb_connection *connection,
				     void *arg),
			 void *arg)
{
	int i, err = 0;

	(void)vsb;
	assert_null(filter);
	for (i = 0; !err && i < n_connections; i++)
		err = each(&connections[i], arg);

	return err;
}

int vsb_service_del(struct vsb *vsb, const struct vsb_service *service)
{
	struct memory *m = &vsb->staged;
	int i = find_service(m, service);

	vsb->calls++;
	if (i < 0)
		return refuse(vsb, -ENOENT, "no service", "");
	del_ranges(m, &m->services[i], NULL);
	m->services[i] = m->services[--m->n_services];

	return 0;
}

int vsb_config_set(struct vsb *vsb, const struct vsb_config *config)
{
	vsb->calls++;
	vsb->staged.config = *config;

	return 0;
}

int vsb_config_get(struct vsb *vsb, struct vsb_config *config)
{
	(void)vsb;
	*config = memory.config;
	config->given = VSB_CONFIG_ALL;

	return 0;
}

int vsb_flush(struct vsb *vsb, const char *owner)
{
	struct memory *m = &vsb->staged;
	int i;

	for (i = m->n_services - 1; i >= 0; i--) {
		if (strcmp(m->services[i].owner, owner))
			continue;
		del_ranges(m, &m->services[i], NULL);
		m->services[i] = m->services[--m->n_services];
	}
	for (i = m->n_pools - 1; i >= 0; i--)
		if (!strcmp(m->pools[i].owner, owner))
			vsb_pool_del(vsb, &m->pools[i]);
	vsb->calls = 1;

	return 0;
}

int vsb_pools_each(struct vsb *vsb, const struct vsb_pool *filter,
		   int (*each)(const struct vsb_pool *pool, void *arg),
		   void *arg)
{
	int i, err;

	(void)vsb;
	count(&memory);
	for (i = 0; i < memory.n_pools; i++) {
		if (filter && filter->name &&
		    strcmp(filter->name, memory.pools[i].name))
			continue;
		if (filter && filter->owner &&
		    strcmp(filter->owner, memory.pools[i].owner))
			continue;
		told++;
		err = each(&memory.pools[i], arg);
		if (err)
			return err;
	}

	return 0;
}

int vsb_backends_each(struct vsb *vsb, const struct vsb_pool *filter,
		      int (*each)(const struct vsb_pool *pool,
				  const struct vsb_backend *backend,
				  void *arg),
		      void *arg)
{
	int i, err;

	(void)vsb;
	for (i = 0; i < memory.n_backends; i++) {
		if (filter && filter->name &&
		    strcmp(filter->name, memory.backends[i].pool))
			continue;
		told++;
		err = each(find_pool(&memory, memory.backends[i].pool),
			   &memory.backends[i].backend, arg);
		if (err)
			return err;
	}

	return 0;
}

int vsb_services_each(struct vsb *vsb, const struct vsb_service *filter,
		      int (*each)(const struct vsb_service *service,
				  void *arg),
		      void *arg)
{
	int i, err;

	(void)vsb;
	for (i = 0; i < memory.n_services; i++) {
		if (filter && filter->given & VSB_SERVICE_KIND &&
		    !same_service(filter, &memory.services[i]))
			continue;
		told++;
		err = each(&memory.services[i], arg);
		if (err)
			return err;
	}

	return 0;
}

/* Changes that were made, one told with each call; then it is enough. */
struct vsb_events {
	int told, fd;
};

int vsb_events_open(struct vsb_events **events)
{
	*events = calloc(1, sizeof(**events));

	/* Always readable. */
	return ((*events)->fd = open("/dev/zero", O_RDONLY)) < 0 ? -errno : 0;
}

void vsb_events_close(struct vsb_events *events)
{
	close(events->fd);
	free(events);
}

const char *vsb_events_error(const struct vsb_events *events)
{
	(void)events;

	return "no more";
}

int vsb_events_fd(const struct vsb_events *events)
{
	return events->fd;
}

static int first_backend(const struct vsb_event_calls *calls, void *arg)
{
	const struct vsb_event event = { VSB_CHANGE_SET, 8 };
	const struct vsb_pool *pool = find_pool(&memory,
						memory.backends[0].pool);

	return calls->backend(&event, pool, &memory.backends[0].backend, arg);
}

int vsb_events_read(struct vsb_events *events,
		    const struct vsb_event_calls *calls, void *arg)
{
	const struct vsb_event new = { VSB_CHANGE_NEW, 7 };
	const struct vsb_event set = { VSB_CHANGE_SET, 8 };
	const struct vsb_event del = { VSB_CHANGE_DEL, 9 };
	struct vsb_config config = memory.config;

	switch (events->told++) {
	case 0:
		return calls->pool ?
			calls->pool(&new, &memory.pools[0], arg) : 0;
	case 1:
		return calls->backend ? first_backend(calls, arg) : 0;
	case 2:
		return calls->service ?
			calls->service(&set, &memory.services[0], arg) : 0;
	case 3:
		return calls->service ?
			calls->service(&del, &memory.services[0], arg) : 0;
	case 4:
		config.given = VSB_CONFIG_ALL;
		return calls->config ? calls->config(&set, &config, arg) : 0;
	case 5:
		return calls->overrun(arg);
	default:
		return raise(SIGTERM);
	}
}

int vsb_explain(struct vsb *vsb, const struct vsb_query *query,
		struct vsb_answer **answer)
{
	(void)query;
	*answer = NULL;

	return refuse(vsb, -ENODEV, "no", "device");
}

void vsb_answer_free(struct vsb_answer *answer)
{
	free(answer);
}

/* ---- running */

static struct options options = { .owner = "admin", .numeric = true };

static int reset(void **state)
{
	(void)state;
	while (n_texts)
		free(texts[--n_texts]);
	memset(&memory, 0, sizeof(memory));
	opens = commits = 0;
	n_affinities = 0;
	n_connections = 0;
	options.view = VIEW_PLAIN;
	others = 0;
	zeroed[0] = '\0';

	return 0;
}

/* Runs a command on a file of this text. */
static int with_file(const char *text,
		     int (*run)(const struct options *options, int n,
				char **words))
{
	char path[] = "/tmp/test_vsbadm.XXXXXX", *words[] = { path };
	int fd = mkstemp(path), status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	status = run(&options, 1, words);
	unlink(path);

	return status;
}

static int run_file(const struct options *with, int n, char **words)
{
	assert_int_equal(n, 1);

	return run_script(with, words[0]);
}

static int script(const char *text)
{
	return with_file(text, run_file);
}

static int one(const char *text)
{
	cleanup_change struct change change = { .ranges = NULL };
	struct test_words words;

	cut(&words, text);
	assert_int_equal(line_parse_change(words.n, words.v, &change), 0);

	return run_change(&options, &change);
}

/* What a function prints. */
static char *printed(int (*print)(const struct options *options))
{
	static char text[512 * 1024];
	int saved = dup(STDOUT_FILENO);
	FILE *file = tmpfile();
	size_t len;

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	assert_int_equal(print(&options), 0);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);

	return text;
}

static int list_all(const struct options *with)
{
	return list(with, NULL);
}

#define BASE								\
	"-A -t 192.0.2.1:80 -s rr\n"					\
	"-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n"			\
	"-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 0\n"			\
	"-A -u [2001:db8::1]:53 -s wrr\n"				\
	"-a -u [2001:db8::1]:53 -r [2001:db8::a]:53 -m -w 65535\n"

#define OTHER								\
	"pool add web family ipv4 scheduler random\n"			\
	"backend add web 10.1.0.1:80 weight 5 state draining sets 0,1\n"	\
	"backend add web 10.1.0.2:80 weight 1 sets none\n"		\
	"service add tcp/192.0.2.2:80 label \"a \\\"b\\\"\" elsewhere reject pod pool web set 1 masquerade yes node,outside pool web\n"

static void test_save_restore(void **state)
{
	(void)state;
	assert_int_equal(script(BASE), 0);
	assert_int_equal(commits, 1);
	assert_string_equal(printed(save), BASE);

	assert_int_equal(script(OTHER), 0);
	assert_int_equal(commits, 2);

	/* Pools first; services by family, protocol and address. */
	assert_string_equal(printed(save),
		"pool add web family ipv4 scheduler random\n"
		"backend add web 10.1.0.1:80 weight 5 state draining sets 0,1\n"
		"backend add web 10.1.0.2:80 weight 1 sets none\n"
		"-A -t 192.0.2.1:80 -s rr\n"
		"-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n"
		"-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 0\n"
		"service add tcp/192.0.2.2:80 label \"a \\\"b\\\"\" elsewhere reject pod pool web set 1 masquerade yes node,outside pool web\n"
		"-A -u [2001:db8::1]:53 -s wrr\n"
		"-a -u [2001:db8::1]:53 -r [2001:db8::a]:53 -m -w 65535\n");
}

static void test_replace(void **state)
{
	char *saved;

	(void)state;
	assert_int_equal(script(OTHER BASE), 0);
	saved = strdup(printed(save));
	options.replace = true;
	assert_int_equal(script(saved), 0);
	assert_string_equal(printed(save), saved);
	assert_int_equal(script(BASE), 0);
	assert_string_equal(printed(save), BASE);
	assert_int_equal(script(""), 0);
	assert_string_equal(printed(save), "");

	/* A refused line is named, though a flush came before the first. */
	assert_int_equal(script("\n-A -t 192.0.2.1:80 -s rr\n-A -t 192.0.2.1:80 -s rr\n"),
			 EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "line 3: service tcp/192.0.2.1:80: there is a pool tcp/192.0.2.1:80");
	options.replace = false;
	free(saved);
}

/* What makes a service more than ipvsadm can say is not lost. */
static void test_not_plain(void **state)
{
	static const char *const scripts[] = {
		"pool add tcp/192.0.2.1:80 family ipv4 scheduler rr\n"
		"service add tcp/192.0.2.1:80 label x pool tcp/192.0.2.1:80\n",
		"pool add tcp/192.0.2.1:80 family ipv4 scheduler rr\n"
		"service add tcp/192.0.2.1:80 elsewhere reject pool tcp/192.0.2.1:80\n",
		"pool add tcp/192.0.2.1:80 family ipv4 scheduler rr\n"
		"service add tcp/192.0.2.1:80 pool tcp/192.0.2.1:80 masquerade yes\n",
		"pool add tcp/192.0.2.1:80 family ipv4 scheduler rr\n"
		"service add tcp/192.0.2.1:80 pool tcp/192.0.2.1:80 set 1\n",
		"pool add tcp/192.0.2.1:80 family ipv4 scheduler rr\n"
		"backend add tcp/192.0.2.1:80 10.0.0.1:80 weight 1 state draining\n"
		"service add tcp/192.0.2.1:80 pool tcp/192.0.2.1:80\n",
		"pool add tcp/192.0.2.1:80 family ipv4 scheduler rr\n"
		"service add tcp/192.0.2.1:80 pool tcp/192.0.2.1:80\n"
		"service add tcp/192.0.2.1:81 pool tcp/192.0.2.1:80\n",
		"pool add tcp/192.0.2.1:0 family ipv4 scheduler rr\n"
		"service add tcp/192.0.2.1:0 pool tcp/192.0.2.1:0\n",
		"-A -t 192.0.2.1:0 -s rr -p 360\n"
		"-a -t 192.0.2.1:0 -r 10.0.0.1:0 -m -w 1\n",
		"-A -t 192.0.2.1:80 -s rr -p 60 -M 0.0.0.0\n",
		"-A -f 5 -s rr\n"
		"-A -f 5 -6 -s rr\n",
		"pool add mark/ipv6:5 family ipv6 scheduler rr affinity-timeout 60 affinity-prefix-len 0\n"
		"service add mark/ipv6:5 pool mark/ipv6:5\n",
		"pool add tcp/192.0.2.9:80 family ipv4 scheduler rr\n",
		"pool add \"#1\" family ipv6 scheduler rr\n",
		"pool add tcp/192.0.2.1:80 family ipv4 scheduler rr\n"
		"service add tcp/192.0.2.1:80 flags cluster-ip pool tcp/192.0.2.1:80\n",
		"-A -t 192.0.2.1:80 -s rr -p 10800\n",
		"-A -t 192.0.2.1:80 -s mh -p 60 -M 255.255.255.0 -b mh-fallback,mh-port\n"
		"-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1 -x 10 -y 5\n",
		"-A -t [2001:db8::1]:80 -s sh -p 360 -M 64 -b sh-port\n",
		"pool add tcp/192.0.2.1:80 family ipv4 scheduler mh sched-flags port table-size 251\n"
		"backend add tcp/192.0.2.1:80 10.0.0.1:80 weight 1 upper 10 lower 5\n"
		"service add tcp/192.0.2.1:80 pool tcp/192.0.2.1:80\n",
		"pool add udp/[2001:db8::1]:53 family ipv6 scheduler rr affinity-prefix-len 64\n"
		"service add udp/[2001:db8::1]:53 pool udp/[2001:db8::1]:53\n",
		"pool add p family ipv4 scheduler rr affinity-timeout 1 affinity-prefix-len 0\n",
		"pool add tcp/0.0.0.0:30080 family ipv4 scheduler rr\n"
		"service add tcp/0.0.0.0:30080 pool tcp/0.0.0.0:30080\n",
		"pool add a family ipv6 scheduler rr\n"
		"service add udp/[::]:30080 flags restricted pool a\n"
		"range add udp/[::]:30080 2001:db8::/32,fd00::/8\n",
		"pool add mark/ipv4:5 family ipv4 scheduler rr\n"
		"service add mark/ipv4:5 flags restricted pool mark/ipv4:5\n"
		"range add mark/ipv4:5 10.0.0.0/8\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(scripts); i++) {
		reset(NULL);
		assert_int_equal(script(scripts[i]), 0);
		assert_string_equal(printed(save), scripts[i]);
	}
}

#define MARKS								\
	"-A -f 5 -s rr\n"						\
	"-a -f 5 -r 10.0.0.1:0 -m -w 1\n"				\
	"-A -f 5 -6 -s wrr\n"						\
	"-a -f 5 -6 -r [2001:db8::a]:80 -m -w 2\n"			\
	"-A -f 4294967295 -s rr\n"

static void test_save_marks(void **state)
{
	(void)state;
	assert_int_equal(script(MARKS), 0);
	assert_string_equal(printed(save), MARKS);

	/* Ranges are behind all services, in our own words. */
	assert_int_equal(script("range add mark/ipv6:0x5 fd00::/8\n" BASE
				"range add tcp/192.0.2.1:80 192.0.2.0/24,10.0.0.0/8\n"),
			 0);
	assert_string_equal(printed(save),
		"-A -t 192.0.2.1:80 -s rr\n"
		"-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n"
		"-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 0\n"
		"-A -u [2001:db8::1]:53 -s wrr\n"
		"-a -u [2001:db8::1]:53 -r [2001:db8::a]:53 -m -w 65535\n"
		MARKS
		"range add tcp/192.0.2.1:80 10.0.0.0/8,192.0.2.0/24\n"
		"range add mark/ipv6:5 fd00::/8\n");

	/* Another owner's are not ours to save. */
	options.owner = "ops";
	assert_string_equal(printed(save), "");
	options.owner = "admin";
}

/* As many ranges as some have, in one line, and saved in lines of some. */
static void test_many_ranges(void **state)
{
	size_t size = 10000 * 20, len;
	char *text = malloc(size), *saved, *line;
	int lines = 0, i;

	(void)state;
	len = sprintf(text, "%sservice change tcp/192.0.2.1:80 flags restricted\nrange add tcp/192.0.2.1:80 ",
		      BASE);
	for (i = 0; i < 10000; i++)
		len += sprintf(text + len, "%s10.%d.%d.0/24", i ? "," : "",
			       i / 256, i % 256);
	assert_true(len < size);
	assert_int_equal(script(text), 0);
	assert_int_equal(memory.n_ranges, 10000);
	assert_int_equal(commits, 1);

	saved = strdup(printed(save));
	for (line = saved; (line = strstr(line, "range add ")); line++) {
		assert_true(strcspn(line, "\n") < 4096);
		lines++;
	}
	assert_int_equal(lines, (10000 + 63) / 64);
	options.replace = true;
	assert_int_equal(script(saved), 0);
	options.replace = false;
	assert_int_equal(memory.n_ranges, 10000);
	assert_int_equal(commits, 2);
	assert_string_equal(printed(save), saved);
	free(saved);
	free(text);
}

static void test_ranges(void **state)
{
	(void)state;
	assert_int_equal(script(BASE), 0);
	assert_int_equal(one("range add tcp/192.0.2.1:80 10.0.0.0/8,10.0.0.0/16"),
			 0);
	assert_int_equal(memory.n_ranges, 2);
	assert_int_equal(one("range del tcp/192.0.2.1:80 10.0.0.0/8"), 0);
	assert_int_equal(memory.n_ranges, 1);
	assert_int_equal(one("range del tcp/192.0.2.1:80 10.0.0.0/8"),
			 EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "ranges of service tcp/192.0.2.1:80: no range ");
	assert_int_equal(script("\nrange add tcp/192.0.2.9:80 10.0.0.0/8\n"),
			 EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "line 2: ranges of service tcp/192.0.2.9:80: no service ");
	assert_int_equal(script("range add tcp/192.0.2.1:80 10.0.0.0/8\n"
				"range add tcp/192.0.2.1:80 10.0.0.0/8,x\n"),
			 EXIT_SYNTAX);
	assert_int_equal(memory.n_ranges, 1);
}

static void test_script_lines(void **state)
{
	(void)state;

	/* Comments, a program's name, carriage returns, no last newline. */
	assert_int_equal(script("# a comment\n\n  \t\r\n"
				"ipvsadm -A -t 192.0.2.1:80 -s rr # why not\r\n"
				"vsbadm pool add \"web\" family ipv4"), 0);
	assert_int_equal(memory.n_pools, 2);
	assert_int_equal(memory.n_services, 1);
	assert_int_equal(script(""), 0);
	assert_int_equal(script("\n"), 0);

	assert_int_equal(script("flush\npool add \"web family ipv4\n"),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "line 2: a quoted word does not end");
	assert_int_equal(script("pool add \"web\"x family ipv4\n"),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "line 1: blanks must follow a quoted word");
	assert_int_equal(script("pool del a a a a a a a a a a a a a a a a a a a "
				"a a a a a a a a a a a a a a a a a a a a a a a a "
				"a a a a a a a a a a a a a a a a a a a a a a a a\n"),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(), "line 1: too many words");
	assert_int_equal(run_script(&options, "/nonexistent/file"),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "/nonexistent/file: No such file or directory");
	assert_int_equal(run_script(&options, "/tmp"), EXIT_SYNTAX);
}

/* A line that does not parse: the kernel never hears of the others. */
static void test_bad_line(void **state)
{
	(void)state;
	assert_int_equal(script(BASE "-a -t 192.0.2.1:80 -r 10.0.0.3 -w 1x\n"),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "line 6: -w \"1x\": must be 0 to 65535");
	assert_int_equal(opens, 0);
	assert_int_equal(memory.n_pools, 0);
}

/* What a file has does not get to the terminal as it is. */
static void test_complaints(void **state)
{
	(void)state;
	assert_int_equal(script("pool add web family \033]0;x\a\n"),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "line 1: family \"\xef\xbf\xbd]0;x\xef\xbf\xbd\": must be ipv4 or ipv6");
}

/* A line that is refused: nothing has changed, and it is named. */
static void test_refused_line(void **state)
{
	(void)state;
	assert_int_equal(script(BASE "-a -t 192.0.2.1:80 -r 10.0.0.1\n"
				"pool add web family ipv4\n"), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "line 6: server 10.0.0.1:80 of service tcp/192.0.2.1:80: backend is in pool tcp/192.0.2.1:80");
	assert_int_equal(memory.n_pools, 0);
	assert_int_equal(commits, 0);

	assert_int_equal(script(BASE "-A -t 192.0.2.7:80\n"), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "line 6: scheduler \"wlc\" (ipvsadm's default where -s is left out): the module does not have it; it has: rr wrr random sh mh");
	assert_int_equal(script("pool add p family ipv4 scheduler ran\n"),
			 EXIT_REFUSED);
	assert_int_equal(commits, 0);
}

static void test_one(void **state)
{
	(void)state;
	assert_int_equal(one("-A -t 192.0.2.1:80 -s rr"), 0);
	assert_int_equal(one("-A -t 192.0.2.1:80 -s rr"), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "service tcp/192.0.2.1:80: exists already, owner admin");
	assert_int_equal(one("-a -t 192.0.2.1:80 -r 10.0.0.1"), 0);
	assert_int_equal(one("-a -t 192.0.2.1:81 -r 10.0.0.1"), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "service tcp/192.0.2.1:81: no such service");
	assert_int_equal(one("-e -t 192.0.2.1:80 -r 10.0.0.1 -w 9"), 0);
	assert_int_equal(memory.backends[0].backend.weight, 9);
	assert_int_equal(one("-E -t 192.0.2.1:80 -s random"), 0);
	assert_string_equal(memory.pools[0].scheduler, "random");
	assert_int_equal(one("-D -t 192.0.2.1:80"), 0);
	assert_int_equal(memory.n_pools + memory.n_services +
			 memory.n_backends, 0);
	assert_int_equal(one("-D -t 192.0.2.1:80"), EXIT_REFUSED);
	assert_int_equal(one("pool del web"), EXIT_REFUSED);
	assert_string_equal(complaint(), "pool web: no pool web");
}

/* ipvsadm's commands leave alone what only looks like ipvsadm's. */
static void test_guard(void **state)
{
	(void)state;
	assert_int_equal(script(OTHER BASE), 0);
	assert_int_equal(one("-a -t 192.0.2.2:80 -r 10.0.0.1"), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "service tcp/192.0.2.2:80: has no pool of its own; use: vsbadm backend add web ADDRESS:PORT");
	assert_int_equal(script("-d -t 192.0.2.2:80 -r 10.0.0.1\n"),
			 EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "line 1: service tcp/192.0.2.2:80: has no pool of its own; use: vsbadm backend del web ADDRESS:PORT");
	assert_int_equal(one("-E -t 192.0.2.2:80 -s rr"), EXIT_REFUSED);
	assert_int_equal(one("-D -t 192.0.2.2:80"), EXIT_REFUSED);

	/* Of one change it looks at the one service and its pool. */
	told = 0;
	assert_int_equal(one("-e -t 192.0.2.1:80 -r 10.0.0.1:80 -w 2"), 0);
	assert_int_equal(told, 2);
	told = 0;
	assert_int_equal(one("-A -f 5 -s rr"), 0);
	assert_int_equal(one("-D -f 5"), 0);
	assert_int_equal(told, 2);

	/* A pool that is shared is private no more. */
	assert_int_equal(one("service add tcp/192.0.2.3:80 pool tcp/192.0.2.1:80"),
			 0);
	assert_int_equal(one("-a -t 192.0.2.1:80 -r 10.0.0.3"), EXIT_REFUSED);
	assert_int_equal(one("service del tcp/192.0.2.3:80"), 0);
	assert_int_equal(one("-a -t 192.0.2.1:80 -r 10.0.0.3"), 0);

	/* Another owner's. */
	options.owner = "ops";
	assert_int_equal(one("-D -t 192.0.2.1:80"), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "service tcp/192.0.2.1:80: belongs to owner admin; use: vsbadm --owner admin service del tcp/192.0.2.1:80");
	assert_int_equal(one("-C"), 0);
	options.owner = "admin";
	assert_int_equal(memory.n_services, 3);
}

/* What a script takes away it may make again. */
static void test_script_order(void **state)
{
	(void)state;
	assert_int_equal(script(OTHER BASE), 0);
	assert_int_equal(script("-D -t 192.0.2.1:80\n" "-A -t 192.0.2.1:80 -s rr\n"
				"-a -t 192.0.2.1:80 -r 10.0.0.7\n"), 0);
	assert_int_equal(script("service del tcp/192.0.2.2:80\n"
				"-A -t 192.0.2.2:80 -s rr\n"
				"-a -t 192.0.2.2:80 -r 10.0.0.7\n"), 0);
	assert_int_equal(script("-C\n" BASE), 0);
	assert_string_equal(printed(save), BASE);
	assert_int_equal(script(BASE), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "line 1: service tcp/192.0.2.1:80: exists already, owner admin");
}

static void test_table(void **state)
{
	(void)state;
	assert_int_equal(script(BASE OTHER), 0);
	assert_non_null(strchr(printed(list_all), '\n'));
	assert_string_equal(strchr(printed(list_all), '\n') + 1,
"Prot LocalAddress:Port Scheduler Flags\n"
"  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
"TCP  192.0.2.1:80 rr\n"
"  -> 10.0.0.1:80                  Masq    1      0          0         \n"
"  -> 10.0.0.2:8080                Masq    0      0          0         \n"
"TCP  192.0.2.2:80 random elsewhere reject label a \"b\"\n"
"  -> 10.1.0.1:80                  Masq    5      0          0          draining\n"
"     note: pod pool web set 1 masquerade\n"
"UDP  [2001:db8::1]:53 wrr\n"
"  -> [2001:db8::a]:53             Masq    65535  0          0         \n");
}

/* Marks and node ports are in the same table. */
static void test_table_kinds(void **state)
{
	(void)state;
	assert_int_equal(script(MARKS
		"pool add web family ipv4 affinity-timeout 10800\n"
		"backend add web 10.1.0.1:80\n"
		"service add tcp/0.0.0.0:30080 pool web\n"
		"service add tcp/192.0.2.2:80 flags cluster-ip,restricted pool web\n"),
			 0);
	memory.backends[0].backend.connections = 7;
	memory.backends[0].backend.active = 3;
	memory.backends[1].backend.connections = 2;
	memory.backends[1].backend.active = 3;
	assert_string_equal(strstr(printed(list_all), "TCP"),
"TCP  192.0.2.2:80 rr persistent 10800 cluster-ip,restricted\n"
"  -> 10.1.0.1:80                  Masq    1      0          0         \n"
"TCP  0.0.0.0:30080 rr persistent 10800 node-port\n"
"  -> 10.1.0.1:80                  Masq    1      0          0         \n"
"FWM  5 rr\n"
"  -> 10.0.0.1:0                   Masq    1      3          4         \n"
"FWM  5 IPv6 wrr\n"
"  -> [2001:db8::a]:80             Masq    2      3          0         \n"
"FWM  4294967295 rr\n");
}

static int list_mark(const struct options *with)
{
	const struct vsb_service mark = {
		.kind = VSB_KIND_MARK, .family = AF_INET6, .mark = 5,
	};

	return list(with, &mark);
}

static void test_table_one(void **state)
{
	const struct vsb_service mark = {
		.kind = VSB_KIND_MARK, .family = AF_INET, .mark = 6,
	};

	(void)state;
	assert_int_equal(script(MARKS), 0);
	assert_string_equal(strstr(printed(list_mark), "FWM"),
"FWM  5 IPv6 wrr\n"
"  -> [2001:db8::a]:80             Masq    2      0          0         \n");
	assert_int_equal(list(&options, &mark), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "service mark/ipv4:6: no such service");
}

static char *view(enum view what)
{
	options.view = what;

	return strchr(printed(list_all), '\n') + 1;
}

static void test_views(void **state)
{
	(void)state;
	assert_int_equal(script(
		"-A -t 192.0.2.1:80 -s rr -p 60\n"
		"-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -w 3 -x 100 -y 20\n"
		"-a -t 192.0.2.1:80 -r 10.0.0.2\n"
		"-A -f 7 -6 -s rr\n"
		"service add udp/0.0.0.0:30053 pool tcp/192.0.2.1:80\n"), 0);
	memory.config.accounting = true;
	memory.services[0].stats = (struct vsb_stats){
		99999999, 100000000, 1000000000, 100000000000,
		100000000000000, 1, 2, 3, 4, 5,
	};
	memory.backends[0].backend.given |= VSB_BACKEND_STATS;
	memory.backends[0].backend.stats = (struct vsb_stats){
		1, 2, 3, 4, 5, 0, 0, 0, 0, 0,
	};
	memory.backends[0].backend.connections = 7;
	memory.backends[0].backend.active = 3;
	affinities[0] = affinities[1] = (struct vsb_affinity){
		.pool = "tcp/192.0.2.1:80", .owner = "admin",
		.family = AF_INET, .port = 8080, .expires = 59,
		.addr.in4.s_addr = inet_addr("10.0.0.1"),
		.client.in4.s_addr = inet_addr("198.51.100.7"),
	};
	n_affinities = 2;

	assert_string_equal(view(VIEW_STATS),
"Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
"  -> RemoteAddress:Port\n"
"TCP  192.0.2.1:80                 99999999  100000K    1000M     100G     100T\n"
"  -> 10.0.0.1:8080                       1        2        3        4        5\n"
"  -> 10.0.0.2:80                         0        0        0        0        0\n"
"UDP  0.0.0.0:30053                       0        0        0        0        0\n"
"  -> 10.0.0.1:8080                       1        2        3        4        5\n"
"  -> 10.0.0.2:80                         0        0        0        0        0\n"
"FWM  7 IPv6                              0        0        0        0        0\n");
	options.exact = true;
	assert_string_equal(strtok(strstr(view(VIEW_STATS), "TCP"), "\n"),
"TCP  192.0.2.1:80                 99999999 100000000 1000000000 100000000000 100000000000000");
	options.exact = false;
	assert_string_equal(strtok(strstr(view(VIEW_RATE), "Prot"), "\n"),
"Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS");
	assert_string_equal(strtok(strstr(view(VIEW_RATE), "TCP"), "\n"),
"TCP  192.0.2.1:80                        1        2        3        4        5");
	memory.config.accounting = false;
	assert_string_equal(strtok(strstr(view(VIEW_RATE), "TCP"), "\n"),
"TCP  192.0.2.1:80                        -        -        -        -        -");
	assert_string_equal(strtok(view(VIEW_THRESHOLDS), "U"),
"Prot LocalAddress:Port            ");
	assert_string_equal(strtok(strstr(view(VIEW_THRESHOLDS), "TCP"), "F"),
"TCP  192.0.2.1:80 rr persistent 60\n"
"  -> 10.0.0.1:8080                100        20         3          4         \n"
"  -> 10.0.0.2:80                  0          0          0          0         \n"
"UDP  0.0.0.0:30053 rr persistent 60 node-port\n"
"  -> 10.0.0.1:8080                100        20         3          4         \n"
"  -> 10.0.0.2:80                  0          0          0          0         \n");
	assert_string_equal(strtok(view(VIEW_PERSISTENT), "U"),
"Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
"  -> RemoteAddress:Port\n"
"TCP  192.0.2.1:80 rr persistent 60\n"
"  -> 10.0.0.1:8080                3         2           3          4         \n"
"  -> 10.0.0.2:80                  1         0           0          0         \n");
}

/* A client that affinity knows shows with each service of the pool. */
static void test_connections(void **state)
{
	(void)state;
	assert_int_equal(script(
		"-A -t 192.0.2.1:80 -s rr -p 60\n"
		"-A -f 7 -s rr -p 60\n"
		"service add udp/0.0.0.0:30053 pool tcp/192.0.2.1:80\n"), 0);
	affinities[0] = (struct vsb_affinity){
		.pool = "tcp/192.0.2.1:80", .owner = "admin",
		.family = AF_INET, .port = 8080, .expires = 59,
		.addr.in4.s_addr = inet_addr("10.0.0.1"),
		.client.in4.s_addr = inet_addr("198.51.100.7"),
	};
	affinities[1] = affinities[0];
	affinities[1].pool = "mark/ipv4:7";
	affinities[2] = affinities[0];
	affinities[2].pool = "nobody's";
	n_affinities = 3;
	connections[0] = (struct vsb_connection){
		.pool = "tcp/192.0.2.1:80", .owner = "admin",
		.family = AF_INET, .protocol = IPPROTO_TCP, .state = 3,
		.expires = 432000, .source_port = 40000,
		.destination_port = 80, .port = 8080,
		.source.in4.s_addr = inet_addr("198.51.100.7"),
		.destination.in4.s_addr = inet_addr("192.0.2.1"),
		.addr.in4.s_addr = inet_addr("10.0.0.1"), .replied = true,
	};
	connections[1] = connections[0];
	connections[1].protocol = IPPROTO_UDP;
	connections[1].expires = 6009;
	connections[2] = connections[0];
	connections[2].protocol = IPPROTO_SCTP;
	connections[2].state = 5;
	n_connections = 3;

	assert_string_equal(printed(list_connections),
"IPVS connection entries\n"
"pro expire state       source             virtual            destination\n"
"TCP 00:59  NONE        198.51.100.7:0     192.0.2.1:80       10.0.0.1:8080\n"
"UDP 00:59  NONE        198.51.100.7:0     0.0.0.0:30053      10.0.0.1:8080\n"
"IP  00:59  NONE        198.51.100.7:0     0.0.0.7:0          10.0.0.1:8080\n"
"TCP 7200:00 ESTABLISHED 198.51.100.7:40000 192.0.2.1:80       10.0.0.1:8080\n"
"UDP 100:09 UDP         198.51.100.7:40000 192.0.2.1:80       10.0.0.1:8080\n"
"SCTP 7200:00 SHUTDOWN_SENT 198.51.100.7:40000 192.0.2.1:80       10.0.0.1:8080\n");
}

static int lookups;

/* Each has a name; what can have none is not to be asked for. */
int getnameinfo(const struct sockaddr *sa, socklen_t len, char *host,
		socklen_t size, char *service, socklen_t service_size,
		int flags)
{
	(void)len;
	(void)service;
	(void)service_size;
	(void)flags;
	if (sa->sa_family == AF_INET)
		assert_true(ntohl(((struct sockaddr_in *)sa)->sin_addr.s_addr) >
			    255);
	snprintf(host, size, "name%d.test", ++lookups);

	return 0;
}

/* Names are those of addresses, and ports' those of a protocol. */
static void test_named(void **state)
{
	(void)state;
	assert_int_equal(script(
		"-A -f 7 -s rr -p 60\n"
		"-a -f 7 -r 10.0.0.1:80\n"
		"-A -f 7 -6 -s rr -p 60\n"
		"pool add web family ipv4\n"
		"service add udp/0.0.0.0:30053 pool web\n"), 0);
	affinities[0] = (struct vsb_affinity){
		.pool = "mark/ipv4:7", .owner = "admin",
		.family = AF_INET, .port = 80, .expires = 59,
		.addr.in4.s_addr = inet_addr("10.0.0.1"),
		.client.in4.s_addr = inet_addr("198.51.100.7"),
	};
	affinities[1] = affinities[0];
	affinities[1].pool = "web";
	affinities[2] = affinities[0];
	affinities[2].pool = "mark/ipv6:7";
	affinities[2].family = AF_INET6;
	n_affinities = 3;
	options.numeric = false;
	lookups = 0;
	assert_non_null(strstr(printed(list_all),
"UDP  0.0.0.0:30053 rr node-port\n"
"FWM  7 rr persistent 60\n"
"  -> name1.test:80                Masq    1      0          0         \n"));
	lookups = 0;
	assert_non_null(strstr(printed(list_connections),
"IP  00:59  NONE        name1.test:0       0.0.0.7:0          name2.test:80\n"
"UDP 00:59  NONE        name3.test:0       0.0.0.0:30053      name4.test:"));
	lookups = 0;
	assert_non_null(strstr(printed(list_connections),
"IP  00:59  NONE        [name5.test]:0     [0:7::]:0          [name6.test]:80\n"));
	options.numeric = true;
}

/* ---- showing */

static char *show_line;

static int show_words(const struct options *with)
{
	struct test_words words;

	cut(&words, show_line);

	return show(with, words.n - 1, words.v + 1);
}

static char *shown(const char *line)
{
	show_line = (char *)line;

	return printed(show_words);
}

static void test_show(void **state)
{
	static const struct { const char *line, *text; } shows[] = {
		{ "pool show web",
		  "pool web owner admin family ipv6 scheduler rr sched-flags none table-size 16381 affinity-timeout 5 affinity-prefix-len 64 backends 1 users 1\n" },
		{ "backend show web",
		  "backend web [fd00::1]:80 weight 1 state up sets 0 upper 0 lower 0 connections 0 active 0\n" },
		{ "service show tcp/[::]:30080",
		  "service tcp/[::]:30080 owner admin elsewhere drop flags restricted ranges 2 pod,node,outside pool web set 0 masquerade no\n" },
		{ "service show mark/ipv4:0x5",
		  "service mark/ipv4:5 owner admin elsewhere drop flags none ranges 0 pod,node,outside pool mark/ipv4:5 set 0 masquerade no\n" },
		{ "range show",
		  "range tcp/[::]:30080 2001:db8::/32\nrange tcp/[::]:30080 fd00::/8\n" },
		{ "range show mark/ipv4:5", "" },
		{ "config show",
		  "config accounting off finished-max 0 masquerade-all off pod-cidrs none pod-devices cni0,veth* service-cidrs 10.96.0.0/12,fd00:96::/112 node-port-cidrs none reject-rate 1 max-pools 2 max-services 3 max-backends 4 affinity-max 64 table-bytes-max 0 timeout-tcp 0 timeout-tcp-fin 0 timeout-udp 0\n" },
	};
	size_t i;

	(void)state;
	assert_int_equal(script(MARKS
		"pool add web family ipv6 affinity-timeout 5 affinity-prefix-len 64\n"
		"backend add web [fd00::1]:80\n"
		"service add tcp/[::]:30080 flags restricted pool web\n"
		"range add tcp/[::]:30080 fd00::/8,2001:db8::/32\n"
		"config change pod-devices cni0,veth* service-cidrs 10.96.0.0/12,fd00:96::/112 reject-rate 1 max-pools 2 max-services 3 max-backends 4 affinity-max 64\n"),
			 0);
	for (i = 0; i < ARRAY_SIZE(shows); i++)
		assert_string_equal(shown(shows[i].line), shows[i].text);
	show_line = (char *)"range show tcp/192.0.2.9:80";
	assert_int_equal(show_words(&options), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "service tcp/192.0.2.9:80: no such service");
}

static int list_web(const struct options *with)
{
	const struct vsb_service web = {
		.kind = VSB_KIND_VIP, .family = AF_INET, .port = 80,
		.protocol = IPPROTO_TCP,
		.addr.in4.s_addr = inet_addr("192.0.2.2"),
	};

	return list(with, &web);
}

/* Of one object only what belongs to it is asked for. */
static void test_show_one(void **state)
{
	static const struct { const char *line; int told; } lines[] = {
		{ "pool show web", 1 + 2 },
		{ "backend show tcp/192.0.2.1:80", 1 + 2 },
		{ "service show tcp/192.0.2.2:80", 1 + 1 + 2 },
		{ "range show tcp/192.0.2.2:80", 1 + 1 + 2 + 1 },
	};
	size_t i;

	(void)state;
	assert_int_equal(script(BASE OTHER MARKS
				"range add tcp/192.0.2.2:80 10.0.0.0/8\n"
				"range add mark/ipv4:5 10.0.0.0/8\n"), 0);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		told = 0;
		assert_true(*shown(lines[i].line));
		assert_int_equal(told, lines[i].told);
	}
	told = 0;
	assert_non_null(strstr(printed(list_web), "TCP  192.0.2.2:80 "));
	assert_int_equal(told, 1 + 1 + 2);
	told = 0;
	options.json = true;
	assert_non_null(strstr(printed(list_web), "\"tcp/192.0.2.2:80\""));
	options.json = false;
	assert_int_equal(told, 1 + 1 + 2 + 1);

	show_line = (char *)"pool show none";
	assert_int_equal(show_words(&options), EXIT_REFUSED);
	assert_string_equal(complaint(), "pool none: no such pool");
	show_line = (char *)"backend show none";
	assert_int_equal(show_words(&options), EXIT_REFUSED);
	assert_string_equal(complaint(), "pool none: no such pool");
	show_line = (char *)"service show none";
	assert_int_equal(show_words(&options), EXIT_SYNTAX);
}

/* ---- changes, as they are made */

static int monitor_words(const struct options *with)
{
	struct test_words words;
	sigset_t set;
	int status;

	cut(&words, show_line);
	status = monitor(with, words.n - 1, words.v + 1);

	/* It was enough for monitor(), and has not been taken. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	assert_int_equal(sigtimedwait(&set, NULL, &(struct timespec){ 0 }),
			 SIGTERM);

	return status;
}

static char *monitored(const char *line)
{
	show_line = (char *)line;

	return printed(monitor_words);
}

#define NEW_POOL "new pool web owner admin family ipv4 scheduler rr sched-flags none table-size 16381 affinity-timeout 0 affinity-prefix-len 32 generation 7\n"
#define SET_BACKEND "set backend web 10.0.0.1:80 weight 1 state up sets 0 upper 0 lower 0 generation 8\n"
#define SERVICE "service tcp/192.0.2.1:80 owner admin elsewhere drop flags none ranges 2 pod,node,outside pool web set 0 masquerade no"

static void test_monitor(void **state)
{
	static const struct { const char *line, *text; } lines[] = {
		{ "pool backend", NEW_POOL SET_BACKEND },
		{ "service", "set " SERVICE " generation 8\ndel " SERVICE " generation 9\n" },
		{ "range",
		  "set range tcp/192.0.2.1:80 10.0.0.0/8,192.0.2.0/24 generation 8\n"
		  "del range tcp/192.0.2.1:80 none generation 9\n" },
	};
	size_t i;
	char *all;

	(void)state;
	assert_int_equal(script("pool add web family ipv4 scheduler rr\n"
				"backend add web 10.0.0.1:80\n"
				"service add tcp/192.0.2.1:80 pool web\n"
				"range add tcp/192.0.2.1:80 10.0.0.0/8,192.0.2.0/24\n"),
			 0);
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		assert_string_equal(monitored(lines[i].line), lines[i].text);

	all = monitored("");
	assert_ptr_equal(strstr(all, NEW_POOL SET_BACKEND "set service"), all);
	assert_non_null(strstr(all, "\nset config accounting off "));
	assert_null(strstr(all, " range "));

	options.owner_given = true;
	assert_non_null(strstr(monitored(""), "pool web"));
	assert_null(strstr(monitored(""), "config"));
	options.owner = "vsbd";
	assert_string_equal(monitored(""), "");
	options.owner = "admin";
	options.owner_given = false;
}

static void test_bad_monitor(void **state)
{
	char *config[] = { (char *)"config" }, *what[] = { (char *)"what" };

	(void)state;
	assert_int_equal(monitor(&options, 1, what), EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "monitor \"what\": must be pool, backend, service, range or config");
	options.owner_given = true;
	assert_int_equal(monitor(&options, 1, config), EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "monitor config: settings have no owner");
	options.owner_given = false;
}

static void test_info(void **state)
{
	char *text = printed(info);

	(void)state;
	assert_non_null(strstr(text, "\nranges 7\n"));
	assert_non_null(strstr(text, "\nunserved 8\n"));
	assert_non_null(strstr(text, "\naffinity-hits 9\n"));
}

/* ---- what takes effect at once */

static char *affinity_line;

static int affinity_words(const struct options *with)
{
	struct test_words words;

	cut(&words, affinity_line);

	return affinity(with, words.n - 2, words.v + 2);
}

static int affine(const char *line)
{
	affinity_line = (char *)line;

	return affinity_words(&options);
}

static char *affinity_printed(const char *line)
{
	affinity_line = (char *)line;

	return printed(affinity_words);
}

static void test_affinity(void **state)
{
	(void)state;
	assert_int_equal(script("pool add web family ipv4\n"
				"pool add w6 family ipv6\n"), 0);
	assert_int_equal(affine("affinity add web 198.51.100.7 10.0.0.1:80 expires 30"),
			 0);
	assert_int_equal(affine("affinity add web 198.51.100.8 10.0.0.1:0"),
			 0);
	options.owner = "ops";
	assert_int_equal(affine("affinity add w6 2001:db8::7 [fd00::1]:80 expires 0"),
			 0);
	options.owner = "admin";
	assert_string_equal(affinity_printed("affinity show"),
			    "affinity web 198.51.100.7 10.0.0.1:80 expires 30\n"
			    "affinity web 198.51.100.8 10.0.0.1:0 expires 60\n"
			    "affinity w6 2001:db8::7 [fd00::1]:80 expires 0\n");
	assert_string_equal(affinity_printed("affinity show w6"),
			    "affinity w6 2001:db8::7 [fd00::1]:80 expires 0\n");
	assert_int_equal(affine("affinity show nobody"), EXIT_REFUSED);
	assert_string_equal(complaint(), "pool nobody: no such pool");
	assert_string_equal(affinity_printed("affinity save"),
			    "affinity add web 198.51.100.7 10.0.0.1:80 expires 30\n"
			    "affinity add web 198.51.100.8 10.0.0.1:0 expires 60\n");
	assert_int_equal(affine("affinity del web 198.51.100.7"), 0);
	assert_int_equal(n_affinities, 2);
	assert_int_equal(affine("affinity del web"), 0);
	assert_string_equal(affinity_printed("affinity show web"), "");
	assert_int_equal(n_affinities, 1);
	assert_int_equal(commits, 1);
	assert_int_equal(affine("affinity add none 198.51.100.7 10.0.0.1:80"),
			 EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "affinity of 198.51.100.7 to pool none: no pool none");
	assert_int_equal(affine("affinity del none"), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "affinity to pool none: no pool none");
}

static void test_bad_affinity(void **state)
{
	static const struct { const char *line, *complaint; } lines[] = {
		{ "affinity", "affinity: needs add, del, show, save or restore" },
		{ "affinity change", "affinity \"change\": must be add, del, show, save or restore" },
		{ "affinity add", "affinity add: needs POOL CLIENT ADDRESS[:PORT]" },
		{ "affinity add web 10.0.0.1", "affinity add: needs POOL CLIENT ADDRESS[:PORT]" },
		{ "affinity add web 10.0.0.1:80 10.0.0.2:80", "client \"10.0.0.1:80\": must be an address without a port" },
		{ "affinity add web 10.0.0.1 [fd00::1]:80", "backend \"[fd00::1]:80\": must be an ipv4 address as the client's is" },
		{ "affinity add web 10.0.0.1 10.0.0.2:80 expire 5", "\"expire\": not a key here; there are: expires" },
		{ "affinity add web 10.0.0.1 10.0.0.2:80 expires", "expires: needs 0 to 2678400, in seconds" },
		{ "affinity add web 10.0.0.1 10.0.0.2:80 expires 2678401", "expires \"2678401\": must be 0 to 2678400" },
		{ "affinity add web 10.0.0.1 10.0.0.2:80 expires 5 6", "\"6\": not expected here" },
		{ "affinity del", "affinity del: needs POOL [CLIENT]" },
		{ "affinity del web 10.0.0.1 x", "\"x\": not expected here" },
		{ "affinity show a b", "\"b\": not expected here" },
		{ "affinity save a", "\"a\": not expected here" },
		{ "affinity restore a b", "\"b\": not expected here" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(affine(lines[i].line), EXIT_SYNTAX);
		assert_string_equal(complaint(), lines[i].complaint);
	}
	assert_int_equal(opens, 0);
}

static char *restore_path;

static int restore_file(const struct options *with)
{
	char *words[] = { (char *)"restore", restore_path };
	int saved = dup(STDERR_FILENO), status;

	/* The complaints of its lines, to be looked at. */
	fflush(stderr);
	dup2(STDOUT_FILENO, STDERR_FILENO);
	status = affinity(with, 2, words);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_int_equal(status, EXIT_REFUSED);

	return 0;
}

/* One that is refused does not hold up the others. */
static void test_restore_affinity(void **state)
{
	static const char text[] =
		"# saved before\n"
		"affinity add web 198.51.100.7 10.0.0.1:80 expires 30\n"
		"affinity add none 198.51.100.8 10.0.0.1:80\n"
		"affinity add web 198.51.100.256 10.0.0.1:80\n"
		"affinity del web\n"
		"affinity add \"web 198.51.100.9\n"
		"\n"
		"vsbadm affinity add web 198.51.100.10 10.0.0.1:80\n";
	char path[] = "/tmp/test_vsbadm.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(script("pool add web family ipv4\n"), 0);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	restore_path = path;
	assert_string_equal(printed(restore_file),
		"vsbadm: line 3: affinity of 198.51.100.8 to pool none: no pool none\n"
		"vsbadm: line 4: client \"198.51.100.256\": must be an address like 192.0.2.1 or 2001:db8::1\n"
		"vsbadm: line 5: must be affinity add POOL CLIENT ADDRESS[:PORT] [expires SECONDS]\n"
		"vsbadm: line 6: a quoted word does not end\n");
	unlink(path);
	assert_string_equal(complaint(),
			    "affinity restore: 4 of 6 lines refused");
	assert_int_equal(n_affinities, 2);
	assert_int_equal(affine("affinity restore /nonexistent/file"),
			 EXIT_SYNTAX);

	/* A script is a transaction, which they are no part of. */
	assert_int_equal(script("flush\naffinity add web 198.51.100.7 10.0.0.1:80\n"),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "line 2: affinity: takes effect at once, and cannot be in a script; see affinity restore");
}

static int zero_line(const char *line)
{
	struct test_words words;

	zeroed[0] = '\0';
	cut(&words, line);

	return zero(&options, words.n - 1, words.v + 1);
}

static int zero_letter(const char *line)
{
	struct test_words words;
	struct line parsed;

	zeroed[0] = '\0';
	cut(&words, line);
	assert_int_equal(line_parse(words.n, words.v, &parsed), 0);

	return zero_virtual(&options, parsed.service_given ?
			    &parsed.change.service : NULL);
}

static void test_zero(void **state)
{
	static const struct {
		int (*run)(const char *line);
		const char *line, *zeroed;
	} lines[] = {
		{ zero_line, "pool zero", "pool admin\n" },
		{ zero_line, "pool zero web", "pool web\n" },
		{ zero_line, "service zero", "service admin\n" },
		{ zero_line, "service zero mark/ipv4:0x5",
		  "service mark/ipv4:5\n" },
		{ zero_letter, "-Z", "service admin\npool admin\n" },
		{ zero_letter, "-Z -f 5 -6",
		  "service mark/ipv6:5\npool mark/ipv6:5\n" },
		{ zero_letter, "-Z -t 192.0.2.2:80",
		  "service tcp/192.0.2.2:80\npool web\n" },
		{ zero_letter, "-Z -t 192.0.2.3:80",
		  "service tcp/192.0.2.3:80\npool web\n" },
	};
	static const struct {
		int (*run)(const char *line);
		const char *line, *complaint;
		int status;
	} bad_ones[] = {
		{ zero_line, "pool zero a b", "\"b\": not expected here", 2 },
		{ zero_line, "service zero web", "service \"web\": must be like tcp/192.0.2.1:80, udp/[2001:db8::1]:53 or mark/ipv4:5", 2 },
		{ zero_line, "pool zero none", "pool none: no pool none", 1 },
		{ zero_line, "service zero mark/ipv4:7", "service mark/ipv4:7: no service ", 1 },
		{ zero_letter, "-Z -t 192.0.2.7:80", "service tcp/192.0.2.7:80: no such service", 1 },
	};
	size_t i;

	(void)state;
	options.owner = "ops";
	assert_int_equal(script("pool add theirs family ipv4\n"), 0);
	options.owner = "admin";
	assert_int_equal(script(MARKS OTHER
		"service add tcp/192.0.2.3:80 pool theirs pod pool web\n"), 0);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(lines[i].run(lines[i].line), 0);
		assert_string_equal(zeroed, lines[i].zeroed);
	}
	for (i = 0; i < ARRAY_SIZE(bad_ones); i++) {
		assert_int_equal(bad_ones[i].run(bad_ones[i].line),
				 bad_ones[i].status);
		assert_string_equal(complaint(), bad_ones[i].complaint);
	}
}

/* ---- explain */

static struct vsb_backend candidates[] = {
	{ .addr.in4.s_addr = 0x0100000a, .port = 80, .weight = 1 },
	{ .addr.in4.s_addr = 0x0200000a, .port = 80, .weight = 9,
	  .state = VSB_STATE_DRAINING },
};

static const struct vsb_answer *answer_to_print;

static int print_it(const struct options *with)
{
	const struct vsb_query query = {
		.family = AF_INET, .protocol = IPPROTO_TCP,
	};

	(void)with;
	print_answer(&query, answer_to_print);

	return 0;
}

static void test_sentences(void **state)
{
	static const struct {
		struct vsb_answer answer;
		const char *text;
	} answers[] = {
		{ { .verdict = VSB_VERDICT_NONE },
		  "The packet is none of vsb's and goes on untouched: neither a service nor a service range has this destination.\n" },
		{ { .verdict = VSB_VERDICT_REJECT,
		    .reason = VSB_REASON_UNSERVED },
		  "The packet is rejected: it is for a cluster IP that has no service of this protocol and port.\n" },
		{ { .verdict = VSB_VERDICT_DROP,
		    .reason = VSB_REASON_UNALLOCATED },
		  "The packet is dropped: it is for an address of a service range that no cluster IP has.\n" },
		{ { .verdict = VSB_VERDICT_DROP,
		    .reason = VSB_REASON_NOT_ALLOWED, .service = true,
		    .kind = VSB_KIND_MARK, .mark = 5, .owner = "admin",
		    .source = VSB_SOURCE_OUTSIDE },
		  "The packet is dropped: none of the service's source ranges has the source.\n"
		  "Service mark/ipv4:5, a firewall mark, owner admin.\n"
		  "The source 0.0.0.0 counts as outside.\n" },
		{ { .verdict = VSB_VERDICT_DNAT,
		    .reason = VSB_REASON_CANDIDATES, .service = true,
		    .kind = VSB_KIND_NODE_PORT, .port = 30080,
		    .owner = "vsbd", .label = "x", .pool = "web",
		    .scheduler = "rr", .source = VSB_SOURCE_NODE,
		    .backends = candidates, .n_backends = 2, .candidates = 3,
		    .has_affinity = true,
		    .affinity = { .addr.in4.s_addr = 0x0300000a, .port = 8 } },
		  "The connection is sent to a backend: the set has backends that are up and have weight.\n"
		  "Service tcp/0.0.0.0:30080, a port of this node, label x, owner vsbd.\n"
		  "The source 0.0.0.0 counts as this node.\n"
		  "It goes to pool web, set 0, by scheduler rr.\n"
		  "The source address is kept.\n"
		  "Affinity chooses 10.0.0.3:8, weight 0.\n"
		  "Candidates: 3\n"
		  "  -> 10.0.0.1:80 weight 1 state up\n"
		  "  -> 10.0.0.2:80 weight 9 state draining\n"
		  "  and 1 more\n" },
		{ { .verdict = VSB_VERDICT_DNAT,
		    .reason = VSB_REASON_CANDIDATES, .masquerade = true,
		    .backends = candidates, .n_backends = 1, .candidates = 1,
		    .has_choice = true,
		    .choice = { .addr.in4.s_addr = 0x0100000a, .port = 80,
				.weight = 1 } },
		  "The connection is sent to a backend: the set has backends that are up and have weight.\n"
		  "The source address is masqueraded.\n"
		  "The scheduler would now choose 10.0.0.1:80, weight 1.\n"
		  "Candidates: 1\n"
		  "  -> 10.0.0.1:80 weight 1 state up\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		answer_to_print = &answers[i].answer;
		assert_string_equal(printed(print_it), answers[i].text);
	}
}

/* ---- JSON */

static int show_service(const struct options *with)
{
	char *words[] = {
		(char *)"service", (char *)"show", (char *)"tcp/192.0.2.2:80",
	};

	return show(with, 3, words);
}

/* Whether JSON has the keys and kinds that a format of jansson's says. */
static void check_json(const char *text, const char *format, ...)
{
	json_t *json = json_loads(text, 0, NULL);
	json_error_t error;
	va_list args;

	assert_non_null(json);
	va_start(args, format);
	if (json_vunpack_ex(json, &error, JSON_STRICT, format, args))
		fail_msg("%s", error.text);
	va_end(args);
	json_decref(json);
}

/* ---- apply and diff */

/* What diff prints for a text that differs, or does not. */
static const char *diff_text;
static int diff_status;

static int print_diff(const struct options *with)
{
	(void)with;
	diff_status = with_file(diff_text, diff);

	return 0;
}

static const char *differences(const char *text, int status)
{
	const char *lines;

	diff_text = text;
	lines = printed(print_diff);
	assert_int_equal(diff_status, status);

	return lines;
}

#define MORE								\
	"-A -f 7 -s mh -b mh-port\n"					\
	"-a -f 7 -r 10.0.0.1:80 -x 5 -y 2\n"				\
	"service add tcp/0.0.0.0:30080 flags restricted pool web\n"	\
	"range add tcp/0.0.0.0:30080 10.0.0.0/8,192.0.2.0/24\n"

static void test_apply(void **state)
{
	char *json, *lines, *again;

	(void)state;
	memory.config.finished_max = memory.config.affinity_max = 64;
	assert_int_equal(script(BASE OTHER MORE), 0);
	lines = strdup(printed(save));
	options.json = true;
	json = strdup(printed(list_all));
	options.json = false;

	/* Nothing to be done is nothing done. */
	commits = 0;
	assert_string_equal(differences(json, 0), "");
	assert_string_equal(differences(lines, 0), "");
	assert_int_equal(with_file(json, apply), 0);
	assert_int_equal(with_file(lines, apply), 0);
	assert_int_equal(commits, 0);

	assert_int_equal(one("-C"), 0);
	assert_int_equal(with_file(json, apply), 0);
	assert_int_equal(commits, 2);
	assert_string_equal(printed(save), lines);
	options.json = true;
	assert_string_equal(printed(list_all), json);
	options.json = false;

	/* From something else, by lines, and as diff has them. */
	assert_int_equal(one("-C"), 0);
	assert_int_equal(script("-A -t 192.0.2.9:80 -s rr\n" OTHER), 0);
	again = strdup(differences(lines, EXIT_DIFFERS));
	assert_int_equal(script(again), 0);
	assert_string_equal(printed(save), lines);
	free(again);
	free(lines);
	free(json);
}

static void test_apply_minimal(void **state)
{
	(void)state;
	assert_int_equal(script(BASE), 0);
	assert_string_equal(differences("-A -t 192.0.2.1:80 -s wrr\n"
					"-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n"
					"-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 3\n",
					EXIT_DIFFERS),
			    "service del udp/[2001:db8::1]:53\n"
			    "pool change tcp/192.0.2.1:80 scheduler wrr\n"
			    "backend change tcp/192.0.2.1:80 10.0.0.2:8080 weight 3\n"
			    "pool del udp/[2001:db8::1]:53\n");
	assert_int_equal(commits, 1);
}

static void test_apply_overtaken(void **state)
{
	(void)state;
	others = 3;
	assert_int_equal(with_file(BASE, apply), 0);
	assert_int_equal(commits, 1);
	assert_string_equal(printed(save), BASE);

	others = 1000;
	assert_int_equal(with_file("", apply), EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "the configuration changes too fast to be replaced");
	assert_string_equal(printed(save), BASE);
}

static void test_apply_refused(void **state)
{
	(void)state;
	assert_int_equal(script(BASE), 0);
	assert_int_equal(with_file(BASE "-A -t 192.0.2.1:80 -s rr\n", apply),
			 EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "line 6: pool \"tcp/192.0.2.1:80\": is there twice");
	assert_string_equal(differences("{", EXIT_TROUBLE), "");
	assert_string_equal(printed(save), BASE);

	/* The kernel's refusal names what it was about. */
	refused_pool = "web";
	assert_int_equal(with_file(BASE "pool add a family ipv4\n"
				   "pool add web family ipv4\n", apply),
			 EXIT_REFUSED);
	assert_string_equal(complaint(), "pool web: no more of web");
	refused_pool = NULL;
	assert_string_equal(printed(save), BASE);
}

/* A listing is no change. */
static void test_lists_in_scripts(void **state)
{
	static const char *const lists[] = {
		"-L", "-L -c", "-l --connection", "-L --timeout", "-S", "-Z",
		"-R", "-h", "-v", "-n",
	};
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		snprintf(text, sizeof(text), "flush\n%s\n", lists[i]);
		assert_int_equal(script(text), EXIT_SYNTAX);
		assert_string_equal(complaint(),
				    "line 2: only commands that change something can be in a script");
		assert_string_equal(differences(text, EXIT_TROUBLE), "");
	}
	assert_int_equal(opens, ARRAY_SIZE(lists));
}

/* Settings that -R restores, as config change does. */
static void test_set_in_scripts(void **state)
{
	(void)state;
	assert_string_equal(differences("--set 900 0 300\n", EXIT_DIFFERS),
			    "config change timeout-tcp 900 timeout-udp 300\n");
	assert_int_equal(script("--set 900 0 300\n" BASE), 0);
	assert_int_equal(commits, 1);
	assert_int_equal(memory.config.timeout_tcp, 900);
	assert_int_equal(memory.config.timeout_udp, 300);
	assert_int_equal(script("flush\n--set 900 0\n"), EXIT_SYNTAX);
	assert_string_equal(complaint(),
			    "line 2: --set: needs three timeouts in seconds: those of TCP, of TCP that is closing, and of UDP");
}

/* Whoever labels what is there can't hide it, nor write to the terminal. */
static void test_others_label(void **state)
{
	char *json;

	(void)state;
	memory.config.finished_max = memory.config.affinity_max = 64;
	assert_int_equal(script(OTHER), 0);
	memory.services[0].label = "caf\xe9\033[31m";
	options.json = true;
	json = strdup(printed(list_all));
	options.json = false;
	assert_non_null(strstr(json, "caf\xef\xbf\xbd\xef\xbf\xbd[31m"));
	assert_non_null(strstr(printed(list_all),
			       " label caf\xef\xbf\xbd\xef\xbf\xbd[31m\n"));
	assert_non_null(strstr(printed(save),
			       " label caf\xef\xbf\xbd\xef\xbf\xbd[31m "));
	assert_string_equal(differences(json, 0), "");
	free(json);
	show_line = (char *)"service";
	assert_non_null(strstr(printed(monitor_words),
			       " label caf\xef\xbf\xbd\xef\xbf\xbd[31m "));
}

/* What has no JSON is not left out. */
static void test_json_whole(void **state)
{
	(void)state;
	assert_int_equal(script(OTHER), 0);
	memory.pools[0].owner = "\xff";
	options.json = true;
	assert_int_equal(list_all(&options), EXIT_REFUSED);
	options.json = false;
}

static void test_json_full(void **state)
{
	int saved = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);
	int status;

	(void)state;
	fflush(stdout);
	setvbuf(stdout, NULL, _IONBF, 0);
	dup2(full, STDOUT_FILENO);
	options.json = true;
	status = info(&options);
	options.json = false;
	clearerr(stdout);
	dup2(saved, STDOUT_FILENO);
	setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	close(full);
	close(saved);
	assert_int_equal(status, EXIT_REFUSED);
	assert_string_equal(complaint(),
			    "cannot write: No space left on device");
}

/* The keys are what others rely on. */
static void test_json(void **state)
{
	const char *s;
	json_t *o;
	int i;

	(void)state;
	assert_int_equal(script(OTHER), 0);
	options.json = true;
	check_json(printed(list_all),
		   "{s:[{ss ss ss ss s:[] si si si si sn s:[o, o]}], s:[o], s:[], s:o}",
		   "pools", "name", &s, "owner", &s, "family", &s, "scheduler",
		   &s, "sched-flags", "table-size", &i, "affinity-timeout", &i, "affinity-prefix-len", &i,
		   "users", &i, "stats", "backends", &o, &o, "services", &o,
		   "ranges", "config", &o);
	check_json(printed(list_all),
		   "{so s:[{ss ss ss ss si sn ss ss ss s:[] si s:[o {s:[s, s] ss si sb}] so}] so so}",
		   "pools", &o, "services", "kind", &s, "family", &s,
		   "protocol", &s, "address", &s, "port", &i, "mark", "owner",
		   &s, "label", &s, "elsewhere", &s, "flags", "ranges", &i,
		   "routes", &o, "sources", &s, &s, "pool", &s, "set", &i,
		   "masquerade", &i, "stats", &o, "ranges", &o, "config", &o);
	check_json(printed(show_service), "{s:[o]}", "services", &o);
	options.json = false;
}

/* What the key of a kind has not is null. */
static void test_json_kinds(void **state)
{
	json_int_t mark;
	const char *s;
	json_t *o;
	int i;

	(void)state;
	assert_int_equal(script("-A -f 4294967295 -s rr\n"
				"pool add web family ipv4\n"
				"backend add web 10.0.0.1:80\n"
				"service add tcp/0.0.0.0:30080 flags cluster-ip,restricted pool web\n"
				"range add tcp/0.0.0.0:30080 10.0.0.0/8,192.0.2.0/24\n"
				"range add mark/ipv4:4294967295 10.0.0.0/8\n"),
			 0);
	options.json = true;
	check_json(shown("service show mark/ipv4:4294967295"),
		   "{s:[{ss ss sn sn sn sI ss sn ss s:[] si so so}]}",
		   "services", "kind", &s, "family", &s, "protocol", "address",
		   "port", "mark", &mark, "owner", &s, "label", "elsewhere",
		   &s, "flags", "ranges", &i, "routes", &o, "stats", &o);
	check_json(shown("service show tcp/0.0.0.0:30080"),
		   "{s:[{ss ss ss sn si sn ss sn ss s:[ss] si so so}]}",
		   "services", "kind", &s, "family", &s, "protocol", &s,
		   "address", "port", &i, "mark", "owner", &s, "label",
		   "elsewhere", &s, "flags", &s, &s, "ranges", &i, "routes",
		   &o, "stats", &o);
	check_json(shown("backend show"),
		   "{s:[{ss ss si si ss s:[i] si si si si sn}]}", "backends",
		   "pool", &s, "address", &s, "port", &i, "weight", &i,
		   "state", &s, "sets", &i, "upper", &i, "lower", &i,
		   "connections", &i, "active", &i, "stats");
	check_json(shown("range show"), "{s:[{ss ss s:[ss]} {ss ss s:[s]}]}",
		   "ranges", "service", &s, "owner", &s, "range", &s, &s,
		   "service", &s, "owner", &s, "range", &s);
	check_json(shown("range show mark/ipv4:4294967295"),
		   "{s:[{ss ss s:[s]}]}", "ranges", "service", &s, "owner",
		   &s, "range", &s);
	options.json = false;
}

static void test_json_connections(void **state)
{
	const char *s;
	int i;

	(void)state;
	connections[0] = (struct vsb_connection){
		.pool = "web", .owner = "admin", .family = AF_INET6,
		.protocol = IPPROTO_TCP, .state = 200,
	};
	n_connections = 1;
	options.json = true;
	check_json(printed(list_connections),
		   "{s:[{ss ss si ss si ss si ss ss ss si sb sb}] s:[]}",
		   "connections", "protocol", &s, "source", &s, "source-port",
		   &i, "destination", &s, "destination-port", &i, "address",
		   &s, "port", &i, "pool", &s, "owner", &s, "state", &s,
		   "expires", &i, "masquerade", &i, "replied", &i, "affinity");
	options.json = false;
}

static void test_json_others(void **state)
{
	const char *s;
	json_t *o;
	int i;

	(void)state;
	assert_int_equal(script("pool add web family ipv4\n"
				"config change pod-devices cni0 pod-cidrs 10.0.0.0/8\n"),
			 0);
	assert_int_equal(affine("affinity add web 198.51.100.7 10.0.0.1:80"),
			 0);
	options.json = true;
	check_json(shown("config show"),
		   "{sb si sb s:[s] s:[s] s:[] s:[] si si si si si si si si si}",
		   "accounting", &i, "finished-max", &i, "masquerade-all", &i,
		   "pod-cidrs", &s, "pod-devices", &s, "service-cidrs",
		   "node-port-cidrs", "reject-rate", &i, "max-pools", &i,
		   "max-services", &i, "max-backends", &i, "affinity-max", &i,
		   "table-bytes-max", &i, "timeout-tcp", &i,
		   "timeout-tcp-fin", &i, "timeout-udp", &i);
	check_json(affinity_printed("affinity show"),
		   "{s:[{ss ss ss ss si si}]}", "affinity", "pool", &s,
		   "owner", &s, "client", &s, "address", &s, "port", &i,
		   "expires", &i);
	check_json(printed(info),
		   "{ss si so si si si si si si si si si si si si si si si si si si si so si si si si si si si}",
		   "version", &s, "generation", &i, "schedulers", &o, "pools",
		   &i, "services", &i, "backends", &i, "ranges", &i,
		   "connections", &i, "records", &i, "transactions", &i,
		   "rejected", &i, "dropped", &i, "not-syn", &i, "no-backend",
		   &i, "elsewhere", &i, "not-allowed", &i, "unserved", &i,
		   "unallocated", &i, "full", &i, "reject-limited", &i, "failed", &i,
		   "unrecorded", &i, "retired", &o, "affinity-entries", &i,
		   "affinity-hits", &i, "affinity-evictions", &i, "max-pools",
		   &i, "max-services", &i, "max-backends", &i, "table-bytes",
		   &i);
	options.json = false;
}

/* An answer of which there is as little as can be, and one of all. */
/* Two clients of the first backend. */
static void test_json_clients(void **state)
{
	json_t *listed;
	char *json;
	int n = 0;

	(void)state;
	memory.config.finished_max = memory.config.affinity_max = 64;
	assert_int_equal(script("pool add web family ipv4\n"
				"backend add web 10.0.0.1:80\n"), 0);
	assert_int_equal(affine("affinity add web 198.51.100.7 10.0.0.1:80"),
			 0);
	assert_int_equal(affine("affinity add web 198.51.100.8 10.0.0.1:80"),
			 0);
	options.json = true;
	assert_null(strstr(printed(list_all), "\"clients\""));
	options.view = VIEW_PERSISTENT;
	json = strdup(printed(list_all));
	options.view = VIEW_PLAIN;
	options.json = false;
	listed = json_loads(json, 0, NULL);
	assert_int_equal(json_unpack(listed, "{s:[{s:[{s:i}]}]}", "pools",
				     "backends", "clients", &n), 0);
	json_decref(listed);
	assert_int_equal(n, 2);
	/* It is a count, which is nothing to apply. */
	assert_string_equal(differences(json, 0), "");
	free(json);
}

/* Objects in monitor's lines have what the schema names for each type. */
static void test_json_monitor(void **state)
{
	const char *s;
	int i;

	(void)state;
	assert_int_equal(script("pool add web family ipv4 scheduler rr\n"
				"backend add web 10.0.0.1:80\n"
				"service add tcp/192.0.2.1:80 pool web\n"
				"range add tcp/192.0.2.1:80 10.0.0.0/8\n"), 0);
	options.json = true;
	check_json(monitored("pool"),
		   "{ss si ss s:{ss ss ss ss s:[] si si si}}", "change", &s,
		   "generation", &i, "type", &s, "object", "name", &s, "owner",
		   &s, "family", &s, "scheduler", &s, "sched-flags",
		   "table-size", &i, "affinity-timeout", &i,
		   "affinity-prefix-len", &i);
	check_json(monitored("backend"),
		   "{ss si ss s:{ss ss si si ss s:[i] si si}}", "change", &s,
		   "generation", &i, "type", &s, "object", "pool", &s,
		   "address", &s, "port", &i, "weight", &i, "state", &s,
		   "sets", &i, "upper", &i, "lower", &i);
	check_json(strtok(monitored("service"), "\n"),
		   "{ss si ss s:{ss ss ss ss si sn ss sn ss s:[] si s:[{s:[sss] ss si sb}]}}",
		   "change", &s, "generation", &i, "type", &s, "object",
		   "kind", &s, "family", &s, "protocol", &s, "address", &s,
		   "port", &i, "mark", "owner", &s, "label", "elsewhere", &s,
		   "flags", "ranges", &i, "routes", "sources", &s, &s, &s,
		   "pool", &s, "set", &i, "masquerade", &i);
	check_json(strtok(monitored("range"), "\n"),
		   "{ss si ss s:{ss ss s:[s]}}", "change", &s, "generation",
		   &i, "type", &s, "object", "service", &s, "owner", &s,
		   "range", &s);
	options.json = false;
}

static void test_json_answer(void **state)
{
	struct vsb_backend backend = { .port = 80 };
	const struct vsb_query query = {
		.family = AF_INET, .protocol = IPPROTO_TCP,
	};
	struct vsb_answer answer = { .verdict = VSB_VERDICT_NONE };
	json_t *json = json_answer(&query, &answer);

	(void)state;
	assert_non_null(json);
	assert_int_equal(json_object_size(json), 20);
	assert_true(json_is_null(json_object_get(json, "service")));
	assert_true(json_is_null(json_object_get(json, "kind")));
	assert_true(json_is_null(json_object_get(json, "affinity")));
	assert_true(json_is_null(json_object_get(json, "set")));
	assert_true(json_is_null(json_object_get(json, "source-kind")));
	json_decref(json);

	/* A newer module's. */
	answer.verdict = VSB_VERDICT_DROP + 1;
	answer.reason = VSB_REASON_AFFINITY + 1;
	json = json_answer(&query, &answer);
	assert_true(json_is_null(json_object_get(json, "verdict")));
	assert_true(json_is_null(json_object_get(json, "reason")));
	json_decref(json);

	answer = (struct vsb_answer){
		.verdict = VSB_VERDICT_DNAT, .reason = VSB_REASON_CANDIDATES,
		.source = VSB_SOURCE_NODE, .service = true, .port = 80,
		.owner = "admin", .pool = "web", .scheduler = "rr",
		.candidates = 1, .backends = &backend, .n_backends = 1,
	};
	json = json_answer(&query, &answer);
	assert_int_equal(json_object_size(json), 20);
	assert_string_equal(json_string_value(json_object_get(json, "service")),
			    "tcp/0.0.0.0:80");
	assert_string_equal(json_string_value(json_object_get(json, "verdict")),
			    "dnat");
	assert_string_equal(json_string_value(json_object_get(json, "kind")),
			    "vip");
	json_decref(json);

	answer.kind = VSB_KIND_MARK;
	answer.mark = 5;
	answer.reason = VSB_REASON_UNALLOCATED;
	answer.has_affinity = true;
	answer.affinity = backend;
	json = json_answer(&query, &answer);
	assert_string_equal(json_string_value(json_object_get(json, "service")),
			    "mark/ipv4:5");
	assert_string_equal(json_string_value(json_object_get(json, "reason")),
			    "unallocated");
	assert_string_equal(json_string_value(json_object_get(json, "affinity")),
			    "0.0.0.0:80");
	assert_true(json_is_null(json_object_get(json, "choice")));
	json_decref(json);

	answer.has_affinity = false;
	answer.has_choice = true;
	answer.choice = backend;
	json = json_answer(&query, &answer);
	assert_true(json_is_null(json_object_get(json, "affinity")));
	assert_string_equal(json_string_value(json_object_get(json, "choice")),
			    "0.0.0.0:80");
	json_decref(json);
}

#define test(name) cmocka_unit_test_setup_teardown(name, reset, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_save_restore),
		test(test_save_marks),
		test(test_many_ranges),
		test(test_ranges),
		test(test_replace),
		test(test_not_plain),
		test(test_script_lines),
		test(test_bad_line),
		test(test_complaints),
		test(test_refused_line),
		test(test_one),
		test(test_guard),
		test(test_script_order),
		test(test_table),
		test(test_table_kinds),
		test(test_table_one),
		test(test_views),
		test(test_connections),
		test(test_named),
		test(test_show),
		test(test_show_one),
		test(test_monitor),
		test(test_bad_monitor),
		test(test_info),
		test(test_affinity),
		test(test_bad_affinity),
		test(test_restore_affinity),
		test(test_zero),
		test(test_sentences),
		test(test_apply),
		test(test_apply_minimal),
		test(test_apply_overtaken),
		test(test_apply_refused),
		test(test_lists_in_scripts),
		test(test_set_in_scripts),
		test(test_others_label),
		test(test_json_whole),
		test(test_json_full),
		test(test_json),
		test(test_json_kinds),
		test(test_json_connections),
		test(test_json_others),
		test(test_json_clients),
		test(test_json_monitor),
		test(test_json_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
