"""People at browsers: a market with the demo's traders, pages that fail the test when the browser complains."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import Organisation, User
from exchange.models import Instrument
from tests.support.market import Market, endow, make_market, office
from tests.support.processes import Site

CODES = ("CEA24", "CCER")
JIANGHAI, YUNLING = "trader@jianghai.example", "trader@yunling.example"
OPERATOR, ANALYST = "operator@exchange.example", "analyst@example.com"
MONEY_FEN, TONNES = 300_000_000, 20_000


def person(email: str, organisation: Organisation, *roles: str) -> User:
    return User.objects.create_user(email, "demo", organisation=organisation, roles=list(roles), is_demo=True)


def demo_market() -> Market:
    """Two instruments at 48.00, 江海 and 云岭 with 3 million yuan and 20 000 t each, an operator, an analyst."""
    market = make_market(members=1, codes=CODES)
    Instrument.objects.filter(code="CEA24").update(rank=1)
    for code, name_zh, name_en in (
        ("jianghai", "江海发电", "Jianghai Power"),
        ("yunling", "云岭电力", "Yunling Electric"),
    ):
        member = Organisation.objects.create(code=code, kind="emitter", name_zh=name_zh, name_en=name_en)
        market.members[code] = member
        endow(member, "CNY", MONEY_FEN)
        endow(member, "CEA24", TONNES)
        person(f"trader@{code}.example", member, "trader")
    person(OPERATOR, office("exchange"), "operator")
    analysts = Organisation.objects.create(
        code="analysts", kind="analyst", name_zh="研究所", name_en="Analysts"
    )
    person(ANALYST, analysts, "analyst")
    return market


def seed_book(market: Market) -> None:
    """Sell 50.00 (2 listings) and 50.10, buy 47.50: all of member A."""
    for id_, side, price, qty in (
        ("s1", "sell", "50.00", 2_000), ("s2", "sell", "50.00", 3_000), ("s3", "sell", "50.10", 500),
        ("b1", "buy", "47.50", 800),
    ):  # fmt: skip
        market.submit("A", "list", id_, instrument="CEA24", side=side, price=price, qty=qty)
    market.drain()


@pytest.fixture
def market(transactional_db: None) -> Market:
    return demo_market()


@dataclass
class Complaints:
    """What the browser did not like: errors of scripts, of the content policy, of resources."""

    heard: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda said: self.note(said.type, said.text, said.location))
        page.on("pageerror", lambda error: self.heard.append(f"{page.url}: {error}"))

    def note(self, kind: str, text: str, location: Any) -> None:
        if kind == "error":
            self.heard.append(f"{location.get('url', '')}: {text}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Collects them, and fails the test at its end. `heard.clear()` where a test has provoked them."""
    complaints = Complaints()
    yield complaints
    assert complaints.heard == []


@dataclass
class Window:
    """One person's browser."""

    context: BrowserContext
    page: Page
    site: Site

    def open(self, path: str) -> Page:
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, email: str, path: str = "/") -> Page:
        """Through the sign-in page, as a person does."""
        self.page.goto(f"{self.site.url}/accounts/login/?next={path}")
        self.page.fill("#id_login", email)
        self.page.fill("#id_password", "demo")
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url(self.site.url + path)
        return self.page


@pytest.fixture
def window(browser: Browser, site: Site, complaints: Complaints) -> Iterator[Callable[..., Window]]:
    """`window(locale="zh-CN", viewport={…}, color_scheme="dark")`: a browser of its own for each person."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Window:
        options = {"locale": "en-US", "viewport": {"width": 1280, "height": 720}, **options}
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return Window(context, page, site)

    yield make
    for context in contexts:
        context.close()
