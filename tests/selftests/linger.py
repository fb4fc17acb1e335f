# SPDX-License-Identifier: GPL-2.0
"""Stays in the middle of something, until it is killed: linger.py WHAT...
txn: a transaction of a thousand changes; dump: a listing of which one part
was read; listen: a member of the group that is told of changes, and reads
none of it."""

import signal
import socket
import sys

import netlink as nl

socks = {what: nl.Socket() for what in sys.argv[1:]}
for what, sock in socks.items():
    if what == "txn":
        sock.do("TXN_BEGIN")
        for name in range(1000):
            sock.send(nl.message("POOL_NEW", nl.text("POOL_NAME", f"linger-{name}"),
                                 nl.u16("POOL_FAMILY", socket.AF_INET)))
        sock.do("POOL_DEL", nl.text("POOL_NAME", "linger-0"))
    elif what == "dump":
        sock.do("TXN_BEGIN")
        for name in range(300):
            sock.send(nl.message("POOL_NEW", nl.text("POOL_NAME", f"{name:0200}"), nl.text("POOL_OWNER", "linger"),
                                 nl.u16("POOL_FAMILY", socket.AF_INET)))
        sock.do("TXN_COMMIT")
        sock.send(nl.message("POOL_GET", flags=nl.DUMP, seq=1000))
        sock.take(1000, nl.Answer())
    elif what == "listen":
        sock.join()
print("lingers", flush=True)
signal.pause()
