"""A simulator of Google Cloud's control plane: routes and schemas come from Google's own discovery documents, meaning from `semantics`.

It knows nothing of AIPress and AIPress nothing of it: whoever talks to Google over HTTP can talk to this.
"""
