"""A mask becomes contours; thin lines become strands."""
