"""The laptop: a cloud, a search server, a day of logs and a page to look at, in one command."""
