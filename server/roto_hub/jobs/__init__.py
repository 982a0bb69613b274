"""Jobs: the queue, its dispatcher, and the workers that drive daemons."""
