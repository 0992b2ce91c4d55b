"""Five emitters of two provinces and two sectors, in a year whose deadline has passed or not."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from registry.ledger.post import Move, post
from registry.models import Shortfall, Surrender
from tests.support.registry import SHANGHAI, YUNNAN, Registry, beijing, make_registry

#: name → (province, sector, verified, surrendered, credits)
EMITTERS = {
    "done": (SHANGHAI, "power", 1_000, 1_000, 50),
    "half": (SHANGHAI, "power", 2_000, 500, 0),
    "none": (SHANGHAI, "steel", 300, 0, 0),
    "south": (YUNNAN, "power", 700, 700, 0),
    "late": (YUNNAN, "cement", None, 0, 0),
}
YEAR = 2024


def build(year: int = YEAR) -> Registry:
    """Verified 4 000 t, surrendered 2 200 t of 4 000 t: gaps 1 500 (half) and 300 (none)."""
    made = make_registry(emitters=())
    for name, (province, sector, verified, surrendered, credits_t) in EMITTERS.items():
        made.emitter(name, sector=sector, province=province)
        row = made.year(
            name, year, verified_t=verified, obligation_t=verified, surrendered_t=surrendered,
            credits_t=credits_t, allocated_t=verified,
        )  # fmt: skip
        if surrendered:
            Surrender.objects.create(
                compliance_year=row, giver=made.organisations[name], quantity_t=surrendered, credits_t=credits_t,
                state="approved", submitted_at=beijing(2025, 12, 1), decided_at=beijing(2025, 12, 2 + surrendered // 500),
            )  # fmt: skip
    return made


def shortfall(made: Registry, name: str, missing_t: int) -> Shortfall:
    row = made.organisations[name].emitter.years.get(year=YEAR)
    return Shortfall.objects.create(
        compliance_year=row, missing_t=missing_t, price_month=dt.date(2025, 11, 1), turnover_fen=500_000,
        volume_t=100, fine_low_fen=missing_t * 25_000, fine_high_fen=missing_t * 50_000, deduction_t=missing_t,
        computed_at=beijing(2026, 1, 1),
    )  # fmt: skip


def trade(made: Registry, seller: str, buyer: str, quantity_t: int) -> None:
    """As the exchange posts one: the ledger alone tells the registry of it."""
    cause = f"trade:CEA24:{quantity_t}"
    places = (made.organisations[seller].pk, "trading"), (made.organisations[buyer].pk, "unsettled")
    post([Move("CEA24", quantity_t, *places, "trade", cause)], cause=cause, at=beijing(2025, 11, 3))


@pytest.fixture
def made(db: None) -> Registry:
    return build()


@pytest.fixture
def as_person(made: Registry) -> Callable[..., Client]:
    """`as_person("regulator@mee")`: a browser of that person's, in English."""

    def sign_in(name: str, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(made.people[name])
        return client

    return sign_in
