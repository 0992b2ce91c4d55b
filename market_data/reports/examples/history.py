"""The last year of the national market as a table, with exact prices. Needs: pip install pyarrow"""

import datetime as dt
import io
import urllib.request

from pyarrow import parquet

SITE = "http://localhost:8000"
today = dt.date.today()
start = today - dt.timedelta(days=365)

with urllib.request.urlopen(f"{SITE}/api/v1/reports/history/?as=parquet&from={start}") as answer:
    history = parquet.read_table(io.BytesIO(answer.read()))

print(history.num_rows, "days")
for day in history.slice(max(0, history.num_rows - 5)).to_pylist():
    print(day["day"], day["close"], day["total_volume"], "t")

# With pandas installed: history.to_pandas().set_index("day")
