"""Reading plates and masks: any usual sequence or video, by source frame."""

from .colour import Reading
from .mattes import MaskSequence, open_masks, read_mask
from .plate import Plate, open_plate
from .read_ahead import ReadAhead

__all__ = ["MaskSequence", "Plate", "ReadAhead", "Reading", "open_masks", "open_plate", "read_mask"]
