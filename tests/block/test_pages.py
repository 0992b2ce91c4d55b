"""The pages of blocks, through the test client: what is typed is checked, then sent; who sees what."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation, User
from exchange.block import acting_views
from exchange.block.models import BlockGroup, Negotiation, Turn
from tests.block.conftest import Talk
from tests.support.market import office

TYPED = {
    "instrument": "CEA", "side": "sell", "price": "40", "qty": "100 000", "firm": "yes", "audience": "directed", "member": "B",
    "words": "before the summer",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody decides here but the test; the pages need not wait for it."""
    monkeypatch.setattr(acting_views, "WAIT_SECONDS", 0.0)


def browser(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def as_(talk: Talk, code: str) -> Client:
    return browser(talk.person(code))


def fields(answer: Any) -> dict[str, str]:
    """The hidden fields of the page's last form."""
    form = answer.content.decode().rpartition("<form")[2]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def send(client: Client, path: str, typed: dict[str, str]) -> Any:
    """Check your answers, then send what that page carries."""
    check = client.post(path, {**typed, "step": "check"})
    assert check.status_code == 200, text_of(check)
    return client.post(path, {**fields(check), "step": "send"}, follow=True)


def fresh(client: Client, path: str) -> dict[str, str]:
    """The id that a new form carries."""
    (found,) = re.findall(r'name="id" value="([^"]+)"', client.get(path).content.decode())
    return {"id": found}


def test_an_offer_is_checked_with_money_and_tonnes_and_then_sent(talk: Talk) -> None:
    client = as_(talk, "A")
    typed = {**TYPED, **fresh(client, "/blocks/new/")}
    check = client.post("/blocks/new/", {**typed, "step": "check"})
    said = text_of(check)
    for words in (
        "Binding offer",
        "B Power",
        "4 000 000.00",
        "9 900 000",
        "before the summer",
    ):
        assert words in said
    assert not Negotiation.objects.exists()
    client.post("/blocks/new/", {**fields(check), "step": "send"})
    client.post("/blocks/new/", {**fields(check), "step": "send"})
    talk.market.drain()
    (turn,) = Turn.objects.all()
    assert (turn.price_fen, turn.qty_t, turn.firm, turn.words) == (4_000, 100_000, True, "before the summer")
    assert talk.locked("A") == (0, 100_000)
    assert "Waits for my answer 1" in text_of(as_(talk, "B").get("/blocks/"))
    assert "Waits for my answer 0" in text_of(as_(talk, "C").get("/blocks/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"price": "10"}, "outside today"), ({"price": "forty"}, "Give a price"), ({"qty": "5"}, "whole tonnes"),
        ({"qty": "1e6"}, "Give whole tonnes"), ({"member": "nobody"}, "no such member"), ({"member": "A"}, "your own"),
        ({"member": ""}, "no such member"), ({"audience": "group"}, "Choose one of your groups"),
        ({"instrument": "X"}, "valid choice"), ({"firm": ""}, "required"), ({"words": "x" * 501}, "500"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    talk: Talk, wrong: dict[str, str], said: str
) -> None:
    client = as_(talk, "A")
    for step in ("check", "send"):
        answer = client.post("/blocks/new/", {**TYPED, "id": "x1", **wrong, "step": step})
        assert answer.status_code in {400, 409}
        assert said in text_of(answer)
        assert "before the summer" in answer.content.decode() or "words" in wrong
    assert not Turn.objects.exists()


def test_two_people_negotiate_on_their_pages_to_a_trade(talk: Talk) -> None:
    seller, buyer = as_(talk, "A"), as_(talk, "B")
    send(seller, "/blocks/new/", {**TYPED, "firm": "no", "id": "x1"})
    number = Negotiation.objects.get().pk
    page = f"/blocks/{number}/"
    counter = {"price": "39.50", "qty": "120000", "firm": "yes", "words": "", "answering": "1", "id": "x2"}
    send(buyer, f"{page}counter/", counter)
    talk.market.drain()
    assert "first 40.00" in text_of(seller.get(page))
    check = seller.get(f"{page}accept/")
    assert "Acceptance: trades at once" in text_of(check)
    assert "4 740 000.00" in text_of(check)
    seller.post(f"{page}accept/", fields(check))
    talk.market.drain()
    assert "Traded" in text_of(buyer.get(page))
    assert talk.market.balance("B", "CEA", "unsettled") == 120_000


def test_a_form_left_open_answers_nothing_that_came_later(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    buyer = as_(talk, "B")
    check = buyer.get(f"/blocks/{number}/accept/")
    talk.counter("B", number, at="39.00", firm=False)
    talk.counter("A", number, at="45.00")
    answer = buyer.post(f"/blocks/{number}/accept/", fields(check), follow=True)
    assert "something was said after what you read" in text_of(answer)
    assert talk.state(number) == "open"


def test_whoever_comes_too_late_for_an_offer_to_all_is_told_so(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00")
    late = as_(talk, "C")
    check = late.get(f"/blocks/{number}/accept/")
    talk.accept("B", number)
    answer = late.post(f"/blocks/{number}/accept/", fields(check), follow=True)
    assert "taken by another" in text_of(answer)
    assert talk.locked("C") == (0, 0)
    # A page that reads itself again goes along.
    part = late.get(f"/blocks/{number}/thread/", headers={"hx-request": "true"})
    assert part.headers["HX-Redirect"] == "/blocks/"


def test_a_refusal_of_the_engine_comes_back_with_what_was_typed(talk: Talk) -> None:
    number = talk.open("A", sell=30_000_000, at="60.00", firm=False)
    buyer = as_(talk, "B")
    counter = {
        "price": "60.00",
        "qty": "30000000",
        "firm": "yes",
        "words": "all",
        "answering": "1",
        "id": "x2",
    }
    buyer.post(f"/blocks/{number}/counter/", {**counter, "step": "send"})
    talk.market.drain()
    answer = Negotiation.objects.get(posting=number)
    said = text_of(buyer.get(f"/blocks/{answer.pk}/"))
    assert "counts for nothing" in said
    assert "not enough free money" in said
    # It goes on in the same negotiation.
    buyer.post(f"/blocks/{number}/counter/", {**counter, "qty": "100000", "id": "x3", "step": "send"})
    assert Negotiation.objects.filter(posting=number).count() == 1


def test_refusing_and_withdrawing_end_it(talk: Talk) -> None:
    first = talk.open("A", sell=100_000, at="40.00", firm=False, to="B")
    second = talk.open("A", sell=100_000, at="40.00", firm=False, to="B")
    answer = as_(talk, "B").post(
        f"/blocks/{first}/refuse/", {"answering": "1", "words": "too dear"}, follow=True
    )
    assert "Refused" in text_of(answer)
    answer = as_(talk, "A").post(f"/blocks/{second}/withdraw/", {"words": ""}, follow=True)
    assert "Withdrawn" in text_of(answer)
    assert (talk.state(first), talk.state(second)) == ("refused", "withdrawn")
    assert "too dear" in text_of(as_(talk, "A").get(f"/blocks/{first}/"))


def test_a_stranger_finds_nothing_and_a_colleague_reads(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B", words="our secret")
    for path in ("", "thread/", "accept/"):
        assert as_(talk, "C").get(f"/blocks/{number}/{path}").status_code == 404
    colleague = User.objects.create(
        email="v@b.example", organisation=talk.market.members["B"], roles=["viewer"], password="!"
    )
    page = browser(colleague).get(f"/blocks/{number}/")
    assert "our secret" in text_of(page)
    assert "counter-form" not in page.content.decode()
    assert browser(colleague).post(f"/blocks/{number}/refuse/", {"answering": "1"}).status_code == 403


def test_a_regulator_reads_every_negotiation_and_each_look_is_kept(talk: Talk) -> None:
    from registry.oversight.models import Look

    number = talk.open("A", sell=100_000, at="40.00", to="B", words="our secret")
    nation = User.objects.create(
        email="r@mee.example", organisation=office("national"), roles=["regulator"], password="!"
    )
    client = browser(nation)
    assert "A Power → B Power" in text_of(client.get("/blocks/?state=open"))
    assert "A Power → B Power" not in text_of(
        client.get("/blocks/?state=traded&instrument=CEA&day=2021-07-16")
    )
    assert "our secret" in text_of(client.get(f"/blocks/{number}/"))
    assert set(Look.objects.values_list("organisation__code", flat=True)) == {"A", "B"}


def test_a_group_is_made_filled_used_and_closed(talk: Talk) -> None:
    client = as_(talk, "A")
    client.post("/blocks/groups/", {"name": "partners"})
    group = BlockGroup.objects.get()
    page = f"/blocks/groups/{group.pk}/"
    assert "B Power" in text_of(client.post(page, {"step": "add", "member": "b power"}, follow=True))
    assert "no such member" in text_of(client.post(page, {"step": "add", "member": "X"}))
    send(
        client,
        "/blocks/new/",
        {**TYPED, "firm": "no", "audience": "group", "group": str(group.pk), "id": "x1"},
    )
    assert "A Power" in text_of(as_(talk, "B").get("/blocks/"))
    assert "partners" not in as_(talk, "B").get("/blocks/").content.decode()
    assert as_(talk, "B").get(page).status_code == 404
    client.post(page, {"step": "remove", "member": "B"})
    assert "partners" in text_of(client.post(page, {"step": "rename", "name": ""}))
    client.post(page, {"step": "close"})
    assert client.get(page).status_code == 404


def test_the_pages_speak_chinese(talk: Talk) -> None:
    number = talk.open("A", sell=100_000, at="40.00", to="B")
    client = browser(talk.person("B"), "zh-hans")
    assert "待我答复" in text_of(client.get("/blocks/"))
    assert "正式" in text_of(client.get(f"/blocks/{number}/"))
    assert "确认成交" in text_of(client.get(f"/blocks/{number}/accept/"))


def test_the_desk_says_how_many_blocks_wait(talk: Talk) -> None:
    talk.open("A", sell=100_000, at="40.00", to="B")
    assert 'href="/blocks/"' in as_(talk, "B").get("/desk/CEA/").content.decode()
    assert "Block agreements 1" in text_of(as_(talk, "B").get("/desk/CEA/"))
    assert "Block agreements" not in text_of(Client(headers={"accept-language": "en"}).get("/desk/CEA/"))
    Organisation.objects.filter(code="D").update(status="suspended")
    assert "New offer" not in text_of(as_(talk, "D").get("/blocks/"))
