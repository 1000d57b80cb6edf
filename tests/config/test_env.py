"""Reading the environment: typed, and with errors a person can act on."""

from __future__ import annotations

import pytest

from config import env


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("off", False), ("", False)],
)
def test_a_yes_or_no_is_read(monkeypatch, value, expected):
    monkeypatch.setenv("FLAG", value)

    assert env.boolean("FLAG", default=not expected) is expected


def test_neither_yes_nor_no_is_refused(monkeypatch):
    monkeypatch.setenv("FLAG", "perhaps")

    with pytest.raises(env.EnvError) as refused:
        env.boolean("FLAG", default=False)

    assert str(refused.value) == "FLAG must be 1 or 0, not 'perhaps'."


@pytest.mark.parametrize(
    ("value", "sentence"),
    [("eighty", "PORT must be a whole number, not 'eighty'."), ("0", "PORT must be at least 1, not 0.")],
)
def test_a_bad_number_is_refused(monkeypatch, value, sentence):
    monkeypatch.setenv("PORT", value)

    with pytest.raises(env.EnvError) as refused:
        env.integer("PORT", 8000, at_least=1)

    assert str(refused.value) == sentence


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("NAME", "  ")

    assert env.text("NAME", "fallback") == "fallback"
    with pytest.raises(env.EnvError, match=r"^The environment variable NAME is not set\.$"):
        env.text("NAME")


def test_a_list_has_no_blanks(monkeypatch):
    monkeypatch.setenv("HOSTS", " a.example , ,b.example,")

    assert env.items("HOSTS") == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("short", "is too weak"),
        ("a" * 60, "is too weak"),
        (env.SANDBOX_SECRET_PREFIX + "x1y2z3" * 12, "holds a development secret"),
        ("django-insecure-" + "x1y2z3" * 12, "holds a development secret"),
    ],
)
def test_a_weak_secret_is_refused_without_being_shown(monkeypatch, value, reason):
    monkeypatch.setenv("SECRET_KEY", value)

    with pytest.raises(env.EnvError) as refused:
        env.secret("SECRET_KEY")

    assert reason in str(refused.value)
    assert value not in str(refused.value)


def test_a_strong_secret_is_accepted(monkeypatch):
    strong = "kq3V-0w8Zr7TnXfLb2Yc5HsJd9GmPa4EuRi6oQtWvKy1"
    monkeypatch.setenv("SECRET_KEY", strong)

    assert env.secret("SECRET_KEY") == strong


def test_a_database_address_is_taken_apart():
    parts = env.database("postgresql://us%40er:p%2Fw@db.example:5433/even%20hand?sslmode=require")

    assert parts == {
        "NAME": "even hand",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "SSLMODE": "require",
    }


def test_a_socket_folder_is_a_host():
    parts = env.database("postgresql://evenhand@/evenhand?host=%2Fsome%20where%2Frun")

    assert (parts["HOST"], parts["PORT"], parts["NAME"]) == ("/some where/run", "", "evenhand")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:///db.sqlite3", "must start with postgresql://"),
        ("postgresql://user@host/", "names no database"),
        ("postgresql://user@host:port/name", "a port that is not a number"),
    ],
)
def test_another_address_is_refused(url, reason):
    with pytest.raises(env.EnvError, match=reason):
        env.database(url)


def test_a_file_fills_in_what_the_environment_lacks(monkeypatch, tmp_path):
    monkeypatch.setenv("GIVEN", "environment")
    monkeypatch.setenv("MISSING", "")
    monkeypatch.delenv("MISSING")
    file = tmp_path / ".env"
    file.write_text('# a comment\n\nGIVEN=file\nMISSING="from the file"\n')

    env.load_file(file)

    assert env.text("GIVEN") == "environment"
    assert env.text("MISSING") == "from the file"


def test_a_broken_line_of_the_file_is_named(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# fine\nnot a setting\n")

    with pytest.raises(env.EnvError) as refused:
        env.load_file(file)

    assert str(refused.value) == ".env, line 2: expected NAME=value."


def test_a_web_address_loses_its_last_slash_and_must_be_one(monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://disputes.example/")
    assert env.web_address("SITE_URL") == "https://disputes.example"

    monkeypatch.setenv("SITE_URL", "disputes.example")
    with pytest.raises(env.EnvError, match="SITE_URL must be a web address"):
        env.web_address("SITE_URL")
