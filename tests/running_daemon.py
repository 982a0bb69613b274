"""A daemon that serves on a thread of the test's own process, over a real socket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from roto_daemon.app import Daemon
from roto_daemon.rpc.server import Server
from roto_daemon.settings import DaemonSettings
from roto_shared.client import DaemonClient
from roto_shared.transport.zmq import ZmqTransport


@dataclass
class RunningDaemon:
    """A daemon that serves on a thread; ``stop`` ends it, ``connect`` gives a new client."""

    daemon: Daemon
    server: Server
    thread: Thread

    def connect(self) -> DaemonClient:
        return DaemonClient(ZmqTransport(self.server.endpoint), "secret")

    def stop(self) -> None:
        self.server.stop()
        self.thread.join()
        self.daemon.close()
        self.server.close()


def run_daemon(tmp_path: Path) -> RunningDaemon:
    settings = DaemonSettings(
        runtime_dir=tmp_path / "run", state_dir=tmp_path / "state", weights_dir=tmp_path / "weights", engine="disc"
    )
    daemon = Daemon(settings, "secret")
    server = Server(daemon.desk, daemon.house.drop_client)
    thread = Thread(target=server.serve, args=(daemon.rest,))
    thread.start()
    return RunningDaemon(daemon, server, thread)
