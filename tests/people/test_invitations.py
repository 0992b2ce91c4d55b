"""Asking people in: who alone, who with a second person, and a link that opens once."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction
from django.utils import timezone

from accounts import clock
from accounts.approvals import verbs
from accounts.approvals.errors import Refused, WrongField
from accounts.approvals.models import Request
from accounts.models import ApiKey, Organisation, User
from accounts.people import changing, identity, invitations, links
from accounts.people.models import Change, Invitation, Letter
from tests.people.conftest import Cast, accepted
from tests.support.people import PASSWORD, guest, resident_number, token_mailed_to

NOW = clock.now


def code_of(verb: object) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        verb()  # type: ignore[operator]
    return refused.value.code


def test_a_trader_is_invited_at_once_and_comes_by_the_link(cast: Cast) -> None:
    made = cast.invite(1, "trader", "viewer")
    assert (made.state, made.roles) == ("open", ["viewer", "trader"])
    user = accepted("guest1@plant.example")
    assert (user.organisation.code, user.roles, user.is_active) == ("plant", ["viewer", "trader"], True)
    assert user.check_password(PASSWORD)
    changes = Change.objects.order_by("pk").values_list("what", "by__email", "reason")
    assert list(changes) == [
        ("invited", "boss@plant.example", "joins the desk"),
        ("joined", "guest1@plant.example", ""),
    ]


def test_a_link_opens_once(cast: Cast) -> None:
    cast.invite(1, "viewer")
    token = token_mailed_to("guest1@plant.example")
    invitations.accept(token, password=PASSWORD, at=NOW())
    assert code_of(lambda: invitations.accept(token, password="another one", at=NOW())) == "LINK_DEAD"
    assert User.objects.filter(email="guest1@plant.example").count() == 1


@pytest.mark.parametrize(
    "fate", ["withdrawn", "sent again", "too old", "organisation closed", "foreign", "made up"]
)
def test_a_link_that_should_open_nothing_opens_nothing(cast: Cast, fate: str) -> None:
    made = cast.invite(1, "viewer")
    token = token_mailed_to("guest1@plant.example")
    if fate == "withdrawn":
        invitations.withdraw(made.pk, by=cast["boss"], reason="a mistake", at=NOW())
    elif fate == "sent again":
        Invitation.objects.update(sent_at=timezone.now() - dt.timedelta(hours=1))
        invitations.resend(made.pk, by=cast["boss"], at=NOW())
    elif fate == "too old":
        Invitation.objects.update(expires_at=timezone.now())
    elif fate == "organisation closed":
        Organisation.objects.filter(code="plant").update(status="closed")
    elif fate == "foreign":
        token = links.token("application", made.nonce)
    else:
        token = made.nonce + ".AAAA"
    assert code_of(lambda: invitations.accept(token, password=PASSWORD, at=NOW())) == "LINK_DEAD"
    assert not User.objects.filter(email="guest1@plant.example").exists()
    if fate == "sent again":
        assert accepted("guest1@plant.example").is_active


def test_a_link_stands_in_no_table(cast: Cast) -> None:
    made = cast.invite(1, "viewer")
    token = token_mailed_to("guest1@plant.example")
    made.refresh_from_db()
    assert token not in str(Invitation.objects.values()) + str(Letter.objects.values())


def test_a_role_that_decides_waits_for_a_second_administrator(cast: Cast) -> None:
    cast.add("second", "plant", "administrator")
    made = cast.invite(1, "approver")
    assert made.state == "waiting"
    assert Letter.objects.count() == 0
    assert made.request is not None
    assert (made.request.kind, made.request.decider.code) == ("people.invite", "plant")
    for who, code in (("boss", "SAME_PERSON"), ("approver", "ROLE_MISSING"), ("stranger", "NOT_YOURS")):
        assert code_of(lambda who=who: cast.approve(made.request, who)) == code
    cast.approve(made.request, "second")
    assert accepted("guest1@plant.example").roles == ["approver"]


def test_without_a_second_administrator_the_registry_decides(cast: Cast) -> None:
    made = cast.invite(1, "administrator")
    assert made.request is not None
    assert (made.request.decider.code, made.request.decider_role) == ("registry", "checker")
    cast.approve(made.request, "checker")
    assert accepted("guest1@plant.example").has_role("administrator")


def test_an_account_of_the_same_human_is_no_second_administrator(cast: Cast) -> None:
    User.objects.create_user(
        "boss2@plant.example", None, organisation=cast.houses["plant"], roles=["administrator"], person="boss"
    )
    made = cast.invite(1, "approver")
    assert made.request is not None
    assert made.request.decider.code == "registry"


def test_a_refused_invitation_never_goes_out_and_the_address_is_free_again(cast: Cast) -> None:
    made = cast.invite(1, "approver")
    assert made.request is not None
    verbs.refuse(made.request.pk, by=cast["checker"], reason="who is it?", at=NOW())
    made.refresh_from_db()
    assert (made.state, Letter.objects.count()) == ("refused", 0)
    assert cast.invite(1, "viewer").state == "open"


def test_the_database_sends_no_deciding_role_without_an_approved_request(cast: Cast) -> None:
    made = cast.invite(1, "approver")
    with pytest.raises(InternalError, match="second person"), transaction.atomic():
        Invitation.objects.filter(pk=made.pk).update(
            state="open", expires_at=timezone.now() + dt.timedelta(days=1)
        )


def test_what_was_asked_cannot_be_rewritten_before_it_is_approved(cast: Cast) -> None:
    made = cast.invite(1, "approver")
    for field, value in (("roles", ["administrator"]), ("email", "thief@plant.example"), ("person", "x")):
        with pytest.raises(InternalError), transaction.atomic():
            Invitation.objects.filter(pk=made.pk).update(**{field: value})


@pytest.mark.parametrize(
    ("by", "nth", "email", "roles", "code"),
    [
        ("trader", 1, "", ("viewer",), "ROLE_MISSING"),
        ("approver", 1, "", ("viewer",), "ROLE_MISSING"),
        ("boss", 1, "", ("issuer",), "WRONG_ROLES"),
        ("boss", 1, "", ("regulator",), "WRONG_ROLES"),
        ("boss", 1, "", (), "WRONG_ROLES"),
        ("boss", 1, "trader@plant.example", ("viewer",), "EMAIL_TAKEN"),
        ("boss", 1, "stranger@other.example", ("viewer",), "EMAIL_TAKEN"),
    ],
)
def test_who_and_what_is_not_invited(
    cast: Cast, by: str, nth: int, email: str, roles: tuple[str, ...], code: str
) -> None:
    assert code_of(lambda: cast.invite(nth, *roles, by=by, email=email)) == code
    assert Invitation.objects.count() == 0


def test_nobody_comes_twice_into_one_organisation_under_another_address(cast: Cast) -> None:
    cast.invite(1, "viewer")
    cast.invite(1, "viewer", email="me-again@plant.example")
    accepted("guest1@plant.example")
    assert code_of(lambda: accepted("me-again@plant.example")) == "PERSON_HERE"
    assert code_of(lambda: cast.invite(1, "viewer", email="third@plant.example")) == "PERSON_HERE"


def test_who_acts_for_an_operator_does_not_act_for_a_member(cast: Cast) -> None:
    cast.add("head", "registry", "administrator")
    cast.invite(1, "viewer", by="head", email="clerk@registry.example")
    clerk = accepted("clerk@registry.example")
    assert code_of(lambda: cast.invite(1, "viewer")) == "INSIDER"
    changing.remove(clerk.pk, by=cast["head"], reason="left", at=NOW())
    assert cast.invite(1, "viewer").state == "open"


def test_an_address_is_invited_once_at_a_time(cast: Cast) -> None:
    cast.invite(1, "viewer")
    assert code_of(lambda: cast.invite(2, "viewer", email="guest1@plant.example")) == "INVITED_ALREADY"


def test_another_organisations_invitation_does_not_exist(cast: Cast) -> None:
    made = cast.invite(1, "viewer")
    for verb in (
        lambda: invitations.resend(made.pk, by=cast["stranger"], at=NOW()),
        lambda: invitations.withdraw(made.pk, by=cast["stranger"], reason="x", at=NOW()),
    ):
        with pytest.raises(Invitation.DoesNotExist):
            verb()


def test_who_has_left_comes_back_under_the_same_address_with_nothing_of_before(cast: Cast) -> None:
    cast.invite(1, "trader")
    user = accepted("guest1@plant.example")
    changing.remove(user.pk, by=cast["boss"], reason="left", at=NOW())
    assert code_of(lambda: cast.invite(2, "viewer", email="guest1@plant.example")) == "EMAIL_TAKEN"
    cast.invite(1, "viewer")
    back = accepted("guest1@plant.example", "another lantern of the quarry")
    assert (back.pk, back.roles, back.is_active) == (user.pk, ["viewer"], True)
    assert not ApiKey.objects.filter(user=back).exists()


def test_invitations_of_a_removed_administrator_end_unless_a_second_person_approved_them(cast: Cast) -> None:
    cast.add("second", "plant", "administrator")
    alone = cast.invite(1, "viewer", by="second")
    approved = cast.invite(2, "approver", by="second")
    cast.approve(approved.request, "boss")
    waiting = cast.invite(3, "approver", by="second")
    changing.remove(cast["second"].pk, by=cast["boss"], reason="left", at=NOW())
    states = [Invitation.objects.get(pk=one.pk).state for one in (alone, approved, waiting)]
    assert states == ["withdrawn", "open", "waiting"]
    assert code_of(lambda: cast.approve(waiting.request, "boss")) == "ASKER_GONE"


def test_the_registry_appoints_a_representative_with_two_people(cast: Cast) -> None:
    plant = cast.houses["plant"]
    made = invitations.appoint(plant, guest(1), by=cast["issuer"], reason="the only one left", at=NOW())
    assert made.roles == ["administrator"]
    assert code_of(lambda: cast.approve(made.request, "boss")) == "NOT_YOURS"
    cast.approve(made.request, "checker")
    assert accepted("guest1@plant.example").organisation == plant
    for who in ("checker", "boss", "stranger"):
        asked = lambda who=who: invitations.appoint(  # noqa: E731
            plant, guest(2), by=cast[who], reason="me too", at=NOW()
        )
        assert code_of(asked) == "ROLE_MISSING"


def test_a_number_lies_sealed_and_is_shown_with_four_characters(cast: Cast) -> None:
    made = cast.invite(1, "viewer")
    number = resident_number(1)
    made.refresh_from_db()
    assert identity.opened(made.identity_sealed) == number
    assert made.identity_shown == f"••••••{number[-4:]}"
    rows = str(list(Invitation.objects.values())) + str(list(Change.objects.values()))
    assert number not in rows + str(list(Letter.objects.values())) + str(list(Request.objects.values()))
    assert number not in repr(identity.checked("resident", number))


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("resident", resident_number(1)[:-1] + "?"), ("resident", "42010619900307001"), ("resident", ""),
        ("resident", "420106199013070011"), ("passport", "E 123"), ("passport", "E1"), ("other", "E1234567"),
    ],
)  # fmt: skip
def test_what_is_no_identity_document(kind: str, number: str) -> None:
    with pytest.raises(WrongField) as refused:
        identity.checked(kind, number)
    assert refused.value.code == "WRONG_IDENTITY"


def test_one_wrong_digit_is_noticed() -> None:
    number = resident_number(1)
    for place in range(17):
        other = str((int(number[place]) + 1) % 10)
        assert not identity.is_resident_number(number[:place] + other + number[place + 1 :])


def test_the_same_human_stays_the_same_when_the_secret_key_changes(cast: Cast, settings: object) -> None:
    before = cast.invite(1, "viewer").person
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another long and random value for the test"  # type: ignore[attr-defined]
    assert identity.checked("resident", resident_number(1)).person() == before
    assert identity.checked("resident", resident_number(2)).person() != before
    assert identity.opened(Invitation.objects.get().identity_sealed) == resident_number(1)


def test_whose_account_it_is_never_changes(cast: Cast) -> None:
    with pytest.raises(InternalError, match="natural person"), transaction.atomic():
        User.objects.filter(pk=cast["boss"].pk).update(person="trader")


def test_whoever_runs_the_platform_reads_a_whole_number(cast: Cast) -> None:
    cast.invite(1, "viewer")
    accepted("guest1@plant.example")
    said = io.StringIO()
    call_command("read_identity", "guest1@plant.example", stdout=said)
    assert resident_number(1) in said.getvalue()
    with pytest.raises(CommandError):
        call_command("read_identity", "boss@plant.example")
