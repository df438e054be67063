"""The section of an identity provider that speaks SAML 2.0.

Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/saml.html
"""

from pathlib import Path
from typing import Annotated, Final, Self
from xml.etree import ElementTree as ET

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from infra.config.base import Group, Strict

LARGEST_METADATA: Final = 900_000
"""Bytes. AWS takes 1,048,576 characters, which is all that a template may have, with the rest of
it: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""

_SAML: Final = "{urn:oasis:names:tc:SAML:2.0:metadata}"


class Saml(Strict):
    """An identity provider that speaks SAML 2.0, IAM Identity Center among them.

    Attributes:
        metadata_file: What the provider says of itself, XML; beside the configuration.
        entity_id: Its name for itself, as in that file.
        roles_key: Attribute of the assertion that has the groups.
        subject_key: Attribute that has the user's name; empty for ``NameID``.
        session_minutes: Without a request for so long, one signs in again.
        master_group: Group that may do everything in Dashboards, unalarmed; empty for none.
    """

    metadata_file: Path
    entity_id: Annotated[str, StringConstraints(min_length=8, max_length=512)]
    roles_key: Annotated[str, StringConstraints(min_length=1)] = "roles"
    subject_key: str = ""
    session_minutes: Annotated[int, Field(ge=1, le=1_440)] = 60
    master_group: Group | None = None

    @property
    def metadata(self) -> str:
        """The file's text."""
        return self.metadata_file.read_text(encoding="utf-8")

    @field_validator("metadata_file")
    @classmethod
    def _beside_the_configuration(cls, value: Path, info: ValidationInfo) -> Path:
        """Paths count from the folder that ``DeploymentConfig.load`` names."""
        folder = (info.context or {}).get("folder", Path())
        found: Path = folder / value
        if not found.is_file():
            raise ValueError(f"{found}: no such file; expected the provider's metadata")
        size = found.stat().st_size
        if not 0 < size <= LARGEST_METADATA:
            raise ValueError(f"{found}: {size} bytes, expected 1 to {LARGEST_METADATA}")
        return found

    @model_validator(mode="after")
    def _the_provider_is_the_one_it_names(self) -> Self:
        try:
            root = ET.fromstring(self.metadata)  # noqa: S314  the deployer's own file
        except (ET.ParseError, UnicodeDecodeError) as error:
            raise ValueError(f"{self.metadata_file}: no XML: {error}") from error
        found = root.get("entityID")
        if root.tag != f"{_SAML}EntityDescriptor" or root.find(f"{_SAML}IDPSSODescriptor") is None:
            raise ValueError(
                f"{self.metadata_file}: expected an EntityDescriptor with an IDPSSODescriptor, the "
                f"metadata of one identity provider; found {root.tag.rpartition('}')[2]}"
            )
        if found != self.entity_id:
            raise ValueError(
                f"entity_id {self.entity_id!r}: {self.metadata_file.name} is of {found!r}"
            )
        return self
