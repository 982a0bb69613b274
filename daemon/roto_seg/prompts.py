"""What an artist said, from options or from a prompts file, as the daemon takes it: prompts by frame.

A prompts file is JSON: ``{"objects": {NAME: {FRAME: {"positive": [[x, y], …], "negative": [[x, y], …],
"box": [x0, y0, x1, y1], "mask": FILE}}}}``. Pixels count from the top left; FILE is relative to the prompts file.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from roto_seg.mask_reach import check_reach
from roto_seg.options import Box, Click, FrameMask
from roto_shared.errors import InputError

if TYPE_CHECKING:
    from roto_daemon.backends.base import Mask
    from roto_shared.protocol.messages import ObjectPrompt, Picture

Prompts = dict[int, tuple["ObjectPrompt", ...]]


@dataclass(frozen=True)
class FramePrompt:
    """What a prompts file says about one object on one frame."""

    positive: tuple[tuple[float, float], ...] = ()
    negative: tuple[tuple[float, float], ...] = ()
    box: tuple[float, ...] = ()
    mask: str = ""


@dataclass(frozen=True)
class PromptsFile:
    """A prompts file: objects, then frames (as texts, since JSON knows no other names)."""

    objects: dict[str, dict[str, FramePrompt]]


def clicked_prompt(
    name: str, positive: Iterable[Click] | None, negative: Iterable[Click] | None, box: Box | None
) -> "ObjectPrompt":
    """Clicks and box of one object. Raises BadParameter when nothing says where the object is."""
    from roto_shared.protocol.messages import ObjectPrompt

    prompt = ObjectPrompt(name, tuple(positive or ()), tuple(negative or ()), box)
    if not prompt.positive and box is None:
        raise typer.BadParameter("nothing says where the object is: give at least one --point or a --box.")
    return prompt


def mask_prompts(name: str, masks: Iterable[FrameMask]) -> Prompts:
    """One object's masks by frame."""
    from roto_shared.protocol.messages import ObjectPrompt

    return {mask.frame: (ObjectPrompt(name, mask=read_mask_picture(mask.path)),) for mask in masks}


def read_prompts(path: Path) -> Prompts:
    """Prompts of a file. Raises InputError, naming file and field, for what does not fit."""
    objects = _parse(path).objects
    by_frame: dict[int, list[ObjectPrompt]] = defaultdict(list)
    for name, frames in objects.items():
        for frame, prompt in frames.items():
            where = f"{path}: objects.{name}.{frame}"
            prompts = by_frame[_frame_number(frame, where)]
            if any(said.object == name for said in prompts):  # as 1 and 01
                raise InputError(f"{where} is said twice.", "Put what both say together.")
            prompts.append(_object_prompt(name, prompt, where, path.parent))
    if not by_frame:
        raise InputError(f"{path} has no prompts.", "Give at least one object with a click, a box or a mask.")
    return {frame: tuple(prompts) for frame, prompts in sorted(by_frame.items())}


def _parse(path: Path) -> PromptsFile:
    from roto_shared.structure import from_plain

    try:
        plain: Any = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_said_once)
    except FileNotFoundError:
        raise InputError(f"There is no prompts file {path}.", "Check the name.") from None
    except InputError as error:
        raise InputError(f"{path} {error.message}", error.remedy) from error
    except ValueError as error:
        raise InputError(f"{path} is not JSON: {error}.", "Correct it; docs/command-line.md shows one.") from error
    if not isinstance(plain, Mapping) or not isinstance(plain.get("objects"), Mapping):
        raise InputError(f"{path} lacks “objects”.", "docs/command-line.md shows a prompts file.")
    try:
        parsed = from_plain(PromptsFile, plain)
    except InputError as error:
        raise InputError(f"{path}: {error.message}", error.remedy) from error
    _check_fields(path, plain)
    return parsed


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text. Raises InputError for a name that comes twice: JSON would drop what the first says."""
    said = dict(pairs)
    if len(said) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise InputError(f"says “{twice}” twice in one place.", "Put what both say together, or rename one.")
    return said


def _check_fields(path: Path, plain: Mapping[str, Any]) -> None:
    """Raise InputError for a field that is not known: what an artist said would be lost with it."""
    _refuse_others(PromptsFile, plain, str(path))
    for name, frames in plain["objects"].items():
        for frame, prompt in frames.items():
            _refuse_others(FramePrompt, prompt, f"{path}: objects.{name}.{frame}")


def _refuse_others(kind: type[PromptsFile] | type[FramePrompt], plain: Mapping[str, Any], where: str) -> None:
    known = [field.name for field in fields(kind)]
    for field in plain:
        if field not in known:
            raise InputError(f"{where} has a field “{field}”.", f"Use {', '.join(known)}.")


def _frame_number(text: str, where: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"{where}: “{text}” is not a frame number.", "Name each prompt by its frame.") from None


def _object_prompt(name: str, prompt: FramePrompt, where: str, folder: Path) -> "ObjectPrompt":
    from roto_shared.protocol.messages import ObjectPrompt

    if prompt.box and len(prompt.box) != 4:
        raise InputError(f"{where}.box has {len(prompt.box)} numbers, not 4.", "Write [x0, y0, x1, y1].")
    if not (prompt.positive or prompt.box or prompt.mask):
        raise InputError(f"{where} says nothing of where the object is.", "Give positive, box or mask.")
    box = None if not prompt.box else (prompt.box[0], prompt.box[1], prompt.box[2], prompt.box[3])
    mask = read_mask_picture(folder / prompt.mask) if prompt.mask else None
    return ObjectPrompt(name, prompt.positive, prompt.negative, box, mask)


def read_mask_picture(path: Path) -> "Picture":
    """A mask file of any kind as the wire carries masks. Raises InputError where it cannot be read or is too faint."""
    from roto_daemon.plates import read_mask

    mask = read_mask(path)
    check_reach(float(mask.max()), path)
    return mask_picture(mask)


def mask_picture(coverage: "Mask") -> "Picture":
    """Coverage 0..1 (height, width) as the wire carries masks: a grey PNG, of 16 bits where 8 are too few."""
    from roto_daemon.outputs.masks import encode_png, needed_bits
    from roto_shared.protocol.messages import Picture

    height, width = coverage.shape
    return Picture("image/png", width, height, encode_png(coverage, needed_bits(coverage)))
