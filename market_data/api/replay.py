"""A past day step by step in the API: what the replay's page reads, and scripts may."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from exchange.models import Command, Event
from market_data.api.market import instrument_of
from market_data.api.surveillance import Watchers, reader_of
from market_data.replay import asked, selectors
from market_data.replay.chunks import MOST_STEPS


class StandingShape(serializers.Serializer[Any]):
    no = serializers.IntegerField(help_text="number of the listing")
    qty = serializers.IntegerField()
    member = serializers.CharField(allow_null=True, help_text="code; empty where the caller may not know it")


class LevelShape(serializers.Serializer[Any]):
    price = serializers.CharField()
    qty = serializers.IntegerField()
    count = serializers.IntegerField()
    listings = StandingShape(many=True, help_text="the oldest ten")


class BookShape(serializers.Serializer[Any]):
    buy = LevelShape(many=True)
    sell = LevelShape(many=True)


class QuoteShape(serializers.Serializer[Any]):
    open = serializers.CharField(allow_null=True)
    high = serializers.CharField(allow_null=True)
    low = serializers.CharField(allow_null=True)
    last = serializers.CharField(allow_null=True)
    close = serializers.CharField(allow_null=True, help_text="average of the listed trades so far")
    volume = serializers.IntegerField()
    turnover = serializers.CharField()
    trades = serializers.IntegerField()


class HappenedShape(serializers.Serializer[Any]):
    event = serializers.IntegerField()
    kind = serializers.ChoiceField(Event.Kind.values)
    order = serializers.IntegerField(allow_null=True)
    side = serializers.CharField()
    price = serializers.CharField(allow_null=True)
    qty = serializers.IntegerField(allow_null=True)
    member = serializers.CharField(allow_null=True)
    other = serializers.CharField(allow_null=True, help_text="of a trade, whose listing was taken")
    trade = serializers.IntegerField(allow_null=True)
    trade_kind = serializers.CharField()
    reason = serializers.CharField(help_text="code of a refusal, or a phase")


class StartShape(serializers.Serializer[Any]):
    event = serializers.IntegerField()
    book = BookShape()
    quote = QuoteShape()


class ReplayStepShape(serializers.Serializer[Any]):
    event = serializers.IntegerField(help_text="number of its last event: go on after it")
    time = serializers.DateTimeField()
    command = serializers.ChoiceField(Command.Kind.values)
    member = serializers.CharField(allow_null=True)
    events = HappenedShape(many=True, help_text="the first thirty")
    count = serializers.IntegerField(help_text="events of the step")
    book = BookShape()
    quote = QuoteShape()


class NameShape(serializers.Serializer[Any]):
    zh = serializers.CharField()
    en = serializers.CharField()


class ReplayShape(serializers.Serializer[Any]):
    instrument = serializers.CharField()
    day = serializers.DateField()
    first = serializers.IntegerField(help_text="number of the day's first event")
    last = serializers.IntegerField(help_text="number of the day's last event")
    start = StartShape(help_text="the state before the steps")
    steps = ReplayStepShape(many=True)
    at_start = serializers.BooleanField()
    at_end = serializers.BooleanField()
    names = serializers.DictField(child=NameShape(), help_text="of the members that occur, by code")


class Replay(generics.GenericAPIView[Any]):
    """Some steps of one instrument's past day."""

    permission_classes = (Watchers,)
    filter_backends = ()
    pagination_class = None
    queryset = Event.objects.none()
    serializer_class = ReplayShape

    @extend_schema(
        operation_id="surveillance_replay",
        responses=ReplayShape,
        parameters=[
            OpenApiParameter("day", OpenApiTypes.DATE, OpenApiParameter.PATH),
            OpenApiParameter("code", str, OpenApiParameter.PATH),
            OpenApiParameter("after", int, description="the steps after this event"),
            OpenApiParameter("before", int, description="the steps up to and with this event"),
            OpenApiParameter(
                "at", str, description="the steps from this time of Beijing on, 14:55 or 14:55:30"
            ),
            OpenApiParameter(
                "steps", int, description=f"1 to {MOST_STEPS}; {asked.STEPS} where it is left out"
            ),
        ],
    )
    def get(self, request: Request, day: str, code: str) -> Response:
        """Each step with the book and quote after it. Go on with `after` of the last step; a day that is open has none."""
        try:
            question = asked.read(request.query_params)
        except asked.BadQuestion as bad:
            raise ValidationError({bad.field: [bad.detail]}) from None
        chunks = selectors.chunks_of(instrument_of(code), date_of(day), reader_of(request))
        if chunks is None:
            raise NotFound(_("There is nothing to replay on this day."))
        shown = question.answer(chunks)
        return Response({**shown, "names": selectors.names_in(shown)})


def date_of(text: str) -> dt.date:
    """Raises NotFound for a day that does not exist."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
