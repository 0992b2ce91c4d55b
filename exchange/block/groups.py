"""Groups (群组) of members to whom offers are made together; each is its owner's, and known to nobody else."""

from django.db import IntegrityError, transaction

from accounts.models import Organisation, User
from exchange import clock
from exchange.block.models import LONGEST_NAME, BlockGroup, BlockGroupMember
from exchange.block.people import require_trader
from exchange.intake import Refused

#: An offer names each of them to the engine.
MOST_MEMBERS = 200


def create(name: str, *, by: User) -> BlockGroup:
    """A new group without members. Raises PermissionDenied, Refused (GROUP_NAME)."""
    require_trader(by)
    values = {"owner": by.organisation, "name": _checked(name), "created_by": by, "created_at": clock.now()}
    try:
        with transaction.atomic():
            return BlockGroup.objects.create(**values)
    except IntegrityError:
        raise Refused("GROUP_NAME") from None


def rename(number: int, name: str, *, by: User) -> BlockGroup:
    """Raises PermissionDenied, Refused (UNKNOWN_GROUP, GROUP_NAME)."""
    with transaction.atomic():
        group = own(number, by=by)
        group.name = _checked(name)
        try:
            with transaction.atomic():
                group.save(update_fields=["name"])
        except IntegrityError:
            raise Refused("GROUP_NAME") from None
        return group


def add(number: int, member: Organisation, *, by: User) -> BlockGroup:
    """Takes a member in; one that is in it stays. Raises PermissionDenied, Refused (UNKNOWN_GROUP, BAD_COUNTERPARTY,
    GROUP_FULL)."""  # fmt: skip
    with transaction.atomic():
        group = own(number, by=by)
        if member.kind not in Organisation.TRADING_KINDS or member.pk == by.organisation_id:
            raise Refused("BAD_COUNTERPARTY")
        memberships = BlockGroupMember.objects.filter(group=group)
        if not memberships.filter(organisation=member).exists():
            if memberships.count() >= MOST_MEMBERS:
                raise Refused("GROUP_FULL")
            BlockGroupMember.objects.create(
                group=group, organisation=member, added_by=by, added_at=clock.now()
            )
        return group


def remove(number: int, member: Organisation, *, by: User) -> BlockGroup:
    """Takes a member out; offers made before stay open to it. Raises PermissionDenied, Refused (UNKNOWN_GROUP)."""
    with transaction.atomic():
        group = own(number, by=by)
        BlockGroupMember.objects.filter(group=group, organisation=member).delete()
        return group


def close(number: int, *, by: User) -> BlockGroup:
    """Ends a group. Raises PermissionDenied, Refused (UNKNOWN_GROUP)."""
    with transaction.atomic():
        group = own(number, by=by)
        group.closed_at = clock.now()
        group.save(update_fields=["closed_at"])
        return group


def own(number: int, *, by: User) -> BlockGroup:
    """The organisation's own open group, locked. Raises PermissionDenied, Refused (UNKNOWN_GROUP)."""
    require_trader(by)
    found = (
        BlockGroup.objects.select_for_update()
        .filter(pk=number, owner=by.organisation_id, closed_at=None)
        .first()
    )
    if found is None:
        raise Refused("UNKNOWN_GROUP")
    return found


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused("GROUP_NAME")
    return name
