"""What is wrong with sites, said once: opened when a figure was bad for some minutes, closed when it was good again for some."""
