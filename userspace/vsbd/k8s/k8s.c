// SPDX-License-Identifier: GPL-2.0
/* Owns the memory of collections of Kubernetes objects. */

#include "k8s/k8s.h"

void k8s_objects_free(struct k8s_objects *objects)
{
	arena_free(&objects->arena);
	free(objects->services);
	free(objects->slices);
	*objects = (struct k8s_objects) { 0 };
}

/** k8s_view_free() - free a view, not the objects that it shows */
void k8s_view_free(struct k8s_view *view)
{
	free(view->services);
	free(view->slices);
	*view = (struct k8s_view) { 0 };
}
