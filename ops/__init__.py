"""Commands that a deployer runs against real accounts; nothing here is deployed."""
