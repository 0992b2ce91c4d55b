"""Forms of people. They read what was typed; the verbs decide."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.approvals.verbs import LONGEST_REASON
from accounts.models import Organisation, User
from accounts.people import identity, invitations, roles
from accounts.people.models import IdentityKind, Invitation


class ReasonForm(forms.Form):
    """What every change comes with: why. It stands last, whatever else the form asks."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"] = forms.CharField(
            label=_("Reason, kept with the change"),
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class GuestForm(ReasonForm):
    """Who a person is. The number of the document is typed once and never shown again."""

    name = forms.CharField(label=_("Name, as in the identity document"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    identity_kind = forms.ChoiceField(label=_("Identity document"), choices=IdentityKind.choices)
    identity_number = forms.CharField(
        label=_("Number of the document"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept sealed; pages show its last four characters. It tells whether two accounts are one person."),
    )  # fmt: skip

    def guest(self) -> invitations.Guest:
        """Raises WrongField."""
        typed = self.cleaned_data
        document = identity.checked(typed["identity_kind"], typed["identity_number"])
        return invitations.guest(email=typed["email"], name=typed["name"], identity=document)


def role_field(organisation: Organisation) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"), choices=roles.choices_of(organisation), widget=forms.CheckboxSelectMultiple,
        help_text=_("Viewer, trader, compliance initiator and analyst are given at once; every other role waits for a second person."),
    )  # fmt: skip


class InviteForm(GuestForm):
    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        reason = self.fields.pop("reason")
        self.fields["roles"] = role_field(organisation)
        self.fields["reason"] = reason


class RolesForm(ReasonForm):
    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, initial={"roles": person.roles}, **options)
        reason = self.fields.pop("reason")
        self.fields["roles"] = role_field(person.organisation)
        self.fields["reason"] = reason


class LinkForm(forms.Form):
    """What stands behind the # of a mailed link; the browser fills it in, or the person pastes it."""

    token = forms.CharField(label=_("Code from the mail"), max_length=200)


class PasswordForm(forms.Form):
    """A password of one's own, twice, as strong as everybody's."""

    password1 = forms.CharField(label=_("New password"), strip=False, widget=forms.PasswordInput)
    password2 = forms.CharField(label=_("New password, again"), strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, invitation: Invitation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        first, second = typed.get("password1"), typed.get("password2")
        if not first or not second:
            return typed
        if first != second:
            self.add_error("password2", _("The two passwords differ."))
            return typed
        asked = self.invitation
        person = User(email=asked.email, first_name=asked.name, organisation=asked.organisation)
        try:
            validate_password(first, person)
        except forms.ValidationError as error:
            self.add_error("password1", error)
        return typed
