<?php
/**
 * Which pages the edge may keep, and for how long. It asks for a page it could keep with AIPRESS_KEEPABLE, and then without cookies
 * and headers of the visitor's: what is said to nobody in particular may be said to everybody.
 */

namespace AIPress;

/** Seconds, by status. Nonces in a page outlive it by hours. */
const PAGE_LIVES = array( 200 => 3600, 301 => 600, 404 => 60 );

function watch_page(): void {
	if ( ! isset( $_SERVER['AIPRESS_KEEPABLE'] ) || ! \AIPRESS_PURGE_DIR ) {
		return;
	}
	$before = last_change();
	watch_queries();
	ob_start(
		static function ( string $page, int $phase ) use ( $before ): string {
			if ( headers_sent() ) {
				return $page;
			}
			// Sent in parts, or thrown away for something else: only a whole page is known.
			$is_whole = ( $phase & PHP_OUTPUT_HANDLER_FINAL ) && ! ( $phase & PHP_OUTPUT_HANDLER_CLEAN );
			$life     = $is_whole && last_change() === $before ? page_life() : 0;
			if ( ! $life ) {
				header( 'X-Accel-Expires: 0' );
				return $page;
			}
			say_how_long( $page, $life );
			return packed( $page );
		}
	);
}

/** Compressed once, for all who will read it: the edge unpacks it for those who can't. */
function packed( string $page ): string {
	$is_text = preg_match( '~^(?:text/|application/(?:[a-z]+\+)?(?:xml|json))~', said( 'Content-Type' ) );
	if ( ! $is_text || strlen( $page ) < 1024 || said( 'Content-Encoding' ) || ini_get( 'zlib.output_compression' ) ) {
		return $page;
	}
	$packed = gzencode( $page, 6 );
	header( 'Content-Encoding: gzip' );
	header( 'Content-Length: ' . strlen( $packed ) );
	return $packed;
}

function say_how_long( string $page, int $life ): void {
	header( "X-Accel-Expires: $life" );
	say_tags();
	header( 'Cache-Control: max-age=0, must-revalidate' );
	header_remove( 'Expires' );
	if ( 200 === http_response_code() && ! said( 'ETag' ) ) {
		header( 'ETag: "' . md5( $page ) . '"' );
	}
}

/** Seconds this answer may be kept; 0: not at all. */
function page_life(): int {
	$asks_not_to = defined( 'DONOTCACHEPAGE' ) && \DONOTCACHEPAGE;
	if ( $asks_not_to || ! did_action( 'wp' ) || is_user_logged_in() || is_search() || is_preview() || is_customize_preview() ) {
		return 0;
	}
	$caching = said( 'Cache-Control' );
	// WordPress itself forbids keeping any 404; a plugin that means it says DONOTCACHEPAGE.
	$is_usual = is_404() && wp_get_nocache_headers()['Cache-Control'] === $caching;
	if ( said( 'Set-Cookie' ) || ( ! $is_usual && preg_match( '/private|no-store|no-cache/i', $caching ) ) ) {
		return 0;
	}
	return PAGE_LIVES[ http_response_code() ] ?? 0;
}

/** What this answer's header of that name says. */
function said( string $name ): string {
	foreach ( headers_list() as $line ) {
		if ( 0 === stripos( $line, "$name:" ) ) {
			return trim( substr( $line, strlen( $name ) + 1 ) );
		}
	}
	return '';
}

watch_page();
