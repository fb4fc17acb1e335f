/* SPDX-License-Identifier: GPL-2.0 */
/* From Kubernetes objects to the state that the kernel should have. */
#ifndef VSBD_MODEL_H
#define VSBD_MODEL_H

#include "base/problems.h"
#include "k8s/k8s.h"
#include "kernel/state.h"

/**
 * struct model_settings - what the desired state depends on beside objects
 * @proxy_name: Services labelled service.kubernetes.io/service-proxy-name
 *	count only where the label has this value; NULL for none of them
 */
struct model_settings {
	const char *proxy_name;
};

struct state *model_build(const struct k8s_view *view,
			  const struct model_settings *settings,
			  struct problems *problems);

#endif /* VSBD_MODEL_H */
