"""What the offline assistant says: short, warm, and only what a tool's result or the registry says."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aipress.chat.offline import domains
from aipress.chat.offline.diagnosed import diagnosed
from aipress.chat.offline.logged import logged
from aipress.chat.offline.outcome import Ask, Decline, Outcome, Wish
from aipress.plans.actions import ACTIONS
from aipress.plans.not_yet import NOT_YET

Result = Mapping[str, object]
MOST_LISTED = 10
FEWEST_DAYS = 7  # of a bill, to advise on


def reply(outcomes: Sequence[tuple[Outcome, Result | None]], courtesy: str = "") -> str:
    """The whole answer: one sentence or two for each outcome, with the result of its tool if it had one."""
    said = [_say(outcome, result) for outcome, result in outcomes]
    return "\n\n".join([*([courtesy] if courtesy else []), *dict.fromkeys(said)])


def _say(outcome: Outcome, result: Result | None) -> str:
    match outcome:
        case Wish():
            return _taken_for(outcome) + _about_wish(outcome, result)
        case Ask():
            return _question(outcome)
        case Decline():
            return _refusal(outcome)


def _about_wish(wish: Wish, result: Result | None) -> str:
    action = ACTIONS[wish.action]
    if not action.built:
        return NOT_YET[action.id]
    if result is None:
        return f"That did not work ({action.label.lower()}). Please say it in other words, or try again."
    if "problem" in result:
        return str(result["problem"])
    if "plan_id" in result:
        return _plan(wish, result)
    return SENTENCES[wish.action](result)


def _plan(wish: Wish, result: Result) -> str:
    is_deletion = wish.action in ("DELETE_SITE", "UNDO") and not result.get("undo")
    how = " Read it, then type the name to confirm." if is_deletion else " Read it and confirm, or leave it."
    last = " There is no way back afterwards." if is_deletion else ""
    return f"{result['title']}: the plan is ready, and nothing has happened yet.{how}{last}"


def _created(result: Result) -> str:
    note = f" {result['note']}" if result.get("note") else ""
    return f"I'm making {result['name']} now. It will be ready in a moment; you can watch it here.{note}"


def _listed(result: Result) -> str:
    sites = result["sites"]
    if not isinstance(sites, list) or not sites:
        return 'You have no sites yet. Say "create a site called …" and I\'ll make one.'
    count = int(str(result["count"]))
    if count > MOST_LISTED:
        return f"You have {count} sites; here are the newest {MOST_LISTED}."
    return "You have one site; here it is." if count == 1 else f"You have {count} sites; here they are."


def _described(result: Result) -> str:
    return f"{result['name']} is {_state(result)} {result['url']} (tier {result['tier']})."


def _renamed(result: Result) -> str:
    if not result["renamed"]:
        return f"It is called {result['name']} already, so nothing was changed."
    return f"Done: it is called {result['name']} now. Its address stays. Say “undo that” to take it back."


def _purged(result: Result) -> str:
    which = "Every page of it" if result["whole_site"] else "That page"
    return f"Done: the page cache of {result['name']} is cleared. {which} is made anew for its next visitor."


def _undone(result: Result) -> str:
    if result.get("was"):
        return f"Undone: it is called {result['name']} again."
    return f"I'm removing {result['name']} again; you can watch it here."


def _billed(result: Result) -> str:
    """What each site cost, said with its month and as of when; and that nothing was counted where nothing was."""
    sites = result["sites"]
    told = [(one, one["bills"]) for one in sites] if isinstance(sites, list) else []
    if not any(bills for _, bills in told):
        which = told[0][0]["name"] if len(told) == 1 else "your sites"
        return f"Nothing was counted for {which} in {result['month']}. Costs are counted every hour."
    lines = [_bill(str(one["name"]), bill) for one, bills in told for bill in bills]
    totals = result["totals"]
    if len(told) > 1 and isinstance(totals, list):
        lines = [f"- {line}" for line in lines] + [f"Together: {', '.join(map(str, totals))}."]
    more = f" {result['left_out']} more sites are not in it." if result.get("left_out") else ""
    return "\n".join([f"Costs of {result['month']}, as counted up to {result['as_of']}:{more}", *lines])


def _measured(result: Result) -> str:
    """One figure with its window, how it was just before, and its highest; nothing where nothing was measured."""
    label, name, window = result["label"], result["name"], result["window"]
    if result["over_all"] is None:
        return f"{label} of {name}: nothing was measured in the last {window}."
    said = f"{label} of {name} over the last {window}: {result['over_all']}"
    said += f", {result['before']} in the {window} before." if result["before"] else "."
    if result.get("highest") not in (None, result["over_all"]):
        said += f" The highest was {result['highest']}, {_moment(result['highest_at'])}."
    return said + (f" {result['note']}" if result.get("note") else "")


def _moment(told: object) -> str:
    moment = datetime.fromisoformat(str(told))
    return f"on {moment:%A}, {moment.day} {moment:%B}, at {moment:%H:%M} UTC"


def _bill(name: str, bill: Result) -> str:
    said = f"{name}: {bill['spent']} so far"
    if bill.get("forecast"):
        said += f", about {bill['forecast']} by the end of the month"
    if bill.get("against_last_month"):
        said += f"; {bill['against_last_month']} against the same {bill['days_compared']} days of the month before"
    reasons = bill.get("reasons")
    return f"{said}." + (f" {reasons[0]['text']}" if isinstance(reasons, list) and reasons else "")


def _advised(result: Result) -> str:
    """Each way to spend less with what it saves; and where there is none, why."""
    sites = result["sites"] if isinstance(result["sites"], list) else []
    lines = [line for site in sites for line in _ways(site)]
    if lines:
        return "\n".join(["Here is what could cost less, by the month:", *lines])
    if not sites or all(site["days"] < FEWEST_DAYS for site in sites):
        return "It is too early to say what could cost less: that takes a week of bills on one size."
    return "Nothing to save: what your sites use and what they pay for fit each other."


def _ways(site: Result) -> list[str]:
    advice = site["advice"] if isinstance(site["advice"], list) else []
    return [f"- {site['name']}: {_way(one)}" for one in advice]


def _way(one: Result) -> str:
    amount = str(one["saves_a_month"])
    worth = f"costs {amount[1:]} more" if amount.startswith("-") else f"saves {amount}"
    change = f" Changing to {one['change_to']} {worth}." if one["change_to"] else f" That {worth}."
    return f"{one['meaning']}{change}"


def _opened(result: Result) -> str:
    if result["state"] != "live":
        return (
            f"{result['name']} isn't ready for that: it is {_state(result).removesuffix(' at').strip(':')}."
        )
    return f"Here is the way into the WordPress admin of {result['name']}: the button signs you in, once."


def _state(site: Result) -> str:
    """How a site is, as the words before its address."""
    return STATES.get(str(site["state"]), str(site["state"]))


def _helped(result: Result) -> str:
    now = result["now"]
    lines = [f"- {summary}" for summary in now] if isinstance(now, list) else []
    return "\n".join(
        [
            "I'm AIPress's offline assistant: no outside model, so plain requests work best. Today I can:",
            *lines,
            'Try "create a site called Sunrise Bakery", "is it up?" or "list my sites".',
        ]
    )


def _question(ask: Ask) -> str:
    if ask.argument == "tenant":
        return "Which site do you mean?"
    return QUESTIONS.get(ask.argument, f"Which {ask.argument}?")


def _refusal(decline: Decline) -> str:
    match decline.why:
        case "no_such_site":
            return f"There is no site called “{decline.about}” among yours. Say “list my sites” to see their names."
        case "no_sites":
            return 'You have no sites yet. Say "create a site called …" and I\'ll make one.'
        case "nothing_asked":
            return "All right, nothing was changed."
        case _:
            return f"That is beyond me. {ABLE}"


def _taken_for(wish: Wish) -> str:
    return f"I took “{wish.heard_as}” to mean {wish.arguments['tenant']}. " if wish.heard_as else ""


ABLE = (
    "I can make sites, list them, say how they are and what they wrote into their logs, rename them, clear their cache, connect domains, open their WordPress admin, "
    "prepare their deletion, "
    "and undo the last thing done."
)
WELCOME = "You're welcome!"
STATES = {
    "live": "live at",
    "provisioning": "being set up:",
    "failed": "not working, its set-up failed:",
    "removing": "being removed:",
    "removed": "removed:",
}
SENTENCES: dict[str, Callable[[Result], str]] = {
    "CREATE_SITE": _created,
    "LIST_SITES": _listed,
    "GET_SITE": _described,
    "GET_METRICS": _measured,
    "GET_BILLING": _billed,
    "GET_COST_ADVICE": _advised,
    "GET_LOGS": logged,
    "DIAGNOSE": diagnosed,
    "RENAME_SITE": _renamed,
    "PURGE_CACHE": _purged,
    "ADD_DOMAIN": domains.added,
    "CHECK_DOMAIN": domains.checked,
    "OPEN_ADMIN": _opened,
    "UNDO": _undone,
    "HELP": _helped,
}
QUESTIONS = {
    "name": "What should it be called?",
    "domain": "Which domain? For example www.example.com.",
    "tier": "Which tier: basic, standard or performance?",
    "to": "Where to: Google Cloud, or this machine?",
    "bundle": "Which bundle?",
    "backup": "Which backup? Say “the latest”, or its id.",
    "metric": "Which figure: traffic, errors, response time, memory, disk …?",
}
