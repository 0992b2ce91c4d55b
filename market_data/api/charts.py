"""What charts draw, for everybody: candles with moving averages, comparisons, dated events."""

import datetime as dt
import re

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.queries import date_of, moment_of
from exchange import clock
from exchange.history.series import FIRST_DAY
from exchange.models import Instrument
from market_data import boards
from market_data.api.market import CODE, Public, instrument_of
from market_data.api.serializers import CandlesSerializer, ComparisonSerializer, MarksSerializer
from market_data.candles import DAY, INTERVALS, candles
from market_data.charts.averages import LONGEST, MOST_AVERAGES, with_averages
from market_data.charts.comparison import MOST_LINES, Unknown, comparison
from market_data.charts.marks import Mark, marks

MARKET_BEGAN = dt.datetime.combine(FIRST_DAY, dt.time(), tzinfo=clock.BEIJING)
LENGTHS = re.compile(r"[0-9]{1,3}(,[0-9]{1,3})*", re.ASCII)
#: Events of the years to come are known too.
YEARS_AHEAD = dt.timedelta(days=3 * 366)
A_MINUTE = {"Cache-Control": "public, max-age=60"}


class Candles(Public):
    @extend_schema(
        operation_id="candles",
        parameters=[
            CODE,
            OpenApiParameter("interval", str, enum=[*INTERVALS, DAY], default=DAY),
            OpenApiParameter(
                "from", str, description="a date, or a time with offset; the candle begins not earlier"
            ),
            OpenApiParameter(
                "to", str, description="a date, or a time with offset; the candle begins earlier"
            ),
            OpenApiParameter(
                "averages",
                str,
                description="moving averages of the close over so many candles, such as 5,10,20,60",
            ),
        ],
        auth=[],
        responses={200: CandlesSerializer, 404: None},
    )
    def get(self, request: Request, code: str) -> Response:
        """Oldest first. Without `from` daily candles begin with the market, the others with the day."""
        interval = request.query_params.get("interval", DAY)
        if interval not in {*INTERVALS, DAY}:
            raise serializers.ValidationError({"interval": [_("One of: %s.") % ", ".join([*INTERVALS, DAY])]})
        instrument = instrument_of(code)
        start, end = candle_range(request, interval, instrument)
        found = with_averages(
            candles(instrument, interval, start, end),
            averages_of(request),
            instrument=instrument,
            interval=interval,
        )
        return Response(
            {"instrument": instrument.code, "interval": interval, "results": found},
            headers={"Cache-Control": "public, max-age=1"},
        )


def candle_range(request: Request, interval: str, instrument: Instrument) -> tuple[dt.datetime, dt.datetime]:
    """The asked range; what is left out is the market's time so far, or the board's day."""
    day = dt.date.fromisoformat(boards.board_of(instrument)["day"])
    midnight = dt.datetime.combine(day, dt.time(), clock.BEIJING)
    start = moment_of(request, "from") or (MARKET_BEGAN if interval == DAY else midnight)
    end = moment_of(request, "to") or max(clock.now(), midnight) + dt.timedelta(days=1)
    # The years at both ends of the calendar have no room for the rounding to candles.
    if not (1971 <= start.year <= 9000 and 1971 <= end.year <= 9000):
        raise serializers.ValidationError({"from": [_("A time between 1971 and 9000.")]})
    return start, end


def averages_of(request: Request) -> list[int]:
    """`?averages=5,10,20,60`. Raises ValidationError."""
    value = request.query_params.get("averages", "")
    lengths = [int(each) for each in value.split(",")] if LENGTHS.fullmatch(value) else []
    known = all(2 <= length <= LONGEST for length in lengths) and len(lengths) <= MOST_AVERAGES
    if value and not (lengths and known):
        words = _("Up to %(most)s whole numbers from 2 to %(longest)s, with commas.")
        raise serializers.ValidationError({"averages": [words % {"most": MOST_AVERAGES, "longest": LONGEST}]})
    return lengths


def days_of(request: Request, *, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """`?from=&to=`, both included. Raises ValidationError."""
    start, end = date_of(request, "from") or first, date_of(request, "to") or last
    if start > end:
        raise serializers.ValidationError({"to": [_("The last day is before the first.")]})
    return start, end


class Comparison(Public):
    @extend_schema(
        operation_id="comparison",
        parameters=[
            OpenApiParameter(
                "instruments", str, required=True, description="codes with commas; COMCEA is the composite"
            ),
            OpenApiParameter(
                "from", OpenApiTypes.DATE, description="the first day; 2021-07-16 if it is left out"
            ),
            OpenApiParameter("to", OpenApiTypes.DATE, description="the last day; today if it is left out"),
        ],
        auth=[],
        responses={200: ComparisonSerializer, 404: None},
    )
    def get(self, request: Request) -> Response:
        """Closes by day, and the change in per cent since the first day that all of them have a close of."""
        codes = [code for code in request.query_params.get("instruments", "").split(",") if code]
        if not 1 <= len(codes) <= MOST_LINES:
            raise serializers.ValidationError(
                {"instruments": [_("One to %s codes, with commas.") % MOST_LINES]}
            )
        first, last = days_of(request, first=FIRST_DAY, last=clock.today())
        try:
            found = comparison(codes, first, last)
        except Unknown:
            raise NotFound(_("There is no instrument of this code."), code="UNKNOWN_INSTRUMENT") from None
        return Response(found, headers=A_MINUTE)


class Marks(Public):
    @extend_schema(
        operation_id="market_events",
        parameters=[
            OpenApiParameter(
                "from", OpenApiTypes.DATE, description="the first day; 2021-07-16 if it is left out"
            ),
            OpenApiParameter(
                "to", OpenApiTypes.DATE, description="the last day; three years from now if it is left out"
            ),
        ],
        auth=[],
        responses={200: MarksSerializer},
    )
    def get(self, request: Request) -> Response:
        """Deadlines to surrender, policies and first days of instruments, in the reader's language."""
        first, last = days_of(request, first=FIRST_DAY, last=clock.today() + YEARS_AHEAD)
        return Response({"results": [mark_shown(mark) for mark in marks(first, last)]}, headers=A_MINUTE)


def mark_shown(mark: Mark) -> dict[str, str]:
    return {
        "day": mark.day.isoformat(),
        "kind": mark.kind,
        "short": mark.short,
        "what": mark.what,
        "document": mark.document,
    }
