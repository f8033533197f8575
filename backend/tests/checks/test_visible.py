"""A query that forgets who is calling is found, however it is written; what begins at the door, or has its reason, is left alone."""

import ast

import pytest

from checks.owned import owned_tables
from checks.visible import wrong_queries

MODELS = """
class Site(db.Row):
    __tablename__ = "sites"
    id: Mapped[str]
    owner_id: Mapped[str]

class Part(db.Row):
    __tablename__ = "parts"
    tenant_id: Mapped[str | None]

class Page(db.Row):
    __tablename__ = "pages"
    part_id: Mapped[str] = mapped_column(ForeignKey("parts.id"))

class Word(db.Row):
    __tablename__ = "words"
    page_id: Mapped[str] = mapped_column(String(40), ForeignKey("pages.id", ondelete="CASCADE"))

class Deed(db.Row):
    __tablename__ = "deeds"
    actor_id: Mapped[str]

class User(db.Row):
    __tablename__ = "users"
    id: Mapped[str]

class OwnerRead(BaseModel):
    owner_id: str

def visible_to(principal: Principal) -> Select[Deed]:
    return select(Deed).where(Deed.actor_id == principal.id)
"""


def found(
    line: str, reasons: dict[str, dict[str, str]] | None = None, path: str = "sites/service.py"
) -> list[str]:
    """What is said of a function `look` with this one line."""
    begun = "from sqlalchemy import select as choose\nfrom aipress.sites.models import Site as Shop\n"
    text = f"{begun}async def look(session, principal, id):\n    {line}\n"
    return list(wrong_queries({"sites/models.py": MODELS, path: text}, reasons or {}))


def test_a_table_is_somebodys_by_its_columns_by_what_it_points_at_or_by_having_a_door() -> None:
    assert owned_tables([ast.parse(MODELS)]) == {
        "Site": "sites",
        "Part": "parts",
        "Page": "pages",
        "Word": "words",
        "Deed": "deeds",
    }


@pytest.mark.parametrize(
    ("line", "table"),
    [
        ("return await session.scalar(select(Site).where(Site.id == id))", "Site"),
        ("return await session.get(Site, id)", "Site"),
        ("return await session.get_one(models.Site, id)", "Site"),
        ("return select(Site.id)", "Site"),
        ("return sa.select(models.Site.name)", "Site"),
        ("return choose(Site)", "Site"),
        ("return select(Shop)", "Site"),
        ("return select(func.count()).select_from(Site)", "Site"),
        ("return select(func.count(Part.id)).where(Part.tenant_id == id)", "Part"),
        ("return select(User).join(Part, Part.user_id == User.id)", "Part"),
        ("return select(User).where(User.id == Site.owner_id)", "Site"),
        ("return visible_to(principal).where(Deed.id.in_(select(Site.id)))", "Site"),
        ("return select(Site).where(Site.id.in_(visible_to(principal)))", "Site"),
        ("return update(Word).where(Word.id == id).values(text='')", "Word"),
        ("return delete(Deed)", "Deed"),
        ("return aliased(Page)", "Page"),
        ("return exists().where(Page.id == id)", "Page"),
        ("return text('SELECT * FROM sites')", "Site"),
        ("return connection.exec_driver_sql('update words set text = 1')", "Word"),
    ],
)
def test_a_query_that_forgets_who_is_calling_is_found(line: str, table: str) -> None:
    assert found(line) == [f"sites/service.py:4: look looks for {table} without visible_to(principal)"]


@pytest.mark.parametrize(
    "line",
    [
        "return visible_to(principal).where(Site.id == id)",
        "return await session.scalar(visible_to(principal).where(Site.id == id))",
        "return select(func.count()).select_from(visible_to(principal).where(Site.id == id).subquery())",
        "return visible_to(principal).with_only_columns(Site.state, func.count()).group_by(Site.state)",
        "return select(User).where(User.id == id)",
        "return await session.get(User, id)",
        "session.add(Site(id=id, owner_id=principal.id))",
        "return known.get(id)",
        "return text('SELECT 1')",
        "await session.delete(id)",
    ],
)
def test_what_begins_at_the_door_or_is_nobodys_is_left_alone(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(
    "path", ["sites/routes.py", "sites/offers.py", "sites/members.py", "sites/anything.py"]
)
def test_no_file_is_too_far_off_to_be_looked_at(path: str) -> None:
    assert len(found("return select(Site)", path=path)) == 1


def test_only_a_rooms_own_door_is_a_door() -> None:
    door = "def visible_to(principal):\n    return select(Site)\n"
    assert list(wrong_queries({"sites/models.py": MODELS, "sites/service.py": door}, {})) == [
        "sites/service.py:2: visible_to looks for Site without visible_to(principal)"
    ]


@pytest.mark.parametrize("place", ["look", "*"])
def test_a_place_with_its_reason_is_left_alone_and_a_reason_without_its_place_is_found(place: str) -> None:
    reasons = {"sites/service.py": {place: "a lock"}}
    assert found("return select(Site)", reasons) == []
    assert found("return 1", reasons) == [
        f"sites/service.py: the reason for {place} excuses nothing (any more)"
    ]


def test_a_reason_excuses_no_other_function() -> None:
    assert len(found("return select(Site)", {"sites/service.py": {"lock": "a lock"}})) == 2
