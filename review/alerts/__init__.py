"""Who must know, in time and once: events found in the rows, messages to the people who subscribed, and escalation."""
