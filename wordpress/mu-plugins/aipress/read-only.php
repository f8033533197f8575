<?php
/**
 * While a site is carried elsewhere it only reads: its database refuses to write, and whoever would is told here to come back soon.
 */

namespace AIPress;

const READ_ONLY = 'aipress_read_only';
const BACK_IN   = 30; // seconds
const NOT_SAVED = <<<'PAGE'
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>Not saved</title>
<style>body{margin:0;min-height:100vh;display:grid;place-content:center;text-align:center;font:18px/1.5 system-ui,sans-serif;color:#1c1c1c;background:#fafafa;padding:1.5rem}h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:0;color:#555}@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}p{color:#aaa}}</style></head>
<body><main><h1>Nothing can be saved just now</h1><p>This site is being moved. All of it can be read; what you sent was not saved. Please go back and send it again in a minute.</p></main></body>
</html>
PAGE;

/** Asked of the database itself: an object cache need not know yet. */
function is_read_only(): bool {
	global $wpdb;
	return null !== $wpdb->get_var( $wpdb->prepare( "SELECT 1 FROM $wpdb->options WHERE option_name = %s", READ_ONLY ) );
}

/** Whether this request would write. WordPress lets one be called another; a login link is used up, and a draft begun, by a GET. */
function would_write(): bool {
	$methods = array( $_SERVER['REQUEST_METHOD'] ?? 'GET', $_SERVER['HTTP_X_HTTP_METHOD_OVERRIDE'] ?? 'GET', $_GET['_method'] ?? 'GET' );
	$begins  = isset( $_GET['aipress_login'] ) || str_ends_with( $_SERVER['SCRIPT_NAME'] ?? '', '/post-new.php' );
	return $begins || array_diff( $methods, array( 'GET', 'HEAD', 'OPTIONS' ) );
}

/** What a page for readers tries to remember is refused too; that is no trouble to log. Options that WordPress always loads are free. */
function let_read(): void {
	global $wpdb;
	if ( isset( wp_load_alloptions()[ READ_ONLY ] ) ) {
		$wpdb->suppress_errors();
	}
}

function refuse_to_write(): void {
	status_header( 503 );
	nocache_headers();
	header( 'Retry-After: ' . BACK_IN );
	header( 'X-Accel-Expires: 0' );
	if ( asks_for_json() ) {
		header( 'Content-Type: application/json; charset=utf-8' );
		$what = array( 'code' => READ_ONLY, 'message' => 'This site is being moved and saves nothing just now. Please try again in a minute.' );
		echo json_encode( $what + array( 'data' => array( 'status' => 503 ) ) );
	} else {
		header( 'Content-Type: text/html; charset=utf-8' );
		echo NOT_SAVED;
	}
	exit;
}

function asks_for_json(): bool {
	$accepts = (string) ( $_SERVER['HTTP_ACCEPT'] ?? '' );
	return isset( $_GET['rest_route'] ) || str_contains( (string) ( $_SERVER['REQUEST_URI'] ?? '' ), '/wp-json/' ) || str_contains( $accepts, 'json' );
}

if ( ! would_write() ) {
	let_read();
} elseif ( is_read_only() ) {
	refuse_to_write();
}
