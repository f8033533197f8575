<?php
/**
 * Media in a bucket of their own instead of on the disk, where AIPRESS_MEDIA_BUCKET says so. What is uploaded goes there before WordPress
 * knows of it; whoever asks for it under its usual address is sent on to an address that holds for a day. Names and addresses in
 * the database stay what they are without a bucket.
 */

namespace AIPress;

const MEDIA_PATH  = '/wp-content/uploads/';
const MEDIA_STEP  = 6 * 3600; // seconds; within them a file keeps its address, so that browsers know it again
const MEDIA_LASTS = 24 * 3600;
const MEDIA_LIFE  = 'public, max-age=604800';
const SENT_ON_FOR = 3600;

/** Sends on whoever asks for a file that is not here. */
function send_to_media(): void {
	$path = (string) strtok( $_SERVER['REQUEST_URI'] ?? '', '?' );
	if ( ! str_starts_with( $path, MEDIA_PATH ) || ! in_array( $_SERVER['REQUEST_METHOD'] ?? '', array( 'GET', 'HEAD' ), true ) ) {
		return;
	}
	$name = rawurldecode( substr( $path, strlen( MEDIA_PATH ) ) );
	if ( ! is_media_name( $name ) ) {
		http_response_code( 404 );
		exit;
	}
	try {
		header( 'Location: ' . public_media_url( $name, $_SERVER['REQUEST_METHOD'] ), true, 302 );
		header( 'Cache-Control: public, max-age=' . SENT_ON_FOR );
	} catch ( \RuntimeException $error ) {
		write_log( 'wordpress', 'error', $error->getMessage(), array( 'kind' => 'media' ) );
		http_response_code( 503 );
		header( 'Cache-Control: no-store' );
		header( 'Retry-After: 5' );
	}
	exit;
}

function is_media_name( string $name ): bool {
	return '' !== $name && ! preg_match( '~(?:^|/)(?:\.{0,2})(?:/|$)|[\x00-\x1f\\\\]~', $name ) && mb_check_encoding( $name, 'UTF-8' );
}

/** An address that holds for a day, and is the same for six hours. */
function public_media_url( string $name, string $method = 'GET' ): string {
	$from  = intdiv( time(), MEDIA_STEP ) * MEDIA_STEP;
	$key   = md5( "$method $name $from" );
	$found = wp_cache_get( $key, 'aipress_media' );
	if ( ! is_string( $found ) ) {
		$found = signed_media_url( $method, "uploads/$name", array(), $from, MEDIA_LASTS );
		wp_cache_set( $key, $found, 'aipress_media', MEDIA_STEP );
	}
	return $found;
}

/** The name in the bucket of a file of the uploads; '' of any other. */
function media_name( string $path ): string {
	$base = trailingslashit( wp_get_upload_dir()['basedir'] );
	$name = str_starts_with( $path, $base ) ? substr( $path, strlen( $base ) ) : '';
	return is_media_name( $name ) ? "uploads/$name" : '';
}

/** Writes a file to the bucket; new, or over one of its name. Throws a RuntimeException. */
function put_media( string $path, bool $new ): void {
	static $done = array();
	clearstatcache( true, $path );
	$mark = filemtime( $path ) . ' ' . filesize( $path );
	if ( ( $done[ $path ] ?? '' ) === $mark ) {
		return;
	}
	$headers = array(
		'cache-control' => MEDIA_LIFE,
		'content-type'  => wp_check_filetype( $path )['type'] ?: 'application/octet-stream',
	) + ( $new ? array( 'x-goog-if-generation-match' => '0' ) : array() );
	$address = signed_media_url( 'PUT', media_name( $path ), $headers );
	$answer  = wp_remote_request( $address, array( 'method' => 'PUT', 'headers' => $headers, 'body' => file_get_contents( $path ), 'timeout' => 60 ) );
	if ( 200 !== wp_remote_retrieve_response_code( $answer ) ) {
		throw new \RuntimeException( 'A file was not written to the bucket of media: ' . how_it_went( $answer ) );
	}
	$done[ $path ] = $mark;
	forget_later( $path );
}

/** The bucket has it: once this request is over nobody needs the copy here. */
function forget_later( string $path ): void {
	static $paths = array();
	if ( ! $paths ) {
		add_action(
			'shutdown',
			static function () use ( &$paths ): void {
				array_map( 'wp_delete_file', array_filter( array_keys( $paths ), 'is_file' ) );
			},
			PHP_INT_MAX
		);
	}
	$paths[ $path ] = true;
}

/** An upload is only one when the bucket has it. */
function keep_upload( array $upload ): array {
	if ( isset( $upload['error'] ) || ! media_name( $upload['file'] ?? '' ) ) {
		return $upload;
	}
	try {
		put_media( $upload['file'], true );
	} catch ( \RuntimeException $error ) {
		write_log( 'wordpress', 'error', $error->getMessage(), array( 'kind' => 'media' ) );
		wp_delete_file( $upload['file'] );
		return array( 'error' => 'The file could not be kept. Try again in a minute.' );
	}
	return $upload;
}

/** The smaller pictures, and what an editor made of one. */
function keep_sizes( $metadata, int $id ) {
	foreach ( files_of_attachment( $id, is_array( $metadata ) ? $metadata : array() ) as $path ) {
		try {
			is_file( $path ) && put_media( $path, false );
		} catch ( \RuntimeException $error ) {
			write_log( 'wordpress', 'error', $error->getMessage(), array( 'kind' => 'media' ) );
		}
	}
	return $metadata;
}

function forget_attachment( int $id ): void {
	foreach ( files_of_attachment( $id, wp_get_attachment_metadata( $id, true ) ?: array() ) as $path ) {
		try {
			$answer = wp_remote_request( signed_media_url( 'DELETE', media_name( $path ) ), array( 'method' => 'DELETE' ) + WAITING );
			if ( ! in_array( wp_remote_retrieve_response_code( $answer ), array( 204, 404 ), true ) ) {
				throw new \RuntimeException( 'A file stayed in the bucket of media: ' . how_it_went( $answer ) );
			}
		} catch ( \RuntimeException $error ) {
			write_log( 'wordpress', 'error', $error->getMessage(), array( 'kind' => 'media' ) );
		}
	}
}

/** Everything that belongs to an attachment, as paths here. */
function files_of_attachment( int $id, array $metadata ): array {
	$main   = (string) get_attached_file( $id, true );
	$backup = get_post_meta( $id, '_wp_attachment_backup_sizes', true ) ?: array();
	$others = array_column( array_merge( $metadata['sizes'] ?? array(), array_values( $backup ) ), 'file' );
	$others[] = $metadata['original_image'] ?? '';
	$paths  = array( $main );
	foreach ( array_filter( $others ) as $name ) {
		$paths[] = path_join( dirname( $main ), wp_basename( $name ) );
	}
	return array_filter( array_unique( $paths ), __NAMESPACE__ . '\media_name' );
}

/** A name that no file of the bucket has, either. */
function free_media_name( string $name, string $ending, string $folder ): string {
	$stem = substr( $name, 0, strlen( $name ) - strlen( $ending ) );
	for ( $number = 1; media_exists( media_name( "$folder/$name" ) ); $number++ ) {
		$name = "$stem-$number$ending";
	}
	return $name;
}

/** Whether the bucket says so; where it can't be asked, the upload itself finds out. */
function media_exists( string $name ): bool {
	try {
		return $name && 200 === wp_remote_retrieve_response_code( wp_remote_head( signed_media_url( 'HEAD', $name ), WAITING ) );
	} catch ( \RuntimeException $error ) {
		return false;
	}
}

/** Who edits a picture needs it here. */
function fetch_media( $path, int $id ) {
	$here = (string) get_attached_file( $id, true );
	if ( is_file( $here ) || ! media_name( $here ) ) {
		return $path;
	}
	try {
		wp_mkdir_p( dirname( $here ) );
		$address = signed_media_url( 'GET', media_name( $here ) );
		$answer  = wp_remote_get( $address, array( 'stream' => true, 'filename' => "$here.part", 'timeout' => 60 ) );
		if ( 200 !== wp_remote_retrieve_response_code( $answer ) ) {
			throw new \RuntimeException( 'A file was not read from the bucket of media: ' . how_it_went( $answer ) );
		}
		rename( "$here.part", $here );
	} catch ( \RuntimeException $error ) {
		write_log( 'wordpress', 'error', $error->getMessage(), array( 'kind' => 'media' ) );
		return $path;
	} finally {
		wp_delete_file( "$here.part" );
	}
	forget_later( $here );
	return $here;
}

if ( \AIPRESS_MEDIA_BUCKET ) {
	send_to_media();
	add_filter( 'wp_handle_upload', __NAMESPACE__ . '\keep_upload', PHP_INT_MAX );
	add_filter( 'wp_generate_attachment_metadata', __NAMESPACE__ . '\keep_sizes', PHP_INT_MAX, 2 );
	add_filter( 'wp_update_attachment_metadata', __NAMESPACE__ . '\keep_sizes', PHP_INT_MAX, 2 );
	add_filter( 'wp_unique_filename', __NAMESPACE__ . '\free_media_name', PHP_INT_MAX, 3 );
	add_filter( 'load_image_to_edit_path', __NAMESPACE__ . '\fetch_media', PHP_INT_MAX, 2 );
	add_action( 'delete_attachment', __NAMESPACE__ . '\forget_attachment' );
}
