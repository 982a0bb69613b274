"""What an artist said: objects, and prompts by frame. Every change gives a new book, so undo is an older one."""

from dataclasses import dataclass, replace
from typing import Callable, Dict, Iterable, Iterator, List, Optional, Tuple

from roto_shared.errors import InputError
from roto_shared.protocol.data import Box, Combination, ObjectPrompt
from roto_shared.shapes import Colour, Point

PALETTE: Tuple[Colour, ...] = (
    (0.95, 0.35, 0.25),
    (0.25, 0.65, 0.95),
    (0.45, 0.85, 0.35),
    (0.95, 0.75, 0.20),
    (0.75, 0.45, 0.95),
    (0.20, 0.85, 0.80),
    (0.95, 0.50, 0.75),
    (0.65, 0.60, 0.45),
)
"""Overlay colours that stay apart on dark plates, also for most colour-blind eyes (each differs in lightness)."""


@dataclass(frozen=True)
class PanelObject:
    """An object in the list. ``visible`` draws its overlay, ``locked`` keeps its prompts from being changed.

    ``identity`` stays the same whatever it is called later: its first name, or more where another one began so.
    ``parts`` are objects that were merged into it: they are in the list no more, though what was said of them holds.
    """

    name: str
    colour: Colour = PALETTE[0]
    visible: bool = True
    locked: bool = False
    identity: str = ""
    parts: "Tuple[PanelObject, ...]" = ()

    @property
    def combination(self) -> Combination:
        """How the daemon makes an object of its parts."""
        return Combination(self.name, "union", tuple(one.name for one in self.parts), keep=False)


Prompts = Dict[Tuple[int, str], ObjectPrompt]


@dataclass(frozen=True)
class PromptBook:
    """Objects from top to bottom, and what was said of them: ``said`` is by frame and name, each at most once."""

    objects: Tuple[PanelObject, ...] = ()
    said: Tuple[Tuple[int, ObjectPrompt], ...] = ()

    @property
    def names(self) -> Tuple[str, ...]:
        """Names from top to bottom."""
        return tuple(one.name for one in self.objects)

    @property
    def every_object(self) -> Tuple[PanelObject, ...]:
        """The objects of the list, each before what it is made of."""
        return tuple(_with_parts(self.objects))

    @property
    def prompts(self) -> Prompts:
        """Prompts by frame and object."""
        return {(frame, prompt.object): prompt for frame, prompt in self.said}

    def object(self, name: str) -> PanelObject:
        """The object of that name. Raises InputError where there is none."""
        for one in self.objects:
            if one.name == name:
                return one
        raise InputError("There is no object “{}”.".format(name), "Choose one in the list, or add it.")

    def prompt(self, frame: int, name: str) -> ObjectPrompt:
        """What was said of an object on a frame; an empty prompt for nothing."""
        return self.prompts.get((frame, name), ObjectPrompt(name))

    def frames(self, name: str) -> Tuple[int, ...]:
        """Frames on which something was said of an object, ascending."""
        return tuple(sorted(frame for frame, prompt in self.said if prompt.object == name))

    def with_object(self, name: str = "") -> "PromptBook":
        """One more object at the end, named if need be. Raises InputError for a name that is taken."""
        name = name.strip() or self._free_name()
        self._check_free(name)
        colour = PALETTE[len(self.objects) % len(PALETTE)]
        return replace(self, objects=(*self.objects, PanelObject(name, colour, identity=self._free_identity(name))))

    def with_merged(self, name: str, parts: Tuple[str, ...]) -> "PromptBook":
        """Objects made one, ``name``, at the end of the list. Raises InputError as :meth:`with_object`."""
        grown = self.with_object(name)
        merged = replace(grown.objects[-1], parts=tuple(map(self.object, parts)))
        return replace(self, objects=(*(one for one in self.objects if one.name not in parts), merged))

    def without_object(self, name: str) -> "PromptBook":
        """The book without an object, its parts, and all that was said of it. Raises InputError for a locked one."""
        self.check_open(name)
        gone = {one.name for one in _with_parts([self.object(name)])}
        objects = tuple(one for one in self.objects if one.name != name)
        return PromptBook(objects, tuple(entry for entry in self.said if entry[1].object not in gone))

    def renamed(self, name: str, new: str) -> "PromptBook":
        """The book with another name for an object. Raises InputError for one that is taken or empty."""
        new = new.strip()
        if new == name:
            return self
        self._check_free(new)
        self.check_open(name)
        said = tuple((f, replace(p, object=new) if p.object == name else p) for f, p in self.said)
        return PromptBook(self._changed(name, lambda one: replace(one, name=new)), said)

    def moved(self, name: str, place: int) -> "PromptBook":
        """The book with an object at another place of the list, 0 at the top."""
        one = self.object(name)
        others: List[PanelObject] = [other for other in self.objects if other.name != name]
        others.insert(max(0, min(place, len(others))), one)
        return replace(self, objects=tuple(others))

    def coloured(self, name: str, colour: Colour) -> "PromptBook":
        """The book with another overlay colour for an object."""
        return replace(self, objects=self._changed(name, lambda one: replace(one, colour=colour)))

    def shown(self, name: str, visible: bool) -> "PromptBook":
        """The book with an object's overlay on or off."""
        return replace(self, objects=self._changed(name, lambda one: replace(one, visible=visible)))

    def locked(self, name: str, locked: bool) -> "PromptBook":
        """The book with an object locked or open."""
        return replace(self, objects=self._changed(name, lambda one: replace(one, locked=locked)))

    def clicked(self, frame: int, name: str, point: Point, positive: bool = True) -> "PromptBook":
        """One more click on a frame. Raises InputError for a locked object."""
        prompt = self.prompt(frame, name)
        if positive:
            return self._with(frame, replace(prompt, positive=(*prompt.positive, point), mask=None))
        return self._with(frame, replace(prompt, negative=(*prompt.negative, point), mask=None))

    def click_moved(self, frame: int, name: str, index: int, point: Point, positive: bool = True) -> "PromptBook":
        """A click moved elsewhere. Raises InputError for a click that there is not, or a locked object."""
        return self._with_clicks(frame, name, index, positive, (point,))

    def click_removed(self, frame: int, name: str, index: int, positive: bool = True) -> "PromptBook":
        """A click taken back. Raises InputError for a click that there is not, or a locked object."""
        return self._with_clicks(frame, name, index, positive, ())

    def boxed(self, frame: int, name: str, box: Optional[Box]) -> "PromptBook":
        """A box instead of the one before on a frame, None for none; its corners may come in any order."""
        if box is not None:
            x0, y0, x1, y1 = box
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        return self._with(frame, replace(self.prompt(frame, name), box=box, mask=None))

    def cleared(self, frame: int, name: str) -> "PromptBook":
        """The book without what was said of an object on a frame."""
        return self._with(frame, ObjectPrompt(name))

    def told(self, frame: int, prompt: ObjectPrompt) -> "PromptBook":
        """A whole prompt instead of the one before on a frame. Raises InputError for a locked object."""
        return self._with(frame, prompt)

    def _with_clicks(
        self, frame: int, name: str, index: int, positive: bool, instead: Tuple[Point, ...]
    ) -> "PromptBook":
        prompt = self.prompt(frame, name)
        clicks = prompt.positive if positive else prompt.negative
        if not 0 <= index < len(clicks):
            raise InputError("There is no such click on frame {}.".format(frame), "Click again.")
        clicks = (*clicks[:index], *instead, *clicks[index + 1 :])
        return self._with(frame, replace(prompt, **{"positive" if positive else "negative": clicks}))

    def _with(self, frame: int, prompt: ObjectPrompt) -> "PromptBook":
        self.check_open(prompt.object)
        kept = tuple(e for e in self.said if (e[0], e[1].object) != (frame, prompt.object))
        added = () if prompt.is_empty else ((frame, prompt),)
        return replace(self, said=(*kept, *added))

    def _changed(self, name: str, change: Callable[[PanelObject], PanelObject]) -> Tuple[PanelObject, ...]:
        self.object(name)
        return tuple(change(one) if one.name == name else one for one in self.objects)

    def check_open(self, name: str) -> None:
        """Raise InputError for a locked object."""
        if self.object(name).locked:
            raise InputError("“{}” is locked.".format(name), "Unlock it in the list first.")

    def _check_free(self, name: str) -> None:
        if not name:
            raise InputError("An object needs a name.", "Type one.")
        if any(one.name == name for one in self.every_object):
            raise InputError("There is an object “{}” already.".format(name), "Choose another name.")

    def _free_identity(self, name: str) -> str:
        taken = [one.identity for one in self.every_object]
        while name in taken:
            name += "'"
        return name

    def _free_name(self) -> str:
        number, taken = 1, {one.name for one in self.every_object}
        while "object{}".format(number) in taken:
            number += 1
        return "object{}".format(number)


@dataclass(frozen=True)
class BookChange:
    """What the daemon must be told where a book follows another, in this order.

    Objects that are ``gone``, those that are called otherwise (what they were called, and are now), prompts by frame,
    and objects that are ``merged`` of others.
    """

    gone: Tuple[str, ...]
    renamed: Tuple[Tuple[str, str], ...]
    prompts: Dict[int, Tuple[ObjectPrompt, ...]]
    merged: Tuple[PanelObject, ...]


def change_between(before: PromptBook, after: PromptBook) -> BookChange:
    """What differs; prompts by ascending frame, empty ones for those that were taken back.

    Objects that are gone are to be deleted, so nothing is said of their frames.
    """
    now_called = _names_after(before, after)
    gone = tuple(one.name for one in before.every_object if one.name not in now_called)
    renamed = _one_after_the_other({was: now for was, now in now_called.items() if was != now})
    kept = [(frame, prompt) for frame, prompt in before.said if prompt.object in now_called]
    was = {
        (frame, now_called[prompt.object]): replace(prompt, object=now_called[prompt.object]) for frame, prompt in kept
    }
    now = after.prompts
    prompts: Dict[int, Tuple[ObjectPrompt, ...]] = {}
    for frame, name in sorted({**was, **now}):
        if was.get((frame, name)) != now.get((frame, name)):
            prompts[frame] = (*prompts.get(frame, ()), now.get((frame, name), ObjectPrompt(name)))
    there = {_which(one) for one in before.every_object}
    merged = tuple(one for one in reversed(after.every_object) if one.parts and _which(one) not in there)
    return BookChange(gone, renamed, prompts, merged)


def _with_parts(objects: Iterable[PanelObject]) -> Iterator[PanelObject]:
    for one in objects:
        yield one
        yield from _with_parts(one.parts)


def _names_after(before: PromptBook, after: PromptBook) -> Dict[str, str]:
    """What the objects of a book that are still there are called in another."""
    names = {_which(one): one.name for one in after.every_object}
    found = {one.name: names.get(_which(one)) for one in before.every_object}
    return {was: now for was, now in found.items() if now is not None}


def _which(one: PanelObject) -> Tuple[str, ...]:
    """What an object is, whatever it is called: of other parts it is another."""
    return (one.identity, *(identity for part in one.parts for identity in _which(part)))


def _one_after_the_other(names: Dict[str, str]) -> Tuple[Tuple[str, str], ...]:
    """Renames in an order in which no name is taken; of names that go round in a circle one waits under another."""
    steps: List[Tuple[str, str]] = []
    while names:
        free = next((was for was, now in names.items() if now not in names), None)
        was = next(iter(names)) if free is None else free
        now = was + " (renamed)" if free is None else names[was]
        if free is None:
            names[now] = names[was]
        steps.append((was, now))
        del names[was]
    return tuple(steps)
