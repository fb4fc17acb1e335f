#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Gives each line of ipvsadm.lines to ipvsadm, on IPVS, and to vsbadm, on vsb: exit codes, listings, and whether there was a
complaint have to agree, but for what vsbadm(8) says differs.

	ipvsadm.py LINES MANUAL
"""
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TOOLS = ("ipvsadm", "vsbadm")
# What both only say of themselves.
ABOUT = {"-h", "--help", "-v", "--version"}
LISTING = re.compile(r"-([LlS]|-list$|-save$)")


class Line:
    """A command line, with the id of what is known to differ, or None."""

    def __init__(self, section, text):
        self.section = section
        self.differs = None
        if text.startswith("~"):
            self.differs, text = text[1:].split(maxsplit=1)
        self.words = shlex.split(text)
        self.stdin = ""
        self.name = f"{section}: {text}"

    def read(self, text):
        """What it reads, a line more of it."""
        self.stdin += text + "\n"
        self.name += f" | {text}" if text else ""

    def changes(self):
        """Whether it may change something."""
        return bool(self.words) and not LISTING.match(self.words[0])


def read_lines(path):
    lines, section = [], None
    with open(path, encoding="utf-8") as file:
        for text in file:
            text = text.rstrip("\n")
            if text.startswith("= "):
                section = text[2:]
            elif text.startswith("|"):
                lines[-1].read(text[2:])
            elif text and not text.startswith("#"):
                lines.append(Line(section, text))
    return lines


def run(tool, words, stdin=""):
    return subprocess.run([tool, *words], input=stdin, capture_output=True, text=True, timeout=120, check=False)


def listing(tool, words=("-L", "-n")):
    """Without the title, which says whose it is."""
    return re.sub(r"^(IP Virtual Server|vsb) version .*\n", "", run(tool, words).stdout)


class Tool:
    """One of the two, and what it lists."""

    def __init__(self, name):
        self.name = name
        self.listed = ""

    def clear(self):
        run(self.name, ["-C"])
        self.listed = listing(self.name)

    def give(self, line):
        """What is compared of a line, and for whoever reads of it what was said."""
        done = run(self.name, line.words, line.stdin)
        output = re.sub(r"^(IP Virtual Server|vsb) version .*\n", "", done.stdout)
        if ABOUT & set(line.words):
            output = bool(output)
        if line.changes() and done.returncode == 0 or line.stdin:
            self.listed = listing(self.name)
        return (done.returncode, bool(done.stderr), output, self.listed), done.stderr

    def put_back(self, saved, before):
        """The state that all had before a line that differs."""
        if self.listed != before:
            run(self.name, ["-R"], "-C\n" + saved)
            self.listed = before


def both(pool, what, *arguments):
    return list(pool.map(lambda tool: what(tool, *arguments), pool.tools))


def kernel_has_timeouts():
    done = run("vsbadm", ["--set", "1", "1", "1"]).returncode == 0
    run("vsbadm", ["config", "change", "timeout-tcp", "0", "timeout-tcp-fin", "0", "timeout-udp", "0"])
    return done


def report(line, results, here):
    """A point for a line; what is known to differ has to, where that is so on this kernel."""
    same = results[0][0] == results[1][0]
    if same == (line.differs not in here):
        print("ok -", line.name)
        return
    print("not ok -", line.name)
    if same:
        print(f"# does not differ any more: {line.differs}")
    else:
        for tool, (compared, said) in zip(TOOLS, results):
            print(f"# {tool}: status {compared[0]}, said: {said.strip()}")
            for text in f"{compared[2]}\n{compared[3]}".splitlines():
                print("#    ", text)


def compare(pool, lines):
    section, saved = None, None
    here = {line.differs for line in lines} - {None}
    if kernel_has_timeouts():
        here.remove("timeouts")
    for line in lines:
        if line.section != section:
            section = line.section
            both(pool, Tool.clear)
            saved = None
        before = pool.tools[1].listed
        if line.differs and saved is None:
            saved = run("vsbadm", ["-S"]).stdout
        results = both(pool, Tool.give, line)
        report(line, results, here)
        if line.differs:
            both(pool, Tool.put_back, saved, before)
        elif line.changes() and not results[1][0][0]:
            saved = None
        sys.stdout.flush()


def check_ids(lines, document):
    """That a reader finds each difference, and nothing that is none."""
    with open(document, encoding="utf-8") as file:
        section = re.search(r"^\.Sh DIFFERENCES.*?^\.Sh ", file.read(), re.M | re.S).group()
        explained = set(re.findall(r"^\.It Sy ([a-z0-9-]+)$", section, re.M))
    used = {line.differs for line in lines if line.differs}
    for name in sorted(used - explained):
        print(f"not ok - {name} is explained")
    for name in sorted(explained - used):
        print(f"not ok - {name} has a line that differs")
    if used == explained:
        print("ok - what differs is what is explained")


def main():
    lines = read_lines(sys.argv[1])
    with ThreadPoolExecutor(len(TOOLS)) as pool:
        pool.tools = [Tool(name) for name in TOOLS]
        compare(pool, lines)
    check_ids(lines, sys.argv[2])


main()
