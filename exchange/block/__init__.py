"""Block agreement for people (大宗协议): from the first words to the trade.

    models      negotiations, who was invited, each turn that somebody took; where it stands is a view over them
    groups      the groups that a member makes offers to
    recording   the one lock, and turns for block orders that came in without a negotiation
    verbs       open, counter, accept, refuse, withdraw
    selectors   who sees what; names
    money       what a side would lock, pay and get
    stream      turns as news for the account stream

Words bind nobody. Whatever binds is a command of the exchange (`block`, `block_accept`, `cancel`), taken in by
the intake and decided by the engine like any order: locks, limits, bands and phases are decided there alone.
"""
