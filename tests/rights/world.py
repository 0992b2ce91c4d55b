"""A platform with something of everybody's behind every address.

What Jianghai holds, owes to nobody's eyes and has ordered is told by numbers that occur nowhere else: where one of
them shows up before somebody who may not see it, rights have leaked.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.api.keys import make_key
from accounts.approvals import documents, verbs
from accounts.models import Organisation, User
from accounts.people import invitations
from exchange import engine
from exchange.auction import asking, bidding, windows
from exchange.auction.terms import Terms as AuctionTerms
from exchange.block import groups
from exchange.block import verbs as verbs_of_blocks
from exchange.block.terms import Terms
from exchange.intake import submit, submit_control
from exchange.models import Instrument, InstrumentParameters, TradingDay
from market_data.models import Alert, AlertParty
from registry.allocation import adjustments, plans
from registry.cancellation import cancelling
from registry.compliance import deadline, surrender
from registry.credits import issuing, projects
from registry.custody import freezes, pledges, transfers, trusted
from registry.emitters import activity, objections
from registry.emitters.figures import Figures
from registry.inclusion import importing, personal, scenes
from registry.models import Asset, CarryOver, Emitter, Shortfall
from tests.rights.canaries import BID_PRICE, BID_T, LISTED_T, SECRET_ID, SECRET_RECORD, SECRETS, YUAN
from tests.support.market import endow, office
from tests.support.people import guest
from tests.support.registry import Registry, make_registry

NOW = dt.datetime(2026, 3, 2, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@dataclass
class World:
    registry: Registry
    #: what an address needs, by the name of its parameter and a word of the route
    parts: dict[str, Any] = field(default_factory=dict)

    def person(self, name: str) -> User:
        return self.registry.people[name]


def make_world() -> World:
    registry = make_registry()
    world = World(registry)
    _offices(registry)
    _market(world)
    _holdings(world)
    _blocks(world)
    _auctions(world)
    _compliance(world)
    _custody(world)
    _credits_and_what_is_left(world)
    _inclusion(world)
    _people(world)
    return world


def _offices(registry: Registry) -> None:
    kinds = {
        "exchange": "operator",
        "verifier": "viewer",
        "bank": "viewer",
        "analyst": "analyst",
        "institution": "trader",
    }
    for kind, role in kinds.items():
        organisation = (
            office(kind)
            if kind in {"exchange", "bank"}
            else Organisation.objects.create(code=kind, kind=kind, name_zh=kind, name_en=kind)
        )
        registry.organisations[kind] = organisation
        registry.people[f"{role}@{kind}"] = registry.person(organisation, role, role)


def _market(world: World) -> None:
    Asset.objects.get_or_create(
        code=Asset.CNY, defaults={"kind": Asset.Kind.MONEY, "name_zh": "人民币", "name_en": "Yuan"}
    )
    asset = Asset.objects.get(code="CEA25")
    instrument = Instrument.objects.create(
        code="CEA25", asset=asset, name_zh="CEA25", name_en="CEA25", prev_close_fen=5_000
    )
    InstrumentParameters.objects.create(instrument=instrument, valid_from=dt.date(2020, 1, 1))
    TradingDay.objects.create(day=NOW.date(), calendar="demo", opened_at=NOW)
    submit_control(instrument, {"cmd": "phase", "instrument": "CEA25", "phase": "afternoon"})
    engine.drain([instrument.pk], at=NOW)


def _holdings(world: World) -> None:
    own = world.registry.organisations["jianghai"]
    endow(own, Asset.CNY, YUAN)
    total = SECRETS["pledged"] + SECRETS["frozen"] + SECRETS["to be cancelled"] + SECRETS["to be transferred"]
    endow(own, "CEA24", SECRETS["CEA24 in the registry"] + total, "registry")
    endow(own, "CEA25", SECRETS["CEA25 for trading"] + LISTED_T, "trading")
    endow(world.registry.organisations["yunling"], "CEA24", 1_000, "registry")
    command = submit(
        {
            "cmd": "list", "id": SECRET_ID, "instrument": "CEA25", "side": "sell", "price": "49.77",
            "qty": LISTED_T,
        },
        organisation=own,
    ).command  # fmt: skip
    engine.drain([command.instrument_id], at=NOW)
    world.parts |= {"code:instrument": "CEA25", "client_id": SECRET_ID}


def _blocks(world: World) -> None:
    """Jianghai's words to the institution, and its group with it."""
    trader = world.person("trader@jianghai")
    group = groups.create("partners", by=trader)
    groups.add(group.pk, world.registry.organisations["institution"], by=trader)
    said = verbs_of_blocks.open_(
        by=trader, instrument=Instrument.objects.get(code="CEA25"), side="sell",
        terms=Terms(price="48.00", qty=100_003, firm=False, words="before the summer"),
        to=world.registry.organisations["institution"], client_id="block-1",
    )  # fmt: skip
    world.parts |= {"block": said.turn.negotiation_id, "block_group": group.pk}


def _auctions(world: World) -> None:
    """The institution's open auction, with Jianghai's sealed bid on it."""
    registry, hour = world.registry, dt.timedelta(hours=1)
    endow(registry.organisations["institution"], "CEA25", 100_000, "trading")
    terms = AuctionTerms(
        instrument=Instrument.objects.get(code="CEA25"), quantity_t=100_000, floor_rule="close", price_model="uniform",
        bidders="members", opens_at=NOW, closes_at=NOW + hour,
    )  # fmt: skip
    auction = asking.ask(terms, by=world.person("trader@institution"), reason="to sell", at=NOW - hour)
    assert auction.request_id is not None
    verbs.approve(auction.request_id, by=world.person("operator@exchange"), reason="lawful", at=NOW - hour)
    for _ in range(2):
        windows.advance(NOW)
        engine.drain([terms.instrument.pk], at=NOW)
    auction.refresh_from_db()
    bidding.bid(
        auction, id="sealed-1", price=BID_PRICE, qty=BID_T, organisation=registry.organisations["jianghai"],
        user=world.person("trader@jianghai"), at=NOW,
    )  # fmt: skip
    engine.drain([terms.instrument.pk], at=NOW)
    world.parts["auction"] = auction.pk


def _compliance(world: World) -> None:
    registry = world.registry
    unit = registry.unit("jianghai")
    regulator = world.person("regulator@shanghai")
    for year in (2023, 2024, 2025):
        registry.year("jianghai", year)
    for year in (2023, 2024):
        figures = Figures(
            verified_t=2_000_000,
            generation_mwh=Decimal(2_400_000),
            load_factor=Decimal("0.7"),
            cooling="water",
        )
        report = activity.enter(unit, year, figures, by=regulator, reason="report", at=NOW)
    objection = objections.raise_objection(
        report, words="the coal of March", by=world.person("initiator@jianghai"), at=NOW, claimed_t=1_999_000
    )
    plan = plans.make(2024, "310000", "power", "pre", by=world.person("issuer@registry"), at=NOW)
    plans.send(plan, by=world.person("issuer@registry"), reason="ready", at=NOW)
    adjustment = adjustments.order(
        Emitter.objects.get(pk=registry.organisations["jianghai"].pk), year=2026, ground="enforcement",
        tonnes=1_000, by=regulator, reason="decision 7", at=NOW,
    )  # fmt: skip
    made = surrender.submit(
        2024, registry.organisations["jianghai"], {"CEA24": 12_000}, by=world.person("initiator@jianghai"),
        reason="first part", at=NOW,
    )  # fmt: skip
    world.parts |= {
        "emitter": "jianghai", "figures": report.pk, "unit": unit.pk, "objection": objection.pk, "plan": plan.pk,
        "adjustment": adjustment.pk, "surrender": made.pk, "request": made.request_id, "year": 2024,
    }  # fmt: skip


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n%Jianghai's own\n%%EOF\n", content_type="application/pdf")


def _custody(world: World) -> None:
    registry, initiator = world.registry, world.person("initiator@jianghai")
    bank = Organisation.objects.create(code="lender", kind="institution", name_zh="贷方", name_en="Lender")
    registry.organisations["lender"] = bank
    registry.person(bank, "approver", "approver", "initiator")
    pdf = documents.store(_file("proof.pdf"), by=initiator, at=NOW)
    ruling = documents.store(_file("ruling.pdf"), by=world.person("issuer@registry"), at=NOW)
    terms = pledges.Terms(
        asset="CEA24", quantity_t=SECRETS["pledged"], loan_fen=1_000_000_00, starts_on=NOW.date(),
        ends_on=NOW.date() + dt.timedelta(days=90),
    )  # fmt: skip
    pledge = pledges.submit(pledgee=bank, terms=terms, by=initiator, reason="loan", at=NOW)
    freeze = freezes.submit(
        organisation=registry.organisations["jianghai"], lines={"CEA24": SECRETS["frozen"]}, document_number="(2026) 1",
        ordered_by="court", by=world.person("issuer@registry"), reason="ruling", at=NOW, documents=[ruling],
    )  # fmt: skip
    assert freeze.request_id is not None
    verbs.approve(freeze.request_id, by=world.person("checker@registry"), reason="seen", at=NOW)
    cancellation = cancelling.submit(
        asset="CEA24", quantity_t=SECRETS["to be cancelled"], beneficiary="A forum", purpose="neutral",
        by=initiator, reason="forum", at=NOW,
    )  # fmt: skip
    entry = trusted.add(trusted=bank, by=initiator, reason="group", at=NOW - dt.timedelta(days=30))
    assert entry.request_id is not None
    verbs.approve(
        entry.request_id, by=world.person("approver@jianghai"), reason="yes", at=NOW - dt.timedelta(days=29)
    )
    transfer = transfers.submit(
        receiver=bank, asset="CEA24", quantity_t=SECRETS["to be transferred"], ground="merger", by=initiator,
        reason="merger", at=NOW, documents=[pdf],
    )  # fmt: skip
    world.parts |= {
        "pledge": pledge.pk, "freeze": freeze.pk, "cancellation": cancellation.pk, "trusted": entry.pk,
        "transfer": transfer.pk, "document": pdf.pk,
    }  # fmt: skip


def _credits_and_what_is_left(world: World) -> None:
    registry, issuer = world.registry, world.person("issuer@registry")
    project = projects.register(
        code="CCER-1", scheme="ccer", name_zh="林场", name_en="Forest", owner="jianghai",
        methodology="CCER-14-001-V01", sector="forestry", province="530000", registered_on=dt.date(2024, 3, 1),
        in_covered_sector=False, by=issuer, at=NOW,
    )  # fmt: skip
    issue = issuing.submit(
        project, period_from=dt.date(2025, 1, 1), period_to=dt.date(2025, 12, 31), verified_t=800, quantity_t=700,
        by=issuer, reason="verified", at=NOW,
    )  # fmt: skip
    carried = CarryOver.objects.create(
        emitter_id=registry.organisations["jianghai"].pk, target_id="CEA25", quantity_t=77, submitted_at=NOW
    )
    deadline.pass_deadline(2024, NOW)
    missing = Shortfall.objects.get(compliance_year__emitter=registry.organisations["jianghai"].pk)
    key, _plain = make_key(world.person("trader@jianghai"), "robot", ["read"])
    alert = Alert.objects.create(
        day=NOW.date(), kind="concentration", key="jianghai|buyer", found_at=NOW, thresholds={},
        figures={"traded_t": 1, "volume_t": 1, "share_bps": 10_000, "others_n": 1, "bought_n": 1},
    )  # fmt: skip
    AlertParty.objects.create(
        alert=alert, organisation=registry.organisations["jianghai"], role="buyer", rank=0
    )
    world.parts |= {
        "alert": alert.pk, "carry_over": carried.pk, "shortfall": missing.pk, "key": key.token_key,
        "project": project.code, "credit_issue": issue.pk,
    }  # fmt: skip


def _inclusion(world: World) -> None:
    """Jianghai runs a scene in which one person's act is recorded, and has another file waiting."""
    registry, initiator = world.registry, world.person("initiator@jianghai")
    scene = scenes.register(
        code="SH-METRO", methodology="metro", name_zh="轨道交通", name_en="Metro trips", operator="jianghai",
        opened_on=dt.date(2026, 1, 1), by=world.person("issuer@registry"), at=NOW,
    )  # fmt: skip
    house = Organisation.objects.create(code="walker", kind="individual", name_zh="行者", name_en="Walker")
    person = registry.person(house, "self", "viewer")
    account = personal.open_account(by=person, at=NOW)
    personal.join(scene, by=person, at=NOW)
    for record in (SECRET_RECORD, "another"):
        content = f"record,account,day,amount\n{record},{account.number},{NOW.date()},31.5".encode()
        job = importing.upload(scene, file_name="trips.csv", content=content, by=initiator, at=NOW)
        if record == SECRET_RECORD:
            sent = importing.send(job, by=initiator, reason="weekly", at=NOW)
            assert sent.request_id is not None
            verbs.approve(sent.request_id, by=world.person("approver@jianghai"), reason="yes", at=NOW)
    world.parts |= {"scene": scene.project.code, "activity_import": job.pk}


def _people(world: World) -> None:
    """Somebody whom Jianghai's administrator asks in, and a colleague."""
    made = invitations.invite(
        guest(1, "guest@jianghai.example"), wanted=["viewer"], by=world.person("approver@jianghai"),
        reason="joins", at=NOW,
    )  # fmt: skip
    world.parts |= {"invitation": made.pk, "somebody": world.person("trader@jianghai").pk}
