"""What a file of a host must keep to, rule by rule: for files that something else wrote, and for our own."""
