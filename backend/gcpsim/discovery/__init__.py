"""Google's machine-readable description of its APIs: the documents, the routes in them, what a value must look like."""
