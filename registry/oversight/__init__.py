"""What authorities see of everybody: progress of a compliance year, one emitter in full, the vintages' identity.

years.py      a year's figures, by province and sector, gaps, the curve to the deadline
emitters.py   the table of all emitters and everything about one of them
vintages.py   issued = held + surrendered + cancelled + converted, read anew each time
looks.py      who looked at whose data
"""
