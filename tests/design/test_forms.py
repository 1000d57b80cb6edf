"""Forms: money in plain words, nothing typed is lost, errors lead to their field."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from core.money import Money
from core.web.forms import ChoiceCards, EvenhandForm, FilesField, MoneyField
from tests.design.pages import draw, read_part, words


def usd(minor: int) -> Money:
    return Money(minor, "USD")


class Sample(EvenhandForm):
    amount = MoneyField("USD", maximum=usd(180_000), label="Amount you claim", help_text="Up to $1,800.00")
    details = forms.CharField(label="What happened", widget=forms.Textarea)
    way = forms.ChoiceField(
        label="What do you want to do?",
        choices=[("yes", "I approve"), ("no", "I do not approve")],
        widget=ChoiceCards(consequences={"yes": "$1,800.00 goes back."}),
    )
    sure = forms.BooleanField(label="I have read this.")
    evidence = FilesField(required=False, accept=".pdf", max_bytes=10)


GOOD: dict[str, Any] = {"amount": "1,350", "details": "Done.", "way": "no", "sure": "on"}


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1,350", 135_000),
        ("1350.00", 135_000),
        ("$1,350.00", 135_000),
        ("1350 USD", 135_000),
        (" 0.01 ", 1),
        ("1800", 180_000),
    ],
)
def test_money_is_read_leniently(typed: str, minor: int) -> None:
    form = Sample({**GOOD, "amount": typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == usd(minor)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("   ", "required"),
        ("0", "bounds"),
        ("0.00", "bounds"),
        ("1800.01", "bounds"),
        ("2,400", "bounds"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("1.005", "decimals"),
        ("€100", "currency"),
        ("100 EUR", "currency"),
        ("a lot", "text"),
        ("1e5", "text"),
        ("9" * 30, "huge"),
    ],
)
def test_money_is_refused_in_words_and_kept_as_typed(typed: str, code: str) -> None:
    form = Sample({**GOOD, "amount": typed})

    assert form.errors.as_data()["amount"][0].code == code
    kept = read_part(draw("{{ form }}", form=form)).find(".//input[@name='amount']")
    assert kept.attrib.get("value", "") == typed
    assert kept.attrib["aria-invalid"] == "true"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (None, usd(180_000), "Enter an amount between $0.01 and $1,800.00."),
        (usd(500), None, "Enter an amount of $5.00 or more."),
        (usd(500), usd(500), "The only possible amount is $5.00."),
        (None, usd(0), "There is no money left to name here."),
    ],
)
def test_bounds_are_named(low: Money | None, high: Money | None, text: str) -> None:
    field = MoneyField("USD", minimum=low, maximum=high)

    with pytest.raises(forms.ValidationError) as refusal:
        field.clean("0" if low is None else "4.99")
    assert refusal.value.messages == [text]


def test_nothing_is_an_amount_where_it_may_be() -> None:
    assert MoneyField("USD", allow_zero=True).clean("0") == usd(0)


def test_optional_money_may_be_left_out() -> None:
    assert MoneyField("USD", required=False).clean("") is None


def test_initial_money_is_written_plainly() -> None:
    html = draw("{{ form.amount }}", form=Sample(initial={"amount": usd(135_000)}))

    assert read_part(html).find("input").attrib["value"] == "1,350.00"


def test_a_spelling_is_no_change() -> None:
    field = MoneyField("USD")

    assert not field.has_changed(usd(135_000), "1350")
    assert field.has_changed(usd(135_000), "1351")
    assert field.has_changed(usd(135_000), "nonsense")


def test_error_is_tied_to_its_field_and_named_in_the_summary() -> None:
    form = Sample({"amount": "2,400", "way": ""})
    root = read_part(draw("{{ form }}", form=form))

    amount = root.find(".//input[@name='amount']")
    assert amount.attrib["aria-describedby"] == "id_amount_helptext id_amount_error"
    ids = [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    assert {"id_amount_helptext", "id_amount_error"} <= set(ids)
    assert len(ids) == len(set(ids))
    links = {link.attrib["href"]: link.text for link in root.findall(".//div[@id='error-summary']//a")}
    assert links == {
        "#id_amount": "Enter an amount between $0.01 and $1,800.00.",
        "#id_details": "Fill in “What happened”.",
        "#id_way_0": "Choose one: “What do you want to do?”",
        "#id_sure": "Tick the box to go on: “I have read this.”",
    }
    assert {href[1:] for href in links} <= set(ids)


def test_error_stands_before_the_input() -> None:
    html = draw("{{ form }}", form=Sample({"amount": "x"}))

    assert html.index('id="id_amount_error"') < html.index('name="amount"')


def test_cards_say_what_follows() -> None:
    root = read_part(draw('<c-field :field="form.way" />', form=Sample(initial={"way": "yes"})))

    radios = [(radio.attrib["value"], "checked" in radio.attrib) for radio in root.findall(".//input")]
    assert radios == [("yes", True), ("no", False)]
    assert "$1,800.00 goes back." in "".join(root.itertext())


def test_choice_outside_the_cards_is_refused() -> None:
    assert "way" in Sample({**GOOD, "way": "maybe"}).errors


def test_several_files_come_in_order() -> None:
    files = [SimpleUploadedFile("b.pdf", b"1"), SimpleUploadedFile("a.pdf", b"2")]
    form = Sample(GOOD, MultiValueDict({"evidence": files}))

    assert form.is_valid(), form.errors
    assert [file.name for file in form.cleaned_data["evidence"]] == ["b.pdf", "a.pdf"]


def test_no_file_is_an_empty_list_or_a_sentence() -> None:
    assert FilesField(required=False).clean(None) == []
    with pytest.raises(forms.ValidationError) as refusal:
        FilesField().clean([])
    assert refusal.value.messages == ["Choose at least one file."]


def test_empty_file_is_refused() -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        FilesField().clean([SimpleUploadedFile("a.pdf", b"")])
    assert refusal.value.messages == ["The submitted file is empty."]


def test_texts_of_people_are_escaped() -> None:
    form = Sample({**GOOD, "details": "</textarea><script>", "amount": '"><b>'})
    root = read_part(draw("{{ form }}", form=form))

    assert root.find(".//textarea").text.strip() == "</textarea><script>"
    assert root.find(".//script") is None
    assert "I have read this." in words(draw("{{ form }}", form=form))
