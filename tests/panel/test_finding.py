"""Objects found by words: what an artist says of candidates, and what follows from it."""

from __future__ import annotations

import pytest
from desk import Desk

from roto_shared.protocol.data import Candidate
from roto_shared.protocol.messages import Found

BALL = Candidate("red ball", (8.0, 18.0, 33.0, 43.0), 0.9)
SHADOW = Candidate("red ball", (50.0, 5.0, 70.0, 25.0), 0.4)


@pytest.fixture
def found(desk) -> Desk:
    """As after a search that found two things; which model found them is the daemon's affair and tested there."""
    desk.presenter.finding._found(Found(1001, (BALL, SHADOW), "some-model"))
    return desk


def test_without_a_model_the_daemon_says_what_to_fetch(desk) -> None:
    desk.presenter.finding.find("red ball")
    state = desk.until(lambda state: state.trouble is not None)
    assert state.working is None
    assert state.trouble.remedy


def test_an_accepted_candidate_is_an_object_of_its_words_prompted_by_its_box(found) -> None:
    found.presenter.finding.accept(0)
    state = found.until(lambda state: "red ball" in state.masks)
    assert state.book.prompt(1001, "red ball").box == BALL.box
    assert state.selected == "red ball"
    assert state.finding.candidates == (SHADOW,)
    assert state.finding.accepted == (BALL,)


def test_two_of_the_same_words_have_names_of_their_own(found) -> None:
    found.presenter.finding.accept(0)
    found.presenter.finding.accept(0)
    assert found.presenter.state.book.names == ("red ball", "red ball 2")


def test_a_rejected_one_goes_and_is_remembered(found) -> None:
    found.presenter.finding.reject(1)
    finding = found.presenter.state.finding
    assert (finding.candidates, finding.rejected) == ((BALL,), (SHADOW,))
    found.presenter.finding.clear()
    assert found.presenter.state.finding.rejected == ()


def test_what_was_accepted_is_not_offered_again(found) -> None:
    found.presenter.finding.accept(0)
    found.presenter.finding._found(Found(1001, (BALL, SHADOW), "some-model"))
    assert found.presenter.state.finding.candidates == (SHADOW,)


def test_an_empty_text_asks_nothing(desk) -> None:
    desk.presenter.finding.find("  ")
    assert desk.presenter.state.working is None
