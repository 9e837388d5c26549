#!/usr/bin/env python3
"""The reference of the import benchmark: the same day by the same rules, as one would write it with Python's own parts.

Reads a day of the archive with gzip and csv, turns time -> channel -> viewer into viewer -> channel -> runs with a
dictionary, and writes one row a viewer into SQLite. Prints the counts, so that both programs can be compared.
"""

import csv
import glob
import gzip
import json
import os
import sqlite3
import sys
import time


def main(archive, day, database):
    start = time.perf_counter()
    presence = {}
    observations = 0
    for path in sorted(glob.glob(f"{archive}/chatters/date={day}/*.csv.gz")):
        name = os.path.basename(path)
        slot = int(name[:2]) * 12 + int(name[2:4]) // 5
        with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                observations += 1
                runs = presence.setdefault(row["chatter"], {}).setdefault((row["channel"], row["evidence"]), [])
                if runs and runs[-1][1] == slot:
                    runs[-1][1] = slot + 1
                else:
                    runs.append([slot, slot + 1])
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE viewer_day(day TEXT, viewer TEXT, runs TEXT, PRIMARY KEY(day, viewer)) WITHOUT ROWID")
    rows = (
        (day, viewer, json.dumps([[*key, runs] for key, runs in sorted(channels.items())]))
        for viewer, channels in sorted(presence.items())
    )
    with connection:
        connection.executemany("INSERT INTO viewer_day VALUES (?, ?, ?)", rows)
    runs = sum(len(runs) for channels in presence.values() for runs in channels.values())
    print(json.dumps({
        "observations": observations, "viewers": len(presence), "runs": runs,
        "seconds": time.perf_counter() - start, "store_bytes": os.path.getsize(database),
    }))


if __name__ == "__main__":
    main(*sys.argv[1:4])
