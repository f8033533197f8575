<?php
/**
 * Single-use login links. The control plane leaves a ticket in wp_options under the token's SHA-256; whoever brings the token takes
 * the ticket, once, and is signed in as that person's own administrator. The token itself is stored nowhere.
 */

namespace AIPress;

const TICKET = 'aipress_login_';

function sign_in_by_link(): void {
	if ( ! isset( $_GET['aipress_login'] ) || 'GET' !== $_SERVER['REQUEST_METHOD'] ) {
		return;
	}
	header( 'Referrer-Policy: no-referrer' );
	nocache_headers();
	$person = take_ticket( is_string( $_GET['aipress_login'] ) ? $_GET['aipress_login'] : '' );
	if ( ! $person ) {
		wp_die(
			'This sign-in link has been used already, or its minute is over. Ask for a new one in AIPress.',
			'This link does not work any more',
			array( 'response' => 403, 'link_url' => home_url( '/' ), 'link_text' => 'To the site' )
		);
	}
	$user = administrator_for( $person['email'], $person['name'] );
	wp_set_auth_cookie( $user->ID, false, is_ssl() );
	do_action( 'wp_login', $user->user_login, $user );
	write_log( 'wordpress', 'info', 'Signed in by a login link', array( 'user_id' => $user->ID ) );
	wp_safe_redirect( admin_url() );
	exit;
}

/**
 * The ticket's content, for the one caller whose DELETE removed the row; null for everyone else, and when it has expired.
 *
 * @return array{email: string, name: string}|null
 */
function take_ticket( string $token ): ?array {
	global $wpdb;
	$name  = TICKET . hash( 'sha256', $token );
	$found = $wpdb->get_var( $wpdb->prepare( "SELECT option_value FROM $wpdb->options WHERE option_name = %s", $name ) );
	if ( null === $found || 1 !== $wpdb->delete( $wpdb->options, array( 'option_name' => $name ) ) ) {
		return null;
	}
	$ticket = json_decode( $found, true );
	$email  = is_array( $ticket ) ? (string) ( $ticket['email'] ?? '' ) : '';
	if ( ! str_contains( $email, '@' ) || time() >= (int) ( $ticket['expires'] ?? 0 ) ) {
		return null;
	}
	return array( 'email' => $email, 'name' => trim( (string) ( $ticket['name'] ?? '' ) ) );
}

/** That person's administrator, made if they have none. */
function administrator_for( string $email, string $name ): \WP_User {
	$user = get_user_by( 'email', $email ) ?: make_administrator( $email, $name );
	if ( ! in_array( 'administrator', $user->roles, true ) ) {
		take_over( $user );
	}
	return $user;
}

function make_administrator( string $email, string $name ): \WP_User {
	$login = $wanted = sanitize_user( strstr( $email, '@', true ), true ) ?: 'owner';
	for ( $n = 2; username_exists( $login ); $n++ ) {
		$login = $wanted . $n;
	}
	// The control plane has seen to the address; WordPress would drop one without a dot, such as admin@localhost.
	$as_it_is = static fn () => $email;
	add_filter( 'pre_user_email', $as_it_is, PHP_INT_MAX );
	$made = wp_insert_user(
		array(
			'user_login'   => $login,
			'user_email'   => $email,
			'display_name' => $name ?: $wanted,
			'user_pass'    => wp_generate_password( 64, true, true ),
			'role'         => 'administrator',
		)
	);
	remove_filter( 'pre_user_email', $as_it_is, PHP_INT_MAX );
	$user = is_wp_error( $made ) ? get_user_by( 'email', $email ) : get_user_by( 'id', $made );
	if ( ! $user ) {
		wp_die( 'Your WordPress user could not be made. Please try again.', 'Something went wrong', array( 'response' => 500 ) );
	}
	return $user;
}

/** Anyone may have registered here under somebody else's address: before it becomes an administrator, lock them out of it. */
function take_over( \WP_User $user ): void {
	wp_set_password( wp_generate_password( 64, true, true ), $user->ID );
	\WP_Session_Tokens::get_instance( $user->ID )->destroy_all();
	\WP_Application_Passwords::delete_all_application_passwords( $user->ID );
	$user->set_role( 'administrator' );
}

/** Tickets nobody came for. */
function forget_expired_tickets(): void {
	global $wpdb;
	$wpdb->query(
		$wpdb->prepare(
			"DELETE FROM $wpdb->options WHERE option_name LIKE %s AND CAST( JSON_VALUE( option_value, '$.expires' ) AS UNSIGNED ) < %d",
			$wpdb->esc_like( TICKET ) . '%',
			time()
		)
	);
}

add_action( 'login_init', __NAMESPACE__ . '\sign_in_by_link', 0 );
add_action( 'wp_login', __NAMESPACE__ . '\forget_expired_tickets', 10, 0 );
