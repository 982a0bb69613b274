"""Motion blur of a session: the shutter that its pictures show, and where edges are smeared."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from roto_daemon.backends.base import Mask
from roto_daemon.motion.flow import Floats
from roto_daemon.motion_blur.motion import object_motion
from roto_daemon.motion_blur.shutter import Evidence, add_evidence, find_shutter, shutter_evidence
from roto_daemon.motion_blur.smear import describe_smear, edge_speeds
from roto_daemon.pipelines.around import PicturesAround, with_neighbours
from roto_daemon.pipelines.derive import check_objects, frames_within
from roto_daemon.pipelines.track import OpenReader
from roto_daemon.sessions.session import Session
from roto_shared.protocol.data import FrameSmear
from roto_shared.protocol.messages import BlurMeasured, MeasureBlur, Progress

ASKED_FRAMES = 48
"""So many frames of an object, evenly spread, tell the shutter of a shot."""


def measure_blur(
    session: Session, request: MeasureBlur, open_reader: OpenReader
) -> Generator[Progress, None, BlurMeasured]:
    """Find the shutter, unless it is given, and describe the smear of every frame asked. Raises InputError."""
    names = request.objects or tuple(session.standing.objects)
    check_objects(session, names)
    evidence: list[Evidence] = []
    speeds: dict[str, dict[int, Floats]] = {name: {} for name in names}
    for name in names:
        frames = _spread(frames_within(session, name, request.first, request.last))
        with open_reader(with_neighbours(frames, 1, session.plate.frames)) as reader:
            pictures = PicturesAround(reader)
            for done, frame in enumerate(frames, 1):
                image, mask = pictures.at(frame), session.standing.read(name, frame)
                if image is not None:
                    motion = motion_on(pictures, frame, mask)
                    evidence.append(shutter_evidence(image, mask, motion))
                    speeds[name][frame] = edge_speeds(mask, motion)
                pictures.drop_before(frame)
                yield Progress(done, len(frames), f"motion blur of {name}")
    shutter = find_shutter(add_evidence(evidence)) if request.shutter is None else request.shutter
    return BlurMeasured(shutter, {name: _told(own, shutter or 0.0) for name, own in speeds.items()})


def motion_on(pictures: PicturesAround, frame: int, mask: Mask) -> Floats:
    """The motion of the object of ``mask`` on a frame; see :func:`.motion.object_motion`. Raises PlateError."""
    return object_motion(pictures.must_have(frame), mask, pictures.at(frame - 1), pictures.at(frame + 1))


def _told(speeds: dict[int, Floats], shutter: float) -> tuple[FrameSmear, ...]:
    smears = {frame: describe_smear(own, shutter) for frame, own in speeds.items()}
    return tuple(FrameSmear(frame, smear.share, smear.mean_px, smear.most_px) for frame, smear in smears.items())


def _spread(frames: Sequence[int]) -> list[int]:
    if len(frames) <= ASKED_FRAMES:
        return list(frames)
    return [frames[int(place)] for place in np.linspace(0, len(frames) - 1, ASKED_FRAMES).round()]
