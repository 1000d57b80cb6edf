"""Guards that no constraint can say: append-only tables and transition graphs."""

from django.db import migrations

from core import dbguards

# Balances of accounts that belong to one contract live on the row; shared accounts have none (summed when asked).
MOVE_BALANCES = """
CREATE FUNCTION contracts_move_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    debit_currency text;
    credit_currency text;
    entry_contract uuid;
    debit_contract uuid;
    credit_contract uuid;
BEGIN
    SELECT currency, contract_id INTO debit_currency, debit_contract FROM contracts_ledgeraccount WHERE id = NEW.debit_id;
    SELECT currency, contract_id INTO credit_currency, credit_contract FROM contracts_ledgeraccount WHERE id = NEW.credit_id;
    SELECT contract_id INTO entry_contract FROM contracts_journalentry WHERE id = NEW.entry_id;
    IF debit_currency <> NEW.currency OR credit_currency <> NEW.currency THEN
        RAISE EXCEPTION 'a transfer in % met accounts in % and %', NEW.currency, debit_currency, credit_currency
            USING ERRCODE = 'check_violation';
    END IF;
    IF coalesce(debit_contract, entry_contract) <> entry_contract OR coalesce(credit_contract, entry_contract) <> entry_contract THEN
        RAISE EXCEPTION 'a transfer left its contract' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE contracts_ledgeraccount SET balance = balance - NEW.amount WHERE id = NEW.debit_id AND balance IS NOT NULL;
    UPDATE contracts_ledgeraccount SET balance = balance + NEW.amount WHERE id = NEW.credit_id AND balance IS NOT NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER contracts_transfer_moves AFTER INSERT ON contracts_transfer
    FOR EACH ROW EXECUTE FUNCTION contracts_move_balances();
CREATE FUNCTION contracts_guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND coalesce(NEW.balance, 0) <> 0 THEN
        RAISE EXCEPTION 'an account starts empty' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.balance IS DISTINCT FROM OLD.balance AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'a balance is moved by transfers only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contracts_ledgeraccount_balance BEFORE INSERT OR UPDATE ON contracts_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION contracts_guard_balance();
"""
DROP_BALANCES = """
DROP TRIGGER contracts_transfer_moves ON contracts_transfer;
DROP FUNCTION contracts_move_balances();
DROP TRIGGER contracts_ledgeraccount_balance ON contracts_ledgeraccount;
DROP FUNCTION contracts_guard_balance();
"""


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("contracts", "0001_initial"), ("core", "0002_guards")]

    operations = [
        dbguards.append_only("contracts_journalentry", "contracts_transfer", "contracts_milestonedecision"),
        dbguards.graph(
            "contracts_contract",
            [
                "active>ended",
                "draft>active",
                "ended>closed",
            ],
        ),
        dbguards.graph(
            "contracts_milestone",
            [
                "changes_requested>cancelled",
                "changes_requested>paid",
                "changes_requested>partially_paid",
                "changes_requested>release_refused",
                "changes_requested>submitted",
                "funded>cancelled",
                "funded>paid",
                "funded>partially_paid",
                "funded>submitted",
                "funding>cancelled",
                "funding>funded",
                "funding>proposed",
                "proposed>cancelled",
                "proposed>funding",
                "release_refused>cancelled",
                "release_refused>paid",
                "release_refused>partially_paid",
                "release_refused>submitted",
                "submitted>cancelled",
                "submitted>changes_requested",
                "submitted>paid",
                "submitted>partially_paid",
                "submitted>release_refused",
            ],
        ),
        dbguards.graph(
            "contracts_refundrequest",
            [
                "open>accepted",
                "open>disputed",
                "open>expired",
                "open>withdrawn",
            ],
        ),
        dbguards.graph(
            "contracts_refundproposal",
            [
                "pending>accepted",
                "pending>declined",
                "pending>replaced",
                "pending>void",
            ],
        ),
        migrations.RunSQL(MOVE_BALANCES, DROP_BALANCES),
    ]
