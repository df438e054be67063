"""What sections are made of: the strict model, and the types that several of them use."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
BucketName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
KeyArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/.+$")]
RoleArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")]
SecretArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$"
    ),
]
"""With the six characters that Secrets Manager adds, so that the right to read it fits it alone."""

Group = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^*?\s][^*?]*$")]
"""A group of whoever knows the people, without wildcards, which OpenSearch would follow:
https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_SAMLOptionsInput.html"""

Days = Annotated[int, Field(ge=0, le=3_650)]
"""Days until something happens; 0 for never."""


class Strict(BaseModel):
    """Base of config sections: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def in_order(stages: str, ages: tuple[int, ...]) -> None:
    """Check that the stages which happen at all do so one after the other.

    Raises:
        ValueError: a later stage has a smaller age.
    """
    found = [days for days in ages if days]
    if found != sorted(found):
        raise ValueError(f"{stages}: expected growing ages, found {found} days")


def named_once(what: str, names: tuple[str, ...]) -> None:
    """Check that a list repeats nothing.

    Raises:
        ValueError: it does; each repeated name is told.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what}: named twice: {', '.join(twice)}")
