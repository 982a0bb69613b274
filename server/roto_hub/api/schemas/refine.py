"""What is done to a shot's masks and shapes by hand, in and out."""

from typing import Annotated, Literal

from pydantic import Field

from roto_hub.api.schemas.base import Frame, In, Name, Out, Point, with_example
from roto_hub.api.schemas.segment import CurvesIn, PromptIn

KnotIn = tuple[float, float, float, float, float, float]
Whole = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f]*$")]


class ClickIn(In):
    """What is said of objects on one frame, to see at once what it gives; nothing of it is kept."""

    model_config = with_example({"prompts": [{"frame": 1001, "object": "hero", "positive": [[960, 540]]}]})

    prompts: list[PromptIn] = Field(min_length=1, max_length=100)
    engine: str = Field(default="", max_length=100)


class PaintedOut(Out):
    """A painted mask, to be named in prompts."""

    id: str


class MoveIn(In):
    """All knots of a shape on a frame, as they are to be: x, y, and both tangents relative to it, in plate pixels."""

    do: Literal["move"]
    shape: Whole
    frame: Frame
    knots: list[KnotIn] = Field(min_length=1, max_length=5000)


class KnotChangeIn(In):
    """A knot more where the shape's edge is nearest to a point, or the nearest one less; on every frame."""

    do: Literal["add_knot", "remove_knot"]
    shape: Whole
    frame: Frame
    point: Point


class DeleteIn(In):
    """A shape less."""

    do: Literal["delete"]
    shape: Whole


class NewShapeIn(In):
    """A shape more in an object, the same on every frame until it is moved on another one."""

    do: Literal["add"]
    object: Name
    name: Name
    frame: Frame
    knots: list[KnotIn] = Field(min_length=3, max_length=5000)


EditIn = Annotated[MoveIn | KnotChangeIn | DeleteIn | NewShapeIn, Field(discriminator="do")]


class ReshapeIn(In):
    """Edits to a version's shapes, one after the other; answered by a job whose result is the next version."""

    model_config = with_example({"edits": [{"do": "delete", "shape": "hero/shape 2"}]})

    edits: list[EditIn] = Field(min_length=1, max_length=1000)
    curves: CurvesIn = CurvesIn()
    engine: str = Field(default="", max_length=100)
    priority: int = Field(default=50, ge=0, le=100)


class OutlineOut(Out):
    """A shape on a frame. ``knots`` as in a move; ``is_key`` says that it has a key there."""

    shape: str
    object: str
    closed: bool
    is_locked: bool
    is_key: bool
    knots: list[KnotIn]


class OutlinesOut(Out):
    """A version's shapes on frames, the topmost first, and the frames with keys of each shape."""

    frames: dict[int, list[OutlineOut]]
    keys: dict[str, list[float]]
