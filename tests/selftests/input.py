# SPDX-License-Identifier: GPL-2.0
"""What is wrong with a request, one thing at a time: each is refused for that
reason, which its answer names, and changes nothing."""

import re
import socket
import struct

import netlink as nl
from netlink import (address, backend, check, key, message, nest, not_ok, ok, port, raw, route, same, text, u8, u16, u32)

TCP = socket.IPPROTO_TCP
sock = nl.Socket()
before = None


# Attributes of a command's requests, and inside of nests.
SPACES = {"BACKEND": "BACKENDS", "BACKENDS_BACKEND": "BACKEND", "SERVICE_ROUTE": "ROUTE",
          "CONFIG_POD_CIDRS": "CIDRS", "CIDRS_CIDR": "CIDR", "SERVICE_RANGE": "CIDR", "CONFIG_POD_DEVICES": "DEVICES"}


def at(data, offset, space):
    """Path of the attribute that stands at an offset of the attributes."""
    for kind, start, payload in nl.attrs(data):
        name = next((name[2:] for name, value in nl.V.items()
                     if value == kind and name.startswith(f"A_{space}_")), str(kind))
        if start == offset:
            return name
        if start < offset < start + 4 + len(payload):
            return name + "." + at(payload, offset - start - 4, SPACES.get(name, ""))
    return ""


def pointed(request, answer):
    command = next(name[4:] for name, value in nl.V.items()
                   if name.startswith("CMD_") and value == request[16])
    space = command.split("_")[0]
    return at(request[20:], answer.offset - 20, SPACES.get(space, space)) if answer.offset else ""


def refused(what, request, error, name="", pattern=""):
    """The answer names the attribute, in words or by where it stands."""
    global before
    answer = sock.ask(request)
    after = sock.state()
    path = pointed(request, answer)
    named = name in answer.text or path.endswith("_" + name.upper().replace("-", "_"))
    if (answer.error == error and answer.text and named and re.search(pattern, answer.text) and
            not sock.stray and after == before):
        ok(what)
    else:
        not_ok(what, f"want: {error}: {name} {pattern}\ngot:  {answer}, pointing to \"{path}\"\n"
               f"as before: {after == before}, more answers: {len(sock.stray)}")
    before = after


def ask(command, *payload):
    return message(command, *payload, flags=nl.ACK)


def pool(name, *more, family=socket.AF_INET):
    return ask("POOL_NEW", text("POOL_NAME", name), u16("POOL_FAMILY", family), *more)


def backends(*inner, command="NEW", pool_name="web"):
    return ask("BACKEND_" + command, text("BACKENDS_POOL", pool_name), *inner)


def service(*more, command="NEW", at_address="10.96.0.9"):
    return ask("SERVICE_" + command, key(at_address), *more)


def cidrs(*inner):
    return ask("CONFIG_SET", u8("CONFIG_MASQUERADE_ALL", 1), nest("CONFIG_POD_CIDRS", *inner))


def cidr(addr, length):
    return nest("CIDRS_CIDR", address("CIDR_ADDRESS", addr), u32("CIDR_PREFIX_LEN", length))


def cut(request, by):
    return struct.pack("I", len(request) - by) + request[4:len(request) - by]


def setup():
    for request in (pool("web"), pool("web6", family=socket.AF_INET6), pool("theirs", text("POOL_OWNER", "them")),
                    backends(backend("10.2.1.2")), service(route("web"), at_address="10.96.0.1"),
                    service(route("web"), text("SERVICE_OWNER", "them"), at_address="10.96.0.2"),
                    cidrs(cidr("10.3.0.0", 16))):
        same("what there is to begin with", str(sock.ask(request)), "")
    return sock.state()


def names():
    refused("a pool's name of 256 bytes", pool("x" * 256), "EINVAL", "name")
    refused("an empty name", pool(""), "EINVAL", "name")
    refused("a name with a blank", pool("a b"), "EINVAL", "name")
    refused("a name with a control character", pool("a\x07b"), "EINVAL", "name")
    refused("a name that is not ASCII", pool("caf\u00e9"), "EINVAL", "name")
    refused("a name without its end", ask("POOL_NEW", raw("POOL_NAME", b"abc"), u16("POOL_FAMILY", 2)), "EINVAL", "name")
    refused("no name", ask("POOL_NEW", u16("POOL_FAMILY", 2)), "EINVAL", "name")
    refused("an owner with a blank", pool("new", text("POOL_OWNER", "a b")), "EINVAL", "owner")
    refused("an empty owner", pool("new", text("POOL_OWNER", "")), "EINVAL", "owner")
    refused("an owner of 256 bytes", pool("new", text("POOL_OWNER", "x" * 256)), "EINVAL", "owner")
    refused("a label of 256 bytes", service(route("web"), text("SERVICE_LABEL", "x" * 256)), "EINVAL", "label")
    refused("a label with a new line", service(route("web"), text("SERVICE_LABEL", "a\nb")), "EINVAL", "label")
    refused("a scheduler that there is not", pool("new", text("POOL_SCHEDULER", "lru")), "ENOENT", "scheduler",
            pattern="lru")


def objects():
    refused("a pool that exists", pool("web"), "EEXIST", "name", pattern="web.* admin")
    refused("a pool that another owner has", pool("theirs"), "EEXIST", "name", pattern="theirs.* them")
    refused("a pool of no family", ask("POOL_NEW", text("POOL_NAME", "new")), "EINVAL", "family")
    refused("a pool of an unknown family", pool("new", family=7), "EINVAL", "family")
    refused("a change of another owner's pool",
            ask("POOL_SET", text("POOL_NAME", "theirs"), text("POOL_SCHEDULER", "wrr")), "EPERM", "owner", pattern=" them")
    refused("a change of no pool", ask("POOL_SET", text("POOL_NAME", "none")), "ENOENT", "pool")
    refused("an end of a pool that is used", ask("POOL_DEL", text("POOL_NAME", "web")), "EBUSY", "pool")
    refused("an end of no pool", ask("POOL_DEL", text("POOL_NAME", "none")), "ENOENT", "pool")

    refused("a service that exists", service(route("web"), at_address="10.96.0.1"), "EEXIST", "service",
            pattern=" admin")
    refused("a service that another owner has", service(route("web"), at_address="10.96.0.2"), "EEXIST", "service",
            pattern=" them")
    refused("a change of another owner's service", service(command="SET", at_address="10.96.0.2"), "EPERM", "owner",
            pattern=" them")
    refused("an end of another owner's service", service(command="DEL", at_address="10.96.0.2"), "EPERM", "owner",
            pattern=" them")
    refused("a change of no service", service(command="SET"), "ENOENT", "service")
    refused("an end of no service", service(command="DEL"), "ENOENT", "service")
    refused("a service of an unknown protocol", ask(
        "SERVICE_NEW", key("10.96.0.9", proto=1), route("web")), "EINVAL", "protocol")
    refused("a service of no protocol", ask(
        "SERVICE_NEW", u16("SERVICE_FAMILY", 2), address("SERVICE_ADDRESS", "10.96.0.9"), route("web")), "EINVAL",
            "protocol")
    refused("a service without an address", ask(
        "SERVICE_NEW", u16("SERVICE_FAMILY", 2), u8("SERVICE_PROTOCOL", TCP), route("web")), "EINVAL", "address")
    for addr in ("0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"):
        pool_name = "web6" if ":" in addr else "web"
        refused(f"a service at {addr}", service(route(pool_name), at_address=addr), "EINVAL", "address")
    refused("a service that does what no action says", service(route("web"), u32("SERVICE_ELSEWHERE", 2)), "ERANGE",
            "elsewhere")


def routes():
    refused("a service without a route", service(), "EINVAL", "route")
    refused("a service with a route for pods only", service(route("web", u32("ROUTE_SOURCES", 1))), "EINVAL", "route",
            pattern="node")
    refused("a route to a pool that does not exist", service(route("none")), "ENOENT", "route.pool", pattern="none")
    refused("a route to a pool of the other family", service(route("web6")), "EINVAL", "route.pool", pattern="web6")
    refused("a route to no pool", service(nest("SERVICE_ROUTE", u32("ROUTE_SET", 0))), "EINVAL", "pool")
    refused("a route for a kind of source that there is not", service(route("web", u32("ROUTE_SOURCES", 8))), "EINVAL",
            "sources")
    refused("a route for no source", service(route("web", u32("ROUTE_SOURCES", 0))), "EINVAL", "sources")
    refused("two routes for one source", service(route("web"), route("web", u32("ROUTE_SOURCES", 2))), "EINVAL",
            "sources")
    refused("a route to set 8", service(route("web", u32("ROUTE_SET", 8))), "ERANGE", "set")
    refused("a route that masquerades twice", service(route("web", u8("ROUTE_MASQUERADE", 2))), "ERANGE", "masquerade")
    refused("an IPv6 service with an IPv4 pool", service(route("web"), at_address="fd96::9"), "EINVAL", "route.pool")


def endpoints():
    refused("an IPv6 backend in an IPv4 pool", backends(backend("fd02:1::2")), "EINVAL", "address")
    refused("an IPv4 backend in an IPv6 pool", backends(backend("10.2.1.2"), pool_name="web6"), "EINVAL", "address")
    refused("a backend that is there", backends(backend("10.2.1.2")), "EEXIST", "backend", pattern=r"10\.2\.1\.2:8080")
    refused("a backend twice in a message", backends(backend("10.2.1.3"), backend("10.2.1.3")), "EEXIST", "backend",
            pattern=r"10\.2\.1\.3:8080")
    refused("one bad backend after a good one", backends(backend("10.2.1.3"), backend("0.0.0.0")), "EINVAL", "address")
    refused("a backend at ff02::1", backends(backend("ff02::1"), pool_name="web6"), "EINVAL", "address")
    refused("a backend in no pool", backends(backend("10.2.1.3"), pool_name="none"), "ENOENT", "pool", pattern="none")
    refused("a backend in another owner's pool", backends(backend("10.2.1.3"), pool_name="theirs"), "EPERM", "owner")
    refused("no backend", backends(), "EINVAL", "backend")
    refused("a backend without an address", backends(nest("BACKENDS_BACKEND", port("BACKEND_PORT", 80))), "EINVAL",
            "address")
    refused("a weight of 65536", backends(backend("10.2.1.3", u32("BACKEND_WEIGHT", 65536))), "ERANGE", "weight")
    refused("a state that there is not", backends(backend("10.2.1.3", u32("BACKEND_STATE", 2))), "ERANGE", "state")
    refused("a ninth set", backends(backend("10.2.1.3", u32("BACKEND_SETS", 256))), "ERANGE", "sets")
    refused("counts", backends(backend("10.2.1.3", u32("BACKEND_CONNECTIONS", 1))), "EINVAL", "counts")
    refused("a change of no backend", backends(backend("10.2.1.3"), command="SET"), "ENOENT", "backend")
    refused("an end of no backend", backends(backend("10.2.1.2", at_port=8081), command="DEL"), "ENOENT", "backend",
            pattern=r"10\.2\.1\.2:8081")


def settings():
    refused("64 ranges and one more", cidrs(*(cidr(f"10.{i}.0.0", 16) for i in range(65))), "ENOSPC", "pod-cidrs",
            pattern="64")
    refused("a prefix of 33 bits", cidrs(cidr("10.3.0.0", 33)), "ERANGE", "prefix-len")
    refused("a prefix of 129 bits", cidrs(cidr("fd03::", 129)), "ERANGE", "prefix-len")
    refused("a range without a prefix", cidrs(nest("CIDRS_CIDR", address("CIDR_ADDRESS", "10.3.0.0"))), "EINVAL",
            "cidr")
    refused("a range of five bytes", cidrs(nest("CIDRS_CIDR", raw("CIDR_ADDRESS", bytes(5)),
                                                u32("CIDR_PREFIX_LEN", 8))), "EINVAL", "address")
    refused("a switch that is neither on nor off", ask("CONFIG_SET", u8("CONFIG_ACCOUNTING", 2)), "ERANGE", "accounting")
    refused("a limit too low", ask("CONFIG_SET", u32("CONFIG_FINISHED_MAX", 63)), "ERANGE", "finished-max")


def told(kind, *more, command="NEW"):
    return ask("SERVICE_" + command, u32("SERVICE_KIND", nl.V["KIND_" + kind]), *more, route("web"))


def kinds():
    four, tcp, at = u16("SERVICE_FAMILY", 2), u8("SERVICE_PROTOCOL", TCP), address("SERVICE_ADDRESS", "10.96.0.9")
    refused("a kind that there is not", ask("SERVICE_NEW", u32("SERVICE_KIND", 3), four, tcp, at, route("web")), "ERANGE",
            "kind")
    refused("a node port with an address", told("NODE_PORT", four, tcp, at, port("SERVICE_PORT", 30080)), "EINVAL",
            "address")
    refused("a node port of 0", told("NODE_PORT", four, tcp, port("SERVICE_PORT", 0)), "EINVAL", "port")
    refused("a node port without a port", told("NODE_PORT", four, tcp), "EINVAL", "port")
    refused("a node port of no protocol", told("NODE_PORT", four, port("SERVICE_PORT", 30080)), "EINVAL", "protocol")
    refused("a node port of no family", told("NODE_PORT", tcp, port("SERVICE_PORT", 30080)), "EINVAL", "family")
    refused("a mark of 0", told("MARK", four, u32("SERVICE_MARK", 0)), "EINVAL", "mark")
    refused("no mark", told("MARK", four), "EINVAL", "mark")
    refused("a mark with a protocol", told("MARK", four, tcp, u32("SERVICE_MARK", 1)), "EINVAL", "protocol")
    refused("a mark with a port", told("MARK", four, port("SERVICE_PORT", 80), u32("SERVICE_MARK", 1)), "EINVAL", "port")
    refused("an address with a mark", service(route("web"), u32("SERVICE_MARK", 1)), "EINVAL", "mark")
    refused("a flag that there is not", service(route("web"), u32("SERVICE_FLAGS", 4)), "EINVAL", "flags")
    refused("a node port that is a cluster IP", told(
        "NODE_PORT", four, tcp, port("SERVICE_PORT", 30080), u32("SERVICE_FLAGS", 1)), "EINVAL", "flags")
    refused("statistics of half a key", ask("SERVICE_ZERO", at), "EINVAL", "family")


def ranges():
    def add(*inner, command="NEW", at="10.96.0.1"):
        return ask("RANGE_" + command, key(at), *inner)

    def cidr_of(addr, length):
        return nest("SERVICE_RANGE", address("CIDR_ADDRESS", addr), u32("CIDR_PREFIX_LEN", length))

    refused("a source range of 33 bits", add(cidr_of("10.0.0.0", 33)), "ERANGE", "prefix-len")
    refused("one of the other family", add(cidr_of("fd00::", 8)), "EINVAL", "range", pattern="family")
    refused("one twice", add(cidr_of("10.0.0.0", 8), cidr_of("10.1.2.3", 8)), "EEXIST", "range", pattern=r"10\.0\.0\.0/8")
    refused("none", add(), "EINVAL", "range")
    refused("one of no service", add(cidr_of("10.0.0.0", 8), at="10.96.0.7"), "ENOENT", "service")
    refused("one of another owner's", add(cidr_of("10.0.0.0", 8), at="10.96.0.2"), "EPERM", "owner", pattern=" them")
    refused("an end of one that is not there", add(cidr_of("10.0.0.0", 8), command="DEL"), "ENOENT", "range",
            pattern=r"10\.0\.0\.0/8")


def clients():
    def devices(*names):
        return ask("CONFIG_SET", nest("CONFIG_POD_DEVICES", *(raw("DEVICES_DEVICE", name) for name in names)))

    refused("nine devices of pods", devices(*[b"veth*\0"] * 9), "ENOSPC", "pod-devices", pattern="8")
    refused("a device's name of 16 bytes", devices(b"x" * 16 + b"\0"), "ERANGE", "device")
    refused("an empty one", devices(b"\0"), "EINVAL", "pod-devices")
    refused("one with a slash", devices(b"a/b\0"), "EINVAL", "pod-devices")
    refused("one with an asterisk in the middle", devices(b"a*b\0"), "EINVAL", "pod-devices")
    refused("an asterisk alone", devices(b"*\0"), "EINVAL", "pod-devices")
    refused("affinity for more than 31 days", pool("new", u32("POOL_AFFINITY_TIMEOUT", 2678401)), "ERANGE",
            "affinity-timeout")
    refused("clients of 33 bits", pool("new", u32("POOL_AFFINITY_PREFIX_LEN", 33)), "ERANGE", "affinity-prefix-len")
    refused("flags that a scheduler has not", pool("new", u32("POOL_SCHED_FLAGS", 2)), "EINVAL", "sched-flags")
    refused("flags that there are not", pool("new", text("POOL_SCHEDULER", "mh"), u32("POOL_SCHED_FLAGS", 4)), "EINVAL",
            "sched-flags")
    refused("a table of 16384 entries", pool("new", u32("POOL_TABLE_SIZE", 16384)), "EINVAL", "table-size")
    refused("a table of 2 entries", pool("new", u32("POOL_TABLE_SIZE", 2)), "ERANGE", "table-size")
    refused("a table of 131101 entries", pool("new", u32("POOL_TABLE_SIZE", 131101)), "ERANGE", "table-size")
    refused("a lower threshold without an upper one", backends(backend("10.0.0.9", u32("BACKEND_LOWER", 1))), "ERANGE",
            "backend", pattern="threshold")
    for name in ("MAX_POOLS", "MAX_SERVICES", "MAX_BACKENDS", "AFFINITY_MAX", "TABLE_BYTES_MAX"):
        refused(f"more than there can be: {name}", ask("CONFIG_SET", u32("CONFIG_" + name, 1 << 30)), "ERANGE",
                name.lower().replace("_", "-"))
    refused("room for 63 clients", ask("CONFIG_SET", u32("CONFIG_AFFINITY_MAX", 63)), "ERANGE", "affinity-max")
    for command in ("SET", "DEL"):
        def of(pool_name, *more, command=command):
            return ask("AFFINITY_" + command, text("AFFINITY_POOL", pool_name), *more)

        refused(f"affinity of no pool, {command}", of("none"), "ENOENT", "pool", pattern="none")
        refused(f"of another owner's, {command}", of("theirs"), "EPERM", "owner", pattern=" them")
    refused("affinity of a pool that has none", of("web", address("AFFINITY_CLIENT", "10.3.0.1"),
                                                   address("AFFINITY_ADDRESS", "10.2.1.2"), command="SET"), "EINVAL", "pool")
    refused("a client of the other family", of("web", address("AFFINITY_CLIENT", "fd03::1")), "EINVAL", "client")


def forms():
    refused("an address of five bytes", backends(nest("BACKENDS_BACKEND", raw("BACKEND_ADDRESS", bytes(5)))), "EINVAL",
            "address")
    refused("an address of no bytes", backends(nest("BACKENDS_BACKEND", raw("BACKEND_ADDRESS", b""))), "EINVAL",
            "address")
    refused("a port of four bytes", backends(nest("BACKENDS_BACKEND", address("BACKEND_ADDRESS", "10.2.1.3"),
                                                  raw("BACKEND_PORT", bytes(4)))), "EINVAL", "port")
    refused("a family of one byte", ask("POOL_NEW", text("POOL_NAME", "new"), raw("POOL_FAMILY", b"\2")), "EINVAL",
            "family")
    refused("a nest that does not say that it is one", service(
        raw("SERVICE_ROUTE", text("ROUTE_POOL", "web"))), "EINVAL", "route", pattern="NLA_F_NESTED")
    refused("a nest that is none", ask("POOL_NEW", nest("POOL_NAME", u32(1, 1)), u16("POOL_FAMILY", 2)), "EINVAL",
            "name")
    refused("an attribute that a nest does not have", service(
        nest("SERVICE_ROUTE", text("ROUTE_POOL", "web"), u32(77, 1))), "EINVAL", pattern="[Uu]nknown")
    refused("an attribute that a command does not have", pool("new", u32(77, 1)), "EINVAL", pattern="[Uu]nknown")
    refused("one that listings have only", pool("new", u32("POOL_USERS", 1)), "EINVAL", pattern="[Uu]nknown|[Uu]nsupported")
    refused("an attribute of type 0", pool("new", u32(0, 1)), "EINVAL", pattern="[Uu]nknown|[Ii]nvalid")
    refused("an empty nest", service(nest("SERVICE_ROUTE")), "EINVAL", "route.pool")
    refused("a message that ends within an attribute", cut(pool("new", text("POOL_OWNER", "someone")), 8), "EINVAL",
            pattern="leftover|[Ii]nvalid")
    refused("an attribute longer than its message", ask(
        "POOL_NEW", text("POOL_NAME", "new"), struct.pack("HH", 400, nl.V["A_POOL_OWNER"]) + b"me\0\0"), "EINVAL",
            pattern="leftover|[Ii]nvalid")
    refused("an attribute longer than its nest", service(
        nest("SERVICE_ROUTE", struct.pack("HH", 400, nl.V["A_ROUTE_POOL"]) + b"web\0")), "EINVAL")
    refused("an attribute shorter than its header", ask(
        "POOL_NEW", text("POOL_NAME", "new"), struct.pack("HH", 2, nl.V["A_POOL_OWNER"]) + b"me\0\0"), "EINVAL",
            pattern="leftover|[Ii]nvalid")
    refused("a listing by an address of no family's length", message(
        "SERVICE_GET", raw("SERVICE_ADDRESS", bytes(5)), flags=nl.DUMP), "EINVAL", "address")
    refused("an unknown attribute in a listing", message("POOL_GET", u32(77, 1), flags=nl.DUMP), "EINVAL",
            pattern="[Uu]nknown")
    for command in ("INFO_GET", "CONFIG_GET", "TXN_BEGIN", "TXN_ABORT"):
        refused(f"an attribute with {command.lower().replace('_', '-')}, which has none", ask(command, u32(1, 1)),
                "EINVAL", pattern="[Uu]nknown|policy")
        sock.do("TXN_ABORT")
    for what, change in (("address", raw("EXPLAIN_SOURCE", bytes(5))), ("nothing", b"")):
        refused(f"a question with {what} for a source", ask(
            "EXPLAIN", u16("EXPLAIN_FAMILY", 2), u8("EXPLAIN_PROTOCOL", TCP),
            address("EXPLAIN_DESTINATION", "10.96.0.1"), change), "EINVAL", "source")
    refused("a question about an unknown device", ask(
        "EXPLAIN", u16("EXPLAIN_FAMILY", 2), u8("EXPLAIN_PROTOCOL", TCP), address("EXPLAIN_SOURCE", "10.1.0.2"),
        address("EXPLAIN_DESTINATION", "10.96.0.1"), u32("EXPLAIN_IFINDEX", 9999)), "ENODEV", "ifindex")


def short():
    """Too short for the kernel to know that it is for us: it has no words."""
    whole = pool("new")
    for length in (16, 18):
        answer = sock.ask(struct.pack("I", length) + whole[4:length])
        same(f"a message of {length} bytes", (answer.error, sock.state() == before), ("EINVAL", True))
    answer = sock.ask(message(200, flags=nl.ACK))
    same("a command that there is not", (answer.error, sock.state() == before), ("ENOTSUP", True))
    sock.send(whole[:10])
    check("ten bytes are no message", sock.state() == before)


def interrupted():
    """A listing of more than a message holds, and a commit in the middle."""
    other = nl.Socket()
    other.do("TXN_BEGIN")
    other.send(b"".join(message("POOL_NEW", text("POOL_NAME", f"{i:0200}"), text("POOL_OWNER", "many"),
                                u16("POOL_FAMILY", 2)) for i in range(300)))
    same("300 pools", str(other.do("TXN_COMMIT")), "")
    whole = sock.dump("POOL_GET")
    same("a listing that nobody disturbs says so", (len(whole.messages), whole.interrupted), (303, False))

    sock.seq += 1
    sock.send(message("POOL_GET", flags=nl.DUMP, seq=sock.seq))
    listing = nl.Answer()
    over = sock.take(sock.seq, listing)
    same("another has begun", (over, 0 < len(listing.messages) < 303, listing.interrupted), (False, True, False))
    same("and a commit comes", str(other.do("POOL_DEL", text("POOL_NAME", "0" * 200), text("POOL_OWNER", "many"))), "")
    while not sock.take(sock.seq, listing):
        pass
    same("it says that it was interrupted", (listing.error, listing.interrupted), ("", True))

    sock.seq += 1
    sock.send(message("POOL_GET", flags=nl.DUMP, seq=sock.seq))
    sock.take(sock.seq, nl.Answer())
    other.do("TXN_BEGIN")
    other.do("POOL_NEW", text("POOL_NAME", "staged"), u16("POOL_FAMILY", 2))
    other.do("TXN_ABORT")
    same("what is not committed interrupts none", sock.hear(sock.seq).interrupted, False)
    same("many are flushed", str(other.do("FLUSH", text("FLUSH_OWNER", "many"))), "")


before = setup()
names()
objects()
routes()
endpoints()
settings()
kinds()
ranges()
clients()
forms()
short()
interrupted()
