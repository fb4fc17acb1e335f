# SPDX-License-Identifier: GPL-2.0
"""Manifests of a large cluster, a file a Service: cluster.py DIRECTORY SERVICES ENDPOINTS"""

import ipaddress
import sys

directory, services, endpoints = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
vips = ipaddress.ip_address("10.96.0.0")
pods = ipaddress.ip_address("10.128.0.0")

for i in range(services):
    lines = "".join(f"""- addresses: [{pods + i * endpoints + k}]
  conditions: {{ready: true, serving: true, terminating: false}}
  nodeName: n{(i + k) % 50}
""" for k in range(endpoints))
    with open(f"{directory}/web{i}.yaml", "w") as file:
        file.write(f"""apiVersion: v1
kind: Service
metadata: {{name: web{i}, namespace: default}}
spec:
  type: ClusterIP
  clusterIP: {vips + i}
  clusterIPs: [{vips + i}]
  selector: {{app: web{i}}}
  ports:
  - {{name: http, port: 80, protocol: TCP, targetPort: 8080}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {{name: web{i}-abcde, namespace: default, labels: {{kubernetes.io/service-name: web{i}}}}}
addressType: IPv4
ports:
- {{name: http, port: 8080, protocol: TCP}}
endpoints:
{lines}""")
