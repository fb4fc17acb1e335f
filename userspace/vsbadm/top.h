/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What top's files share: top_rows.c makes rows of what the kernel has, top.c
 * draws them and has the keys.
 */
#ifndef VSBADM_TOP_H
#define VSBADM_TOP_H

#include "vsbadm.h"

enum top_column {
	TOP_NAME, TOP_CONNECTIONS, TOP_PACKETS_IN, TOP_PACKETS_OUT,
	TOP_BYTES_IN, TOP_BYTES_OUT, TOP_ACTIVE, TOP_INACTIVE, TOP_WEIGHT,
	TOP_COLUMNS,
};

/* Six digits' worth, and a NUL. */
#define TOP_NUMBER_MAX	7

#define TOP_FILTER_MAX	64

/**
 * struct top_row - a service, or one of its backends
 * @service: the service
 * @backend: the backend, NULL in the service's own row
 * @backends: how many the service has for sources outside
 * @expanded: in a service's row, whether these follow
 * @counted: whether rates are known
 * @values: what its columns have, but for the name
 *
 * It points into the struct state that it was made of.
 */
struct top_row {
	const struct vsb_service *service;
	const struct vsb_backend *backend;
	size_t backends;
	bool expanded, counted;
	uint64_t values[TOP_COLUMNS];
};

/**
 * struct top_view - which rows there are, and in which order
 * @sort: by which column; the largest is first, with names the smallest
 * @reverse: the other way round
 * @filter: what a service's name or label has in it
 * @all: all services are expanded, but for @toggled; else these alone
 * @toggled: their keys
 * @n_toggled: how many
 */
struct top_view {
	enum top_column sort;
	bool reverse;
	char filter[TOP_FILTER_MAX];
	bool all;
	struct vsb_service *toggled;
	size_t n_toggled;
};

/** struct top_rows - all rows, the first one first */
struct top_rows {
	struct top_row *rows;
	size_t n, services;
};

/**
 * struct top_place - what a row is about, whatever becomes of the others
 * @service: its key
 * @backend: whether it is a backend's; then
 * @addr: of this address
 * @port: and port
 */
struct top_place {
	struct vsb_service service;
	bool backend;
	union vsb_addr addr;
	uint16_t port;
};

int top_rows_make(const struct state *state, const struct top_view *view,
		  struct top_rows *rows);
void top_rows_free(struct top_rows *rows);
void top_place_of(const struct top_row *row, struct top_place *place);
size_t top_rows_find(const struct top_rows *rows,
		     const struct top_place *place, size_t otherwise);
int top_toggle(struct top_view *view, const struct vsb_service *service);
void top_toggle_all(struct top_view *view);
char *top_number(char *buf, uint64_t value);

#endif /* VSBADM_TOP_H */
