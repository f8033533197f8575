<?php
/**
 * A site answers under the host it is asked by: its links, scripts and cookies are of that host, and nobody is sent on to another.
 * Only hosts that lead to this site reach it. The address in its database stays, and is what counts where nobody visits, as in cron.
 *
 * wp-config.php loads this before WordPress, which makes its first addresses before there are plugins; so it uses no function of it.
 */

namespace AIPress;

/**
 * Let WordPress take this host, with its port, for its own in this request.
 */
function answer_under( string $host ): void {
	if ( ! preg_match( '/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i', $host ) ) {
		return;
	}
	$filter = array(
		'function'      => static fn( $url ) => under_host( $url, $host ),
		'accepted_args' => 1,
	);
	foreach ( array( 'option_home', 'option_siteurl' ) as $name ) {
		$GLOBALS['wp_filter'][ $name ][10][] = $filter;
	}
}

/**
 * The address with another host. Of the site's own host no other port is taken; a template's address, which is nobody's yet, stays.
 *
 * @param mixed $url As the option has it.
 * @return mixed
 */
function under_host( $url, string $host ) {
	if ( ! is_string( $url ) || ! preg_match( '~^https?://([^/:]+)~i', $url, $own ) || str_ends_with( $own[1], '.invalid' ) ) {
		return $url;
	}
	$is_own = 0 === strcasecmp( $own[1], explode( ':', $host )[0] );
	return $is_own ? $url : preg_replace( '~^(https?://)[^/]+~i', '${1}' . $host, $url );
}
