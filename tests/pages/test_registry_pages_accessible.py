"""Every page of the registry, the regulators and the public: readable for everybody, and on a phone never sideways.

Each person walks their pages in one browser: each in Chinese at a desk with axe, then as narrow as a phone.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from registry.certificates import issue
from tests.pages.conftest import Window
from tests.pages.test_accessibility import violations
from tests.rights.world import NOW, World, make_world
from tests.support import story_clock

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
#: Elements that reach beyond the window, innermost first; what scrolls within its own box does not count.
STICKING_OUT = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= window.innerWidth) return [];
  const out = [...document.body.querySelectorAll("*")].reverse()
    .filter(one => one.getBoundingClientRect().right > window.innerWidth && !one.closest(".scroll-x"));
  return [`${root.scrollWidth} px`, ...out.slice(0, 3).map(one => one.outerHTML.slice(0, 140))];
}"""
#: `{plan}` and their like are the world's own things.
PAGES = {
    "initiator@jianghai": [
        "/registry/", "/registry/compliance/2024/", "/registry/compliance/2025/", "/registry/holdings/",
        "/registry/holdings/movements/", "/registry/pledges/", "/registry/pledges/new/", "/registry/trusted/",
        "/registry/trusted/new/", "/registry/transfers/", "/registry/transfers/new/", "/registry/carry-over/",
        "/registry/carry-over/new/", "/registry/cancellations/", "/registry/cancellations/new/",
        "/registry/cancellations/{cancellation}/", "/registry/freezes/", "/registry/emitters/jianghai/",
        "/registry/credits/", "/registry/credits/projects/{project}/",
        "/registry/shortfalls/{shortfall}/", "/registry/adjustments/", "/inbox/", "/inbox/{request}/", "/inbox/all/",
        "/inbox/notices/", "/accounts/security/", "/accounts/sessions/", "/accounts/keys/",
        "/registry/inclusion/", "/registry/inclusion/scenes/{scene}/", "/registry/inclusion/imports/{activity_import}/",
    ],
    "issuer@registry": [
        "/registry/", "/registry/allocation/", "/registry/allocation/{plan}/",
        "/registry/allocation/{plan}/rows/jianghai/", "/registry/adjustments/", "/registry/adjustments/{adjustment}/",
        "/registry/freezes/", "/registry/freezes/new/", "/registry/freezes/new/?organisation=jianghai",
        "/registry/freezes/{freeze}/end/", "/registry/credits/",
        "/registry/credits/new/", "/registry/credits/projects/{project}/", "/registry/emitters/", "/inbox/",
        "/registry/inclusion/scenes/{scene}/", "/registry/inclusion/new/", "/registry/inclusion/rewards/",
        "/registry/factors/new/",
    ],
    "self@walker": ["/registry/inclusion/me/"],
    "regulator@shanghai": [
        "/registry/", "/registry/emitters/", "/registry/emitters/new/", "/registry/emitters/jianghai/",
        "/registry/emitters/jianghai/names/", "/registry/emitters/jianghai/units/",
        "/registry/emitters/jianghai/years/", "/registry/emissions/2024/",
        "/registry/emissions/2024/jianghai/", "/registry/imports/", "/registry/allocation/", "/registry/shortfalls/",
        "/registry/shortfalls/{shortfall}/", "/registry/freezes/new/", "/regulator/?year=2024",
        "/regulator/emitters/?year=2024", "/regulator/emitters/jianghai/", "/regulator/overdue/?year=2024",
        "/regulator/vintages/", "/inbox/",
    ],
    "": [
        "/registry/", "/public/", "/public/emitters/?year=2024", "/public/vintages/", "/public/projects/",
        "/public/projects/{project}/", "/public/certificates/", "/certificates/", "/certificates/{certificate}/",
        "/public/inclusion/", "/public/factors/", "/accounts/login/",
    ],
}  # fmt: skip


@pytest.fixture
def world(transactional_db: None, settings: pytest.FixtureRequest) -> World:
    settings.PLATFORM_CLOCK = "tests.support.story_clock.now"  # type: ignore[attr-defined]
    story_clock.set_to(NOW)
    world = make_world()
    content = {"year": 2024, "obligation_t": 5, "surrendered_t": 5, "allowances_t": 5, "credits_t": 0}
    certificate = issue("compliance", world.registry.organisations["jianghai"], content, NOW)
    world.parts["certificate"] = certificate.number
    return world


@pytest.mark.parametrize("person", PAGES, ids=[name or "anybody" for name in PAGES])
def test_every_page_reads_well_at_a_desk_and_on_a_phone(
    person: str, world: World, window: Callable[..., Window]
) -> None:
    seen = window(locale="zh-CN", viewport=DESK)
    if person:
        seen.sign_in(world.person(person).email)
    found = []
    for path in PAGES[person]:
        found += faults(seen, path.format(**world.parts))
    assert found == []


def faults(seen: Window, path: str) -> list[str]:
    """Not there, not readable for everybody, or wider than a phone: one line each."""
    seen.page.set_viewport_size(DESK)
    answer = seen.page.goto(seen.site.url + path)
    assert answer is not None
    if answer.status != 200 or seen.page.url != seen.site.url + path:
        return [f"{path}: {answer.status} {seen.page.url}"]
    found = violations(seen.page)
    seen.page.set_viewport_size(PHONE)
    return found + [f"{path}: {wide}" for wide in too_wide(seen.page)]


def too_wide(page: Page) -> list[str]:
    """What sticks out on the right, if the page itself scrolls sideways."""
    found: list[str] = page.evaluate(STICKING_OUT)
    return found
