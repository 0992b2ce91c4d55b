"""The market as everybody may see it: instruments, quote, book, public trades."""

from typing import Any

from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, permissions
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.queries import date_of, whole_of
from exchange import clock
from exchange.matching.money import band, yuan
from exchange.models import Instrument, InstrumentParameters, Trade
from market_data import boards
from market_data.api.serializers import (
    BookSerializer,
    CompositeSerializer,
    InstrumentSerializer,
    PublicTradeSerializer,
    QuoteSerializer,
)
from market_data.composite_now import composite_now, shown

CODE = OpenApiParameter(
    "code", str, OpenApiParameter.PATH, description="the instrument's code, such as CEA21"
)
PAGES = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int, description="1 to 1 000")]


class Public(APIView):
    """For everybody, without a key; nothing here depends on who asks."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)


def instrument_of(code: str) -> Instrument:
    """Raises NotFound."""
    instrument = Instrument.objects.filter(code=code).first()
    if instrument is None:
        raise NotFound(_("There is no instrument of this code."), code="UNKNOWN_INSTRUMENT")
    return instrument


def unless_known(request: HttpRequest | Request, etag: str, make: Any) -> HttpResponseBase:
    """The answer with its ETag, or 304. Caches must ask each time: a quote is old after a moment."""
    known = [tag.strip().removeprefix("W/") for tag in request.META.get("HTTP_IF_NONE_MATCH", "").split(",")]
    headers = {"ETag": f'"{etag}"', "Cache-Control": "public, no-cache"}
    if f'"{etag}"' in known:
        return HttpResponseNotModified(headers=headers)
    return Response(make(), headers=headers)


class Instruments(Public, generics.GenericAPIView[Instrument]):
    """What is traded."""

    serializer_class = InstrumentSerializer
    filter_backends = ()
    queryset = Instrument.objects.all()
    ordering = ("rank", "code")

    @extend_schema(
        operation_id="instruments_list", responses=InstrumentSerializer(many=True), parameters=PAGES, auth=[]
    )
    def get(self, request: Request) -> Response:
        """Every instrument with its phase, band edges, tick and limits, and what comes next."""
        page = self.paginate_queryset(Instrument.objects.all()) or []
        parameters = boards.parameters_of(page, boards.open_day() or clock.today())
        coming = boards.next_phase()
        return self.get_paginated_response(
            [instrument_shown(instrument, parameters[instrument.pk]) | coming for instrument in page]
        )


def instrument_shown(instrument: Instrument, parameters: InstrumentParameters) -> dict[str, Any]:
    low, high = band(instrument.prev_close_fen, parameters.band_bps)
    block_low, block_high = band(instrument.prev_close_fen, parameters.block_band_bps)
    return {
        "code": instrument.code,
        "name": instrument.name_zh,
        "name_en": instrument.name_en,
        "phase": instrument.phase,
        "halt_reason": instrument.halt_reason,
        "prev_close": yuan(instrument.prev_close_fen),
        "limit_up": yuan(high),
        "limit_down": yuan(low),
        "block_limit_up": yuan(block_high),
        "block_limit_down": yuan(block_low),
        "tick": yuan(parameters.tick_fen),
        "max_qty": parameters.max_qty_t,
        "block_min_qty": parameters.block_min_qty_t,
        "position_limit": parameters.position_limit_t,
        "fee_bps": parameters.fee_bps,
        "levels": parameters.levels,
    }


class Quote(Public):
    @extend_schema(
        operation_id="quote", parameters=[CODE], auth=[], responses={200: QuoteSerializer, 404: None}
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The day in figures; `close` is the listed VWAP so far."""
        instrument = instrument_of(code)
        board = boards.board_of(instrument)
        return unless_known(
            request,
            f"quote-{instrument.code}-{instrument.last_event}",
            lambda: {"instrument": instrument.code, **_when(board), **board["quote"]},
        )


class Book(Public):
    @extend_schema(
        operation_id="book", parameters=[CODE], auth=[], responses={200: BookSerializer, 404: None}
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The five best levels a side, best first, with the single listings in each; no names."""
        instrument = instrument_of(code)
        board = boards.board_of(instrument)
        return unless_known(
            request,
            f"book-{instrument.code}-{instrument.last_event}",
            lambda: {"instrument": instrument.code, **_when(board), **board["book"]},
        )


class CompositeQuote(Public):
    @extend_schema(operation_id="composite", auth=[], responses={200: CompositeSerializer, 404: None})
    def get(self, request: Request) -> Response:
        """The composite and what it is made of: recomputed at every listed trade of a vintage."""
        now = composite_now()
        if now is None:
            raise NotFound(_("There is no composite yet."))
        return Response(shown(now), headers={"Cache-Control": "public, max-age=1"})


def _when(board: dict[str, Any]) -> dict[str, Any]:
    return {"day": board["day"], "phase": board["phase"], "event": board["event"]}


class PublicTrades(Public, generics.GenericAPIView[Trade]):
    """Trades as everybody sees them."""

    serializer_class = PublicTradeSerializer
    filter_backends = ()
    queryset = Trade.objects.none()
    ordering = "-no"

    @extend_schema(
        operation_id="public_trades_list",
        responses=PublicTradeSerializer(many=True),
        parameters=[
            CODE,
            OpenApiParameter("date", OpenApiTypes.DATE, description="one trading day"),
            OpenApiParameter("after", int, description="only trades with a higher number"),
            *PAGES,
        ],
        auth=[],
    )
    def get(self, request: Request, code: str) -> Response:
        """Newest first. Block and auction trades appear after their day."""
        found = boards.public_trades(instrument_of(code))
        day, after = date_of(request, "date"), whole_of(request, "after")
        if day is not None:
            found = found.filter(day=day)
        if after is not None:
            found = found.filter(no__gt=after)
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response([boards.trade_shown(trade) for trade in page])
