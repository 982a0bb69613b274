"""Models in memory, and a GPU's memory that does not suffice for all of them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from roto_daemon.backends.choice import resolve_engine
from roto_daemon.backends.disc import DiscBackend
from roto_daemon.backends.table import BOTH, MODELS, Model, Place, Task
from roto_daemon.engines import EngineRoom
from roto_daemon.settings import DaemonSettings, load_settings, settings_texts
from roto_daemon.weights import WeightStore
from roto_shared.errors import InputError, OutOfMemoryError, UnknownEngineError
from roto_shared.protocol import messages
from roto_shared.protocol.data import ObjectPrompt, PlateRef

MODULE = "tests.daemon.small_gpu"
GPU_MODELS = (
    Model("large", BOTH, "", MODULE, memory_mb=6000),
    Model("small", BOTH, "", MODULE, memory_mb=2000),
    Model("clicks", (Task.PROMPT,), "", MODULE, memory_mb=1000),
    Model("follows", (Task.TRACK,), "", MODULE, memory_mb=1000),
)


@pytest.fixture(autouse=True)
def gpu_models(monkeypatch: pytest.MonkeyPatch) -> None:
    for model in GPU_MODELS:
        monkeypatch.setitem(MODELS, model.name, model)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def room() -> EngineRoom:
    return EngineRoom(lambda _: DiscBackend(), Clock(), lambda: 8000)


def test_models_share_the_memory_of_the_gpu(room):
    room.model("large")
    room.model("small")
    assert room.names() == ("large", "small")


def test_the_model_that_was_not_used_for_longest_makes_room(room):
    room.model("large")
    room.model("small")
    room.model("large")
    room.model("clicks")
    assert room.names() == ("large", "clicks")


def test_nobody_waits_for_a_model_that_is_being_loaded_to_hear_what_is_there():
    goes_on, loads = threading.Event(), threading.Event()

    def load(name: str) -> DiscBackend:
        if name == "large":
            loads.set()
            assert goes_on.wait(20)
        return DiscBackend()

    room = EngineRoom(load, Clock(), lambda: 8000)
    room.model("small")
    with ThreadPoolExecutor(2) as threads:
        loading = threads.submit(room.model, "large")
        assert loads.wait(20)
        try:
            assert threads.submit(room.names).result(5) == ("small",)
            assert threads.submit(room.unload_idle, 0.0).result(5) == ()
        finally:
            goes_on.set()
        loading.result(20)
    assert room.names() == ("small", "large")
    assert room.unload_idle(0.0) == ("small", "large")


def test_models_without_a_gpu_take_nothing_of_it(room):
    room.model("large")
    room.model("small")
    room.model("disc")
    assert room.names() == ("large", "small", "disc")


def test_an_engine_may_be_two_models(room):
    engine = room.get("clicks+follows")
    assert engine.name == "clicks+follows"
    assert room.names() == ("clicks", "follows")
    assert room.get("small").name == "disc"


def test_a_model_is_not_used_for_what_it_does_not_do(room):
    with pytest.raises(UnknownEngineError, match="'follows' does not prompt"):
        room.get("follows")
    with pytest.raises(UnknownEngineError, match="'clicks' does not track"):
        room.get("small+clicks")


def test_idle_models_go(room):
    room.model("large")
    for _ in range(10):
        room.model("small")
    assert room.unload_idle(8) == ("large",)
    assert room.names() == ("small",)


def test_auto_is_the_embedded_engine_where_nothing_better_can_run(tmp_path):
    place = Place(WeightStore(tmp_path))
    assert resolve_engine("auto", place, "sam2") == "embedded"
    assert resolve_engine("disc", place, "cutie") == "disc"
    with pytest.raises(InputError, match="auto_tracker"):
        resolve_engine("auto", place, "memory")


def test_where_memory_runs_out_others_are_unloaded_and_the_click_is_answered(daemon, client, disc_clip: Path):
    from tests.daemon import small_gpu

    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), "small"))
    other = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), "large"))
    click = (ObjectPrompt("disc", ((20.5, 30.5),)),)
    client.ask(messages.Segment(other.session, 1001, click))
    small_gpu.crowd("small", daemon.house.engines)
    answer = client.ask(messages.Segment(opened.session, 1001, click))
    assert answer.objects[0].confidence == 1.0
    assert client.ask(messages.StatusQuery()).engines == ("small",)


def test_where_memory_runs_out_in_mid_track_it_goes_on_from_there(daemon, client, disc_clip: Path):
    from tests.daemon import small_gpu

    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), "small"))
    client.ask(messages.Segment(opened.session, 1001, (ObjectPrompt("disc", ((20.5, 30.5),)),)))
    daemon.house.engines.model("large")
    small_gpu.crowd("small", daemon.house.engines, after=4)
    events = []
    client.ask(messages.Track(opened.session, "forward"), events.append)
    frames = [event.frame for event in events if isinstance(event, messages.TrackedFrame)]
    assert frames == list(range(1002, 1013))
    assert not [event for event in events if isinstance(event, messages.TrackedFrame) and event.stored]


def test_where_nothing_can_be_unloaded_a_sentence_says_so_and_the_daemon_lives(daemon, client, disc_clip: Path):
    from tests.daemon import small_gpu

    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), "small"))
    small_gpu.crowd("small", daemon.house.engines)
    with pytest.raises(OutOfMemoryError, match="does not suffice"):
        client.ask(messages.Segment(opened.session, 1001, (ObjectPrompt("disc", ((20.5, 30.5),)),)))
    small_gpu.ROOMS.clear()
    client.ask(messages.Segment(opened.session, 1001, (ObjectPrompt("disc", ((20.5, 30.5),)),)))


def test_settings_are_read_from_the_file_and_the_environment_and_told_as_texts(tmp_path):
    file = tmp_path / "daemon.toml"
    file.write_text('compile_networks = true\nvram_mb = 6000\nauto_tracker = "cutie"\n', encoding="utf-8")
    settings = load_settings({"ROTO_SETTINGS": str(file), "ROTO_DEVICE": "cpu", "ROTO_VRAM_MB": "4000"})
    assert (settings.compile_networks, settings.vram_mb, settings.auto_tracker) == (True, 4000, "cutie")
    told = settings_texts(settings)
    assert (told["compile_networks"], told["device"], told["mirror_dir"]) == ("true", "cpu", "")
    assert settings_texts(DaemonSettings())["vram_mb"] == "0"
    with pytest.raises(InputError, match="compile_networks in the environment cannot be “perhaps”"):
        load_settings({"ROTO_SETTINGS": str(file), "ROTO_COMPILE_NETWORKS": "perhaps"})
