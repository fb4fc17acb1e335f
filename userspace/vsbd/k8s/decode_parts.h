/* SPDX-License-Identifier: GPL-2.0 */
/* What reads objects, and parts that objects of several kinds have. */
#ifndef VSBD_DECODE_PARTS_H
#define VSBD_DECODE_PARTS_H

#include "k8s/field.h"
#include "k8s/k8s.h"

#define DECODE_LABEL_MAX	63	/* bytes of a DNS label */
#define DECODE_SUBDOMAIN_MAX	253	/* bytes of several, with dots */

int decode_meta(struct decoder *d, const struct field *object,
		size_t name_max, struct k8s_meta *meta);
int decode_label(struct decoder *d, const struct field *object,
		 const char *key, const char **value);
int decode_annotations(struct decoder *d, const struct field *object,
		       const char *prefix, struct k8s_annotation **list,
		       size_t *n);
int decode_dns_label(struct decoder *d, const struct field *field,
		     const char **name);
int decode_protocol(struct decoder *d, const struct field *field,
		    uint8_t *protocol);
int decode_address(struct decoder *d, const struct field *field,
		   struct ip *ip);
int decode_plain_address(struct decoder *d, const struct field *field,
			  struct ip *ip);
int decode_cidrs(struct decoder *d, const struct field *list,
		 struct vsb_cidr **cidrs, size_t *n);

int decode_service(struct decoder *d, const struct field *object,
		   struct k8s_object *to);
int decode_service_ports(struct decoder *d, const struct field *spec,
			 struct k8s_service *service);
int decode_slice(struct decoder *d, const struct field *object,
		 struct k8s_object *to);
int decode_node(struct decoder *d, const struct field *object,
		struct k8s_object *to);

#endif /* VSBD_DECODE_PARTS_H */
