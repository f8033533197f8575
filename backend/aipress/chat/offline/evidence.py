"""What speaks for each action. `core`: any one of these combinations of meanings must be there; `helps` add, `hurts` take away.

A core with `~` is weak: it gives way to anything foreign ("update the logo on the blog" is not about WordPress updates).
Weights say how telling a meaning is: "cache" tells a lot, "show" very little. intents.py does the sums.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against one action."""

    core: str
    helps: str = ""
    hurts: str = ""


EVIDENCE: dict[str, Evidence] = {
    "PURGE_CACHE": Evidence(
        "PURGE | CLEAR CACHE | DELETE CACHE | CLEAR PATH | UPDATE CACHE | STALE | ~CACHE",
        helps="PATH CACHE THE_SITE",
        hurts="METRIC QUESTION WH HOW_MANY WHY LOG",
    ),
    "CREATE_BACKUP": Evidence(
        "BACKUP_ONE | MAKE BACKUP | COPY KEEP",
        helps="MAKE WANT THE_SITE NEW KEEP",
        hurts="QUESTION WHEN WH RESTORE HOW_MANY SHOW_ONLY DELETE UNDO LATEST",
    ),
    "LIST_BACKUPS": Evidence(
        "BACKUPS | SHOW_ONLY BACKUP | QUESTION BACKUP | WHEN BACKUP | WH BACKUP | WH RESTORE",
        helps="SHOW SHOW_ONLY QUESTION HOW_MANY THE_SITE WH LATEST",
        hurts="MAKE RESTORE DELETE UNDO",
    ),
    "RESTORE_BACKUP": Evidence(
        "RESTORE BACKUP | UNDO BACKUP | ~RESTORE THE_SITE | INSTALL BACKUP LATEST | ~RESTORE",
        helps="LATEST THE_SITE",
        hurts="WHEN STAGING WH",
    ),
    "DELETE_STAGING": Evidence(
        "DELETE STAGING | DETACH STAGING | RIDDANCE STAGING | CLEAR STAGING", helps="THE_SITE"
    ),
    "PUSH_STAGING": Evidence(
        "PUSH STAGING | STAGING LIVE | PUSH LIVE | ~PUSH THE_SITE",
        helps="LIVE THE_SITE",
        hurts="TIERNAME DOMAIN_NAME MAKE_NEW",
    ),
    "CREATE_STAGING": Evidence(
        "STAGING | COPY STAGING | ~COPY THE_SITE",
        helps="MAKE WANT NEW COPY THE_SITE",
        hurts="QUESTION WHY DELETE RIDDANCE",
    ),
    "REMOVE_DOMAIN": Evidence(
        "DELETE DOMAIN | DETACH DOMAIN | DELETE DOMAIN_NAME | DETACH DOMAIN_NAME",
        helps="THE_SITE DETACH DOMAIN DOMAIN_NAME",
    ),
    "CHECK_DOMAIN": Evidence(
        """QUESTION DOMAIN_NAME | VERIFY DOMAIN_NAME | DNS DOMAIN_NAME | WHY DOMAIN_NAME | BROKEN DOMAIN_NAME | QUESTION DOMAIN | DNS |
        WHY DOMAIN | STATE DOMAIN_NAME | DOWN DOMAIN_NAME | STATE DOMAIN | SLOW DOMAIN_NAME | WH DOMAIN_NAME | VERIFY DOMAIN""",
        helps="QUESTION VERIFY DNS CHECKING UP DOMAIN DOMAIN_NAME THE_SITE BROKEN WHY",
        hurts="DELETE",
    ),
    "ADD_DOMAIN": Evidence(
        "DOMAIN_NAME THE_SITE | CONNECT DOMAIN_NAME | CONNECT DOMAIN | WANT DOMAIN | INSTALL DOMAIN | MAKE DOMAIN | MAKE DOMAIN_NAME | DOMAIN",
        helps="CONNECT INSTALL WANT DOMAIN DOMAIN_NAME NEW THE_SITE",
        hurts="QUESTION VERIFY WHY DELETE BROKEN WRITE",
    ),
    "CREATE_SITE": Evidence(
        """MAKE A_SITE | WANT A_SITE | MAKE BARE_SITE | NEW BARE_SITE | NEW A_SITE | A_SITE NAMED | INSTALL A_SITE | CONNECT A_SITE | LOGIN A_SITE |
        MAKE NAMED | MAKE QUOTE | MAKE PROPER""",
        helps="NAMED QUOTE MAKE BUNDLE TIERNAME TIER PROPER WANT NEW",
        hurts="QUESTION WHY DELETE STAGING BACKUP_ONE RENAME HOW_MANY DOMAIN MADE_SITE",
    ),
    "INSTALL_BUNDLE": Evidence("BUNDLE", helps="INSTALL WANT THE_SITE UPGRADE", hurts="A_SITE WHICH"),
    "UPDATE_WORDPRESS": Evidence(
        "UPDATE WORDPRESS | UPDATE CORE | INSTALL UPDATE | ~UPDATE THE_SITE | ~UPDATE",
        helps="WORDPRESS CORE INSTALL THE_SITE",
        hurts="QUESTION TIER TIERNAME RESIZED CACHE",
    ),
    "CHANGE_TIER": Evidence(
        "UPGRADE TIERNAME | UPGRADE TIER | TIER TIERNAME | RESIZE TIERNAME | MADE_SITE TIERNAME | ~RESIZE THE_SITE | ~RESIZE",
        helps="UPGRADE RESIZE TIER TIERNAME THE_SITE WANT",
        hurts="COST QUESTION WORDPRESS UPDATED A_SITE STATE WH",
    ),
    "RENAME_SITE": Evidence("RENAME", helps="THE_SITE QUOTE PROPER SITE", hurts="QUESTION"),
    "OPEN_ADMIN": Evidence(
        "ADMIN | ENTER", helps="LOGIN ENTER SHOW WANT THE_SITE WORDPRESS", hurts="PERSON SECRET LOG"
    ),
    "GET_LOGS": Evidence(
        "LOG | WARNING | SHOW ERROR | QUESTION ERROR | WH ERROR | FIND ERROR | SOURCE ERROR | ~ERROR | SOURCE FAILED",
        helps="SHOW FIND SOURCE LEVEL QUOTE QUESTION THE_SITE WINDOW ERROR LOG FAILED",
        hurts="WHY_ERROR METRIC_ERROR",
    ),
    "GET_METRICS": Evidence(
        "METRIC | METRICS | PLOT | PLOT ERROR",
        helps="PLOT SHOW QUESTION WH HOW_MANY HOW_MUCH THE_SITE WINDOW METRIC",
        hurts="WHY BROKEN LOG DIGITS5",
    ),
    "GET_BILLING": Evidence(
        "COST | HOW_MUCH THE_SITE",
        helps="SHOW WHY WH HOW_MUCH QUESTION THE_SITE MONTH METRICS STATE BROKEN TIER TIERNAME",
        hurts="SAVE METRIC",
    ),
    "GET_COST_ADVICE": Evidence("SAVE MONEY | SAVE COST", helps="COST WHY HOW QUESTION THE_SITE MONEY SAVE"),
    "DIAGNOSE": Evidence(
        "ASK_WHY | SLOW | BROKEN | DOWN | WHY DOWN | WHY ERROR | DIGITS5 | GETTING QUOTE | GETTING ERROR | ~WHY THE_SITE",
        helps="WHY SLOW BROKEN DOWN ASK_WHY DIGITS5 ERROR THE_SITE",
        hurts="LOG COST DOWN_ASKED BACKUP PLOT HOW_MANY SHOWN_ERROR",
    ),
    "GET_SITE": Evidence(
        "QUESTION UP | QUESTION DOWN | QUESTION STATE | ~STATE | ~SHOW SITE_ALONE | QUESTION DELETED THE_SITE | WH TIER THE_SITE | QUESTION UPDATE THE_SITE",
        helps="QUESTION UP STATE SHOW WH TIER THE_SITE DOWN",
        hurts="SLOW DOMAIN_NAME BACKUP METRIC WHY STAGING COST LOG STRANGE SAVE",
    ),
    "LIST_SITES": Evidence(
        "SITES", helps="SHOW WH HOW_MANY STATE UP", hurts="DELETE METRIC COST LOG BACKUP OTHERS"
    ),
    "UNDO": Evidence("UNDO | ~RESTORE DELETED", helps="DELETE UPDATE THE_SITE RESTORE", hurts="BACKUP"),
    "HELP": Evidence("~HELP | GREET", helps="WH HELP GREET", hurts="STRANGE"),
    "DELETE_SITE": Evidence("DELETE", helps="THE_SITE SITE A_SITE", hurts="QUESTION"),
}

WEIGHTS: dict[str, float] = {
    **{
        "STAGING": 6,
        "BACKUP": 6,
        "BACKUPS": 6,
        "BACKUP_ONE": 6,
        "BUNDLE": 7,
        "DOMAIN": 5,
        "DOMAIN_NAME": 6,
        "CACHE": 5,
        "LOG": 5,
    },
    **{
        "METRIC": 5,
        "METRICS": 4,
        "COST": 5,
        "ADMIN": 5,
        "UNDO": 6,
        "RENAME": 6,
        "RESTORE": 4,
        "PURGE": 5,
        "ASK_WHY": 5,
        "SITES": 4,
    },
    **{
        "WORDPRESS": 3,
        "CORE": 1,
        "TIER": 3,
        "TIERNAME": 3,
        "RESIZE": 3,
        "SLOW": 4,
        "BROKEN": 4,
        "STALE": 5,
        "WHY": 3,
        "A_SITE": 3,
    },
    **{
        "STATE": 3,
        "UP": 2,
        "DOWN": 3.5,
        "HELP": 3,
        "GREET": 3,
        "ERROR": 3,
        "WARNING": 4,
        "UPDATE": 3,
        "DELETE": 3,
        "MAKE": 2,
    },
    **{
        "COPY": 3,
        "LIVE": 2,
        "PUSH": 3,
        "CLEAR": 2,
        "DETACH": 3,
        "CONNECT": 2,
        "CHECKING": 1,
        "DNS": 4,
        "ENTER": 3,
        "LOGIN": 2,
    },
    **{
        "SAVE": 3,
        "MONEY": 3,
        "INSTALL": 2,
        "PATH": 4,
        "QUESTION": 2,
        "WHEN": 2,
        "HOW_MANY": 2,
        "HOW_MUCH": 2.5,
        "PLOT": 4,
        "DIGITS5": 4,
    },
    **{
        "SOURCE": 2,
        "FAILED": 2,
        "UPGRADE": 2,
        "VERIFY": 3,
        "BARE_SITE": 2,
        "LATEST": 1,
        "NAMED": 2,
        "QUOTE": 1,
        "SHOW_ONLY": 2,
    },
    **{
        "THE_SITE": 0.5,
        "SHOW": 0.5,
        "WANT": 0.5,
        "WINDOW": 0.5,
        "LEVEL": 0.5,
        "FIND": 1,
        "PROPER": 1,
        "NEW": 1,
        "MONTH": 1,
        "DONE": 1,
    },
    **{
        "PERSON": 4,
        "SECRET": 6,
        "WHY_ERROR": 4,
        "METRIC_ERROR": 4,
        "DOWN_ASKED": 4,
        "RESIZED": 4,
        "UPDATED": 4,
        "SHOWN_ERROR": 3,
    },
    **{
        "MAKE_NEW": 4,
        "STRANGE": 2.5,
        "RIDDANCE": 3,
        "MADE_SITE": 6,
        "GETTING": 3,
        "OTHERS": 6,
        "DELETED": 3,
        "SITE_ALONE": 3,
        "KEEP": 1,
        "HOW": 1,
    },
}
HURT: dict[str, float] = {
    "QUESTION": 3,
    "WH": 2,
    "WHICH": 6,
    "WHY": 3,
    "DELETE": 4,
    "LOG": 4,
    "METRIC": 4,
    "MAKE": 3,
    "COST": 4,
    "WRITE": 10,
    "SHOW_ONLY": 4,
    "SAVE": 2,
}
