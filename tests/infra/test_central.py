"""What the central account's own constructs promise: key, stream, archive, function, setup."""

import json
from typing import Any

import pytest

from infra.config.archive import Archive as ArchiveConfig
from infra.constructs.store.archive import lifecycle
from tests.infra.deployment import Deployment, Template, flat


def test_the_key_rotates_and_has_the_alias_that_doors_name(search: Template) -> None:
    assert search.one("AWS::KMS::Key")["EnableKeyRotation"] is True
    assert search.one("AWS::KMS::Alias")["AliasName"] == "alias/central-logs"


@pytest.mark.parametrize("service", ["events", "cloudwatch"])
def test_rules_and_alarms_of_this_account_may_fill_what_the_key_encrypts(
    search: Template, service: str
) -> None:
    policy = search.one("AWS::KMS::Key")["KeyPolicy"]
    by_service = {"Service": f"{service}.amazonaws.com"}

    (statement,) = [s for s in policy["Statement"] if s["Principal"] == by_service]

    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}


def test_the_stream_is_encrypted_with_the_key(deployment: Deployment) -> None:
    encryption = deployment.stack("pipeline").one("AWS::Kinesis::Stream")["StreamEncryption"]

    assert encryption["EncryptionType"] == "KMS"
    assert flat(encryption["KeyId"]) == "<ExportsOutputFnGetAttKey9BCD29C7ArnF1FF2E93>"


def test_the_stream_has_the_configured_mode_and_memory(
    sandbox: Deployment, production: Deployment
) -> None:
    small = sandbox.stack("pipeline").one("AWS::Kinesis::Stream")
    large = production.stack("pipeline").one("AWS::Kinesis::Stream")

    assert (small["ShardCount"], small["RetentionPeriodHours"]) == (1, 24)
    assert (large["StreamModeDetails"], large["RetentionPeriodHours"]) == (
        {"StreamMode": "ON_DEMAND"},
        168,
    )
    assert "ShardCount" not in large


def test_the_archive_is_private_encrypted_and_versioned(search: Template) -> None:
    bucket = search.one("AWS::S3::Bucket")
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert flat(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]) == "<Key9BCD29C7.Arn>"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_the_archive_is_reached_by_tls_1_2_only(search: Template) -> None:
    statements = search.one("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    denied = [s["Condition"] for s in statements if s["Effect"] == "Deny"]

    assert {"Bool": {"aws:SecureTransport": "false"}} in denied
    assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in denied


def test_each_kind_of_object_has_its_own_life(production: Deployment) -> None:
    bucket = production.stack("search").one("AWS::S3::Bucket")
    rules = {rule["Prefix"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}

    assert {prefix: rule.get("ExpirationInDays") for prefix, rule in rules.items()} == {
        "raw/": 2555,
        "rejects/": 365,
        "undelivered/": 365,
        "enrichment/": None,
    }
    assert rules["enrichment/"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert [(t["StorageClass"], t["TransitionInDays"]) for t in rules["raw/"]["Transitions"]] == [
        ("STANDARD_IA", 30),
        ("GLACIER", 90),
    ]


def test_zero_days_keep_an_object_for_ever_where_it_is() -> None:
    raw, *_ = lifecycle(ArchiveConfig())

    assert (raw.expiration, raw.transitions) == (None, None)


def test_raw_records_are_kept_untouched(deployment: Deployment) -> None:
    delivery = deployment.stack("pipeline").one(
        "AWS::KinesisFirehose::DeliveryStream", below="RawArchive"
    )
    kept = delivery["ExtendedS3DestinationConfiguration"]

    assert delivery["DeliveryStreamType"] == "KinesisStreamAsSource"
    assert kept["CompressionFormat"] == "UNCOMPRESSED"
    assert not {"ProcessingConfiguration", "DataFormatConversionConfiguration"} & set(kept)
    assert kept["Prefix"] == "raw/!{timestamp:yyyy/MM/dd/HH}/"
    assert kept["ErrorOutputPrefix"].startswith("undelivered/archive/!{firehose:error-output-type}")


def test_failed_batches_are_split_retried_and_set_aside(deployment: Deployment) -> None:
    reader = deployment.stack("pipeline").one("AWS::Lambda::EventSourceMapping")

    assert reader["BisectBatchOnFunctionError"] is True
    assert reader["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert reader["MaximumRetryAttempts"] == 8
    assert flat(reader["DestinationConfig"]["OnFailure"]["Destination"]) == (
        "<NormaliseSetAside98779F55.Arn>"
    )


def test_the_stream_is_read_from_its_oldest_record_in_configured_batches(
    production: Deployment,
) -> None:
    reader = production.stack("pipeline").one("AWS::Lambda::EventSourceMapping")

    assert flat(reader["EventSourceArn"]) == "<IngestStream404D06C0.Arn>"
    assert reader["StartingPosition"] == "TRIM_HORIZON"
    assert (
        reader["BatchSize"],
        reader["MaximumBatchingWindowInSeconds"],
        reader["ParallelizationFactor"],
    ) == (1000, 5, 4)


def test_batches_set_aside_stay_as_long_as_sqs_keeps_them_encrypted(pipeline: Template) -> None:
    queue = pipeline.one("AWS::SQS::Queue")

    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["KmsMasterKeyId"]


def test_functions_run_what_is_configured(production: Deployment) -> None:
    function = production.stack("pipeline").one("AWS::Lambda::Function", below="Normalise")

    assert function["Handler"] == "lambdas.normalise.handler.handler"
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["arm64"]
    assert (function["MemorySize"], function["Timeout"]) == (1769, 120)
    assert function["ReservedConcurrentExecutions"] == 100
    assert function["RecursiveLoop"] == "Terminate"
    assert function["LoggingConfig"]["LogFormat"] == "JSON"


@pytest.mark.parametrize(("stage", "days"), [("sandbox", 7), ("production", 90)])
def test_our_own_logs_have_the_configured_retention(
    stage: str, days: int, request: pytest.FixtureRequest
) -> None:
    deployment: Deployment = request.getfixturevalue(stage)

    found = {
        group["Properties"]["RetentionInDays"]
        for template in deployment.templates.values()
        for group in template.all("AWS::Logs::LogGroup").values()
    }

    assert found == {days}


def test_setup_runs_again_when_its_settings_or_objects_change(deployment: Deployment) -> None:
    pipeline = deployment.stack("pipeline")
    setup = pipeline.one("Custom::SearchSetup")
    function = pipeline.one("AWS::Lambda::Function", below="SearchSetupFunction")

    assert setup["Settings"] == function["Environment"]["Variables"]
    assert len(setup["Objects"]) == 16


def test_setup_maps_the_roles_of_both_writers(pipeline: Template) -> None:
    settings = pipeline.one("Custom::SearchSetup")["Settings"]

    assert json.loads(flat(settings["WRITER_ROLE_ARNS"])) == [
        "<NormaliseFunctionRole990050D9.Arn>",
        "<DeliveryStreamRole5E955E0C.Arn>",
    ]


def domain(deployment: Deployment) -> dict[str, Any]:
    return deployment.stack("search").one("AWS::OpenSearchService::Domain")


def test_the_domain_speaks_tls_with_forward_secrecy_only(deployment: Deployment) -> None:
    assert domain(deployment)["DomainEndpointOptions"] == {
        "EnforceHTTPS": True,
        "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
    }


def test_the_domain_is_encrypted_at_rest_and_between_nodes(deployment: Deployment) -> None:
    found = domain(deployment)

    assert found["NodeToNodeEncryptionOptions"] == {"Enabled": True}
    assert found["EncryptionAtRestOptions"] == {
        "Enabled": True,
        "KmsKeyId": {"Ref": "Key9BCD29C7"},
    }


def test_the_domain_knows_roles_and_no_passwords(deployment: Deployment) -> None:
    options = domain(deployment)["AdvancedSecurityOptions"]

    assert options["Enabled"] is True
    assert options["InternalUserDatabaseEnabled"] is False
    assert flat(options["MasterUserOptions"]["MasterUserARN"]) == "<SearchMasterCB1555CD.Arn>"


def test_only_roles_of_the_central_account_reach_the_domain(deployment: Deployment) -> None:
    (statement,) = domain(deployment)["AccessPolicies"]["Statement"]

    assert statement["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
    assert statement["Resource"] == "arn:aws:es:us-east-1:111111111111:domain/central-logs/*"


def test_a_sandbox_is_one_node_and_production_survives_a_zone(
    sandbox: Deployment, production: Deployment
) -> None:
    small, large = domain(sandbox)["ClusterConfig"], domain(production)["ClusterConfig"]

    assert (small["InstanceCount"], small["ZoneAwarenessEnabled"]) == (1, False)
    assert (large["InstanceCount"], large["MultiAZWithStandbyEnabled"]) == (3, True)
    assert large["ZoneAwarenessConfig"] == {"AvailabilityZoneCount": 3}
    assert large["DedicatedMasterCount"] == 3


def test_slow_requests_are_logged_by_this_domain_only(deployment: Deployment) -> None:
    search = deployment.stack("search")
    policy = json.loads(flat(search.one("AWS::Logs::ResourcePolicy")["PolicyDocument"]))
    (statement,) = policy["Statement"]

    assert set(domain(deployment)["LogPublishingOptions"]) == {
        "INDEX_SLOW_LOGS",
        "SEARCH_SLOW_LOGS",
    }
    assert statement["Principal"] == {"Service": "es.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnLike": {"aws:SourceArn": "arn:aws:es:us-east-1:111111111111:domain/central-logs"},
    }
    assert sorted(statement["Resource"]) == sorted(
        f"<{logical_id}.Arn>" for logical_id in search.all("AWS::Logs::LogGroup")
    )


def test_the_domain_comes_after_the_right_to_write_its_logs(search: Template) -> None:
    (found,) = search.all("AWS::OpenSearchService::Domain").values()

    assert found["DependsOn"] == list(search.all("AWS::Logs::ResourcePolicy"))
