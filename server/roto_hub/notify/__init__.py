"""Who is told what: notices in the page, letters, and webhooks, made of the events."""
