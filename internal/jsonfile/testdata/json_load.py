"""Say what json.load makes of each of the files named on standard input.

One JSON array on standard output, an item a file: null if Python refuses the
file, else {"lone": bool, "events": [...]}, events as in events_test.go.
"""

import json
import sys

MAX_TEXT = 4096


class Number(str):
    """A number's digits, as they stand in the file."""


class Members(list):
    """An object's members, in order, duplicates included."""


def cut(text):
    """What of a text a Value keeps."""
    return text.encode("utf-8", "surrogatepass")[:MAX_TEXT].decode("utf-8", "ignore")


def truthy(value):
    return "true" if value else "false"


def events(value):
    if isinstance(value, Members):
        yield "{"
        for name, member in value:
            yield "name " + cut(name)
            yield from events(member)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for element in value:
            yield from events(element)
        yield "]"
    elif value is None:
        yield "null false"
    elif isinstance(value, bool):
        yield "bool " + truthy(value)
    elif isinstance(value, Number):
        yield f"number {cut(value)} {truthy(float(value))}"
    else:
        yield f"string {cut(value)} {truthy(value)}"


def strings(value):
    """Every string of a document."""
    if isinstance(value, Members):
        for name, member in value:
            yield name
            yield from strings(member)
    elif isinstance(value, list):
        for element in value:
            yield from strings(element)
    elif isinstance(value, str):
        yield value


def load(path):
    try:
        with open(path, encoding="utf-8") as f:
            json.load(f)
    except ValueError:  # of JSON, of UTF-8 and of too long an integer
        return None
    with open(path, encoding="utf-8") as f:
        whole = json.load(
            f,
            object_pairs_hook=Members,
            parse_int=Number,
            parse_float=Number,
            parse_constant=Number,
        )
    if any("\ud800" <= c <= "\udfff" for s in strings(whole) for c in s):
        return {"lone": True, "events": []}
    return {"lone": False, "events": list(events(whole))}


json.dump([load(path) for path in sys.stdin.read().splitlines()], sys.stdout)
