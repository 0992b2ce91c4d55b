"""The demand curve as SVG without a style of its own: the content policy allows attributes and classes alone.

Across are tonnes, upwards is the price. Reckoned in hundredths of a unit, so that no float is needed.
"""

from dataclasses import dataclass

from exchange.auction.models import Auction
from exchange.auction.results import Result, Step
from exchange.matching.money import yuan
from registry.words import grouped

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 72, 16, 36, 44


@dataclass(frozen=True, slots=True)
class Picture:
    """Points and places in the units of the view box; labels are ready to show."""

    line: str
    accepted: str
    offered_x: str
    #: so that the label of the offer stays inside
    offered_anchor: str
    price_y: str
    price_label: str
    marks: tuple[tuple[str, str], ...]
    offered_label: str
    most_label: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    ground: int = HEIGHT - BOTTOM


def picture(auction: Auction, result: Result) -> Picture | None:
    """The demand against the offer; None without a bid. Marked are the floor, the highest bid, and the price."""
    if not result.curve:
        return None
    most = max(result.offered_t, result.bid_t)
    highest = result.curve[0].price_fen
    lowest = min(auction.floor_fen or highest, result.curve[-1].price_fen)
    scale = Scale(most, lowest, highest)
    price = result.clearing_fen
    line, accepted = _line(scale, result.curve), _line(scale, result.curve, result.sold_t)
    offered_x = scale.across(result.offered_t)
    end = scale.across(result.sold_t)
    ground = _text((HEIGHT - BOTTOM) * 100)
    marks = [(_text(scale.up(lowest)), yuan(lowest))]
    if highest != lowest:
        marks.append((_text(scale.up(highest)), yuan(highest)))
    return Picture(
        line=" ".join(line),
        accepted=" ".join([f"{LEFT}.00,{ground}", *accepted, f"{_text(end)},{ground}"]),
        offered_x=_text(offered_x),
        offered_anchor="end" if offered_x > WIDTH * 100 * 4 // 5 else "middle",
        price_y=_text(scale.up(price)) if price else "",
        price_label=yuan(price) if price and price not in {lowest, highest} else "",
        marks=tuple(marks),
        offered_label=grouped(result.offered_t),
        most_label=grouped(most),
    )


class Scale:
    """From tonnes and fen to hundredths of the view box's units."""

    def __init__(self, most_t: int, lowest_fen: int, highest_fen: int) -> None:
        self.most = max(most_t, 1)
        # Room above and below, also where all bids have one price.
        gap = max((highest_fen - lowest_fen) // 8, 1)
        self.low, self.high = lowest_fen - gap, highest_fen + gap

    def across(self, tonnes: int) -> int:
        return LEFT * 100 + tonnes * (WIDTH - LEFT - RIGHT) * 100 // self.most

    def up(self, fen: int) -> int:
        ground, room = (HEIGHT - BOTTOM) * 100, (HEIGHT - BOTTOM - TOP) * 100
        return ground - (fen - self.low) * room // (self.high - self.low)


def _line(scale: Scale, curve: tuple[Step, ...], until_t: int | None = None) -> list[str]:
    """The steps from the left; with `until_t`, cut there."""
    points, before = [], 0
    for step in curve:
        end = step.cumulative_t if until_t is None else min(step.cumulative_t, until_t)
        if end <= before:
            break
        y = _text(scale.up(step.price_fen))
        points += [f"{_text(scale.across(before))},{y}", f"{_text(scale.across(end))},{y}"]
        before = end
    return points


def _text(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
