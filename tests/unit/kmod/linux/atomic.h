/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEST_KMOD_ATOMIC_H
#define TEST_KMOD_ATOMIC_H

#include "kernel.h"

typedef struct {
	int64_t counter;
} atomic64_t;

#define atomic64_read(v) ((v)->counter)

#endif
