"""Properties of ``AWS::S3::Bucket`` that MiniStack drops, given to its own S3 API as XML.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3
from ministack.services.cloudformation import provisioners

from local.aws import patching

type Tree = dict[str, Any]
"""An XML element's children by tag; a list repeats its tag."""

# property: (to the S3 API's body, operation to put it, operation to take it away)
PROPERTIES: dict[str, tuple[Callable[[Any], Tree], str, str]] = {
    "Tags": (
        lambda tags: {"Tagging": {"TagSet": {"Tag": tags}}},
        "_put_bucket_tagging",
        "_delete_bucket_tagging",
    ),
    "BucketEncryption": (
        lambda value: {"ServerSideEncryptionConfiguration": _encryption(value)},
        "_put_bucket_encryption",
        "_delete_bucket_encryption",
    ),
    "LifecycleConfiguration": (
        lambda value: {"LifecycleConfiguration": {"Rule": [_rule(r) for r in value["Rules"]]}},
        "_put_bucket_lifecycle",
        "_delete_bucket_lifecycle",
    ),
    "OwnershipControls": (
        lambda value: {"OwnershipControls": {"Rule": value["Rules"]}},
        "_put_bucket_ownership_controls",
        "_delete_bucket_ownership_controls",
    ),
}


def apply() -> None:
    """Append our properties to those that MiniStack hands on."""
    patching.require(s3, *(name for entry in PROPERTIES.values() for name in entry[1:]))
    ours = tuple(
        (name, _to_bytes(to_tree), _refusing(getattr(s3, put), name), getattr(s3, delete))
        for name, (to_tree, put, delete) in PROPERTIES.items()
    )
    patching.wrap(provisioners, "_S3_BUCKET_CONFIGURATIONS", lambda theirs: (*theirs, *ours))


def xml(tree: Tree) -> str:
    """Give a tree as XML text, in the order of its keys."""
    return "".join(_element(tag, value) for tag, value in tree.items())


def _element(tag: str, value: Any) -> str:  # noqa: ANN401  a template's value
    if isinstance(value, list):
        return "".join(_element(tag, item) for item in value)
    if isinstance(value, dict):
        return f"<{tag}>{xml(value)}</{tag}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{tag}>{escape(text)}</{tag}>"


def _to_bytes(to_tree: Callable[[Any], Tree]) -> Callable[[Any], bytes]:
    return lambda value: xml(to_tree(value)).encode()


def _refusing(put: Any, name: str) -> Callable[[str, bytes], None]:  # noqa: ANN401  MiniStack is untyped
    """Make the stack fail where the API refuses; MiniStack does not look at the answer."""

    def checked(bucket: str, body: bytes) -> None:
        status, _headers, answer = put(bucket, body)
        if status >= 300:  # noqa: PLR2004  HTTP: not a success
            raise ValueError(f"AWS::S3::Bucket {name}: {answer!r}")

    return checked


def _encryption(value: Any) -> Tree:  # noqa: ANN401  a template's value
    return {
        "Rule": [
            {
                "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
                "BucketKeyEnabled": rule.get("BucketKeyEnabled", False),
            }
            for rule in value["ServerSideEncryptionConfiguration"]
        ]
    }


def _rule(rule: Any) -> Tree:  # noqa: ANN401  a template's value
    """Give a lifecycle rule; CloudFormation's names of days differ from the API's."""
    transitions = rule.get("Transitions") or [rule[k] for k in ("Transition",) if k in rule]
    tree: Tree = {
        "ID": rule.get("Id"),
        "Filter": {"Prefix": rule.get("Prefix", "")},
        "Status": rule["Status"],
        "Transition": [_transition(transition) for transition in transitions],
        "Expiration": _days("Days", rule.get("ExpirationInDays")),
        "NoncurrentVersionExpiration": rule.get("NoncurrentVersionExpiration")
        or _days("NoncurrentDays", rule.get("NoncurrentVersionExpirationInDays")),
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
    }
    return {tag: value for tag, value in tree.items() if value}


def _transition(transition: Any) -> Tree:  # noqa: ANN401  a template's value
    return {
        "Days": transition.get("TransitionInDays", 0),
        "StorageClass": transition["StorageClass"],
    }


def _days(tag: str, days: int | None) -> Tree | None:
    return None if days is None else {tag: days}
