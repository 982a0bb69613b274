"""Everything that a running hub is made of."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from roto_hub.auth.oidc import Providers
from roto_hub.db.connect import TURNS, Database
from roto_hub.live import LiveFeed
from roto_hub.settings import HubSettings
from roto_hub.storage import Storage
from roto_hub.telemetry import Telemetry


@dataclass(frozen=True)
class Hub:
    """The parts; ``wake_dispatcher`` says that there may be a job to give out."""

    settings: HubSettings
    database: Database
    storage: Storage
    live: LiveFeed
    telemetry: Telemetry
    providers: Providers
    wake_dispatcher: Callable[[], None]
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TURNS))
