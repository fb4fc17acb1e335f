# SPDX-License-Identifier: GPL-2.0
"""Packets as they come in real networks: in fragments, with extension headers,
without a checksum, several at once, and errors that answer them."""

import socket
import struct

from netlink import check, same
from place import inside

VIP = {4: "10.96.0.1", 6: "fd96::1"}
BACKEND = {4: "10.2.1.2", 6: "fd02:1::2"}
CLIENT = {4: "10.1.0.2", 6: "fd01::2"}
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
SO_NO_CHECK = 11
# A header of eight bytes with nothing but padding in it.
PADDING = bytes([0, 0, 1, 4, 0, 0, 0, 0])
EXTENSIONS = {"hop-by-hop options": socket.IPV6_HOPOPTS, "destination options": socket.IPV6_DSTOPTS}


def connected(family, proto, *options):
    with inside("client"):
        sock = socket.socket(FAMILIES[family], KINDS[proto])
    sock.settimeout(10)
    for option in options:
        sock.setsockopt(*option)
    sock.connect((VIP[family], 80))
    return sock


def answer(sock, question=b"?\n"):
    """The backend's answer, "NAME ADDRESS", or the error."""
    try:
        sock.send(question)
        return sock.recv(256).decode().splitlines()[0]
    except OSError as error:
        return f"error {error}"


for family in FAMILIES:
    want = f"b1 {CLIENT[family]}"
    with connected(family, "udp") as sock:
        same(f"a datagram in three fragments, IPv{family}", answer(sock, b"x" * 4000), want)
        got = []
        for _ in range(100):
            with connected(family, "udp") as pair:
                pair.send(b"A")
                pair.send(b"AAAA")
                got += [pair.recv(256).decode().strip() for _ in range(2)]
        same(f"two datagrams of one socket at once, a hundred times, IPv{family}", (set(got), len(got)), ({want}, 200))

with connected(4, "udp", (socket.SOL_SOCKET, SO_NO_CHECK, 1)) as sock:
    same("a datagram without a checksum", answer(sock), f"b1 {CLIENT[4]}")
for name, option in EXTENSIONS.items():
    for proto in KINDS:
        with connected(6, proto, (socket.IPPROTO_IPV6, option, PADDING)) as sock:
            same(f"{proto} with {name}", answer(sock), f"b1 {CLIENT[6]}")
with connected(6, "udp", (socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, PADDING)) as sock:
    same("fragments with destination options", answer(sock, b"x" * 4000), f"b1 {CLIENT[6]}")


def error_of(family):
    """What an ICMP error tells a backend of the packet that it is about: where that came from, and where it went."""
    proto = socket.IPPROTO_ICMP if family == 4 else socket.IPPROTO_ICMPV6
    with inside("b1"):
        listener = socket.socket(FAMILIES[family], socket.SOCK_RAW, proto)
        sender = socket.socket(FAMILIES[family], socket.SOCK_DGRAM)
    listener.settimeout(10)
    with connected(family, "udp") as sock:
        answer(sock)
        port = sock.getsockname()[1]
    # Nobody has the client's socket any more; the server's port sends to it.
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sender.bind((BACKEND[family], 8080))
    sender.sendto(b"!", (CLIENT[family], port))
    while True:
        packet = listener.recv(1024)
        error = packet[20:] if family == 4 else packet
        if error[0] == (3 if family == 4 else 1):
            break
    inner = error[8:]
    start, length, ports = (12, 4, 20) if family == 4 else (8, 16, 40)
    source, destination = (socket.inet_ntop(FAMILIES[family], inner[at:at + length]) for at in (start, start + length))
    return source, struct.unpack_from(">H", inner, ports)[0], destination, struct.unpack_from(">H", inner, ports + 2)[0] == port


for family in FAMILIES:
    same(f"an ICMPv{family} error of a client reaches the backend, about its own packet", error_of(family),
         (BACKEND[family], 8080, CLIENT[family], True))

# A socket that is connected to the VIP hears from nobody else.
with connected(4, "udp") as sock, inside("b2"):
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
with connected(4, "udp") as sock:
    stranger.sendto(b"stranger", (CLIENT[4], sock.getsockname()[1]))
    same("a socket that is connected to the VIP hears its answer only", answer(sock), f"b1 {CLIENT[4]}")
    check("from the VIP", sock.getpeername() == (VIP[4], 80))
