"""PostgreSQL and Valkey for one run: those that the environment names, else our own."""

import os
from collections.abc import Mapping
from pathlib import Path

from config.local.children import Family
from config.local.postgres import Postgres
from config.local.valkey import Valkey


def bring_up(family: Family, data: Path, *, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Start what DATABASE_URL and REDIS_URL do not name; return the addresses under these names.

    Servers that were started join the family, first, so that they stop last.
    """
    addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    if "DATABASE_URL" not in addresses:
        postgres = Postgres(data / "postgres", settings=settings)
        family.add_server(postgres.start())
        addresses["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in addresses:
        valkey = Valkey(data / "logs" / "valkey.log")
        family.add_server(valkey.start())
        addresses["REDIS_URL"] = valkey.url
    return addresses
