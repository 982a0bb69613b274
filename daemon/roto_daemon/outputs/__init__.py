"""What leaves the daemon as files besides shapes: masks and previews, each written whole or not at all."""

from .masks import mask_path, write_mask
from .overlay import draw_frame
from .preview import write_preview

__all__ = ["draw_frame", "mask_path", "write_mask", "write_preview"]
