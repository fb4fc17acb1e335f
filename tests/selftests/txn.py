# SPDX-License-Identifier: GPL-2.0
"""Transactions on several sockets at once. Runs in namespace node, in which
tcp/10.96.0.1:80 and udp/10.96.0.1:80 of owner admin lead to b1."""

import socket
import struct
import subprocess
import time

import netlink as nl
from netlink import answered, check, message, same, text, u16

MANY = 10000

one = nl.Socket()
two = nl.Socket()
eye = nl.Socket()


def pool(name, owner="txn", family=socket.AF_INET):
    return (text("POOL_NAME", name) + text("POOL_OWNER", owner) +
            u16("POOL_FAMILY", family))


def pool_name(name, owner="txn"):
    return text("POOL_NAME", name) + text("POOL_OWNER", owner)


def pools():
    """Names, and owners, of the pools that there are."""
    return sorted(nl.string(p, "POOL_NAME") + " " + nl.string(p, "POOL_OWNER")
                  for p in eye.dump("POOL_GET").messages)


def commit(sock, expected=None):
    payload = nl.u32("TXN_GENERATION", expected) if expected is not None else b""
    return sock.do("TXN_COMMIT", payload)


def generation():
    return eye.info("INFO_GENERATION")


def wait_for(what, condition):
    for _ in range(600):
        if condition():
            return nl.ok(what)
        time.sleep(0.05)
    return nl.not_ok(what, "waited for it in vain")


def send_services(sock, count):
    """Services of pool "many" at 10.97.0.0 and on, with one message each."""
    request = message("SERVICE_NEW", nl.key("10.97.0.0"), text("SERVICE_OWNER", "txn"),
                      nl.route("many"))
    at = request.index(socket.inet_aton("10.97.0.0"))
    head, tail = request[:at], request[at + 4:]
    first = struct.unpack(">I", socket.inet_aton("10.97.0.0"))[0]
    for start in range(0, count, 500):
        sock.send(b"".join(head + struct.pack(">I", first + i) + tail
                           for i in range(start, min(start + 500, count))))


def whole_or_not():
    before = eye.state()
    one.do("TXN_BEGIN")
    one.do("POOL_NEW", pool("many"))
    send_services(one, MANY - 2)
    last = one.do("SERVICE_NEW", nl.key("10.98.0.0"), text("SERVICE_OWNER", "txn"),
                  nl.route("nowhere"))
    same(f"no change before the last of {MANY} is refused", one.stray, [])
    answered("the last names what is wrong with it", last, "ENOENT", "^route.pool: no pool nowhere$")
    answered("and the commit says that there is nothing to commit", commit(one), "ECANCELED", "refusal")
    check(f"with the last of {MANY} changes invalid nothing has changed", eye.state() == before)
    same("and no transaction is left open", eye.info("INFO_TRANSACTIONS"), 0)

    one.do("TXN_BEGIN")
    one.do("POOL_NEW", pool("many"))
    send_services(one, MANY - 1)
    check("before the commit none is to be seen", eye.state() == before)
    done = commit(one)
    same(f"with all {MANY} valid they are one commit",
         (str(done), one.stray, nl.number(done.messages[0], "TXN_GENERATION"), generation(),
          eye.info("INFO_SERVICES")),
         ("", [], before[0] + 1, before[0] + 1, len(before[4]) + MANY - 1))
    same("a flush is one commit too", (str(one.do("FLUSH", text("FLUSH_OWNER", "txn"))), generation()),
         ("", before[0] + 2))
    check("and leaves what was there before", eye.state()[1:] == before[1:])


def concurrent():
    start = generation()
    one.do("TXN_BEGIN")
    two.do("TXN_BEGIN")
    same("two transactions are open", eye.info("INFO_TRANSACTIONS"), 2)
    one.do("POOL_NEW", pool("one"))
    two.do("POOL_NEW", pool("two"))
    same("the first to commit expects the generation that there is", str(commit(two, start)), "")
    before = eye.state()
    answered("the other is told that it is not what it expects", commit(one, start), "EAGAIN",
             f"generation: is {start + 1}, not {start}")
    check("and nothing of it is applied", eye.state() == before)

    one.do("TXN_BEGIN")
    one.do("POOL_NEW", pool("one"))
    one.do("BACKEND_NEW", text("BACKENDS_POOL", "one"), text("BACKENDS_OWNER", "txn"), nl.backend("10.2.1.2"))
    two.do("POOL_NEW", pool("between"))
    same("with no expectation it is checked again and applied", str(commit(one)), "")
    same("beside what came between", [name for name in pools() if name.endswith(" txn")],
         ["between txn", "one txn", "two txn"])

    one.do("TXN_BEGIN")
    one.do("FLUSH", text("FLUSH_OWNER", "txn"))
    one.do("POOL_NEW", pool("two"))
    two.do("POOL_NEW", pool("late"))
    commit(one)
    same("a flush takes what came between too", [name for name in pools() if name.endswith(" txn")], ["two txn"])

    # The first and the last of four stay valid, the other two do not.
    one.do("TXN_BEGIN")
    one.do("POOL_NEW", pool("three"))
    one.do("POOL_NEW", pool("four"))
    one.do("POOL_SET", pool_name("two"), text("POOL_SCHEDULER", "wrr"))
    one.do("POOL_NEW", pool("five"))
    two.do("POOL_NEW", pool("four"))
    two.do("POOL_DEL", pool_name("two"))
    before = eye.state()
    answered("a change that another commit made invalid is refused by its number", commit(one), "EEXIST",
             "^change 1: name: pool four exists, owned by txn")
    check("and nothing is applied", eye.state() == before)
    same("the transaction is over", str(one.do("TXN_BEGIN")), "")

    one.do("POOL_NEW", pool("three"))
    one.do("POOL_SET", pool_name("four"), text("POOL_SCHEDULER", "wrr"))
    two.do("POOL_DEL", pool_name("four"))
    same("changes that come then wait for the commit", str(one.do("POOL_NEW", pool("five"))), "")
    answered("which looks at all of them", commit(one), "ENOENT", "^change 1: pool: no pool four")
    one.do("TXN_BEGIN")
    one.do("POOL_NEW", pool("three"))
    two.do("POOL_NEW", pool("four"))
    one.do("POOL_NEW", pool("four"))
    answered("those too", commit(one), "EEXIST", "^change 1: name: pool four exists")
    one.do("FLUSH", text("FLUSH_OWNER", "txn"))


def refusals():
    before = eye.state()
    answered("a commit needs a transaction", commit(one), "ENOENT", "no transaction")
    answered("so does an abort", one.do("TXN_ABORT"), "ENOENT", "no transaction")

    one.do("TXN_BEGIN")
    one.do("POOL_NEW", pool("one"))
    answered("a socket has one transaction", one.do("TXN_BEGIN"), "EBUSY", "this socket")
    same("which goes on", str(one.do("POOL_DEL", pool_name("one"))), "")
    answered("a change is checked against what is staged",
             one.do("POOL_SET", pool_name("one"), text("POOL_SCHEDULER", "wrr")), "ENOENT", "^pool: no pool one")
    answered("what follows a refusal is refused, valid or not", one.do("POOL_NEW", pool("one")), "ECANCELED",
             "refusal")
    answered("and so is the commit", commit(one), "ECANCELED", "refusal")
    same("then the socket makes changes again", str(one.do("POOL_NEW", pool("one"))), "")
    one.do("POOL_DEL", pool_name("one"))

    one.do("TXN_BEGIN")
    one.do("POOL_NEW", pool("one", family=7))
    one.do("TXN_ABORT")
    one.do("TXN_BEGIN")
    same("an abort ends a refused transaction too", str(one.do("POOL_NEW", pool("one"))), "")
    one.do("TXN_ABORT")
    one.do("TXN_BEGIN")
    at = generation()
    same("a commit of nothing makes no generation", (str(commit(one)), generation()), ("", at))

    gone = nl.Socket()
    gone.do("TXN_BEGIN")
    gone.do("POOL_NEW", pool("one"))
    same("a transaction is open", eye.info("INFO_TRANSACTIONS"), 1)
    gone.close()
    same("a socket that closes aborts", eye.info("INFO_TRANSACTIONS"), 0)

    many = [nl.Socket() for _ in range(65)]
    answers = [sock.do("TXN_BEGIN") for sock in many]
    same("there is a limit to open transactions", [str(a) for a in answers[:64]], [""] * 64)
    answered("which says so", answers[64], "ENOSPC", "64")
    for sock in many:
        sock.close()
    check("nothing of all this is in force", eye.state()[1:] == before[1:])


def shared():
    """A pool that another owner's service uses may be made again, not lost."""
    one.do("POOL_NEW", pool("web"))
    one.do("SERVICE_NEW", nl.key("10.96.0.7"), nl.route("web"))
    before = eye.state()
    flush = text("FLUSH_OWNER", "txn")
    answered("a pool that another owner uses can't be flushed", one.do("FLUSH", flush), "EBUSY",
             "^pool: web is in use")
    one.do("TXN_BEGIN")
    one.do("FLUSH", flush)
    answered("nor in a transaction that leaves it so", commit(one), "EBUSY", "^pool: web is in use")
    for what, again in (("owner", pool("web", "other")), ("family", pool("web", family=socket.AF_INET6))):
        one.do("TXN_BEGIN")
        one.do("FLUSH", flush)
        answered(f"nor made again with another {what}", one.do("POOL_NEW", again), "EBUSY", "web")
        one.do("TXN_ABORT")
    check("all that changed nothing", eye.state() == before)
    one.do("TXN_BEGIN")
    one.do("FLUSH", flush)
    one.do("POOL_NEW", pool("web"))
    one.do("BACKEND_NEW", text("BACKENDS_POOL", "web"), text("BACKENDS_OWNER", "txn"), nl.backend("10.2.1.2"))
    same("but made again as it was", str(commit(one)), "")
    same("with other backends", client("ask", "tcp", "10.96.0.7", "80").communicate()[0], "b1 10.1.0.2\n")
    one.do("SERVICE_DEL", nl.key("10.96.0.7"))
    one.do("FLUSH", flush)


def connections():
    backends = eye.dump("BACKEND_GET", text("BACKENDS_POOL", "tcp/10.96.0.1:80")).messages
    return sum(nl.number(b, "BACKENDS_BACKEND", "BACKEND_CONNECTIONS") for b in backends)


def counted(proto):
    """Connections and packets."""
    for service in eye.dump("SERVICE_GET", nl.u8("SERVICE_PROTOCOL", proto)).messages:
        return tuple(nl.number(service, "SERVICE_STATS", what) for what in ("STATS_CONNECTIONS", "STATS_PACKETS_IN"))
    return None


def say(peer, line):
    peer.stdin.write(line + "\n")
    peer.stdin.flush()
    return peer.stdout.readline().strip()


def client(*args):
    return subprocess.Popen(["ip", "netns", "exec", "client", "peer", *args], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def remake(sock):
    """What the script made."""
    for proto, name in ((socket.IPPROTO_TCP, "tcp"), (socket.IPPROTO_UDP, "udp")):
        name += "/10.96.0.1:80"
        sock.do("POOL_NEW", text("POOL_NAME", name), u16("POOL_FAMILY", socket.AF_INET))
        sock.do("BACKEND_NEW", text("BACKENDS_POOL", name), nl.backend("10.2.1.2"))
        sock.do("SERVICE_NEW", nl.key("10.96.0.1", proto=proto), nl.route(name))


def replacement():
    held = client("hold", "tcp", "10.96.0.1", "80")
    same("a connection is made", held.stdout.readline(), "b1 10.1.0.2\n")
    asked = client("ask", "udp", "10.96.0.1", "80", "3", "20000")
    asked.communicate()
    subprocess.run(["conntrack", "-D", "-p", "udp"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    wait_for("and three others are counted", lambda: counted(socket.IPPROTO_UDP) == (3, 3))

    ear = nl.Socket()
    ear.join()
    for _ in range(10):
        before = eye.state()
        two.do("TXN_BEGIN")
        two.do("FLUSH")
        remake(two)
        refusal, after = str(commit(two)), eye.state()
        # The sweeper may have come between: what lives is counted, and rates fall.
        if refusal or after == [before[0] + 1] + before[1:]:
            break
    same("a flush and the same again are a commit", refusal, "")
    check("that leaves all as it was", after == [before[0] + 1] + before[1:])
    same("counts too", counted(socket.IPPROTO_UDP), (3, 3))
    same("the connection is still one of its backend's", connections(), 1)
    same("and goes on", say(held, "hello"), "hello")
    two.do("POOL_NEW", pool("last"))
    same("listeners are told of nothing but a change that comes after", nl.string(ear.told(), "POOL_NAME"), "last")
    two.do("POOL_DEL", pool_name("last"))
    return held


def pool_changes(ear, until):
    """What became of which pools, up to the news of one."""
    changes = []
    while True:
        command, payload = ear.told_of()
        if command == nl.V["CMD_POOL_NTF"]:
            name = nl.string(payload, "POOL_NAME")
            if name == until:
                return changes
            changes.append((nl.number(payload, "POOL_CHANGE"), name))


def other(held):
    """A name is given to something else within one transaction."""
    ear = nl.Socket()
    ear.join()
    one.do("TXN_BEGIN")
    one.do("FLUSH")
    name = "tcp/10.96.0.1:80"
    one.do("POOL_NEW", pool(name, "other", socket.AF_INET6))
    one.do("BACKEND_NEW", text("BACKENDS_POOL", name), text("BACKENDS_OWNER", "other"), nl.backend("fd02:1::2"))
    one.do("SERVICE_NEW", nl.key("fd96::1"), text("SERVICE_OWNER", "other"), nl.route(name))
    same("a pool may be made again in another family, for another owner", str(commit(one)), "")
    same("and is that", pools(), [name + " other"])
    same("it has the new backend only", [nl.find(nl.find(b, "BACKENDS_BACKEND"), "BACKEND_ADDRESS")
                                         for b in eye.dump("BACKEND_GET").messages],
         [socket.inet_pton(socket.AF_INET6, "fd02:1::2")])
    same("where new connections go", client("ask", "tcp", "fd96::1", "80").communicate()[0], "b1 fd01::2\n")
    same("the old one's connection goes on", say(held, "still"), "still")
    one.do("POOL_NEW", pool("last"))
    changes = pool_changes(ear, "last")
    same("listeners hear of the old one's end before they hear of the new one",
         [change for change, of in changes if of == name], [nl.V["CHANGE_DEL"], nl.V["CHANGE_NEW"]])
    one.do("POOL_DEL", pool_name("last"))

    one.do("TXN_BEGIN")
    one.do("SERVICE_DEL", nl.key("fd96::1"), text("SERVICE_OWNER", "other"))
    one.do("POOL_DEL", pool_name(name, "other"))
    one.do("POOL_NEW", pool(name, "other"))
    one.do("POOL_DEL", pool_name(name, "other"))
    one.do("POOL_NEW", pool(name, "admin", socket.AF_INET6))
    one.do("BACKEND_NEW", text("BACKENDS_POOL", name), nl.backend("fd02:1::2"))
    one.do("SERVICE_NEW", nl.key("fd96::1"), nl.route(name))
    same("even twice", (str(commit(one)), pools()), ("", [name + " admin"]))
    same("and works", client("ask", "tcp", "fd96::1", "80").communicate()[0], "b1 fd01::2\n")
    held.stdin.close()
    held.wait()


def service_changes(ear, until):
    """What became of which services, up to the news of a pool."""
    changes = []
    while True:
        command, payload = ear.told_of()
        if command == nl.V["CMD_SERVICE_NTF"]:
            changes.append((nl.number(payload, "SERVICE_CHANGE"), nl.string(payload, "SERVICE_OWNER"),
                            int.from_bytes(nl.find(payload, "SERVICE_PORT"), "big")))
        elif command == nl.V["CMD_POOL_NTF"] and nl.string(payload, "POOL_NAME") == until:
            return changes


def hands():
    """A service makes place for another, and one becomes another owner's."""
    new, gone = nl.V["CHANGE_NEW"], nl.V["CHANGE_DEL"]
    flags = nl.u32("SERVICE_FLAGS", nl.V["FLAG_CLUSTER_IP"])
    one.do("POOL_NEW", pool("hands"))
    one.do("BACKEND_NEW", text("BACKENDS_POOL", "hands"), text("BACKENDS_OWNER", "txn"), nl.backend("10.2.1.2"))
    one.do("SERVICE_NEW", nl.key("10.96.0.9", 80), flags, nl.route("hands"))
    ear = nl.Socket()
    ear.join()
    one.do("TXN_BEGIN")
    one.do("SERVICE_DEL", nl.key("10.96.0.9", 80))
    one.do("SERVICE_NEW", nl.key("10.96.0.9", 8080), flags, nl.route("hands"))
    same("a service may move to another port", str(commit(one)), "")
    one.do("POOL_NEW", pool("last"))
    same("it is at the new one before it leaves the old", service_changes(ear, "last"),
         [(new, "admin", 8080), (gone, "admin", 80)])
    one.do("POOL_DEL", pool_name("last"))

    same("it works", client("ask", "tcp", "10.96.0.9", "8080").communicate()[0], "b1 10.1.0.2\n")

    def counted_by():
        return nl.number(eye.dump("SERVICE_GET", nl.key("10.96.0.9", 8080)).messages[0],
                         "SERVICE_STATS", "STATS_CONNECTIONS")

    wait_for("and counts", lambda: counted_by() == 1)
    before = eye.info("INFO_RETIRED", "STATS_CONNECTIONS")
    one.do("TXN_BEGIN")
    one.do("SERVICE_DEL", nl.key("10.96.0.9", 8080))
    one.do("SERVICE_NEW", nl.key("10.96.0.9", 8080), text("SERVICE_OWNER", "txn"), flags, nl.route("hands"))
    same("a service may become another owner's", str(commit(one)), "")
    one.do("POOL_NEW", pool("end"))
    same("listeners hear of its end first", service_changes(ear, "end"), [(gone, "admin", 8080), (new, "txn", 8080)])
    same("what it has counted stays the old one's", (counted_by(), eye.info("INFO_RETIRED", "STATS_CONNECTIONS")),
         (0, before + 1))
    one.do("FLUSH", text("FLUSH_OWNER", "txn"))


def flushes():
    """Each walks all that there is."""
    one.do("TXN_BEGIN")
    same("a transaction has 64 flushes", [one.do("FLUSH", text("FLUSH_OWNER", "none")).error for _ in range(64)], [""] * 64)
    answered("and no more", one.do("FLUSH", text("FLUSH_OWNER", "none")), "ENOSPC", "^flush: no more than 64")
    one.do("TXN_ABORT")


whole_or_not()
flushes()
concurrent()
refusals()
shared()
other(replacement())
hands()
