"""What is kept with a session: texts in the state of its first Roto node."""

from typing import Dict

from roto_panel.plates import KEPT
from roto_silhouette.plate import ROTO, active_session
from roto_silhouette.scene import new_node

STATE_PREFIX = "roto_"


def kept_texts() -> Dict[str, str]:
    """Texts that were kept by :func:`keep_text`. Raises InputError without a session."""
    node = active_session().node(type=ROTO)
    found = {name: None if node is None else node.getState(STATE_PREFIX + name) for name in KEPT}
    return {name: str(text) for name, text in found.items() if text}


def keep_text(name: str, text: str) -> None:
    """Keep a text, in a new Roto node where there is none. Raises InputError without a session."""
    node = active_session().node(type=ROTO) or new_node()
    node.setState(STATE_PREFIX + name, text)
