"""trading-rules.md by hand: what is locked, charged and free, T+1, the position limit."""

from exchange.matching.money import BPS, fee
from tests.matching.floor import Floor


def test_a_sell_locks_its_tonnes_and_a_buy_its_money_with_the_fee() -> None:
    floor = Floor(fees=8)
    floor.list("h", "JIANGHAI", sell=1000, at="48.00")
    floor.list("b", "BEIHAI", buy=1000, at="47.90")
    assert floor.wallet("JIANGHAI", "CEA") == (499_000, 1000, 0)
    assert floor.wallet("BEIHAI") == ("99952061.68", "47938.32", "0.00")  # 47 900.00 + 38.32


def test_what_a_better_price_saves_is_free_at_once() -> None:
    floor = Floor(fees=8)
    floor.list("h", "JIANGHAI", sell=400, at="47.00")
    floor.take("t", "BEIHAI", buy=1000, at="48.00", remainder="list")
    # 400 × 47.00 = 18 800.00 and its fee 15.04 are paid; 600 × 48.00 = 28 800.00 and 23.04 stay locked
    assert floor.wallet("BEIHAI") == ("99952361.92", "28823.04", "0.00")
    assert floor.wallet("JIANGHAI") == ("100018784.96", "0.00", "0.00")
    assert floor.fees() == "30.08"


def test_the_lock_is_the_formula_after_every_fill() -> None:
    floor = Floor("0.20", fees=2500, band_bps=5000)
    floor.list("b", "BEIHAI", buy=10, at="0.19")
    charged = traded = 0
    for number, qty in enumerate((1, 3, 2, 1, 3)):
        floor.take(f"s{number}", "YUNLING", sell=qty, at="0.19")
        traded += 19 * qty
        charged = fee(traded, 2500)
        rest = 190 - traded
        locked = rest + fee(traded + rest, 2500) - charged
        assert floor.wallet("BEIHAI")[1] == f"{locked / 100:.2f}"
    assert charged == 48  # 1.90 × 0.25 = 0.475


def test_many_small_fills_cost_what_one_large_fill_costs() -> None:
    paid = []
    for fills in ([100], [1] * 100, [33, 1, 66]):
        floor = Floor(fees=8)
        floor.list("h", "JIANGHAI", sell=100, at="48.03")
        for number, qty in enumerate(fills):
            floor.take(f"t{number}", f"{'BEIHAI' if len(fills) == 1 else 'PUJIANG'}", buy=qty, at="48.03")
        paid.append(floor.wallet("JIANGHAI")[0])
    assert set(paid) == {"100004799.16"}  # 4 803.00 less round(3.8424)


def test_a_sellers_fee_comes_out_of_the_proceeds() -> None:
    floor = Floor(fees=8)
    floor.member("POOR", CEA=1000)
    assert floor.list("h", "POOR", sell=1000, at="48.00") == ["accepted h"]
    floor.take("t", "BEIHAI", buy=1000, at="48.00")
    assert floor.wallet("POOR") == ("47961.60", "0.00", "0.00")
    assert floor.fees() == "76.80"


def test_a_buy_needs_the_fee_too_at_the_limit_price() -> None:
    floor = Floor(fees=8)
    floor.list("h", "JIANGHAI", sell=1, at="48.00")
    floor.member("JUST", cny="50.04")
    assert floor.take("t", "JUST", buy=1, at="50.01") == ["INSUFFICIENT_FUNDS"]  # 50.01 + 0.04
    assert floor.take("t", "JUST", buy=1, at="50.00") == ["accepted t", "trade h t 1 @ 48.00"]
    assert floor.wallet("JUST") == ("2.00", "0.00", "0.00")


def test_what_is_bought_cannot_be_sold_that_day_but_the_next() -> None:
    floor = Floor()
    floor.member("NEW", cny="4800.00")
    floor.list("h", "JIANGHAI", sell=100, at="48.00")
    floor.take("t", "NEW", buy=100, at="48.00")
    assert floor.wallet("NEW", "CEA") == (0, 0, 100)
    assert floor.list("s", "NEW", sell=1, at="48.00") == ["INSUFFICIENT_HOLDINGS"]
    floor.close_day()
    assert floor.wallet("NEW", "CEA") == (100, 0, 0)
    floor.phase("morning")
    assert floor.list("s", "NEW", sell=100, at="48.00") == ["accepted s"]


def test_money_from_a_sale_can_buy_at_once() -> None:
    floor = Floor()
    floor.member("POOR", CEA=100)
    floor.list("h", "JIANGHAI", sell=100, at="48.00")
    floor.list("b", "BEIHAI", buy=100, at="47.99")
    assert floor.take("t1", "POOR", buy=1, at="48.00") == ["INSUFFICIENT_FUNDS"]
    floor.take("t2", "POOR", sell=100, at="47.99")
    assert floor.take("t1", "POOR", buy=99, at="48.00") == ["accepted t1", "trade h t1 99 @ 48.00"]


def test_the_position_limit_counts_holdings_of_every_kind_and_open_buys() -> None:
    floor = Floor(position_limit=500_300, block_min_qty=100)
    floor.list("s", "BEIHAI", sell=100, at="48.50")  # locked: still held
    floor.list("h", "JIANGHAI", sell=100, at="48.00")
    floor.take("t", "BEIHAI", buy=50, at="48.00")  # unsettled
    floor.list("b", "BEIHAI", buy=50, at="47.00")
    floor.block("k", "BEIHAI", buy=100, at="47.00")
    assert floor.list("x", "BEIHAI", buy=101, at="47.00") == ["POSITION_LIMIT"]
    assert floor.list("x", "BEIHAI", buy=100, at="47.00") == ["accepted x"]
    assert floor.take("y", "BEIHAI", buy=1, at="48.00") == ["POSITION_LIMIT"]
    floor.cancel("k", "BEIHAI")
    assert floor.take("y", "BEIHAI", buy=50, at="48.00") == ["accepted y", "trade h y 50 @ 48.00"]
    assert floor.list("z", "BEIHAI", sell=1, at="48.00") == ["accepted z"]


def test_fees_round_half_up() -> None:
    assert [fee(money, 8) for money in (0, 624, 625, 626, BPS)] == [0, 0, 1, 1, 8]
