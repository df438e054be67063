"""What AWS lets a policy or a template be, and what the app made of its configuration."""
