"""A past day again, from the exchange's events: book, trades and quote at any moment, step by step.

    fold      events folded into the book and the quote, one step a command; pure
    reads     the book and the quote at an event, the events after it, and where a time of the day stands
    chunks    some steps from anywhere in the day: a day with a million events is never read whole
    rights    whose names the reader sees
    views     the page; the API is in market_data/api/replay.py

A step is one decided command with all its events: what a member sent and what came of it.
"""
