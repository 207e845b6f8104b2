"""What follows from a plan: calendar, traffic, customers, profit, cash, KPIs, checks."""
