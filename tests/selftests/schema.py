# SPDX-License-Identifier: GPL-2.0
"""Whether what vsbadm prints with -j is as its schema says: schema.py NAME,
the name of a definition there, with the listing as standard input. It says
where it is not, and fails."""

import json
import sys

import jsonschema

with open("/usr/share/vsb/vsbadm.schema.json", encoding="utf-8") as file:
    schema = json.load(file)

jsonschema.Draft7Validator.check_schema(schema)
for part in ({"$ref": "#/definitions/" + sys.argv[1]}, {"anyOf": schema["anyOf"]}):
    validator = jsonschema.Draft7Validator({**part, "definitions": schema["definitions"]},
                                           format_checker=jsonschema.FormatChecker())
    listing = json.load(sys.stdin) if "anyOf" not in part else listing
    for error in validator.iter_errors(listing):
        sys.exit("/".join(map(str, error.absolute_path)) + ": " + error.message)
