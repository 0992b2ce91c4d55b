"""A registry without any code of the registry: a counter of tonnes by holder, asset and place, and what waits."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.approvals.models import Request

HOLDERS = ("jianghai", "yunling", "minjiang")
ASSETS = ("CEA24", "CEA25", "CCER")
BEGINNING = {"CEA24": 200, "CEA25": 100, "CCER": 20}
OBLIGATION_T, CREDITS_T = 150, 7  # five per cent of 150, rounded down

Place = tuple[str, str, str]


@dataclass
class Waiting:
    """A request: who decides its stages, whom its asker is of, what each end does to the model."""

    request: Request
    deciders: list[str]
    asker: str
    approved: Callable[[], None]
    released: Callable[[], None] = lambda: None
    #: whether the last approval has to succeed
    can_end: Callable[[], bool] = lambda: True
    stage: int = 0


@dataclass
class Listing:
    seller: str
    number: int
    client_id: str
    left_t: int


@dataclass
class InForce:
    """A freeze or pledge. `ending`: its end was asked for."""

    pk: int
    holder: str
    places: dict[tuple[str, str], int]
    whole: bool = False
    pledgee: str = ""
    ending: bool = False


@dataclass
class Model:
    """What everybody has to have where. It begins with what `world.make_world` issued."""

    tonnes: Counter[Place] = field(
        default_factory=lambda: Counter(
            {(code, asset, "registry"): t for code in HOLDERS for asset, t in BEGINNING.items()}
        )
    )
    suspended: set[str] = field(default_factory=set)
    surrendered: Counter[str] = field(default_factory=Counter)
    credits: Counter[str] = field(default_factory=Counter)
    carried: Counter[str] = field(default_factory=Counter)

    def has(self, code: str, asset: str, purpose: str, quantity: int) -> bool:
        return self.tonnes[code, asset, purpose] >= quantity

    def move(self, code: str, asset: str, source: str, target: str, quantity: int, to: str = "") -> None:
        self.tonnes[code, asset, source] -= quantity
        self.tonnes[to or code, asset, target] += quantity
