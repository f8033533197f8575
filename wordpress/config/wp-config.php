<?php
/**
 * The one wp-config.php of every environment, on both clouds: it reads its environment and holds no secret itself.
 * The site's address is only in its database (siteurl, home), so claiming a prepared environment is rewriting rows.
 */

/** Take a variable out of the environment, so that phpinfo() and plugins' error reports do not show it. */
function aipress_take( string $name, string $otherwise = '' ): string {
	$value = getenv( $name );
	unset( $_SERVER[ $name ], $_ENV[ $name ] );
	putenv( $name );
	return false === $value ? $otherwise : $value;
}

foreach ( array( 'DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_HOST' ) as $name ) {
	define( $name, aipress_take( $name ) );
}
// A database across a network: encrypted, or also held against the authority that PHP's openssl.cafile has (mysqlnd's CLIENT_SSL_VERIFY_SERVER_CERT).
$tls = aipress_take( 'DB_TLS' );
$tls && define( 'MYSQL_CLIENT_FLAGS', MYSQLI_CLIENT_SSL | ( 'verified' === $tls ? 1 << 30 : 0 ) );
// Replicas to read from, each HOST:PORT (drop-ins/db.php); nothing where there is none.
define( 'AIPRESS_DB_READ_HOST', aipress_take( 'DB_READ_HOST' ) );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
$table_prefix = 'wp_';

$salts = array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT' );
foreach ( $salts as $name ) {
	define( $name, aipress_take( $name ) );
}

foreach ( array( 'REDIS_SOCKET', 'REDIS_USER', 'REDIS_PASSWORD', 'REDIS_PREFIX' ) as $name ) {
	define( 'AIPRESS_' . $name, aipress_take( $name ) );
}
// A bucket for media instead of the disk, the account that signs for it, and where both answer if not at Google.
foreach ( array( 'AIPRESS_MEDIA_BUCKET', 'AIPRESS_MEDIA_ACCOUNT', 'AIPRESS_MEDIA_ENDPOINT' ) as $name ) {
	define( $name, aipress_take( $name ) );
}
// Visitors of an own domain may come under the platform's host, passed on by another edge whose signature tells which.
require_once __DIR__ . '/wp-content/mu-plugins/aipress/visitors-host.php';
$host = AIPress\visitors_host( $_SERVER, aipress_take( 'AIPRESS_FRONT_KEY' ) );
$host && $_SERVER['HTTP_HOST'] = $host;
define( 'AIPRESS_ENVIRONMENT', aipress_take( 'AIPRESS_ENVIRONMENT' ) );
define( 'AIPRESS_TENANT', aipress_take( 'AIPRESS_TENANT' ) ?: trim( (string) @file_get_contents( aipress_take( 'AIPRESS_TENANT_FILE' ) ?: '/dev/null' ) ) );
define( 'AIPRESS_PURGE_DIR', aipress_take( 'AIPRESS_PURGE_DIR' ) );
define( 'WP_CACHE_KEY_SALT', AIPRESS_REDIS_PREFIX );

defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
define( 'WP_CONTENT_DIR', aipress_take( 'WP_CONTENT_DIR', __DIR__ . '/wp-content' ) );
define( 'WPMU_PLUGIN_DIR', __DIR__ . '/wp-content/mu-plugins' );

// What the platform does instead: cron, core updates, and rollback of both.
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_AUTO_UPDATE_CORE', false );

define( 'DISALLOW_FILE_EDIT', true );
define( 'FS_METHOD', 'direct' );
define( 'FS_CHMOD_DIR', 0755 );
define( 'FS_CHMOD_FILE', 0644 );

// Errors go to the log as JSON (the aipress mu-plugin), never to a visitor.
define( 'WP_DEBUG', false );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', false );

// The owner's own secrets, as variables and, where there is no such constant yet, as constants. They come in disguise, because
// what starts PHP reads its variables too.
foreach ( getenv() as $name => $value ) {
	if ( str_starts_with( $name, 'AIPRESS_SECRET_' ) ) {
		$value = aipress_take( $name );
		$name  = substr( $name, strlen( 'AIPRESS_SECRET_' ) );
		putenv( "$name=$value" );
		$_ENV[ $name ] = $value;
		defined( $name ) || define( $name, $value );
	}
}

require_once WPMU_PLUGIN_DIR . '/aipress/log.php';
require_once WPMU_PLUGIN_DIR . '/aipress/own-host.php';
AIPress\answer_under( (string) ( $_SERVER['HTTP_HOST'] ?? '' ) );

unset( $name, $value, $salts, $tls, $host );
require_once ABSPATH . 'wp-settings.php';
