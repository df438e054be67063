"""The main job: set up, deploy, play a day, show what arrived, prove that nothing is missing."""
