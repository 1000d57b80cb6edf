"""Every text of the product is in every language, with the same placeholders; pages choose the reader's."""

import re

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.translation import gettext

from core.web import catalogue


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_text_is_translated_with_its_placeholders(language):
    assert catalogue.faults(language) == []


@pytest.fixture
def house(tmp_path):
    """A product of one file and one catalogue."""
    (tmp_path / "core").mkdir()
    (tmp_path / "templates").mkdir()
    folder = tmp_path / "locale" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with override_settings(BASE_DIR=tmp_path, LOCALE_PATHS=[tmp_path / "built"]):
        yield tmp_path


HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
HALF_PLURAL = 'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} día"\nmsgstr[1] ""\n'


def _catalogue(house, text):
    (house / "locale/es/LC_MESSAGES/django.po").write_text(HEADER + text)


@pytest.mark.parametrize(
    ("source", "translated", "fault"),
    [
        ('_("Hello {name}")', 'msgid "Hello {name}"\nmsgstr ""\n', "not translated"),
        ('_("Hello {name}")', 'msgid "Hello {name}"\nmsgstr "Hola {nombre}"\n', "other placeholders"),
        ('_("Hello <b>you</b>")', 'msgid "Hello <b>you</b>"\nmsgstr "Hola <i>tú</i>"\n', "other placeholders"),
        ('_("Hello")', '#, fuzzy\nmsgid "Hello"\nmsgstr "Hola"\n', "doubtful"),
        ('_("Hello")', 'msgid "Hello"\nmsgstr "Hola"\n\nmsgid "Bye"\nmsgstr "Adiós"\n', "no longer said"),
        ('ngettext("{n} day", "{n} days", n)', HALF_PLURAL, "not translated"),
    ],
)  # fmt: skip
def test_each_fault_of_a_catalogue_is_named(house, source, translated, fault):
    (house / "core/texts.py").write_text(f"from django.utils.translation import gettext as _, ngettext\nx = {source}\n")
    _catalogue(house, translated)

    assert [found for found in catalogue.faults("es") if fault in found]


def test_texts_of_templates_are_found_inside_components_too(house):
    (house / "templates/page.html").write_text(
        '<c-button label="{% translate "Send" %}" />\n'
        "{% blocktranslate trimmed count n=x %}{{ n }} file{% plural %}{{ n }} files{% endblocktranslate %}\n"
        '{% include "x.html" with label=_("Main") %}{% translate "Open" context "offer" %}'
    )

    assert set(catalogue.extract()) == {(None, "Send"), (None, "%(n)s file"), (None, "Main"), ("offer", "Open")}


def test_what_django_reads_is_made_from_the_newer_source(house):
    _catalogue(house, 'msgid "Hello"\nmsgstr "Hola"\n')
    built = house / "built/es/LC_MESSAGES/django.mo"

    catalogue.build()
    first = built.read_bytes()
    catalogue.build()

    assert built.read_bytes() == first
    assert b"Hola" in first


@pytest.mark.django_db
def test_a_visitor_gets_the_language_of_the_browser_and_can_switch(client):
    spanish = client.get("/", headers={"accept-language": "es-MX,es;q=0.9"})
    assert '<html lang="es"' in spanish.content.decode()
    assert spanish.headers["Content-Language"] == "es"
    assert "Accept-Language" in spanish.headers["Vary"]

    client.post("/language/", {"language": "en", "next": "/help/disputes/"})
    assert '<html lang="en"' in client.get("/", headers={"accept-language": "es"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(client, next_page):
    answer = client.post("/language/", {"language": "es", "next": next_page})

    assert "evil" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]


@pytest.mark.django_db
def test_a_person_keeps_the_chosen_language_on_every_device(client):
    from tests.factories.accounts import make_freelancer

    person = make_freelancer()
    client.force_login(person.user)
    client.post("/language/", {"language": "es", "next": "/settings/"})
    client.post("/language/", {"language": "xx", "next": "/settings/"})

    client.cookies.clear()
    client.force_login(person.user)
    assert '<html lang="es"' in client.get("/settings/", headers={"accept-language": "en"}).content.decode()


def test_the_founding_document_s_labels_have_their_fixed_words():
    with translation.override("es"):
        assert gettext("See Dispute") == "Ver disputa"
        assert gettext("Continue to Dispute") == "Continuar con la disputa"


def test_no_text_names_somebody_he_or_she():
    english = " ".join(text for _, text in catalogue.extract())
    assert not re.findall(r"\b(he|she|his|hers|him)\b", english, flags=re.IGNORECASE)
    assert "click here" not in english.lower()
