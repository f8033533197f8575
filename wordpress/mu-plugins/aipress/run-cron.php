<?php
/**
 * Does what is due in this site's cron. hostd asks for it at PHP's own socket; no address leads here.
 *
 * It stands in for wp-cron.php, which ends its answer before it begins to work, so that nobody could tell how that went. This one
 * answers last: 200 when all is done, 423 when an earlier run goes on or the site only reads, else 500. What a plugin prints
 * meanwhile is thrown away.
 */

namespace AIPress;

/** Be the only run of this site. MariaDB keeps the lock for as long as our connection lives; its name is nobody else's to guess. */
function begin_run(): bool {
	global $wpdb;
	return '1' === $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK( %s, 0 )', 'cron-' . wp_hash( AIPRESS_ENVIRONMENT ) ) );
}

function run_what_is_due(): void {
	foreach ( wp_get_ready_cron_jobs() as $time => $hooks ) {
		foreach ( $hooks as $hook => $events ) {
			foreach ( $events as $event ) {
				run_event( $time, $hook, $event );
			}
		}
	}
}

/** As wp-cron.php does it: first it is no longer due, then it is done, so that what breaks off is not done twice. */
function run_event( int $time, string $hook, array $event ): void {
	if ( $event['schedule'] ) {
		wp_reschedule_event( $time, $event['schedule'], $hook, $event['args'] );
	}
	wp_unschedule_event( $time, $hook, $event['args'] );
	do_action_ref_array( $hook, $event['args'] );
}

if ( defined( 'ABSPATH' ) ) {
	return;
}
ignore_user_abort( true );
http_response_code( 500 );
ob_start( static fn () => '' );
define( 'DOING_CRON', true );
require_once dirname( __DIR__, 3 ) . '/wp-load.php';
wp_raise_memory_limit( 'cron' );

if ( ! is_read_only() && begin_run() ) {
	run_what_is_due();
	http_response_code( 200 );
} else {
	http_response_code( 423 );
}
