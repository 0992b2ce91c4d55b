"""Lists of the API as files: `?as=csv` and `?as=xlsx`, whatever an Accept header says."""

from collections.abc import Iterable, Sequence
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from registry import exports

FILES = [
    OpenApiParameter(
        "as", str, enum=["json", *exports.FORMS], default="json", description="a file of all rows"
    ),
    OpenApiParameter("cursor", str),
    OpenApiParameter("page_size", int, description="1 to 1 000"),
]


FILE_TYPES = ("text/csv", exports.XLSX)


def or_file(shape: Any) -> dict[Any, Any]:
    """The schema's answers of such a list: `shape` as JSON, or a file."""
    return {(200, "application/json"): shape} | {(200, name): OpenApiTypes.BINARY for name in FILE_TYPES}


class ByQuery(BaseContentNegotiation):
    """An Accept header such as text/csv must not refuse what the query asks for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0] if parsers else None

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class Exported:
    """A view whose list can be taken as a file."""

    content_negotiation_class: type[BaseContentNegotiation] = ByQuery

    @staticmethod
    def form(request: Request) -> str | None:
        """`csv` or `xlsx`, None for JSON. Raises ValidationError."""
        try:
            return exports.wanted(request)
        except exports.UnknownForm as error:
            raise ValidationError({"as": [str(error)]}) from None

    @staticmethod
    def file(
        request: Request, name: str, columns: Sequence[exports.Column], rows: Iterable[Sequence[Any]]
    ) -> Any:
        return exports.table_response(request, name, columns, rows)
