"""What a planner says: drivers, lists, rules, scenarios."""
