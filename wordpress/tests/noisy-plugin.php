<?php
/**
 * Plugin Name: Noisy
 * Description: Does, on request, everything the log has to catch. Installed by the tests of the mu-plugins, never shipped to a site.
 */

add_action(
	'wp_loaded',
	static function (): void {
		isset( $_GET['noise'] ) && define( 'DONOTCACHEPAGE', true );
		switch ( $_GET['noise'] ?? '' ) {
			case 'warning':
				echo $undefined_here;
				for ( $n = 0; $n < 3; $n++ ) {
					trigger_error( 'the roof leaks', E_USER_WARNING );
				}
				break;
			case 'quiet':
				@trigger_error( 'nobody should hear this', E_USER_WARNING );
				break;
			case 'exception':
				( static fn ( string $secret ) => throw new RuntimeException( 'the roof is gone' ) )( 'hunter2-in-an-argument' );
			case 'memory':
				$all = array();
				while ( true ) {
					$all[] = str_repeat( 'x', 1000000 );
				}
			case 'die':
				wp_die( 'You <b>may not</b> bake here.', 'No', array( 'response' => 403 ) );
			case 'deprecated':
				_deprecated_function( 'bake_by_hand', '2.0', 'bake' );
				break;
			case 'flood':
				for ( $n = 0; $n < 500; $n++ ) {
					trigger_error( "leak number $n", E_USER_WARNING );
				}
				break;
			case 'outside':
				$started = microtime( true );
				$answer  = wp_remote_get( 'https://api.wordpress.org/plugins/update-check/1.1/' );
				wp_send_json( array( 'error' => $answer->get_error_code(), 'seconds' => microtime( true ) - $started ) );
			case 'secrets':
				phpinfo( INFO_ENVIRONMENT | INFO_VARIABLES );
				exit;
			case 'own':
				noisy_tell( $_GET['name'] );
		}
	}
);

add_action(
	'wp_loaded',
	static function (): void {
		switch ( $_GET['noise'] ?? '' ) {
			case 'call':
				wp_remote_get( 'http://127.0.0.1:1/hidden-path?key=hidden-key' );
				break;
			case 'slow-call':
				$answer = array( 'response' => array( 'code' => 200 ) );
				$args   = array( 'aipress_began' => microtime( true ) - 2 );
				do_action( 'http_api_debug', $answer, 'response', '', $args, 'https://api.example.com/hidden-path' );
				break;
			case 'quick-call':
				do_action( 'http_api_debug', array( 'response' => array( 'code' => 200 ) ), 'response', '', array(), 'https://api.example.com/' );
				break;
			case 'change':
				require_once ABSPATH . 'wp-admin/includes/plugin.php';
				activate_plugin( 'quiet.php' );
				deactivate_plugins( 'quiet.php' );
				$done = array( 'action' => 'update', 'type' => 'plugin', 'plugins' => array( 'akismet/akismet.php' ) );
				do_action( 'upgrader_process_complete', new stdClass(), $done );
				$theme = (object) array( 'new_theme_data' => array( 'Name' => 'Bakery' ) );
				do_action( 'upgrader_process_complete', $theme, array( 'action' => 'install', 'type' => 'theme' ) );
				do_action( 'upgrader_process_complete', $theme, array( 'action' => 'update', 'type' => 'translation' ) );
				break;
			case 'slow-query':
				$GLOBALS['wpdb']->query( "SELECT SLEEP(0.06) AS slept_for_a_reason" );
				break;
		}
	}
);

/** Everywhere a variable of this name shows, and any that is still in disguise. */
function noisy_tell( string $name ): void {
	wp_send_json(
		array(
			'getenv'    => getenv( $name ),
			'_ENV'      => $_ENV[ $name ] ?? null,
			'constant'  => defined( $name ) ? constant( $name ) : null,
			'disguised' => array_values( preg_grep( '/^AIPRESS_SECRET/', array_keys( getenv() + $_SERVER + $_ENV ) ) ),
		)
	);
}
