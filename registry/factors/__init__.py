"""Dated factors: what footprints of events and reductions of carbon inclusion are multiplied with.

shipped    the rows that come with the platform, each with its source; pure
models     later rows, entered by two people of the registry operator
selectors  what holds on a day, of both
entering   asking for a row, and its effect
"""
