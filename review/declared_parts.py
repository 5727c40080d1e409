"""Words that the declarations share: groups, elements, scales, kinds of source."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from store.model import SourceType as SourceType

Element = Literal["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Text = Annotated[str, Field(min_length=3)]
Confidence = Literal["verified", "inferred", "unverified"]


class GroupId(StrEnum):
    """The twelve target groups that passages are tagged with."""

    CONSCRIPTS = "conscripts"
    RESERVISTS = "reservists"
    DESERTERS = "deserters"
    OBJECTORS = "objectors"
    CRITICS = "critics"
    JOURNALISTS = "journalists"
    ACTIVISTS = "activists"
    ARTISTS = "artists"
    STUDENTS = "students"
    CHILDREN = "children"
    RELIGIOUS = "religious"
    LGBTQ = "lgbtq"


class Scale(StrEnum):
    """Kinds of answer scale; practice describes what happens and votes on the extent values."""

    EXTENT = "extent"
    LAW = "law"
    NUMBER = "number"
    PRACTICE = "practice"


EXTENT_VALUES = ("none", "isolated", "regular", "systematic")
LAW_VALUES = ("no", "partly", "yes")
OFF_SCALE = ("unknown", "unclear", "mixed")  # shown beside the votes, never a vote (method §2)

# Sub-groups of the critics, with the group tags that name their members.
SUBGROUPS: dict[str, tuple[str, tuple[GroupId, ...]]] = {
    "a": ("protesters and activists", (GroupId.ACTIVISTS,)),
    "b": ("journalists, bloggers", (GroupId.JOURNALISTS,)),
    "c": ("human-rights defenders, lawyers", (GroupId.ACTIVISTS,)),
    "d": ("ordinary people posting or commenting", ()),
    "e": ("students, teachers, academics", (GroupId.STUDENTS,)),
    "f": ("artists", (GroupId.ARTISTS,)),
    "g": ("feminist activists", (GroupId.ACTIVISTS,)),
    "h": ("religious objectors to the war", (GroupId.RELIGIOUS,)),
    "i": ("children and their parents", (GroupId.CHILDREN,)),
    "j": ("opposition politicians", ()),
}
