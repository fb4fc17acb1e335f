# SPDX-License-Identifier: GPL-2.0
"""Sockets in the network namespaces of a test: one thread makes them, wherever
they are to be, and uses them where it is."""

import contextlib
import ctypes
import os

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
home = os.open("/proc/self/ns/net", os.O_RDONLY)


def go(fd):
    if libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(namespace):
    """What is made in the block is made there; "node" is where the test is."""
    if namespace != "node":
        fd = os.open("/run/netns/" + namespace, os.O_RDONLY)
        go(fd)
        os.close(fd)
    try:
        yield
    finally:
        go(home)
