"""What is deployed together: each stack reads like its part of the diagram."""
