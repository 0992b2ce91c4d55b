"""The one ledger: every allowance, credit and fen on the platform (registry-rules.md 1).

`models` says what is kept, `post` is the only way in, `selectors` the way out.
"""
