"""The page's model of one's own, as it stands there."""

import re
import sys
from pathlib import Path
from typing import Any

from roto_daemon.backends.table import MODELS, Model, Task
from roto_shared.protocol import messages
from roto_shared.protocol.data import ObjectPrompt, PlateRef

PAGE = Path(__file__).parents[3] / "docs" / "models.md"


def test_the_model_on_the_page_makes_mattes(client, disc_clip, tmp_path, monkeypatch):
    module, line = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    (tmp_path / "studio").mkdir()
    (tmp_path / "studio" / "blur.py").write_text(module, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    own = eval(line, {"Model": Model, "Task": Task})
    monkeypatch.setitem(MODELS, own.name, own)
    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern)))
    client.ask(messages.Segment(opened.session, 1001, (ObjectPrompt("disc", ((20.5, 30.5),)),)))
    events: list[Any] = []
    client.ask(messages.RefineEdges(opened.session, model=own.name), events.append)
    assert [event.frame for event in events if isinstance(event, messages.TrackedFrame)] == [1001]
    assert own.name in [engine.name for engine in client.ask(messages.ModelsQuery()).engines]
    sys.modules.pop("studio.blur")
