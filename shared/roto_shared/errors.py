"""The one small tree of errors: a code for machines, a sentence for a person, and what to do about it.

An error travels over the wire as these three texts and is raised again as the same class on the other side.
"""

from typing import Dict, Type


class RotoError(Exception):
    """Something a person has to know. ``message`` says what happened, ``remedy`` what to do."""

    code = "internal"

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.remedy) if part)


class InputError(RotoError):
    """The request or a file's content makes no sense as given."""

    code = "input"


class PlateError(InputError):
    """A plate, or one frame of it, cannot be read."""

    code = "plate"


class FormatError(InputError):
    """A shape file does not follow its format."""

    code = "format"


class UnknownEngineError(InputError):
    """No engine of that name exists."""

    code = "unknown_engine"


class WeightsError(RotoError):
    """Model weights are missing or unusable."""

    code = "weights"


class MissingWeightsError(WeightsError):
    """The store does not hold the weights that an engine needs."""

    code = "missing_weights"


class WeightsHashError(WeightsError):
    """Weights are not the bytes they should be."""

    code = "weights_hash"


class EngineError(RotoError):
    """An engine failed on good input."""

    code = "engine"


class OutOfMemoryError(EngineError):
    """The memory of the device that an engine runs on does not suffice."""

    code = "out_of_memory"


class StorageError(RotoError):
    """A file or folder cannot be read or written: full, read-only, or taken."""

    code = "storage"


class CancelledError(RotoError):
    """The work was stopped on request; what was done is kept."""

    code = "cancelled"


class SupersededError(CancelledError):
    """A newer click on the same session took this one's place."""

    code = "superseded"


class BusyError(RotoError):
    """Somebody else holds what is asked for."""

    code = "busy"


class ProtocolError(RotoError):
    """A message is malformed, too large, of another version, or not allowed."""

    code = "protocol"


class DaemonError(RotoError):
    """The daemon cannot be reached, did not start, or died."""

    code = "daemon"


def _family(base: Type[RotoError]) -> Dict[str, Type[RotoError]]:
    found = {base.code: base}
    for child in base.__subclasses__():
        found.update(_family(child))
    return found


def error_from_wire(code: str, message: str, remedy: str) -> RotoError:
    """Raise-able error for the three texts of an error reply; an unknown code becomes a plain ``RotoError``."""
    return _family(RotoError).get(code, RotoError)(message, remedy)


def storage_error(error: OSError) -> StorageError:
    """What the system refused, in a sentence."""
    reason = error.strerror or str(error)
    where = error.filename or "a file"
    return StorageError(f"Cannot read or write {where}: {reason}.", "Check the place, its rights and its free space.")
