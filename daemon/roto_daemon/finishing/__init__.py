"""What is done to masks after tracking: steadied, cleaned, grown, feathered, combined. Nothing here reads files."""
