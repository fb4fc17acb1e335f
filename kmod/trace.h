/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints, for perf and bpftrace: what is decided about a connection, that
 * one was refused, and that a backend has left.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vsb

#if !defined(VSB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VSB_TRACE_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/tracepoint.h>

#include <uapi/linux/vsb.h>

#include "backend.h"
#include "decide.h"
#include "net.h"
#include "pool.h"
#include "service.h"

#ifndef VSB_TRACE_ONCE
#define VSB_TRACE_ONCE
/* As %pISpc prints them; their places are aligned by being the first. */
static inline void vsb_trace_addr(u8 *to, u16 family,
				  const union nf_inet_addr *addr, __be16 port)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *in = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*in6));
	if (family == AF_INET) {
		in->sin_family = AF_INET;
		in->sin_port = port;
		in->sin_addr = addr->in;
	} else {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = port;
		in6->sin6_addr = addr->in6;
	}
}

static inline void vsb_trace_backend(u8 *to, const struct vsb_backend *backend)
{
	static const union nf_inet_addr none;

	if (backend)
		vsb_trace_addr(to, backend->family, &backend->key.addr,
			       backend->key.port);
	else
		vsb_trace_addr(to, AF_INET, &none, 0);
}
#endif

#define VSB_TRACE_ADDR		sizeof(struct sockaddr_in6)
/* A longer name is cut. */
#define VSB_TRACE_NAME		64

#define vsb_trace_verdict(verdict)				\
	__print_symbolic(verdict,				\
			 { VSB_VERDICT_NONE, "none" },		\
			 { VSB_VERDICT_DNAT, "dnat" },		\
			 { VSB_VERDICT_REJECT, "reject" },	\
			 { VSB_VERDICT_DROP, "drop" })

#define vsb_trace_reason(reason)				\
	__print_symbolic(reason,				\
			 { VSB_REASON_NO_SERVICE, "no-service" },	\
			 { VSB_REASON_CANDIDATES, "candidates" },	\
			 { VSB_REASON_NO_BACKEND, "no-backend" },	\
			 { VSB_REASON_ELSEWHERE, "elsewhere" },	\
			 { VSB_REASON_NOT_SYN, "not-syn" },	\
			 { VSB_REASON_NOT_ALLOWED, "not-allowed" },	\
			 { VSB_REASON_UNSERVED, "unserved" },	\
			 { VSB_REASON_UNALLOCATED, "unallocated" },	\
			 { VSB_REASON_FULL, "full" },	\
			 { VSB_REASON_AFFINITY, "affinity" })

/* The backend is that which was chosen, or 0.0.0.0:0. */
TRACE_EVENT(vsb_decide,
	TP_PROTO(const struct vsb_net *vnet, const struct vsb_flow *flow,
		 const struct vsb_decision *decision,
		 const struct vsb_backend *backend),

	TP_ARGS(vnet, flow, decision, backend),

	TP_STRUCT__entry(
		__array(u8, source, VSB_TRACE_ADDR)
		__array(u8, destination, VSB_TRACE_ADDR)
		__array(u8, backend, VSB_TRACE_ADDR)
		__field(u32, netns)
		__field(u32, service)
		__field(u32, mark)
		__field(u8, protocol)
		__field(u8, verdict)
		__field(u8, reason)
	),

	TP_fast_assign(
		__entry->netns = vnet->net->ns.inum;
		__entry->service = decision->service ?
				   decision->service->id : 0;
		__entry->mark = flow->mark;
		__entry->protocol = flow->protocol;
		__entry->verdict = decision->verdict;
		__entry->reason = decision->reason;
		vsb_trace_addr(__entry->source, flow->family, &flow->saddr,
			       flow->sport);
		vsb_trace_addr(__entry->destination, flow->family,
			       &flow->daddr, flow->dport);
		vsb_trace_backend(__entry->backend, backend);
	),

	TP_printk("netns=%u protocol=%u source=%pISpc destination=%pISpc mark=%u verdict=%s reason=%s service=%u backend=%pISpc",
		  __entry->netns, __entry->protocol, __entry->source,
		  __entry->destination, __entry->mark,
		  vsb_trace_verdict(__entry->verdict),
		  vsb_trace_reason(__entry->reason), __entry->service,
		  __entry->backend)
);

/* Beyond the rate it is not answered. */
TRACE_EVENT(vsb_reject,
	TP_PROTO(const struct vsb_net *vnet, const struct vsb_flow *flow,
		 bool answered),

	TP_ARGS(vnet, flow, answered),

	TP_STRUCT__entry(
		__array(u8, source, VSB_TRACE_ADDR)
		__array(u8, destination, VSB_TRACE_ADDR)
		__field(u32, netns)
		__field(u8, protocol)
		__field(bool, answered)
	),

	TP_fast_assign(
		__entry->netns = vnet->net->ns.inum;
		__entry->protocol = flow->protocol;
		__entry->answered = answered;
		vsb_trace_addr(__entry->source, flow->family, &flow->saddr,
			       flow->sport);
		vsb_trace_addr(__entry->destination, flow->family,
			       &flow->daddr, flow->dport);
	),

	TP_printk("netns=%u protocol=%u source=%pISpc destination=%pISpc answered=%d",
		  __entry->netns, __entry->protocol, __entry->source,
		  __entry->destination, __entry->answered)
);

/* No packet can choose the backend from here on. */
TRACE_EVENT(vsb_backend_left,
	TP_PROTO(const struct vsb_backend *backend),

	TP_ARGS(backend),

	TP_STRUCT__entry(
		__array(u8, backend, VSB_TRACE_ADDR)
		__field(u32, netns)
		__field(u32, connections)
		__array(char, pool, VSB_TRACE_NAME)
	),

	TP_fast_assign(
		__entry->netns = backend->vnet->net->ns.inum;
		__entry->connections = vsb_backend_connections(backend);
		vsb_trace_backend(__entry->backend, backend);
		strscpy(__entry->pool, vsb_pool_name(backend->pool),
			VSB_TRACE_NAME);
	),

	TP_printk("netns=%u pool=%s backend=%pISpc connections=%u",
		  __entry->netns, __entry->pool, __entry->backend,
		  __entry->connections)
);

#endif /* VSB_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH ../kmod
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
