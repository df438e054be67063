"""What AWS says when a deployment fails or a function stumbles, and what it means."""
