"""Numbers as text: no exponent, no minus zero, and Nuke's words for binary32."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_formats.number_text import (
    decimal_value,
    fixed_text,
    hex_float,
    hex_float_value,
    hex_float_values,
    hex_floats,
    short_text,
)
from roto_shared.errors import FormatError

BINARY32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.000000"),
        (-0.0, "0.000000"),
        (-1e-9, "0.000000"),
        (1e-7, "0.000000"),
        (-0.5, "-0.500000"),
        (1e12, "1000000000000.000000"),
    ],
)
def test_fixed_text_has_no_exponent_and_no_minus_zero(value, text):
    assert fixed_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (100.0, "100"), (0.25, "0.25"), (-0.0000001, "0"), (1001.5, "1001.5"), (-3.0, "-3")]
)
def test_short_text_drops_only_zeros_that_say_nothing(value, text):
    assert short_text(value) == text


@given(st.floats(-1e12, 1e12))
def test_fixed_text_is_within_half_of_its_last_place(value):
    assert abs(decimal_value(fixed_text(value, 4)) - value) <= 0.00005 * (1 + 1e-9) + abs(value) * 1e-15


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.0, "0"), (-0.0, "0"), (1.0, "1"), (2.0, "x40000000"), (-1.0, "xbf800000"), (1001.0, "x447a4000")],
)
def test_nukes_words_are_zero_one_or_eight_hex_digits(value, word):
    assert hex_float(value) == word
    assert hex_float_value(word) == value


@given(st.lists(BINARY32, max_size=40))
def test_every_binary32_number_comes_back_as_it_was(values):
    assert list(hex_float_values(hex_floats(values))) == values
    assert [hex_float_value(word) for word in hex_floats(values)] == values


@given(st.lists(st.floats(-1e30, 1e30), max_size=40))
def test_other_numbers_become_their_nearest_binary32(values):
    assert hex_floats(values) == [hex_float(struct.unpack("f", struct.pack("f", value))[0]) for value in values]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e39])
def test_numbers_that_no_file_can_hold_are_refused(value):
    with pytest.raises(FormatError):
        hex_floats([1.0, value])
    if value != 1e39:
        with pytest.raises(FormatError):
            fixed_text(value)


@pytest.mark.parametrize("word", ["", "x", "x4", "x7f800000", "x7fc00000", "--1", "1_0", "nan", "inf", "0x10", "1e999"])
def test_words_that_are_no_numbers_are_refused(word):
    with pytest.raises(FormatError):
        hex_float_value(word)


def test_plain_decimals_are_numbers_too():
    assert hex_float_value("-12.5") == -12.5
    assert hex_float_values(["x40000000", "3", "100000000"]) == (2.0, 3.0, 100000000.0)
