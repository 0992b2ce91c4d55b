"""Live market data and account events over WebSockets.

origins    which pages may open a socket
listener   one a process: hears Valkey, and asks PostgreSQL each second whether something was not heard
hub        one an instrument and process: encodes a message once and hands the same text to all clients
outbox     what one client is still to get: bounded, and replaced by a snapshot when it overflows
market     /ws/market/{code}/
account    /ws/account/: events are read from PostgreSQL, the bell only says when
cursor     how far an account stream was read: a vector of event numbers
reads      the statements, each run in a thread
"""
