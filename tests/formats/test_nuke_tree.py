"""Braces and words: nothing is lost between text and tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_formats.nuke.tree import Branch, line_of, parse, quote, unparse, unquote, words
from roto_shared.errors import FormatError


def test_blanks_newlines_and_tabs_separate_alike():
    assert list(words(parse("{a\n\tb   {c}{d\te}}"))) == ["{", "a", "b", "{", "c", "}", "{", "d", "e", "}", "}"]


@pytest.mark.parametrize("blank", ["\u3000", "\u00a0", "\u2009"])
def test_blanks_of_other_scripts_belong_to_their_name(blank):
    assert parse(f"{{layer 左{blank}腕 {{f 0}}}}").items[1] == f"左{blank}腕"
    assert parse(f"{{左{blank}腕 0}}").items == (f"左{blank}腕", "0")


def test_a_list_knows_where_it_stands():
    text = '{layer "a b" {f 0}}'
    tree = parse(text)
    inner = tree.items[2]
    assert isinstance(inner, Branch)
    assert text[inner.start : inner.end] == "{f 0}"
    assert tree.items[1] == '"a b"'


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12))
def test_any_name_goes_through_a_word(name):
    (word,) = parse("{" + quote(name) + "}").items
    assert isinstance(word, str)
    assert unquote(word) == name


def trees():
    word = st.text("ab01.=-", min_size=1, max_size=4)
    return st.recursive(word, lambda inner: st.lists(inner, max_size=4).map(lambda items: Branch(tuple(items), 0, 0)))


@given(trees())
def test_a_tree_written_and_parsed_says_the_same(tree):
    whole = Branch((tree,), 0, 0)
    assert list(words(parse(unparse(whole)))) == list(words(whole))


@pytest.mark.parametrize(
    ("text", "place"),
    [("{a\n{b}", "Line 2"), ("\n}", "Line 2"), ('{a\n\n"b}', "Line 3"), ("word", "“word”"), ("", "no list")],
)
def test_damage_is_told_with_its_line(text, place):
    with pytest.raises(FormatError, match=place):
        parse(text)


def test_lines_count_from_one():
    assert [line_of("a\nb\nc", place) for place in (0, 2, 4)] == [1, 2, 3]
