"""Bootstraps and deploys the app with the real cdk command, against the laptop's own cloud."""
