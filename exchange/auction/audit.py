"""What announced auctions keep in `pending` (settings.AUDIT_SET_ASIDE): until the engine has opened them."""

SET_ASIDE = """
    SELECT auction.seller_id, instrument.asset_id, 'pending', auction.quantity_t
    FROM exchange_auction auction
    JOIN exchange_instrument instrument ON instrument.id = auction.instrument_id
    LEFT JOIN exchange_command opening ON opening.id = auction.command_id
    WHERE auction.set_aside
      AND (opening.decided_event IS NULL OR opening.reason = 'ENGINE_FAULT')
"""
