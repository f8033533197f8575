"""Forms in which little is said and much is meant: a site and a size, a site and what it becomes."""

from aipress.chat.offline.clauses import SITE_WORD, Clause
from aipress.chat.offline.lexicon import tiers
from aipress.plans.arguments import TIERS


def changes_into_a_name(clause: Clause) -> bool:
    """ "Change Harbor Books to Harbor Books & More": from a name to something written like one."""
    named = next((mention for mention in clause.mentions if mention.slugs), None)
    if named is None:
        return False
    cut = 1 if clause.first_words(1) in (("change",), ("turn",), ("alter",)) else 2
    between = clause.words[named.end : named.end + cut]
    name = next(iter(clause.tokens[named.end + cut :]), None)
    if name is None or between not in BECOMING or tiers().values([name.word]):
        return False
    return name.kind == "quote" or (name.kind == "word" and name.is_capitalised)


def is_tier_alone(clause: Clause) -> bool:
    """ "Newsdesk -> standard", "performance for the shop": a site, a size, and nothing else."""
    content = {word for word in clause.words if word not in SMALL | DEFINITE and any(map(str.isalpha, word))}
    sizes = content & set(TIERS)
    if (
        set(clause.words) & ENOUGH
        and len(sizes) == 1
        and content <= sizes | ENOUGH | {"tier", "plan"}
        and not clause.mentions
    ):
        return True
    return SITE_WORD in clause.words and len(sizes) == 1 and content <= sizes | {"tier", "plan", "to", "for"}


def gives_up_a_domain(clause: Clause) -> bool:
    """ "The shop should no longer answer to old.example", "the shop without old.example", "free old.example from the shop"."""
    place = next((at for at, token in enumerate(clause.tokens) if token.kind == "domain"), None)
    if place is None:
        return False
    words = clause.words
    if (
        clause.first_words(1) in (("free",), ("separate",), ("release",))
        or words[max(0, place - 1)] == "without"
    ):
        return True
    if any(words[at : at + 3] == ("do", "not", "want") for at in range(len(words))):
        return True
    return any(
        words[at] in DUTIES
        and set(words[at + 1 : at + 3]) & NEGATIONS
        and set(words[at + 2 : at + 6]) & BELONGING
        for at in range(len(words))
    )


def misses_its_site(clause: Clause) -> bool:
    """ "Luna.com does not point to the shop", "luna.com still leads nowhere": a complaint, not a wish to connect."""
    place = next((at for at, token in enumerate(clause.tokens) if token.kind == "domain"), None)
    following = clause.words[place + 1 : place + 8] if place is not None else ()
    is_indicative = bool(set(following[:3]) & STATING)
    is_missed = bool(set(following) & NEGATIONS and set(following) & BELONGING)
    return is_indicative and (is_missed or "nowhere" in following or "elsewhere" in following)


def may_go(clause: Clause) -> bool:
    """ "The staging copy can go", and nothing after it: not "can go live" nor "nothing can go wrong"."""
    words = tuple(
        word for word in clause.words if word not in ("please", "now", "too", "again", "away", "today")
    )
    return words[-2:] in (("can", "go"), ("must", "go"), ("should", "go"), ("may", "go")) or words[-3:] in (
        ("has", "to", "go"),
        ("needs", "to", "go"),
    )


DUTIES = frozenset("should shall must ought may".split())
STATING = frozenset("does do is are still no never did leads points goes has".split())
NEGATIONS = frozenset("not no never".split())
BELONGING = frozenset(
    "show open display point points lead answer use belong connected linked attached reachable redirect resolve resolves be serve host go going goes load loads work works pointing showing leads find reach reaches".split()
)
BECOMING = (
    ("to",),
    ("into",),
    ("shall", "be"),
    ("should", "be"),
    ("will", "be"),
    ("must", "be"),
    ("is", "now"),
)
ENOUGH = frozenset("please will do is enough suffices should be go with then".split())
DEFINITE = frozenset(("the", "my", "our", "this", "that", "its", "your", "their", "which", "what", SITE_WORD))
SMALL = frozenset("please me us to now on of for a and ? ! , can could may i we let".split())
