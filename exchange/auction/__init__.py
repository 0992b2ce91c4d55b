"""One-way auctions (单向竞价): announced, bid on under seal, closed at the end of the window, shown afterwards.

    models      an auction: its terms, its window, how far it is
    terms       what may be announced
    asking      a seller's application, the operator's announcement, an authority's paid allocation
    kinds       who decides them, and what follows
    windows     opens and closes what is due, in the engine's own sequence; beat calls it
    bidding     who may bid, and until when
    advice      what a page says before a bid is sent
    ending      certificates, and the recall of what an authority did not sell
    results     the result and its demand curve, once the engine has closed it
    picture     the curve as SVG
    sealed      what must not be seen before
    selectors   who sees which auction, and where it stands

What an auction, a bid and a close *are* is decided by the matching core alone (exchange/matching/auction.py).
"""
