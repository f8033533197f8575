<?php
/**
 * Mail leaves a site by one way, the platform's (`sendmail_path` of php.ini): it is checked there, caught or sent on, and logged.
 */

namespace AIPress;

/** Whatever a plugin set up: here no other mail server can be reached, and staging never sends. */
function send_by_platform( object $mailer ): void {
	$mailer->isMail();
}

function log_failed_mail( \WP_Error $error ): void {
	$message = $error->get_error_data()['to'] ?? array();
	$to      = implode( ', ', array_slice( (array) $message, 0, 10 ) );
	write_log( 'wordpress', 'error', 'A mail was not handed over: ' . $error->get_error_message(), array( 'recipient' => $to ) );
}

/**
 * On one's own machine people have addresses such as admin@localhost. WordPress takes those for a mistake: it sends them nothing, and
 * drops them from a user whom it saves.
 *
 * @param string|false $found What WordPress makes of the address.
 * @return string|false
 */
function accept_localhost( $found, $email ) {
	return ! $found && is_string( $email ) && preg_match( '/^[a-z0-9.+_-]+@localhost$/iD', $email ) ? $email : $found;
}

add_action( 'phpmailer_init', __NAMESPACE__ . '\send_by_platform', PHP_INT_MAX );
add_action( 'wp_mail_failed', __NAMESPACE__ . '\log_failed_mail' );
add_filter( 'sanitize_email', __NAMESPACE__ . '\accept_localhost', 10, 2 );
add_filter( 'is_email', __NAMESPACE__ . '\accept_localhost', 10, 2 );
