"""What the database refuses whoever asks: the code of `verbs.py` may be wrong, two people stay two."""

import pgtrigger

BEFORE = pgtrigger.Before


def begins_pending() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="begins_pending",
        when=BEFORE,
        operation=pgtrigger.Insert,
        func="""
            IF NEW.state <> 'pending' OR NEW.stage <> 0 THEN
                RAISE EXCEPTION 'a request begins pending, at its first stage';
            END IF;
            RETURN NEW;
        """,
    )


def ends_once() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="ends_once",
        when=BEFORE,
        operation=pgtrigger.Update,
        func="""
            IF OLD.state <> 'pending' THEN
                RAISE EXCEPTION 'request % has ended (%) and does not change any more', OLD.id, OLD.state;
            END IF;
            RETURN NEW;
        """,
    )


def approved_with_every_decision() -> pgtrigger.Trigger:
    """No state `approved` without an approving decision for every stage, and no next stage without one."""
    return pgtrigger.Trigger(
        name="every_decision",
        when=BEFORE,
        operation=pgtrigger.Update,
        func="""
            IF (SELECT count(*) FROM accounts_decision WHERE request_id = NEW.id AND verdict = 'approved')
               < (CASE NEW.state WHEN 'approved' THEN NEW.stages ELSE NEW.stage END) THEN
                RAISE EXCEPTION 'request % lacks a decision', NEW.id;
            END IF;
            RETURN NEW;
        """,
    )


def another_person() -> pgtrigger.Trigger:
    """Who decides neither asked nor decided before, by this account or another of the same natural person.

    Only the requester withdraws. A decision is about the stage at which the request is.
    """
    return pgtrigger.Trigger(
        name="another_person",
        when=BEFORE,
        operation=pgtrigger.Insert,
        declare=[("asked", "accounts_request%ROWTYPE"), ("human", "text")],
        func="""
            SELECT * INTO STRICT asked FROM accounts_request WHERE id = NEW.request_id;
            IF asked.state <> 'pending' OR asked.stage <> NEW.stage THEN
                RAISE EXCEPTION 'request % does not wait for this decision', asked.id;
            END IF;
            IF NEW.verdict = 'withdrawn' AND NEW.by_id <> asked.requested_by_id THEN
                RAISE EXCEPTION 'only the requester withdraws request %', asked.id;
            END IF;
            IF NEW.verdict IN ('approved', 'refused') THEN
                SELECT person INTO human FROM accounts_user WHERE id = NEW.by_id;
                IF EXISTS (
                    SELECT FROM accounts_user u
                    WHERE (u.id = NEW.by_id OR (human <> '' AND u.person = human))
                      AND (u.id = asked.requested_by_id OR u.id IN (
                          SELECT by_id FROM accounts_decision WHERE request_id = asked.id))
                ) THEN
                    RAISE EXCEPTION 'request % is not decided by the same person again', asked.id;
                END IF;
            END IF;
            RETURN NEW;
        """,
    )


def document_is_attached_once() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="attached_once",
        when=BEFORE,
        operation=pgtrigger.Update,
        func="""
            IF OLD.request_id IS NOT NULL AND OLD.request_id IS DISTINCT FROM NEW.request_id THEN
                RAISE EXCEPTION 'document % belongs to a request', OLD.id;
            END IF;
            RETURN NEW;
        """,
    )
