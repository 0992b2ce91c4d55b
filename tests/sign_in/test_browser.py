"""Setting up and showing a second factor as a person does, under the strict content policy, by both ways.

The server runs in this process: `localhost` is a place where browsers allow passkeys without https.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import Organisation, User
from tests.pages.conftest import Window, complaints, window
from tests.sign_in.conftest import PASSWORD, code, person
from tests.support.market import make_market

__all__ = ["complaints", "window"]

Browsers = Callable[..., Window]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(live_server: Any, broker: object) -> Any:
    return live_server


@pytest.fixture
def someone(site: Any) -> User:
    market = make_market(members=1, codes=("CEA",))
    return person(market.members["A"], "trader@a.example", "trader", "administrator")


def enter(page: Page, user: User) -> None:
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {one['id']}: {node['html'][:140]} {node.get('failureSummary', '')[-160:]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:2]
    ]


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def set_up_app(page: Page) -> str:
    """From the security page to the recovery codes and back; returns the app's secret."""
    page.get_by_role("link", name="Add an app").click()
    secret = page.locator("#secret").inner_text()
    page.fill("#id_code", code(secret=secret))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator(".menu-who, h1").first).to_be_attached()
    return secret


def test_an_app_is_set_up_first_and_asked_for_at_the_next_sign_in(someone: User, window: Browsers) -> None:
    one = window()
    page = one.open("/accounts/login/?next=/inbox/")
    enter(page, someone)
    expect(page.get_by_role("alert")).to_contain_text("needs a second factor")
    assert page.url.endswith("/accounts/security/?next=%2Finbox%2F")
    secret = set_up_app(page)
    page.goto(one.site.url + "/inbox/")
    expect(page.locator("h1")).to_have_text("Inbox")

    two = window()
    page = two.open("/accounts/login/?next=/inbox/")
    enter(page, someone)
    expect(page.locator("h1")).to_have_text("Second factor")
    page.fill("#id_code", "000000")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist")).to_contain_text("wrong")
    page.fill("#id_code", code(1, secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/")
    page.locator("#organisation-menu summary").click()
    page.locator("#organisation-menu").get_by_role("link", name="API keys").click()
    page.fill("#id_name", "robot")
    page.get_by_label("Read", exact=True).check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#new-key")).to_have_text(re.compile(r"^\w{64}$"))


@pytest.fixture
def passkeys() -> Callable[[Page], None]:
    """`passkeys(page)`: the page's browser gets an authenticator with a fingerprint that always fits."""

    def plug_in(page: Page) -> None:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    return plug_in


def test_a_passkey_is_set_up_and_signs_in_alone(
    someone: User, window: Browsers, passkeys: Callable[[Page], None]
) -> None:
    one = window()
    page = one.open("/accounts/login/?next=/inbox/")
    passkeys(page)
    enter(page, someone)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(one.site.url + "/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()

    page.goto(one.site.url + "/accounts/login/?next=/inbox/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/inbox/")
    expect(page.locator("h1")).to_have_text("Inbox")
    # It is a second factor after the password too.
    page.goto(one.site.url + "/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(one.site.url + "/accounts/login/?next=/inbox/")
    enter(page, someone)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/inbox/")


@pytest.mark.parametrize(
    "look",
    [
        {"locale": "en-US", "color_scheme": "light"},
        {"locale": "zh-CN", "color_scheme": "dark"},
        {"locale": "zh-CN", "viewport": PHONE},
    ],
    ids=["english light", "chinese dark", "phone"],
)
def test_every_page_is_accessible(someone: User, window: Browsers, look: dict[str, Any]) -> None:
    Organisation.objects.update(name_en="A")
    someone.roles = ["viewer", "administrator"]
    one = window(**look)
    page = one.open("/accounts/login/")
    found = serious(page)
    enter(page, someone)
    page.wait_for_url("**/accounts/security/**")
    found += serious(page)
    page.locator("a[href='/accounts/2fa/totp/activate/']").click()
    found += serious(page)
    page.fill("#id_code", code(secret=page.locator("#secret").inner_text()))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    found += serious(page)
    for path in (
        "/accounts/security/", "/accounts/sessions/", "/accounts/keys/", "/accounts/password/change/",
        "/accounts/2fa/passkeys/add/", "/accounts/2fa/reauthenticate/", "/accounts/2fa/recovery-codes/generate/",
        "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/password/reset/key/done/",
    ):  # fmt: skip
        page.goto(one.site.url + path)
        assert not too_wide(page), path
        found += serious(page)
    assert found == []
