"""Market surveillance (市场监察): alerts computed from the events of a settled day, and what became of each.

    rows         plain rows that the detectors read; pure
    thresholds   what counts as conspicuous, dated; pure
    detectors    one module a pattern; pure
    models       alerts, their parties, their states, thresholds set later
    load         from the tables to plain rows
    run          all detectors over a day; the same day again gives the same alerts and keeps their states
    states       open, explained, escalated, each step with its reason
    selectors    who sees which alerts
    words        kinds, parties and figures in words
    thresholds_set, views, api …   what people and programs do with it

An alert is a question, not a verdict: it names what was seen, by which threshold, and where in the day to look.
"""
