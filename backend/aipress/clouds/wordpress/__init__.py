"""What every cloud knows of a WordPress: how its tables are made, read and written, and what its cron planned."""
