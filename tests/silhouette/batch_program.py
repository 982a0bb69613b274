"""A session in which was clicked, left to the batch script under a host's own Python, without a window. Prints what it
says; raises where anything is wrong. With “nothing” nothing was clicked, with “other” it was on another plate.
"""

import runpy
import sys

import fx
from program_session import FIRST, PLUGIN, centre, session

sys.path.insert(0, PLUGIN)
if "nothing" not in sys.argv:
    import roto_startup
    from roto_panel.book import PromptBook
    from roto_panel.saved import book_text
    from roto_silhouette.keeping import keep_text

    assert roto_startup
    keep_text("prompts", book_text(PromptBook().with_object("hero").clicked(FIRST, "hero", centre(FIRST))))
    keep_text("key", "a-night")
    if "other" in sys.argv:
        keep_text("plates", '{"schema": "roto.plates/1", "open": "/show/other.####.exr"}')

runpy.run_path(PLUGIN + "/roto_batch.py", run_name="__main__")
assert "Qt" not in sys.modules, "no window is needed"
(node,) = [node for node in session.nodes if node.type == "RotoNode"]
assert [child.label for child in node.children] == ["hero"]
assert fx.activeProject()._saves == 1
