"""What one would write instead of counting in the exporter: messages by level in
AIPass's logs, by where the level stands in the line.

Usage: plainlogs.py LOG...
"""

import sys

counts = dict.fromkeys(("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), 0)
for path in sys.argv[1:]:
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            fields = line.split(" - ", 3)
            if len(fields) == 4 and fields[2] in counts:
                counts[fields[2]] += 1
print(counts)
