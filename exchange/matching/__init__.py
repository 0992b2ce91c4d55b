"""The matching core: trading-rules.md in pure Python, in whole fen and tonnes.

    money       fen, yuan, rounding, fees and band edges
    orders      an order and what it locks
    book        one instrument: its two sides by price level, its phase and its day in figures
    market      commands in, events and ledger moves out
    refusals    the checks, in the order of the rules
    auction     one-way auctions
    composite   the composite price
    events      what can happen
    replay_format  commands and events as JSON lines

No Django, no clock, no randomness, no I/O: the same commands always give the same events.
"""
