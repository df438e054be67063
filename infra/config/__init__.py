"""Everything a deployment may choose, a module a section, checked before a construct exists."""

from infra.config.deployment import DeploymentConfig, config_path, dataset_names

__all__ = ["DeploymentConfig", "config_path", "dataset_names"]
