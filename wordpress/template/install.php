<?php
/**
 * Installs WordPress for real, once per version, into a scratch database (aipress.clouds.local.template dumps it).
 * Every site is a copy of the result, so it holds a placeholder address and person, and nothing that ages.
 * Arguments: the core's directory and the placeholder address.
 */

[ , $core, $address ] = $argv;

define( 'WP_INSTALLING', true );
define( 'WP_SITEURL', $address );
$_SERVER['HTTP_HOST']       = parse_url( $address, PHP_URL_HOST );
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REQUEST_URI']     = '/';

require $core . '/wp-load.php';

/** In place of WordPress's own samples: a front page that looks finished, and shows posts as soon as there are any. */
function wp_install_defaults( int $author ): void {
	global $wpdb;
	$wpdb->insert( $wpdb->terms, array( 'term_id' => 1, 'name' => 'Uncategorized', 'slug' => 'uncategorized' ) );
	$wpdb->insert( $wpdb->term_taxonomy, array( 'term_id' => 1, 'taxonomy' => 'category', 'description' => '', 'count' => 0 ) );

	$home = aipress_add( $author, 'page', 'Home', 'home-page' );
	$blog = aipress_add( $author, 'page', 'Blog' );
	update_post_meta( $home, '_wp_page_template', 'page-no-title' );
	update_option( 'show_on_front', 'page' );
	update_option( 'page_on_front', $home );
	update_option( 'page_for_posts', $blog );
	aipress_add_footer( $author );
}

function aipress_add( int $author, string $type, string $title, string $content = '' ): int {
	return wp_insert_post(
		array(
			'post_author'    => $author,
			'post_type'      => $type,
			'post_status'    => 'publish',
			'post_title'     => $title,
			'post_content'   => $content ? trim( file_get_contents( __DIR__ . "/$content.html" ) ) : '',
			'comment_status' => 'closed',
			'ping_status'    => 'closed',
		)
	);
}

/** The theme's own footer is full of links that lead nowhere; ours says whose site it is. */
function aipress_add_footer( int $author ): void {
	$footer = aipress_add( $author, 'wp_template_part', 'Footer', 'footer' );
	wp_set_post_terms( $footer, WP_DEFAULT_THEME, 'wp_theme' );
	wp_set_post_terms( $footer, 'footer', 'wp_template_part_area' );
}

require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter( 'pre_http_request', static fn () => new WP_Error( 'offline', 'Nothing outside is asked while installing.' ) );
add_filter( 'pre_wp_mail', '__return_true' );

wp_install( 'A new site', 'owner', 'owner@site.invalid', true, '', wp_generate_password( 40 ) );

update_option( 'permalink_structure', '/%postname%/' );
update_option( 'default_ping_status', 'closed' );
update_option( 'default_pingback_flag', 0 );
update_option( 'ping_sites', '' );
wp_update_user( array( 'ID' => 1, 'user_url' => '' ) );
$GLOBALS['wp_rewrite']->init();
create_initial_taxonomies(); // said before there were permalinks, so archives of categories and tags had none
flush_rewrite_rules( false );

$wpdb->query( "DELETE FROM $wpdb->options WHERE option_name LIKE '\\_transient\\_%' OR option_name LIKE '\\_site\\_transient\\_%'" );
$wpdb->query( "DELETE FROM $wpdb->usermeta WHERE meta_key = 'session_tokens'" );

echo get_option( 'stylesheet' ), ' ', $wp_version, "\n";
