"""The cheapest lawful mix for what is still to be surrendered. Pure, exact in tonnes and fen.

What is held costs nothing now: it is used before anything is bought. Of several held units the cheapest at today's
close goes first, so that what is left is worth most; credits only as far as the cap has room. The rest is bought
where it costs least. Within these two sums, money to pay first and value given up second, no lawful mix is better;
the tests compare it with a search through all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """Tonnes of one asset: held and used, and bought on top. `price_fen`: a tonne at the close; None where unknown."""

    asset: str
    held_t: int
    bought_t: int
    price_fen: int | None

    @property
    def cost_fen(self) -> int:
        return self.bought_t * (self.price_fen or 0)

    @property
    def total_t(self) -> int:
        return self.held_t + self.bought_t


@dataclass(frozen=True, slots=True)
class Way:
    """One lawful way. `first` is the asset that it buys; `missing_t` what no known price could buy."""

    first: str
    uses: tuple[Use, ...]
    missing_t: int = 0

    @property
    def cost_fen(self) -> int:
        return sum(use.cost_fen for use in self.uses)

    @property
    def bought_t(self) -> int:
        return sum(use.bought_t for use in self.uses)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`ways`: the cheapest first, each buying another asset first; one alone where nothing is to be bought."""

    need_t: int
    ways: tuple[Way, ...]
    #: what credits save against buying allowances alone
    saved_fen: int = 0

    @property
    def best(self) -> Way:
        return self.ways[0]


def propose(
    need_t: int,
    held_t: Mapping[str, int],
    allowances: frozenset[str],
    credit_assets: frozenset[str],
    credit_room_t: int,
    closes_fen: Mapping[str, int],
) -> Proposal:
    """How to surrender `need_t` tonnes.

    `held_t`: free holdings by asset; `allowances`, `credit_assets`: what the year accepts, held or not;
    `credit_room_t`: credits that the cap still takes; `closes_fen`: fen a tonne.
    """
    used = _held_used(need_t, held_t, allowances, credit_assets, credit_room_t, closes_fen)
    gap_t = need_t - sum(used.values())
    room_t = max(0, credit_room_t - sum(used.get(asset, 0) for asset in credit_assets))
    priced = sorted((closes_fen[a], a) for a in allowances | credit_assets if a in closes_fen)
    ways = [_way(first, gap_t, used, priced, credit_assets, room_t, closes_fen) for _price, first in priced]
    ways = [way for way in ways if way.bought_t] if gap_t else []
    ways.sort(key=lambda way: (way.missing_t, way.cost_fen, way.first))
    if not ways:
        ways = [Way("", _uses(used, {}, closes_fen), gap_t)]
    plain = [way for way in ways if not any(use.bought_t for use in way.uses if use.asset in credit_assets)]
    saved = plain[0].cost_fen - ways[0].cost_fen if plain and plain[0].missing_t == ways[0].missing_t else 0
    return Proposal(need_t, tuple(_distinct(ways)), max(0, saved))


def _held_used(
    need_t: int,
    held_t: Mapping[str, int],
    allowances: frozenset[str],
    credit_assets: frozenset[str],
    credit_room_t: int,
    closes_fen: Mapping[str, int],
) -> dict[str, int]:
    """From what is held: the cheapest first, and what has no price last."""

    def value(asset: str) -> tuple[bool, int, str]:
        return asset not in closes_fen, closes_fen.get(asset, 0), asset

    used: dict[str, int] = {}
    left_t, room_t = need_t, credit_room_t
    for asset in sorted(set(held_t) & (allowances | credit_assets), key=value):
        is_credit = asset in credit_assets
        take = min(left_t, held_t[asset], room_t if is_credit else left_t)
        if take > 0:
            used[asset] = take
            left_t -= take
            room_t -= take if is_credit else 0
    return used


def _way(
    first: str,
    gap_t: int,
    used: Mapping[str, int],
    priced: list[tuple[int, str]],
    credit_assets: frozenset[str],
    room_t: int,
    closes_fen: Mapping[str, int],
) -> Way:
    """Buys `first` as far as it may, and the rest in the cheapest allowance."""
    bought: dict[str, int] = {}
    take = min(gap_t, room_t) if first in credit_assets else gap_t
    if take:
        bought[first] = take
    rest_t = gap_t - take
    plain = next((asset for _price, asset in priced if asset not in credit_assets), None)
    if rest_t and plain is not None:
        bought[plain] = bought.get(plain, 0) + rest_t
        rest_t = 0
    return Way(first, _uses(used, bought, closes_fen), rest_t)


def _uses(
    used: Mapping[str, int], bought: Mapping[str, int], closes_fen: Mapping[str, int]
) -> tuple[Use, ...]:
    return tuple(
        Use(asset, used.get(asset, 0), bought.get(asset, 0), closes_fen.get(asset))
        for asset in sorted({*used, *bought})
    )


def _distinct(ways: list[Way]) -> list[Way]:
    """The first of each combination."""
    seen: dict[tuple[Use, ...], Way] = {}
    for way in ways:
        seen.setdefault(way.uses, way)
    return list(seen.values())
