"""The studio hub: queues, review and users."""
