"""The same sweep as one would write it in an hour: the standard library, 32 threads, one gzip file of everybody.

Told: seconds, seconds of CPU, megabytes, people. Called by `sweep.rs` with the server's address and the channels.
"""

import csv
import gzip
import http.client
import json
import resource
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

base, channels = sys.argv[1].removeprefix("http://"), int(sys.argv[2])
local = threading.local()


def ask(path, headers={}, body=None):
    if not hasattr(local, "connection"):
        local.connection = http.client.HTTPConnection(base)
    local.connection.request("POST" if body else "GET", path, body, headers)
    return json.loads(local.connection.getresponse().read())


def chatters(channel):
    lists = ask(f"/group/user/{channel}/chatters")["chatters"]
    return channel, [(name, role) for role, names in lists.items() for name in names]


start = time.time()
form = {"Content-Type": "application/x-www-form-urlencoded"}
token = ask("/oauth2/token", form, "client_id=bench&client_secret=secret&grant_type=client_credentials")
headers = {"Authorization": f"Bearer {token['access_token']}", "Client-Id": "bench"}
live, cursor = {}, ""
while len(live) < channels:
    page = ask(f"/helix/streams?first=100{cursor}", headers)
    live.update((stream["user_login"], stream) for stream in page["data"])
    after = page["pagination"].get("cursor")
    if not after:
        break
    cursor = f"&after={after}"
people = 0
with tempfile.NamedTemporaryFile(suffix=".csv.gz") as file, gzip.open(file, "wt", 6, newline="") as out:
    rows = csv.writer(out)
    with ThreadPoolExecutor(32) as threads:
        for channel, names in threads.map(chatters, sorted(live)):
            rows.writerows((channel, name, role) for name, role in sorted(names))
            people += len(names)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(time.time() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, people)
