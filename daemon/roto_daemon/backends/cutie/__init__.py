"""Cutie (Cheng et al. 2024): tracking from the masks of one or several keyframes."""
