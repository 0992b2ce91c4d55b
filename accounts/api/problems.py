"""Errors as RFC 9457 writes them: `application/problem+json`, always with a code that programs can read."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"

#: What an answer without a code of its own is called, with its title.
DEFAULTS: dict[int, tuple[str, Any]] = {
    400: ("INVALID", gettext_lazy("The request is not valid")),
    401: ("NOT_AUTHENTICATED", gettext_lazy("Sign in, or send an API key")),
    403: ("FORBIDDEN", gettext_lazy("This is not allowed")),
    404: ("NOT_FOUND", gettext_lazy("There is nothing here")),
    405: ("METHOD_NOT_ALLOWED", gettext_lazy("This method does not exist here")),
    406: ("NOT_ACCEPTABLE", gettext_lazy("The answer is JSON; the request accepts none")),
    409: ("CONFLICT", gettext_lazy("This contradicts what is stored")),
    413: ("TOO_LARGE", gettext_lazy("The request is too large")),
    415: ("UNSUPPORTED_MEDIA_TYPE", gettext_lazy("Send JSON")),
    429: ("THROTTLED", gettext_lazy("Too many requests")),
    500: ("SERVER_ERROR", gettext_lazy("Something went wrong here")),
    503: ("NOT_READY", gettext_lazy("A part of the platform is not reachable")),
}
#: Codes of the framework that say less than the status does.
VAGUE = frozenset({"ERROR", "INVALID", "PARSE_ERROR", "PERMISSION_DENIED", "AUTHENTICATION_FAILED"})


class Problem(exceptions.APIException):
    """A refusal with a code of its own. `errors` names fields, for 400."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Mapping[str, Any] | None = None,
        wait: int | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.problem_code = code
        self.errors = errors
        self.wait = wait


def body(status: int, *, code: str = "", detail: str = "", errors: Any = None) -> dict[str, Any]:
    """The members of a problem. `type` names the code where it says more than the status."""
    default_code, title = DEFAULTS.get(status, ("", ""))
    code = code or default_code or f"HTTP_{status}"
    title = str(title) or HTTPStatus(status).phrase
    problem = {
        "type": "about:blank" if code == default_code else f"urn:tanshi:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
    }
    return problem | ({} if errors is None else {"errors": errors})


def plain_response(status: int, *, code: str = "", detail: str = "") -> HttpResponse:
    """A problem from outside DRF."""
    return HttpResponse(
        JSONRenderer().render(body(status, code=code, detail=detail)), status=status, content_type=MEDIA_TYPE
    )


def handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None, and so a 500 that is logged, for what nobody foresaw."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound(_("There is nothing under this address."))
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied(str(exc) or None)
    if not isinstance(exc, exceptions.APIException):
        return None
    return Response(_problem_of(exc), status=exc.status_code, headers=_headers(exc), content_type=MEDIA_TYPE)


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(-(-wait // 1))))
    return headers


def _problem_of(exc: exceptions.APIException) -> dict[str, Any]:
    if isinstance(exc, Problem):
        return body(exc.status_code, code=exc.problem_code, detail=str(exc.detail), errors=exc.errors)
    if isinstance(exc, exceptions.ValidationError):
        errors = exc.detail if isinstance(exc.detail, dict) else {"non_field_errors": exc.detail}
        return body(400, code=code_of_fields(errors), detail=in_words(errors), errors=errors)
    code = str(getattr(exc.detail, "code", "")).upper()
    known = "" if code in VAGUE else code
    if isinstance(exc, exceptions.Throttled):
        known = ""
    return body(exc.status_code, code=known, detail=str(exc.detail))


def code_of_fields(errors: Any) -> str:
    """The refusal code, where all errors are about one rule; otherwise INVALID."""
    codes = {str(getattr(leaf, "code", "")) for _path, leaf in leaves(errors)}
    only = codes.pop() if len(codes) == 1 else ""
    return only if only.isupper() else "INVALID"


def in_words(errors: Any) -> str:
    """The first few errors as a sentence: `price: …; qty: …`."""
    found = [
        f"{path}: {leaf}" if path and path != "non_field_errors" else str(leaf)
        for path, leaf in leaves(errors)
    ]
    return "; ".join(found[:3])


def leaves(errors: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single error with the path of its field."""
    if isinstance(errors, Mapping):
        for field, inner in errors.items():
            yield from leaves(inner, f"{path}.{field}" if path else str(field))
    elif isinstance(errors, list):
        for inner in errors:
            yield from leaves(inner, path)
    else:
        yield path, errors
