<?php
/**
 * How a change is noted: a line in AIPRESS_PURGE_DIR/changed, which hostd takes up. While that file is there, the edge neither keeps nor
 * shows a page of this site, so a change is seen from the moment it is noted.
 */

namespace AIPress;

/** At once, and again at the request's end: what was read in between may be half the change. */
function note_change( string ...$tags ): void {
	static $noted = array();
	$fresh = \AIPRESS_PURGE_DIR ? array_diff( array_unique( $tags ), $noted ) : array();
	if ( $fresh ) {
		$noted || register_shutdown_function( static function () use ( &$noted ): void { write_change( $noted ); } );
		array_push( $noted, ...$fresh );
		write_change( $fresh );
	}
}

/** Under the lock that hostd takes before it removes the file. `last` tells pages being made just now that they missed something. */
function write_change( array $tags ): void {
	$path = \AIPRESS_PURGE_DIR . '/changed';
	do {
		$file = fopen( $path, 'a' );
		if ( ! $file || ! flock( $file, LOCK_EX ) ) {
			return;
		}
		clearstatcache( true, $path );
		$is_still_there = is_file( $path ) && fstat( $file )['ino'] === fileinode( $path );
	} while ( ! $is_still_there );
	file_put_contents( \AIPRESS_PURGE_DIR . '/last', bin2hex( random_bytes( 8 ) ) );
	fwrite( $file, implode( ' ', $tags ) . "\n" );
	fclose( $file );
}

/** The same as long as nothing was noted; never the same while something waits. */
function last_change(): string {
	clearstatcache( true, \AIPRESS_PURGE_DIR . '/changed' );
	$is_waiting = is_file( \AIPRESS_PURGE_DIR . '/changed' ) ? bin2hex( random_bytes( 8 ) ) : '';
	return @file_get_contents( \AIPRESS_PURGE_DIR . '/last' ) . $is_waiting;
}
