"""Who asks the shop's Kubernetes cluster for what: its own parts, people, and a stranger."""

from typing import NamedTuple

from local.story.organisation import LEAKED, PEOPLE, SCANNER, SHOP

FORBIDDEN, ANONYMOUS, NOT_FOUND = 403, 401, 404


class User(NamedTuple):
    """Somebody the API server knows; with the IAM identity behind them, where there is one."""

    name: str
    address: str
    agent: str
    groups: tuple[str, ...] = ("system:authenticated",)
    arn: str = ""


class Request(NamedTuple):
    """What is asked, and how the server answers."""

    user: User
    verb: str
    resource: str
    name: str = ""
    namespace: str = "shop"
    code: int = 200


_KUBECTL = "kubectl/v1.34.1 (linux/amd64) kubernetes/abcdef0"
_ROLE = f"arn:aws:sts::{SHOP}:assumed-role"
NODE = User(
    "system:node:ip-10-20-1-30.ec2.internal", "10.20.1.30", "kubelet/v1.34.1",
    ("system:nodes", "system:authenticated"),
)  # fmt: skip
SCHEDULER = User("system:kube-scheduler", "10.20.0.5", "kube-scheduler/v1.34.1")
CONTROLLER = User("system:serviceaccount:kube-system:deployment-controller", "10.20.0.5",
                  "kube-controller-manager/v1.34.1")  # fmt: skip
WEB = User("system:serviceaccount:shop:web", "10.20.1.31", "web/2.4")
PIPELINE = User("deploy-pipeline", "10.20.4.11", "helm/3.19", arn=f"{_ROLE}/deploy-pipeline/b-7f3a")
DEVELOPER = User(
    "ana.lima@example.com", PEOPLE[0].address, _KUBECTL,
    arn=f"{_ROLE}/Developer/{PEOPLE[0].session}",
)  # fmt: skip
OPERATOR = User(
    "chidi.okafor@example.com", PEOPLE[2].address, _KUBECTL,
    arn=f"{_ROLE}/Operator/{PEOPLE[2].session}",
)  # fmt: skip
STRANGER = User(
    LEAKED.name, LEAKED.address, _KUBECTL, arn=f"arn:aws:iam::{SHOP}:user/{LEAKED.name}"
)
NOBODY = User("system:anonymous", SCANNER, "Mozilla/5.0 zgrab/0.x", ("system:unauthenticated",))

EVERYDAY = (
    (40, Request(NODE, "patch", "nodes/status", "ip-10-20-1-30.ec2.internal", "")),
    (30, Request(SCHEDULER, "watch", "pods", namespace="")),
    (24, Request(CONTROLLER, "update", "deployments/status", "web")),
    (24, Request(WEB, "get", "configmaps", "web")),
    (12, Request(WEB, "get", "secrets", "payment")),
    (12, Request(DEVELOPER, "list", "pods")),
    (8, Request(DEVELOPER, "get", "pods/log", "web-7d9f")),
    (6, Request(PIPELINE, "patch", "deployments", "web")),
    (4, Request(PIPELINE, "create", "jobs", "migrate", code=201)),
    (3, Request(DEVELOPER, "get", "pods", "web-1", code=NOT_FOUND)),
    (2, Request(DEVELOPER, "create", "pods/exec", "web-7d9f", code=101)),
    (1, Request(OPERATOR, "create", "rolebindings", "readers", code=201)),
)
LOOKING_AROUND = (
    Request(NOBODY, "get", "pods", code=ANONYMOUS),
    Request(NOBODY, "get", "secrets", code=ANONYMOUS),
    Request(STRANGER, "list", "namespaces", namespace="", code=FORBIDDEN),
    Request(STRANGER, "list", "secrets", code=FORBIDDEN),
    Request(STRANGER, "get", "secrets", "payment", code=FORBIDDEN),
    Request(STRANGER, "list", "secrets", namespace="kube-system", code=FORBIDDEN),
    Request(STRANGER, "create", "clusterrolebindings", "all", "", code=FORBIDDEN),
    Request(STRANGER, "create", "pods/exec", "web-7d9f", code=FORBIDDEN),
)
ENDED = Request(OPERATOR, "delete", "rolebindings", "ci-deploy")
REASONS = {FORBIDDEN: "Forbidden", ANONYMOUS: "Unauthorized", NOT_FOUND: "NotFound"}
