#!/bin/sh
# PHP's sendmail: lays a message down for the platform, which takes it from there. It lies there whole or not at all.
set -eu
umask 077
draft=$(mktemp "$AIPRESS_SPOOL/.XXXXXXXXXXXX")
trap 'rm -f "$draft"' EXIT
cat > "$draft"
sync "$draft"
name=${draft##*/.}
mv "$draft" "$AIPRESS_SPOOL/$name.eml"
