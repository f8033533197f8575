<?php
/**
 * What somebody changed of the site's code, and who tried in vain to sign in. Not under which name: people type passwords there.
 */

namespace AIPress;

function log_change( string $what, string $name ): void {
	write_log( 'wordpress', 'info', "$what: $name", array( 'kind' => 'changed', 'what' => $what, 'name' => $name ) );
}

function plugin_slug( string $file ): string {
	return explode( '/', preg_replace( '~\.php$~', '', $file ) )[0];
}

/** @param array $done What WordPress says of an installation or update: action, type, and the plugins or themes. */
function log_upgrade( object $upgrader, array $done ): void {
	$type = (string) ( $done['type'] ?? '' );
	if ( ! in_array( $type, array( 'plugin', 'theme', 'core' ), true ) ) {
		return;
	}
	$done += array( 'plugins' => (array) ( $done['plugin'] ?? array() ), 'themes' => (array) ( $done['theme'] ?? array() ) );
	$names = 'plugin' === $type ? array_map( __NAMESPACE__ . '\plugin_slug', $done['plugins'] ) : $done['themes'];
	$new   = $upgrader->new_plugin_data['TextDomain'] ?? $upgrader->new_theme_data['Name'] ?? 'WordPress';
	$word  = 'install' === ( $done['action'] ?? '' ) ? 'installed' : 'updated';
	foreach ( $names ?: array( $new ) as $name ) {
		log_change( "{$type}_$word", (string) $name );
	}
}

function log_failed_login(): void {
	$address = (string) ( $_SERVER['REMOTE_ADDR'] ?? '' );
	write_log( 'wordpress', 'warning', 'A sign-in failed', array( 'kind' => 'login_failed', 'address' => $address ) );
}

add_action( 'wp_login_failed', __NAMESPACE__ . '\log_failed_login', 10, 0 );
add_action( 'activated_plugin', static fn ( $file ) => log_change( 'plugin_activated', plugin_slug( $file ) ) );
add_action( 'deactivated_plugin', static fn ( $file ) => log_change( 'plugin_deactivated', plugin_slug( $file ) ) );
add_action( 'deleted_plugin', static fn ( $file, $gone ) => $gone && log_change( 'plugin_deleted', plugin_slug( $file ) ), 10, 2 );
add_action( 'deleted_theme', static fn ( $name, $gone ) => $gone && log_change( 'theme_deleted', $name ), 10, 2 );
add_action( 'switch_theme', static fn ( $name ) => log_change( 'theme_switched', $name ) );
add_action( 'upgrader_process_complete', __NAMESPACE__ . '\log_upgrade', 10, 2 );
