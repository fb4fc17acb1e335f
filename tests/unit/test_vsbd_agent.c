// SPDX-License-Identifier: GPL-2.0
/* Tests whole syncs, from files to a kernel that is made up. */

#include "vsbd/objects.h"
#include "vsbd/agent.h"
#include "vsbd/fake.h"
#include "vsbd/place.h"

static struct agent agent;
static int log_file = -1, old_stderr = -1;

static void set_node(const char *cluster_cidr)
{
	const struct machine machine = { .name = "n1" };
	struct node_settings settings = { .external_ips = true };

	if (*cluster_cidr)
		assert_true(ip_parse_cidr(cluster_cidr,
					  settings.cluster_cidrs.cidrs));
	settings.cluster_cidrs.n = !!*cluster_cidr;
	model_set_node(agent.model, &settings, &machine);
}

static void start(void)
{
	agent_init(&agent, place, &fake_calls, "vsbd");
	set_node("");
}

/* As kill -9 does it: nothing is said to the kernel. */
static void restart(void)
{
	agent_free(&agent);
	start();
}

static int sync_changed(void)
{
	dir_handle_events(agent.dir);
	return agent_sync(&agent);
}

static int begin(void **state)
{
	if (place_make(state))
		return -1;
	fake_reset();
	log_file = memfd_create("log", MFD_CLOEXEC);
	old_stderr = dup(STDERR_FILENO);
	dup2(log_file, STDERR_FILENO);
	start();
	return 0;
}

static int end(void **state)
{
	agent_free(&agent);
	fake_reset();
	dup2(old_stderr, STDERR_FILENO);
	close(old_stderr);
	close(log_file);
	return place_remove(state);
}

/* What has been logged since the last call. */
static const char *logged(void)
{
	static char text[8192];
	ssize_t n = pread(log_file, text, sizeof(text) - 1, 0);

	assert_true(n >= 0);
	text[n] = '\0';
	assert_int_equal(ftruncate(log_file, 0), 0);
	lseek(log_file, 0, SEEK_SET);
	return text;
}

static void expect_log(const char *expected)
{
	const char *text = logged();

	if (!strcmp(text, expected))
		return;
	dup2(old_stderr, STDERR_FILENO);
	fail_msg("logged:\n%sinstead of:\n%s", text, expected);
}

static void expect_kernel(const char *owner, const char *expected)
{
	/* Over the agent's connection, if it has one: there can't be two. */
	struct kernel kernel = {
		.calls = &fake_calls, .owner = owner,
		.vsb = agent.sync.kernel.vsb,
	};
	struct state *state;
	uint32_t generation;
	char *text;

	assert_int_equal(kernel_read(&kernel, &state, &generation), 0);
	text = state_text(state);
	assert_string_equal(text, expected);
	free(text);
	state_put(state);
	if (!agent.sync.kernel.vsb)
		kernel_close(&kernel);
}

/* Somebody else commits. */
static void commit_by(const char *owner, const char *pool, const char *vip)
{
	struct vsb_pool new_pool = {
		.name = pool, .owner = owner, .scheduler = "rr",
		.family = AF_INET,
	};
	struct vsb_service new_service = {
		.family = AF_INET, .protocol = IPPROTO_TCP, .port = 80,
		.owner = owner, .label = "theirs",
		.routes = { { .sources = VSB_SOURCES_ALL, .pool = pool } },
		.n_routes = 1,
	};
	uint32_t generation;
	struct vsb *vsb;

	kernel_close(&agent.sync.kernel);
	inet_pton(AF_INET, vip, &new_service.addr);
	assert_int_equal(fake_open(&vsb), 0);
	assert_int_equal(fake_begin(vsb), 0);
	assert_int_equal(fake_pool_new(vsb, &new_pool), 0);
	assert_int_equal(fake_service_new(vsb, &new_service), 0);
	assert_int_equal(fake_commit(vsb, NULL, &generation), 0);
	fake_close(vsb);
}

static void free_vip(const char *vip)
{
	struct vsb_service service = {
		.family = AF_INET, .protocol = IPPROTO_TCP, .port = 80,
		.owner = "admin",
	};
	uint32_t generation;
	struct vsb *vsb;

	kernel_close(&agent.sync.kernel);
	inet_pton(AF_INET, vip, &service.addr);
	assert_int_equal(fake_open(&vsb), 0);
	assert_int_equal(fake_begin(vsb), 0);
	assert_int_equal(fake_service_del(vsb, &service), 0);
	assert_int_equal(fake_commit(vsb, NULL, &generation), 0);
	fake_close(vsb);
}

static void write_web(const char *file, const char *name, const char *vip)
{
	autofree char *text = mem_printf(
		"apiVersion: v1\nkind: Service\nmetadata: {name: %s}\n"
		"spec: {clusterIP: %s, ports: [{name: http, port: 80}]}\n",
		name, vip);

	write_text(file, text);
}

static void write_slice(const char *file, const char *service,
			const char *addresses)
{
	autofree char *text = mem_printf(
		"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
		"metadata: {name: %s, labels: {kubernetes.io/service-name: %s}}\n"
		"addressType: IPv4\nports: [{name: http, port: 8080}]\n"
		"endpoints: [%s]\n", service, service, addresses);

	write_text(file, text);
}

#define A "{addresses: [10.244.1.2]}"
#define B "{addresses: [10.244.2.2]}"

#define WEB_POOL "+ pool default/web:http/tcp/4 rr\n"
#define WEB_A "+ backend default/web:http/tcp/4 10.244.1.2:8080 up cluster\n"
#define WEB_B "+ backend default/web:http/tcp/4 10.244.2.2:8080 up cluster\n"
#define WEB_VIP "+ service tcp 10.96.0.10:80 default/web:http -> default/web:http/tcp/4, cluster-ip\n"

static void write_all(void)
{
	write_web("web.yaml", "web", "10.96.0.10");
	write_slice("slice.yaml", "web", A ", " B);
}

static void first_sync(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("in sync: 1 services, 1 pools, 2 backends (4 changed), generation 2\n");
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
	assert_int_equal(fake.commits, 1);
}

static void nothing_new(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	logged();
	fake.reads = 0;
	assert_int_equal(sync_changed(), 0);
	write_all();
	assert_int_equal(sync_changed(), 0);
	/* Neither asked nor told. */
	assert_int_equal(fake.commits, 1);
	assert_int_equal(fake.reads, 0);
	expect_log("");
}

/* CHG-3 */
static void restart_changes_nothing(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	restart();
	logged();
	assert_int_equal(agent_sync(&agent), 0);
	assert_int_equal(fake.commits, 1);
	assert_int_equal(fake.generation, 2);
	expect_log("in sync: 1 services, 1 pools, 2 backends (0 changed), generation 2\n");
}

static void one_change(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	logged();
	write_slice("slice.yaml", "web", B);
	assert_int_equal(sync_changed(), 0);
	expect_log("in sync: 1 services, 1 pools, 1 backends (1 changed), generation 3\n");
	expect_kernel("vsbd", WEB_POOL WEB_B WEB_VIP);

	take_away("web.yaml");
	assert_int_equal(sync_changed(), 0);
	expect_log("EndpointSlice default/web: there is no Service default/web\n"
		   "in sync: 0 services, 0 pools, 0 backends (2 changed), generation 4\n");
	expect_kernel("vsbd", "");
}

/* CHG-3: a flow ends with its backend, which the kernel is told to take out. */
static void changes_while_down(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	write_slice("slice.yaml", "web", A);
	restart();
	logged();
	assert_int_equal(agent_sync(&agent), 0);
	/* Of what stays nothing is taken out and put in again. */
	expect_log("in sync: 1 services, 1 pools, 1 backends (1 changed), generation 3\n");
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_VIP);
}

static void bad_file_while_up(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	logged();
	write_text("web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
		   "spec:\n  ports:\n  - port: 70000\n");
	assert_int_equal(sync_changed(), 0);
	expect_log("web.yaml: document 1, line 6: spec.ports[0].port: 70000 is not 1 to 65535"
		   " (what it held before stays in force)\n");
	/* The rest goes on, and the complaint is not repeated. */
	write_slice("slice.yaml", "web", A);
	assert_int_equal(sync_changed(), 0);
	expect_log("in sync: 1 services, 1 pools, 1 backends (1 changed), generation 3\n");
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_VIP);
	write_all();
	assert_int_equal(sync_changed(), 0);
	expect_log("no longer: web.yaml: document 1, line 6: spec.ports[0].port: 70000 is not 1 to 65535"
		   " (what it held before stays in force)\n"
		   "in sync: 1 services, 1 pools, 2 backends (1 changed), generation 4\n");
}

/* A file that went bad while nobody looked may be about anything. */
static void bad_file_after_restart(void **state)
{
	(void)state;
	write_all();
	write_web("old.yaml", "old", "10.96.0.11");
	assert_int_equal(agent_sync(&agent), 0);
	write_service("slice.yaml", BAD);
	take_away("old.yaml");
	write_web("new.yaml", "new", "10.96.0.12");
	restart();
	logged();
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("slice.yaml: document 1, line 3: metadata.name: \"UPPER\" is not a DNS name (nothing of it is applied)\n"
		   "what the kernel has had since before and no object asks for stays until every file and directory has been read\n"
		   "in sync: 3 services, 3 pools, 2 backends (2 changed), generation 3\n");
	expect_kernel("vsbd",
		      "+ pool default/new:http/tcp/4 rr\n"
		      "+ pool default/old:http/tcp/4 rr\n"
		      WEB_POOL WEB_A WEB_B WEB_VIP
		      "+ service tcp 10.96.0.11:80 default/old:http -> default/old:http/tcp/4, cluster-ip\n"
		      "+ service tcp 10.96.0.12:80 default/new:http -> default/new:http/tcp/4, cluster-ip\n");

	/* Not told again, and nothing is sent again. */
	dir_expire(agent.dir);
	agent_forget(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	assert_int_equal(fake.commits, 2);
	expect_log("");

	write_slice("slice.yaml", "web", B);
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd",
		      "+ pool default/new:http/tcp/4 rr\n"
		      WEB_POOL WEB_B WEB_VIP
		      "+ service tcp 10.96.0.12:80 default/new:http -> default/new:http/tcp/4, cluster-ip\n");
}

static void directory_goes(void **state)
{
	autofree char *away = mem_printf("%s.away", place);
	autofree char *line = NULL;

	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	logged();
	assert_int_equal(rename(place, away), 0);
	assert_int_equal(sync_changed(), 0);
	line = mem_printf("%s: No such file or directory (what it held before stays in force)\n"
			  "what the kernel has had since before and no object asks for stays until every file and directory has been read\n",
			  place);
	expect_log(line);
	restart();
	assert_int_equal(agent_sync(&agent), 0);
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
	assert_int_equal(rename(away, place), 0);
	assert_int_equal(sync_changed(), 0);
	assert_int_equal(fake.commits, 1);
}

static void commits_between(void **state)
{
	(void)state;
	write_all();
	fake.stale_commits = 3;
	assert_int_equal(agent_sync(&agent), 0);
	assert_int_equal(fake.commits, 1);
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
	logged();

	fake.stale_commits = 1000;
	write_slice("slice.yaml", "web", A);
	assert_int_equal(sync_changed(), -EAGAIN);
	expect_log("nothing is applied: another commit came\n");
	assert_int_equal(sync_changed(), -EAGAIN);
	expect_log("");
	fake.stale_commits = 0;
	assert_int_equal(sync_changed(), 0);
	expect_log("in sync: 1 services, 1 pools, 1 backends (1 changed), generation 16\n"
		   "no longer: nothing is applied: another commit came\n");
}

static void other_owners(void **state)
{
	(void)state;
	commit_by("admin", "theirs", "10.96.0.99");
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	take_away("web.yaml");
	take_away("slice.yaml");
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", "");
	expect_kernel("admin", "+ pool theirs rr\n+ service tcp 10.96.0.99:80 theirs -> theirs\n");
}

/* Somebody uses vsbd's name; what is not a manifest's does not last. */
static void meddled_with(void **state)
{
	struct vsb_pool pool = {
		.name = "default/web:http/tcp/4", .owner = "vsbd",
		.scheduler = "rr", .family = AF_INET,
		.given = VSB_POOL_AFFINITY_TIMEOUT, .affinity_timeout = 60,
	};
	struct vsb_service service = {
		.family = AF_INET, .protocol = IPPROTO_TCP, .port = 80,
		.owner = "vsbd", .label = "default/web:http",
		.given = VSB_SERVICE_FLAGS, .flags = VSB_FLAG_RESTRICTED,
		.routes = { { .sources = VSB_SOURCES_ALL, .pool = pool.name } },
		.n_routes = 1,
	};
	uint32_t generation;
	struct vsb *vsb;

	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	kernel_close(&agent.sync.kernel);

	assert_int_equal(fake_open(&vsb), 0);
	assert_int_equal(fake_begin(vsb), 0);
	assert_int_equal(fake_pool_set(vsb, &pool), 0);
	inet_pton(AF_INET, "10.96.0.10", &service.addr);
	assert_int_equal(fake_service_set(vsb, &service), 0);
	service.kind = VSB_KIND_NODE_PORT;
	memset(&service.addr, 0, sizeof(service.addr));
	service.port = 30080;
	service.label = "";
	service.flags = 0;
	assert_int_equal(fake_service_new(vsb, &service), 0);
	service.kind = VSB_KIND_MARK;
	service.protocol = 0;
	service.port = 0;
	service.mark = 5;
	service.flags = VSB_FLAG_CLUSTER_IP;
	assert_int_equal(fake_service_new(vsb, &service), 0);
	assert_int_equal(fake_commit(vsb, NULL, &generation), 0);
	fake_close(vsb);

	expect_kernel("vsbd",
		      "+ pool default/web:http/tcp/4 rr affinity 60s\n"
		      WEB_A WEB_B
		      "+ service tcp 10.96.0.10:80 default/web:http -> default/web:http/tcp/4, restricted\n"
		      "+ service tcp IPv4 node port 30080 -> default/web:http/tcp/4\n"
		      "+ service mark 5 -> default/web:http/tcp/4, cluster-ip\n");
	restart();
	assert_int_equal(agent_sync(&agent), 0);
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
}

#define REFUSED "Service default/web is applied but for this: service tcp 10.96.0.10:80 (default/web:http): exists, owner admin\n"

static void refused(bool late)
{
	fake.late = late;
	fake.open_error = 0;
	commit_by("admin", "theirs", "10.96.0.10");
	write_all();
	assert_int_equal(agent_sync(&agent), -EINVAL);
	expect_log("in sync but for what is refused: 0 services, 1 pools, 2 backends (3 changed), generation 3\n" REFUSED);
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B);
	assert_int_equal(agent_sync(&agent), -EINVAL);
	expect_log("");
	write_web("web.yaml", "web", "10.96.0.11");
	assert_int_equal(sync_changed(), 0);
	expect_log("in sync: 1 services, 1 pools, 2 backends (1 changed), generation 4\n"
		   "no longer: " REFUSED);
}

static void refused_at_once(void **state)
{
	(void)state;
	refused(false);
}

static void refused_at_commit(void **state)
{
	(void)state;
	refused(true);
}

static void module_comes_late(void **state)
{
	(void)state;
	write_all();
	fake.open_error = -ENOENT;
	assert_int_equal(agent_sync(&agent), -ENOENT);
	expect_log("nothing is applied: there is no module\n");
	assert_int_equal(agent_sync(&agent), -ENOENT);
	expect_log("");
	fake.open_error = 0;
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("in sync: 1 services, 1 pools, 2 backends (4 changed), generation 2\n"
		   "no longer: nothing is applied: there is no module\n");
}

/* A reload of the module, or somebody's flush, is seen at the next change. */
static void state_is_lost(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	fake_clear(&fake.live);
	fake.generation++;
	write_slice("slice.yaml", "web", B);
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", WEB_POOL WEB_B WEB_VIP);
}

static void preview(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	(void)state;
	write_all();
	out = open_memstream(&text, &size);
	agent_preview(&agent, out);
	fclose(out);
	assert_string_equal(text, WEB_POOL WEB_A WEB_B WEB_VIP);
	free(text);
	assert_int_equal(fake.commits, 0);

	restart();
	fake.open_error = -EPERM;
	out = open_memstream(&text, &size);
	agent_preview(&agent, out);
	fclose(out);
	assert_string_equal(text,
			    "~ setting node-port-cidrs none (was 0.0.0.0/0,::/0)\n"
			    WEB_POOL WEB_A WEB_B WEB_VIP);
	free(text);
	expect_log("compared with an empty kernel: there is no module\n");

	fake.open_error = 0;
	restart();
	assert_int_equal(agent_sync(&agent), 0);
	out = open_memstream(&text, &size);
	agent_preview(&agent, out);
	fclose(out);
	assert_string_equal(text, "nothing to change\n");
	free(text);
}

/* What is refused does not hold up the rest, and is not asked for again. */
static void refused_among_many(void **state)
{
	unsigned int commits;

	(void)state;
	commit_by("admin", "their1", "10.96.0.20");
	commit_by("admin", "their2", "10.96.0.22");
	commits = fake.commits;
	write_all();
	write_web("a.yaml", "a", "10.96.0.20");
	write_web("b.yaml", "b", "10.96.0.21");
	write_web("c.yaml", "c", "10.96.0.22");
	assert_int_equal(agent_sync(&agent), -EINVAL);
	expect_log("in sync but for what is refused: 2 services, 4 pools, 2 backends (8 changed), generation 4\n"
		   "Service default/a is applied but for this: service tcp 10.96.0.20:80 (default/a:http): exists, owner admin\n"
		   "Service default/c is applied but for this: service tcp 10.96.0.22:80 (default/c:http): exists, owner admin\n");
	expect_kernel("vsbd",
		      "+ pool default/a:http/tcp/4 rr\n+ pool default/b:http/tcp/4 rr\n"
		      "+ pool default/c:http/tcp/4 rr\n" WEB_POOL WEB_A WEB_B WEB_VIP
		      "+ service tcp 10.96.0.21:80 default/b:http -> default/b:http/tcp/4, cluster-ip\n");
	assert_int_equal(fake.commits - commits, 1);

	/* Neither a change of another nor of its endpoints asks again. */
	commits = fake.commits;
	write_slice("slice.yaml", "web", B);
	write_slice("a-slice.yaml", "a", A);
	fake.refusals = 0;
	assert_int_equal(sync_changed(), -EINVAL);
	expect_log("in sync but for what is refused: 2 services, 4 pools, 2 backends (2 changed), generation 5\n");
	assert_int_equal(fake.commits - commits, 1);
	assert_int_equal(fake.refusals, 0);

	/* The reason goes. */
	write_web("c.yaml", "c", "10.96.0.23");
	assert_int_equal(sync_changed(), -EINVAL);
	expect_log("in sync but for what is refused: 3 services, 4 pools, 2 backends (1 changed), generation 6\n"
		   "no longer: Service default/c is applied but for this: service tcp 10.96.0.22:80 (default/c:http): exists, owner admin\n");
	free_vip("10.96.0.20");
	agent_forget(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("in sync: 4 services, 4 pools, 2 backends (1 changed), generation 8\n"
		   "no longer: Service default/a is applied but for this: service tcp 10.96.0.20:80 (default/a:http): exists, owner admin\n");
}

/* A pool that is refused takes along what is sent there, and nothing else. */
static void refused_pool(void **state)
{
	const struct vsb_pool pool = {
		.name = "default/a:http/tcp/4", .owner = "admin",
		.scheduler = "rr", .family = AF_INET,
	};
	uint32_t generation;
	struct vsb *vsb;

	(void)state;
	assert_int_equal(fake_open(&vsb), 0);
	assert_int_equal(fake_begin(vsb), 0);
	assert_int_equal(fake_pool_new(vsb, &pool), 0);
	assert_int_equal(fake_commit(vsb, NULL, &generation), 0);
	fake_close(vsb);
	write_all();
	write_web("a.yaml", "a", "10.96.0.20");
	assert_int_equal(agent_sync(&agent), -EINVAL);
	expect_log("in sync but for what is refused: 1 services, 1 pools, 2 backends (4 changed), generation 3\n"
		   "Service default/a is applied but for this: pool default/a:http/tcp/4: pool exists\n");
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
}

#define MANY B ", {addresses: [10.244.3.2]}, {addresses: [10.244.3.3]}, {addresses: [10.244.3.4]}"

/* Where there is no room for those that come, others still go and change. */
static void refused_backends(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	fake.backends_max = 2;
	logged();
	write_slice("slice.yaml", "web", MANY);
	assert_int_equal(sync_changed(), -EINVAL);
	expect_log("in sync but for what is refused: 1 services, 1 pools, 1 backends (1 changed), generation 3\n"
		   "Service default/web is applied but for this: backend 10.244.3.2:8080 and 2 more of pool default/web:http/tcp/4: too many backends\n");
	expect_kernel("vsbd", WEB_POOL WEB_B WEB_VIP);
	/* Those that come next may fit. */
	write_slice("slice.yaml", "web", B ", {addresses: [10.244.3.2]}");
	assert_int_equal(sync_changed(), 0);
	assert_non_null(strstr(logged(), "in sync: 1 services, 1 pools, 2 backends (1 changed)"));
}

static void write_dual(const char *name, const char *vips)
{
	autofree char *file = mem_printf("%s.yaml", name);
	autofree char *text = mem_printf(
		"apiVersion: v1\nkind: Service\nmetadata: {name: %s}\n"
		"spec: {clusterIPs: [%s], ports: [{name: http, port: 80}]}\n",
		name, vips);

	write_text(file, text);
}

/* A kernel without IPv6 is no failure: IPv4 works, and one line says so. */
static void no_ipv6(void **state)
{
	(void)state;
	fake.no_ipv6 = true;
	write_dual("web", "10.96.0.10, 'fd96::10'");
	write_dual("six", "'fd96::11'");
	write_slice("slice.yaml", "web", A ", " B);
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("in sync: 1 services, 1 pools, 2 backends (4 changed), generation 2\n"
		   "the kernel has IPv6 switched off: addresses of IPv6 are not served\n");
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
	assert_int_equal(fake.refusals, 1);
	write_slice("slice.yaml", "web", B);
	assert_int_equal(sync_changed(), 0);
	expect_log("in sync: 1 services, 1 pools, 1 backends (1 changed), generation 3\n");
	assert_int_equal(fake.refusals, 1);
	fake.no_ipv6 = false;
	agent_forget(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("in sync: 3 services, 3 pools, 1 backends (4 changed), generation 4\n"
		   "no longer: the kernel has IPv6 switched off: addresses of IPv6 are not served\n");
}

/* What left goes once all can be read, though IPv6 is still left out. */
static void no_ipv6_after_bad_file(void **state)
{
	(void)state;
	fake.no_ipv6 = true;
	write_dual("web", "10.96.0.10, 'fd96::10'");
	write_slice("slice.yaml", "web", A ", " B);
	assert_int_equal(agent_sync(&agent), 0);
	write_slice("slice.yaml", "web", B);
	write_service("bad.yaml", BAD);
	restart();
	assert_int_equal(agent_sync(&agent), 0);
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
	take_away("bad.yaml");
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", WEB_POOL WEB_B WEB_VIP);
}

/* Its port has another name, and so its pool. */
static void rename_port(void)
{
	write_text("web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
		   "spec: {clusterIP: 10.96.0.10, ports: [{name: www, port: 80}]}\n");
	write_text("slice.yaml", "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
		   "metadata: {name: web, labels: {kubernetes.io/service-name: web}}\n"
		   "addressType: IPv4\nports: [{name: www, port: 8080}]\n"
		   "endpoints: [" A ", " B "]\n");
}

#define RENAMED \
	"+ pool default/web:www/tcp/4 rr\n" \
	"+ backend default/web:www/tcp/4 10.244.1.2:8080 up cluster\n" \
	"+ backend default/web:www/tcp/4 10.244.2.2:8080 up cluster\n" \
	"+ service tcp 10.96.0.10:80 default/web:www -> default/web:www/tcp/4, cluster-ip\n"

/* What goes makes room for what was refused while it was there. */
static void room_for_a_pool(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	fake.pools_max = 1;
	rename_port();
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", RENAMED);
}

static void room_for_backends(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	fake.backends_max = 3;
	rename_port();
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", RENAMED);
}

/* Somebody else's service uses the pool of a Service that goes. */
static void pool_in_use(void **state)
{
	struct vsb_service service = {
		.family = AF_INET, .protocol = IPPROTO_TCP, .port = 80,
		.owner = "admin", .label = "theirs",
		.routes = { { .sources = VSB_SOURCES_ALL,
			      .pool = "default/web:http/tcp/4" } },
		.n_routes = 1,
	};
	uint32_t generation;
	struct vsb *vsb;

	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	kernel_close(&agent.sync.kernel);
	inet_pton(AF_INET, "203.0.113.9", &service.addr);
	assert_int_equal(fake_open(&vsb), 0);
	assert_int_equal(fake_begin(vsb), 0);
	assert_int_equal(fake_service_new(vsb, &service), 0);
	assert_int_equal(fake_commit(vsb, NULL, &generation), 0);
	fake_close(vsb);

	logged();
	take_away("web.yaml");
	write_web("new.yaml", "new", "10.96.0.10");
	assert_int_equal(sync_changed(), -EINVAL);
	assert_non_null(strstr(logged(), "Service default/web is applied but for this: pool default/web:http/tcp/4: pool in use\n"));
	expect_kernel("vsbd", "+ pool default/new:http/tcp/4 rr\n" WEB_POOL
		      "+ service tcp 10.96.0.10:80 default/new:http -> default/new:http/tcp/4, cluster-ip\n");
	free_vip("203.0.113.9");
	agent_forget(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	assert_non_null(strstr(logged(), "no longer: Service default/web"));
}

static void write_hashed(const char *file, const char *name, const char *vip)
{
	autofree char *text = mem_printf(
		"apiVersion: v1\nkind: Service\n"
		"metadata: {name: %s, annotations: {vsb/scheduler: mh}}\n"
		"spec: {clusterIP: %s, ports: [{name: http, port: 80}]}\n",
		name, vip);

	write_text(file, text);
}

/* The commit is refused, and the kernel names no change of it. */
static void refused_by_commit(void **state)
{
	(void)state;
	fake.no_tables = true;
	write_all();
	write_hashed("a.yaml", "a", "10.96.0.20");
	write_slice("a-slice.yaml", "a", A);
	write_web("b.yaml", "b", "10.96.0.21");
	assert_int_equal(agent_sync(&agent), -EINVAL);
	assert_non_null(strstr(logged(), "Service default/a is not applied, others are: no room for a table\n"));
	expect_kernel("vsbd", "+ pool default/b:http/tcp/4 rr\n"
		      WEB_POOL WEB_A WEB_B WEB_VIP
		      "+ service tcp 10.96.0.21:80 default/b:http -> default/b:http/tcp/4, cluster-ip\n");

	/* Others go on; it comes when there is room. */
	write_slice("slice.yaml", "web", B);
	fake.refusals = 0;
	assert_int_equal(sync_changed(), -EINVAL);
	assert_int_equal(fake.refusals, 0);
	fake.no_tables = false;
	agent_forget(&agent);
	assert_int_equal(agent_sync(&agent), 0);
}

/* What left goes, though what else has changed is refused. */
static void refused_by_commit_but_smaller(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	fake.no_tables = true;
	write_text("web.yaml", "apiVersion: v1\nkind: Service\n"
		   "metadata: {name: web, annotations: {vsb/scheduler: mh}}\n"
		   "spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}, {name: more, port: 81}]}\n");
	write_text("slice.yaml", "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
		   "metadata: {name: web, labels: {kubernetes.io/service-name: web}}\n"
		   "addressType: IPv4\nports: [{name: http, port: 8080}, {name: more, port: 8081}]\n"
		   "endpoints: [" MANY "]\n");
	assert_int_equal(sync_changed(), -EINVAL);
	expect_kernel("vsbd", WEB_POOL WEB_B WEB_VIP);
}

/* A scheduler that is refused keeps no endpoints away. */
static void refused_scheduler_alone(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	fake.no_tables = true;
	write_hashed("web.yaml", "web", "10.96.0.10");
	assert_int_equal(sync_changed(), -EINVAL);
	write_slice("slice.yaml", "web", B);
	assert_int_equal(sync_changed(), -EINVAL);
	expect_kernel("vsbd", WEB_POOL WEB_B WEB_VIP);
	write_slice("slice.yaml", "web", A);
	assert_int_equal(sync_changed(), -EINVAL);
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_VIP);
}

/* One that is no longer ready gets nothing new, either. */
static void refused_by_commit_but_unready(void **state)
{
	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	fake.no_tables = true;
	write_hashed("web.yaml", "web", "10.96.0.10");
	write_slice("slice.yaml", "web",
		    "{addresses: [10.244.1.2], conditions: {ready: false}}, " B);
	assert_int_equal(sync_changed(), -EINVAL);
	expect_kernel("vsbd", WEB_POOL
		      "+ backend default/web:http/tcp/4 10.244.1.2:8080 up in no set\n"
		      WEB_B WEB_VIP);
}

/* Services that exchange addresses do so, whatever else is refused. */
static void swapped_while_another_is_refused(void **state)
{
	(void)state;
	write_web("a.yaml", "a", "10.96.0.20");
	write_web("b.yaml", "b", "10.96.0.21");
	assert_int_equal(agent_sync(&agent), 0);
	commit_by("admin", "theirs", "10.96.0.22");
	write_web("a.yaml", "a", "10.96.0.21");
	write_web("b.yaml", "b", "10.96.0.20");
	write_web("c.yaml", "c", "10.96.0.22");
	assert_int_equal(sync_changed(), -EINVAL);
	expect_kernel("vsbd",
		      "+ pool default/a:http/tcp/4 rr\n+ pool default/b:http/tcp/4 rr\n"
		      "+ pool default/c:http/tcp/4 rr\n"
		      "+ service tcp 10.96.0.20:80 default/b:http -> default/b:http/tcp/4, cluster-ip\n"
		      "+ service tcp 10.96.0.21:80 default/a:http -> default/a:http/tcp/4, cluster-ip\n");
}

/* Where nobody says what is refused, one comes before the other goes. */
static void swapped_while_a_commit_is_refused(void **state)
{
	(void)state;
	write_web("a.yaml", "a", "10.96.0.20");
	write_web("b.yaml", "b", "10.96.0.21");
	assert_int_equal(agent_sync(&agent), 0);
	fake.no_tables = true;
	write_web("a.yaml", "a", "10.96.0.21");
	write_web("b.yaml", "b", "10.96.0.20");
	write_hashed("c.yaml", "c", "10.96.0.22");
	write_slice("c-slice.yaml", "c", A);
	assert_int_equal(sync_changed(), -EINVAL);
	expect_kernel("vsbd",
		      "+ pool default/a:http/tcp/4 rr\n+ pool default/b:http/tcp/4 rr\n"
		      "+ service tcp 10.96.0.20:80 default/b:http -> default/b:http/tcp/4, cluster-ip\n"
		      "+ service tcp 10.96.0.21:80 default/a:http -> default/a:http/tcp/4, cluster-ip\n");
}

/* As when a limit is reached: each costs a few transactions, not all a few. */
static void very_much_refused(void **state)
{
	char name[16], vip[32], file[32];

	(void)state;
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		snprintf(file, sizeof(file), "s%d.yaml", i);
		snprintf(vip, sizeof(vip), "10.96.%d.%d", 1 + i / 200, i % 200);
		write_web(file, name, vip);
	}
	fake.services_max = 100;
	assert_int_equal(agent_sync(&agent), -EINVAL);
	assert_non_null(strstr(logged(), "in sync but for what is refused: 100 services, 300 pools"));
	assert_true(fake.refusals < 300 * 3);
	fake.services_max = 0;
	agent_forget(&agent);
	assert_int_equal(agent_sync(&agent), 0);
}

/* While a file can't be read, what is known to have gone goes. */
static void known_ends(void **state)
{
	(void)state;
	write_all();
	write_web("old.yaml", "old", "10.96.0.11");
	assert_int_equal(agent_sync(&agent), 0);
	write_service("bad.yaml", BAD);
	write_slice("slice.yaml", "web", B);
	take_away("old.yaml");
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", WEB_POOL WEB_B WEB_VIP);
}

/* A VIP goes from one Service to another without a moment in between. */
static void vip_moves(void **state)
{
	(void)state;
	write_web("a.yaml", "a", "10.96.0.20");
	write_web("b.yaml", "b", "10.96.0.21");
	assert_int_equal(agent_sync(&agent), 0);
	write_web("a.yaml", "a", "10.96.0.21");
	write_web("b.yaml", "b", "10.96.0.20");
	assert_int_equal(sync_changed(), 0);
	assert_int_equal(fake.commits, 2);
	expect_kernel("vsbd",
		      "+ pool default/a:http/tcp/4 rr\n+ pool default/b:http/tcp/4 rr\n"
		      "+ service tcp 10.96.0.20:80 default/b:http -> default/b:http/tcp/4, cluster-ip\n"
		      "+ service tcp 10.96.0.21:80 default/a:http -> default/a:http/tcp/4, cluster-ip\n");
}

static void meddled_with_while_up(void **state)
{
	struct vsb_pool pool = {
		.name = "default/web:http/tcp/4", .owner = "vsbd",
		.family = AF_INET,
	};
	struct vsb_backend backend = { .port = 8080 };
	uint32_t generation;
	struct vsb *vsb;

	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	logged();
	agent_check(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("");

	kernel_close(&agent.sync.kernel);
	inet_pton(AF_INET, "10.244.1.2", &backend.addr);
	assert_int_equal(fake_open(&vsb), 0);
	assert_int_equal(fake_begin(vsb), 0);
	assert_int_equal(fake_backends_del(vsb, &pool, &backend, 1), 0);
	assert_int_equal(fake_commit(vsb, NULL, &generation), 0);
	fake_close(vsb);
	agent_check(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("somebody else has changed this, which is put right: backend 10.244.1.2:8080 of pool default/web:http/tcp/4\n"
		   "in sync: 1 services, 1 pools, 2 backends (1 changed), generation 4\n");
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
}

/* What vsbd itself never sets, others may have. */
static void odd_attributes(void **state)
{
	const struct vsb_pool pool = {
		.name = "default/web:http/tcp/4", .owner = "vsbd",
		.scheduler = "rr", .family = AF_INET,
		.given = VSB_POOL_SCHED_FLAGS | VSB_POOL_TABLE_SIZE,
		.sched_flags = VSB_SCHED_FLAG_PORT, .table_size = 251,
	};
	struct vsb_backend backend = {
		.port = 8080, .given = VSB_BACKEND_UPPER,
		.weight = 1, .sets = 1, .upper = 1,
	};
	uint32_t generation;
	struct vsb *vsb;

	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	kernel_close(&agent.sync.kernel);
	inet_pton(AF_INET, "10.244.1.2", &backend.addr);
	assert_int_equal(fake_open(&vsb), 0);
	assert_int_equal(fake_begin(vsb), 0);
	assert_int_equal(fake_pool_set(vsb, &pool), 0);
	assert_int_equal(fake_backends_set(vsb, &pool, &backend, 1), 0);
	assert_int_equal(fake_commit(vsb, NULL, &generation), 0);
	fake_close(vsb);
	expect_kernel("vsbd", "+ pool default/web:http/tcp/4 rr port table-size 251\n"
		      "+ backend default/web:http/tcp/4 10.244.1.2:8080 up cluster with thresholds\n"
		      WEB_B WEB_VIP);
	logged();
	agent_check(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("somebody else has changed this, which is put right: pool default/web:http/tcp/4\n"
		   "somebody else has changed this, which is put right: backend 10.244.1.2:8080 of pool default/web:http/tcp/4\n"
		   "in sync: 1 services, 1 pools, 2 backends (2 changed), generation 4\n");
	expect_kernel("vsbd", WEB_POOL WEB_A WEB_B WEB_VIP);
}

#define RELOADED "the module has lost all, as when it is loaded anew; it gets it again\n"

/* What comes back has its settings before it serves anything. */
static void module_reloaded(void **state)
{
	(void)state;
	set_node("10.244.0.0/16");
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	logged();
	fake_reload();
	write_slice("slice.yaml", "web", B);
	assert_int_equal(sync_changed(), 0);
	expect_log(RELOADED
		   "setting pod-cidrs 10.244.0.0/16 (was none)\n"
		   "in sync: 1 services, 1 pools, 1 backends (3 changed), generation 3\n");
	assert_int_equal(fake.config.pod_cidrs.n, 1);

	/* One that happens to have come to the same generation. */
	fake_reload();
	fake.generation = 3;
	agent_check(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	expect_log(RELOADED
		   "setting pod-cidrs 10.244.0.0/16 (was none)\n"
		   "in sync: 1 services, 1 pools, 1 backends (3 changed), generation 5\n");
}

/* Whatever the generation says: every so often all is looked at. */
static void generation_lies(void **state)
{
	int checks = 0;

	(void)state;
	write_all();
	assert_int_equal(agent_sync(&agent), 0);
	logged();
	fake_clear(&fake.live);
	while (fake.commits == 1 && checks++ < 100) {
		agent_check(&agent);
		assert_int_equal(agent_sync(&agent), 0);
	}
	assert_int_equal(checks, 10);
	expect_log("somebody else has changed this, which is put right: service tcp 10.96.0.10:80 (default/web:http)\n"
		   "somebody else has changed this, which is put right: pool default/web:http/tcp/4\n"
		   "in sync: 1 services, 1 pools, 2 backends (4 changed), generation 3\n");
}

/* Settings that are refused later do not keep endpoints from going. */
static void refused_settings(void **state)
{
	(void)state;
	fake.config_error = -EINVAL;
	set_node("10.244.0.0/16");
	write_all();
	assert_int_equal(agent_sync(&agent), -EINVAL);
	expect_log("nothing is applied: settings are refused: these settings can't be\n");
	fake.config_error = 0;
	assert_int_equal(agent_sync(&agent), 0);
	logged();

	fake.config_error = -EINVAL;
	set_node("");
	write_slice("slice.yaml", "web", B);
	assert_int_equal(sync_changed(), -EINVAL);
	expect_log("in sync but for what is refused: 1 services, 1 pools, 1 backends (2 changed), generation 4\n"
		   "settings are refused: these settings can't be\n");
}

static void settings_of_the_node(void **state)
{
	(void)state;
	write_web("web.yaml", "web", "10.96.0.10");
	set_node("10.244.0.0/16");
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("setting pod-cidrs 10.244.0.0/16 (was none)\n"
		   "in sync: 1 services, 1 pools, 0 backends (2 changed), generation 3\n");
	assert_int_equal(fake.configs, 1);
	fake.reads = 0;

	/* A change reaches the services that it is about. */
	set_node("");
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("setting pod-cidrs none (was 10.244.0.0/16)\n"
		   "in sync: 1 services, 1 pools, 0 backends (1 changed), generation 5\n");
	/* Only the generation was asked for. */
	assert_int_equal(fake.reads, 1);
	expect_kernel("vsbd", WEB_POOL WEB_VIP);

	/* What others set is put right. */
	fake.config.masquerade_all = true;
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("");
	agent_check(&agent);
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("setting masquerade-all off (was on)\n");
	restart();
	assert_int_equal(agent_sync(&agent), 0);
	assert_int_equal(fake.configs, 3);
}

#define BALANCER(ranges) \
	"apiVersion: v1\nkind: Service\nmetadata: {name: web}\n" \
	"spec: {type: LoadBalancer, clusterIP: 10.96.0.10, ports: [{name: http, port: 80}], loadBalancerSourceRanges: [" ranges "]}\n" \
	"status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}\n"
#define LB_VIP "+ service tcp 203.0.113.1:80 default/web:http -> default/web:http/tcp/4 cluster masqueraded"

static void source_ranges(void **state)
{
	(void)state;
	write_text("web.yaml", BALANCER("192.0.2.0/24, 198.51.100.0/24"));
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("in sync: 2 services, 1 pools, 0 backends (5 changed), generation 2\n");
	expect_kernel("vsbd", WEB_POOL WEB_VIP LB_VIP ", restricted\n"
		      "+ range tcp 203.0.113.1:80 from 192.0.2.0/24\n"
		      "+ range tcp 203.0.113.1:80 from 198.51.100.0/24\n");
	restart();
	assert_int_equal(agent_sync(&agent), 0);
	assert_int_equal(fake.commits, 1);
	write_text("web.yaml", BALANCER("198.51.100.0/24, 10.0.0.0/8"));
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", WEB_POOL WEB_VIP LB_VIP ", restricted\n"
		      "+ range tcp 203.0.113.1:80 from 10.0.0.0/8\n"
		      "+ range tcp 203.0.113.1:80 from 198.51.100.0/24\n");
	write_text("web.yaml", BALANCER(""));
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", WEB_POOL WEB_VIP LB_VIP "\n");
}

/* What is refused leaves it to those that had it; others may be taken. */
static void refused_ranges(void **state)
{
	(void)state;
	write_text("web.yaml", BALANCER("192.0.2.0/24"));
	assert_int_equal(agent_sync(&agent), 0);
	fake.ranges_max = 1;
	logged();
	write_text("web.yaml", BALANCER("192.0.2.0/24, 198.51.100.0/24"));
	assert_int_equal(sync_changed(), -EINVAL);
	assert_non_null(strstr(logged(), "Service default/web is applied but for this: "));
	expect_kernel("vsbd", WEB_POOL WEB_VIP LB_VIP ", restricted\n"
		      "+ range tcp 203.0.113.1:80 from 192.0.2.0/24\n");
	write_text("web.yaml", BALANCER("198.51.100.0/24"));
	assert_int_equal(sync_changed(), 0);
	expect_kernel("vsbd", WEB_POOL WEB_VIP LB_VIP ", restricted\n"
		      "+ range tcp 203.0.113.1:80 from 198.51.100.0/24\n");
}

/* Bad input: a Service with as many EndpointSlices as one may think of. */
static void thousand_slices(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	fprintf(out, "apiVersion: discovery.k8s.io/v1\nkind: EndpointSliceList\nitems:\n");
	for (int i = 0; i < 1000; i++)
		fprintf(out, "- {metadata: {name: s%d, labels: {kubernetes.io/service-name: web}}, "
			"addressType: IPv4, ports: [{name: http, port: 8080}], endpoints: ["
			"{addresses: [10.1.%d.%d]}, {addresses: [10.2.%d.%d]}]}\n",
			i, i / 250, i % 250, i / 250, i % 250);
	fclose(out);
	write_text("slices.yaml", text);
	free(text);
	write_web("web.yaml", "web", "10.96.0.10");
	assert_int_equal(agent_sync(&agent), 0);
	expect_log("in sync: 1 services, 1 pools, 2000 backends (2002 changed), generation 2\n");
	write_slice("s1.yaml", "web", A);
	assert_int_equal(sync_changed(), 0);
	expect_log("in sync: 1 services, 1 pools, 2001 backends (1 changed), generation 3\n");
}

static char *explain_web(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	dir_handle_events(agent.dir);
	assert_int_equal(agent_explain(&agent, "web", out), 0);
	fclose(out);
	return text;
}

static void expect_explained(const char *expected)
{
	autofree char *text = explain_web();

	assert_string_equal(text, expected);
}

/* Among others, these lines. */
static void expect_explains(const char *expected)
{
	autofree char *text = explain_web();

	if (strstr(text, expected))
		return;
	dup2(old_stderr, STDERR_FILENO);
	fail_msg("explained:\n%sand not:\n%s", text, expected);
}

static void explained(void **state)
{
	static const char expected[] =
		"Service default/web (web.yaml: document 1)\n"
		"  scheduler rr\n"
		"  node n1: pods of IPv4 are told from others [SET-5]\n"
		"  tcp 10.96.0.10:80: clusterIP [VIP-1], internalTrafficPolicy Cluster [SET-1]\n"
		"    pod: cluster set; node: cluster set, masqueraded; outside: cluster set, masqueraded\n"
		"  tcp 203.0.113.1:80: load balancer's address [VIP-4], externalTrafficPolicy Cluster [SET-3]\n"
		"    pod: cluster set, masqueraded; node: cluster set, masqueraded; outside: cluster set, masqueraded\n"
		"    from 192.0.2.0/24 only [SET-8]\n"
		"  pool default/web:http/tcp/4\n"
		"    cluster set: the ready ones [END-2]\n"
		"    local set: the ready ones of this node [END-4]\n"
		"    10.244.1.2:8080 of EndpointSlice default/web (slice.yaml: document 1): ready, on node n1 -> cluster, local\n"
		"    10.244.2.2:8080 of EndpointSlice default/web (slice.yaml: document 1): not ready, terminating, serving -> in no set: keeps its connections [CHG-1]\n";

	(void)state;
	write_text("web.yaml", BALANCER("192.0.2.0/24"));
	write_slice("slice.yaml", "web", "{addresses: [10.244.1.2], nodeName: n1}, "
		    "{addresses: [10.244.2.2], conditions: {ready: false, terminating: true}}");
	set_node("10.244.0.0/16");
	expect_explained(expected);
	logged();
	assert_int_equal(agent_explain(&agent, "other/web", stdout), -ENOENT);
	expect_log("there is no Service other/web\n");
}

/* What the kernel decides and no object says. */
static void explained_as_the_kernel_does(void **state)
{
	const struct machine machine = { .name = "n1" };
	struct node_settings settings = { .masquerade_all = true };

	(void)state;
	ip_parse_cidr("192.0.2.0/24", settings.node_port_cidrs.cidrs);
	settings.node_port_cidrs.n = 1;
	model_set_node(agent.model, &settings, &machine);
	write_text("web.yaml", "apiVersion: v1\nkind: Service\n"
		   "metadata: {name: web, annotations: {vsb/weights: '10.244.1.2=0,10.244.2.2=0'}}\n"
		   "spec: {type: NodePort, clusterIP: 10.96.0.10, externalTrafficPolicy: Local, ports: [{name: http, port: 80, nodePort: 30080}]}\n");
	write_slice("slice.yaml", "web", A ", " B ", {addresses: [10.244.3.2], nodeName: n1, conditions: {ready: false}}");
	expect_explained("Service default/web (web.yaml: document 1)\n"
		"  scheduler wrr, 2 weights (annotation vsb/weights)\n"
		"  node n1: pods of IPv4 are not told from others [SET-5]\n"
		"  tcp 10.96.0.10:80: clusterIP [VIP-1], internalTrafficPolicy Cluster [SET-1]\n"
		"    node: cluster set, masqueraded; outside: cluster set, masqueraded\n"
		"  tcp IPv4 node port 30080: nodePort [VIP-2], externalTrafficPolicy Local [SET-4]\n"
		"    at the node's addresses in 192.0.2.0/24, but for loopback\n"
		"    node: cluster set, masqueraded; outside: local set\n"
		"  pool default/web:http/tcp/4\n"
		"    no endpoint is usable: refused [NONE-1]\n"
		"    10.244.1.2:8080 of EndpointSlice default/web (slice.yaml: document 1): ready, weight 0 -> no new connections without a weight\n"
		"    10.244.2.2:8080 of EndpointSlice default/web (slice.yaml: document 1): ready, weight 0 -> no new connections without a weight\n"
		"    10.244.3.2:8080 of EndpointSlice default/web (slice.yaml: document 1): not ready, on node n1 -> in no set: keeps its connections [CHG-1]\n");
}

/* Endpoints, but not for everybody; nor may anybody. */
static void explained_closed(void **state)
{
	(void)state;
	set_node("10.244.0.0/16");
	write_text("web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
		   "spec: {type: NodePort, clusterIP: 10.96.0.10, externalTrafficPolicy: Local, ports: [{name: http, port: 80, nodePort: 30080}]}\n");
	write_slice("slice.yaml", "web", "{addresses: [10.244.2.2], nodeName: n2}");
	expect_explains("    at no address\n"
			"    pod: cluster set; node: cluster set, masqueraded; outside: local set, dropped while that has nobody [NONE-2]\n");
	write_text("web.yaml", "apiVersion: v1\nkind: Service\n"
		   "metadata: {name: web, annotations: {vsb/flags: 'reject-elsewhere, strict-source-ranges', vsb/weights: 10.244.2.2=1}}\n"
		   "spec: {type: LoadBalancer, clusterIP: 10.96.0.10, externalTrafficPolicy: Local, ports: [{name: http, port: 80}], loadBalancerSourceRanges: ['2001:db8::/32']}\n"
		   "status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}\n");
	expect_explains("    pod: cluster set; node: cluster set, masqueraded; outside: local set, refused while that has nobody [NONE-2]\n"
			"    from nowhere: strict-source-ranges (annotation vsb/flags) [SET-8]\n");
	expect_explains("  scheduler wrr, 1 weight (annotation vsb/weights)");
}

#define agent_test(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		agent_test(first_sync),
		agent_test(nothing_new),
		agent_test(restart_changes_nothing),
		agent_test(one_change),
		agent_test(changes_while_down),
		agent_test(bad_file_while_up),
		agent_test(bad_file_after_restart),
		agent_test(directory_goes),
		agent_test(commits_between),
		agent_test(other_owners),
		agent_test(meddled_with),
		agent_test(refused_at_once),
		agent_test(refused_at_commit),
		agent_test(module_comes_late),
		agent_test(state_is_lost),
		agent_test(preview),
		agent_test(refused_among_many),
		agent_test(refused_pool),
		agent_test(refused_backends),
		agent_test(no_ipv6),
		agent_test(no_ipv6_after_bad_file),
		agent_test(room_for_a_pool),
		agent_test(room_for_backends),
		agent_test(pool_in_use),
		agent_test(refused_by_commit),
		agent_test(refused_by_commit_but_smaller),
		agent_test(refused_scheduler_alone),
		agent_test(refused_by_commit_but_unready),
		agent_test(very_much_refused),
		agent_test(known_ends),
		agent_test(swapped_while_another_is_refused),
		agent_test(swapped_while_a_commit_is_refused),
		agent_test(vip_moves),
		agent_test(meddled_with_while_up),
		agent_test(odd_attributes),
		agent_test(module_reloaded),
		agent_test(generation_lies),
		agent_test(refused_settings),
		agent_test(settings_of_the_node),
		agent_test(source_ranges),
		agent_test(refused_ranges),
		agent_test(thousand_slices),
		agent_test(explained),
		agent_test(explained_as_the_kernel_does),
		agent_test(explained_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
