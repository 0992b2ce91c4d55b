"""Daily reports: the public market report and each member's statement.

market.py, statement.py   what stands in them, as plain JSON with yuan strings, and their tables
publish.py                numbered versions that never change, and their SHA-256
tables.py, render.py      the same content as JSON, CSV and XLSX
selectors.py              reads for pages and the API
"""
