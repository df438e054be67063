"""What other teams launch for themselves, and the rules that look after their log groups."""
