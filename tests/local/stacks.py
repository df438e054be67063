"""CloudFormation stacks as the local cloud's tests drive them."""

import json
from typing import Any

from local.aws.process import LocalCloud
from local.aws.settings import CENTRAL_ACCOUNT
from tests.local import landscape as made

type Json = dict[str, Any]
"""One JSON object."""

QUICK = {"Delay": 1, "MaxAttempts": 30}  # seconds; a stack here takes a fraction of one


class Stack:
    """One CloudFormation stack, driven as a deployer does."""

    def __init__(self, cloud: LocalCloud, account: str = CENTRAL_ACCOUNT) -> None:
        self.name = made.name("stack")
        self.api = cloud.client("cloudformation", account)

    def create(self, **resources: Json) -> Json:
        self.api.create_stack(**self._template(resources))
        return self._outputs("create")

    def update(self, **resources: Json) -> Json:
        self.api.update_stack(**self._template(resources))
        return self._outputs("update")

    def delete(self) -> None:
        self.api.delete_stack(StackName=self.name)
        self.api.get_waiter("stack_delete_complete").wait(StackName=self.name, WaiterConfig=QUICK)

    def reasons(self) -> str:
        events = self.api.describe_stack_events(StackName=self.name)["StackEvents"]
        return "\n".join(event.get("ResourceStatusReason", "") for event in events)

    def _template(self, resources: Json) -> Json:
        outputs = {name: {"Value": {"Ref": name}} for name in resources}
        body = json.dumps({"Resources": resources, "Outputs": outputs})
        capabilities = ["CAPABILITY_NAMED_IAM"]
        return {"StackName": self.name, "TemplateBody": body, "Capabilities": capabilities}

    def _outputs(self, operation: str) -> Json:
        waiter = self.api.get_waiter(f"stack_{operation}_complete")
        waiter.wait(StackName=self.name, WaiterConfig=QUICK)
        [stack] = self.api.describe_stacks(StackName=self.name)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def resource(kind: str, **properties: Any) -> Json:
    """Give a resource of a template."""
    return {"Type": kind, "Properties": properties}
