"""The composition root: settings in, a working daemon out."""

import os
import secrets
import time
from contextlib import AbstractContextManager
from functools import partial

import structlog
from filelock import FileLock, Timeout

from roto_daemon.backends.table import Place, load
from roto_daemon.engines import EngineRoom
from roto_daemon.plates import Plate, Reading, open_plate
from roto_daemon.rpc import finishing, host_shapes, household, pictures, work
from roto_daemon.rpc.desk import Desk, Handler
from roto_daemon.rpc.house import House
from roto_daemon.rpc.server import Server
from roto_daemon.sessions.shelf import SessionShelf
from roto_daemon.settings import DaemonSettings
from roto_daemon.weights.store import WeightStore
from roto_shared.discovery import (
    START_TIMEOUT_S,
    Connection,
    connection_file,
    keep_connection,
    lock_file,
    make_private,
    read_connection,
    write_connection,
)
from roto_shared.errors import BusyError
from roto_shared.protocol import messages
from roto_shared.protocol.data import PlateRef
from roto_shared.protocol.version import PROTOCOL
from roto_shared.version import VERSION

TAKEOVER_S = 0.5
"""So long a daemon tries to take another one's place before it asks whether that one serves."""


class Daemon:
    """Everything behind the messages; give its ``desk.receive`` to a socket or to a memory transport."""

    def __init__(self, settings: DaemonSettings, token: str = "") -> None:
        weights = WeightStore(settings.weights_dir, settings.mirror_dir)
        place = Place(weights, settings.device, settings.precision, settings.compile_networks)
        self.house = House(
            settings=settings,
            shelf=SessionShelf(settings.state_dir / "sessions", partial(open_referenced, config=settings.ocio)),
            engines=EngineRoom(partial(load, place=place), budget_mb=lambda: _graphics_budget(self.house.settings)),
            place=place,
            weights=weights,
            shutdown=lambda: None,
        )
        self.desk = Desk(token, _handlers(self.house))

    def rest(self) -> None:
        """Give back what nobody used for a while; called now and then."""
        for name in self.house.engines.unload_idle(self.house.settings.idle_unload_s):
            self.house.shelf.drop_embeddings()
            structlog.get_logger().info("engine unloaded", engine=name)

    def close(self) -> None:
        """Stop all work between two steps and let go of everything."""
        self.house.close()


def run_daemon(settings: DaemonSettings) -> None:
    """Serve this user until asked to stop. Raises BusyError where another daemon does."""
    make_private(settings.runtime_dir)
    with _only_one(settings):
        connection_file(settings.runtime_dir).unlink(missing_ok=True)  # a killed one's: nobody can reach us by it
        _serve(settings)


def _only_one(settings: DaemonSettings) -> AbstractContextManager[object]:
    """The lock that a daemon holds as long as it lives. Raises BusyError where another daemon serves.

    One that does not tell how to reach it is about to end, or has just begun: it is waited for.
    """
    lock = FileLock(lock_file(settings.runtime_dir))
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            return lock.acquire(timeout=TAKEOVER_S)
        except Timeout as error:
            holder = read_connection(settings.runtime_dir)
            if holder is not None or time.monotonic() > deadline:
                who = f"process {holder.pid} at {holder.endpoint}" if holder else "another process"
                raise BusyError(
                    f"A daemon runs already: {who}.", "Use it, or stop it with `roto daemon stop`."
                ) from error
            structlog.get_logger().info("waiting for another daemon to end")


def _serve(settings: DaemonSettings) -> None:
    token = secrets.token_urlsafe(32)
    daemon = Daemon(settings, token)
    server = Server(daemon.desk, daemon.house.drop_client)
    daemon.house.shutdown = server.stop
    connection = Connection(server.endpoint, token, os.getpid(), PROTOCOL, VERSION)
    write_connection(settings.runtime_dir, connection)
    log = structlog.get_logger()
    log.info("daemon started", endpoint=server.endpoint, pid=os.getpid(), version=VERSION)

    def tick() -> None:
        keep_connection(settings.runtime_dir, connection)
        daemon.rest()

    try:
        daemon.house.shelf.prune(settings.keep_sessions_days)
        server.serve(tick)
    finally:
        connection_file(settings.runtime_dir).unlink(missing_ok=True)
        daemon.close()
        server.close()
        log.info("daemon stopped")


def open_referenced(reference: PlateRef, config: str) -> Plate:
    """The plate that a message refers to, read with the studio's colour configuration. Raises PlateError."""
    reading = Reading(reference.colour_space, reference.exposure, config)
    return open_plate(reference.path, reference.first_frame, reference.layer, reading)


def _graphics_budget(settings: DaemonSettings) -> int | None:
    """MiB of a GPU for all models together; None where none is asked of the settings and there is no GPU."""
    if settings.vram_mb:
        return settings.vram_mb
    from roto_daemon.backends.neural.device import choose_device

    total_mb = choose_device(settings.device, settings.precision).total_mb
    return None if total_mb is None else total_mb * 9 // 10


def _handlers(house: House) -> dict[type, Handler]:
    table = {
        messages.Hello: household.hello,
        messages.StatusQuery: household.status,
        messages.ModelsQuery: household.models,
        messages.SettingsQuery: household.settings,
        messages.ChangeSettings: household.set_settings,
        messages.Cancel: household.cancel,
        messages.Shutdown: household.shutdown,
        messages.OpenSession: work.open_session,
        messages.CloseSession: work.close_session,
        messages.FrameQuery: pictures.frame,
        messages.MaskQuery: pictures.masks,
        messages.ColourQuery: pictures.colours,
        messages.Segment: work.segment_objects,
        messages.Find: work.find_objects,
        messages.Track: work.track_objects,
        messages.RefineEdges: work.refine_edges,
        messages.FinishMasks: finishing.finish_masks,
        messages.CombineObjects: finishing.combine_objects,
        messages.MeasureBlur: finishing.measure_blur,
        messages.DeleteObject: finishing.delete_object,
        messages.RenameObject: finishing.rename_object,
        messages.Fit: work.fit_objects,
        messages.Refit: work.edit_on_masks,
        messages.AddPart: work.edit_on_masks,
        messages.Extend: work.edit_on_masks,
        messages.CarryChange: work.edit_shapes,
        messages.AddKnot: work.edit_shapes,
        messages.RemoveKnot: work.edit_shapes,
        messages.TakeEdits: host_shapes.take_edits,
        messages.PromptShapes: host_shapes.prompt_shapes,
        messages.ReadShapes: host_shapes.shape_files,
        messages.WriteShapes: host_shapes.shape_files,
        messages.Export: work.export_results,
    }
    return {message: partial(handler, house) for message, handler in table.items()}
