"""What people wrote is never rewritten; only a tombstone takes its place, and on append-only rows only an approved one."""

from django.db import migrations

from core import dbguards

# A statement stays written once. The single way through: its words become the very tombstone of a redaction of this
# version that a second person approved; nothing else of the row may change.
STATEMENTS = """
CREATE FUNCTION disputes_statement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'details' = to_jsonb(OLD) - 'details' AND EXISTS (
        SELECT 1 FROM disputes_redaction
        WHERE statement_id = OLD.id AND state = 'done' AND decided_by_id <> asked_by_id AND tombstone = NEW.details
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% rows are written once and never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER disputes_statementversion_append_only ON disputes_statementversion;
CREATE TRIGGER disputes_statementversion_append_only BEFORE UPDATE OR DELETE ON disputes_statementversion
    FOR EACH ROW EXECUTE FUNCTION disputes_statement_guard();
"""
STATEMENTS_BACK = """
DROP TRIGGER disputes_statementversion_append_only ON disputes_statementversion;
CREATE TRIGGER disputes_statementversion_append_only BEFORE UPDATE OR DELETE ON disputes_statementversion
    FOR EACH ROW EXECUTE FUNCTION evenhand_append_only();
DROP FUNCTION disputes_statement_guard();
"""

# Messages and notes had no guard: their words may change into a tombstone's mark, and into nothing else.
WORDS = """
CREATE FUNCTION disputes_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text := to_jsonb(OLD) ->> TG_ARGV[0];
    says text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF says IS DISTINCT FROM said AND left(says, 1) <> chr(26) THEN
        RAISE EXCEPTION '%: what somebody wrote is never rewritten', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contracts_message_words BEFORE UPDATE OF body ON contracts_message
    FOR EACH ROW EXECUTE FUNCTION disputes_words_stay('body');
CREATE TRIGGER disputes_casemessage_words BEFORE UPDATE OF body ON disputes_casemessage
    FOR EACH ROW EXECUTE FUNCTION disputes_words_stay('body');
CREATE TRIGGER disputes_settlementoffer_words BEFORE UPDATE OF note ON disputes_settlementoffer
    FOR EACH ROW EXECUTE FUNCTION disputes_words_stay('note');
"""
WORDS_BACK = """
DROP TRIGGER contracts_message_words ON contracts_message;
DROP TRIGGER disputes_casemessage_words ON disputes_casemessage;
DROP TRIGGER disputes_settlementoffer_words ON disputes_settlementoffer;
DROP FUNCTION disputes_words_stay();
"""


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("disputes", "0005_moderation"), ("contracts", "0004_message_translations")]

    operations = [
        dbguards.graph("disputes_messagereport", ["open>dismissed", "open>hidden"]),
        dbguards.graph("disputes_redaction", ["asked>done", "asked>refused"]),
        migrations.RunSQL(STATEMENTS, STATEMENTS_BACK),
        migrations.RunSQL(WORDS, WORDS_BACK),
    ]
