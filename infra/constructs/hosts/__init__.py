"""What sends the logs of hosts, on EC2 and elsewhere: the agent, its rights, its configuration."""
