"""An AIPass of one generation, as far as it writes to an inbox.

usage: peer.py legacy|modern MAILBOX TURNS NAME

Carries out the commands that come on stdin, one a line, and answers each with
one line; ends when stdin does.

  deliver SUBJECT   view SUBJECT   close SUBJECT    what agents do
  play MILLISECONDS SHARE OPERATION...              such things at random, with
      pauses of at most so long and a line for each, until something comes on
      stdin; letters are viewed and closed by who has their share of six, those
      of the last by all, and by nobody twice: what is undone stays so
  lock   trylock   recordlock   unlock

Legacy locks deliveries only and views and closes without; modern locks
everything. Both write in place. Legacy programs destroy each other's work, so
those of a test take turns, from reading to writing, through a lock on the file
TURNS; "" is for none.
"""

import contextlib
import fcntl
import json
import os
import random
import select
import sys
import time
import uuid
import zlib

generation, mailbox, turns, me = sys.argv[1:5]
inbox = os.path.join(mailbox, "inbox.json")
lock_file = os.path.join(mailbox, ".inbox.lock")
deleted = os.path.join(mailbox, "deleted")


@contextlib.contextmanager
def flock(path):
    with open(path, "w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(held, fcntl.LOCK_UN)


@contextlib.contextmanager
def locked(always):
    """Who waits for AIPass's lock keeps nobody from taking a turn."""
    with contextlib.ExitStack() as locks:
        if always or generation == "modern":
            locks.enter_context(flock(lock_file))
        if turns:
            locks.enter_context(flock(turns))
        yield


def read():
    with open(inbox, encoding="utf-8") as f:
        return json.load(f)


def write(path, document):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(document, f, indent=2, ensure_ascii=False)


def is_new(message):
    status = message.get("status")
    return status == "new" or (status is None and not message.get("read"))


def recount(document):
    document["total_messages"] = len(document["messages"])
    document["unread_count"] = sum(map(is_new, document["messages"]))


def first(document, pick):
    return next((m for m in document["messages"] if pick(m)), None)


def deliver(subject):
    with locked(always=True):
        document = read()
        document["messages"].insert(0, {
            "id": str(uuid.uuid4())[:8],
            "timestamp": time.strftime("%Y-%m-%d %H:%M:%S"),
            "from": "@" + me,
            "from_name": me.upper(),
            "subject": subject,
            "message": "Grüße, and all good.",
            "status": "new",
            "auto_execute": False,
            "priority": "normal",
        })
        recount(document)
        write(inbox, document)
    return "delivered " + subject


def view(pick):
    with locked(always=False):
        document = read()
        message = first(document, pick)
        if message is None:
            return "nothing"
        message["status"] = "opened"
        message["read"] = True
        document["unread_count"] = sum(map(is_new, document["messages"]))
        write(inbox, document)
    return "opened " + message["subject"]


def close(pick):
    with locked(always=False):
        document = read()
        message = first(document, pick)
        if message is None:
            return "nothing"
        message["status"] = "closed"
        message["read"] = True
        document["messages"].remove(message)
        recount(document)
        write(inbox, document)
        message["archived_at"] = time.strftime("%Y-%m-%dT%H:%M:%S")
        subject = "".join(c if c.isalnum() or c in " -_" else "_" for c in message["subject"])[:50].strip()
        os.makedirs(deleted, exist_ok=True)
        write(os.path.join(deleted, time.strftime("%Y%m%d_%H%M%S_") + subject + ".json"), message)
    return "closed " + message["subject"]


def insist(operation, argument):
    """An agent runs a command again that failed, for some time."""
    end = time.monotonic() + 10
    while True:
        try:
            return operation(argument)
        except (json.JSONDecodeError, UnicodeDecodeError):
            if time.monotonic() > end:
                raise
            time.sleep(0.001)


def play(longest, share, *operations):
    number = 0
    done = set()

    def is_ours(m):
        return zlib.crc32(m["subject"].encode()) % 6 in (int(share), 5)

    def may_view(m):
        return is_ours(m) and not (is_new(m) and "opened " + m["subject"] in done) and random.random() < 0.2

    def may_close(m):
        return is_ours(m) and "closed " + m["subject"] not in done and random.random() < 0.1

    while not select.select([sys.stdin], [], [], random.random() * int(longest) / 1000)[0]:
        number += 1
        answer = insist(*{
            "deliver": (deliver, f"{me} {number}"),
            "view": (view, may_view),
            "close": (close, may_close),
        }[random.choice(operations)])
        done.add(answer)
        print(answer, flush=True)
    sys.stdin.readline()
    return "played"


def try_lock(lock):
    try:
        lock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return "busy"
    return "locked"


held = None
for line in iter(sys.stdin.readline, ""):
    command, _, subject = line.rstrip("\n").partition(" ")
    if command in ("lock", "trylock", "recordlock"):
        held = open(lock_file, "w", encoding="utf-8")
    if command == "deliver":
        answer = insist(deliver, subject)
    elif command in ("view", "close"):
        answer = insist(view if command == "view" else close, lambda m: m["subject"] == subject)
    elif command == "play":
        answer = play(*subject.split())
    elif command == "lock":
        fcntl.flock(held, fcntl.LOCK_EX)
        answer = "locked"
    elif command == "trylock":
        answer = try_lock(fcntl.flock)
    elif command == "recordlock":
        answer = try_lock(fcntl.lockf)
    elif command == "unlock":
        held.close()
        answer = "unlocked"
    print(answer, flush=True)
