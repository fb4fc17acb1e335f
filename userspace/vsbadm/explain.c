// SPDX-License-Identifier: GPL-2.0
/* Owns explain: a question about a packet, and the answer in sentences. */
#include <net/if.h>
#include <string.h>

#include "vsbadm.h"

static int explain_dev(const char *value, struct vsb_query *query)
{
	query->ifindex = if_nametoindex(value);

	return query->ifindex ? 0 : bad("dev \"%s\": no such device", value);
}

static int explain_mark(const char *value, struct vsb_query *query)
{
	return parse_u32("mark", value, UINT32_MAX, &query->mark);
}

static int parse_options(int n, char **words, struct vsb_query *query)
{
	int i, status = 0;

	for (i = 0; !status && i < n; i += 2) {
		bool dev = !strcmp(words[i], "dev");

		if (!dev && strcmp(words[i], "mark"))
			return bad("\"%s\": must be dev or mark", words[i]);
		if (i + 1 == n)
			return bad("%s: needs a value", words[i]);
		if (dev ? query->ifindex : query->mark)
			return bad("%s: given twice", words[i]);
		status = dev ? explain_dev(words[i + 1], query) :
			       explain_mark(words[i + 1], query);
	}

	return status;
}

/**
 * parse_query() - PROTOCOL SOURCE[:PORT] DESTINATION:PORT [dev D] [mark M]
 * @n: how many words
 * @words: these
 * @query: where to store it
 *
 * Return: 0 or EXIT_SYNTAX, after complaining.
 */
int parse_query(int n, char **words, struct vsb_query *query)
{
	struct endpoint source, destination;

	*query = (struct vsb_query){ .family = 0 };
	if (n < 3)
		return bad("explain: needs PROTOCOL SOURCE[:PORT] DESTINATION:PORT");
	if (parse_protocol(words[0], &query->protocol) ||
	    parse_endpoint("source", words[1], query->protocol, &source) ||
	    parse_endpoint("destination", words[2], query->protocol,
			   &destination))
		return EXIT_SYNTAX;
	if (!destination.has_port)
		return bad("destination \"%s\": needs a port", words[2]);
	if (source.family != destination.family)
		return bad("destination \"%s\": must be an %s address as the source is",
			   words[2], family_name(source.family));

	query->family = source.family;
	query->source = source.addr;
	query->source_port = source.port;
	query->destination = destination.addr;
	query->destination_port = destination.port;

	return parse_options(n - 3, words + 3, query);
}

static const char *verdict_sentence(const struct vsb_answer *answer)
{
	switch (answer->verdict) {
	case VSB_VERDICT_NONE:
		return "The packet is none of vsb's and goes on untouched";
	case VSB_VERDICT_DNAT:
		return "The connection is sent to a backend";
	case VSB_VERDICT_REJECT:
		return "The packet is rejected";
	case VSB_VERDICT_DROP:
		return "The packet is dropped";
	default:
		return "The module gives a verdict that vsbadm does not know";
	}
}

static const char *reason_sentence(const struct vsb_answer *answer)
{
	switch (answer->reason) {
	case VSB_REASON_NO_SERVICE:
		return "no service has this address, protocol and port";
	case VSB_REASON_CANDIDATES:
		return "the set has backends that are up and have weight";
	case VSB_REASON_NO_BACKEND:
		return "no set of the pool has a backend that is up and has weight";
	case VSB_REASON_ELSEWHERE:
		return "the set has no usable backend, though others of the pool have";
	case VSB_REASON_NOT_SYN:
		return "it is the first of its TCP connection and no SYN";
	default:
		return "the reason is one that vsbadm does not know";
	}
}

static const char *source_sentence(uint32_t source)
{
	switch (source) {
	case VSB_SOURCE_POD:
		return "a pod of this cluster";
	case VSB_SOURCE_NODE:
		return "this node";
	default:
		return "outside";
	}
}

static void print_service(const struct vsb_query *query,
			  const struct vsb_answer *answer)
{
	struct vsb_service key = {
		.family = query->family,
		.protocol = query->protocol,
		.addr = answer->addr,
		.port = answer->port,
	};
	char service[SERVICE_MAX], source[ENDPOINT_MAX];

	printf("Service %s", format_service(service, &key));
	if (answer->label)
		printf(", label %s", answer->label);
	printf(", owner %s.\n", answer->owner ? answer->owner : "?");
	printf("The source %s counts as %s.\n",
	       format_address(source, query->family, &query->source),
	       source_sentence(answer->source));
	printf("It goes to pool %s, set %u, by scheduler %s.\n",
	       answer->pool ? answer->pool : "?", answer->set,
	       answer->scheduler ? answer->scheduler : "?");
}

static void print_candidates(const struct vsb_query *query,
			     const struct vsb_answer *answer)
{
	char text[ENDPOINT_MAX];
	size_t i;

	printf("The source address is %s.\n",
	       answer->masquerade ? "masqueraded" : "kept");
	printf("Candidates: %u\n", answer->candidates);
	for (i = 0; i < answer->n_backends; i++)
		printf("  -> %s weight %u\n",
		       format_endpoint(text, query->family,
				       &answer->backends[i].addr,
				       answer->backends[i].port),
		       answer->backends[i].weight);
	if (answer->n_backends < answer->candidates)
		printf("  and %zu more\n",
		       answer->candidates - answer->n_backends);
}

static void print_answer(const struct vsb_query *query,
			 const struct vsb_answer *answer)
{
	printf("%s: %s.\n", verdict_sentence(answer), reason_sentence(answer));
	if (answer->service)
		print_service(query, answer);
	if (answer->verdict == VSB_VERDICT_DNAT)
		print_candidates(query, answer);
}

static int ask(struct session *session, const struct vsb_query *query)
{
	struct vsb_answer *answer;
	int status = 0;

	if (vsb_explain(session->vsb, query, &answer))
		return session_refused(session, "explain");
	if (session->options.json)
		status = json_print(json_answer(query, answer));
	else
		print_answer(query, answer);
	vsb_answer_free(answer);

	return status;
}

/**
 * explain() - say what would happen to a packet, and why
 * @options: of the command line
 * @n: how many words
 * @words: those behind "explain"
 *
 * Return: 0 or an exit code, after complaining.
 */
int explain(const struct options *options, int n, char **words)
{
	struct session session;
	struct vsb_query query;
	int status;

	status = parse_query(n, words, &query);
	if (status)
		return status;

	status = session_open(&session, options);
	if (!status)
		status = ask(&session, &query);
	session_close(&session);

	return status;
}
