"""`bench engine`: orders decided per second, from pending rows to committed trades, in one process."""

import json
import time
from typing import Any

from django.db import connection

from config.bench.setting import Mix, durability, make_market
from exchange import clock, engine
from exchange.models import Command, Order, Trade
from registry.audit.run import reconcile
from registry.copying import copy_rows

COLUMNS = ("instrument_id", "kind", "organisation_id", "client_id", "body", "digest", "received_at", "reason")


def run(commands: int = 20_000, batch: int = 1_000) -> dict[str, Any]:
    """Fills the inbox, then lets the engine empty it; everything of it committed with fsync on."""
    instrument, members = make_market()
    mix, at = Mix(), clock.now()
    rows = []
    for _ in range(commands):
        who, line = mix.command(len(members))
        rows.append(
            (instrument.pk, line["cmd"], members[who].pk, line["id"], json.dumps(line), "", at, "")
        )  # fmt: skip
    with connection.cursor() as cursor:
        copy_rows(cursor, "exchange_command", COLUMNS, rows)
    started = time.perf_counter()
    decided = engine.drain([instrument.pk], limit=batch)
    seconds = time.perf_counter() - started
    assert decided == commands, "every command is decided"
    assert reconcile().clean, "the books are right after the run"
    return {
        "bench": "engine",
        "value": round(commands / seconds),
        "unit": "orders/s decided and committed",
        "baselines": {},
        "ratios": {},
        "details": {
            "commands": commands,
            "batch": batch,
            "seconds": round(seconds, 3),
            "accepted_orders": Order.objects.count(),
            "trades": Trade.objects.count(),
            "refused": Command.objects.exclude(reason="").count(),
            **durability(),
        },
    }
