"""Money: whole minor units, nothing lost, nothing rounded in silence."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.money import MAX_MINOR, CurrencyMismatchError, Money, MoneyError, parse_money

amounts = st.integers(min_value=0, max_value=MAX_MINOR)
percents = st.decimals(min_value=0, max_value=100, places=3)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@given(amounts, percents)
def test_I4_a_split_by_percent_never_loses_a_cent(minor, percent):
    freelancer, client = usd(minor).split(percent)
    assert freelancer + client == usd(minor)
    assert freelancer.amount >= 0
    assert client.amount >= 0


@pytest.mark.parametrize(
    ("minor", "percent", "freelancer"),
    [(5, 50, 2), (15, 50, 8), (25, 50, 12), (1, 10, 0), (100, "33.333", 33), (101, 100, 101), (101, 0, 0)],
)
def test_I4_a_half_cent_goes_to_the_even_one(minor, percent, freelancer):
    assert usd(minor).split(percent) == (usd(freelancer), usd(minor - freelancer))


@given(amounts)
def test_D19_halves_differ_by_at_most_the_odd_cent_which_the_first_gets(minor):
    first, second = usd(minor).halves()
    assert first + second == usd(minor)
    assert first.amount - second.amount in {0, 1}


def test_two_currencies_never_meet():
    for act in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b):
        with pytest.raises(CurrencyMismatchError):
            act(usd(1), Money(1, "EUR"))


def test_only_whole_minor_units_are_money():
    with pytest.raises(TypeError):
        Money(1.5, "USD")
    with pytest.raises(TypeError):
        Money(True, "USD")
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, "usd")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1350", "USD", 135000),
        ("1,350", "USD", 135000),
        ("1,350.5", "USD", 135050),
        ("$1,350.00", "USD", 135000),
        (" 1350.00 USD ", "USD", 135000),
        ("usd 12", "USD", 1200),
        ("1 350.10", "EUR", 135010),
        ("€9.99", "EUR", 999),
        ("1.000", "USD", 100),
        ("1500", "JPY", 1500),
        (".5", "USD", 50),
        ("0", "USD", 0),
        ("\u0661\u0662", "USD", 1200),
    ],
)
def test_what_people_type_is_read_leniently(text, currency, minor):
    assert parse_money(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("", "USD", "empty"),
        ("   ", "USD", "empty"),
        ("1.005", "USD", "decimals"),
        ("1.5", "JPY", "decimals"),
        ("-5", "USD", "negative"),
        ("\u22125", "USD", "negative"),
        ("€5", "USD", "currency"),
        ("5 EUR", "USD", "currency"),
        ("ten", "USD", "text"),
        ("1,35", "USD", "text"),
        ("1.2.3", "USD", "text"),
        ("1e5", "USD", "text"),
        ("NaN", "USD", "text"),
        ("$", "USD", "text"),
        (".", "USD", "text"),
        ("9" * 20, "USD", "huge"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(text, currency, code):
    with pytest.raises(MoneyError) as refusal:
        parse_money(text, currency)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1350", 135_000),
        ("1350,5", 135_050),
        ("1350,00", 135_000),
        ("1.350", 135_000),
        ("1.350,00", 135_000),
        ("1.350.000,25", 135_000_025),
        ("1,350.00", 135_000),
        ("1350.00", 135_000),
        ("1.350,00 US$", 135_000),
    ],
)
def test_a_decimal_comma_is_read_where_it_is_usual(typed: str, minor: int) -> None:
    with translation.override("es"):
        assert parse_money(typed, "USD") == Money(minor, "USD")


@pytest.mark.parametrize("typed", ["1,350", "12,500", "999,999"])
def test_an_amount_that_can_be_read_in_two_ways_is_asked_again(typed: str) -> None:
    with translation.override("es"), pytest.raises(MoneyError) as refused:
        parse_money(typed, "USD")
    assert refused.value.code == "ambiguous"
