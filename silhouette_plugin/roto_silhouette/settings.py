"""What a studio says about its Silhouette by variables."""

import os
from typing import Dict

from roto_shared.errors import InputError

OFFSET_VARIABLE = "ROTO_FXS_FRAME_OFFSET"
"""Frames to add to those of shape files, for a version that is found to count otherwise [?]."""

KEYS_VARIABLE = "ROTO_FXS_KEYS"
"""Keys of actions, as ``commit=Alt+Shift+C, track=F9``; ``track=`` leaves one without, ``off`` all of them."""

KEYS = {
    "open": "Alt+Shift+R",
    "track": "Alt+Shift+T",
    "commit": "Alt+Shift+C",
    "send_edits": "Alt+Shift+E",
    "prompts": "Alt+Shift+P",
}


def frame_offset() -> int:
    """What the studio found out about frames, 0 unless it did. Raises InputError."""
    said = os.environ.get(OFFSET_VARIABLE, "0")
    try:
        return int(said)
    except ValueError:
        raise InputError("{} is “{}”, which is no number.".format(OFFSET_VARIABLE, said), "Correct it.") from None


def key_bindings() -> Dict[str, str]:
    """Keys by action, without those that are bound to none. Raises InputError for an action that there is not."""
    said = os.environ.get(KEYS_VARIABLE, "")
    if said.strip().lower() == "off":
        return {}
    keys = dict(KEYS)
    for part in filter(None, (part.strip() for part in said.split(","))):
        name, _, chosen = (word.strip() for word in part.partition("="))
        if name not in KEYS:
            raise InputError(
                "{} names “{}”, which is no action.".format(KEYS_VARIABLE, name), "It has {}.".format(", ".join(KEYS))
            )
        keys[name] = chosen
    return {name: chosen for name, chosen in keys.items() if chosen}
