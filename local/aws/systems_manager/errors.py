"""What Systems Manager refuses, under the API's names."""


class SystemsManagerError(Exception):
    """A request that the service would refuse; ``code`` is the API's name of it."""

    code = "ValidationException"


class DocumentError(SystemsManagerError):
    """A document does not exist."""

    code = "InvalidDocument"


class DocumentContentError(SystemsManagerError):
    """A document's content is not of the schema."""

    code = "InvalidDocumentContent"


class DocumentExistsError(SystemsManagerError):
    """A document of that name exists."""

    code = "DocumentAlreadyExists"


class ScheduleError(SystemsManagerError):
    """A schedule is not one that associations have."""

    code = "InvalidSchedule"


class NoAssociationError(SystemsManagerError):
    """An association does not exist."""

    code = "AssociationDoesNotExist"
