"""The assistant's tools for other people's assistants: a server of the Model Context Protocol, over HTTP and standard input and output."""
