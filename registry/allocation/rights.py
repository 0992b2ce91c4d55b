"""Who may make plans and adjustments, and who sees which (registry-rules.md 2)."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from registry.allocation.models import Adjustment, Plan, PlanRow

Kind = Organisation.Kind


def may_make(user: User, province: str) -> bool:
    """An issuer of the registry operator everywhere, a regulator of a province in it."""
    house = user.organisation
    if not user.is_active or house.status != Organisation.Status.ACTIVE:
        return False
    if house.kind == Kind.REGISTRY:
        return user.has_role(User.Role.ISSUER)
    return house.kind == Kind.PROVINCE and house.province == province and user.has_role(User.Role.REGULATOR)


def may_make_any(user: User) -> bool:
    """Whether there is a province for which this person makes plans."""
    return may_make(user, user.organisation.province)


def check_may_make(user: User, province: str) -> None:
    """Raises Refused `NOT_YOURS`."""
    if not may_make(user, province):
        raise Refused(
            "NOT_YOURS",
            _("Only an issuer of the registry operator, or a regulator of this province, does this."),
        )


def is_office(user: User) -> bool:
    """Sees whole plans: the registry operator's issuers and checkers, regulators."""
    kind = user.organisation.kind
    if kind == Kind.REGISTRY:
        return user.has_role(User.Role.ISSUER, User.Role.CHECKER)
    return kind in {Kind.NATIONAL, Kind.PROVINCE} and user.has_role(User.Role.REGULATOR, User.Role.APPROVER)


def visible_plans(user: User) -> QuerySet[Plan]:
    """Offices see all stages of the plans of their provinces; an emitter those issued plans that it stands in."""
    plans = Plan.objects.select_related("asset", "made_by", "request")
    house = user.organisation
    if not user.is_active:
        return plans.none()
    if is_office(user):
        if house.kind == Kind.PROVINCE:
            return plans.filter(province=house.province or "-")
        return plans
    if house.kind == Kind.EMITTER:
        own = PlanRow.objects.filter(emitter=house.pk).values("plan")
        return plans.filter(state=Plan.State.ISSUED, pk__in=own)
    return plans.none()


def visible_rows(user: User, plan: Plan) -> QuerySet[PlanRow]:
    """Of a plan that the person may see: an emitter its own line alone."""
    rows = plan.rows.select_related("emitter__organisation")
    return rows if is_office(user) else rows.filter(emitter=user.organisation_id)


def visible_adjustments(user: User) -> QuerySet[Adjustment]:
    """As plans; an emitter sees its own once they are in force."""
    rows = Adjustment.objects.select_related("emitter__organisation", "request", "plan")
    house = user.organisation
    if not user.is_active:
        return rows.none()
    if is_office(user):
        if house.kind == Kind.PROVINCE:
            return rows.filter(emitter__organisation__province=house.province or "-")
        return rows
    if house.kind == Kind.EMITTER:
        return rows.filter(Q(emitter=house.pk) & Q(state=Adjustment.State.IN_FORCE))
    return rows.none()
