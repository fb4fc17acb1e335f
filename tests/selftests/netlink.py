# SPDX-License-Identifier: GPL-2.0
"""Netlink by hand: messages to the module that no library would send, and
points of a test for points() of lib.sh to number.

Attributes and commands have the names of the uapi header without VSB_A_ and
VSB_CMD_.
"""

import errno
import functools
import os
import re
import socket
import struct

HEADER = os.path.dirname(os.path.abspath(__file__)) + "/../../include/uapi/linux/vsb.h"
NESTED = 0x8000

REQUEST, ACK, DUMP, DUMP_INTR = 1, 4, 0x300, 0x10
ERROR, DONE = 2, 3
NETLINK_GENERIC, SOL_NETLINK, ADD_MEMBERSHIP, CAP_ACK, EXT_ACK = 16, 270, 1, 10, 11


def constants():
    with open(HEADER, encoding="ascii") as header:
        text = re.sub(r"/\*.*?\*/", "", header.read(), flags=re.S)
    values = {name: int(value) for name, value
              in re.findall(r"^#define VSB_(\w+)\s+(\d+)$", text, re.M)}
    for body in re.findall(r"\benum[^{]*{(.*?)}", text, re.S):
        value = -1
        for name, given in re.findall(r"VSB_(\w+)(?:\s*=\s*(\d+))?", body):
            value = int(given) if given else value + 1
            values[name] = value
    return values


V = constants()


# Attributes. A type that the header does not have is given as a number.

def raw(name, data):
    kind = name if isinstance(name, int) else V["A_" + name]
    return struct.pack("HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def u8(name, value):
    return raw(name, struct.pack("B", value))


def u16(name, value):
    return raw(name, struct.pack("H", value))


def u32(name, value):
    return raw(name, struct.pack("I", value))


def port(name, value):
    return raw(name, struct.pack(">H", value))


def text(name, value):
    return raw(name, value.encode() + b"\0")


def address(name, value):
    family = socket.AF_INET6 if ":" in value else socket.AF_INET
    return raw(name, socket.inet_pton(family, value))


def nest(name, *inner):
    kind = name if isinstance(name, int) else V["A_" + name]
    return raw(kind | NESTED, b"".join(inner))


def attrs(data):
    """The attributes in a message or a nest: (type, offset, payload)."""
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("HH", data, at)
        yield kind & 0x3fff, at, data[at + 4:at + length]
        at += max(4, length + 3 & ~3)


def find(data, name):
    """The payload of the first attribute of a name, or None."""
    for kind, _, payload in attrs(data):
        if kind == V["A_" + name]:
            return payload
    return None


def number(data, *path):
    """The number at the end of a path of attributes, or None."""
    for name in path:
        data = find(data, name)
        if data is None:
            return None
    return int.from_bytes(data, "little")


def string(data, name):
    return find(data, name)[:-1].decode()


# Objects, as most requests have them.

def key(addr, at_port=80, proto=socket.IPPROTO_TCP):
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    return (u16("SERVICE_FAMILY", family) + u8("SERVICE_PROTOCOL", proto) +
            address("SERVICE_ADDRESS", addr) + port("SERVICE_PORT", at_port))


def route(pool, *more):
    return nest("SERVICE_ROUTE", text("ROUTE_POOL", pool), *more)


def backend(addr, *more, at_port=8080):
    return nest("BACKENDS_BACKEND", address("BACKEND_ADDRESS", addr),
                port("BACKEND_PORT", at_port), *more)


def message(command, *payload, flags=0, seq=0):
    data = b"".join(payload)
    if isinstance(command, str):
        command = V["CMD_" + command]
    return (struct.pack("IHHII", 20 + len(data), family_id(), REQUEST | flags,
                        seq, 0) +
            struct.pack("BBH", command, V["FAMILY_VERSION"], 0) + data)


class Answer:
    """What the kernel says to a request: error (an errno name, or ""), text,
    offset of the attribute at fault, messages (their attributes)."""

    def __init__(self):
        self.error = ""
        self.text = ""
        self.offset = 0
        self.missing = 0
        self.messages = []
        self.interrupted = False

    def end(self, code, tail):
        self.error = errno.errorcode[-code] if code else ""
        for kind, _, payload in attrs(tail):
            if kind == 1:
                self.text = payload[:-1].decode().rstrip()
            elif kind == 2:
                self.offset = int.from_bytes(payload, "little")
            elif kind == 5:
                self.missing = int.from_bytes(payload, "little")

    def __str__(self):
        return f"{self.error}: {self.text}".strip(": ")


class Socket:
    """A netlink socket. Refusals of messages that asked for no answer are in
    stray once a later request was answered."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_GENERIC)
        self.sock.setsockopt(SOL_NETLINK, CAP_ACK, 1)
        self.sock.setsockopt(SOL_NETLINK, EXT_ACK, 1)
        self.sock.bind((0, 0))
        self.sock.settimeout(30)
        self.seq = 0
        self.stray = []

    def close(self):
        self.sock.close()

    def join(self):
        """Be told of changes."""
        self.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, group_id())

    def told(self):
        """The next notification's attributes."""
        return self.told_of()[1]

    def told_of(self):
        """Its command, too."""
        data = self.sock.recv(65536)
        return data[16], data[20:]

    def send(self, data):
        self.sock.send(data)

    def ask(self, data):
        """Send one message, and hear its answer."""
        self.seq += 1
        self.send(data[:8] + struct.pack("I", self.seq) + data[12:])
        return self.hear(self.seq)

    def hear(self, seq):
        answer = Answer()
        while not self.take(seq, answer):
            pass
        return answer

    def take(self, seq, answer):
        """One datagram; whether it has the end of the answer to seq."""
        data = self.sock.recv(65536)
        over, at = False, 0
        while at < len(data):
            length, kind, flags, number_, _ = struct.unpack_from("IHHII", data, at)
            body = data[at + 16:at + length]
            at += length + 3 & ~3
            of = answer if number_ == seq else Answer()
            of.interrupted |= bool(flags & DUMP_INTR)
            if kind not in (ERROR, DONE):
                of.messages.append(body[4:])
                continue
            # The request's header follows an error, nothing a dump's end.
            of.end(struct.unpack_from("i", body)[0], body[20 if kind == ERROR else 4:])
            if of is answer:
                over = True
            else:
                self.stray.append(of)
        return over

    def do(self, command, *payload):
        return self.ask(message(command, *payload, flags=ACK))

    def dump(self, command, *payload):
        return self.ask(message(command, *payload, flags=DUMP))

    def info(self, *path):
        return number(self.do("INFO_GET").messages[0], *path)

    def state(self):
        """All that a change could have changed."""
        return [self.info("INFO_GENERATION"), self.do("CONFIG_GET").messages] + [
            self.dump(what + "_GET").messages for what in ("POOL", "BACKEND", "SERVICE")]


@functools.lru_cache(None)
def family():
    """What the controller says of the family; asking loads the module."""
    sock = Socket()
    name = raw(2, b"vsb\0")
    answer = sock.ask(struct.pack("IHHIIBBH", 20 + len(name), 16, REQUEST | ACK, 0, 0, 3, 1, 0) + name)
    sock.close()
    if answer.error:
        raise SystemExit(f"there is no family vsb: {answer}")
    return {kind: payload for kind, _, payload in attrs(answer.messages[0])}


def family_id():
    return int.from_bytes(family()[1], "little")


def group_id():
    """Of the one group that there is."""
    for _, _, group in attrs(family()[7]):
        for kind, _, payload in attrs(group):
            if kind == 2:
                return int.from_bytes(payload, "little")
    raise SystemExit("the family has no group")


# Points

def ok(what):
    print("ok -", what, flush=True)


def not_ok(what, why):
    print("not ok -", what, flush=True)
    for line in str(why).splitlines():
        print("#  ", line[:400], flush=True)


def check(what, good, why="it is not so"):
    if good:
        ok(what)
    else:
        not_ok(what, why)


def same(what, got, want):
    check(what, got == want, f"got:\n{got}\nwant:\n{want}")


def answered(what, answer, error, pattern):
    """That a request was refused with an error and a sentence that matches."""
    check(what, answer.error == error and re.search(pattern, answer.text),
          f"want: {error}: {pattern}\ngot:  {answer}")
