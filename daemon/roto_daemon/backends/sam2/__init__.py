"""SAM 2 and 2.1 (Ravi et al. 2024): prompts on a frame, and tracking through a shot by streaming."""
