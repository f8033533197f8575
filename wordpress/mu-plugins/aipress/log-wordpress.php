<?php
/**
 * What WordPress itself complains about: pages that end in an error, and code that uses what is on its way out.
 */

namespace AIPress;

/** @param callable $shows What WordPress would have called. */
function log_wp_die( callable $shows ): callable {
	return static function ( $message, $title = '', $args = array() ) use ( $shows ): void {
		$text   = is_wp_error( $message ) ? $message->get_error_message() : (string) $message;
		$status = (int) ( is_array( $args ) ? $args['response'] ?? 500 : $args );
		write_log( 'wordpress', $status >= 500 ? 'error' : 'warning', wp_strip_all_tags( $text, true ), array( 'kind' => 'debug', 'status' => $status ) );
		$shows( $message, $title, $args );
	};
}

function log_deprecated( string $what, string $instead, string $since ): void {
	write_log( 'wordpress', 'notice', "$what is deprecated since $since" . ( $instead ? "; use $instead" : '' ), array( 'kind' => 'debug' ) );
}

function log_doing_it_wrong( string $what, string $message ): void {
	write_log( 'wordpress', 'notice', "$what was called incorrectly. " . wp_strip_all_tags( $message, true ), array( 'kind' => 'debug' ) );
}

add_filter( 'wp_die_handler', __NAMESPACE__ . '\log_wp_die', PHP_INT_MAX );
add_filter( 'wp_die_xml_handler', __NAMESPACE__ . '\log_wp_die', PHP_INT_MAX );
add_action( 'doing_it_wrong_run', __NAMESPACE__ . '\log_doing_it_wrong', 10, 2 );
foreach ( array( 'deprecated_function_run', 'deprecated_hook_run', 'deprecated_class_run' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\log_deprecated', 10, 3 );
}
