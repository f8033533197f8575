"""What answers of the assistant use of language models: counted for each person and day, held to a budget, and priced."""
