// SPDX-License-Identifier: GPL-2.0
/* Owns a sync: from the source through the model to the kernel. */

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "agent.h"
#include "base/log.h"

/**
 * agent_init() - begin, without reading anything yet
 * @agent: the agent
 * @manifests: path of the directory
 * @calls: how the kernel is reached
 * @owner: whose objects are made there
 */
void agent_init(struct agent *agent, const char *manifests,
		const struct kernel_calls *calls, const char *owner)
{
	*agent = (struct agent) {
		.dir = dir_open(manifests),
		.model = model_new(),
		.sync = { .kernel = { .calls = calls, .owner = owner } },
	};
}

/* Takes over @now, and logs what it has and @standing has not. */
static void renew(struct problems *standing, struct problems *now)
{
	problems_log(standing, now);
	problems_free(standing);
	*standing = *now;
}

static void put(struct k8s_object *object, void *arg)
{
	model_put(arg, object);
}

static void gone(const struct k8s_object *object, void *arg)
{
	model_gone(arg, object);
}

static void want(const char *namespace, const char *name, struct state *state,
		 struct problems *problems, void *arg)
{
	sync_want(arg, namespace, name, state, problems);
}

/* Has the model and what is wanted follow the source. */
static void follow(struct agent *agent)
{
	const struct k8s_sink sink = {
		.put = put, .gone = gone, .arg = agent->model,
	};
	struct problems now = { 0 };

	dir_scan(agent->dir, &sink);
	dir_problems(agent->dir, &now);
	if (!dir_is_whole(agent->dir))
		problems_add(&now, LOG_WARNING,
			     "what the kernel has had since before and no object asks for stays until every file and directory has been read");
	renew(&agent->problems, &now);
	model_update(agent->model, want, &agent->sync);
	sync_report(&agent->sync);
}

static void log_success(struct agent *agent, size_t changed)
{
	const struct sync *sync = &agent->sync;
	bool news = changed || !agent->synced;

	log_line(news ? LOG_INFO : LOG_DEBUG,
		 "in sync%s: %zu services, %zu pools, %zu backends (%zu changed), generation %u",
		 sync_is_refused(sync) ? " but for what is refused" : "",
		 sync->parts.total.services, sync->parts.total.pools,
		 sync->parts.total.backends, changed, sync->generation);
	agent->synced = true;
}

/**
 * agent_sync() - make the kernel's state that of the source, once
 * @agent: the agent
 *
 * Sends nothing where nothing differs. What goes wrong is logged, each thing
 * once as long as it lasts.
 *
 * Return: 0, or a negative errno value where the kernel is not in sync.
 */
int agent_sync(struct agent *agent)
{
	struct problems now = { 0 };
	size_t changed = 0;
	int err;

	follow(agent);
	err = sync_apply(&agent->sync, &model_node(agent->model)->config,
			 dir_is_whole(agent->dir), &changed, &now);
	if (!err || (err == -EINVAL && changed))
		log_success(agent, changed);
	renew(&agent->failures, &now);
	return err;
}

/**
 * agent_check() - have the next sync look at what it was not told of
 * @agent: the agent
 *
 * That is what others have changed, and where links lead by now.
 */
void agent_check(struct agent *agent)
{
	dir_recheck(agent->dir);
	sync_check(&agent->sync);
}

/** agent_forget() - have the next sync read the kernel's state */
void agent_forget(struct agent *agent)
{
	sync_forget(&agent->sync);
}

/**
 * agent_preview() - print what agent_sync() would change
 * @agent: the agent
 * @out: where to
 */
void agent_preview(struct agent *agent, FILE *out)
{
	follow(agent);
	sync_preview(&agent->sync, dir_is_whole(agent->dir),
		     &model_node(agent->model)->config, out);
}

/**
 * agent_explain() - print from what a Service's state comes
 * @agent: the agent
 * @service: "namespace/name", or "name" in the namespace "default"
 * @out: where to
 *
 * Return: 0, or -ENOENT where there is no such Service.
 */
int agent_explain(struct agent *agent, const char *service, FILE *out)
{
	const char *name = strchr(service, '/');
	autofree char *namespace = name ?
		mem_printf("%.*s", (int)(name - service), service) :
		mem_strdup("default");

	name = name ? name + 1 : service;
	follow(agent);
	if (model_explain(agent->model, namespace, name, out))
		return 0;
	log_line(LOG_ERR, "there is no Service %s/%s", namespace, name);
	return -ENOENT;
}

/** agent_free() - give back everything; the kernel's state stays in place */
void agent_free(struct agent *agent)
{
	sync_free(&agent->sync);
	model_free(agent->model);
	problems_free(&agent->problems);
	problems_free(&agent->failures);
	dir_close(agent->dir);
}
