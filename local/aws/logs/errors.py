"""What the Logs API answers instead of a result; the code is AWS's, for the SDK to recognise."""


class LogsError(Exception):
    """A refused request: ``code`` is the exception's name in the Logs API."""

    code = "ServiceUnavailableException"


class InvalidParameterError(LogsError):
    """A parameter is malformed."""

    code = "InvalidParameterException"


class LimitExceededError(LogsError):
    """A quota is reached."""

    code = "LimitExceededException"


class NotFoundError(LogsError):
    """What the request names does not exist."""

    code = "ResourceNotFoundException"


class DeniedError(LogsError):
    """A policy does not allow it."""

    code = "AccessDeniedException"
