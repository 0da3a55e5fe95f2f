"""Logs, metrics, alarms and the dashboard. `monitoring` makes them; the other modules say what is in them."""
