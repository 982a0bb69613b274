"""Objects are segmented, followed, finished, and written as the shot's next version."""

import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import chain, count
from typing import Any

from roto_hub.jobs.kinds.bench import Bench
from roto_hub.jobs.kinds.delivery import MASKS, deliver
from roto_hub.jobs.kinds.leftovers import check_nothing_lost, take_out_leftovers
from roto_hub.jobs.kinds.prompts import prompts_by_frame
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Candidate, Combination, CurveSettings, FinishSettings, ObjectPrompt

WRITTEN = ("json", "nk", "fxs", "png", "report")


def segment(bench: Bench, request: dict[str, Any]) -> dict[str, Any]:
    """Segment what was said, follow it through the shot, and write shapes, masks and a report.

    The shot's session goes on: an object that is named again is corrected, and the others stay as they were.
    """
    with bench.session(request.get("engine", "")) as opened:
        prompted = _all_prompts(bench, opened, request)
        check_nothing_lost(bench, opened, _asked(request, prompted))
        take_out_leftovers(bench, opened, _asked(request, prompted))
        gone = {*(bench.newest.objects if bench.newest else ())}.difference(opened.stored)
        for name in (one for one in request.get("delete", ()) if one not in gone):
            bench.ask(messages.DeleteObject(opened.session, name))
        for frame, prompts in sorted(prompted.items()):
            bench.ask(messages.Segment(opened.session, frame, tuple(prompts)))
        tracked = bench.ask(
            messages.Track(opened.session, request.get("direction", "both"), request.get("first"), request.get("last"))
        )
        for said in request.get("combine", ()):
            made = Combination(said["name"], said["operation"], tuple(said["objects"]), keep=said.get("keep", True))
            bench.ask(messages.CombineObjects(opened.session, made))
        for name, settings in request.get("finish", {}).items():
            bench.ask(messages.FinishMasks(opened.session, FinishSettings(**settings), (name,)))
        shutil.rmtree(bench.folder, ignore_errors=True)
        curves = CurveSettings(**request.get("curves", {}))
        written = deliver(bench, opened.session, list(WRITTEN), curves, MASKS)
        return {**what_stands(bench, request.get("engine", ""), tracked), **written}


def what_stands(bench: Bench, engine: str, tracked: messages.Tracked) -> dict[str, Any]:
    """What a version is made of: its objects, where they were prompted, lost and uncertain, how they are finished."""
    opened = bench.open(engine)
    return {
        "objects": sorted(opened.stored),
        "prompted": {name: list(frames) for name, frames in opened.prompted.items()},
        "needs_click": {name: list(frames) for name, frames in tracked.needs_click.items()},
        "uncertain": {name: list(frames) for name, frames in tracked.uncertain.items()},
        "finish": {name: asdict(settings) for name, settings in opened.finish.items()},
    }


def _asked(request: dict[str, Any], prompted: dict[int, list[ObjectPrompt]]) -> set[str]:
    """All objects that a request speaks of: what an earlier attempt did of them is not done again."""
    combined = {name for said in request.get("combine", ()) for name in (said["name"], *said["objects"])}
    named = {prompt.object for prompts in prompted.values() for prompt in prompts}
    return {*named, *combined, *request.get("finish", ()), *request.get("delete", ())}


def _all_prompts(
    bench: Bench, opened: messages.SessionOpened, request: dict[str, Any]
) -> dict[int, list[ObjectPrompt]]:
    by_frame = prompts_by_frame(bench, request["prompts"])
    found = [hit for text in request.get("texts", ()) for hit in _find(bench, opened, text)]
    for hit, name in zip(found, _names(found, [one["object"] for one in request["prompts"]]), strict=True):
        by_frame.setdefault(hit.frame, []).append(ObjectPrompt(name, box=hit.candidate.box))
    return by_frame


@dataclass(frozen=True)
class _Hit:
    """Something that fits a text, and the name that it asks for."""

    name: str
    frame: int
    candidate: Candidate


def _find(bench: Bench, opened: messages.SessionOpened, said: dict[str, Any]) -> list[_Hit]:
    """The surest of what fits a text. Raises InputError where nothing does."""
    frame = said.get("frame")
    frame = opened.frames[len(opened.frames) // 2] if frame is None else frame
    candidates = bench.ask(messages.Find(opened.session, frame, said["text"])).candidates
    sure = [one for one in candidates if one.confidence >= said.get("confidence", 0.0)][: said.get("most", 1)]
    if not sure:
        raise InputError(f"Nothing on frame {frame} is “{said['text']}”.", "Use other words, or another frame.")
    return [_Hit(said.get("object") or one.label, frame, one) for one in sure]


def _names(found: list[_Hit], taken: Iterable[str]) -> list[str]:
    """A name for each: where several ask for the same, the later ones are counted."""
    names: list[str] = []
    used = set(taken)
    for hit in found:
        numbered = (f"{hit.name} {number}" for number in count(2))
        names.append(next(name for name in chain([hit.name], numbered) if name not in used))
        used.add(names[-1])
    return names
