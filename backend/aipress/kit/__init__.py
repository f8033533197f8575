"""What we wish were in the standard library: database, ids, clock, paging, logging. No AIPress words."""
