"""What the hub does, one verb a function. Each gets a database session and changes nothing but the database."""
