<?php
/**
 * WordPress asks wordpress.org about updates while somebody waits for a page. Here the platform's cron asks instead: pages never wait
 * for the outside, and core updates are the platform's job, so nobody is nagged about them.
 */

namespace AIPress;

const CHECKS = '~^https?://api\.wordpress\.org/(?:core/(?:version-check|browse-happy|serve-happy|importers|credits)|plugins/update-check|themes/update-check|events|translations|stats)/~';
const PATIENCE = 8;

/** @param mixed $answer */
function refuse_checks_on_page_loads( $answer, array $args, string $url ) {
	$someone_waits = ! wp_doing_cron() && ! ( defined( 'WP_CLI' ) && WP_CLI );
	if ( $someone_waits && preg_match( CHECKS, $url ) ) {
		return new \WP_Error( 'aipress_later', 'The platform asks wordpress.org in the background.' );
	}
	return $answer;
}

function no_core_updates(): object {
	global $wp_version;
	return (object) array( 'updates' => array(), 'version_checked' => $wp_version, 'last_checked' => time(), 'translations' => array() );
}

function stop_asking_in_admin(): void {
	remove_action( 'admin_init', '_maybe_update_core' );
	remove_action( 'admin_init', '_maybe_update_plugins' );
	remove_action( 'admin_init', '_maybe_update_themes' );
	foreach ( array( 'plugins', 'update', 'update-core', 'themes' ) as $page ) {
		remove_action( "load-$page.php", 'wp_update_plugins' );
		remove_action( "load-$page.php", 'wp_update_themes' );
	}
	remove_action( 'admin_notices', 'update_nag', 3 );
	remove_action( 'admin_notices', 'maintenance_nag' );
	remove_filter( 'update_footer', 'core_update_footer' );
}

/** News from outside, fetched while the dashboard opens. */
function remove_news_from_dashboard(): void {
	remove_meta_box( 'dashboard_primary', 'dashboard', 'side' );
}

add_filter( 'pre_http_request', __NAMESPACE__ . '\refuse_checks_on_page_loads', 10, 3 );
add_filter( 'http_request_timeout', static fn ( $seconds ) => wp_doing_cron() ? $seconds : min( (float) $seconds, PATIENCE ) );
add_filter( 'pre_site_transient_update_core', __NAMESPACE__ . '\no_core_updates' );
add_filter( 'should_load_remote_block_patterns', '__return_false' );
add_action( 'admin_init', __NAMESPACE__ . '\stop_asking_in_admin', 0 );
add_action( 'wp_dashboard_setup', __NAMESPACE__ . '\remove_news_from_dashboard' );
