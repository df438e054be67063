"""What several sources have in common: columns, web requests, flows, host names, system logs."""
