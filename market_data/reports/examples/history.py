"""The last year of the national market as a table, with exact prices. Needs: pip install pyarrow"""

import datetime as dt
import urllib.request

from pyarrow import parquet

SITE = "http://localhost:8000"
today = dt.date.today()
start = today - dt.timedelta(days=365)

# Into a file, which stays for later: pyarrow's threads may outlive a file made in memory, and abort at the end.
urllib.request.urlretrieve(f"{SITE}/api/v1/reports/history/?as=parquet&from={start}", "history.parquet")
history = parquet.read_table("history.parquet")

print(history.num_rows, "days")
for day in history.slice(max(0, history.num_rows - 5)).to_pylist():
    print(day["day"], day["close"], day["total_volume"], "t")

# With pandas installed: history.to_pandas().set_index("day")
