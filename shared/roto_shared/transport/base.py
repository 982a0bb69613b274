"""The seam: so small that a test double is a function."""

from typing import List, Optional


class Transport:
    """Carries messages as lists of byte frames between one client and one daemon."""

    def send(self, parts: List[bytes]) -> None:
        """Hand over one message; returns at once."""
        raise NotImplementedError

    def receive(self, timeout_s: float) -> Optional[List[bytes]]:
        """The next message, or None when none came within ``timeout_s``."""
        raise NotImplementedError

    def is_alive(self) -> bool:
        """Whether anybody still listens at the other end."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the connection; what was not received is lost."""
        raise NotImplementedError
