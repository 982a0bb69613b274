"""The local service: plates and prompts in, masks and native shapes out."""
