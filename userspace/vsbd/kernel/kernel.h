/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel module, as states and changes. */
#ifndef VSBD_KERNEL_H
#define VSBD_KERNEL_H

#include <stdint.h>

#include <vsb/client.h>

#include "kernel/diff.h"
#include "kernel/state.h"

/*
 * The calls of libvsb that vsbd makes: the library's own, or those of a kernel
 * that tests make up.
 */
struct kernel_calls {
	int (*open)(struct vsb **vsb);
	void (*close)(struct vsb *vsb);
	const char *(*error)(const struct vsb *vsb);
	long (*failed_change)(const struct vsb *vsb);
	int (*info_get)(struct vsb *vsb, struct vsb_info *info);
	int (*begin)(struct vsb *vsb);
	void (*abort)(struct vsb *vsb);
	int (*commit)(struct vsb *vsb, const uint32_t *expected,
		      uint32_t *generation);
	int (*pool_new)(struct vsb *vsb, const struct vsb_pool *pool);
	int (*pool_set)(struct vsb *vsb, const struct vsb_pool *pool);
	int (*pool_del)(struct vsb *vsb, const struct vsb_pool *pool);
	int (*backends_new)(struct vsb *vsb, const struct vsb_pool *pool,
			    const struct vsb_backend *backends, size_t n);
	int (*backends_set)(struct vsb *vsb, const struct vsb_pool *pool,
			    const struct vsb_backend *backends, size_t n);
	int (*backends_del)(struct vsb *vsb, const struct vsb_pool *pool,
			    const struct vsb_backend *backends, size_t n);
	int (*service_new)(struct vsb *vsb, const struct vsb_service *service);
	int (*service_set)(struct vsb *vsb, const struct vsb_service *service);
	int (*service_del)(struct vsb *vsb, const struct vsb_service *service);
	int (*ranges_new)(struct vsb *vsb, const struct vsb_service *service,
			  const struct vsb_cidr *cidrs, size_t n);
	int (*ranges_del)(struct vsb *vsb, const struct vsb_service *service,
			  const struct vsb_cidr *cidrs, size_t n);
	int (*config_get)(struct vsb *vsb, struct vsb_config *config);
	int (*config_set)(struct vsb *vsb, const struct vsb_config *config);
	int (*pools_each)(struct vsb *vsb, const struct vsb_pool *filter,
			  int (*each)(const struct vsb_pool *pool, void *arg),
			  void *arg);
	int (*backends_each)(struct vsb *vsb, const struct vsb_pool *filter,
			     int (*each)(const struct vsb_pool *pool,
					 const struct vsb_backend *backend,
					 void *arg),
			     void *arg);
	int (*services_each)(struct vsb *vsb, const struct vsb_service *filter,
			     int (*each)(const struct vsb_service *service,
					 void *arg),
			     void *arg);
	int (*ranges_each)(struct vsb *vsb, const struct vsb_service *filter,
			   int (*each)(const struct vsb_service *service,
				       const struct vsb_cidr *cidr, void *arg),
			   void *arg);
};

extern const struct kernel_calls kernel_libvsb;

/**
 * struct kernel - the module, seen as one owner
 * @calls: how it is reached
 * @owner: whose objects are read and changed
 * @vsb: the connection, or NULL
 * @connection: its number: it outlives refusals, so that behind another one
 *	there may be another module
 * @error: why the last call failed
 */
struct kernel {
	const struct kernel_calls *calls;
	const char *owner;
	struct vsb *vsb;
	unsigned int connection;
	char error[1024];
};

/* What kernel_apply() says instead of the index of a change. */
#define KERNEL_NO_CHANGE	-1	/* nothing was refused */
#define KERNEL_COMMIT		-2	/* what all changes come to was */

int kernel_generation(struct kernel *kernel, uint32_t *generation);
int kernel_read(struct kernel *kernel, struct state **state,
		uint32_t *generation);
int kernel_apply(struct kernel *kernel, const struct diff *diff,
		 uint32_t *generation, long *refused);
int kernel_get_config(struct kernel *kernel, struct vsb_config *config);
int kernel_set_config(struct kernel *kernel, const struct vsb_config *config);
void kernel_close(struct kernel *kernel);

#endif /* VSBD_KERNEL_H */
