"""The shapes of the market's answers, for the schema."""

from typing import Any

from rest_framework import serializers

from exchange.models import Instrument, Trade
from market_data.charts.marks import DEADLINE, LISTED, POLICY

PHASES = Instrument.Phase.values


class InstrumentSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    phase = serializers.ChoiceField(PHASES)
    halt_reason = serializers.CharField(allow_blank=True)
    prev_close = serializers.CharField()
    limit_up = serializers.CharField()
    limit_down = serializers.CharField()
    block_limit_up = serializers.CharField()
    block_limit_down = serializers.CharField()
    tick = serializers.CharField()
    max_qty = serializers.IntegerField(help_text="tonnes of one listed order")
    block_min_qty = serializers.IntegerField()
    position_limit = serializers.IntegerField(allow_null=True)
    fee_bps = serializers.IntegerField()
    levels = serializers.IntegerField()
    next_phase = serializers.ChoiceField(PHASES, allow_null=True)
    next_at = serializers.DateTimeField(allow_null=True)


class QuoteSerializer(serializers.Serializer[Any]):
    """Prices and turnovers in yuan, volumes in tonnes."""

    instrument = serializers.CharField()
    day = serializers.DateField()
    phase = serializers.ChoiceField(PHASES)
    event = serializers.IntegerField(help_text="number of the last event that it includes")
    last = serializers.CharField(allow_null=True)
    open = serializers.CharField(allow_null=True)
    high = serializers.CharField(allow_null=True)
    low = serializers.CharField(allow_null=True)
    close = serializers.CharField(help_text="listed VWAP so far; the previous close without a listed trade")
    prev_close = serializers.CharField()
    change = serializers.CharField()
    change_pct = serializers.CharField()
    volume = serializers.IntegerField()
    turnover = serializers.CharField()
    trades = serializers.IntegerField()
    block_volume = serializers.IntegerField(allow_null=True, help_text="null while the day is open")
    block_turnover = serializers.CharField(allow_null=True, help_text="null while the day is open")
    auction_volume = serializers.IntegerField()
    auction_turnover = serializers.CharField()
    limit_up = serializers.CharField()
    limit_down = serializers.CharField()


class ListingSerializer(serializers.Serializer[Any]):
    no = serializers.IntegerField(help_text="public listing number, for `prefer`")
    qty = serializers.IntegerField()


class LevelSerializer(serializers.Serializer[Any]):
    price = serializers.CharField()
    qty = serializers.IntegerField()
    count = serializers.IntegerField(help_text="listings in the level; the oldest 50 are named")
    listings = ListingSerializer(many=True)


class BookSerializer(serializers.Serializer[Any]):
    instrument = serializers.CharField()
    day = serializers.DateField()
    phase = serializers.ChoiceField(PHASES)
    event = serializers.IntegerField(help_text="number of the last event that it includes")
    buy = LevelSerializer(many=True)
    sell = LevelSerializer(many=True)


class PublicTradeSerializer(serializers.Serializer[Any]):
    no = serializers.IntegerField()
    time = serializers.DateTimeField()
    price = serializers.CharField()
    qty = serializers.IntegerField()
    kind = serializers.ChoiceField(Trade.Kind.values)


class CandleSerializer(serializers.Serializer[Any]):
    time = serializers.DateTimeField()
    open = serializers.CharField()
    high = serializers.CharField(allow_null=True)
    low = serializers.CharField(allow_null=True)
    close = serializers.CharField()
    volume = serializers.IntegerField()
    turnover = serializers.CharField()
    averages = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        required=False,
        help_text="with `averages` asked for: by length, null where there are too few candles",
    )

    def get_fields(self) -> dict[str, Any]:
        # `source` has a meaning of its own in DRF's fields.
        source = serializers.CharField(
            required=False, help_text="of daily candles: market, imported or simulated"
        )
        return {**super().get_fields(), "source": source}


class CandlesSerializer(serializers.Serializer[Any]):
    instrument = serializers.CharField()
    interval = serializers.CharField()
    results = CandleSerializer(many=True)


class PartSerializer(serializers.Serializer[Any]):
    instrument = serializers.CharField()
    weight = serializers.IntegerField()
    price = serializers.CharField(help_text="the last listed trade's, else the previous close")
    traded = serializers.BooleanField()


class CompositeSerializer(serializers.Serializer[Any]):
    """The composite of the open day so far, or of the last day: Σ price × weight ÷ Σ weight, half-up."""

    day = serializers.DateField()
    price = serializers.CharField()
    open = serializers.CharField(allow_null=True)
    high = serializers.CharField()
    low = serializers.CharField()
    prev_close = serializers.CharField()
    change = serializers.CharField()
    change_pct = serializers.CharField()
    final = serializers.BooleanField(help_text="whether the day was closed")
    parts = PartSerializer(many=True)


class ComparedDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    close = serializers.CharField()
    change_pct = serializers.CharField()


class ComparedSerializer(serializers.Serializer[Any]):
    instrument = serializers.CharField()
    name = serializers.CharField()
    base = serializers.CharField(allow_null=True, help_text="close of the common day")
    points = ComparedDaySerializer(many=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    day = serializers.DateField(allow_null=True, help_text="the common day; null where there is none")
    results = ComparedSerializer(many=True)


class MarkSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    kind = serializers.ChoiceField([DEADLINE, POLICY, LISTED])
    short = serializers.CharField()
    what = serializers.CharField()
    document = serializers.CharField(allow_blank=True, help_text="the document's number, to cite")


class MarksSerializer(serializers.Serializer[Any]):
    results = MarkSerializer(many=True)
