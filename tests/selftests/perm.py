# SPDX-License-Identifier: GPL-2.0
"""Every command, from somebody who may do none."""

import os

import netlink as nl
from netlink import message, same

os.setgroups([])
os.setgid(65534)
os.setuid(65534)

commands = [name for name in nl.V if name.startswith("CMD_") and not name.endswith(("_NTF", "_MAX"))]
sock = nl.Socket()


def refused(name):
    """As a request or, where it is none, as a listing."""
    for flags in (nl.ACK, nl.DUMP):
        answer = sock.ask(message(nl.V[name], flags=flags))
        if answer.error != "ENOTSUP":
            break
    return answer.error == "EPERM" and not answer.messages


same("there is a number of commands", len(commands) >= 20 and commands[0], "CMD_INFO_GET")
same("each is refused", [name for name in commands if not refused(name)], [])
try:
    sock.join()
    nl.not_ok("nobody is told of changes", "joined")
except PermissionError:
    nl.ok("nobody is told of changes")
