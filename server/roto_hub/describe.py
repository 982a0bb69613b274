"""Writes the interface's description to a file, for the page's types: ``python -m roto_hub.describe FILE``."""

import json
import sys
from pathlib import Path

from roto_hub.app import described_app


def write_description(path: Path) -> None:
    """Write the OpenAPI document."""
    path.write_text(json.dumps(described_app().openapi(), indent=1, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    write_description(Path(sys.argv[1]))
