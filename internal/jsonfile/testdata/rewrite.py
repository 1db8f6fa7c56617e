"""Rewrite a JSON document in place, over and over, as AIPass does.

usage: rewrite.py PATH LOCK SMALLEST LARGEST

Without a LOCK ("") the writer takes none. The document carries a number at
its beginning and at its end. Ends with the process that started it.
"""

import fcntl
import json
import os
import random
import sys

path, lock, smallest, largest = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
parent = os.getppid()
sizes = random.Random(1)


def document(number):
    messages = sizes.randint(smallest, largest) // 100
    return {
        "first": number,
        "messages": [{"id": f"{i:08x}", "message": "é" * 30} for i in range(messages)],
        "last": number,
    }


def rewrite(new):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(new, f, indent=2, ensure_ascii=False)


number = 1_000_000
while os.getppid() == parent:
    number += 1
    new = document(number)
    # As long without the lock as with it, or nobody else would ever get it.
    json.dumps(new, indent=2, ensure_ascii=False)
    if lock:
        with open(lock, "w", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            rewrite(new)
            fcntl.flock(held, fcntl.LOCK_UN)
    else:
        rewrite(new)
    if number == 1_000_001:
        print("ready", flush=True)
