"""What `--data keep` leaves: where logs rest, and the key that reads them.

CloudFormation deletes what a template does not tell it to retain, so the template is told first.
A change of the policy alone is no change; a line of metadata beside it makes it one.

References:
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError

from ops.access import QUALIFIER
from ops.destroy.choice import KEPT, HaltError, Run
from ops.destroy.deletion import LONGEST_MINUTES, LOOK_SECONDS, explained
from ops.destroy.plan import Plan
from ops.failures.events import failures
from ops.stacks import Stack

RETAIN: Final = "Retain"

LARGEST_BODY: Final = 51_200
"""Bytes of a template in a request:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""


def keep(run: Run, plan: Plan) -> None:
    """Tell every stack to retain its data.

    Raises:
        HaltError: a stack of another account has data, or one cannot be told.
    """
    for stack in plan.stacks:
        kept = [r for r in plan.resources[stack.id] if r.type in KEPT]
        if kept and not run.accounts.own(stack.account):
            raise HaltError(
                f"{stack.place} holds {kept[0].id}, which the bootstrap's role cannot keep; give "
                "--profile-pattern"
            )
        if kept:
            _retain(run, stack)


def _retain(run: Run, stack: Stack) -> None:
    api = run.accounts.deploying(stack.account)("cloudformation", stack.region)
    template = _parsed(api.get_template(StackName=stack.id)["TemplateBody"], stack)
    loose = [
        resource
        for resource in template["Resources"].values()
        if resource["Type"] in KEPT and resource.get("DeletionPolicy") != RETAIN
    ]
    if not loose or stack.status.startswith("DELETE_"):
        return
    for resource in loose:
        resource |= {"DeletionPolicy": RETAIN, "UpdateReplacePolicy": RETAIN}
        resource["Metadata"] = {**resource.get("Metadata", {}), "central-logs:data": "kept"}
    run.say(f"telling {stack.place} to keep what holds data")
    try:
        _update(api, run, stack, template)
    except ClientError as refused:
        raise HaltError(f"{stack.place}: {explained(str(refused))}") from refused
    _settled(run, stack)


def _update(api: Any, run: Run, stack: Stack, template: Mapping[str, Any]) -> None:  # noqa: ANN401  as Clients
    api.update_stack(
        StackName=stack.id,
        **_body(run, stack, template),
        Parameters=[
            {"ParameterKey": key, "UsePreviousValue": True} for key in _parameters(template)
        ],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )


def _parsed(body: Any, stack: Stack) -> dict[str, Any]:  # noqa: ANN401  text, or JSON that boto3 has parsed
    """The template. ``cdk`` writes JSON, and boto3 reads it.

    Raises:
        HaltError: it is in another language, which ``cdk`` does not write.
    """
    try:
        parsed: dict[str, Any] = json.loads(body if isinstance(body, str) else json.dumps(body))
    except ValueError as other:
        raise HaltError(f"the template of {stack.place} is not of cdk: {other}") from other
    return parsed


def _parameters(template: Mapping[str, Any]) -> Sequence[str]:
    return list(template.get("Parameters", {}))


def _body(run: Run, stack: Stack, template: Mapping[str, Any]) -> dict[str, str]:
    """The template in the request, or where it is too large in the bootstrap bucket."""
    text = json.dumps(template, separators=(",", ":"))
    if len(text.encode()) <= LARGEST_BODY:
        return {"TemplateBody": text}
    bucket = f"cdk-{QUALIFIER}-assets-{stack.account}-{stack.region}"
    key = f"central-logs-keep/{stack.name}.json"
    s3 = run.accounts.deploying(stack.account)("s3", stack.region)
    s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
    suffix = "com.cn" if s3.meta.partition == "aws-cn" else "com"
    return {"TemplateURL": f"https://{bucket}.s3.{stack.region}.amazonaws.{suffix}/{key}"}


def _settled(run: Run, stack: Stack) -> None:
    clients = run.accounts.deploying(stack.account)
    api = clients("cloudformation", stack.region)
    for _ in run.ticks(LOOK_SECONDS, LONGEST_MINUTES):
        [told] = api.describe_stacks(StackName=stack.id)["Stacks"]
        if told["StackStatus"] in {"UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"}:
            return
        if not told["StackStatus"].endswith("_IN_PROGRESS"):
            why = [f"{f.where}: {explained(f.reason)}" for f in failures(clients, stack)]
            raise HaltError("\n".join((f"{stack.place} cannot be told to keep its data", *why)))
    raise HaltError(f"{stack.place} is still being updated; run it again")
