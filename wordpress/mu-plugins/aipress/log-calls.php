<?php
/**
 * What this site asks of others, where it fails or takes long: the host, never the address, in which keys may stand.
 */

namespace AIPress;

const SLOW_CALL_MS = 1000;

/** When the call began travels with its arguments: calls may be made inside calls. */
function note_beginning( array $args ): array {
	return $args + array( 'aipress_began' => microtime( true ) );
}

/** @param array|\WP_Error $answer */
function log_call( $answer, string $context, string $class, array $args, string $url ): void {
	$took   = (int) round( 1000 * ( microtime( true ) - ( $args['aipress_began'] ?? microtime( true ) ) ) );
	$failed = is_wp_error( $answer );
	$status = $failed ? 0 : (int) ( $answer['response']['code'] ?? 0 );
	if ( 'response' !== $context || ( ! $failed && $status < 500 && $took < SLOW_CALL_MS ) ) {
		return;
	}
	$host  = (string) wp_parse_url( $url, PHP_URL_HOST );
	$error = $failed ? str_replace( $url, $host, $answer->get_error_message() ) : '';
	write_log(
		'wordpress',
		$failed ? 'error' : 'warning',
		$failed ? "$host did not answer: $error" : "$host answered $status after $took ms",
		array( 'kind' => 'http_call', 'host' => $host, 'status' => $status, 'duration_ms' => $took, 'error' => $error )
	);
}

add_filter( 'http_request_args', __NAMESPACE__ . '\note_beginning' );
add_action( 'http_api_debug', __NAMESPACE__ . '\log_call', 10, 5 );
