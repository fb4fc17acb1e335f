# SPDX-License-Identifier: GPL-2.0
"""Where a packet goes, by the tables of docs/semantics.md: each kind of source
asks each kind of address, over each family and protocol, for each policy; the
backends that answer, and the address that they see, are those of the table,
and explain says the same."""

import itertools
import socket

import netlink as nl
from netlink import address, number, ok, not_ok, port, u8, u16, u32
from place import inside

PROTOCOLS = {"tcp": socket.IPPROTO_TCP, "udp": socket.IPPROTO_UDP, "sctp": socket.IPPROTO_SCTP}
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
KINDS = {"pod": 1, "node": 2, "outside": 4}
VERDICT_DNAT = 1

# By kind of source: its namespace, its addresses, the device that it comes by.
SOURCES = {
    "pod": ("b3", {4: "10.2.3.2", 6: "fd02:3::2"}, "b3"),
    "node": ("node", {4: "10.1.0.1", 6: "fd01::1"}, None),
    "outside": ("client", {4: "10.1.0.2", 6: "fd01::2"}, "client"),
}
BACKENDS = {"b1": {4: "10.2.1.2", 6: "fd02:1::2"}, "b2": {4: "10.2.2.2", 6: "fd02:2::2"}}
GATES = {"b1": {4: "10.2.1.1", 6: "fd02:1::1"}, "b2": {4: "10.2.2.1", 6: "fd02:2::1"}}
CLUSTER, LOCAL = ["b1", "b2"], ["b2"]

# A rule; where its service is; for each kind of source, who answers and
# whether it is masqueraded. The services are made by rules.sh or manifests.sh.
NODE = {4: "10.1.0.1", 6: "fd01::1"}
INTERNAL_CLUSTER = {"pod": (CLUSTER, False), "node": (CLUSTER, True), "outside": (CLUSTER, True)}
INTERNAL_LOCAL = {"pod": (LOCAL, False), "node": (LOCAL, True), "outside": (LOCAL, True)}
EXTERNAL_CLUSTER = {"pod": (CLUSTER, True), "node": (CLUSTER, True), "outside": (CLUSTER, True)}
EXTERNAL_LOCAL = {"pod": (CLUSTER, False), "node": (CLUSTER, True), "outside": (LOCAL, False)}
TABLE = [
    ("SET-1 VIP-1", "clusterIP, Cluster", {4: "10.96.0.1", 6: "fd96::1"}, 80, INTERNAL_CLUSTER),
    ("SET-2 VIP-1", "clusterIP, Local", {4: "10.96.0.2", 6: "fd96::2"}, 80, INTERNAL_LOCAL),
    ("SET-3 VIP-2", "node port, Cluster", NODE, 30003, EXTERNAL_CLUSTER),
    ("SET-3", "LB IP, Cluster", {4: "10.98.0.3", 6: "fd98::3"}, 80, EXTERNAL_CLUSTER),
    ("SET-4 VIP-2", "node port, Local", NODE, 30004, EXTERNAL_LOCAL),
    ("SET-4", "LB IP, Local", {4: "10.98.0.4", 6: "fd98::4"}, 80, EXTERNAL_LOCAL),
    ("SET-3", "external IP, Cluster", {4: "10.99.0.3", 6: "fd99::3"}, 80, EXTERNAL_CLUSTER),
    ("SET-4", "external IP, Local", {4: "10.99.0.4", 6: "fd99::4"}, 80, EXTERNAL_LOCAL),
]

netlink = nl.Socket()
# A port that a flow had which conntrack still knows would be that flow's again; TCP begins anew.
ports = itertools.count(50000)


def connect(namespace, family, proto, source, destination):
    kind = socket.SOCK_DGRAM if proto == "udp" else socket.SOCK_STREAM
    with inside(namespace):
        sock = socket.socket(FAMILIES[family], kind, PROTOCOLS[proto])
    sock.settimeout(10)
    sock.bind((source, 0 if proto == "tcp" else next(ports)))
    sock.connect(destination)
    return sock


def ask(*question):
    """A backend's answer, "NAME ADDRESS", or the error."""
    try:
        with connect(*question) as sock:
            if question[2] == "udp":
                sock.send(b"?\n")
            return sock.recv(256).decode().strip()
    except OSError as error:
        return f"error {error}"


def explain(family, proto, kind, destination):
    """The verdict, the kind of source, the backends and whether the source is rewritten."""
    _, sources, device = SOURCES[kind]
    question = [u16("EXPLAIN_FAMILY", FAMILIES[family]), u8("EXPLAIN_PROTOCOL", PROTOCOLS[proto]),
                address("EXPLAIN_SOURCE", sources[family]), address("EXPLAIN_DESTINATION", destination[0]),
                port("EXPLAIN_DESTINATION_PORT", destination[1])]
    if device:
        question.append(u32("EXPLAIN_IFINDEX", socket.if_nametoindex(device)))
    answer = netlink.do("EXPLAIN", *question)
    if answer.error:
        return f"error {answer}"
    said = answer.messages[0]
    addresses = {socket.inet_pton(FAMILIES[family], by[family]): name for name, by in BACKENDS.items()}
    candidates = [addresses.get(nl.find(payload, "BACKEND_ADDRESS"))
                  for of, _, payload in nl.attrs(said) if of == nl.V["A_EXPLAIN_BACKEND"]]
    return (number(said, "EXPLAIN_VERDICT"), number(said, "EXPLAIN_SOURCE_KIND"), candidates,
            bool(number(said, "EXPLAIN_MASQUERADE")))


def row(rule, what, at, at_port, by_source):
    for family in FAMILIES:
        destination = (at[family], at_port)
        for kind, (names, masqueraded) in by_source.items():
            namespace, sources, _ = SOURCES[kind]
            said = (VERDICT_DNAT, KINDS[kind], names, masqueraded)
            seen = sorted(f"{name} {GATES[name][family] if masqueraded else sources[family]}" for name in names)
            wrong = []
            for proto in PROTOCOLS:
                got = sorted({ask(namespace, family, proto, sources[family], destination) for _ in CLUSTER})
                if got != seen:
                    wrong.append(f"{proto}: got {got}, want {seen}")
                got = explain(family, proto, kind, destination)
                if got != said:
                    wrong.append(f"{proto}: explain says {got}, want {said}")
            point = f"{rule}: {what}, IPv{family}, from {kind}: TCP, UDP and SCTP"
            if wrong:
                not_ok(point, "\n".join(wrong))
            else:
                ok(point)


for line in TABLE:
    row(*line)
