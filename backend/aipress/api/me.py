"""Who am I, and what is mine: put together from users and tenants, which do not know each other's routes."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from aipress.auth.door import Caller, InTransaction
from aipress.auth.principal import Role
from aipress.tenants import service as tenants

router = APIRouter(tags=["me"])
MOST = 200  # sites listed here; the rest is a page away at /tenants


class PrincipalRead(BaseModel):
    kind: Literal["user", "agent", "operator"]
    id: str
    email: str
    name: str
    role: Role


class MyTenant(BaseModel):
    id: str
    slug: str
    name: str
    role: Literal["owner", "member"]


class Me(BaseModel):
    """The caller, and their sites."""

    principal: PrincipalRead
    tenants: list[MyTenant]


@router.get("/me")
async def read_me(session: InTransaction, caller: Caller) -> Me:
    """Who you are here, which sites are yours, and which are shared with you."""
    mine = await tenants.taken_part_in(session, caller, MOST)
    return Me(
        principal=PrincipalRead.model_validate(caller, from_attributes=True),
        tenants=[
            MyTenant(
                id=row.id,
                slug=row.slug,
                name=row.name,
                role="owner" if row.owner_id == caller.id else "member",
            )
            for row in mine
        ],
    )
