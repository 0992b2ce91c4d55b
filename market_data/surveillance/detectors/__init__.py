"""Detectors: plain rows in, findings out. Each module says its rule first, so that a finding can be checked by hand.

    between      wash trades between two, rings among several
    listing      listed and cancelled at once; layers on one side while the other trades
    closing      small trades that move the close, tiny trades at the band's edge
    sizes        concentration, positions near the limit, large holders
    prices       blocks far from the close, a close that ran away over some days

No Django, no clock, no randomness: the same rows always give the same findings, in the same order.
"""
