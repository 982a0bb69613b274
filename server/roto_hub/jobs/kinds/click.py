"""The masks that prompts give on one frame, at once, for somebody who is looking at it."""

from typing import Any

from roto_hub.jobs.kinds.bench import Bench
from roto_hub.jobs.kinds.prompts import prompts_by_frame
from roto_shared.protocol import messages

ASIDE = "clicks"


def click(bench: Bench, request: dict[str, Any]) -> dict[str, Any]:
    """Segment one frame in a session beside the shot's, so that a click that is taken back leaves nothing behind."""
    opened = bench.open(request.get("engine", ""), ASIDE)
    [(frame, prompts)] = prompts_by_frame(bench, request["prompts"]).items()
    answer = bench.ask(messages.Segment(opened.session, frame, tuple(prompts), alternatives=True))
    bench.folder.mkdir(parents=True, exist_ok=True)
    files: list[str] = []
    found: list[dict[str, Any]] = []
    for number, state in enumerate(answer.objects):
        masks = [state.mask, *state.alternatives]
        names = [f"{number}-{other}.png" for other in range(len(masks))]
        for name, mask in zip(names, masks, strict=True):
            (bench.folder / name).write_bytes(mask.data)
        files += names
        found.append({"object": state.object, "confidence": state.confidence, "masks": names})
    return {"frame": frame, "objects": found, "files": files}
