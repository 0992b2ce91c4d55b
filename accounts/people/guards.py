"""What the database refuses of invitations and people, whoever asks."""

import pgtrigger

#: Roles that decide, act for an authority or an operator, or appoint others: `roles.DECIDING`, as SQL writes it.
DECIDING_SQL = "ARRAY['administrator','approver','checker','issuer','operator','regulator']::varchar[]"


def ends_once() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="invitation_ends_once",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF OLD.state IN ('accepted', 'withdrawn', 'refused') THEN
                RAISE EXCEPTION 'invitation % has ended (%) and does not change any more', OLD.id, OLD.state;
            END IF;
            IF NEW.state = 'accepted' AND OLD.state <> 'open' THEN
                RAISE EXCEPTION 'invitation % was not sent', OLD.id;
            END IF;
            RETURN NEW;
        """,
    )


def deciding_roles_take_a_second_person() -> pgtrigger.Trigger:
    """An invitation to such roles goes out with an approved request alone (registry-rules.md 2)."""
    return pgtrigger.Trigger(
        name="second_person",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF NEW.state IN ('open', 'accepted') AND NEW.roles && {DECIDING_SQL} AND NOT EXISTS (
                SELECT FROM accounts_request WHERE id = NEW.request_id AND state = 'approved'
            ) THEN
                RAISE EXCEPTION 'invitation % gives roles that take a second person', NEW.id;
            END IF;
            RETURN NEW;
        """,
    )


def same_human_for_ever() -> pgtrigger.Trigger:
    """Whose account it is never changes once it is known: it would undo the rule of two people (decision 022)."""
    return pgtrigger.Trigger(
        name="same_human",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("person"),  # type: ignore[no-untyped-call]
        func="""
            IF OLD.person <> '' AND NEW.person <> OLD.person THEN
                RAISE EXCEPTION 'account % stays the natural person''s whose it is', OLD.id;
            END IF;
            RETURN NEW;
        """,
    )
