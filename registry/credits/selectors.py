"""Reads of projects and their issues, for pages, the API and files."""

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import Organisation, User
from registry.models import CreditIssue, Project

#: They see what is asked for before it is decided.
OFFICES = frozenset({Organisation.Kind.REGISTRY, Organisation.Kind.NATIONAL})


def projects(*, scheme: str = "", text: str = "") -> QuerySet[Project]:
    """Public: registered projects with `issued_t`, the latest registered first."""
    found = Project.objects.select_related("owner").annotate(
        issued_t=Coalesce(Sum("issues__quantity_t", filter=Q(issues__state=CreditIssue.State.ISSUED)), 0)
    )
    if scheme:
        found = found.filter(scheme=scheme)
    if text:
        found = found.filter(
            Q(code__icontains=text)
            | Q(name_zh__icontains=text)
            | Q(name_en__icontains=text)
            | Q(owner__name_zh__icontains=text)
            | Q(owner__name_en__icontains=text)
            | Q(methodology__icontains=text)
        )
    return found.order_by("-registered_on", "code")


def issues_seen_by(user: object) -> QuerySet[CreditIssue]:
    """What was issued is public; what is asked for is its owner's and the offices' business."""
    found = CreditIssue.objects.select_related("project__owner", "asset", "request").order_by("-pk")
    if isinstance(user, User) and user.is_active:
        if user.organisation.kind in OFFICES:
            return found
        return found.filter(Q(state=CreditIssue.State.ISSUED) | Q(project__owner=user.organisation_id))
    return found.filter(state=CreditIssue.State.ISSUED)


def with_issues(user: object) -> QuerySet[Project]:
    """Projects with `seen_issues`: those of their issues that this reader may see."""
    return projects().prefetch_related(
        Prefetch("issues", queryset=issues_seen_by(user), to_attr="seen_issues")
    )
