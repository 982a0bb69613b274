"""Reading plates and masks: any usual sequence or video, by source frame."""

from .colour import Reading
from .mattes import MaskSequence, open_masks, read_mask
from .originals import spare
from .plate import Plate, files_of, open_plate, plain_path
from .read_ahead import ReadAhead

__all__ = [
    "MaskSequence",
    "Plate",
    "ReadAhead",
    "Reading",
    "files_of",
    "open_masks",
    "open_plate",
    "plain_path",
    "read_mask",
    "spare",
]
