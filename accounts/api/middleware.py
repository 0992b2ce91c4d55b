"""What Django answers before or beside DRF becomes a problem too, for everything under /api/."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.api.problems import MEDIA_TYPE, plain_response

PREFIX = "/api/"


class ProblemsMiddleware:
    """Stands outside the others: a wrong host, a missing page, a crash of a view all end up here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            with translation.override(translation.get_language_from_request(request)):
                return plain_response(
                    400, code="NUL_CHARACTER", detail=_("An address holds no NUL character.")
                )
        response = self.get_response(request)
        if response.status_code == 301 and request.method not in {"GET", "HEAD"}:
            # A redirect to the address with its slash would lose the method and the body.
            with translation.override(translation.get_language_from_request(request)):
                return plain_response(404, code="SLASH_MISSING", detail=_("This address ends with a slash."))
        if response.status_code < 400 or response.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        with translation.override(translation.get_language_from_request(request)):
            problem = plain_response(response.status_code)
        for name in ("Allow", "Retry-After", "WWW-Authenticate"):
            if name in response:
                problem[name] = response[name]
        return problem
