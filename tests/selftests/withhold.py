# SPDX-License-Identifier: GPL-2.0
"""Withholds packets that come to a queue of netfilter (withhold.py NUMBER),
naming each by family and protocol, until it reads a line; from then on all
are let go."""

import select
import socket
import struct
import sys

from netlink import attrs, raw

NETLINK_NETFILTER, QUEUE = 12, 3
PACKET, VERDICT, CONFIG = 0, 1, 2
NF_ACCEPT = 1

number = int(sys.argv[1])
sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
sock.bind((0, 0))


def send(command, *payload, ack=0):
    data = b"".join(payload)
    sock.send(struct.pack("IHHII", 20 + len(data), QUEUE << 8 | command, 1 | ack, 0, 0) +
              struct.pack(">BBH", 0, 0, number) + data)


def configure(attribute):
    send(CONFIG, attribute, ack=4)
    error = struct.unpack_from("i", sock.recv(4096), 16)[0]
    if error:
        raise SystemExit(f"queue {number}: error {error}")


def name(packet):
    if packet[0] >> 4 == 4:
        return "4", packet[9]
    return "6", packet[6]


def packets():
    """Identifiers of the packets of a datagram, and what they are."""
    data, at = sock.recv(1 << 20), 0
    while at < len(data):
        length, kind = struct.unpack_from("IH", data, at)
        if kind == QUEUE << 8 | PACKET:
            fields = {kind: value for kind, _, value in attrs(data[at + 20:at + length])}
            yield fields[1][:4], fields[10]
        at += length + 3 & ~3


def accept(ident):
    send(VERDICT, raw(2, struct.pack(">I", NF_ACCEPT) + ident))


configure(raw(1, struct.pack(">BBH", 1, 0, 0)))
configure(raw(2, struct.pack(">IB", 0xffff, 2)))
print("ready", flush=True)
held = []
while True:
    for ready in select.select([sock] + ([sys.stdin] if held is not None else []), [], [])[0]:
        if ready is sys.stdin:
            sys.stdin.readline()
            for ident in held or ():
                accept(ident)
            held = None
            continue
        for ident, packet in packets():
            version, proto = name(packet)
            print({6: "tcp", 17: "udp"}.get(proto, proto), version, flush=True)
            if held is None:
                accept(ident)
            else:
                held.append(ident)
