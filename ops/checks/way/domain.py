"""The domain, what was set up in it, and what it is enriched with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

from infra.names import ORGANISATION_KEY
from ops.answer import Answer, error, ok, warning
from ops.checks.way.placed import bucket_name, domain_name
from ops.refusal import unless
from ops.stacks import one
from ops.view import View


class Alarm(NamedTuple):
    """A value that tells of trouble.

    Attributes:
        metric: Its name in namespace ``AWS/ES``:
            https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html
        judge: Makes the answer: an error where nothing is written any more.
        found: What it means.
        fix: What to do.
    """

    metric: str
    judge: Callable[[str, str, str], Answer]
    found: str
    fix: str


ALARMS: Final = (
    Alarm(
        "ClusterStatus.red",
        error,
        "the cluster is red: an index has lost a shard",
        "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/handling-errors.html"
        "#handling-errors-red-cluster-status; what is lost of it, replay brings: "
        "docs/operations/replay.md",
    ),
    Alarm(
        "ClusterIndexWritesBlocked",
        error,
        "the cluster takes no documents",
        "more room: a shorter delete_after_days or a larger volume_gib; or more memory",
    ),
    Alarm(
        "ClusterStatus.yellow",
        warning,
        "the cluster is yellow: a replica has no node",
        "wait where a node is being replaced; else fewer [search] replicas or more data_nodes",
    ),
)

LEAST_FREE: Final = 0.2
"""Part of a node's volume below which OpenSearch Service begins to block:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/handling-errors.html"""

MINUTES: Final = 15


def domain(_region: str, view: View) -> Answer:
    """The domain is there, takes documents, and has room for more.

    Reference: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomain.html
    """
    api, name = view.client("opensearch"), domain_name(view)
    found = unless({"ResourceNotFoundException"}, lambda: api.describe_domain(DomainName=name))
    told = found["DomainStatus"] if found else {}
    if not told or told.get("Deleted"):
        return error(
            f"no domain {name}",
            "the deployment's own",
            "node_modules/.bin/cdk deploy '*-search' -c config=…",
        )
    for alarm in ALARMS:
        if any(_values(view, alarm.metric, "Maximum")):
            return alarm.judge(alarm.found, f"{alarm.metric} = 0", alarm.fix)
    return _room(view) or _busy(name, told.get("Processing", False))


def _room(view: View) -> Answer | None:
    """A complaint about the disk of the fullest node; ``None`` where there is room."""
    free = _values(view, "FreeStorageSpace", "Minimum")  # MiB
    whole = view.config.search.volume_gib
    if not free or free[-1] / 1024 >= whole * LEAST_FREE:
        return None
    return warning(
        f"{free[-1] / 1024:.1f} of {whole} GiB are free on a node",
        f"{whole * LEAST_FREE:.1f} GiB or more, or it soon takes nothing",
        "[search] volume_gib, or shorter delete_after_days of what is large",
    )


def _busy(name: str, processing: bool) -> Answer:  # noqa: FBT001  as AWS says it
    if processing:
        return warning(
            "the domain is being changed",
            "Processing: false; until then no other change is taken",
            f"wait: aws opensearch describe-domain-change-progress --domain-name {name}",
        )
    return ok(name)


def _values(view: View, metric: str, statistic: str) -> list[float]:
    named = {"DomainName": domain_name(view), "ClientId": view.config.central.account}
    return view.metric(f"AWS/ES {metric}", named, statistic, minutes=MINUTES)


def setup(_region: str, view: View) -> Answer:
    """Templates, pipeline, inbox and roles were put into the domain by the last deployment."""
    made = one(view, "Custom::SearchSetup")
    if made:
        return ok(made)
    return error(
        "setup has not run to its end",
        "templates, pipeline, inbox and roles inside the domain",
        "aws logs tail /central-logs/search_setup --since 1d, then "
        "node_modules/.bin/cdk deploy '*-pipeline' -c config=…",
    )


def snapshot(_region: str, view: View) -> Answer:
    """What is known of the organisation is not stale.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    limit = view.config.enrichment.organisation.stale_after_hours
    s3, bucket = view.client("s3"), bucket_name(view)
    found = unless(
        {"404", "NoSuchKey", "NotFound"},
        lambda: s3.head_object(Bucket=bucket, Key=ORGANISATION_KEY) if bucket else None,
    )
    function = one(view, "AWS::Lambda::Function", "OrganisationFunction")
    fix = f"aws lambda invoke --function-name {function or '…'} /dev/stdout says why"
    if not found:
        return warning("no snapshot of the organisation", f"s3://{bucket}/{ORGANISATION_KEY}", fix)
    age = view.clock.now() - found["LastModified"]
    if age > timedelta(hours=limit):
        return warning(f"{age.total_seconds() / 3600:.0f} h old", f"{limit} h at most", fix)
    return ok(f"{age.total_seconds() / 3600:.0f} h old")
