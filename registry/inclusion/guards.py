"""What the database refuses of carbon inclusion, whoever asks."""

import pgtrigger


def counted_in_time_and_by_consent() -> pgtrigger.Trigger:
    """A record lies in a scene's open time, in no period that was issued or asked for, and in its person's consent."""
    return pgtrigger.Trigger(
        name="counted_in_time",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("of_scene", "registry_scene%ROWTYPE")],
        func="""
            SELECT * INTO STRICT of_scene FROM registry_scene WHERE id = NEW.scene_id;
            IF NEW.day < of_scene.opened_on OR NEW.day > of_scene.closed_on THEN
                RAISE EXCEPTION 'scene % was not open on %', of_scene.id, NEW.day;
            END IF;
            IF EXISTS (
                SELECT FROM registry_creditissue issue
                WHERE issue.project_id = of_scene.project_id AND issue.state <> 'refused'
                  AND NEW.day BETWEEN issue.period_from AND issue.period_to
            ) THEN
                RAISE EXCEPTION 'the period of % is closed: its reductions are issued or asked for', NEW.day;
            END IF;
            IF NOT EXISTS (
                SELECT FROM registry_joining joining
                WHERE joining.account_id = NEW.account_id AND joining.scene_id = NEW.scene_id
                  AND joining.joined_on <= NEW.day AND (joining.left_on IS NULL OR NEW.day <= joining.left_on)
            ) THEN
                RAISE EXCEPTION 'account % takes no part in scene % on %', NEW.account_id, NEW.scene_id, NEW.day;
            END IF;
            RETURN NEW;
        """,
    )


def converted_as_counted() -> pgtrigger.Trigger:
    """A conversion takes exactly the records of its period, and the remainder that the one before left over."""
    return pgtrigger.Trigger(
        name="converted_as_counted",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[
            ("issue", "registry_creditissue%ROWTYPE"),
            ("of_scene", "registry_scene%ROWTYPE"),
            ("counted", "bigint"),
            ("grams", "numeric"),
            ("left_over", "bigint"),
        ],
        func="""
            SELECT * INTO STRICT issue FROM registry_creditissue WHERE id = NEW.issue_id;
            SELECT * INTO STRICT of_scene FROM registry_scene WHERE project_id = issue.project_id;
            IF EXISTS (
                SELECT FROM registry_creditissue other
                WHERE other.project_id = issue.project_id AND other.state = 'waiting' AND other.id <> issue.id
            ) THEN
                RAISE EXCEPTION 'another conversion of scene % waits', of_scene.id;
            END IF;
            SELECT count(*), coalesce(sum(reduction_g), 0) INTO counted, grams FROM registry_activityrecord
            WHERE scene_id = of_scene.id AND day BETWEEN issue.period_from AND issue.period_to;
            SELECT conversion.carried_out_g INTO left_over
            FROM registry_conversion conversion
            JOIN registry_creditissue earlier ON earlier.id = conversion.issue_id
            WHERE earlier.project_id = issue.project_id AND earlier.state = 'issued'
            ORDER BY earlier.period_to DESC LIMIT 1;
            IF counted <> NEW.records OR grams <> NEW.reductions_g
               OR coalesce(left_over, 0) <> NEW.carried_in_g OR issue.quantity_t <> NEW.quantity_t THEN
                RAISE EXCEPTION 'conversion of scene % is not what was counted', of_scene.id;
            END IF;
            RETURN NEW;
        """,
    )


def points_follow_each_other() -> pgtrigger.Trigger:
    """Entry 1 of an account begins at zero; each next one at the balance before it."""
    return pgtrigger.Trigger(
        name="points_follow",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("before", "bigint")],
        func="""
            SELECT balance INTO before FROM registry_pointentry
            WHERE account_id = NEW.account_id AND number = NEW.number - 1;
            IF (before IS NULL) <> (NEW.number = 1) OR coalesce(before, 0) + NEW.points <> NEW.balance THEN
                RAISE EXCEPTION 'points of account % do not follow entry %', NEW.account_id, NEW.number - 1;
            END IF;
            RETURN NEW;
        """,
    )


def issued_as_converted() -> pgtrigger.Trigger:
    """Credits of a scene's project are issued for a conversion alone (a guard of registry_creditissue)."""
    return pgtrigger.Trigger(
        name="issued_as_converted",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Insert,
        condition=pgtrigger.Q(new__state="issued"),
        func="""
            IF EXISTS (SELECT FROM registry_scene WHERE project_id = NEW.project_id) AND NOT EXISTS (
                SELECT FROM registry_conversion WHERE issue_id = NEW.id AND quantity_t = NEW.quantity_t
            ) THEN
                RAISE EXCEPTION 'credits of project % are issued for counted reductions alone', NEW.project_id;
            END IF;
            RETURN NEW;
        """,
    )
