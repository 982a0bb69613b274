"""What an artist said, and what the daemon must be told when it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from roto_panel.book import PALETTE, PromptBook, change_between
from roto_panel.history import MOST_STEPS, History
from roto_panel.saved import book_from_text, book_text
from roto_shared.errors import FormatError, InputError
from roto_shared.protocol.data import ObjectPrompt, Picture


@pytest.fixture
def book() -> PromptBook:
    return PromptBook().with_object("hero").with_object("tree").clicked(1001, "hero", (10.0, 20.0))


def test_objects_get_names_and_colours_of_their_own() -> None:
    book = PromptBook()
    for _ in range(3):
        book = book.with_object()
    assert book.names == ("object1", "object2", "object3")
    assert len({one.colour for one in book.objects}) == 3
    assert book.without_object("object2").with_object().names == ("object1", "object3", "object2")
    assert len(set(PALETTE)) == len(PALETTE)


def test_clicks_gather_on_a_frame_in_their_order(book) -> None:
    book = book.clicked(1001, "hero", (1.0, 2.0)).clicked(1001, "hero", (3.0, 4.0), positive=False)
    prompt = book.prompt(1001, "hero")
    assert prompt.positive == ((10.0, 20.0), (1.0, 2.0))
    assert prompt.negative == ((3.0, 4.0),)
    assert book.frames("hero") == (1001,)


def test_a_click_is_moved_and_taken_back(book) -> None:
    moved = book.click_moved(1001, "hero", 0, (5.0, 5.0))
    assert moved.prompt(1001, "hero").positive == ((5.0, 5.0),)
    assert moved.click_removed(1001, "hero", 0).frames("hero") == ()
    with pytest.raises(InputError, match="no such click"):
        book.click_removed(1001, "hero", 3)


def test_a_box_has_its_corners_in_order(book) -> None:
    assert book.boxed(1, "tree", (30.0, 5.0, 10.0, 50.0)).prompt(1, "tree").box == (10.0, 5.0, 30.0, 50.0)
    assert book.boxed(1, "tree", (1.0, 1.0, 2.0, 2.0)).boxed(1, "tree", None).frames("tree") == ()


def test_an_object_is_renamed_with_all_that_was_said_of_it(book) -> None:
    renamed = book.renamed("hero", "villain")
    assert renamed.names == ("villain", "tree")
    assert renamed.prompt(1001, "villain").positive == ((10.0, 20.0),)
    assert renamed.renamed("villain", "villain") is renamed


@pytest.mark.parametrize("name", ["tree", "", "  "])
def test_a_name_that_is_taken_or_empty_is_refused(book, name: str) -> None:
    with pytest.raises(InputError):
        book.renamed("hero", name)


def test_a_locked_object_is_left_alone_until_it_is_unlocked(book) -> None:
    locked = book.locked("hero", True)
    for change in (
        lambda: locked.clicked(1001, "hero", (0.0, 0.0)),
        lambda: locked.boxed(1001, "hero", None),
        lambda: locked.cleared(1001, "hero"),
        lambda: locked.without_object("hero"),
        lambda: locked.renamed("hero", "x"),
    ):
        with pytest.raises(InputError, match="locked"):
            change()
    assert locked.shown("hero", False).object("hero").visible is False
    assert locked.locked("hero", False).clicked(1001, "hero", (0.0, 0.0)) != book


def test_the_list_is_put_into_another_order(book) -> None:
    assert book.moved("tree", 0).names == ("tree", "hero")
    assert book.moved("hero", 99).names == ("tree", "hero")


def test_what_is_unknown_is_named(book) -> None:
    with pytest.raises(InputError, match="nobody"):
        book.clicked(1, "nobody", (0.0, 0.0))


def test_the_daemon_is_told_what_differs_and_no_more(book) -> None:
    later = book.clicked(1001, "tree", (7.0, 7.0)).clicked(1004, "hero", (1.0, 1.0)).coloured("hero", (0.0, 0.0, 0.0))
    change = change_between(book, later)
    assert list(change.prompts) == [1001, 1004]
    assert [prompt.object for prompt in change.prompts[1001]] == ["tree"]
    back = change_between(later, book)
    assert back.prompts == {1001: (ObjectPrompt("tree"),), 1004: (ObjectPrompt("hero"),)}
    assert change_between(book, book.without_object("hero")) == change_between(book, book.without_object("hero"))
    gone = change_between(book, book.without_object("hero"))
    assert (gone.prompts, gone.gone) == ({}, ("hero",))


DEEDS = ["click", "minus", "box", "clear", "add", "drop", "rename", "merge"]
ACTIONS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 3), st.integers(0, 2)), max_size=20)


def is_taken(book: PromptBook, name: str) -> bool:
    return name in {one.name for one in book.every_object}


def after(book: PromptBook, actions: list[tuple[str, int, int]]) -> PromptBook:
    for action, frame, which in actions:
        if action == "add":
            book = book.with_object()
            continue
        if not book.names:
            continue
        name = book.names[which % len(book.names)]
        if action == "drop":
            book = book.without_object(name)
        elif action == "box":
            book = book.boxed(frame, name, (0.0, 0.0, float(which + 1), 5.0))
        elif action == "clear":
            book = book.cleared(frame, name)
        elif action == "rename":
            book = book if is_taken(book, f"object{frame}") else book.renamed(name, f"object{frame}")
        elif action == "merge":
            other = book.names[(which + 1) % len(book.names)]
            is_possible = other != name and not is_taken(book, f"merged{frame}")
            book = book.with_merged(f"merged{frame}", (name, other)) if is_possible else book
        else:
            book = book.clicked(frame, name, (float(frame), float(which)), action == "click")
    return book


@given(ACTIONS, ACTIONS, ACTIONS)
def test_telling_the_change_brings_the_daemon_to_the_later_book(common, first, second) -> None:
    shared = after(PromptBook(), common)
    before, later = after(shared, first), after(shared, second)
    change = change_between(before, later)
    made = {one.name: one.combination.objects for one in before.every_object if one.parts}
    for name in change.gone:
        made.pop(name, None)
        assert not any(name in parts for parts in made.values()), "the daemon keeps what others are made of"
    names = {one.name for one in before.every_object} - set(change.gone)
    told = {key: prompt for key, prompt in before.prompts.items() if key[1] in names}
    for was, now in change.renamed:
        assert was in names
        assert now not in names, "the daemon refuses a name that is taken"
        names = names - {was} | {now}
        made = {now if of == was else of: tuple(now if p == was else p for p in parts) for of, parts in made.items()}
        told = {
            (frame, now if of == was else of): replace(prompt, object=now) if of == was else prompt
            for (frame, of), prompt in told.items()
        }
    assert names <= {one.name for one in later.every_object}
    for frame, prompts in change.prompts.items():
        told.update({(frame, prompt.object): prompt for prompt in prompts})
    assert {key: p for key, p in told.items() if p != ObjectPrompt(key[1])} == later.prompts
    for one in change.merged:
        assert {part.name for part in one.parts if part.parts} <= set(made), (
            "the daemon makes objects of those there are"
        )
        made[one.name] = one.combination.objects
    assert made == {one.name: one.combination.objects for one in later.every_object if one.parts}


@given(ACTIONS)
def test_a_book_comes_back_from_its_text(actions) -> None:
    book = after(PromptBook(), actions)
    text = book_text(book)
    assert "\n" not in text
    assert book_from_text(text) == book


def test_objects_may_change_their_names_among_themselves(book) -> None:
    swapped = book.renamed("hero", "spare").renamed("tree", "hero").renamed("spare", "tree")
    change = change_between(book, swapped)
    assert (change.gone, change.prompts) == ((), {})
    assert sorted(now for _, now in change.renamed) == ["hero", "hero (renamed)", "tree"]


def test_objects_of_books_that_were_kept_before_they_had_an_identity_can_be_renamed_and_back() -> None:
    kept = book_from_text('{"schema": "roto.prompts/1", "objects": [{"name": "hero"}], "said": []}')
    change = change_between(kept.renamed("hero", "villain"), kept)
    assert (change.gone, change.renamed) == ((), (("villain", "hero"),))


def test_supplied_masks_are_left_out_of_the_text() -> None:
    mask = ObjectPrompt("hero", ((1.0, 1.0),), mask=Picture("image/png", 1, 1, b"x" * 10_000))
    book = PromptBook(PromptBook().with_object("hero").objects, ((1, mask),))
    assert len(book_text(book)) < 1000


@pytest.mark.parametrize(
    "text", ["nonsense", "[]", '{"schema": "roto.prompts/9"}', '{"schema": "roto.prompts/1", "objects": 3}']
)
def test_a_damaged_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(FormatError, match="prompts"):
        book_from_text(text)


def test_an_empty_knob_is_an_empty_book() -> None:
    assert book_from_text("  ") == PromptBook()


class HistoryMachine(RuleBasedStateMachine):
    """A history against a plain list of states."""

    def __init__(self) -> None:
        super().__init__()
        self.history: History[int] = History(0)
        self.states, self.place = [0], 0

    @rule(state=st.integers(0, 5))
    def do(self, state: int) -> None:
        changed = self.history.do(f"to {state}", state)
        assert changed == (state != self.states[self.place])
        if changed:
            self.states, self.place = [*self.states[: self.place + 1], state], self.place + 1

    @rule(step=st.sampled_from([-1, 1]))
    def step(self, step: int) -> None:
        moved = self.history.undo() if step < 0 else self.history.redo()
        assert moved == (0 <= self.place + step < len(self.states))
        self.place += step if moved else 0

    @invariant()
    def same(self) -> None:
        assert self.history.state == self.states[self.place]
        assert len(self.history.labels) == len(self.states) - 1
        assert self.history.place == self.place


TestHistory = HistoryMachine.TestCase


def test_old_steps_are_forgotten() -> None:
    history: History[int] = History(0)
    for state in range(1, MOST_STEPS + 50):
        history.do("more", state)
    assert len(history.labels) == MOST_STEPS
    assert history.state == MOST_STEPS + 49
