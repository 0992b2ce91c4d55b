"""Pages of allocation and adjustments, in both languages, for the people they are for."""

import pytest
import redis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.approvals.errors import Refused
from registry.allocation.models import Adjustment, Plan
from registry.models import Transfer
from tests.issuance.conftest import Office
from tests.issuance.test_stages_issued import WORKED, worked_year
from tests.support.registry import SHANGHAI

HEADER = "entity,unit,class,generation_mwh,supply_mwh,heat_gj,load_factor,heat_ratio,cooling,verified_t\n"
FORM = {"year": "2024", "province": SHANGHAI, "sector": "power", "stage": "final"}


@pytest.fixture
def office(office: Office) -> Office:
    worked_year(office)
    return office


def browser(office: Office, name: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(office[name])
    return client


def text(answer: object) -> str:
    return str(getattr(answer, "text", "")).replace("\u00a0", " ")


def test_a_province_is_previewed_sent_approved_and_shown_with_its_transfers(
    office: Office, broker: object
) -> None:
    issuer, checker = browser(office, "issuer@registry"), browser(office, "checker@registry")
    assert "No plan yet" in text(issuer.get("/registry/allocation/"))
    made = issuer.post("/registry/allocation/make/", FORM, follow=True)
    page, plan = text(made), Plan.objects.get()
    for words in ("2 621 916", "2.89", "Emitters by gap rate", "Send for approval", "国环规气候〔2024〕1号"):
        assert words in page, words
    path = f"/registry/allocation/{plan.pk}/"
    assert "Give a reason" in text(issuer.post(path + "act/", {"act": "send", "reason": ""}))
    sent = issuer.post(path + "act/", {"act": "send", "reason": "As worked out"}, follow=True)
    assert "decides now" in text(sent)
    assert "Approve and issue" not in text(issuer.get(path))
    assert "Approve and issue" in text(checker.get(path))
    # No worker runs here, so the page waits for one.
    checker.post(path + "act/", {"act": "approve", "reason": "Checked"})
    assert "Waiting for a worker" in text(checker.get(path + "state/"))
    assert not Transfer.objects.exists()
    plan.refresh_from_db()
    office.approve(plan)
    done = checker.get(path + "state/")
    assert done.headers["HX-Refresh"] == "true"
    page = text(checker.get(path))
    assert "in 1 transfers" in page
    assert "As worked out" in page


def test_without_a_broker_it_is_issued_at_once(office: Office, broker: redis.Redis) -> None:
    plan = office.send(office.make(2024, "final"))
    # It takes nothing in any more, as a broker that is full does.
    broker.config_set("maxmemory", "1")
    try:
        answer = browser(office, "checker@registry").post(
            f"/registry/allocation/{plan.pk}/act/", {"act": "approve", "reason": "Checked"}
        )
    finally:
        broker.config_set("maxmemory", "0")
    assert answer.status_code == 302
    assert Transfer.objects.count() == 1


def test_a_line_opens_its_working(office: Office) -> None:
    plan = office.make(2024, "final")
    page = text(browser(office, "regulator@shanghai").get(f"/registry/allocation/{plan.pk}/rows/jianghai/"))
    assert "3 000 000 MWh × 0.7910 × 1.061364 = 2 518 616 t" in page
    assert "electricity generated · verified report of 2024, version 1" in page
    chinese = text(
        browser(office, "regulator@shanghai", "zh-CN").get(f"/registry/allocation/{plan.pk}/rows/jianghai/")
    )
    assert "3 000 000 MWh × 0.7910 × 1.061364 = 2 518 616 t" in chinese
    assert "发电量" in chinese


def test_a_line_is_issued_to_the_province_for_a_reason(office: Office) -> None:
    plan = office.make(2024, "final")
    client, path = browser(office, "issuer@registry"), f"/registry/allocation/{plan.pk}/rows/jianghai/"
    refused = client.post(path + "province/", {"on": "yes", "ground": "freeze", "reason": ""})
    assert "Give a reason" in text(refused)
    client.post(path + "province/", {"on": "yes", "ground": "freeze", "reason": "Court 12"})
    page = text(client.get(path))
    assert "Court 12" in page
    assert "Owed for 2024: 2 700 000 t" in page
    client.post(path + "province/", {"on": "no"})
    assert "Court 12" not in text(client.get(path))


def test_an_emitter_sees_its_own_line_alone(office: Office) -> None:
    office.report("yunling", 2024, 800_000, generation_mwh="1000000", load_factor="0.9")
    plan = office.make(2024, "final")
    own = browser(office, "trader@jianghai")
    path = f"/registry/allocation/{plan.pk}/"
    assert own.get(path).status_code == 404
    office.approve(office.send(plan))
    for address in ("/registry/allocation/", path, path + "rows/jianghai/"):
        page = text(own.get(address))
        assert "2 621 916" in page, address
        assert "yunling" not in page, address
        assert "791 000" not in page, address
    assert own.get(path + "rows/yunling/").status_code == 404
    # An emitter gets no export of the plan either.
    assert "yunling" not in text(own.get(path + "?as=csv"))


@pytest.mark.parametrize(
    "path", ["", "make/", "upload/", "{}/", "{}/act/", "{}/state/", "{}/rows/jianghai/", "{}/rows/jianghai/province/"]
)  # fmt: skip
def test_strangers_and_other_houses_get_nothing(office: Office, path: str) -> None:
    plan = office.make(2024, "final")
    address = "/registry/allocation/" + path.format(plan.pk)
    assert Client().get(address).status_code in {302, 405}
    assert Client().post(address).status_code in {302, 405}
    for name in ("regulator@yunnan", "trader@yunling"):
        client = browser(office, name)
        answers = (client.get(address), client.post(address, {"act": "send", "reason": "x"}))
        for answer in answers:
            assert answer.status_code in {200, 404, 405, 409}, name
            assert "2 621 916" not in text(answer)
            assert "jianghai Power" not in text(answer)
    plan.refresh_from_db()
    assert plan.state == Plan.State.DRAFT


def test_the_table_is_sorted_filtered_and_exported(office: Office) -> None:
    office.report("yunling", 2024, 800_000, generation_mwh="1000000", load_factor="0.9")
    plan = office.make(2024, "final")
    client, path = browser(office, "regulator@mee"), f"/registry/allocation/{plan.pk}/"
    page = text(client.get(path + "?sort=verified"))
    assert page.index("yunling Power") < page.index("jianghai Power")
    assert 'aria-sort="ascending"' in page
    assert "jianghai Power" not in text(client.get(path + "?q=yunl"))
    assert "No emitter fits" in text(client.get(path + "?only=recall"))
    assert text(client.get(path + "?sort=nonsense&page=x")).count("jianghai Power")
    lines = b"".join(client.get(path + "?as=csv").streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[1].startswith("jianghai,")
    assert ",2621916," in lines[1]
    assert client.get(path + "?as=xlsx").status_code == 200


def upload(client: Client, content: str, what: str, **changes: str) -> object:
    file = SimpleUploadedFile("units.csv", content.encode("gbk"), "text/csv")
    return client.post(
        "/registry/allocation/upload/", {**FORM, "what": what, "table": file, **changes}, follow=True
    )


GOOD = "jianghai,U1,I,3000000,0,1000000,0.60,0,water,2700000\n"


def test_a_table_is_looked_at_and_issued(office: Office) -> None:
    client = browser(office, "issuer@registry")
    looked = upload(client, HEADER + GOOD + "someone,甲,I,1,0,0,0.9,0,water,1\n", "look")
    assert "2 621 916" in text(looked)
    assert not Plan.objects.exists()
    saved = upload(client, HEADER + GOOD, "csv")
    assert "jianghai,2621916,2160000,2621916,2700000,2.89" in text(saved)
    drafted = upload(client, HEADER + GOOD, "draft")
    plan = Plan.objects.get()
    assert plan.document is not None
    assert "units.csv" in text(drafted)
    assert "line 2 of units.csv" in text(client.get(f"/registry/allocation/{plan.pk}/rows/jianghai/"))
    office.approve(office.send(plan))
    assert office.made.balance("jianghai", "CEA24") == 2_621_916


def test_a_bad_table_is_refused_whole_with_every_bad_line(office: Office) -> None:
    office.made.emitter("kunming", province="530000")
    office.made.emitter("baogang", sector="steel")
    client = browser(office, "issuer@registry")
    bad = HEADER + GOOD + "a,U1,V,1,0,0,0.9,0,water,1\nb,U1,I,-1,0,0,1.9,0,water,1\n"
    page = text(upload(client, bad, "draft"))
    for words in ("3 problems", "Line 3, class", "Line 4, generation_mwh", "Line 4, load_factor"):
        assert words in page, words
    unknown = HEADER + GOOD + "".join(
        f"{code},U1,I,1,0,0,0.9,0,water,1\n" for code in ("nobody", "kunming", "baogang", "yunling")
    )  # fmt: skip
    page = text(upload(client, unknown, "draft"))
    for words in (
        "4 problems", "“nobody” is no emitter", "“kunming” belongs to another province",
        "“baogang” is not in the power sector", "“yunling” is not covered",
    ):  # fmt: skip
        assert words in page, words
    assert "Save the sheet as CSV" in text(upload(client, "\0", "look"))
    assert not Plan.objects.exists()
    refused = upload(browser(office, "regulator@yunnan"), HEADER + GOOD, "draft")
    assert "regulator of this province" in text(refused)


def test_what_was_typed_comes_back_with_what_is_wrong(office: Office) -> None:
    client = browser(office, "issuer@registry")
    for change, words in (
        ({"year": "1999"}, "year: choose"), ({"province": "x"}, "province: choose"), ({"stage": "x"}, "choose one"),
        ({"stage": "pre", "share": "abc"}, "share: per cent"), ({"stage": "pre", "share": "99"}, "share: more than 0"),
    ):  # fmt: skip
        page = text(client.post("/registry/allocation/make/", {**FORM, **change}))
        assert words in page, change
    assert 'value="99"' in page
    assert not Plan.objects.exists()


def test_adjustments_are_ordered_and_seen(office: Office) -> None:
    client = browser(office, "issuer@registry")
    assert "No adjustment here" in text(client.get("/registry/adjustments/"))
    form = {
        "emitter": "jianghai",
        "year": "2024",
        "ground": "borrowed",
        "tonnes": "1,000",
        "reason": "Borrowed",
    }
    for change, words in (
        ({"emitter": "x"}, "no emitter has this code"), ({"tonnes": "-1"}, "above 0"), ({"year": "x"}, "compliance year"),
    ):  # fmt: skip
        assert words in text(client.post("/registry/adjustments/", {**form, **change})), change
    client.post("/registry/adjustments/", form)
    made = Adjustment.objects.get()
    assert "Waiting for approval" in text(client.get(f"/registry/adjustments/{made.pk}/"))
    assert browser(office, "trader@jianghai").get(f"/registry/adjustments/{made.pk}/").status_code == 404
    refused = browser(office, "trader@yunling").post("/registry/adjustments/", form)
    assert refused.status_code == 409
    assert Adjustment.objects.count() == 1
    inbox = text(browser(office, "checker@registry").get("/inbox/"))
    assert "1 000 t are deducted" in inbox
    chinese = text(browser(office, "checker@registry", "zh-CN").get("/registry/adjustments/"))
    assert "配额调整" in chinese


def test_a_plan_in_chinese(office: Office) -> None:
    plan = office.send(office.make(2024, "final"))
    page = text(browser(office, "checker@registry", "zh-CN").get(f"/registry/allocation/{plan.pk}/"))
    assert "批准并发放" in page
    office.report("jianghai", 2024, 2_600_000, **WORKED)
    with pytest.raises(Refused, match="STALE"):
        office.approve(plan)
