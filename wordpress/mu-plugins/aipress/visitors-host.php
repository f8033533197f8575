<?php
/**
 * Which host a visitor asked for, where another edge passes own domains' visitors on under the platform's host. wp-config.php loads
 * it before WordPress; it therefore uses no function of WordPress.
 */

namespace AIPress;

/**
 * The visitor's host. What the request says of another one counts only with a signature over both hosts, by whoever has the key
 * whose public half (base64) is given; without such a key it never does.
 *
 * @param array $request As $_SERVER has it.
 */
function visitors_host( array $request, string $key ): string {
	$asked = (string) ( $request['HTTP_HOST'] ?? '' );
	$host  = (string) ( $request['HTTP_X_AIPRESS_HOST'] ?? '' );
	$proof = base64_decode( (string) ( $request['HTTP_X_AIPRESS_PROOF'] ?? '' ), true );
	$key   = base64_decode( $key, true );
	if ( '' === $host || ! $key || ! $proof || 32 !== strlen( $key ) || 64 !== strlen( $proof ) ) {
		return $asked;
	}
	return sodium_crypto_sign_verify_detached( $proof, "$host\n$asked", $key ) ? $host : $asked;
}
