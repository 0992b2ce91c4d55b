"""Why the exchange says no, in words: one table for the API and the pages (trading-rules.md: Refusals).

Each sentence names the field, the rule, and the way out.
"""

from typing import NamedTuple

from django.utils.translation import get_language


class Words(NamedTuple):
    zh: str
    en: str


TEXTS: dict[str, Words] = {
    "UNKNOWN_INSTRUMENT": Words(
        "交易品种（instrument）：没有这个品种。请从品种列表中选择。",
        "instrument: there is none of this code. Choose one from the list of instruments.",
    ),
    "UNKNOWN_MEMBER": Words(
        "会员：交易系统没有这个会员。请与交易机构联系。",
        "member: the exchange does not know your organisation. Ask the exchange operator.",
    ),
    "MEMBER_SUSPENDED": Words(
        "会员：贵单位已被暂停交易，只能撤单。请与交易机构联系。",
        "member: your organisation is suspended and can only cancel. Ask the exchange operator.",
    ),
    "DUPLICATE_ID": Words(
        "编号（id）：贵单位已用这个编号提交过另一笔申报。请换一个新编号。",
        "id: your organisation has used this id for another order. Send it with a new id.",
    ),
    "HALTED": Words(
        "交易时段：该品种已临时停牌，只能撤单。请等待复牌。",
        "phase: the instrument is halted and only cancels are taken. Wait until it resumes.",
    ),
    "MARKET_CLOSED": Words(
        "交易时段：当前时段不接受这类申报。请在开放时段再提交。",
        "phase: the market does not take this now. Send it in a phase that is open for it.",
    ),
    "BAD_QUANTITY": Words(
        "数量（qty）：须为整数吨，至少 1 吨，且在该交易方式允许的范围之内。请修改数量。",
        "qty: whole tonnes, at least 1, within the limits of this way of trading. Change the quantity.",
    ),
    "BAD_PRICE": Words(
        "价格（price）：须为大于 0 的元数，最多两位小数，且为最小变动价位的整数倍。请修改价格。",
        "price: yuan above 0 as a string, at most two decimals, on the tick. Change the price.",
    ),
    "PRICE_BAND": Words(
        "价格（price）：超出当日涨跌幅限制。请在涨停价与跌停价之间申报。",
        "price: outside today's price band. Choose a price between the lower and the upper limit.",
    ),
    "BAD_COUNTERPARTY": Words(
        "对手方（counterparty）：没有这个会员，或是贵单位自己。请填写另一会员的代码，或留空。",
        "counterparty: no such member, or your own. Name another member's code, or none.",
    ),
    "BAD_FLOOR": Words(
        "底价（floor）：只能是前收盘价，或其 90%（四舍五入到分）。请修改底价。",
        "floor: the previous close, or 0.9 of it rounded to the fen, nothing else. Change the floor.",
    ),
    "WOULD_CROSS": Words(
        "价格（price）：已达到对方最优挂牌价，不能挂牌。请直接摘牌，或修改价格。",
        "price: reaches the best opposite listing. Take that listing, or list at another price.",
    ),
    "LISTING_GONE": Words(
        "指定挂牌（prefer）：所选挂牌已不在可摘范围内。请刷新行情后重选，或不指定。",
        "prefer: a chosen listing is no longer within reach. Choose again from the book, or name none.",
    ),
    "NO_COUNTERPARTY": Words(
        "价格（price）：限价之内没有可摘的挂牌。请修改价格，或选择剩余转挂牌。",
        "price: nothing to take within the limit. Change the price, or let the remainder be listed.",
    ),
    "POSITION_LIMIT": Words(
        "数量（qty）：买入后将超过持仓限额。请减少数量，或先撤销未成交的买单。",
        "qty: the purchase would exceed the position limit. Buy less, or cancel open buy orders first.",
    ),
    "INSUFFICIENT_HOLDINGS": Words(
        "数量（qty）：可卖数量不足（当日买入的次日才能卖出）。请减少数量，或先从登记账户转入。",
        "qty: not enough tonnes free to sell (today's purchases can be sold tomorrow). "
        "Sell less, or move holdings from the registry.",
    ),
    "INSUFFICIENT_FUNDS": Words(
        "资金：可用资金不足以支付价款与手续费。请减少数量或价格，或先入金。",
        "qty, price: not enough free money for price and fee. Buy less, or pay in first.",
    ),
    "UNKNOWN_ORDER": Words(
        "编号（id）：没有这样的申报。请核对编号。",
        "id: there is no such order for you. Check the id.",
    ),
    "NOT_OPEN": Words(
        "状态：该申报已不在有效状态（已成交、已撤销或已过期），无需再操作。",
        "status: the order is not open any more: filled, cancelled or expired. Nothing is left to do.",
    ),
    "NOT_CANCELLABLE": Words(
        "状态：单向竞价一经受理不能撤销。请等待竞价结束。",
        "kind: an auction cannot be cancelled once it is accepted. Wait for its end.",
    ),
    "NOT_INVITED": Words(
        "竞买资格：贵单位不在本次单向竞价的竞买人范围之内。请查看公告中的竞买人范围。",
        "auction: your organisation is not among those that may bid here. See who may in the announcement.",
    ),
    "NOT_YET_OPEN": Words(
        "竞价时段：本次单向竞价尚未开始。请在竞价时段开始后再申报。",
        "auction: its window has not begun yet. Bid when it has.",
    ),
    "WINDOW_CLOSED": Words(
        "竞价时段：本次单向竞价的竞价时段已结束，申报不能再提交、修改或撤回。请等待竞价结果。",
        "auction: its window is over: no bid can be made, changed or withdrawn any more. Wait for the result.",
    ),
    "NOT_OPENED": Words(
        "竞价时段：公告的时段内市场未开市或该品种停牌，本次单向竞价未能举行。标的已退回。",
        "window: the market was closed or the instrument halted all through it; the auction was not held.",
    ),
    "INSUFFICIENT_BALANCE": Words(
        "数量（quantity）：转出账户余额不足。请减少数量。",
        "quantity: more than there is to move. Move less.",
    ),
    "UNKNOWN_NEGOTIATION": Words(
        "洽谈编号：没有这笔洽谈，或与贵单位无关。请从大宗协议页面中选择。",
        "number: there is no such negotiation for you. Choose one from the page of blocks.",
    ),
    "MOVED_ON": Words(
        "洽谈：您阅读之后对方已有新的表示，本次操作未执行。请看过最新内容后再答复。",
        "answering: something was said after what you read, so nothing was done. Read it, then answer.",
    ),
    "NOT_YOUR_TURN": Words(
        "洽谈：现在轮到对方答复；贵单位可以撤回自己最后的报价。",
        "turn: the other side answers now. You can withdraw what you said last.",
    ),
    "NEGOTIATION_OVER": Words(
        "洽谈：已结束（已成交、已拒绝、已撤回、已失效或已被他方摘走）。请另行发起。",
        "state: the negotiation is over: traded, refused, withdrawn, expired or taken by another. Begin a new one.",
    ),
    "BEING_DECIDED": Words(
        "洽谈：上一步正由交易系统处理。请稍候片刻再试。",
        "state: the exchange is deciding the last step. Try again in a moment.",
    ),
    "UNKNOWN_GROUP": Words(
        "群组（group）：贵单位没有这个群组，或已解散。请从群组列表中选择。",
        "group: you have no such group, or it was closed. Choose one of your groups.",
    ),
    "EMPTY_GROUP": Words(
        "群组（group）：群组内没有成员。请先添加成员。",
        "group: nobody is in it. Add a member first.",
    ),
    "GROUP_NAME": Words(
        "群组名称（name）：须为 1 至 80 个字，且不与贵单位其他群组重名。请修改名称。",
        "name: 1 to 80 characters, and no other group of yours has it. Change the name.",
    ),
    "GROUP_FULL": Words(
        "群组成员：一个群组最多 200 个成员。请先移除成员，或另建群组。",
        "members: a group has at most 200. Take somebody out first, or make another group.",
    ),
    "BAD_WORDS": Words(
        "附言（words）：最多 500 个字。请缩短附言。",
        "words: at most 500 characters. Say it shorter.",
    ),
    "ENGINE_FAULT": Words(
        "系统：撮合系统未能处理这笔申报，未产生任何变动。请与交易机构联系。",
        "The engine could not decide this order; nothing was changed. Tell the exchange operator.",
    ),
}


def text(code: str) -> str:
    """The sentence for a refusal code in the language of the request; empty for an empty code."""
    words = TEXTS.get(code)
    if words is None:
        return code
    return words.zh if (get_language() or "zh").startswith("zh") else words.en
