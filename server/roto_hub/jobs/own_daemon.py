"""A worker's own daemon, apart from the one that an artist of the same machine may be working with."""

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from roto_shared.discovery import connect, runtime_folder
from roto_shared.protocol.messages import Shutdown

RUNTIME, STATE = "ROTO_RUNTIME_DIR", "ROTO_STATE_DIR"


@contextmanager
def own_daemon(data_dir: Path, worker: str, environment: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Within this, the daemon that is found or started is the worker's, and ends with it.

    What it stores lies in ``data_dir``, so that another worker goes on with it. Either variable says otherwise where it
    is set; a daemon in a runtime folder that was given is somebody else's, and is left running.
    """
    environment.setdefault(STATE, str(data_dir / "state"))
    if environment.get(RUNTIME):
        yield
        return
    environment[RUNTIME] = str(runtime_folder(environment) / "hub" / worker)
    try:
        yield
    finally:
        client = connect(Path(environment[RUNTIME]), client="hub")
        if client is not None:
            client.ask(Shutdown())
            client.close()
