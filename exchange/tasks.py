"""The exchange's Celery tasks: each calls one verb, may come twice or never, and harms nothing by either."""

from celery import shared_task


@shared_task(name="exchange.tasks.drain")
def drain(instrument_id: int) -> int:
    """Decides what is pending on one instrument."""
    from exchange import doorbell, engine

    doorbell.answered(instrument_id)
    return engine.drain([instrument_id])


@shared_task(name="exchange.tasks.sweep", expires=1)
def sweep() -> list[int]:
    """Rings for what waits too long: bells are lost when Valkey is flushed or a worker is killed."""
    from exchange import doorbell

    return doorbell.sweep()


@shared_task(name="exchange.tasks.advance_sessions", expires=1)
def advance_sessions() -> list[str]:
    """Opens the day and sends the phases that are due."""
    from exchange import sessions

    return sessions.advance()


@shared_task(name="exchange.tasks.advance_auctions", expires=1)
def advance_auctions() -> list[str]:
    """Opens and closes the auctions that are due, and certifies what has ended."""
    from exchange.auction import windows

    return windows.advance()
