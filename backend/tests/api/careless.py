"""A small app with four mistakes, to show that what finds none in ours would find them."""

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

_bearer = HTTPBearer(auto_error=False)
Shown = Annotated[object, Depends(_bearer)]


class NoteWrite(BaseModel):
    title: str = Field(max_length=20, examples=["milk"])
    weight: int = Field(0, ge=0, le=10)


class Note(NoteWrite):
    id: str


def careless_app() -> FastAPI:
    """It never asks for the token it wants, crashes at a full weight, forgets a title, and keeps what was removed."""
    refused = {401: {}, 404: {}, 422: {}}
    app, notes = FastAPI(responses={**refused}), dict[str, Note]()

    @app.post("/notes", status_code=201)
    def write(wish: NoteWrite, _: Shown) -> Note:
        note = Note(id=f"note_{len(notes)}", **wish.model_dump())
        notes[note.id] = note
        return note

    @app.get("/notes/{note_id}")
    def read(note_id: str, _: Shown) -> Note:
        return _of(notes, note_id)

    @app.delete("/notes/{note_id}", status_code=204)
    def forget(note_id: str, _: Shown) -> None:
        _of(notes, note_id)

    @app.get("/weights", response_model=Note)
    def weigh(weight: Annotated[int, Field(ge=0, le=10)], _: Shown) -> JSONResponse:
        return JSONResponse({"id": "heaviest", "weight": weight}, 500 if weight == 10 else 200)

    return app


def _of(notes: dict[str, Note], note_id: str) -> Note:
    if note_id not in notes:
        raise HTTPException(404)
    return notes[note_id]
