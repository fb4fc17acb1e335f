# SPDX-License-Identifier: GPL-2.0
"""A configuration made, asked about and taken apart with the ynl library."""

import copy
import ipaddress
import os
import socket
import sys

sys.path.append("/usr/lib/ynl")
# pylint: disable=wrong-import-position,import-error
from lib import NlError, YnlFamily

from netlink import check, same

SPEC = os.path.dirname(os.path.abspath(__file__)) + "/../../include/netlink/vsb.yaml"


def address(text):
    return ipaddress.ip_address(text).packed.hex()


def refused(what, operation, attributes, error, pattern):
    try:
        one.do(operation, attributes)
        check(what, False, "it was done")
    except NlError as refusal:
        text = refusal.nl_msg.extack.get("msg", "") if refusal.nl_msg.extack else ""
        check(what, os.strerror(refusal.error) == os.strerror(error) and pattern in str(refusal),
              f"{os.strerror(refusal.error)}: {text}\n{refusal}")


one = YnlFamily(SPEC, "")
# A second one would read the spec again, which takes seconds.
ear = copy.copy(one)
ear.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, one.nlproto.proto_num)
ear.ntf_subscribe("changes")

info = one.do("info-get", {})
same("it asks what the module is", (info["generation"], info["pools"], "wrr" in info["scheduler"]), (1, 0, True))
settings = one.do("config-get", {})
same("and how it is set", (settings["accounting"], settings["finished-max"]), (1, 4096))

one.do("pool-new", {"name": "web", "family": socket.AF_INET, "scheduler": "rr"})
one.do("backend-new", {"pool": "web", "backend": [
    {"address": address("10.2.1.2"), "port": 8080, "weight": 3, "state": "up"},
    {"address": address("10.2.1.3"), "port": 8080, "state": "draining", "sets": 2}]})
key = {"family": socket.AF_INET, "protocol": socket.IPPROTO_TCP, "address": address("10.96.0.1"), "port": 80}
one.do("service-new", dict(key, label="default/web:http", elsewhere="reject", route=[
    {"sources": "pod", "pool": "web", "set": 1, "masquerade": 0}, {"sources": 6, "pool": "web"}]))
pools = one.dump("pool-get", {})
same("it lists pools", [{name: value for name, value in pool.items() if name != "stats"} for pool in pools],
     [{"name": "web", "owner": "admin", "family": 2, "scheduler": "rr", "sched-flags": set(), "table-size": 16381,
       "affinity-timeout": 0, "affinity-prefix-len": 32, "backends": 2, "users": 1}])
same("and backends", [(b["backend"][0]["address"], b["backend"][0]["weight"], b["backend"][0]["state"],
                       b["backend"][0]["sets"]) for b in one.dump("backend-get", {"pool": "web"})],
     [("10.2.1.2", 3, "up", 1), ("10.2.1.3", 1, "draining", 2)])
services = one.dump("service-get", {})
same("and services", [(s["address"], s["port"], s["label"], s["elsewhere"]) for s in services],
     [("10.96.0.1", 80, "default/web:http", "reject")])
same("with their routes", [(sorted(r["sources"]), r["pool"], r["set"], r["masquerade"]) for r in services[0]["route"]],
     [(["pod"], "web", 1, 0), (["node", "outside"], "web", 0, 0)])
check("and counts", services[0]["stats"]["connections"] == 0)

answer = one.do("explain", {"family": socket.AF_INET, "protocol": socket.IPPROTO_TCP,
                            "source": address("10.1.0.2"), "source-port": 1234,
                            "destination": address("10.96.0.1"), "destination-port": 80})
same("it explains", (answer["verdict"], answer["reason"], list(answer["source-kind"]), answer["pool"],
                     answer["service"]["label"], answer["candidates"], answer["backend"][0]["address"]),
     ("dnat", "candidates", ["outside"], "web", "default/web:http", 1, "10.2.1.2"))

generation = one.do("txn-begin", {})["generation"]
one.do("pool-new", {"name": "other", "owner": "ynl", "family": socket.AF_INET6})
one.do("config-set", {"pod-cidrs": {"cidr": [{"address": address("10.3.0.0"), "prefix-len": 16}]}})
same("what is staged is not there yet", len(one.dump("pool-get", {})), 1)
same("it commits", one.do("txn-commit", {"generation": generation})["generation"], generation + 1)
same("and it is there", one.do("config-get", {})["pod-cidrs"],
     {"cidr": [{"address": "10.3.0.0", "prefix-len": 16}]})
one.do("txn-begin", {})
one.do("flush", {"owner": "ynl"})
one.do("txn-abort", {})
same("or aborts", [p["name"] for p in one.dump("pool-get", {"owner": "ynl"})], ["other"])
same("listings have an owner", [p["name"] for p in one.dump("pool-get", {"owner": "admin"})], ["web"])
same("or none that anything is of", one.dump("service-get", {"owner": "ynl"}), [])
same("or are of one pool's users", len(one.dump("service-get", {"pool": "web"})), 1)
same("of another's", one.dump("service-get", {"pool": "other"}), [])
same("of one family", one.dump("service-get", {"family": socket.AF_INET6}), [])
same("of one address", (len(one.dump("service-get", {"address": address("10.96.0.1")})),
                        one.dump("service-get", {"address": address("10.96.0.2")})), (1, []))
same("of one pool", one.dump("backend-get", {"pool": "other"}), [])

one.do("service-set", dict(key, elsewhere="drop"))
one.do("backend-del", {"pool": "web", "backend": [{"address": address("10.2.1.3"), "port": 8080}]})
ear.check_ntf()
told = [(n["name"], n["msg"]["change"]) for n in ear.async_msg_queue]
same("it is told of all that was changed", told,
     [("pool-ntf", "new"), ("backend-ntf", "new"), ("backend-ntf", "new"), ("service-ntf", "new"),
      ("config-ntf", "set"), ("pool-ntf", "new"), ("service-ntf", "set"), ("backend-ntf", "del")])
last = ear.async_msg_queue[-1]["msg"]
same("and what and when", (last["pool"], last["backend"][0]["address"], last["generation"]),
     ("web", "10.2.1.3", one.do("info-get", {})["generation"]))

refused("it shows a refusal of ours", "pool-del", {"name": "web"}, 16, "pool: web is in use, services: 1")
refused("and one of the policy", "backend-set",
        {"pool": "web", "backend": [{"address": address("10.2.1.2"), "weight": 65536}]}, 34, ".backend.weight")
