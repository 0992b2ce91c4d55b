"""Rights in one place: role × action × whose, for every address of the platform.

    who      the groups of people that the table speaks of
    table    every address: who may read it, who may change something there, and whose data it shows

What a person sees behind an address (its own organisation's data, a province's, everything) is decided by the
selectors of each app; the table says which of these it is. tests/rights opens every address as every kind of person
and holds both to it; an address that is not in the table fails there.
"""
