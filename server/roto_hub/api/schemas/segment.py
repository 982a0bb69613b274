"""What is asked for: prompts, words, settings and templates of them, in and out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from roto_hub.api.schemas.base import Frame, In, Name, Out, Point, with_example
from roto_hub.db.models import LONGEST_NAME
from roto_shared import bounds


def _within(limits: bounds.Bounds) -> Any:
    return Field(ge=limits.least, le=limits.most)


class PromptIn(In):
    """What is said of an object on a frame, in plate pixels from the top left.

    ``painted`` is a mask that was sent before, ``version`` takes the object's mask of that version: points correct it.
    Nothing at all takes back what was said on the frame.
    """

    frame: Frame
    object: Name
    positive: list[Point] = Field(default_factory=list, max_length=1000)
    negative: list[Point] = Field(default_factory=list, max_length=1000)
    box: tuple[float, float, float, float] | None = None
    painted: str | None = Field(default=None, max_length=32, pattern="^[0-9a-f]+$")
    version: int | None = Field(default=None, ge=1, lt=2**31)


class TextIn(In):
    """What to look for, in words; what is found is segmented as if its box had been given."""

    text: str = Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")
    object: str = Field(
        default="", max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f]*$", description="Its name; else its words."
    )
    frame: Frame | None = Field(default=None, description="Where to look; else in the shot's middle.")
    most: int = Field(default=1, ge=1, le=50, description="So many of the surest are taken.")
    confidence: float = Field(default=0.0, ge=0, le=1, description="And none that is less sure.")


class CurvesIn(In):
    """How masks become shapes."""

    preset: Literal["tight", "balanced", "loose"] = "balanced"
    tolerance_px: Annotated[float, _within(bounds.TOLERANCE_PX)] | None = None
    key_density: Annotated[float, _within(bounds.KEY_DENSITY)] | None = None
    detail: Annotated[float, _within(bounds.DETAIL)] | None = None
    track: bool | None = None


class FinishIn(In):
    """What is done to an object's masks after tracking: flicker and specks go, holes close, edges move and soften."""

    steady_frames: Annotated[int, _within(bounds.STEADY_FRAMES)] = 0
    fill_holes_px2: float = Field(default=0, ge=0, le=1e8)
    drop_specks_px2: float = Field(default=0, ge=0, le=1e8)
    grow_px: Annotated[float, _within(bounds.GROW_PX)] = 0
    feather_px: Annotated[float, _within(bounds.FEATHER_PX)] = 0


class CombineIn(In):
    """An object made of others, which follows them; those that are not kept are merged into it."""

    name: Name
    operation: Literal["union", "intersect", "subtract"] = "union"
    objects: list[Name] = Field(min_length=2, max_length=50)
    keep: bool = False


class SegmentSettings(In):
    """How to segment and follow."""

    engine: str = Field(default="", max_length=100)
    first: Frame | None = None
    last: Frame | None = None
    direction: Literal["both", "forward", "backward"] = "both"
    curves: CurvesIn = CurvesIn()
    priority: int = Field(default=50, ge=0, le=100)
    depends_on: list[str] = Field(default_factory=list, max_length=100)
    vram_mb: int = Field(default=0, ge=0, le=10_000_000)


class SegmentIn(SegmentSettings):
    """Segment and follow; answered by a job whose result is the shot's next version."""

    model_config = with_example(
        {
            "prompts": [{"frame": 1001, "object": "hero", "positive": [[960, 540]]}],
            "texts": [{"text": "dog", "most": 2}],
        }
    )

    prompts: list[PromptIn] = Field(default_factory=list, max_length=10_000)
    texts: list[TextIn] = Field(default_factory=list, max_length=100)
    finish: dict[Name, FinishIn] = Field(default_factory=dict, max_length=100, description="By the objects' names.")
    combine: list[CombineIn] = Field(default_factory=list, max_length=50)
    delete: list[Name] = Field(default_factory=list, max_length=100, description="Objects to be taken out.")


class PromptedShot(In):
    """A shot, and what is said of it."""

    shot_id: str = Field(max_length=32)
    prompts: list[PromptIn] = Field(default_factory=list, max_length=10_000)
    texts: list[TextIn] = Field(default_factory=list, max_length=100)


class SegmentManyIn(SegmentSettings):
    """The same settings for many shots, each with prompts of its own."""

    model_config = with_example(
        {
            "shots": [{"shot_id": "the shot's id", "texts": [{"text": "person in red"}]}],
            "engine": "auto",
            "priority": 60,
        }
    )

    shots: list[PromptedShot] = Field(min_length=1, max_length=500)


class TemplateIn(SegmentIn):
    """A template: what a segmentation is asked, for shots to come."""

    model_config = with_example(
        {"name": "people, tight", "texts": [{"text": "person", "most": 5}], "curves": {"preset": "tight"}}
    )

    name: Name


class TemplateOut(Out):
    """A template; ``content`` is what its shots are asked."""

    id: str
    project_id: str
    name: str
    content: SegmentIn
    created_at: datetime
    revision: int


class ApplyIn(In):
    """Shots of the project to which a template is applied."""

    model_config = with_example({"shots": ["the first shot's id", "the second's"]})

    shots: list[str] = Field(min_length=1, max_length=500, description="Their ids.")
