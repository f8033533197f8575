<?php
/**
 * Which changes make which kept pages old, as the tags of page-tags.php; `all` for what may show anywhere.
 */

namespace AIPress;

/** Changes of these come with visits and with writing, and show on no page. */
const UNSEEN_OPTIONS = '/^(?:_(?:site_)?transient_|aipress_|cron$|doing_cron$|recently_edited$|recently_activated$|auto_updater\.lock$|can_compress_scripts$|action_scheduler_|[a-z0-9_-]+_children$)/';
const UNSEEN_META    = '/^_(?:edit_lock|edit_last|pingme|encloseme|wp_old_|wp_trash_|wp_desired_)/';
const SEEN_STATES    = array( 'publish', 'inherit', 'private' );
/** Kinds of posts that pages are laid out by. */
const OF_THE_DESIGN = array( 'wp_template', 'wp_template_part', 'wp_global_styles', 'wp_navigation', 'wp_block', 'wp_font_face', 'nav_menu_item', 'custom_css' );

function note_everything(): void {
	note_change( 'all' );
}

/** What visits count and remember is no change of what they see. */
function note_option( string $name ): void {
	if ( ! isset( $_SERVER['AIPRESS_KEEPABLE'] ) && ! preg_match( UNSEEN_OPTIONS, $name ) ) {
		note_everything();
	}
}

function note_post( int $id, ?\WP_Post $post = null ): void {
	$post = $post ?? get_post( $id );
	if ( $post && in_array( $post->post_status, SEEN_STATES, true ) && 'revision' !== $post->post_type ) {
		note_change( in_array( $post->post_type, OF_THE_DESIGN, true ) ? 'all' : "p$post->ID" );
	}
}

/** Wherever it is listed, or would be. */
function note_place_of( \WP_Post $post, array $more_terms = array() ): void {
	global $wpdb;
	if ( in_array( $post->post_type, OF_THE_DESIGN, true ) ) {
		note_everything();
		return;
	}
	$terms = $wpdb->get_col( $wpdb->prepare( "SELECT term_taxonomy_id FROM $wpdb->term_relationships WHERE object_id = %d", $post->ID ) );
	$kind  = $post->post_type;
	$lists = array_map( static fn ( $term ): string => "l:$kind:$term", array_merge( $terms, $more_terms ) );
	// Lists of terms say how many posts each has.
	$counts = array_map( static fn ( string $taxonomy ): string => "t:$taxonomy", get_object_taxonomies( $kind ) );
	note_change( "p$post->ID", 'l', "l:$kind", 't', ...$counts, ...named( 'n', array( $post->post_name ) ), ...$lists );
}

function note_state( string $now, string $before, \WP_Post $post ): void {
	if ( $now !== $before && array_intersect( array( $now, $before ), SEEN_STATES ) && 'revision' !== $post->post_type ) {
		note_place_of( $post );
	}
}

/** What lists are sorted and found by. */
function note_move( int $id, \WP_Post $now, \WP_Post $before ): void {
	$is_same = static fn ( string $field ): bool => (string) $now->$field === (string) $before->$field;
	$moved   = ! array_product( array_map( $is_same, array( 'post_date', 'post_name', 'post_parent', 'menu_order', 'post_author', 'post_password' ) ) );
	if ( $moved && 'publish' === $now->post_status ) {
		note_place_of( $now );
		note_change( ...named( 'n', array( $before->post_name ) ) );
	}
}

function note_deletion( int $id ): void {
	$post = get_post( $id );
	if ( $post && in_array( $post->post_status, SEEN_STATES, true ) && 'revision' !== $post->post_type ) {
		note_place_of( $post );
	}
}

function note_terms_of( int $id, array $terms, array $term_numbers, string $taxonomy, bool $append, array $before ): void {
	$post = get_post( $id );
	$moved = array_merge( array_diff( $term_numbers, $before ), array_diff( $before, $term_numbers ) );
	if ( $post && $moved && in_array( $post->post_status, SEEN_STATES, true ) ) {
		note_place_of( $post, $moved );
	}
}

function note_meta( $ids, int $post, string $key ): void {
	if ( ! isset( $_SERVER['AIPRESS_KEEPABLE'] ) && ! preg_match( UNSEEN_META, $key ) ) {
		note_post( $post );
	}
}

function note_term( int $id ): void {
	$term = get_term( $id );
	note_change( "t$id", 't', 'l', ...( $term instanceof \WP_Term ? array( "t:$term->taxonomy", ...named( 'm', array( $term->slug ) ) ) : array() ) );
}

/** One that waits, or is spam, shows on no page that is kept. */
function note_comment( \WP_Comment $comment, bool $is_seen ): void {
	if ( $is_seen ) {
		note_change( 'c', "p$comment->comment_post_ID" );
	}
}

foreach ( array( 'added_option', 'updated_option', 'deleted_option' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\note_option' );
}
foreach ( array( 'switch_theme', 'upgrader_process_complete', 'profile_update', 'deleted_user' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\note_everything', 10, 0 );
}
add_action( 'clean_post_cache', __NAMESPACE__ . '\note_post', 10, 2 );
add_action( 'transition_post_status', __NAMESPACE__ . '\note_state', 10, 3 );
add_action( 'post_updated', __NAMESPACE__ . '\note_move', 10, 3 );
foreach ( array( 'before_delete_post', 'delete_attachment' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\note_deletion' );
}
add_action( 'set_object_terms', __NAMESPACE__ . '\note_terms_of', 10, 6 );
foreach ( array( 'added_post_meta', 'updated_post_meta', 'deleted_post_meta' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\note_meta', 10, 3 );
}
foreach ( array( 'created_term', 'edited_term', 'pre_delete_term' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\note_term' );
}
foreach ( array( 'added_term_meta', 'updated_term_meta', 'deleted_term_meta' ) as $hook ) {
	add_action( $hook, static fn ( $ids, int $term ) => note_term( $term ), 10, 2 );
}
add_action( 'wp_insert_comment', static fn ( int $id, \WP_Comment $comment ) => note_comment( $comment, '1' === $comment->comment_approved ), 10, 2 );
add_action( 'edit_comment', static fn ( int $id ) => note_comment( get_comment( $id ), '1' === get_comment( $id )->comment_approved ) );
add_action( 'transition_comment_status', static fn ( $now, $before, \WP_Comment $comment ) => note_comment( $comment, in_array( 'approved', array( $now, $before ), true ) ), 10, 3 );
add_action( 'delete_comment', static fn ( $id, \WP_Comment $comment ) => note_comment( $comment, '1' === $comment->comment_approved ), 10, 2 );
