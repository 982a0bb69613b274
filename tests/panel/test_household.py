"""The daemon itself in the panel: how it is, its models, started and stopped by hand."""

from __future__ import annotations

import pytest
from desk_host import DeskHost

from roto_panel.errands import Errands
from roto_panel.presenter import Presenter
from roto_shared.protocol.messages import Engine


@pytest.fixture
def presenter(running, main_thread, clip):
    host = DeskHost(clip.pattern, main_thread.deliver)
    is_running = [True]
    presenter = Presenter(
        host, Errands(running.connect, main_thread.deliver), lambda _: None, is_daemon_running=lambda: is_running[0]
    )
    presenter.host, presenter.is_running = host, is_running
    yield presenter
    presenter.close()


def test_how_it_is_and_its_models_are_learned_by_watching(presenter, main_thread) -> None:
    presenter.household.watch()
    main_thread.until(lambda: presenter.state.daemon is not None and bool(presenter.state.engines))
    assert presenter.state.daemon.memory_mb > 0
    assert {"embedded", "sam2-tiny"} <= {engine.name for engine in presenter.state.engines}
    assert len(presenter.host.waiting) == 1, "it looks again later"


def test_one_that_is_gone_is_shown_as_gone_without_being_started(presenter, main_thread) -> None:
    presenter.household.watch()
    main_thread.until(lambda: presenter.state.daemon is not None)
    presenter.is_running[0] = False
    presenter.host.run_waiting()
    assert presenter.state.daemon is None


def test_it_is_started_and_stopped_by_hand(presenter, running, main_thread) -> None:
    presenter.household.start()
    main_thread.until(lambda: presenter.state.daemon is not None)
    presenter.household.stop()
    main_thread.until(lambda: presenter.state.told == "The daemon stopped.")
    assert presenter.state.daemon is None


def test_after_closing_nobody_asks_any_more(presenter) -> None:
    presenter.household.watch()
    presenter.close()
    presenter.host.run_waiting()
    assert presenter.host.waiting == []


def test_engines_that_lack_nothing_are_offered_alone_and_with_trackers() -> None:
    from roto_panel.widgets.tabs.tracking import able_engines

    models = (
        Engine("a", "", ("prompt", "track")),
        Engine("b", "", ("prompt", "track"), missing=("weights",)),
        Engine("follower", "", ("track",)),
        Engine("edges", "", ("matte",)),
    )
    assert able_engines(models) == ("a", "a+follower")
