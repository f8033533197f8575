<?php
/**
 * The request's id behind every statement, so that a slow one can be told to the visit that asked for it.
 */

namespace AIPress;

function mark_statements(): void {
	$request = $_SERVER['HTTP_X_REQUEST_ID'] ?? '';
	if ( is_string( $request ) && preg_match( '/^[0-9a-f]{32}$/D', $request ) ) {
		$mark = " /*aipress $request*/";
		add_filter( 'query', static fn ( $query ) => is_string( $query ) && '' !== $query ? $query . $mark : $query, PHP_INT_MAX );
	}
}

mark_statements();
