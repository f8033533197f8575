"""What the simulator's things cost, hour by hour, as rows of Google's detailed billing export."""
