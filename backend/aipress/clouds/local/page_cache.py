"""What the edge's page cache goes by: which cookies mean nobody, which parts of a query change no page."""

# A visitor with any other cookie is somebody: asked anew, and not kept. Analytics, consent, and what WordPress leaves after a visit
# to its sign-in page.
HARMLESS_COOKIES = (
    r"_ga(?:_[A-Za-z0-9]+)?",
    r"_gid",
    r"_gat[A-Za-z0-9_-]*",
    r"_gcl_[a-z]+",
    r"__utm[a-z]+",
    r"_fb[cp]",
    r"_hj[A-Za-z0-9_]+",
    r"_pk_(?:id|ses|ref)[A-Za-z0-9._]*",
    r"_cl(?:ck|sk)",
    r"_uet[sv]id",
    r"_ttp",
    r"__hs(?:tc|sc|src)",
    r"hubspotutk",
    r"cookieyes-consent",
    r"cmplz_[a-z_-]+",
    r"OptanonConsent",
    r"wordpress_test_cookie",
    r"wp-settings-(?:time-)?[0-9]+",
)
_MARKETING = (
    r"(?:utm_[a-z_]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|li_fat_id|igshid|yclid|srsltid|epik|mc_[ce]id"
    r"|mkt_tok|_hsenc|_hsmi|_ga|_gl)(?:=[^&]*)?(?:&|$)"
)
_DROPPED = rf"(?:{_MARKETING})*+"
_KEPT = rf"(?:(?!{_MARKETING})(?:[^&]*&|[^&]+$))*+"
# Four runs of what is kept, between what is dropped. A query with more of them keeps the rest as it is.
QUERY_WITHOUT_MARKETING = "^" + "".join(
    f"{_DROPPED}(?<kept_{run}>{_KEPT if run < 4 else '.*'})" for run in range(1, 5)
)
