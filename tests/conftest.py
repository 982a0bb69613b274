"""Where tests find what is not part of the project."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["parts"]


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder with sample files and sequences: $ROTO_TEST_SHARED, else ``shared`` beside the checkout."""
    told = os.environ.get("ROTO_TEST_SHARED")
    folder = Path(told) if told else Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "corpus").is_dir():
        pytest.skip(f"no sample files in {folder}; set ROTO_TEST_SHARED to the folder that holds corpus/ and data/")
    return folder


@pytest.fixture(scope="session")
def davis(request: pytest.FixtureRequest) -> Path:
    """The DAVIS sequences: $ROTO_TEST_DATA/davis16, else data/davis16 in the shared folder."""
    told = os.environ.get("ROTO_TEST_DATA")
    folder = Path(told) / "davis16" if told else request.getfixturevalue("shared_folder") / "data" / "davis16"
    if not folder.is_dir():
        pytest.skip(f"no DAVIS sequences in {folder}; set ROTO_TEST_DATA to the folder that holds davis16/")
    return folder
