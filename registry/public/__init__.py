"""What everybody may see without signing in (registry-rules.md 8): never holdings, never who traded with whom.

An emitter's state in a year is published once the year's deadline has passed, as of the latest deadline; who
completed late is complete from the next deadline on.
"""
