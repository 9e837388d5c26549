#!/usr/bin/env python3
"""Runs one SQL file over a day's chatters: sql_driver.py FILE.sql 'chatters/date=…/*.csv.gz' FOLDER

The file's name begins with the engine that understands it: `duckdb` or `clickhouse` (chdb, ClickHouse in a library).
Its statements are measured, into a new database in FOLDER, but for the last, which gives observations, viewers and runs
of what was made. `:files` stands for the pattern, `:cores` for the cores there are.

Python's own start is left out of the time: it is no work on the day.
"""

import json
import os
import resource
import sys
import time


def duckdb_engine(folder):
    import duckdb

    connection = duckdb.connect(os.path.join(folder, "runs.duckdb"))
    return lambda statement: connection.execute(statement).fetchall()


def clickhouse_engine(folder):
    from chdb.session import Session

    session = Session(os.path.join(folder, "runs"))
    return lambda statement: [json.loads(line) for line in str(session.query(statement, "JSONCompactEachRow")).splitlines()]


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(file, chatters, folder):
    engine = {"duckdb": duckdb_engine, "clickhouse": clickhouse_engine}[os.path.basename(file).split("_")[0]]
    with open(file, encoding="utf-8") as text:
        lines = [line for line in text if not line.startswith("--")]
    sql = "".join(lines).replace(":files", "'" + chatters + "'").replace(":cores", str(os.cpu_count()))
    *statements, count = [statement for statement in sql.split(";") if statement.strip()]
    run = engine(folder)
    start, before = time.perf_counter(), used()
    for statement in statements:
        run(statement)
    seconds, cpu_seconds = time.perf_counter() - start, used() - before
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds}), flush=True)
    [[observations, viewers, runs]] = run(count)
    print(json.dumps({"observations": int(observations), "viewers": int(viewers), "runs": int(runs)}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
