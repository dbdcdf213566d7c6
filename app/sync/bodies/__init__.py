"""What is sealed: activity and records as values, and how they are written as bytes."""
