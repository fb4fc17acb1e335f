// SPDX-License-Identifier: GPL-2.0
/* Owns a sync: from the source through the model to the kernel. */

#include <errno.h>
#include <syslog.h>

#include "agent.h"
#include "base/log.h"
#include "kernel/show.h"

/* Commits of others that may come between before a sync gives up. */
#define TRIES 20

/* Takes over @now, and logs what it has and @standing has not. */
static void renew(struct problems *standing, struct problems *now)
{
	problems_log(standing, now);
	problems_free(standing);
	*standing = *now;
}

static struct state *desired_state(struct agent *agent)
{
	cleanup_by(k8s_view_free) struct k8s_view view = { 0 };
	struct problems now = { 0 };
	struct state *desired;

	dir_scan(agent->dir);
	dir_collect(agent->dir, &view, &now);
	desired = model_build(&view, &agent->settings, &now);
	if (!dir_is_whole(agent->dir))
		problems_add(&now, LOG_WARNING,
			     "nothing is deleted from the kernel until every file and directory has been read");
	renew(&agent->problems, &now);
	return desired;
}

/* What others have changed meanwhile is read anew. */
static int know_actual(struct agent *agent)
{
	return agent->actual ? 0 : kernel_read(&agent->kernel, &agent->actual,
					       &agent->generation);
}

/** agent_forget() - have the next sync read the kernel's state */
void agent_forget(struct agent *agent)
{
	state_free(agent->actual);
	agent->actual = NULL;
}

/*
 * As long as there are files that nobody could ever read, they may be about
 * any object that the kernel has and no other file names.
 */
static void spare(struct agent *agent, struct state **desired)
{
	struct state *both;

	if (dir_is_whole(agent->dir))
		return;
	both = state_keep(*desired, agent->actual);
	state_free(*desired);
	*desired = both;
}

static size_t count_objects(const struct diff *diff)
{
	size_t n = 0;

	for (size_t i = 0; i < diff->n; i++)
		n += diff->list[i].n ?: 1;
	return n;
}

static void log_success(struct agent *agent, size_t changed)
{
	const struct state *now = agent->actual;
	bool news = changed || !agent->synced;

	log_line(news ? LOG_INFO : LOG_DEBUG,
		 "in sync: %zu services, %zu pools, %zu backends (%zu changed), generation %u",
		 now->n_services, now->n_pools, now->n_backends, changed,
		 agent->generation);
	agent->synced = true;
}

/*
 * One try. Takes @desired over where it succeeds. Changes that were made for
 * what the kernel had at the last sync may be refused because that is no
 * longer so: then it is worth another try.
 */
static int try_sync(struct agent *agent, struct state **desired)
{
	cleanup_by(diff_free) struct diff diff = { 0 };
	bool fresh = !agent->actual;
	int err = know_actual(agent);

	if (err)
		return err;
	spare(agent, desired);
	diff_make(&diff, *desired, agent->actual);
	if (diff.n)
		err = kernel_apply(&agent->kernel, &diff, &agent->generation);
	agent_forget(agent);
	if (err)
		return fresh ? err : -EAGAIN;
	agent->actual = *desired;
	*desired = NULL;
	log_success(agent, count_objects(&diff));
	return 0;
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
	cleanup_by(state_free_variable) struct state *desired =
		desired_state(agent);
	struct problems now = { 0 };
	int err, tries = 0;

	do
		err = try_sync(agent, &desired);
	while (err == -EAGAIN && ++tries < TRIES);
	if (err)
		problems_add(&now, LOG_ERR, "nothing is applied: %s",
			     agent->kernel.error);
	renew(&agent->failures, &now);
	return err;
}

/**
 * agent_preview() - print what agent_sync() would change
 * @agent: the agent
 * @out: where to
 *
 * Where the kernel's state can't be read, it counts as empty.
 */
void agent_preview(struct agent *agent, FILE *out)
{
	cleanup_by(state_free_variable) struct state *desired =
		desired_state(agent);
	cleanup_by(diff_free) struct diff diff = { 0 };

	if (know_actual(agent)) {
		log_line(LOG_WARNING, "compared with an empty kernel: %s",
			 agent->kernel.error);
		agent->actual = state_new();
	}
	spare(agent, &desired);
	diff_make(&diff, desired, agent->actual);
	show_diff(&diff, out);
	if (!diff.n)
		fputs("nothing to change\n", out);
}

/** agent_free() - give back everything; the kernel's state stays in place */
void agent_free(struct agent *agent)
{
	agent_forget(agent);
	kernel_close(&agent->kernel);
	problems_free(&agent->problems);
	problems_free(&agent->failures);
	dir_close(agent->dir);
}
