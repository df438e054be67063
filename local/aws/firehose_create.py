# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Creates, updates and describes delivery streams: refuses what would not be delivered here.

MiniStack takes every destination and delivers to few. A stream that this local cloud cannot play
whole is refused when it is created, as AWS refuses one that cannot work.

Reference: https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
"""

import time
from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.responses import error_response_json
from ministack.services import ec2, firehose, opensearch

from local.aws import firehose_s3, firehose_transform, patching
from local.aws.firehose_records import DestinationConfig
from local.aws.settings import Settings

_DESTINATIONS = ("ExtendedS3", "S3", "AmazonOpenSearch")
_ERROR_TYPE = "!{firehose:error-output-type}"


class UnusableDestinationError(Exception):
    """The destination breaks a rule of AWS or is more than the local cloud plays."""


def check(kind: str, config: DestinationConfig) -> None:
    """Accept a destination that can be delivered to.

    Raises:
        UnusableDestinationError: it cannot; the message says what to change.
    """
    if kind not in _DESTINATIONS:
        raise UnusableDestinationError(f"the local cloud does not deliver to {kind}")
    for processor in firehose_transform.processors(config):
        if processor.get("Type") != "Lambda":
            raise UnusableDestinationError(f"no processor {processor.get('Type')} in this cloud")
    if kind == "AmazonOpenSearch":
        _check_domain(config)
    _check_s3(config.get("S3Configuration", config))


def _check_domain(config: DestinationConfig) -> None:
    if "DomainARN" not in config:
        raise UnusableDestinationError("the local cloud needs DomainARN, not ClusterEndpoint")
    arn = parse_arn(config["DomainARN"])
    name = arn.resource.partition("/")[2]
    if opensearch._domains.get_scoped(arn.account_id, arn.region, name) is None:
        raise UnusableDestinationError(f"domain {arn} does not exist")


def _check_s3(config: DestinationConfig) -> None:
    for feature in ("DynamicPartitioningConfiguration", "DataFormatConversionConfiguration"):
        if str((config.get(feature) or {}).get("Enabled", "")).lower() == "true":
            raise UnusableDestinationError(f"the local cloud has no {feature}")
    compression = config.get("CompressionFormat", "UNCOMPRESSED")
    if compression not in firehose_s3.COMPRESSIONS:
        raise UnusableDestinationError(f"the local cloud does not compress as {compression}")
    _check_prefixes(config)


def _check_prefixes(config: DestinationConfig) -> None:
    """The rules of https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html."""
    prefix, error_prefix = config.get("Prefix") or "", config.get("ErrorOutputPrefix") or ""
    if "!{" in prefix and not error_prefix:
        raise UnusableDestinationError("ErrorOutputPrefix is required when Prefix has expressions")
    if "!{" in error_prefix and _ERROR_TYPE not in error_prefix:
        raise UnusableDestinationError(f"ErrorOutputPrefix needs {_ERROR_TYPE}")
    try:
        firehose_s3.evaluate_prefix(config, time.time())
        firehose_s3.evaluate_error_prefix(config, time.time(), "processing-failed")
    except firehose._DeliveryError as error:
        raise UnusableDestinationError(str(error)) from error


def _with_check(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def create(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response
        kind, config = firehose._resolve_dest_type_and_config(request)
        try:
            check(kind or "no destination", config or {})
        except UnusableDestinationError as error:
            return error_response_json("InvalidArgumentException", str(error), 400)
        return original(request)

    return create


def _with_s3_update(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """An update names the S3 part ``S3Update``; MiniStack would keep it beside the old one."""

    def update(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response
        change = request.get("AmazonopensearchserviceDestinationUpdate") or {}
        if "S3Update" in change:
            before = _destination_config(request).get("S3Configuration", {})
            change["S3Configuration"] = before | change.pop("S3Update")
        return original(request)

    return update


def _destination_config(request: dict[str, Any]) -> DestinationConfig:
    stream = firehose._streams.get(request.get("DeliveryStreamName", "")) or {}
    for destination in stream.get("destinations", []):
        if destination["id"] == request.get("DestinationId"):
            config: DestinationConfig = destination["config"]
            return config
    return {}


def _with_opensearch(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Describe an OpenSearch destination under the name and with the defaults that AWS uses."""

    def describe(destination: dict[str, Any]) -> dict[str, Any]:
        if destination["type"] != "AmazonOpenSearch":
            described: dict[str, Any] = original(destination)
            return described
        config = dict(destination["config"])
        s3 = config.pop("S3Configuration", {})
        if "VpcConfiguration" in config:
            config["VpcConfigurationDescription"] = _with_vpc(config.pop("VpcConfiguration"))
        description = {
            "IndexRotationPeriod": "OneDay",
            "BufferingHints": {"IntervalInSeconds": 300, "SizeInMBs": 5},
            "RetryOptions": {"DurationInSeconds": 300},
            "S3BackupMode": "FailedDocumentsOnly",
            "DocumentIdOptions": {"DefaultDocumentIdFormat": "FIREHOSE_DEFAULT"},
            **config,
            "S3DestinationDescription": {"CompressionFormat": "UNCOMPRESSED", **s3},
        }
        return {
            "DestinationId": destination["id"],
            "AmazonopensearchserviceDestinationDescription": description,
        }

    return describe


def _with_vpc(config: dict[str, Any]) -> dict[str, Any]:
    """A description names the VPC, which the subnets tell."""
    subnets = (ec2._subnets.get(subnet) for subnet in config["SubnetIds"])
    vpc = next((subnet["VpcId"] for subnet in subnets if subnet), "")
    return {**config, "VpcId": vpc}


def apply(_settings: Settings) -> None:
    """Check destinations for the API and CloudFormation alike, and describe them whole."""
    patching.require(firehose, "_resolve_dest_type_and_config", "_DeliveryError")
    patching.require(opensearch, "_domains")
    patching.require(ec2, "_subnets")
    patching.wrap(firehose, "_create_delivery_stream", _with_check)
    patching.wrap_entry(firehose, "_HANDLERS", "CreateDeliveryStream", _with_check)
    patching.wrap_entry(firehose, "_HANDLERS", "UpdateDestination", _with_s3_update)
    patching.wrap(firehose, "_dest_description", _with_opensearch)
