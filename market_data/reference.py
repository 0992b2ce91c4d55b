"""The operators' reference data at /admin/: looked up here, hardly changed, and never what has value.

Nothing here goes round two people or the ledger (registry-rules.md 2): only names and coming deadlines can be
changed, nothing can be deleted, and balances, transfers, requests, decisions and allocations have no page at all
or one to read. docs/decisions/029 says why it is Django's own admin.
"""

from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import Organisation, User
from exchange.models import CalendarDay, Instrument
from market_data import reference_words
from registry.compliance.selectors import day_of
from registry.models import Asset, CreditIssue, Deadline, Emitter, LedgerDay, Project, Unit

if TYPE_CHECKING:

    class Base(admin.ModelAdmin[Any]): ...

    class BaseForm(ModelForm[Deadline]): ...
else:
    Base, BaseForm = admin.ModelAdmin, ModelForm

Kind, Role = Organisation.Kind, User.Role
#: Kind of operator → the roles that look after reference data.
STAFF = {
    Kind.REGISTRY: (Role.ISSUER, Role.CHECKER, Role.ADMINISTRATOR),
    Kind.EXCHANGE: (Role.OPERATOR, Role.ADMINISTRATOR),
}
#: Sign-in, passwords and generic look-ups have their own pages, or none.
LEFT_OUT = {"login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}


def staff_of(request: HttpRequest, *kinds: str) -> bool:
    """Whether the reader is an operator's person for reference data, of one of these kinds if any are named."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return False
    house = user.organisation
    return (
        house.status == Organisation.Status.ACTIVE
        and (not kinds or house.kind in kinds)
        and user.has_role(*STAFF.get(Kind(house.kind), ()))
    )


class ReferenceSite(admin.AdminSite):
    """For the staff of both operators, who sign in where everybody does."""

    site_header = site_title = index_title = _("Reference data")
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return staff_of(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Strangers go to the platform's sign-in, people of another role to the 403 page."""
        shown = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if self.has_permission(request):
                return shown(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        found = super().get_urls()
        return [one for one in found if not (isinstance(one, URLPattern) and one.name in LEFT_OUT)]


site = ReferenceSite(name="admin")


class ReadOnly(Base):
    """Looked up, never changed."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    #: Whose staff may change what `changeable` names; nobody where it is empty.
    editors: ClassVar[tuple[str, ...]] = ()
    changeable: ClassVar[tuple[str, ...]] = ()

    def __init__(self, model: Any, admin_site: admin.AdminSite) -> None:
        reference_words.call(model)
        super().__init__(model, admin_site)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return staff_of(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff_of(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.editors) and staff_of(request, *self.editors)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what may be changed is written: beside a name may stand what the engine writes meanwhile."""
        written = {name: getattr(obj, name) for name in self.changeable}
        self.model._default_manager.filter(pk=obj.pk).update(**written)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = self.fields or [field.name for field in self.model._meta.fields]
        return [name for name in fields if name not in self.changeable]


@admin.register(Organisation, site=site)
class Organisations(ReadOnly):
    list_display = ("code", "kind", "name_zh", "name_en", "province", "status")
    list_filter = ("kind", "status")
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)


@admin.register(User, site=site)
class People(ReadOnly):
    list_display = ("email", "organisation", "roles", "is_active")
    list_select_related = ("organisation",)
    search_fields = ("email", "organisation__code")
    fields = ("email", "first_name", "last_name", "organisation", "roles", "is_active", "last_login")
    ordering = ("email",)


@admin.register(Emitter, site=site)
class Emitters(ReadOnly):
    list_display = ("organisation", "sector", "synthetic")
    list_select_related = ("organisation",)
    list_filter = ("sector", "synthetic")
    search_fields = ("organisation__code", "organisation__name_zh", "organisation__name_en")
    ordering = ("organisation__code",)


@admin.register(Unit, site=site)
class Units(ReadOnly):
    list_display = ("code", "emitter", "unit_class", "capacity_mw", "cooling")
    list_select_related = ("emitter__organisation",)
    search_fields = ("code", "emitter__organisation__code")
    ordering = ("emitter__organisation__code", "code")


@admin.register(Asset, site=site)
class Assets(ReadOnly):
    """What an allowance or credit is called."""

    list_display = ("code", "kind", "name_zh", "name_en")
    editors, changeable = (Kind.REGISTRY,), ("name_zh", "name_en")
    ordering = ("code",)


@admin.register(Instrument, site=site)
class Instruments(ReadOnly):
    """What an instrument is called; its parameters, prices and phase are the exchange's pages."""

    list_display = ("code", "name_zh", "name_en", "asset")
    fields = ("code", "asset", "name_zh", "name_en")
    editors, changeable = (Kind.EXCHANGE,), ("name_zh", "name_en")
    ordering = ("code",)


class DeadlineForm(BaseForm):
    """A deadline that has passed stays; a new one lies ahead."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        today = day_of(clock.now())
        day = cleaned.get("day")
        if self.instance.pk and self._was().day < today:
            raise ValidationError(_("This deadline has passed: it stays as it was."))
        if day and day < today:
            raise ValidationError({"day": _("A deadline lies ahead: enter a day from today on.")})
        return cleaned

    def _was(self) -> Deadline:
        return Deadline.objects.get(pk=self.instance.pk)


@admin.register(Deadline, site=site)
class Deadlines(ReadOnly):
    """The last day to surrender for a year, while it lies ahead."""

    form = DeadlineForm
    list_display = ("year", "day", "passed_at")
    fields = ("year", "day", "passed_at")
    editors, changeable = (Kind.REGISTRY,), ("day",)
    ordering = ("-year",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        passed = obj is not None and (obj.passed_at is not None or obj.day < day_of(clock.now()))
        return super().has_change_permission(request, obj) and not passed


@admin.register(CalendarDay, site=site)
class CalendarDays(ReadOnly):
    list_display = ("day", "is_trading", "source")
    ordering = ("-day",)


@admin.register(Project, site=site)
class Projects(ReadOnly):
    list_display = ("code", "scheme", "owner", "methodology", "registered_on")
    list_select_related = ("owner",)
    search_fields = ("code", "name_zh", "name_en", "owner__code")
    ordering = ("code",)


@admin.register(CreditIssue, site=site)
class CreditIssues(ReadOnly):
    list_display = ("project", "period_from", "period_to", "quantity_t", "asset", "state")
    list_select_related = ("project", "asset")
    ordering = ("-pk",)


@admin.register(LedgerDay, site=site)
class LedgerDays(ReadOnly):
    list_display = ("day", "transfers", "head")
    ordering = ("-day",)
