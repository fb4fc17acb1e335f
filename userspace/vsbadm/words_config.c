// SPDX-License-Identifier: GPL-2.0
/* Owns the words of settings, which are the attributes' names of the ABI. */
#include "words.h"

static const char on_off[] = "on or off";

static int config_accounting(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_ACCOUNTING;

	return parse_bool("accounting", on_off, value,
			  &change->config.accounting);
}

static int config_finished_max(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_FINISHED_MAX;

	return parse_at_least("finished-max", value, 64, 1048576,
			      &change->config.finished_max);
}

static int config_masquerade_all(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_MASQUERADE_ALL;

	return parse_bool("masquerade-all", on_off, value,
			  &change->config.masquerade_all);
}

static int config_pod_cidrs(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_POD_CIDRS;

	return parse_cidrs("pod-cidrs", value, &change->config.pod_cidrs);
}

static int config_pod_devices(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_POD_DEVICES;

	return parse_devices(value, &change->config);
}

static int config_service_cidrs(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_SERVICE_CIDRS;

	return parse_cidrs("service-cidrs", value,
			   &change->config.service_cidrs);
}

static int config_node_port_cidrs(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_NODE_PORT_CIDRS;

	return parse_cidrs("node-port-cidrs", value,
			   &change->config.node_port_cidrs);
}

static int config_reject_rate(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_REJECT_RATE;

	return parse_u32("reject-rate", value, UINT32_MAX,
			 &change->config.reject_rate);
}

/* A user namespace has less, which the kernel says. */
static int config_max_pools(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_MAX_POOLS;

	return parse_u32("max-pools", value, 262144,
			 &change->config.max_pools);
}

static int config_max_services(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_MAX_SERVICES;

	return parse_u32("max-services", value, 262144,
			 &change->config.max_services);
}

static int config_max_backends(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_MAX_BACKENDS;

	return parse_u32("max-backends", value, 1048576,
			 &change->config.max_backends);
}

static int config_affinity_max(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_AFFINITY_MAX;

	return parse_at_least("affinity-max", value, 64, 4194304,
			      &change->config.affinity_max);
}

static int config_table_bytes_max(const char *value, struct change *change)
{
	change->config.given |= VSB_CONFIG_TABLE_BYTES_MAX;

	return parse_u32("table-bytes-max", value, 268435456,
			 &change->config.table_bytes_max);
}

static int timeout(const char *what, const char *value, uint32_t given,
		   uint32_t *seconds, struct change *change)
{
	change->config.given |= given;

	return parse_u32(what, value, TIMEOUT_MAX, seconds);
}

static int config_timeout_tcp(const char *value, struct change *change)
{
	return timeout("timeout-tcp", value, VSB_CONFIG_TIMEOUT_TCP,
		       &change->config.timeout_tcp, change);
}

static int config_timeout_tcp_fin(const char *value, struct change *change)
{
	return timeout("timeout-tcp-fin", value, VSB_CONFIG_TIMEOUT_TCP_FIN,
		       &change->config.timeout_tcp_fin, change);
}

static int config_timeout_udp(const char *value, struct change *change)
{
	return timeout("timeout-udp", value, VSB_CONFIG_TIMEOUT_UDP,
		       &change->config.timeout_udp, change);
}

static const char seconds[] = "0 to 2147483, in seconds";
static const char ranges[] =
	"a list like 10.244.0.0/16,fd00:244::/64, or none";

static const struct key config_list[] = {
	{ "accounting", KEY_SWITCH, false, config_accounting, on_off },
	{ "finished-max", KEY_NUMBER, false, config_finished_max,
	  "64 to 1048576" },
	{ "masquerade-all", KEY_SWITCH, false, config_masquerade_all,
	  on_off },
	{ "pod-cidrs", KEY_WORDS, false, config_pod_cidrs, ranges },
	{ "pod-devices", KEY_WORDS, false, config_pod_devices,
	  "a list like cni0,veth*, or none" },
	{ "service-cidrs", KEY_WORDS, false, config_service_cidrs, ranges },
	{ "node-port-cidrs", KEY_WORDS, false, config_node_port_cidrs, ranges },
	{ "reject-rate", KEY_NUMBER, false, config_reject_rate,
	  "0 to 4294967295" },
	{ "max-pools", KEY_NUMBER, false, config_max_pools, "0 to 262144" },
	{ "max-services", KEY_NUMBER, false, config_max_services,
	  "0 to 262144" },
	{ "max-backends", KEY_NUMBER, false, config_max_backends,
	  "0 to 1048576" },
	{ "affinity-max", KEY_NUMBER, false, config_affinity_max,
	  "64 to 4194304" },
	{ "table-bytes-max", KEY_NUMBER, false, config_table_bytes_max,
	  "0 to 268435456" },
	{ "timeout-tcp", KEY_NUMBER, false, config_timeout_tcp, seconds },
	{ "timeout-tcp-fin", KEY_NUMBER, false, config_timeout_tcp_fin,
	  seconds },
	{ "timeout-udp", KEY_NUMBER, false, config_timeout_udp, seconds },
};
const struct key_list config_keys = {
	config_list, ARRAY_SIZE(config_list),
};

/** parse_config_line() - what follows "config change" */
int parse_config_line(struct words *words, struct change *change)
{
	return parse_keys(words, &config_keys, change);
}
