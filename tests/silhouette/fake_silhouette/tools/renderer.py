"""Silhouette's renderer: writes what an Output node is fed with."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

EXR = 4


class Renderer:
    """Renders the frames of ``options``; here each is a copy of the source's file."""

    _fails_at: int | None = None

    def render(self, options: dict[str, Any], progress: Any = None) -> bool:
        assert set(options) <= {"session", "nodes", "frames"}
        self.outputs = [_Output(node, options["session"]) for node in options["nodes"]]
        for frame in options["frames"]:
            if frame == self._fails_at or (progress is not None and progress.canceled):
                return False
            for output in self.outputs:
                output._write(frame)
        return True


class _Output:
    def __init__(self, node: Any, session: Any) -> None:
        assert node.type == "OutputNode"
        assert node in session.nodes, "the node is in no session"
        assert node.properties["format"].value == EXR
        self._node, self._session = node, session

    def buildPath(self, frame: int) -> str:
        return f"{self._node.properties['path'].value}.{frame:04d}.exr"

    def _write(self, frame: int) -> None:
        above = self._node._input
        while above.type != "SourceNode":
            above = above._input
        source = above.properties["stream.primary"].getValue()
        shutil.copy(source.path(frame - self._session.startFrame), Path(self.buildPath(frame)))
