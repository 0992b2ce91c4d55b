"""Words and figures of the registry's pages."""

from django import template

from accounts.provinces import province_name
from registry.credits.classes import class_of
from registry.models import ComplianceYear, Project, Sector, Transfer
from registry.public.columns import name_of
from registry.words import grouped, yuan

register = template.Library()


@register.filter
def province(code: str) -> str:
    """The province in the language of the page; a dash where there is none."""
    return province_name(code) if code else "–"


@register.filter
def sector(value: str) -> str:
    return str(dict(Sector.choices).get(value, value))


@register.filter
def state_word(value: str) -> str:
    return str(dict(ComplianceYear.State.choices).get(value, value))


@register.filter
def transfer_kind(value: str) -> str:
    return str(dict(Transfer.Kind.choices).get(value, value))


@register.filter
def money(fen: int | None) -> str:
    """Fen as yuan: 480000 → "4 800.00"."""
    return "–" if fen is None else yuan(fen)


@register.filter
def tonnes(value: int | None) -> str:
    """2621916 → "2 621 916"; a dash for what is not known yet."""
    return "–" if value is None else grouped(value)


@register.filter
def signed_points(value: int) -> str:
    """ "+18", "−1 200": earned and spent are told apart without colour."""
    return ("+" if value > 0 else "−") + grouped(abs(value))


@register.filter
def project_name(project: Project) -> str:
    return name_of(project)


@register.filter
def credit_asset(project: Project) -> str:
    """The asset that its credits are issued as."""
    return class_of(project.scheme, project.registered_on, project.in_covered_sector).asset
