"""What every route may ask of its request: the transaction it runs in."""

from typing import Annotated, cast

from fastapi import Depends, Request

from aipress.kit.db import Session


def session_of(request: Request) -> Session:
    """The request's one transaction, opened and committed by the edge (`api/edge.py`)."""
    return cast(Session, request.state.session)


InTransaction = Annotated[Session, Depends(session_of)]
