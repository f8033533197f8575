<?php
/**
 * What a stranger need not know or use: who has an account here, which version runs, and the old remote interface.
 */

namespace AIPress;

/** /?author=1 would answer with the first administrator's login. */
function hide_author_numbers(): void {
	if ( ! is_admin() && isset( $_GET['author'] ) && ! current_user_can( 'list_users' ) ) {
		global $wp_query;
		$wp_query->set_404();
		status_header( 404 );
	}
}

/** @param mixed $answer */
function hide_users_from_rest( $answer, $server, \WP_REST_Request $request ) {
	if ( str_starts_with( $request->get_route(), '/wp/v2/users' ) && ! current_user_can( 'edit_posts' ) ) {
		return new \WP_Error( 'rest_forbidden', 'Sign in to see users.', array( 'status' => rest_authorization_required_code() ) );
	}
	return $answer;
}

/** One sentence for a wrong name and for a wrong password. */
function say_no_more_than_needed( \WP_Error $errors ): \WP_Error {
	$telling = array( 'invalid_username', 'invalid_email', 'incorrect_password', 'invalidcombo' );
	if ( ! array_intersect( $telling, $errors->get_error_codes() ) ) {
		return $errors;
	}
	return new \WP_Error( 'no_match', 'That name and password do not belong together.' );
}

function hide_authors_from_embeds( array $data ): array {
	unset( $data['author_name'], $data['author_url'] );
	return $data;
}

add_action( 'template_redirect', __NAMESPACE__ . '\hide_author_numbers', 0 );
add_filter( 'rest_pre_dispatch', __NAMESPACE__ . '\hide_users_from_rest', 10, 3 );
add_filter( 'wp_login_errors', __NAMESPACE__ . '\say_no_more_than_needed' );
add_filter( 'oembed_response_data', __NAMESPACE__ . '\hide_authors_from_embeds' );
add_filter( 'wp_sitemaps_add_provider', static fn ( $provider, $name ) => 'users' === $name ? false : $provider, 10, 2 );

add_filter( 'xmlrpc_enabled', '__return_false' );
add_filter( 'pings_open', '__return_false' );
add_filter( 'wp_headers', static fn ( array $headers ) => array_diff_key( $headers, array( 'X-Pingback' => 1 ) ) );
remove_action( 'wp_head', 'rsd_link' );

add_filter( 'the_generator', '__return_empty_string' );
