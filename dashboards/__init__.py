"""Dashboards as readable TOML, and the compiler that turns them into saved objects."""
