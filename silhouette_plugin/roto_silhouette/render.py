"""What lies between the source and the Roto node: rendered by Silhouette to temporary EXR files, and cleaned up."""

from pathlib import Path
from typing import Any, Generator, Optional, Tuple

import fx
from tools.renderer import Renderer

from roto_panel.plate_folder import PlateFolder
from roto_shared.errors import InputError
from roto_silhouette.plate import ROTO, SOURCE, active_session, node_above

OUTPUT = "OutputNode"
EXR = 4
"""EXR in an Output node's list of formats [code: a public script's list of them]."""


def node_to_render() -> Optional[Any]:
    """The node whose pictures are worked on: the active one, or what feeds a Roto node; None for a source."""
    node = fx.activeNode()
    if node is not None and node.type == ROTO:
        node = node_above(node)
    return None if node is None or node.type == SOURCE else node


class Renders:
    """What was rendered for this panel."""

    def __init__(self) -> None:
        self._folder: Optional[PlateFolder] = None
        self._session: Any = None
        self._node: Any = None
        self._files: Tuple[str, str] = ("", "")
        self._first = 0

    def plate(self, session: Any) -> "Optional[Tuple[Tuple[str, str], int]]":
        """The files of the first two frames rendered of a session, and the first one's number.

        None where nothing was, or another node's pictures are worked on now.
        """
        is_rendered = self._folder is not None and self._session is session and self._node == node_to_render()
        return (self._files, self._first) if is_rendered else None

    def render(self, first: Optional[int], last: Optional[int]) -> Generator[Tuple[int, int], None, None]:
        """Render the work range, or from ``first`` to ``last``, a frame a step. The files go when it is stopped.

        Silhouette's own progress window shows it too, and cancels it. Raises InputError.
        """
        session, node = active_session(), node_to_render()
        if node is None:
            raise InputError("There is nothing to render above the Roto node.", "Open the source itself.")
        work_first, work_last = (int(frame) for frame in session.workRange)
        start, end = (work_first if first is None else first), (work_last if last is None else last)
        if end < start:
            raise InputError("There is no frame between {} and {}.".format(start, end), "Correct the range.")
        folder = PlateFolder()
        output = _make_output(session, node, folder.path)
        try:
            yield from self._steps(session, output, start, end)
        except BaseException:
            folder.delete()
            raise
        finally:
            fx.delete([output])
        self.close()
        self._folder, self._session, self._node, self._first = folder, session, node, start

    def _steps(self, session: Any, output: Any, start: int, end: int) -> Generator[Tuple[int, int], None, None]:
        total = end - start + 1
        progress = fx.PreviewProgressHandler()
        progress.title, progress.total = "Rendering the plate for Roto", total
        for done, frame in enumerate(range(start, end + 1), 1):
            renderer = Renderer()
            finished = renderer.render({"session": session, "nodes": [output], "frames": [frame]}, progress=progress)
            if progress.canceled:
                raise InputError("Rendering was cancelled.", "Render again, or open the source itself.")
            if not finished:
                raise InputError("Frame {} cannot be rendered.".format(frame), "Look at the node in Silhouette.")
            if done == 1:
                following = frame + 1 if total > 1 else frame
                self._files = tuple(renderer.outputs[0].buildPath(one) for one in (frame, following))  # type: ignore[assignment]
            progress.value = done
            yield done, total

    def close(self) -> None:
        """Delete all files."""
        if self._folder is not None:
            self._folder.delete()
            self._folder = None


def _make_output(session: Any, node: Any, folder: Path) -> Any:
    output = fx.Node(OUTPUT)
    session.addNode(output)
    output.property("path").value = str(folder / "plate")
    output.property("format").value = EXR
    node.outputs[0].connect(output.inputs[0])
    return output
