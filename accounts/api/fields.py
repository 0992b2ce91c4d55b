"""Fields that take exactly the JSON type they name, and say so: no number for a text, no "5" for 5."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

#: PostgreSQL's bigint.
LARGEST = 2**63 - 1
CLIENT_ID = r"^[A-Za-z0-9._-]{1,64}$"


class Strict(serializers.Serializer[Any]):
    """An object with these members and no others."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            errors = {name[:80]: [_("There is no such field here.")] for name in unknown[:20]}
        try:
            value: dict[str, Any] = super().to_internal_value(data)
        except serializers.ValidationError as error:
            detail = error.detail if isinstance(error.detail, dict) else {}
            raise serializers.ValidationError({**detail, **errors}) from None
        if errors:
            raise serializers.ValidationError(errors)
        return value


class Text(serializers.CharField):
    """A JSON string, as it was sent: nothing is trimmed or converted."""

    default_error_messages = {"not_text": _("A JSON string is needed.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        return data


class Pattern(Text):
    """A JSON string that is, from its first to its last character, what the pattern says."""

    default_error_messages = {"no_match": _("Not of the form {pattern}.")}

    def __init__(self, pattern: str, *, code: str = "", message: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.pattern = re.compile(pattern, re.ASCII)
        self.code = code
        self.message = message

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str) and self.pattern.fullmatch(data) and not data.endswith("\n"):
            return data
        if self.code:
            raise serializers.ValidationError(str(self.message()), code=self.code)
        if not isinstance(data, str):
            self.fail("not_text")
        return self.fail("no_match", pattern=self.pattern.pattern)


class Whole(serializers.IntegerField):
    """A JSON integer that fits a bigint: no "5", no 5.0, no true, nothing beyond 19 digits."""

    default_error_messages = {"not_whole": _("A JSON integer between {low} and {high} is needed.")}

    def __init__(
        self, *, low: int = -LARGEST, high: int = LARGEST, code: str = "", message: Any = None, **options: Any
    ) -> None:
        super().__init__(min_value=low, max_value=high, **options)
        self.low, self.high, self.code, self.message = low, high, code, message

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None:
            return self.to_internal_value(data)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is int and self.low <= data <= self.high:
            return data
        if self.code:
            raise serializers.ValidationError(str(self.message()), code=self.code)
        return self.fail("not_whole", low=self.low, high=self.high)


class OneOf(serializers.ChoiceField):
    default_error_messages = {"invalid_choice": _("One of the listed values is needed.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)
