<?php
/**
 * For tests of the container image: /?probe=NAME tells what this WordPress sees of the container, as JSON.
 */

const PROBES = array( 'redis', 'database', 'writing', 'secrets', 'slow', 'trouble', 'visitor', 'plan', 'planned', 'mail' );

function probe_redis(): array {
	$place  = parse_url( AIPRESS_REDIS_SOCKET );
	$client = new Redis();
	$client->connect( $place['host'], $place['port'], 2 );
	$client->auth( array( AIPRESS_REDIS_USER, AIPRESS_REDIS_PASSWORD ) );
	$client->set( AIPRESS_REDIS_PREFIX . 'probe', 'kept' );
	return array( 'found' => $client->get( AIPRESS_REDIS_PREFIX . 'probe' ) );
}

function probe_database(): array {
	global $wpdb;
	$row = $wpdb->get_row( "SHOW STATUS LIKE 'Ssl_cipher'", ARRAY_N );
	return array( 'cipher' => $row[1], 'through' => DB_HOST );
}

function probe_writing(): array {
	$tried = array();
	foreach ( array( '/here', '/srv/wordpress/here', '/srv/content/plugins/here', '/var/log/here', '/tmp/here' ) as $path ) {
		$tried[ $path ] = false !== @file_put_contents( $path, 'x' );
	}
	$uploaded = wp_upload_bits( 'probe.txt', null, 'uploaded' );
	return array( 'written' => $tried, 'uploaded' => $uploaded['error'] ? '' : $uploaded['url'], 'user' => posix_getuid() );
}

function probe_secrets(): array {
	return array( 'own' => getenv( 'STRIPE_KEY' ), 'platforms' => getenv( 'DB_PASSWORD' ), 'path' => getenv( 'PATH' ) );
}

function probe_slow(): array {
	sleep( min( 30, (int) ( $_GET['seconds'] ?? 2 ) ) );
	return array( 'done' => true );
}

function probe_trouble(): array {
	trigger_error( 'a "quoted" trouble', E_USER_WARNING );
	return array( 'shown' => false );
}

function probe_visitor(): array {
	return array( 'address' => $_SERVER['REMOTE_ADDR'], 'https' => is_ssl(), 'port' => $_SERVER['SERVER_PORT'], 'host' => $_SERVER['HTTP_HOST'] );
}

function probe_plan(): array {
	return array( 'planned' => wp_schedule_single_event( time() - 1, 'probe_due' ) );
}

function probe_planned(): array {
	return array( 'done' => get_option( 'probe_done' ) );
}

function probe_mail(): array {
	return array( 'sent' => wp_mail( 'someone@example.test', 'Subject', 'Text' ) );
}

add_action( 'probe_due', static fn () => update_option( 'probe_done', $_SERVER['HTTP_X_REQUEST_ID'] ) );

if ( in_array( $_GET['probe'] ?? '', PROBES, true ) ) {
	add_action( 'wp_loaded', static fn () => wp_send_json( ( 'probe_' . $_GET['probe'] )() ) );
}
