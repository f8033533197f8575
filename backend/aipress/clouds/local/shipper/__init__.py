"""The shipper: reads what nginx, PHP, MariaDB and the platform's services write, and keeps each line once, with its tenant."""
