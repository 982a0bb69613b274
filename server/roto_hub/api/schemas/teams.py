"""Teams, in and out."""

from pydantic import Field

from roto_hub.api.schemas.base import In, Name, Out, Role, with_example


class TeamIn(In):
    """A new team."""

    model_config = with_example({"name": "Roto, Vancouver"})

    name: Name


class TeamOut(Out):
    """A team, and who is in it."""

    id: str
    name: str
    members: list[str] = Field(default_factory=list, description="Ids of users.")


class TeamRoleIn(In):
    """What a team is in a project; None takes it out."""

    model_config = with_example({"role": "artist"})

    role: Role | None


class TeamRoleOut(Out):
    """A team in a project."""

    team_id: str
    role: str
