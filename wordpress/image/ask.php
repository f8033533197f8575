<?php
/**
 * ask.php SOCKET SCRIPT: has PHP-FPM run a script and waits for its end (FastCGI, as a responder). Used while the image is built.
 */

const BEGIN  = 1;
const PARAMS = 4;
const STDIN_ = 5;

function record( int $kind, string $content ): string {
	return pack( 'CCnnCx', 1, $kind, 1, strlen( $content ), 0 ) . $content;
}

function pair( string $name, string $value ): string {
	return pack( 'CC', strlen( $name ), strlen( $value ) ) . $name . $value;
}

[ , $socket, $script ] = $argv;

$fpm   = stream_socket_client( "unix://$socket" );
$asked = pair( 'SCRIPT_FILENAME', $script ) . pair( 'SCRIPT_NAME', '/compile.php' ) . pair( 'REQUEST_METHOD', 'GET' );
stream_set_timeout( $fpm, 300 );
fwrite( $fpm, record( BEGIN, pack( 'nCx5', 1, 0 ) ) . record( PARAMS, $asked ) . record( PARAMS, '' ) . record( STDIN_, '' ) );
exit( str_contains( stream_get_contents( $fpm ), 'compiled' ) ? 0 : 1 );
