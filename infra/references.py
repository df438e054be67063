"""References between CloudFormation resources as text that people can read."""

import re
from typing import Any, Final

_IMPORTED: Final = re.compile(
    r"[\w-]+:ExportsOutput(?:FnGetAtt|Ref)(\w+?)[0-9A-F]{8}(?:Arn)?[0-9A-F]{8}"
)
_OWN: Final = re.compile(r"<(\w+?)[0-9A-F]{8}(?:\.\w+)?>")


def flat(value: Any) -> str:  # noqa: ANN401  a resolved CloudFormation value is any JSON
    """The text that cdk-nag makes of a reference: ``<Bucket.Arn>/raw/*``."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(flat(part) for part in parts)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::ImportValue": name}:
            return flat(name)
        case _:
            return str(value)


def readable(value: Any) -> str:  # noqa: ANN401  a resolved CloudFormation value is any JSON
    """The same without digests and stacks: ``<IngestStream>``, ``<ArchiveBucket>/raw/*``.

    A logical id of this stack and what another stack exports look alike.
    """
    text = _IMPORTED.sub(r"<\1>", flat(value)).replace("<AWS::Partition>", "aws")
    return _OWN.sub(r"<\1>", text)
