"""Points: earned by records, spent on rewards, never below zero. Nothing else writes the entries."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import User
from registry.compliance.selectors import day_of
from registry.credits.projects import CODE, WrongFields, require_issuer
from registry.inclusion.models import ActivityImport, PersonalAccount, PointEntry, Reward
from registry.inclusion.personal import account_of, is_person

#: A price beyond it is a slip of the keyboard.
MOST_POINTS = 1_000_000


def hold(accounts: Sequence[int]) -> None:
    """Locks personal accounts in id order: their balances stand still until the transaction ends."""
    list(PersonalAccount.objects.select_for_update().filter(pk__in=accounts).order_by("pk").values_list("pk"))


def last_entries(accounts: Sequence[int]) -> dict[int, PointEntry]:
    """The latest entry of each account that has one."""
    rows = PointEntry.objects.filter(account__in=accounts).order_by("account", "-number").distinct("account")
    return {row.account_id: row for row in rows}


def balance_of(account: PersonalAccount) -> int:
    last = last_entries([account.pk]).get(account.pk)
    return last.balance if last else 0


def earn(points: Mapping[int, int], source: ActivityImport, at: dt.datetime) -> None:
    """One entry an account for what a file earned it. The accounts are held."""
    last = last_entries(list(points))
    rows = []
    for account, earned in sorted(points.items()):
        if not earned:
            continue
        before = last.get(account)
        rows.append(
            PointEntry(
                account_id=account, number=before.number + 1 if before else 1, kind=PointEntry.Kind.EARNED,
                points=earned, balance=(before.balance if before else 0) + earned, source=source, at=at,
            )
        )  # fmt: skip
    PointEntry.objects.bulk_create(rows, batch_size=2_000)


def offer(*, code: str, name_zh: str, name_en: str, points: int, by: User) -> Reward:
    """Something that points are spent on; `points`: its price. Raises Refused `ROLE_MISSING`; WrongFields."""
    require_issuer(by)
    errors: dict[str, Any] = {}
    if not CODE.fullmatch(code):
        errors["code"] = _("1 to 40 of A-Z, a-z, 0-9, dot, hyphen and underscore.")
    elif Reward.objects.filter(code=code).exists():
        errors["code"] = _("There is a reward of this code already.")
    names = {"name_zh": name_zh.strip(), "name_en": name_en.strip()}
    errors |= {name: _("This must not be empty.") for name, words in names.items() if not words}
    if not 0 < points <= MOST_POINTS:
        errors["points"] = _("Whole points above zero.")
    if errors:
        raise WrongFields(errors)
    return Reward.objects.create(code=code, points=points, **names)


def end(reward: Reward, *, by: User, at: dt.datetime) -> None:
    """From today on nobody gets it any more. Raises Refused `ROLE_MISSING`."""
    require_issuer(by)
    Reward.objects.filter(pk=reward.pk, ended_on__isnull=True).update(ended_on=day_of(at))


@transaction.atomic
def spend(reward: Reward, *, client_id: str, by: User, at: dt.datetime) -> PointEntry:
    """Spends one's own points on a reward. Sent again with the same `client_id` it gives the first entry.

    Raises Refused: `NOT_A_PERSON`, `NO_ACCOUNT`, `REWARD_ENDED`, `TOO_FEW_POINTS`, `DUPLICATE_ID`.
    """
    if not is_person(by):
        raise Refused("NOT_A_PERSON", _("Only an individual has a personal carbon account."))
    account = account_of(by)
    if account is None:
        raise Refused("NO_ACCOUNT", _("Open your carbon account first."))
    hold([account.pk])
    earlier = PointEntry.objects.filter(account=account, client_id=client_id).first()
    if earlier is not None:
        if earlier.reward_id != reward.pk:
            raise Refused("DUPLICATE_ID", _("id: used for another reward. Send it with a new id."))
        return earlier
    if reward.ended_on is not None and reward.ended_on <= day_of(at):
        raise Refused("REWARD_ENDED", _("This reward is no longer to be had."))
    last = last_entries([account.pk]).get(account.pk)
    balance = last.balance if last else 0
    if last is None or balance < reward.points:
        raise Refused(
            "TOO_FEW_POINTS",
            _("This reward takes %(points)s points, you have %(balance)s.")
            % {"points": reward.points, "balance": balance},
        )
    return PointEntry.objects.create(
        account=account, number=last.number + 1, kind=PointEntry.Kind.SPENT, points=-reward.points,
        balance=balance - reward.points, reward=reward, client_id=client_id, at=at,
    )  # fmt: skip
