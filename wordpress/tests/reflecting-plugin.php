<?php
/**
 * Plugin Name: Reflecting
 * Description: For tests of the page cache only: shows what a visitor said, and answers as badly written plugins do.
 */

add_action(
	'template_redirect',
	static function (): void {
		$asked = (string) ( $_GET['reflect'] ?? '' );
		if ( '' === $asked ) {
			return;
		}
		match ( $asked ) {
			'cookie'    => setcookie( 'basket', 'of-one-visitor' ),
			'private'   => header( 'Cache-Control: private, max-age=600' ),
			'no-store'  => header( 'Cache-Control: no-store' ),
			'constant'  => define( 'DONOTCACHEPAGE', true ),
			'failing'   => status_header( 500 ),
			'forbidden' => status_header( 403 ),
			'accel'     => header( 'X-Accel-Expires: 3600' ),
			'slow'      => usleep( 700000 ),
			default     => null,
		};
		if ( 'accel' === $asked ) {
			setcookie( 'basket', 'of-one-visitor' );
		}
		status_header( http_response_code() );
		header( 'Content-Type: text/plain' );
		header( 'X-AIPress-Tags: forged' );
		if ( 'flushed' === $asked ) {
			echo 'first part';
			ob_flush();
		}
		if ( 'cleaned' === $asked ) {
			while ( ob_get_level() ) {
				ob_end_clean();
			}
		}
		echo get_option( 'blogname' ), "\n", wp_json_encode( array( $_SERVER, $_COOKIE, file_get_contents( 'php://input' ) ), JSON_UNESCAPED_SLASHES );
		exit;
	}
);
