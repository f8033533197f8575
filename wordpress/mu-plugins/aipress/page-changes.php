<?php
/**
 * Which changes make kept pages old: noted in AIPRESS_PURGE_DIR/changed, which hostd takes up. While that file is there, the edge
 * neither keeps nor shows a page of this site, so a change is seen from the moment it is noted.
 */

namespace AIPress;

/** Changes of these options come with every visit, and show on no page. */
const UNSEEN_OPTIONS = '/^(?:_(?:site_)?transient_|aipress_|cron$|doing_cron$|recently_edited$|recently_activated$|auto_updater\.lock$|can_compress_scripts$|action_scheduler_)/';

/** Tags of what was changed; `all` for what may show anywhere. */
function note_change( string ...$tags ): void {
	static $noted = array();
	if ( ! \AIPRESS_PURGE_DIR ) {
		return;
	}
	$fresh = array_diff( $tags, $noted );
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

function last_change(): string {
	$is_pending = is_file( \AIPRESS_PURGE_DIR . '/changed' ) ? bin2hex( random_bytes( 8 ) ) : '';
	return @file_get_contents( \AIPRESS_PURGE_DIR . '/last' ) . $is_pending;
}

function note_everything(): void {
	note_change( 'all' );
}

/** What visits count and remember is no change of what they see. */
function note_option( string $name ): void {
	if ( ! isset( $_SERVER['AIPRESS_KEEPABLE'] ) && ! preg_match( UNSEEN_OPTIONS, $name ) ) {
		note_everything();
	}
}

foreach ( array( 'added_option', 'updated_option', 'deleted_option' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\note_option' );
}
foreach ( array( 'clean_post_cache', 'clean_comment_cache', 'clean_term_cache', 'clean_user_cache', 'added_post_meta', 'updated_post_meta', 'deleted_post_meta', 'switch_theme', 'upgrader_process_complete' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\note_everything', 10, 0 );
}
