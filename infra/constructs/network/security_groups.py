"""Who may connect to whom: HTTPS from functions and Firehose to the domain, and nothing else."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.names import CENTRAL_LOGS

L1 = ec2.CfnSecurityGroup

NOWHERE: Final = L1.EgressProperty(
    ip_protocol="-1", cidr_ip="127.0.0.1/32", description="Nowhere: answers need no rule"
)
"""What keeps EC2 from letting a group without a rule connect to everywhere:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html"""


class SecurityGroups(Construct):
    """A group each for domain, functions, Firehose and endpoints.

    Domain and endpoints answer and never ask. Functions ask them and S3, Firehose asks the domain.

    Attributes:
        domain: Lets functions, Firehose and readers in.
        functions: Let out to the domain, the endpoints and S3.
        firehose: Let out to the domain.
        endpoints: Lets functions in.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        vpc_id: str,
        services: Sequence[L1.EgressProperty],
        reader_cidrs: Sequence[str],
        reader_prefix_lists: Sequence[str],
    ) -> None:
        """Make them.

        Args:
            scope: Whose they are.
            id_: Their name there.
            vpc_id: Where they are.
            services: Where functions connect to beside the domain and the endpoints.
            reader_cidrs: Networks that reach the domain.
            reader_prefix_lists: Prefix lists that do.
        """
        super().__init__(scope, id_)
        self._vpc_id = vpc_id
        readers = [
            *(_reader(cidr_ip=cidr) for cidr in reader_cidrs),
            *(_reader(source_prefix_list_id=prefix_list) for prefix_list in reader_prefix_lists),
        ]
        self.domain = self._group("Domain", "the log domain", [NOWHERE], readers)
        self.endpoints = self._group("Endpoints", "endpoints of AWS services", [NOWHERE])
        to_domain, to_endpoints = _to(self.domain, "The domain"), _to(self.endpoints, "AWS")
        self.functions = self._group(
            "Functions", "the functions", [to_domain, to_endpoints, *services]
        )
        self.firehose = self._group("Firehose", "Firehose to the domain", [to_domain])
        self._let_in(self.domain, self.functions, "DomainFromFunctions")
        self._let_in(self.domain, self.firehose, "DomainFromFirehose")
        self._let_in(self.endpoints, self.functions, "EndpointsFromFunctions")

    def _group(
        self,
        id_: str,
        what: str,
        egress: Sequence[L1.EgressProperty],
        ingress: Sequence[L1.IngressProperty] = (),
    ) -> L1:
        return L1(
            self,
            id_,
            group_description=f"{CENTRAL_LOGS}: {what}",
            security_group_egress=list(egress),
            security_group_ingress=list(ingress) or None,
            vpc_id=self._vpc_id,
        )

    def _let_in(self, group: L1, source: L1, id_: str) -> None:
        ec2.CfnSecurityGroupIngress(
            self,
            id_,
            description="HTTPS",
            group_id=group.attr_group_id,
            source_security_group_id=source.attr_group_id,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
        )


def to_prefix_list(prefix_list: str) -> L1.EgressProperty:
    """HTTPS to a service whose addresses a prefix list has, such as S3's gateway."""
    return L1.EgressProperty(
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        destination_prefix_list_id=prefix_list,
        description="S3",
    )


def to_anywhere() -> L1.EgressProperty:
    """HTTPS to whatever the routes of a network lead to that is not known here."""
    return L1.EgressProperty(
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ip="0.0.0.0/0",
        description="AWS services, by the network's own endpoints or routes",
    )


def _to(group: L1, what: str) -> L1.EgressProperty:
    return L1.EgressProperty(
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        destination_security_group_id=group.attr_group_id,
        description=what,
    )


def _reader(
    *, cidr_ip: str | None = None, source_prefix_list_id: str | None = None
) -> L1.IngressProperty:
    return L1.IngressProperty(
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ip=cidr_ip,
        source_prefix_list_id=source_prefix_list_id,
        description="Readers",
    )
