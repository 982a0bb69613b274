"""Mail addresses as they are compared."""


def plain_address(typed: str) -> str:
    """An address without the spaces and capitals that people type it with."""
    return typed.strip().lower()
