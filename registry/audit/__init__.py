"""Independent checks of the books (registry-rules.md 1).

Each check is one function of the business day (or None for all of them) that yields a `Break` for every row
that is off. They read the tables with SQL of their own and share no code with `registry.ledger`, so that a
mistake there is not repeated here. `settings.AUDIT_CHECKS` lists them; `reconcile` runs them all.

    breaks.py   what a check yields
    checks.py   points 1 to 3: assets, balances, issued and held
    chain.py    point 6: the hash chain, and the seal of a day
    run.py      all checks over one snapshot of the database
"""
