"""The same files by other names on other machines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_panel.paths import PathTable, read_path_table
from roto_shared.errors import InputError

TABLE = read_path_table(
    """
    # show storage
    //server/show -> /mnt/show
    //server/show/scratch -> /scratch
    P:\\plates -> /mnt/plates
    /Volumes/show -> /mnt/show
    """
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("//server/show/sh010/p.####.exr", "/mnt/show/sh010/p.####.exr"),
        ("\\\\SERVER\\Show\\sh010\\p.1.exr", "/mnt/show/sh010/p.1.exr"),
        ("//server/show/scratch/a.exr", "/scratch/a.exr"),
        ("p:/Plates/a.mov", "/mnt/plates/a.mov"),
        ("/Volumes/show/a.exr", "/mnt/show/a.exr"),
        ("//server/showreel/a.exr", "//server/showreel/a.exr"),
        ("/volumes/show/a.exr", "/volumes/show/a.exr"),
        ("//server/show", "/mnt/show"),
    ],
)
def test_the_longest_folder_that_fits_decides(path: str, expected: str) -> None:
    assert TABLE.to_daemon(path) == expected


@given(st.text(max_size=30))
def test_without_rules_a_path_stays_as_it_is(path: str) -> None:
    assert PathTable().to_daemon(path) == path


@pytest.mark.parametrize("line", ["/a/b", "-> /mnt", "/a ->", "/a => /b"])
def test_a_line_that_is_no_rule_is_named(line: str) -> None:
    with pytest.raises(InputError, match="Line 2"):
        read_path_table(f"/x -> /y\n{line}\n")
