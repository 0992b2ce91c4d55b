"""The durable engine: pending commands in, one transaction out (design.md: The way of an order).

    drain    the loop: lock the instruments, read what is pending, decide, write, commit, push
    cache    books in memory between batches, and how they catch up with committed rows
    load     what a batch needs to know besides the books: members, balances, named orders
    write    everything a batch decided, as set-based SQL

A book in memory is a copy of committed rows. It leaves the cache while a batch changes it and comes back
after the commit, so that a batch that fails or a process that dies leaves nothing behind.
"""

from exchange.engine.drain import drain

__all__ = ["drain"]
