"""What a demo needs to be shown: invented people and companies, holdings, listings, keys. Only with DEMO=1.

Every room is idempotent: what is there stays, what is missing is made.
"""
