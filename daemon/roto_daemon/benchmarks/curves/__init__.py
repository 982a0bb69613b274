"""How good the curves are on masks that are known, beside potrace and a polygon that know nothing of time."""
