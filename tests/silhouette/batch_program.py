"""A session in which was clicked, left to the batch script under a host's own Python, without a window. Prints what it
says; raises where anything is wrong. With “nothing” nothing was clicked, with “other” it was on another plate, with
“merged” two objects were made one.
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
    book = PromptBook().with_object("hero").clicked(FIRST, "hero", centre(FIRST))
    if "merged" in sys.argv:
        book = book.with_object("spot").boxed(FIRST, "spot", (60.0, 10.0, 80.0, 30.0))
        book = book.with_merged("both", ("hero", "spot"))
    keep_text("prompts", book_text(book))
    keep_text("key", "a-night" + ", merged" * ("merged" in sys.argv))
    if "other" in sys.argv:
        keep_text("plates", '{"schema": "roto.plates/1", "open": "/show/other.####.exr"}')

runpy.run_path(PLUGIN + "/roto_batch.py", run_name="__main__")
assert "Qt" not in sys.modules, "no window is needed"
(node,) = [node for node in session.nodes if node.type == "RotoNode"]
assert [child.label for child in node.children] == ["both" if "merged" in sys.argv else "hero"]
assert fx.activeProject()._saves == 1
