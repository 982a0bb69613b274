"""What the panel looks like. Every widget is given a whole state to show, and tells actions by signals."""
