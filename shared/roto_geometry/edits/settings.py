"""What an artist chooses about an edit, apart from how closely shapes follow."""

from dataclasses import dataclass, field

from roto_geometry.settings import FitSettings


@dataclass(frozen=True)
class EditSettings:
    """What an artist chooses.

    ``reach_frames``: frames up to the first key at least this far from a changed one are fitted anew; half a second of
    film. ``fade_frames``: over how many frames a change that leaves the mask fades out; 0 says that the masks are right
    on every other frame. ``fit``: how closely shapes follow their masks.
    """

    reach_frames: float = 12.0
    fade_frames: float = 6.0
    fit: FitSettings = field(default_factory=FitSettings)
