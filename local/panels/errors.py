"""What can go wrong between a question of the page and its picture.

PanelError
├── KqlError              the reader's query, or a panel's, cannot be parsed
├── TimeError             a time is neither date math nor ISO 8601
├── ObjectError           a saved object is missing, or is not what the format says
├── UnsupportedError      a saved object asks for something that is not drawn here
└── SearchError           the search server refused, or did not answer
"""


class PanelError(Exception):
    """A panel or a page cannot be drawn; the message says why, to the person who reads it."""


class KqlError(PanelError):
    """A query is not KQL; names the position and what was expected there."""


class TimeError(PanelError):
    """A text is not a time; names it."""


class ObjectError(PanelError):
    """A saved object is missing or malformed; names its type and id."""


class UnsupportedError(PanelError):
    """A saved object asks for a chart, aggregation or filter that is not drawn here."""


class SearchError(PanelError):
    """The search server refused a request, or could not be reached; gives its own reason."""
