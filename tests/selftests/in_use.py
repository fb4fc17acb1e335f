# SPDX-License-Identifier: GPL-2.0
"""Looks at a pool's backends (in_use.py POOL) until they have no connections:
prints how many were in use at most, and how often some, but not all, were over."""

import sys

from netlink import Socket, V, attrs, number, text

sock = Socket()


def look():
    """How many connections the backends have, and how many of them in use."""
    backends = [backend for message in sock.dump("BACKEND_GET", text("BACKENDS_POOL", sys.argv[1])).messages
                for kind, _, backend in attrs(message) if kind == V["A_BACKENDS_BACKEND"]]
    return sum(number(b, "BACKEND_CONNECTIONS") for b in backends), sum(number(b, "BACKEND_ACTIVE") for b in backends)


first, most = look()
left, partly = first, 0
print("ready", flush=True)
while left:
    left, active = look()
    most = max(most, active)
    partly += 0 < left < first
print(most, partly)
