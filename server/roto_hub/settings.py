"""The hub's settings: ``ROTO_HUB_…`` variables, then the file that ``ROTO_HUB_FILE`` names (TOML), then these."""

import os
import secrets
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from roto_shared.errors import InputError

FILE_VARIABLE = "ROTO_HUB_FILE"
SHORTEST_SECRET = 32


class OidcProvider(BaseModel):
    """Somebody else's log-in. ``issuer`` is where its ``/.well-known/openid-configuration`` lies."""

    model_config = ConfigDict(extra="forbid")

    name: str
    """As the page's button says it."""

    issuer: str
    client_id: str
    client_secret: str

    domains: tuple[str, ...] = ()
    """Whoever has an address there becomes a user by logging in; others need an account or an invitation."""

    trusts_email: bool = False
    """The provider does not say which addresses it checked (as Microsoft Entra), but all of them are its own."""


def _whole(place: Path) -> Path:
    """Whole, because workers and their daemons need the same; ``~`` is the home folder."""
    return place.expanduser().absolute()


def _long(secret: str) -> str:
    if 0 < len(secret) < SHORTEST_SECRET:
        raise ValueError(f"it has fewer than {SHORTEST_SECRET} characters, and could be guessed")
    return secret


Port = Annotated[int, Field(ge=1, le=65535)]


class HubSettings(BaseSettings):
    """What a studio may choose. Times are seconds, sizes bytes."""

    model_config = SettingsConfigDict(env_prefix="ROTO_HUB_", extra="forbid")

    data_dir: Annotated[Path, AfterValidator(_whole)] = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("roto-hub"))
    )
    """Database, uploads and results, unless said otherwise."""

    database_url: str = ""
    """``postgresql+psycopg://…``; empty is SQLite in ``data_dir``."""

    broker_url: Annotated[str, Field(pattern=r"^(rediss?://.+)?$")] = ""
    """``redis://…``; empty is a folder in ``data_dir``, which needs no server."""

    host: str = "127.0.0.1"
    port: Port = 8420
    secret: Annotated[str, AfterValidator(_long)] = ""
    """Signs tokens; empty is one that is made once and kept in ``data_dir``."""

    media_url: Annotated[str, Field(pattern=r"^(.+://.+)?$")] = ""
    """A bucket for uploads and results (``s3://bucket/folder``); empty is the folder ``media`` in ``data_dir``."""

    media_options: dict[str, Any] = Field(default_factory=dict)
    """What fsspec's kind of storage wants to know: ``key``, ``secret``, ``endpoint_url``."""

    shared_roots: tuple[Annotated[Path, AfterValidator(_whole)], ...] = ()
    """Folders of shared storage from which shots may be taken by their path."""

    access_s: PositiveInt = 15 * 60
    refresh_s: PositiveInt = 30 * 24 * 3600
    largest_upload: PositiveInt = 50 * 2**30
    quota: NonNegativeInt = 0
    """Of all uploads and results together; 0 is none."""

    oidc: dict[str, OidcProvider] = Field(default_factory=dict)
    """Providers by a short name that stands in addresses."""

    public_url: str = ""
    """The page's address as people reach it, for e-mail and webhooks; empty is ``http://host:port``."""

    smtp_host: str = ""
    """The mail server; empty sends no mail."""

    smtp_port: Port = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = ""

    log_level: Literal["debug", "info", "warning", "error"] = "info"

    lease_s: Annotated[float, Field(ge=1)] = 20.0
    """How long a worker may be silent before its job is given to another."""

    tick_s: Annotated[float, Field(ge=0.01)] = 0.25
    """How often the dispatcher looks; a new job wakes it at once."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings' own signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the program says, then variables, then the file."""
        file = _named_file()
        in_file = (TomlConfigSettingsSource(settings_cls, file),) if file else ()
        return (init_settings, env_settings, *in_file)

    @property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.data_dir / 'hub.db'}"

    @property
    def page_url(self) -> str:
        """Where people reach the page, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def media_dir(self) -> Path:
        """Uploads and results."""
        return self.data_dir / "media"

    def signing_secret(self) -> str:
        """The secret that signs tokens; made and kept, readable by its owner alone, where none is given.

        Raises InputError for a kept one that is empty.
        """
        if self.secret:
            return self.secret
        path = self.data_dir / "secret"
        if not path.exists():
            _keep_new_secret(path)
        secret = path.read_text(encoding="ascii").strip()
        if not secret:
            raise InputError(f"{path} is empty: anybody could sign tokens.", "Delete it; a new one is made.")
        return secret


def _keep_new_secret(path: Path) -> None:
    """Keep a secret that is read whole or not at all; of hubs that begin at the same moment the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f"secret.{secrets.token_hex(8)}")
    own.touch(mode=0o600)
    own.write_text(secrets.token_urlsafe(48), encoding="ascii")
    with suppress(FileExistsError):
        os.link(own, path)
    own.unlink()


def load_settings() -> HubSettings:
    """What variables and the file say. Raises InputError for what makes no sense; a secret's value is not in it."""
    try:
        return HubSettings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise InputError(
            f"The hub's settings make no sense. {wrong}.", "Correct the variable ROTO_HUB_…, or the file."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{_named_file()} is not valid TOML: {error}.", "Correct or remove it.") from error
    except SettingsError as error:
        raise InputError(
            f"The hub's settings cannot be read: {error}.", 'A list or a table is JSON in a variable: ["/show"].'
        ) from error
    except RuntimeError as error:
        raise InputError(
            f"This user has no home to keep things in: {error}.", "Set HOME, or ROTO_HUB_DATA_DIR."
        ) from error


def _named_file() -> Path | None:
    named = os.environ.get(FILE_VARIABLE)
    if named and not Path(named).is_file():
        raise InputError(f"{FILE_VARIABLE} names {named}, which is no file.", "Correct it, or take it away.")
    return Path(named) if named else None
