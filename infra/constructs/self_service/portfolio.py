"""What other teams launch for themselves: a portfolio of Service Catalog with two products.

References:
    - https://docs.aws.amazon.com/servicecatalog/latest/adminguide/catalogs_portfolios_sharing.html
    - https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html
    - https://docs.aws.amazon.com/servicecatalog/latest/adminguide/reference-template_constraint_rules.html
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import aws_cdk as cdk
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct

from infra.config.self_service import SelfService
from infra.constructs.members.application_onboarding import BY_POLICY
from infra.names import LAUNCH_APPLICATION_ROLE, LAUNCH_BASELINE_ROLE


class Template(NamedTuple):
    """A product's template.

    Attributes:
        text: JSON.
        version: 8 hexadecimal digits over it, which name the product's version.
    """

    text: str

    @property
    def version(self) -> str:
        """The same text is the same version."""
        return sha256(self.text.encode()).hexdigest()[:8]


class LogPortfolio(Construct):
    """A portfolio of one region, which units get by a command: see ``share_commands``.

    Templates are files that ``cdk deploy`` puts in the bootstrap bucket; Service Catalog copies
    them, so that other accounts read that bucket never.

    Attributes:
        portfolio: The portfolio.
        baseline: The product that onboards an account and region.
        application: The product that onboards one application's log group.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: SelfService,
        baseline: Template,
        application: Template,
        only_by_policy: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._config = config
        self.portfolio = servicecatalog.Portfolio(
            self,
            "Portfolio",
            display_name="Central logs",
            description="Logs of an account, or of one application, to the central account",
            provider_name=config.provider,
        )
        self.baseline = self._product(
            "Baseline",
            "Central logs: member baseline",
            "Sends every log group and the security events of this account and region",
            baseline,
            LAUNCH_BASELINE_ROLE,
        )
        self.application = self._product(
            "Application",
            "Central logs: application onboarding",
            "One log group with retention and encryption, sent to the central account",
            application,
            LAUNCH_APPLICATION_ROLE,
        )
        self._constrain(only_by_policy=only_by_policy)
        self._admit()
        self._tag(config.tag_options)

    def _product(
        self, id_: str, name: str, description: str, template: Template, role: str
    ) -> servicecatalog.CloudFormationProduct:
        with TemporaryDirectory() as folder:
            file = Path(folder, "template.json")
            file.write_text(template.text, encoding="utf-8")
            product = servicecatalog.CloudFormationProduct(
                self,
                id_,
                product_name=name,
                owner=self._config.provider,
                description=description,
                product_versions=[
                    servicecatalog.CloudFormationProductVersion(
                        product_version_name=template.version,
                        cloud_formation_template=servicecatalog.CloudFormationTemplate.from_asset(
                            str(file)
                        ),
                    )
                ],
            )
        self.portfolio.add_product(product)
        launch = servicecatalog.CfnLaunchRoleConstraint(
            self,
            f"{id_}Launch",
            portfolio_id=self.portfolio.portfolio_id,
            product_id=product.product_id,
            local_role_name=role,
        )
        launch.node.add_dependency(self.portfolio)  # with its association to the product
        return product

    def _constrain(self, *, only_by_policy: bool) -> None:
        """Let an application choose only what its account can use.

        The rule needs every account that may launch to have the account policy; where that is not
        known, the choice stays with the application.
        """
        if only_by_policy:
            self.portfolio.constrain_cloud_formation_parameters(
                self.application,
                rule=servicecatalog.TemplateRule(
                    rule_name="OnlyByPolicy",
                    assertions=[
                        servicecatalog.TemplateRuleAssertion(
                            assert_=cdk.Fn.condition_equals(cdk.Fn.ref("Subscription"), BY_POLICY),
                            description=(
                                "The account's policy sends this log group already; "
                                "a filter would send it twice"
                            ),
                        )
                    ],
                ),
            )

    def _admit(self) -> None:
        for number, principal in enumerate(self._config.principals):
            servicecatalog.CfnPortfolioPrincipalAssociation(
                self,
                f"Principal{number}",
                portfolio_id=self.portfolio.portfolio_id,
                principal_arn=principal,
                principal_type="IAM_PATTERN",
            )

    def _tag(self, choices: Mapping[str, tuple[str, ...]]) -> None:
        if choices:
            options = servicecatalog.TagOptions(
                self,
                "Tags",
                allowed_values_for_tags={key: list(values) for key, values in choices.items()},
            )
            self.portfolio.associate_tag_options(options)

    def share_commands(self) -> list[str]:
        """Commands that share it with the units, their principals and tags included.

        CloudFormation shares with single accounts only:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-servicecatalog-portfolioshare.html
        """
        region, id_ = cdk.Stack.of(self).region, self.portfolio.portfolio_id
        return [
            f"aws servicecatalog create-portfolio-share --region {region} --portfolio-id {id_} "
            f"--organization-node {_node(unit)} --share-principals --share-tag-options"
            for unit in self._config.units
        ]


def _node(unit: str) -> str:
    """As ``Type=...,Value=...``; the root is not a unit to Service Catalog."""
    kind = "ORGANIZATION" if unit.startswith("r-") else "ORGANIZATIONAL_UNIT"
    return f"Type={kind},Value={unit}"
