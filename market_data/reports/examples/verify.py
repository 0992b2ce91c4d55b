"""Recomputes the hash of a day's published report. Needs nothing but Python."""

import hashlib
import json
import sys
import urllib.request

SITE = "http://localhost:8000"
day = sys.argv[1]

with urllib.request.urlopen(f"{SITE}/api/v1/reports/daily/{day}/") as answer:
    file, published = answer.read(), answer.headers["ETag"].strip('"')

content = json.loads(file)
canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

assert canonical == file, "the file is in canonical form"
assert hashlib.sha256(canonical).hexdigest() == published, "the file is not what was published"
print(day, "version", content["version"], published)
