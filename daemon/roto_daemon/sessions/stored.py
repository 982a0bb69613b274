"""What a session keeps as JSON, read so that a file which a crash left damaged does not stop the work for good."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog

from roto_shared.errors import InputError

T = TypeVar("T")


def read_stored(path: Path, understand: Callable[[Any], T], empty: T) -> T:
    """What ``understand`` makes of the file; ``empty`` where there is none.

    One that is damaged counts as empty too, and is set aside under the same name with ``.damaged``.
    """
    if not path.is_file():
        return empty
    try:
        return understand(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, InputError) as error:
        aside = path.with_name(f"{path.name}.damaged")
        path.replace(aside)
        structlog.get_logger().warning("stored file damaged", file=str(path), aside=str(aside), error=str(error))
        return empty
