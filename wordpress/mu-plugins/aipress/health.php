<?php
/**
 * /?aipress_health=1: that this site's WordPress, its plugins and its database are up. Says nothing that is not public.
 */

namespace AIPress;

function answer_health(): void {
	global $wpdb, $wp_version;
	if ( ! isset( $_GET['aipress_health'] ) ) {
		return;
	}
	$well = '1' === $wpdb->get_var( 'SELECT 1' );
	nocache_headers();
	wp_send_json(
		array(
			'status'      => $well ? 'ok' : 'failing',
			'wordpress'   => $wp_version,
			'php'         => PHP_VERSION,
			'environment' => AIPRESS_ENVIRONMENT,
		),
		$well ? 200 : 503
	);
}

add_action( 'wp_loaded', __NAMESPACE__ . '\answer_health', 0 );
