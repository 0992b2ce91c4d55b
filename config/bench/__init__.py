"""Benchmarks: `manage.py bench NAME` prints one JSON object. Figures of one run, compared within that run.

    engine    orders per second decided and committed, from pending rows to trades
    ack       time from POST to the engine's answer, over HTTP
    issuance  seconds to approve and issue a plan of 2 000 entities
    imports   seconds to check and apply files of 5 000 rows
    report    seconds to make every report of a day, by default of 1 000 000 trades
    history   seconds to download a year's daily history in its slowest format
    demo      seconds until `manage.py demo` says its address, first start and later ones

They run on the configured database, which must be empty: `make bench` makes one for them.
"""
