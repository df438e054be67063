"""Each statement of each policy is taken away in turn, and what it is for does not work any more.

Of doors and members one each is looked at: they are alike in all accounts and regions.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from local.laptop import laptop
from local.story.entry import Place
from local.story.organisation import CENTRAL, HOME
from tests.e2e_local.rights import Right, rights
from tests.e2e_local.uses import AWAY, PATIENCE_S, Uses

USES: Final[Mapping[tuple[str, str], str]] = {
    ("AlarmsTopic", "AlarmsPublish"): "alarm",
    ("DeliveryStreamRole", ""): "line",
    ("DeliveryStreamRole", "DeliverObjects"): "undelivered",
    ("DeliveryStreamRole", "EncryptObjects"): "undelivered",
    ("DeliveryStreamRole", "FindTheBucketAndItsUploads"): "undelivered",
    ("DeliveryStreamRole", "WriteOwnLog"): "undelivered",
    ("DoorRole", ""): "line",
    ("EventsBus", ""): "event",
    ("EventsRole", ""): "event",
    ("NormaliseFunctionRole", ""): "line",
    ("NormaliseFunctionRole", "EncryptMessages"): "batch_set_aside",
    ("NormaliseFunctionRole", "EncryptObjects"): "reject",
    ("NormaliseFunctionRole", "KeepRejects"): "reject",
    ("NormaliseFunctionRole", "ReadLookups"): "cold_line",
    ("NormaliseFunctionRole", "SetFailedBatchesAside"): "batch_set_aside",
    ("NormaliseSetAside", "SetUndeliveredEventsAside"): "event_set_aside",
    ("ObjectQueueAnnouncements", "BucketsAnnounceObjects"): "notified_file",
    ("ObjectQueueAnnouncements", "RulesAnnounceObjects"): "whole_file",
    ("ObjectQueueSetAside", "RulesAnnounceObjects"): "file_set_aside",
    ("ObjectReaderFunctionRole", ""): "whole_file",
    ("ObjectReaderFunctionRole", "EncryptMessages"): "continued_file",
    ("ObjectReaderFunctionRole", "EncryptObjects"): "file",
    ("ObjectReaderFunctionRole", "KeepRejects"): "file",
    ("ObjectReaderFunctionRole", "ReadLookups"): "cold_file",
    ("ObjectReaderFunctionRole", "SayWhereToGoOn"): "continued_file",
    ("ObjectReaderFunctionRole", "TellGoneFromForbidden"): "gone_file",
    ("ObjectReaderFunctionRole", "WriteOwnLog"): "file",
    ("OrganisationFunctionRole", ""): "snapshot",
    ("OrganisationRole", ""): "schedule",
    ("RawArchiveRole", ""): "archived",
    ("RawArchiveRole", "WriteOwnLog"): "archive_told",
    ("SearchMaster", ""): "setup",
    ("SearchSetupFunctionRole", ""): "setup",
    ("SearchSetupProviderLogsRole", ""): "deployment",
    ("SubscriptionRole", ""): "line",
}
"""What a statement is for, by its holder and ``Sid``; under an empty one all others of a holder."""

_TLS = "the laptop's cloud answers on loopback, which counts as TLS"
_LAMBDA = "the laptop's cloud gives a function its role without asking whom the role trusts"

NOT_SHOWN: Final[Mapping[tuple[str, str], str]] = {
    ("AlarmsTopic", "RefuseWithoutTls"): _TLS,
    ("NormaliseSetAside", "RefuseWithoutTls"): _TLS,
    ("ObjectQueueAnnouncements", "RefuseWithoutTls"): _TLS,
    ("ObjectQueueSetAside", "RefuseWithoutTls"): _TLS,
    ("NormaliseFunctionRole", "RunTheFunction"): _LAMBDA,
    ("ObjectReaderFunctionRole", "RunTheFunction"): _LAMBDA,
    ("OrganisationFunctionRole", "RunTheFunction"): _LAMBDA,
    ("SearchSetupFunctionRole", "RunTheFunction"): _LAMBDA,
    ("SearchSetupProviderLogsRole", "RunTheFunction"): _LAMBDA,
}
"""Statements whose want the laptop cannot show, and why."""


@pytest.fixture(scope="module")
def uses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Uses]:
    with laptop("firehose", folder=tmp_path_factory.mktemp("laptop")) as place:
        yield Uses(
            place,
            (
                *rights(place, Place(CENTRAL, HOME), "CentralLogs-sandbox-search"),
                *rights(place, Place(CENTRAL, HOME), "CentralLogs-sandbox-pipeline"),
                *rights(place, Place(CENTRAL, AWAY.region), "CentralLogs-sandbox-door"),
                *rights(place, AWAY, "CentralLogs-sandbox-member"),
            ),
        )


def use_of(right: Right) -> str:
    return USES.get((right.holder, right.why)) or USES[right.holder, ""]


def works(uses: Uses, name: str) -> bool:
    return bool(getattr(uses, name)())


def seconds(uses: Uses, name: str) -> float:
    """How long a use takes that has every right."""
    began = time.monotonic()
    assert works(uses, name), name
    took = time.monotonic() - began
    uses.settle()
    return took


def test_each_statement_is_needed_for_something(uses: Uses) -> None:
    tried = [r for r in uses.rights if (r.holder, r.why) not in NOT_SHOWN]
    took = {name: seconds(uses, name) for name in sorted({use_of(right) for right in tried})}

    needless = []
    for right in tried:
        name = use_of(right)
        uses.patience_s = 10 + 2 * took[name]
        with right.without():
            if works(uses, name):
                needless.append((right.holder, right.why, name))
        uses.settle()

    assert needless == []
    uses.patience_s = PATIENCE_S
    assert [name for name in took if not works(uses, name)] == []


def test_what_is_not_shown_is_there(uses: Uses) -> None:
    found = {(right.holder, right.why) for right in uses.rights}

    assert set(NOT_SHOWN) - found == set()
    assert {key for key in USES if key[1]} - found == set()
