"""`bench ack`: time from POST to the engine's answer (`?wait=`), with a real web process and a real worker."""

import concurrent.futures
import http.client
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from accounts.api.keys import make_key
from config.bench.setting import Mix, make_market, make_traders
from config.local import processes
from config.local.children import Family
from config.local.ports import LOOPBACK, free_port
from exchange.models import Command

CLIENTS = 10


def run(orders: int = 200, rate: int = 10) -> dict[str, Any]:
    """Sends `orders` at `rate` a second from a few clients and waits for each decision.

    By default at the pace of a busy demo; `--set rate=200` shows where the machine ends.
    """
    _, members = make_market()
    keys = [make_key(user, "bench", ["read", "trade"])[1] for user in make_traders(members, CLIENTS)]
    family, port = Family(), free_port()
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryDirectory(prefix="tanshi-bench-") as folder:
        try:
            worker = processes.worker(
                name="bench", queues=("engine",), concurrency=2, log=Path(folder, "worker.log"), env=env
            )
            web = processes.web(port=port, log=Path(folder, "web.log"), env=env)
            for child in (worker, web):
                family.add(child).start()
            processes.await_worker(worker, "bench", env["REDIS_URL"])
            processes.await_web(web, port)
            send_all(port, keys, 20, rate)  # warm: connections, code, caches
            seconds = send_all(port, keys, orders, rate)
        finally:
            family.stop()
    milliseconds = sorted(1000 * each for each in seconds)
    decided = Command.objects.filter(decided_event__isnull=False, organisation__isnull=False)
    return {
        "bench": "ack",
        "value": round(statistics.median(milliseconds), 1),
        "unit": "ms from POST to the engine's answer, median",
        "baselines": {},
        "ratios": {},
        "details": {
            "orders": orders,
            "offered_per_second": rate,
            "clients": CLIENTS,
            "p99_ms": round(milliseconds[int(len(milliseconds) * 0.99) - 1], 1),
            "max_ms": round(milliseconds[-1], 1),
            "decided": decided.count(),
        },
    }


def send_all(port: int, keys: list[str], orders: int, rate: int) -> list[float]:
    """Sends at an even pace, whether or not answers are late; seconds of each."""
    mix = Mix(seed=time.time_ns())
    plan = []
    for number in range(orders):
        who, line = mix.command(len(keys))
        while line["cmd"] == "cancel":
            who, line = mix.command(len(keys))
        line["kind"] = line.pop("cmd")
        line["id"] = f"{line['id']}-{time.time_ns()}"
        plan.append((number / rate, keys[who], line))
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda each: send(port, begin + each[0], each[1], each[2]), plan))


def send(port: int, when: float, key: str, line: dict[str, Any]) -> float:
    """Sends one order at its moment and waits for its decision; the seconds that took."""
    time.sleep(max(0.0, when - time.perf_counter()))
    started = time.perf_counter()
    link = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    headers = {"Authorization": f"Token {key}", "Content-Type": "application/json"}
    link.request("POST", "/api/v1/orders/?wait=5", json.dumps(line), headers)
    answer = link.getresponse()
    said = json.loads(answer.read())
    link.close()
    if answer.status != 200 or said["status"] == "pending":
        raise RuntimeError(f"not decided: {answer.status} {said}")
    return time.perf_counter() - started
