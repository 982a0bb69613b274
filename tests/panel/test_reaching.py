"""How a panel finds the daemon's program and the path table."""

from __future__ import annotations

from pathlib import Path

import pytest

from roto_panel.reaching import daemon_command, path_table
from roto_shared.errors import DaemonError, InputError


def test_the_daemon_is_never_started_with_a_host_s_python(tmp_path: Path) -> None:
    assert daemon_command({"ROTO_DAEMON": "/opt/roto/daemon"}) == ("/opt/roto/daemon",)
    program = tmp_path / "roto"
    program.touch(mode=0o755)
    assert daemon_command({"PATH": str(tmp_path)}) == (str(program), "daemon", "start", "--foreground")
    with pytest.raises(DaemonError, match="no program “roto”"):
        daemon_command({"PATH": ""})


def test_paths_come_from_the_file_that_is_named(tmp_path: Path) -> None:
    table = tmp_path / "paths.txt"
    table.write_text("/show -> /mnt/show\n")
    assert path_table({"ROTO_PATHS": str(table)}).to_daemon("/show/a.exr") == "/mnt/show/a.exr"
    assert path_table({}).to_daemon("/show/a.exr") == "/show/a.exr"
    table.write_text("nonsense\n")
    with pytest.raises(InputError, match="Line 1"):
        path_table({"ROTO_PATHS": str(table)})
