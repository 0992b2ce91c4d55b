"""Everything on one machine: PostgreSQL, Valkey and our own processes as children of one program.

Used by `manage.py demo`, by the tests, and by `python -m config.local COMMAND`. Nothing here knows the apps.

| module     | answers                                                                  |
|------------|--------------------------------------------------------------------------|
| `programs` | where are the server programs: wheels first, then what the machine has?   |
| `identity` | as whom does a program run that refuses root?                             |
| `children` | how is a child started, awaited, watched and stopped?                     |
| `postgres` | a PostgreSQL that belongs to one folder                                   |
| `valkey`   | a Valkey that keeps nothing                                               |
| `servers`  | both of them, or those that DATABASE_URL and REDIS_URL name               |
"""
