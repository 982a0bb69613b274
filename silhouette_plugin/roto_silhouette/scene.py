"""Shapes in Silhouette's Roto nodes, in one undo step, by the better of two routes.

A node that holds shapes is changed in its objects, so that what is not ours to say stays as the artist has it; an empty
one takes a shape file, which says everything. Where one route cannot, the other does.
"""

from typing import Any, List, Optional, Set

import fx

from roto_shared.errors import InputError
from roto_silhouette.objects import ObjectWriter
from roto_silhouette.plate import ROTO, active_session
from roto_silhouette.point_order import PointOrder, UnsayableError, probed_order
from roto_silhouette.shape_files import all_below, exported_shapes, import_shapes
from roto_silhouette.shape_text import elements_of, labels_of
from roto_silhouette.space import is_file_space

UNDO_LABEL = "Roto shapes"

KEY_STATE = "roto_key"
"""What a Roto node's state holds that was made to keep prompts; an empty one takes the first shapes."""


def roto_nodes() -> List[Any]:
    """The session's nodes that hold shapes."""
    return [node for node in active_session().nodes if node.type == ROTO]


def find_node(label: str) -> Any:
    """The Roto node of a label. Raises InputError where there is none."""
    for node in roto_nodes():
        if node.label == label:
            return node
    raise InputError("There is no Roto node “{}” any more.".format(label), "Choose another, or a new one.")


def shapes_of(node: Any) -> str:
    """All shapes and layers of a node as the text of a shape file."""
    return exported_shapes(node, all_below(node))


def chosen_shapes() -> str:
    """The selected shapes and layers as the text of a shape file. Raises InputError for none."""
    chosen = [one for one in fx.selection() if one.type in ("Layer", "Shape")]
    if not chosen:
        raise InputError("No shape is selected.", "Select shapes or layers in the object list.")
    return exported_shapes(fx.activeNode(), chosen)


def new_node() -> Any:
    """A new Roto node in the session."""
    session = active_session()
    node = fx.Node(ROTO)
    session.addNode(node)
    node.label = session.uniqueLabel("Roto")
    return node


class ShapePlacer:
    """Puts texts of shapes into Roto nodes. ``frame_offset`` is what their frames are ahead of Silhouette's.

    :attr:`told` says by which route the last ones went, and why not by the other.
    """

    def __init__(self, frame_offset: int = 0) -> None:
        self._frame_offset = frame_offset
        self._order: Optional[PointOrder] = None
        self.told = ""

    def put(self, text: str, label: str = "") -> str:
        """Put a shape file's shapes into a new Roto node, or instead of what a node holds, in one undo step.

        Answers the node's label. Raises InputError where Silhouette did not take all of it.
        """
        self.told = ""
        fx.beginUndo(UNDO_LABEL)
        try:
            node = find_node(label) if label else _empty_node() or new_node()
            before = shapes_of(node)
            if not (before and self._by_objects(node, before, text)):
                self._by_file(node, text)
        finally:
            fx.endUndo()
        return str(node.label)

    def _by_objects(self, node: Any, before: str, text: str) -> bool:
        """Change what a node holds; whether that could be done."""
        try:
            ObjectWriter(self._probed(), self._frame_offset).change(node, elements_of(before), elements_of(text))
        except (UnsayableError, AttributeError) as reason:  # an attribute that this version of Silhouette does not have
            self.told = "by a shape file: {}".format(reason)
            return False
        self.told = "by objects"
        return True

    def _by_file(self, node: Any, text: str) -> None:
        """Put a shape file into a node instead of what it holds; its objects where the file is not taken."""
        _clear(node)
        self.told = self.told or "by a shape file"
        import_shapes(node, text)
        missing = _missing(node, text)
        if not missing:
            return
        _clear(node)
        if not self._by_objects(node, "", text) or _missing(node, text):
            raise InputError(
                "Silhouette did not take the shapes ({} of them, “{}” the first).".format(
                    len(missing), sorted(missing)[0]
                ),
                "Undo once; export a .fxs file and import it by hand; please report your version.",
            )

    def _probed(self) -> PointOrder:
        """The order of a point's parts, asked once. Raises UnsayableError."""
        if self._order is None:
            if not is_file_space(active_session()):
                raise UnsayableError("its objects and its files do not share their units")
            self._order = probed_order()
        return self._order


def _empty_node() -> Any:
    return next((node for node in roto_nodes() if not node.children and node.getState(KEY_STATE)), None)


def _clear(node: Any) -> None:
    if node.children:
        fx.delete(list(node.children))


def _missing(node: Any, text: str) -> Set[str]:
    return set(labels_of(elements_of(text))) - {str(one.label) for one in all_below(node)}
