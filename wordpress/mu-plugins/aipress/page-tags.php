<?php
/**
 * What a page is made of, in its X-AIPress-Tags, which only hostd reads: `p12` a post it looked at, `t3` a term; `n:hello` a name it
 * looked for among posts, `m:news` among terms; `l:post` a list of posts, `l:post:3` of those in term 3, `l` of any kind;
 * `t:category` a list of terms of that kind, `t` of any; `c` of comments. It is read off the questions to the database, so no theme or plugin has to take part.
 */

namespace AIPress;

const MOST_TAGS = 400;

function watch_queries(): void {
	add_filter( 'query', __NAMESPACE__ . '\note_query' );
}

/** Without a list of tags a page is purged with every change: where there are too many, or somebody else keeps WordPress's objects. */
function say_tags(): void {
	$tags = array_merge( noted_tags(), tags_of_objects() );
	if ( ! wp_using_ext_object_cache() && count( $tags ) <= MOST_TAGS ) {
		header( 'X-AIPress-Tags: ' . implode( ' ', $tags ) );
	}
}

/** @return string[] What `note_query` found, and more of it. */
function noted_tags( string ...$more ): array {
	static $noted = array();
	foreach ( $more as $tag ) {
		$noted[ $tag ] = true;
	}
	return array_keys( $noted );
}

/** @return string[] Every post and term that was read is among what WordPress remembers until the request's end. */
function tags_of_objects(): array {
	global $wp_object_cache;
	$tags = array();
	foreach ( array( 'posts' => 'p', 'terms' => 't' ) as $group => $letter ) {
		foreach ( array_keys( $wp_object_cache->cache[ $group ] ?? array() ) as $id ) {
			if ( is_int( $id ) ) {
				$tags[] = $letter . $id;
			}
		}
	}
	return $tags;
}

function note_query( string $sql ): string {
	global $wpdb;
	if ( preg_match( "/\b(?:FROM|JOIN)\s+`?(?:$wpdb->posts|$wpdb->comments|$wpdb->terms|$wpdb->term_taxonomy)\b/i", $sql ) ) {
		noted_tags( ...tags_of_posts( $sql ), ...tags_of_terms( $sql ), ...tags_of_comments( $sql ) );
	}
	return $sql;
}

/** @return string[] */
function tags_of_posts( string $sql ): array {
	global $wpdb;
	if ( ! preg_match( "/\b(?:FROM|JOIN)\s+`?$wpdb->posts\b/i", $sql ) || preg_match( "/FROM\s+`?$wpdb->posts`?\s+WHERE\s+(?:$wpdb->posts\.)?ID\s*(?:=|IN)/i", $sql ) ) {
		return array();
	}
	$names = values_of( 'post_name', $sql );
	if ( $names ) {
		return named( 'n', $names );
	}
	$kinds = values_of( 'post_type', $sql );
	$terms = preg_match( "/WHERE 1=1\s+AND \(\s*$wpdb->term_relationships\.term_taxonomy_id IN \(([0-9,\s]+)\)\s*\)\s+AND/", $sql, $found ) ? array_map( 'intval', explode( ',', $found[1] ) ) : array();
	$tags  = array();
	foreach ( $kinds as $kind ) {
		foreach ( $terms ?: array( '' ) as $term ) {
			$tags[] = rtrim( "l:$kind:$term", ':' );
		}
	}
	return $tags ?: array( 'l' );
}

/** @return string[] */
function tags_of_terms( string $sql ): array {
	global $wpdb;
	$is_by_number = preg_match( '/\b(?:object_id|term_id|term_taxonomy_id)\s*(?:=|IN)\s*\(?\s*[0-9]/i', $sql );
	if ( $is_by_number || ! preg_match( "/\bFROM\s+`?(?:$wpdb->terms|$wpdb->term_taxonomy)\b/i", $sql ) ) {
		return array();
	}
	$names = values_of( 'slug', $sql );
	$kinds = array_map( static fn ( string $kind ): string => "t:$kind", values_of( 'taxonomy', $sql ) );
	return $names ? named( 'm', $names ) : ( $kinds ?: array( 't' ) );
}

/** @return string[] */
function tags_of_comments( string $sql ): array {
	global $wpdb;
	$is_of_comments = preg_match( "/\bFROM\s+`?$wpdb->comments\b/i", $sql );
	return $is_of_comments && ! preg_match( '/\b(?:comment_post_ID|comment_ID)\s*(?:=|IN)\s*\(?\s*[0-9]/i', $sql ) ? array( 'c' ) : array();
}

/** @return string[] What a column is asked to be, as long as it is asked to be something and not only like something. */
function values_of( string $column, string $sql ): array {
	if ( ! preg_match_all( "/\b$column\s*(?:=\s*|IN\s*\()((?:'(?:[^'\\\\]|\\\\.)*'[,\s]*)+)/i", $sql, $found ) ) {
		return array();
	}
	preg_match_all( "/'((?:[^'\\\\]|\\\\.)*)'/", implode( ' ', $found[1] ), $values );
	return array_unique( $values[1] );
}

/** @return string[] Names as tags: a name may hold anything, a tag no space. */
function named( string $letter, array $names ): array {
	return array_map( static fn ( string $name ): string => "$letter:" . ( preg_match( '/^[a-z0-9%_-]{1,60}$/i', $name ) ? strtolower( $name ) : md5( $name ) ), $names );
}
