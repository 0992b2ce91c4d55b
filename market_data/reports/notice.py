"""The bulletin in the words of the exchange's daily notice, in Chinese and in English, as plain text."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from exchange.board import percent
from exchange.matching.money import parse_price, round_half_up, yuan

Bulletin = Mapping[str, Any]


def chinese(day: dt.date, content: Bulletin) -> str:
    """The notice as the exchange words it; `content` is what `bulletin.shown` gives."""
    composite = content["basis"] == "composite"
    what = "综合价格行情" if composite else "行情"
    lines = [
        f"全国碳市场每日{'综合价格' if composite else ''}行情及成交信息{day:%Y%m%d}",
        "",
        f"今日全国碳市场{what}为：{_prices_zh(content)}，{_change_zh(content)}。",
        (
            f"今日挂牌协议交易{_done_zh(content, '')}；{_method_zh(content, 'block_', '大宗协议交易')}；"
            f"{_method_zh(content, 'auction_', '单向竞价')}。"
        ),
        (
            f"今日全国碳排放配额总成交量{grouped(content['total_volume'])}吨，"
            f"总成交额{grouped(content['total_turnover'])}元。"
        ),
        (
            f"截至{day.year}年{day.month}月{day.day}日，全国碳市场碳排放配额累计成交量"
            f"{grouped(content['cumulative_volume'])}吨，累计成交额{grouped(content['cumulative_turnover'])}元。"
        ),
    ]
    return "\n".join([*lines, *_source_zh(content)]) + "\n"


def english(day: dt.date, content: Bulletin) -> str:
    """The same in English."""
    what = "composite price" if content["basis"] == "composite" else "listed price"
    when = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    lines = [
        f"National carbon market: prices and trades of {when}",
        "",
        f"The {what} {_prices_en(content)}; {_change_en(content)}.",
        (
            f"Listed agreements: {_done_en(content, '')}. {_method_en(content, 'block_', 'Block agreements')}. "
            f"{_method_en(content, 'auction_', 'One-way auctions')}."
        ),
        f"In all: {grouped(content['total_volume'])} t for {grouped(content['total_turnover'])} yuan.",
        (
            f"From 16 July 2021 to {when}: {grouped(content['cumulative_volume'])} t "
            f"for {grouped(content['cumulative_turnover'])} yuan."
        ),
    ]
    return "\n".join([*lines, *_source_en(content)]) + "\n"


def average(content: Bulletin) -> str | None:
    """The mean price of all trades of the day, yuan a tonne, half-up; None without a trade."""
    turnover, volume = parse_price(content["total_turnover"]), content["total_volume"]
    return yuan(round_half_up(turnover, volume)) if turnover is not None and volume else None


#: Python's own names of months follow the machine's locale.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
PRICES = (("open", "开盘价"), ("high", "最高价"), ("low", "最低价"), ("close", "收盘价"))


def grouped(value: str | int) -> str:
    """ "7661230022.99" → "7,661,230,022.99"."""
    whole, point, rest = str(value).partition(".")
    return f"{int(whole):,}{point}{rest}"


def _prices_zh(content: Bulletin) -> str:
    """A day without a listed trade has no highest and no lowest price: they are left out."""
    return "，".join(f"{word}{content[name]}元/吨" for name, word in PRICES if content[name] is not None)


def _change_zh(content: Bulletin) -> str:
    change = content["change_pct"]
    if change is None:
        return "前一日收盘价不详"
    if change == percent(0, 1):
        return "收盘价与前一日持平"
    return f"收盘价较前一日{'下跌' if change.startswith('-') else '上涨'}{change.removeprefix('-')}%"


def _done_zh(content: Bulletin, method: str) -> str:
    volume, turnover = content[f"{method}volume"], content[f"{method}turnover"]
    return f"成交量{grouped(volume)}吨，成交额{grouped(turnover)}元"


def _method_zh(content: Bulletin, method: str, name: str) -> str:
    return name + _done_zh(content, method) if content[f"{method}volume"] else f"今日无{name}"


def _source_zh(content: Bulletin) -> list[str]:
    words = {
        "imported": "数据来源：上海环境能源交易所每日公告（导入）。",
        "simulated": "本日数据为模拟历史，并非真实行情。",
    }
    return ["", words[content["source"]]] if content["source"] in words else []


def _prices_en(content: Bulletin) -> str:
    words = {"open": "opened at", "high": "reached", "low": "fell to", "close": "closed at"}
    said = [f"{word} {content[name]}" for name, word in words.items() if content[name] is not None]
    return ", ".join(said[:-1]) + (" and " if said[1:] else "") + said[-1] + " yuan/t"


def _change_en(content: Bulletin) -> str:
    change = content["change_pct"]
    if change is None:
        return "the close of the day before is not known"
    if change == percent(0, 1):
        return "the close is that of the day before"
    direction = "below" if change.startswith("-") else "above"
    return f"the close is {change.removeprefix('-')} % {direction} that of the day before"


def _done_en(content: Bulletin, method: str) -> str:
    return f"{grouped(content[f'{method}volume'])} t for {grouped(content[f'{method}turnover'])} yuan"


def _method_en(content: Bulletin, method: str, name: str) -> str:
    return f"{name}: {_done_en(content, method) if content[f'{method}volume'] else 'none today'}"


def _source_en(content: Bulletin) -> list[str]:
    words = {
        "imported": "Source: daily bulletin of the Shanghai Environment and Energy Exchange, imported.",
        "simulated": "This day belongs to a simulated history; these are no real quotes.",
    }
    return ["", words[content["source"]]] if content["source"] in words else []
