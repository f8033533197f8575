"""THE registry of actions: each declared once, used by the assistant's tools, buttons, plans, the CLI and MCP.

An entry says what it is told, how much it can hurt, who may, how it is said, undone and priced, by which verb of `./aipress` it is
done where there is one, and whether it is built; what is not answers with a sentence (`not_yet.py`).
"""

from collections.abc import Mapping
from decimal import Decimal

from aipress.plans import arguments as told
from aipress.plans.action import Action, PriceList, Role, Tier
from aipress.plans.arguments import FREE_TIER, Arguments

__all__ = ["ACTIONS", "Action", "PriceList", "Role", "Tier", "find"]


def find(action_id: str) -> Action:
    """The action of this id; KeyError when there is none."""
    return ACTIONS[action_id]


def _by_tier(arguments: Arguments, prices: PriceList) -> Decimal:
    tier = getattr(arguments, "tier", None)
    return prices[tier or FREE_TIER]


_REGISTRY = (
    Action(
        "CREATE_SITE",
        told.NewSite,
        Tier.REVERSIBLE,
        "New site",
        "Create a site called {name}",
        "Make a new WordPress site.",
        undone_by="DELETE_SITE",
        price=_by_tier,
        verb="sites create",
        built=True,
    ),
    Action(
        "DELETE_SITE",
        told.OneSite,
        Tier.DESTRUCTIVE,
        "Delete site",
        "Delete the site {tenant}",
        "Delete a site with its database, files and addresses.",
        verb="sites delete",
        built=True,
        repeatable=True,
    ),
    Action(
        "LIST_SITES",
        told.Nothing,
        Tier.READ,
        "My sites",
        "List the sites",
        "List the caller's sites.",
        verb="sites list",
        built=True,
    ),
    Action(
        "GET_SITE",
        told.OneSite,
        Tier.READ,
        "Show site",
        "Show the site {tenant}",
        "Say how one site is: its state, address and tier.",
        verb="sites show",
        built=True,
    ),
    Action(
        "RENAME_SITE",
        told.NewName,
        Tier.REVERSIBLE,
        "Rename",
        "Rename {tenant} to {name}",
        "Give a site another name.",
        undone_by="RENAME_SITE",
        built=True,
        repeatable=True,
    ),
    Action(
        "OPEN_ADMIN",
        told.OneSite,
        Tier.READ,
        "WP Admin",
        "Open the WordPress admin of {tenant}",
        "Offer the person a button that signs them in to a site's WordPress admin.",
        verb="sites open",
        built=True,
    ),
    Action(
        "GET_LOGS",
        told.WhichLogs,
        Tier.READ,
        "Logs",
        "Show the logs of {tenant}",
        "Show a site's logs.",
        verb="sites logs",
    ),
    Action(
        "GET_METRICS",
        told.WhichMetric,
        Tier.READ,
        "Metrics",
        "Show {metric} of {tenant}",
        "Show a measurement of a site over time.",
        verb="sites metrics",
    ),
    Action(
        "GET_BILLING",
        told.WhichBill,
        Tier.READ,
        "Costs",
        "Show the costs",
        "Show what sites cost.",
        verb="sites costs",
    ),
    Action(
        "DIAGNOSE",
        told.OneSite,
        Tier.READ,
        "Diagnose",
        "Find out what is wrong with {tenant}",
        "Find out what is wrong with a site.",
    ),
    Action(
        "GET_COST_ADVICE",
        told.MaybeOneSite,
        Tier.READ,
        "Save money",
        "Look for ways to save money",
        "Say how sites could cost less.",
    ),
    Action(
        "CREATE_BACKUP",
        told.NewBackup,
        Tier.REVERSIBLE,
        "Back up",
        "Back up {tenant}",
        "Back a site up.",
        verb="sites backup",
    ),
    Action(
        "LIST_BACKUPS",
        told.OneSite,
        Tier.READ,
        "Backups",
        "List the backups of {tenant}",
        "List a site's backups.",
    ),
    Action(
        "RESTORE_BACKUP",
        told.WhichBackup,
        Tier.DESTRUCTIVE,
        "Restore",
        "Restore {tenant} from backup {backup}",
        "Put a site back to how a backup found it.",
        undone_by="RESTORE_BACKUP",
        verb="sites restore",
    ),
    Action(
        "CREATE_STAGING",
        told.OneSite,
        Tier.REVERSIBLE,
        "New staging copy",
        "Create a staging copy of {tenant}",
        "Copy a site to a private place to try things.",
        undone_by="DELETE_STAGING",
        verb="sites stage",
    ),
    Action(
        "DELETE_STAGING",
        told.OneSite,
        Tier.COSTLY,
        "Delete staging copy",
        "Delete the staging copy of {tenant}",
        "Throw a site's staging copy away; the live site stays.",
        undone_by="CREATE_STAGING",
        repeatable=True,
    ),
    Action(
        "PUSH_STAGING",
        told.OneSite,
        Tier.COSTLY,
        "Push to live",
        "Push the staging copy of {tenant} to live",
        "Bring a staging copy's changes to the live site.",
        undone_by="RESTORE_BACKUP",
        verb="sites push",
    ),
    Action(
        "ADD_DOMAIN",
        told.SiteAndDomain,
        Tier.REVERSIBLE,
        "Connect domain",
        "Connect {domain} to {tenant}",
        "Let a site answer under a domain of one's own.",
        undone_by="REMOVE_DOMAIN",
        repeatable=True,
        reaches_out=True,
        verb="sites domains",
    ),
    Action(
        "REMOVE_DOMAIN",
        told.SiteAndDomain,
        Tier.COSTLY,
        "Disconnect domain",
        "Disconnect {domain} from {tenant}",
        "Stop a site from answering under a domain.",
        undone_by="ADD_DOMAIN",
        repeatable=True,
    ),
    Action(
        "CHECK_DOMAIN",
        told.SiteAndDomain,
        Tier.READ,
        "Check domain",
        "Check {domain} of {tenant}",
        "Say whether a domain's DNS and certificate are right.",
        reaches_out=True,
    ),
    Action(
        "CHANGE_TIER",
        told.NewTier,
        Tier.COSTLY,
        "Change tier",
        "Change {tenant} to the {tier} tier",
        "Give a site another size.",
        undone_by="CHANGE_TIER",
        price=_by_tier,
        repeatable=True,
    ),
    Action(
        "UPDATE_WORDPRESS",
        told.OneSite,
        Tier.COSTLY,
        "Update WordPress",
        "Update WordPress on {tenant}",
        "Update a site's WordPress, plugins and themes.",
        undone_by="RESTORE_BACKUP",
        reaches_out=True,
    ),
    Action(
        "INSTALL_BUNDLE",
        told.WhichBundle,
        Tier.COSTLY,
        "Install bundle",
        "Install the {bundle} bundle on {tenant}",
        "Install a ready-made set of plugins and settings on a site.",
        undone_by="RESTORE_BACKUP",
        reaches_out=True,
    ),
    Action(
        "PURGE_CACHE",
        told.WhatToPurge,
        Tier.REVERSIBLE,
        "Clear cache",
        "Clear the cache of {tenant}",
        "Empty a site's page cache.",
        repeatable=True,
        verb="sites purge",
    ),
    Action(
        "UNDO",
        told.WhichOperation,
        Tier.REVERSIBLE,
        "Undo",
        "Undo the last action",
        "Undo the last thing the person did or had done: a renaming at once; a creation becomes a plan to delete.",
        built=True,
    ),
    Action(
        "HELP",
        told.Nothing,
        Tier.READ,
        "Help",
        "Say what you can do",
        "Say what the assistant can do.",
        built=True,
    ),
)

ACTIONS: Mapping[str, Action] = {action.id: action for action in _REGISTRY}
