"""People of a project, out."""

from roto_hub.api.schemas.base import Out


class PersonOut(Out):
    """Somebody in a project."""

    id: str
    name: str
    role: str
