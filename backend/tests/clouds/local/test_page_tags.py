"""A change purges the pages it shows on, and leaves the others: real WordPress, its own theme, edited as people edit."""

from collections.abc import Callable, Iterable

import httpx
import pytest

from aipress.hostd import pages
from tests.clouds.local import rig
from tests.clouds.local.environment import Site
from tests.clouds.local.keeping import Kept, prepare, write

pytestmark = rig.needs_root
LOAVES = (1, 2, 3, 5, 9)
MAKE = """
for ($c = 1; $c <= 3; $c++) { $terms[$c] = wp_create_category("Shelf $c"); }
for ($n = 1; $n <= 10; $n++) {
    wp_insert_post(array('post_title' => "Loaf $n", 'post_status' => 'publish', 'post_content' => "About loaf $n",
        'post_date' => gmdate('Y-m-d H:i:s', 1700000000 + 86400 * $n), 'post_category' => array($terms[$n % 3 + 1]), 'comment_status' => 'open'));
}
wp_insert_post(array('post_type' => 'page', 'post_title' => 'About', 'post_status' => 'publish', 'post_content' => 'Who we are'));
"""


@pytest.fixture(scope="module")
def kept(site: Site) -> Kept:
    site.wp("require_once ABSPATH . 'wp-admin/includes/taxonomy.php';" + MAKE)
    return prepare(site)


ALL = (
    "/",
    "/blog/",
    "/about/",
    "/feed/",
    "/no-such-page/",
    *(f"/loaf-{number}/" for number in LOAVES),
    *(f"/category/shelf-{number}/" for number in (1, 2, 3)),
)


UNLIKE = {"/about/", "/loaf-1/", "/no-such-page/"}
POST_PAGES = frozenset(f"/loaf-{number}/" for number in LOAVES)
SHELVES = frozenset(f"/category/shelf-{number}/" for number in (1, 2, 3))


def purged(kept: Kept, change: Callable[[], object], among: Iterable[str] = ALL) -> set[str]:
    """Which of these pages are not kept any more after a change has settled."""
    kept.settle()
    kept.keep(*sorted(set(among) - on_hand(kept)))
    change()
    kept.settle()
    return set(among) - on_hand(kept)


def on_hand(kept: Kept) -> set[str]:
    return {page.path for page in pages.kept(kept.host, kept.site.id)}


def number_of(kept: Kept, slug: str, kind: str = "post") -> int:
    return int(kept.site.wp(f"echo get_page_by_path('{slug}', OBJECT, '{kind}')->ID;"))


def test_an_edited_post_takes_along_what_shows_it_and_its_neighbours(
    kept: Kept, editor: httpx.Client
) -> None:
    post = number_of(kept, "loaf-2")
    found = purged(kept, lambda: write(editor, f"posts/{post}", content="Changed"))
    shows_it = {"/loaf-2/", "/blog/", "/feed/", "/category/shelf-3/"}
    assert shows_it <= found <= shows_it | {"/loaf-1/", "/loaf-3/"}


def test_a_draft_changes_nothing(kept: Kept, editor: httpx.Client) -> None:
    assert purged(kept, lambda: write(editor, "posts", title="Not yet", status="draft")) == set()


def test_a_new_post_takes_along_what_lists_posts_and_leaves_what_does_not(
    kept: Kept, editor: httpx.Client
) -> None:
    shelf = int(kept.site.wp("echo get_cat_ID('Shelf 1');"))
    found = purged(
        kept, lambda: write(editor, "posts", title="New loaf", status="publish", categories=[shelf])
    )
    assert {"/", "/blog/", "/feed/", "/category/shelf-1/"} <= found
    assert "/about/" not in found
    # The theme shows the latest posts below each.
    assert found >= POST_PAGES
    assert not found & (SHELVES - {"/category/shelf-1/"})


def test_a_comment_takes_along_its_post(kept: Kept, editor: httpx.Client) -> None:
    post = number_of(kept, "loaf-2")
    found = purged(kept, lambda: write(editor, "comments", post=post, content="Well baked"))
    assert "/loaf-2/" in found
    assert not found & {"/", "/about/", "/loaf-5/", "/loaf-9/", "/category/shelf-1/"}


def test_a_post_deleted_or_taken_back_is_listed_nowhere(kept: Kept, editor: httpx.Client) -> None:
    gone, back = number_of(kept, "loaf-5"), number_of(kept, "loaf-9")
    assert purged(kept, lambda: editor.delete(f"/wp-json/wp/v2/posts/{gone}?force=true")) >= {
        "/blog/",
        "/feed/",
        "/loaf-5/",
    }
    assert purged(kept, lambda: write(editor, f"posts/{back}", status="draft")) >= {
        "/blog/",
        "/feed/",
        "/loaf-9/",
    }
    for path in ("/blog/", "/feed/"):
        assert "About loaf 5" not in kept.look(path).text
        assert "About loaf 9" not in kept.look(path).text


def test_a_post_that_moves_to_another_shelf_is_on_both(kept: Kept, editor: httpx.Client) -> None:
    shelf = int(kept.site.wp("echo get_cat_ID('Shelf 2');"))
    post = number_of(kept, "loaf-3")  # on the first one
    found = purged(kept, lambda: write(editor, f"posts/{post}", categories=[shelf]))
    assert {"/category/shelf-1/", "/category/shelf-2/"} <= found
    assert not found & {"/about/", "/category/shelf-3/"}
    assert "Loaf 3<" in kept.look("/category/shelf-2/").text
    assert "Loaf 3<" not in kept.look("/category/shelf-1/").text


def test_a_renamed_category_is_renamed_where_it_shows(kept: Kept, editor: httpx.Client) -> None:
    shelf = int(kept.site.wp("echo get_cat_ID('Shelf 3');"))
    found = purged(kept, lambda: write(editor, f"categories/{shelf}", name="Top shelf"))
    assert {"/category/shelf-3/", "/loaf-2/"} <= found
    assert "/about/" not in found
    assert "Top shelf" in kept.look("/category/shelf-3/").text


def test_a_missing_page_that_is_given_its_name_is_found(kept: Kept, editor: httpx.Client) -> None:
    post = number_of(kept, "loaf-1")
    found = purged(kept, lambda: write(editor, f"posts/{post}", slug="no-such-page"))
    assert {"/no-such-page/", "/loaf-1/"} <= found
    assert kept.look("/no-such-page/").status == 200


@pytest.mark.parametrize(
    "change",
    [
        "update_option('blogdescription', 'x' . wp_rand());",
        "wp_insert_post(array('post_type'=>'wp_block','post_status'=>'publish','post_title'=>'b'));",
        "wp_update_user(array('ID'=>1,'display_name'=>'Ann B.' . wp_rand()));",
        "set_theme_mod('x', wp_rand());",
        "require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('reflecting.php');",
    ],
)
def test_what_may_show_anywhere_takes_everything_along(kept: Kept, change: str) -> None:
    assert purged(kept, lambda: kept.site.wp(change), UNLIKE) == UNLIKE


def test_a_page_says_what_it_is_made_of_to_hostd_alone(kept: Kept) -> None:
    kept.settle()
    kept.keep(*UNLIKE)
    assert "x-aipress-tags" not in kept.look("/loaf-1/").headers
    assert all(page.tags for page in pages.kept(kept.host, kept.site.id))


def test_where_others_keep_wordpresss_objects_every_change_takes_everything_along(
    kept: Kept, editor: httpx.Client
) -> None:
    (kept.site.content / "object-cache.php").write_text(
        "<?php require_once ABSPATH . WPINC . '/class-wp-object-cache.php'; require_once ABSPATH . WPINC . '/cache.php';"
    )
    kept.purge()
    post = number_of(kept, "loaf-2")
    assert purged(kept, lambda: write(editor, f"posts/{post}", content="Once more"), UNLIKE) == UNLIKE
    (kept.site.content / "object-cache.php").unlink()
