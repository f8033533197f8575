"""What `up` sees to on this machine: one file for each thing that has to be there."""
