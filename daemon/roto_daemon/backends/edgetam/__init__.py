"""EdgeTAM (Zhou et al. 2025): prompts and tracking for small GPUs and laptops, as ``transformers`` runs it."""
