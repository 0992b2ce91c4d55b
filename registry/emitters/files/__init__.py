"""Files of emitters and of their figures, from bytes to rows. Pure: no database, no framework.

`sheet` CSV or workbook to cells, `columns` what stands in which, `fields` a cell's meaning, `reading` all of it.
"""
