#!/bin/sh
# The core compiled under the paths it runs from, into /srv/opcache, and what the entrypoint copies to /tmp at each start. PHP-FPM
# itself compiles: the command line's PHP has other extensions built in, and neither takes what the other made.
set -eu
umask 022
mkdir -p /srv/opcache /tmp/aipress
chown 33:33 /srv/opcache /tmp/aipress
AIPRESS_PHP_CHILDREN=1 AIPRESS_PHP_MEMORY_MB=1024 PHP_INI_SCAN_DIR=/srv/php/conf.d \
    setpriv --reuid=33 --regid=33 --clear-groups php-fpm --nodaemonize --force-stderr --php-ini=/srv/php/php.ini \
    --fpm-config=/srv/fpm.conf -d opcache.file_cache=/srv/opcache -d opcache.file_cache_only=1 -d opcache.restrict_api= \
    -d log_errors=0 &
fpm=$!
while [ ! -S /tmp/aipress/fpm.sock ]; do sleep 0.1; done
# Several rounds, because files that declare the same function can't be compiled by one process.
for _ in 1 2 3; do
    php /usr/lib/aipress/ask.php /tmp/aipress/fpm.sock /usr/lib/aipress/compile.php
done
kill "$fpm"
wait "$fpm" || true
test -f /srv/opcache/*/srv/wordpress/wp-includes/functions.php.bin
chown -R 0:0 /srv/opcache
chmod -R a=rX /srv/opcache

skeleton=/usr/lib/aipress/skeleton
for compiled in /srv/opcache/*; do
    mkdir -p "$skeleton/opcache/${compiled##*/}/srv"
    ln -s "$compiled/srv/wordpress" "$skeleton/opcache/${compiled##*/}/srv/wordpress"
done
mkdir "$skeleton/body" "$skeleton/fastcgi" "$skeleton/proxy" "$skeleton/scgi" "$skeleton/uwsgi"
: > "$skeleton/address.conf"
: > "$skeleton/key.conf"
: > "$skeleton/media.conf"
mkfifo "$skeleton/log" "$skeleton/bound"
chmod -R a+rX "$skeleton"
rm -rf /tmp/aipress
