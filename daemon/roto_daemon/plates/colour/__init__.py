"""What a plate's numbers mean, and how they become what models and eyes expect: display-referred sRGB."""

from .conversion import Colour, Reading

__all__ = ["Colour", "Reading"]
