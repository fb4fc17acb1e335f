// SPDX-License-Identifier: GPL-2.0
/* Owns explain: a question about a packet, and the answer in sentences. */
#include <net/if.h>
#include <string.h>

#include "vsbadm.h"

static int parse_device(const char *what, const char *value,
			uint32_t *ifindex)
{
	*ifindex = if_nametoindex(value);

	return *ifindex ? 0 : bad("%s \"%s\": no such device", what, value);
}

/**
 * struct asking - a question that is being read
 * @query: the question
 * @given: which of its options there have been, a mask
 */
struct asking {
	struct vsb_query *query;
	unsigned int given;
};

static int parse_option(const char *key, const char *value,
			struct asking *asking)
{
	const struct {
		const char *key;
		uint32_t *place;
	} options[] = {
		{ "mark", &asking->query->mark },
		{ "dev", &asking->query->ifindex },
		{ "vrf", &asking->query->vrf },
	};
	unsigned int i = 0;

	while (i < ARRAY_SIZE(options) && strcmp(key, options[i].key))
		i++;
	if (i == ARRAY_SIZE(options))
		return bad("\"%s\": must be dev, vrf or mark", key);
	if (!value)
		return bad("%s: needs %s", key, i ? "the name of a device" :
			   "0 to 4294967295, or 0x and digits");
	if (asking->given & 1U << i)
		return bad("%s: given twice", key);
	asking->given |= 1U << i;

	return i ? parse_device(key, value, options[i].place) :
		   parse_mark(key, value, 0, options[i].place);
}

static int parse_options(int n, char **words, struct vsb_query *query)
{
	struct asking asking = { .query = query };
	int i, status = 0;

	for (i = 0; !status && i < n; i += 2)
		status = parse_option(words[i], i + 1 < n ? words[i + 1] : NULL,
				      &asking);

	return status;
}

/**
 * parse_query() - PROTOCOL SOURCE[:PORT] DESTINATION:PORT [dev D] [vrf V]
 *	[mark M]
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
	    parse_endpoint("source", words[1], query->protocol, 0, &source) ||
	    parse_endpoint("destination", words[2], query->protocol,
			   source.family, &destination))
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
		return "neither a service nor a service range has this destination";
	case VSB_REASON_CANDIDATES:
		return "the set has backends that are up and have weight";
	case VSB_REASON_NO_BACKEND:
		return "no set of the pool has a backend that is up and has weight";
	case VSB_REASON_ELSEWHERE:
		return "the set has no usable backend, though others of the pool have";
	case VSB_REASON_NOT_SYN:
		return "it is the first of its TCP connection and no SYN";
	case VSB_REASON_NOT_ALLOWED:
		return "none of the service's source ranges has the source";
	case VSB_REASON_UNSERVED:
		return "it is for a cluster IP that has no service of this protocol and port";
	case VSB_REASON_UNALLOCATED:
		return "it is for an address of a service range that no cluster IP has";
	case VSB_REASON_FULL:
		return "all backends that the scheduler may choose have as many connections as they may";
	case VSB_REASON_AFFINITY:
		return "nobody in the set has weight, but affinity knows the client";
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

static const char *kind_sentence(uint32_t kind)
{
	switch (kind) {
	case VSB_KIND_NODE_PORT:
		return "a port of this node";
	case VSB_KIND_MARK:
		return "a firewall mark";
	default:
		return "a virtual address";
	}
}

/** answer_service() - the key of the service that decided */
struct vsb_service answer_service(const struct vsb_query *query,
				  const struct vsb_answer *answer)
{
	return (struct vsb_service){
		.kind = answer->kind,
		.family = query->family,
		.protocol = query->protocol,
		.addr = answer->addr,
		.port = answer->port,
		.mark = answer->mark,
	};
}

static void print_service(const struct vsb_query *query,
			  const struct vsb_answer *answer)
{
	const struct vsb_service key = answer_service(query, answer);
	char service[SERVICE_MAX], source[ENDPOINT_MAX];

	printf("Service %s, %s", format_service(service, &key),
	       kind_sentence(key.kind));
	if (answer->label)
		printf(", label %s", answer->label);
	printf(", owner %s.\n", answer->owner ? answer->owner : "?");
	printf("The source %s counts as %s.\n",
	       format_address(source, query->family, &query->source),
	       source_sentence(answer->source));
	if (answer->pool)
		printf("It goes to pool %s, set %u, by scheduler %s.\n",
		       answer->pool, answer->set,
		       answer->scheduler ? answer->scheduler : "?");
}

static void print_picked(const struct vsb_query *query, const char *who,
			 const struct vsb_backend *backend)
{
	char text[ENDPOINT_MAX];

	printf("%s %s, weight %u.\n", who,
	       format_endpoint(text, query->family, &backend->addr,
			       backend->port), backend->weight);
}

static void print_candidate(const struct vsb_query *query,
			    const struct vsb_backend *backend)
{
	char text[ENDPOINT_MAX];

	printf("  -> %s weight %u state %s\n",
	       format_endpoint(text, query->family, &backend->addr,
			       backend->port), backend->weight,
	       state_names[backend->state % ARRAY_SIZE(state_names)]);
}

static void print_candidates(const struct vsb_query *query,
			     const struct vsb_answer *answer)
{
	size_t i;

	printf("The source address is %s.\n",
	       answer->masquerade ? "masqueraded" : "kept");
	if (answer->has_affinity)
		print_picked(query, "Affinity chooses", &answer->affinity);
	if (answer->has_choice)
		print_picked(query, "The scheduler would now choose",
			     &answer->choice);
	printf("Candidates: %u\n", answer->candidates);
	for (i = 0; i < answer->n_backends; i++)
		print_candidate(query, &answer->backends[i]);
	if (answer->n_backends < answer->candidates)
		printf("  and %zu more\n",
		       answer->candidates - answer->n_backends);
}

/** print_answer() - what would happen, in sentences */
void print_answer(const struct vsb_query *query,
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
	char label[LABEL_MAX];
	int status = 0;

	if (vsb_explain(session->vsb, query, &answer))
		return session_refused(session, "explain");
	answer->label = clean_label(label, answer->label);
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
