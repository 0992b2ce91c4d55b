"""The daily history as one table, for analysts: national market or one instrument, in four formats."""

import datetime as dt

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import permissions
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.queries import date_of
from exchange import clock
from exchange.history.series import FIRST_DAY
from exchange.models import Instrument
from market_data.api.reports import ByQuery
from market_data.reports import history

PARAMETERS = [
    OpenApiParameter("as", str, enum=list(history.FORMS), default="json", description="the file's format"),
    OpenApiParameter("from", OpenApiTypes.DATE, description="the first day; 2021-07-16 if it is left out"),
    OpenApiParameter("to", OpenApiTypes.DATE, description="the last day; today if it is left out"),
    OpenApiParameter(
        "instrument", str, description="one instrument instead of the national market, such as CEA24"
    ),
]
RESPONSES = {
    (200, content_type.partition(";")[0]): OpenApiTypes.OBJECT if form == "json" else OpenApiTypes.BINARY
    for form, content_type in history.FORMS.items()
} | {
    400: OpenApiResponse(description="not a date, or not a format"),
    404: OpenApiResponse(description="no such instrument"),
}


class History(APIView):
    """One line a day, the earliest first; the page /reports/data/ says what each column means."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    content_negotiation_class = ByQuery

    @extend_schema(operation_id="daily_history", parameters=PARAMETERS, responses=RESPONSES, auth=[])
    def get(self, request: Request) -> HttpResponse:
        """The national market's bulletins, or an instrument's final bars, of a range of days."""
        form = request.query_params.get("as", "json")
        if form not in history.FORMS:
            raise ValidationError({"as": [_("One of: %s.") % ", ".join(history.FORMS)]})
        first, last = date_of(request, "from") or FIRST_DAY, date_of(request, "to") or clock.today()
        if first > last:
            raise ValidationError({"to": [_("The last day is before the first.")]})
        file = history.render(
            form, self.instrument(request), first, last, now=dt.datetime.combine(last, dt.time())
        )
        response = HttpResponse(file.data, content_type=file.content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}"'
        response["Cache-Control"] = "public, max-age=60"
        return response

    @staticmethod
    def instrument(request: Request) -> Instrument | None:
        code = request.query_params.get("instrument")
        if code is None:
            return None
        found = Instrument.objects.filter(code=code).first()
        if found is None:
            raise NotFound(_("There is no instrument of this code."), code="UNKNOWN_INSTRUMENT")
        return found
