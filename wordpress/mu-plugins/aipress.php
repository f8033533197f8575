<?php
/**
 * Plugin Name: AIPress
 * Description: What the platform does inside every site: login links, health, logs, and sensible defaults.
 *
 * Read-only and shared by all environments. Each file in aipress/ is one concern and can be read alone.
 */

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/aipress/log.php';
require_once __DIR__ . '/aipress/log-wordpress.php';
require_once __DIR__ . '/aipress/log-calls.php';
require_once __DIR__ . '/aipress/log-changes.php';
require_once __DIR__ . '/aipress/request-id.php';
require_once __DIR__ . '/aipress/read-only.php';
require_once __DIR__ . '/aipress/media-signing.php';
require_once __DIR__ . '/aipress/media.php';
require_once __DIR__ . '/aipress/login-link.php';
require_once __DIR__ . '/aipress/health.php';
require_once __DIR__ . '/aipress/privacy.php';
require_once __DIR__ . '/aipress/updates.php';
require_once __DIR__ . '/aipress/page-notes.php';
require_once __DIR__ . '/aipress/page-changes.php';
require_once __DIR__ . '/aipress/page-tags.php';
require_once __DIR__ . '/aipress/page-cache.php';
require_once __DIR__ . '/aipress/mail.php';
