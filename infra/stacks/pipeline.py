"""The central account's stack from the stream to the index: the diagram, left to right."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.bundle import Bundle
from infra.called_services import organisation_is_reached
from infra.config import DeploymentConfig
from infra.constructs.common.grants import grant_get_objects
from infra.constructs.common.removal import removal_policy
from infra.constructs.members.organisation_snapshot import OrganisationSnapshot
from infra.constructs.network.endpoints import Endpoints
from infra.constructs.network.placement import Placement
from infra.constructs.objects.object_bus import ObjectBus
from infra.constructs.objects.object_queue import ObjectQueue
from infra.constructs.objects.object_reader import ObjectReader
from infra.constructs.search.delivery import Delivery
from infra.constructs.search.domain import Domain
from infra.constructs.search.search_setup import SearchSetup
from infra.constructs.stream.event_hub import EventHub
from infra.constructs.stream.ingest import Ingest
from infra.constructs.stream.normalise import Normalise
from infra.constructs.stream.raw_archive import RawArchive
from infra.constructs.watch.alarm_topic import AlarmTopic
from infra.constructs.watch.loop_alarm import LoopAlarm
from infra.enrichment import all_objects
from infra.network_calls import Callers, calls
from infra.settings import (
    normalise_settings,
    normalising_files,
    read_objects_settings,
    search_setup_settings,
    snapshot_settings,
)
from infra.stacks.network import NetworkStack
from infra.stacks.search import SearchStack


class PipelineStack(cdk.Stack):
    """Introduces the stream, its two consumers and the delivery to each other."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        config: DeploymentConfig,
        bundle: Bundle,
        store: SearchStack,
        network: NetworkStack | None = None,
        env: cdk.Environment,
    ) -> None:
        super().__init__(scope, id_, env=env)
        place = network.functions if network else None
        key, bucket, domain = store.key, store.archive.bucket, store.domain

        self.ingest = Ingest(
            self, "Ingest", config=config.stream, key=key, removal=removal_policy(config)
        )
        self.raw_archive = RawArchive(
            self,
            "RawArchive",
            config=config.delivery,
            stream=self.ingest.stream,
            bucket=bucket,
            key=key,
            log_retention_days=config.function.log_retention_days,
        )
        self.delivery = Delivery(
            self,
            "Delivery",
            config=config,
            domain=domain,
            bucket=bucket,
            key=key,
            place=network.firehose if network else None,
        )
        self.normalise = Normalise(
            self,
            "Normalise",
            config=config.function,
            bundle=bundle,
            stream=self.ingest.stream,
            key=key,
            max_record_age=cdk.Duration.hours(config.stream.oldest_read_hours),
            settings=normalise_settings(config, self.delivery.stream.name, domain, bucket),
            files=normalising_files(config),
            place=place,
        )
        self.delivery.grant_write(self.normalise.function.role)
        if config.enrichment.organisation.enabled:
            self.organisation = OrganisationSnapshot(
                self,
                "Organisation",
                config=config.enrichment.organisation,
                function=config.function,
                bundle=bundle,
                bucket=bucket,
                key=key,
                settings=snapshot_settings(config, bucket),
                place=place if organisation_is_reached(config) else None,
            )
            name = self.organisation.function.function.function_name
            cdk.CfnOutput(self, "OrganisationSnapshotFunction", value=name)
        self.events = EventHub(
            self,
            "Events",
            senders=config.senders,
            stream=self.ingest.stream,
            key=key,
            undelivered=self.normalise.set_aside,
        )
        self.objects = (
            self._read_objects(config, bundle, store, place) if config.log_buckets else None
        )
        readers = (self.normalise, *((self.objects,) if self.objects else ()))
        writers = (*(reader.function.role for reader in readers), self.delivery.stream.role)
        directory = store.cognito.roles if store.cognito else None
        self.setup = SearchSetup(
            self,
            "SearchSetup",
            bundle=bundle,
            config=config.function,
            domain=domain,
            directory=directory,
            settings=search_setup_settings(
                config, domain, writers=writers, people=store.people, directory=directory
            ),
            place=place,
        )
        for reader in readers:
            lookups = all_objects(config.enrichment, bucket)
            grant_get_objects(reader.function.role, lookups)
            self.setup.resource.node.add_dependency(reader.function.role)
            # A document that came before its inbox and pipeline would stay there without an id.
            reader.reader.node.add_dependency(self.setup.resource)
        self.alarms = AlarmTopic(self, "Alarms", key=key, emails=config.alarms.emails)
        self.loop = LoopAlarm(self, "Loop", topic=self.alarms.topic)
        cdk.CfnOutput(self, "AlarmTopic", value=self.alarms.topic.topic_arn)
        if network and network.endpoints:
            self.endpoints = Endpoints(
                self,
                "Endpoints",
                place=network.endpoints,
                route_table_ids=network.route_table_ids,
                calls=calls(config, self._callers(config, domain), bucket),
            )
            self.setup.resource.node.add_dependency(self.endpoints)

    def _callers(self, config: DeploymentConfig, domain: Domain) -> Callers:
        """Who calls AWS's services from within the VPC."""
        objects = self.objects.function.role if self.objects else None
        normalise = self.normalise.function.role
        return Callers(
            readers=(normalise, objects) if objects else (normalise,),
            objects=objects,
            setup=self.setup.function.role,
            snapshot=(self.organisation.function.role if organisation_is_reached(config) else None),
            delivery=self.delivery.stream.arn,
            queue=self.objects.queue_arn if self.objects else "",
            master=domain.master.role_arn,
        )

    def _read_objects(
        self,
        config: DeploymentConfig,
        bundle: Bundle,
        store: SearchStack,
        place: Placement | None,
    ) -> ObjectReader:
        """Buckets to queue to function, with the same delivery as the stream's."""
        queue = self._announcements(config, store.key)
        found = ObjectReader(
            self,
            "ObjectReader",
            config=config.objects,
            buckets=config.log_buckets,
            function=config.function,
            bundle=bundle,
            announcements=queue,
            key=store.key,
            settings=read_objects_settings(
                config,
                self.delivery.stream.name,
                store.domain,
                store.archive.bucket,
                queue_url=queue.queue.queue_url,
            ),
            files=normalising_files(config),
            place=place,
        )
        self.delivery.grant_write(found.function.role)
        return found

    def _announcements(self, config: DeploymentConfig, key: kms.IKey) -> ObjectQueue:
        """The queue, and before it a bus where some bucket is in another region."""
        here = config.central.region
        others = [b for b in config.log_buckets if b.region != here]
        if others:
            self.object_bus = ObjectBus(
                self,
                "ObjectBus",
                senders=config.senders,
                accounts=sorted({str(b.account) for b in others} - {config.central.account}),
            )
        return ObjectQueue(
            self,
            "ObjectQueue",
            config=config.objects,
            buckets=config.log_buckets,
            may_notify=[b for b in config.named_buckets if b.region == here],
            bus=self.object_bus.bus if others else None,
            key=key,
        )
