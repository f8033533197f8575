<?php
/**
 * Everything PHP complains about, as one JSON object a line on standard error. wp-config.php loads it before WordPress, so that
 * nothing is missed; it therefore uses no function of WordPress.
 */

namespace AIPress;

const MOST_LINES      = 50;
const LONGEST_MESSAGE = 4000;
const FATAL           = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;

/**
 * Write one line of the platform's log schema. Beyond 50 lines a request, or when the very same is said twice, it stays silent.
 *
 * @param string $source php or wordpress.
 * @param string $level  debug, info, notice, warning, error.
 * @param array  $more   Further fields, such as file and line.
 */
function write_log( string $source, string $level, string $message, array $more = array() ): void {
	static $said = array();
	$key = md5( $source . $message . ( $more['file'] ?? '' ) . ( $more['line'] ?? '' ) );
	if ( isset( $said[ $key ] ) || count( $said ) >= MOST_LINES ) {
		return;
	}
	$said[ $key ] = true;

	$line = array(
		'time'        => gmdate( 'Y-m-d\TH:i:s' ) . sprintf( '.%03dZ', (int) ( fmod( microtime( true ), 1 ) * 1000 ) ),
		'tenant'      => defined( 'AIPRESS_TENANT' ) ? \AIPRESS_TENANT : '',
		'environment' => defined( 'AIPRESS_ENVIRONMENT' ) ? \AIPRESS_ENVIRONMENT : '',
		'source'      => $source,
		'level'       => $level,
		'message'     => substr( $message, 0, LONGEST_MESSAGE ),
		'request_id'  => $_SERVER['HTTP_X_REQUEST_ID'] ?? '',
		'method'      => $_SERVER['REQUEST_METHOD'] ?? '',
		'path'        => (string) strtok( $_SERVER['REQUEST_URI'] ?? '', '?' ),
	) + ( isset( $_SERVER['AIPRESS_TRACE'] ) ? array( 'trace' => $_SERVER['AIPRESS_TRACE'] ) : array() ) + $more;
	$flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR;
	file_put_contents( 'php://stderr', json_encode( $line, $flags ) . "\n" );
}

/** PHP's number for how bad it is, in the word the log has for it. */
function kind_of( int $severity ): string {
	$kinds = array(
		'parse'      => E_PARSE,
		'fatal'      => FATAL,
		'warning'    => E_WARNING | E_USER_WARNING | E_CORE_WARNING | E_COMPILE_WARNING,
		'notice'     => E_NOTICE | E_USER_NOTICE,
		'deprecated' => E_DEPRECATED | E_USER_DEPRECATED,
	);
	foreach ( $kinds as $kind => $severities ) {
		if ( $severity & $severities ) {
			return $kind;
		}
	}
	return 'other';
}

/** Leaves the rest to PHP, which (its own log being off) only remembers it for error_get_last() and ends what has to end. */
function log_error( int $severity, string $message, string $file = '', int $line = 0 ): bool {
	if ( error_reporting() & $severity ) {
		write_log( 'php', $severity & FATAL ? 'error' : 'warning', $message, array( 'kind' => kind_of( $severity ), 'file' => $file, 'line' => $line ) );
	}
	return false;
}

/** What ended the request, uncaught exceptions included. WordPress's own recovery page still follows. */
function log_fatal_error(): void {
	$last = error_get_last();
	if ( $last && $last['type'] & FATAL ) {
		write_log( 'php', 'error', $last['message'], array( 'kind' => kind_of( $last['type'] ), 'file' => $last['file'], 'line' => $last['line'] ) );
	}
}

ini_set( 'log_errors', '0' );
set_error_handler( __NAMESPACE__ . '\log_error' );
register_shutdown_function( __NAMESPACE__ . '\log_fatal_error' );
