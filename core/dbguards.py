"""SQL for the guards that constraints cannot say: append-only tables and transition graphs.

Migrations call these with literal edges; tests/architecture compares the edges with the code.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import migrations

APPEND_ONLY_FUNCTION = """
CREATE OR REPLACE FUNCTION evenhand_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are written once and never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

GRAPH_FUNCTION = """
CREATE OR REPLACE FUNCTION evenhand_transition_graph() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IS DISTINCT FROM NEW.state AND NOT (OLD.state || '>' || NEW.state = ANY (TG_ARGV)) THEN
        RAISE EXCEPTION '%: no transition leads from % to %', TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def functions() -> migrations.RunSQL:
    """Both trigger functions."""
    return migrations.RunSQL(
        APPEND_ONLY_FUNCTION + GRAPH_FUNCTION,
        "DROP FUNCTION evenhand_append_only() CASCADE; DROP FUNCTION evenhand_transition_graph() CASCADE;",
    )


def append_only(*tables: str) -> migrations.RunSQL:
    """Forbid UPDATE, DELETE and TRUNCATE on these tables."""
    return migrations.RunSQL(
        "".join(
            f"CREATE TRIGGER {t}_append_only BEFORE UPDATE OR DELETE ON {t}"
            f" FOR EACH ROW EXECUTE FUNCTION evenhand_append_only();"
            f"CREATE TRIGGER {t}_no_truncate BEFORE TRUNCATE ON {t} EXECUTE FUNCTION evenhand_append_only();"
            for t in tables
        ),
        "".join(f"DROP TRIGGER {t}_append_only ON {t}; DROP TRIGGER {t}_no_truncate ON {t};" for t in tables),
    )


def graph(table: str, edges: Iterable[str]) -> migrations.RunSQL:
    """Allow only these `old>new` changes of the table's state; `edges` has one per transition."""
    arguments = ", ".join(f"'{edge}'" for edge in edges)
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_graph BEFORE UPDATE OF state ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION evenhand_transition_graph({arguments});",
        f"DROP TRIGGER {table}_graph ON {table};",
    )
