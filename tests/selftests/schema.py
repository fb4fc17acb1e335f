# SPDX-License-Identifier: GPL-2.0
"""Whether what vsbadm prints with -j is as its schema says. Each line of the
standard input is a definition of the schema and the command that prints it;
with a FILE, that has lines which monitor has printed."""

import copy
import json
import subprocess
import sys

import jsonschema

from netlink import check

with open("/usr/share/vsb/vsbadm.schema.json", encoding="utf-8") as file:
    schema = json.load(file)


def errors(part, listing):
    """Where a listing is not as a part of the schema says, and how."""
    validator = jsonschema.Draft7Validator({**part, "definitions": schema["definitions"]},
                                           format_checker=jsonschema.FormatChecker())
    return ["/".join(map(str, error.absolute_path)) + ": " + error.message
            for error in validator.iter_errors(listing)]


def definition(name):
    return {"$ref": "#/definitions/" + name}


def printed(words):
    return json.loads(subprocess.run(["vsbadm", "-j", *words], check=True, stdout=subprocess.PIPE).stdout)


def refuses(what, state, *path):
    """That a state is not valid with another value, the last of a path, at the place that the others lead to."""
    wrong = at = copy.deepcopy(state)
    for step in path[:-2]:
        at = at[step]
    at[path[-2]] = path[-1]
    check("the schema refuses " + what, errors(definition("state"), wrong) and errors({"anyOf": schema["anyOf"]}, wrong))


def told(path):
    """That each line is a notification, whose object is what its type says."""
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    valid = definition("notification")
    found = [error for line in lines for error in errors(valid, line) + errors({"anyOf": schema["anyOf"]}, line)]
    check("monitor's lines are as the schema says", lines and not found, "\n".join(found))
    types = {line["type"] for line in lines}
    check("the schema refuses them under another type",
          all(errors(valid, {**line, "type": other}) for line in lines for other in types - {line["type"]}))
    check("and with a key that there is not",
          all(errors(valid, {**line, "object": {**line["object"], "more": 1}}) for line in lines))


jsonschema.Draft7Validator.check_schema(schema)
if len(sys.argv) > 1:
    told(sys.argv[1])
    sys.exit()

for line in sys.stdin:
    name, *words = line.split()
    found = errors(definition(name), printed(words)) + errors({"anyOf": schema["anyOf"]}, printed(words))
    check("as its schema says: " + " ".join(words), not found, "\n".join(found))

state = printed(["-L"])
web = [pool["name"] for pool in state["pools"]].index("web")
mark = [service["kind"] for service in state["services"]].index("mark")
refuses("a key that there is not", state, "more", 1)
refuses("a port that is a string", state, "services", 0, "port", "80")
refuses("a pool without a name", state, "pools", 0, "name", None)
refuses("a set that there is not", state, "pools", web, "backends", 0, "sets", [8])
refuses("a mark with a protocol", state, "services", mark, "protocol", "tcp")
refuses("a range that is none", state, "config", "pod-cidrs", ["cni0"])
