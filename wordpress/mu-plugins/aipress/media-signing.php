<?php
/**
 * Addresses by which one object of the media bucket can be read or written until a moment: drawn up here, signed by Google with the key
 * of the site's own account, which nobody else has. https://cloud.google.com/storage/docs/authentication/canonical-requests
 */

namespace AIPress;

const SIGNING  = 'GOOG4-RSA-SHA256';
const METADATA = 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token';
const FROM_NOW = 900;
const WAITING = array( 'timeout' => 10 );

/**
 * An address for one object. Throws a RuntimeException where Google does not sign.
 *
 * @param string $method  GET, HEAD, PUT or DELETE.
 * @param string $name    The object's.
 * @param array  $headers Which whoever uses it must send as they are, by name in small letters.
 * @param int    $from    When it begins to hold; 0 is now.
 * @param int    $lasts   How many seconds it holds, a week at most.
 */
function signed_media_url( string $method, string $name, array $headers = array(), int $from = 0, int $lasts = FROM_NOW ): string {
	$base    = \AIPRESS_MEDIA_ENDPOINT ? \AIPRESS_MEDIA_ENDPOINT . '/storage-xml' : 'https://storage.googleapis.com';
	$stamp   = gmdate( 'Ymd\THis\Z', $from ?: time() );
	$scope   = substr( $stamp, 0, 8 ) . '/auto/storage/goog4_request';
	$port    = parse_url( $base, PHP_URL_PORT );
	$headers = array( 'host' => parse_url( $base, PHP_URL_HOST ) . ( $port ? ":$port" : '' ) ) + $headers;
	ksort( $headers );
	$names = implode( ';', array_keys( $headers ) );
	$query = in_a_query(
		array(
			'X-Goog-Algorithm'     => SIGNING,
			'X-Goog-Credential'    => \AIPRESS_MEDIA_ACCOUNT . "/$scope",
			'X-Goog-Date'          => $stamp,
			'X-Goog-Expires'       => (string) $lasts,
			'X-Goog-SignedHeaders' => $names,
		)
	);
	$path  = '/' . \AIPRESS_MEDIA_BUCKET . '/' . str_replace( '%2F', '/', rawurlencode( $name ) );
	$told  = '';
	foreach ( $headers as $header => $value ) {
		$told .= "$header:$value\n";
	}
	$request   = "$method\n$path\n$query\n$told\n$names\nUNSIGNED-PAYLOAD";
	$signature = sign_by_google( SIGNING . "\n$stamp\n$scope\n" . hash( 'sha256', $request ) );
	return "$base$path?$query&X-Goog-Signature=" . bin2hex( $signature );
}

function in_a_query( array $told ): string {
	$pairs = array();
	foreach ( $told as $name => $value ) {
		$pairs[] = rawurlencode( $name ) . '=' . rawurlencode( $value );
	}
	sort( $pairs, SORT_STRING );
	return implode( '&', $pairs );
}

/** What Google's key of the site's account makes of a text. */
function sign_by_google( string $text ): string {
	$base    = \AIPRESS_MEDIA_ENDPOINT ? \AIPRESS_MEDIA_ENDPOINT . '/iamcredentials' : 'https://iamcredentials.googleapis.com';
	$address = "$base/v1/projects/-/serviceAccounts/" . \AIPRESS_MEDIA_ACCOUNT . ':signBlob';
	$headers = array( 'Content-Type' => 'application/json' ) + who_we_are();
	$body    = wp_json_encode( array( 'payload' => base64_encode( $text ) ) );
	$answer  = wp_remote_post( $address, array( 'headers' => $headers, 'body' => $body ) + WAITING );
	$told    = json_decode( wp_remote_retrieve_body( $answer ), true );
	$made    = base64_decode( $told['signedBlob'] ?? '', true );
	if ( 200 !== wp_remote_retrieve_response_code( $answer ) || ! $made ) {
		throw new \RuntimeException( 'Google did not sign for ' . \AIPRESS_MEDIA_ACCOUNT . ': ' . how_it_went( $answer ) );
	}
	return $made;
}

/** The account's token, which the machine under the container gives; a simulator asks for none. */
function who_we_are(): array {
	static $token = '';
	if ( ! \AIPRESS_MEDIA_ENDPOINT && ! $token ) {
		$answer = wp_remote_get( METADATA, array( 'headers' => array( 'Metadata-Flavor' => 'Google' ) ) + WAITING );
		$token  = json_decode( wp_remote_retrieve_body( $answer ), true )['access_token'] ?? '';
		if ( ! $token ) {
			throw new \RuntimeException( 'The site has no token of its account: ' . how_it_went( $answer ) );
		}
	}
	return $token ? array( 'Authorization' => "Bearer $token" ) : array();
}

/** A status or what hindered it, without any address: those are as good as keys. */
function how_it_went( $answer ): string {
	return is_wp_error( $answer ) ? $answer->get_error_code() : (string) wp_remote_retrieve_response_code( $answer );
}
