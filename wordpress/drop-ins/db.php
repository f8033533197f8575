<?php
/**
 * WordPress's drop-in for databases, where the site has replicas to read from (DB_READ_HOST): they answer what visitors ask who are
 * nobody in particular. Everybody and everything else asks the primary, and so does a visitor as long as a replica lags behind: each
 * write leaves a mark on the primary, and a replica that does not show the same mark is not asked.
 */

namespace AIPress;

const MARK     = 'aipress_wrote';
const DOWN_FOR = 30; // seconds a replica that did not answer is left alone
const LET_IN_WITHIN = 1;  // seconds until one has let us in
const LONGEST  = 10; // seconds for an answer

/** Statements a replica may answer; others it may not, or their answer depends on the connection they are said over. */
const READS     = '/^\s*\(?\s*SELECT\b/i';
const HARMLESS  = '/^\s*(?:SHOW|DESC|DESCRIBE|EXPLAIN|SET\s+NAMES)\b/i';
const UNWRITTEN = '/^\s*(?:SET|USE|DO|LOCK|UNLOCK|FLUSH|KILL|SAVEPOINT|ROLLBACK\s+TO)\b/i';
const BEGINS    = '/^\s*(?:START\s+TRANSACTION|BEGIN)\b/i';
const OF_A_LINE = '/\bFOR\s+(?:UPDATE|SHARE)\b|\bLOCK\s+IN\b|\bINTO\s+(?:OUTFILE|DUMPFILE|@)|@|\b(?:LAST_INSERT_ID|ROW_COUNT|CONNECTION_ID|GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|IS_FREE_LOCK|IS_USED_LOCK)\s*\(/i';
const FOUND     = '/\bFOUND_ROWS\s*\(/i';

if ( ! defined( 'AIPRESS_DB_READ_HOST' ) || ! \AIPRESS_DB_READ_HOST ) {
	return;
}

class Database_With_Replicas extends \wpdb {
	/** Whether this request still may ask a replica; a write ends that. */
	private bool $may_ask;

	/** The replica that is asked; null where none was asked yet. */
	private ?\mysqli $replica = null;

	/** Whether the last answer came from the replica, which then knows how many rows it found. */
	private bool $was_there = false;

	private bool $is_in_transaction = false;
	private bool $has_written       = false;
	private bool $is_ending         = false;

	public function __construct( ...$how ) {
		$this->may_ask = is_anybody();
		register_shutdown_function( fn() => $this->leave_last_mark() );
		parent::__construct( ...$how );
	}

	/** One statement, said to whom it belongs. */
	public function query( $query ) {
		$query = (string) $query;
		if ( $this->may_ask && $this->is_for_replica( $query ) ) {
			$answer = $this->ask_replica( $query );
			if ( null !== $answer ) {
				return $answer;
			}
		}
		$this->was_there = false;
		$answer          = parent::query( $query );
		if ( ! preg_match( READS, $query ) && ! preg_match( HARMLESS, $query ) ) {
			$this->may_ask = false;
			$this->note_write( $query );
		}
		return $answer;
	}

	private function is_for_replica( string $query ): bool {
		if ( preg_match( FOUND, $query ) ) {
			return $this->was_there;
		}
		return preg_match( READS, $query ) && ! preg_match( OF_A_LINE, $query ) && null !== $this->replica();
	}

	/** What a replica answers; null where it could not, and the primary is to be asked. */
	private function ask_replica( string $query ) {
		$primary   = $this->dbh;
		$silent    = $this->suppress_errors( true );
		$this->dbh = $this->replica;
		try {
			$answer  = parent::query( $query );
			$is_lost = $this->dbh !== $this->replica || mysqli_errno( $this->replica ) >= 2000; // a client's own errors
			$is_done = false !== $answer && ! $is_lost;
		} finally {
			$this->dbh = $primary;
			$this->suppress_errors( $silent );
		}
		if ( ! $is_done ) {
			$this->may_ask = false; // a mistake is the primary's to tell, and what is missing here may be there
			if ( $is_lost ) {
				$this->give_up( 'it let go of the connection' );
			}
			return null;
		}
		$this->was_there = true;
		return $answer;
	}

	/** The replica, if this request may read from it. */
	private function replica(): ?\mysqli {
		if ( null === $this->replica ) {
			$this->replica = $this->may_ask ? $this->connected() : null;
			if ( null === $this->replica ) {
				$this->may_ask = false;
			}
		}
		return $this->replica;
	}

	private function connected(): ?\mysqli {
		if ( ! $this->ready || is_down() ) {
			return null;
		}
		$hosts = explode( ',', \AIPRESS_DB_READ_HOST );
		list( $host, $port ) = explode( ':', $hosts[ array_rand( $hosts ) ] ) + array( 1 => '3306' );

		$line = mysqli_init();
		mysqli_options( $line, MYSQLI_OPT_CONNECT_TIMEOUT, LET_IN_WITHIN );
		mysqli_options( $line, MYSQLI_OPT_READ_TIMEOUT, LONGEST );
		$flags = defined( 'MYSQL_CLIENT_FLAGS' ) ? MYSQL_CLIENT_FLAGS : 0;
		if ( ! @mysqli_real_connect( $line, $host, $this->dbuser, $this->dbpassword, $this->dbname, (int) $port, null, $flags ) ) {
			$this->give_up( (string) mysqli_connect_error() );
			return null;
		}
		if ( ! $this->is_as_new( $line ) ) {
			return null;
		}
		$primary   = $this->dbh;
		$this->dbh = $line;
		$this->set_charset( $line );
		$this->set_sql_mode();
		$this->dbh = $primary;
		return $line;
	}

	/** Whether it has all that was marked on the primary. Where nothing ever was, the first mark is left now. */
	private function is_as_new( \mysqli $line ): bool {
		$here = $this->mark_on( $this->dbh );
		if ( '' === $here ) {
			$this->leave_mark();
			return false;
		}
		return $this->mark_on( $line ) === $here;
	}

	private function mark_on( \mysqli $line ): string {
		$found = mysqli_query( $line, "SELECT option_value FROM {$this->options_table()} WHERE option_name = '" . MARK . "'" );
		$row   = $found ? mysqli_fetch_row( $found ) : null;
		return $row ? (string) $row[0] : '';
	}

	/** The first of a request is marked at once and the others together at its end; those of a transaction when it is over. */
	private function note_write( string $query ): void {
		if ( preg_match( UNWRITTEN, $query ) ) {
			return;
		}
		$was_in_transaction      = $this->is_in_transaction;
		$is_first                = ! $this->has_written;
		$this->has_written       = true;
		$this->is_in_transaction = preg_match( BEGINS, $query ) || ( $was_in_transaction && ! preg_match( '/^\s*(?:COMMIT|ROLLBACK)\b/i', $query ) );
		if ( ! $this->is_in_transaction && ( $is_first || $was_in_transaction || $this->is_ending ) ) {
			$this->leave_mark();
		}
	}

	/** Before WordPress says that pages have changed; what is written after that is marked each time. */
	private function leave_last_mark(): void {
		$this->is_ending = true;
		if ( $this->has_written && ! $this->is_in_transaction ) {
			$this->leave_mark();
		}
	}

	private function leave_mark(): void {
		if ( $this->dbh instanceof \mysqli ) {
			mysqli_query(
				$this->dbh,
				"INSERT INTO {$this->options_table()} (option_name, option_value, autoload) VALUES ('" . MARK . "', UUID(), 'off') ON DUPLICATE KEY UPDATE option_value = VALUES(option_value)"
			);
		}
	}

	private function options_table(): string {
		return '`' . $GLOBALS['table_prefix'] . 'options`';
	}

	/** Ask the primary for the rest of the request, say so once, and leave the replica alone for a while. */
	private function give_up( string $why ): void {
		$this->may_ask = false;
		$this->replica = null;
		@touch( note_of_down() );
		if ( function_exists( __NAMESPACE__ . '\write_log' ) ) {
			write_log( 'wordpress', 'warning', 'A replica of the database did not answer; the primary is asked in its stead.', array( 'why' => $why ) );
		}
	}
}

/** Whether a visitor asks who is nobody in particular: no script but the front page's, no cookie that tells people apart, no preview. */
function is_anybody(): bool {
	$method = $_SERVER['REQUEST_METHOD'] ?? '';
	$script = realpath( $_SERVER['SCRIPT_FILENAME'] ?? '' );
	if ( ! in_array( $method, array( 'GET', 'HEAD' ), true ) || realpath( ABSPATH . 'index.php' ) !== $script || isset( $_SERVER['HTTP_AUTHORIZATION'] ) || isset( $_SERVER['HTTP_X_WP_NONCE'] ) ) {
		return false;
	}
	$known = preg_grep( '/^(?:wordpress_|wp[-_]|comment_author_|woocommerce_|PHPSESSID)/', array_keys( $_COOKIE ) );
	$asks  = preg_grep( '/^(?:aipress|preview|_wpnonce$|customize_|wc-ajax$)/', array_map( 'strval', array_keys( $_GET ) ) );
	return ! $known && ! $asks;
}

/** A file that says by its age when a replica last did not answer. */
function note_of_down(): string {
	return sys_get_temp_dir() . '/aipress-replica-' . md5( \AIPRESS_DB_READ_HOST );
}

function is_down(): bool {
	$since = @filemtime( note_of_down() );
	return false !== $since && time() - $since < DOWN_FOR;
}

$GLOBALS['wpdb'] = new Database_With_Replicas( DB_USER, DB_PASSWORD, DB_NAME, DB_HOST );
