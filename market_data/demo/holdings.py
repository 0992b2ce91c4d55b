"""What the demo's companies have at the beginning: money and tonnes, put into circulation through the ledger.

What their allocation plans issued (`allocations.py`) is part of it: only what is missing is issued here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Organisation
from exchange import clock
from registry.ledger.models import Account, Batch, Transfer
from registry.ledger.post import Move, hold, post
from registry.models import Asset

REGISTRY = Account.Purpose.REGISTRY.value
TRADING = Account.Purpose.TRADING.value
SOURCE = Account.Purpose.SOURCE.value


@dataclass(frozen=True, slots=True)
class Opening:
    """Whole yuan; tonnes issued and, of these, tonnes moved to trading, by asset."""

    yuan: int
    issued_t: dict[str, int]
    trading_t: dict[str, int]


OPENINGS = {
    "jianghai": Opening(
        30_000_000,
        {"CEA25": 2_400_000, "CEA24": 400_000, "CEA23": 60_000, "CEA19-20": 20_000, "CCER": 30_000},
        {"CEA25": 500_000, "CEA24": 200_000, "CEA23": 40_000, "CEA19-20": 20_000, "CCER": 10_000},
    ),
    "yunling": Opening(
        60_000_000,
        {"CEA25": 900_000, "CEA24": 150_000, "CEA22": 50_000, "CEA21": 30_000, "SHEA": 20_000},
        {"CEA25": 200_000, "CEA24": 50_000, "CEA22": 30_000, "CEA21": 30_000, "SHEA": 20_000},
    ),
    "beichen": Opening(
        40_000_000,
        {"CEA25": 700_000, "CEA24": 300_000, "CEA23": 90_000, "SHEA": 60_000},
        {"CEA25": 300_000, "CEA24": 120_000, "CEA23": 90_000, "SHEA": 60_000},
    ),
    "qingyu": Opening(
        50_000_000,
        {"CEA25": 650_000, "CEA24": 200_000, "CEA22": 90_000, "CEA21": 80_000},
        {"CEA25": 300_000, "CEA24": 100_000, "CEA22": 90_000, "CEA21": 80_000},
    ),
    "chiyan": Opening(
        80_000_000,
        {"CEA25": 1_200_000, "CEA24": 250_000, "CEA19-20": 70_000},
        {"CEA25": 400_000, "CEA24": 100_000, "CEA19-20": 70_000},
    ),
    "baisha": Opening(45_000_000, {"CEA25": 500_000, "CEA24": 100_000}, {"CEA25": 200_000, "CEA24": 60_000}),
    "lanxin": Opening(
        120_000_000,
        {"CCER": 400_000, "SHEA": 90_000},
        {"CCER": 400_000, "SHEA": 90_000},
    ),
}


def put_into_circulation() -> int:
    """Deposits, issuances and moves to trading, once for each company; returns how many companies were new."""
    Asset.objects.get_or_create(
        code=Asset.CNY, defaults={"kind": Asset.Kind.MONEY, "name_zh": "人民币", "name_en": "Renminbi"}
    )
    causes = {code: f"demo:opening:{code}" for code in OPENINGS}
    done = set(Batch.objects.filter(cause__in=causes.values()).values_list("cause", flat=True))
    wanted = [*OPENINGS, "bank", "registry"]
    organisations = {row.code: row for row in Organisation.objects.filter(code__in=wanted)}
    bank, registry = organisations["bank"], organisations["registry"]
    new = 0
    for code, cause in causes.items():
        if cause in done:
            continue
        holder, opening = organisations[code], OPENINGS[code]
        with transaction.atomic():
            hold([holder.pk])
            held = dict(
                Account.objects.filter(holder=holder, purpose=REGISTRY).values_list("asset_id", "balance")
            )
            moves = list(opening_moves(opening, holder.pk, bank.pk, registry.pk, cause, held))
            new += post(moves, cause=cause, at=clock.now())
    return new


def opening_moves(
    opening: Opening, holder: int, bank: int, registry: int, cause: str, held: dict[str, int]
) -> Iterator[Move]:
    """The transfers of one company's beginning; `held` tonnes are in its registry account already."""
    kinds = Transfer.Kind
    yield Move(
        Asset.CNY, opening.yuan * 100, (bank, SOURCE), (holder, TRADING), kinds.DEPOSIT.value, cause
    )  # fmt: skip
    for asset, tonnes in opening.issued_t.items():
        missing = tonnes - held.get(asset, 0)
        if missing > 0:
            yield Move(asset, missing, (registry, SOURCE), (holder, REGISTRY), kinds.ISSUANCE.value, cause)
    for asset, tonnes in opening.trading_t.items():
        yield Move(asset, tonnes, (holder, REGISTRY), (holder, TRADING), kinds.MOVE.value, cause)
