"""Who is told what: notices in the page, e-mail, and webhooks, made of the events."""
