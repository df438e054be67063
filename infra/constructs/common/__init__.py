"""What constructs share: functions, roles, statements, grants, log groups."""
