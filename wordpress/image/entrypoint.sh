#!/bin/sh
# The container's first process: sees to settings and secrets, starts PHP-FPM and then nginx, and on SIGTERM lets running
# requests end before both do. Nearly all of it is built into the shell, because every program costs a start some milliseconds.
set -u

RUN=/tmp/aipress OWN=/srv/own
NEEDED="DB_NAME DB_USER DB_PASSWORD DB_HOST AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_KEY NONCE_KEY AUTH_SALT SECURE_AUTH_SALT \
LOGGED_IN_SALT NONCE_SALT"
KNOWN="$NEEDED REDIS_SOCKET REDIS_USER REDIS_PASSWORD REDIS_PREFIX AIPRESS_KEY"
NEWLINE='
'
php='' web='' stopping='' nginx=/srv/nginx.conf

main() {
    trap stop TERM INT
    read_secrets
    check_settings
    make_places
    [ -z "$stopping" ] || exit 0
    start_log
    start_php
    start_web
    wait_for_the_end
}

# Secrets come as variables, as files that NAME_FILE names, or as files of a folder, named after their variable.
read_secrets() {
    for name in $KNOWN; do
        eval "file=\${${name}_FILE-}"
        [ -z "$file" ] || take "$name" "$file"
    done
    folder=${AIPRESS_SECRETS_DIR:-/run/secrets}
    for file in "$folder"/* "$folder"/*/*; do
        [ ! -f "$file" ] || take "${file##*/}" "$file"
    done
}

# take NAME FILE: names that are not a secret's are refused, since PATH and LD_PRELOAD are names too.
take() {
    case " $KNOWN " in
        *" $1 "*) ;;
        *) case $1 in
            AIPRESS_SECRET_*[!A-Z0-9_]* | AIPRESS_SECRET_) refuse 'A file of the secrets is not named as a variable is: A-Z, 0-9 and _.' ;;
            AIPRESS_SECRET_*) ;;
            *) refuse 'There is a file among the secrets that is no setting of AIPress. Its name must be DB_PASSWORD or the like.' ;;
        esac ;;
    esac
    if [ ! -f "$2" ] || [ ! -r "$2" ]; then refuse "The file with $1 can't be read. See to ${1}_FILE and what is mounted there."; fi
    read_file "$2"
    export "$1=$text"
}

# The file's text, without the line ends it ends with.
read_file() {
    text='' gap=''
    while IFS= read -r line || [ -n "$line" ]; do
        text="$text$gap$line" gap=$NEWLINE
    done < "$1"
    while [ "${text%"$NEWLINE"}" != "$text" ]; do text=${text%"$NEWLINE"}; done
}

check_settings() {
    for name in $NEEDED; do
        eval "value=\${$name-}"
        [ -n "$value" ] || refuse "$name is not set. Give it as a variable, as ${name}_FILE or as a file of AIPRESS_SECRETS_DIR."
    done
    number PORT "${PORT:=8080}" 65535
    number AIPRESS_PHP_CHILDREN "${AIPRESS_PHP_CHILDREN:=8}" 500
    number AIPRESS_PHP_MEMORY_MB "${AIPRESS_PHP_MEMORY_MB:=256}" 32768
    case ${AIPRESS_PROXIES:=2} in [0-9]) ;; *) refuse 'AIPRESS_PROXIES must be 0 to 9: how many proxies stand before it.' ;; esac
    case ${DB_TLS:=} in '' | encrypted | verified) ;; *) refuse 'DB_TLS must be empty, encrypted or verified.' ;; esac
    case ${GOOGLE_CLOUD_PROJECT:=} in *[!a-z0-9:.-]*) refuse 'GOOGLE_CLOUD_PROJECT is not the id of a project.' ;; esac
    case ${AIPRESS_KEY:=} in *[!A-Za-z0-9_-]*) refuse 'AIPRESS_KEY must be made of letters, digits, - and _.' ;; esac
    case ${AIPRESS_KEY:-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx} in ????????????????????????????????*) ;; *) refuse 'AIPRESS_KEY must have 32 characters or more.' ;; esac
    if [ -n "${AIPRESS_MEDIA_BUCKET:=}" ] && [ -z "${AIPRESS_MEDIA_ACCOUNT:=}" ]; then
        refuse 'AIPRESS_MEDIA_BUCKET needs AIPRESS_MEDIA_ACCOUNT: the service account that signs for it.'
    fi
    case ${AIPRESS_CODE:=} in *[!0-9a-f]*) refuse 'AIPRESS_CODE is not the SHA-256 of an archive.' ;; esac
    [ -z "${DB_CA_FILE:=}" ] || [ -r "$DB_CA_FILE" ] || refuse "The file that DB_CA_FILE names can't be read."
    export AIPRESS_PHP_CHILDREN AIPRESS_PHP_MEMORY_MB
}

# number NAME VALUE LARGEST
number() {
    case $2 in '' | 0* | *[!0-9]* | ??????*) refuse "$1 must be a number from 1 to $3." ;; esac
    [ "$2" -le "$3" ] || refuse "$1 must be a number from 1 to $3."
}

# Only /tmp and what is mounted can be written. The compiled core stays in the image: PHP finds it through a link of the skeleton.
make_places() {
    umask 022
    [ ! -e $RUN ] || rm -rf $RUN
    cp -R -P /usr/lib/aipress/skeleton $RUN || refuse '/tmp must be a place that can be written.'
    echo "listen $PORT default_server;" > $RUN/listen.conf
    echo "listen $PORT;" > $RUN/listen-site.conf
    if [ "$AIPRESS_PROXIES" -gt 0 ]; then
        echo "\"~(?<address_said>[0-9a-fA-F.:]+)(?: *, *[^, ]+){$((AIPRESS_PROXIES - 1))}\$\" \$address_said;" > $RUN/address.conf
    fi
    [ -z "$AIPRESS_KEY" ] || echo "\"$AIPRESS_KEY\" 1;" > $RUN/key.conf
    [ -z "$AIPRESS_MEDIA_BUCKET" ] || echo '"~." 1;' > $RUN/media.conf
    unset AIPRESS_KEY
    fill_content
    [ -z "$AIPRESS_CODE" ] || bring_code
    unset AIPRESS_CODE
    [ -z "${DB_READ_HOST-}" ] || read_from_replicas
}

# Where the site's own files are mounted and empty: the places WordPress looks for, and the themes that come with it.
fill_content() {
    export WP_CONTENT_DIR=/srv/content
    if [ ! -d $WP_CONTENT_DIR/themes ] && [ -w $WP_CONTENT_DIR ]; then
        (cd $WP_CONTENT_DIR && mkdir -p plugins themes uploads upgrade languages && ln -s /srv/wordpress/wp-content/themes/*/ themes/)
    fi
}

# A site's own plugins and themes, where it has any: one archive, held against its digest and unpacked into memory. Nothing is run
# from the mount it lies in, and what runs can't be written over. Uploads stay where they are mounted.
bring_code() {
    archive=/srv/code/$AIPRESS_CODE.tar.gz
    if [ ! -w $OWN ]; then refuse "$OWN must be a place in memory that can be written: the site has plugins or themes of its own."; fi
    cp "$archive" $OWN/.archive || refuse "The site's own plugins and themes can't be read: see to what is mounted at /srv/code."
    echo "$AIPRESS_CODE  $OWN/.archive" | sha256sum --check --status || refuse "The site's own plugins and themes are not those its service names."
    tar --extract --gzip --file $OWN/.archive --directory $OWN --no-same-owner || refuse "The site's own plugins and themes do not fit into $OWN."
    rm $OWN/.archive
    cd $OWN || exit
    mkdir -p plugins themes
    for theme in /srv/wordpress/wp-content/themes/*/; do
        theme=${theme%/}
        [ -e "themes/${theme##*/}" ] || ln -s "$theme" themes/
    done
    chmod -R a-w ./*
    ln -s /srv/content/uploads uploads
    cd / || exit
    export WP_CONTENT_DIR=$OWN
    sed "s#/srv/content#$OWN#g" $nginx > $RUN/nginx.conf
    nginx=$RUN/nginx.conf
}

# Where WordPress looks for what reads from replicas, if its files are not the image's own.
read_from_replicas() {
    if [ ! -e $WP_CONTENT_DIR/db.php ] && [ -w $WP_CONTENT_DIR ]; then
        ln -s /srv/wordpress/wp-content/db.php $WP_CONTENT_DIR/
    fi
}

# From here on whatever is written goes through log.awk, which ends when the last writer has: TERM is not for it.
start_log() {
    exec 3>&1
    (
        trap '' TERM
        exec env -i mawk -W interactive -v project="$GOOGLE_CLOUD_PROJECT" -f /usr/lib/aipress/log.awk < $RUN/log >&3 2>&3
    ) &
    log=$!
    exec > $RUN/log 2>&1 3>&-
}

# PHP's socket is there before PHP is, so that nginx need wait for the socket only: a visitor in between waits, and is not refused.
start_php() {
    export PHP_INI_SCAN_DIR=/srv/php/conf.d AIPRESS_SENDMAIL=/srv/php/sendmail.sh
    if [ -n "$DB_CA_FILE" ]; then
        cat /etc/ssl/certs/ca-certificates.crt "$DB_CA_FILE" > $RUN/ca.pem
    fi
    watch_php &
    watch=$!
    # Should PHP have ended, its TERM ends this.
    read -r php 2>/dev/null < $RUN/bound
}

# PHP that ends while nobody asked it to takes the container with it.
watch_php() {
    perl /usr/lib/aipress/listening.pl $RUN/fpm.sock $RUN/bound \
        php-fpm --nodaemonize --force-stderr --php-ini=/srv/php/php.ini --fpm-config=/srv/fpm.conf \
        -d opcache.file_cache=$RUN/opcache -d opcache.memory_consumption=96 ${DB_CA_FILE:+-d openssl.cafile=$RUN/ca.pem}
    [ ! -e $RUN/stopping ] || exit 0
    say CRITICAL 'PHP-FPM ended by itself; the container ends too, so that another takes its place.'
    : > $RUN/broken
    kill -TERM $$
}

# A shell's background programs ignore QUIT, until nginx itself listens to it: by default it ends them at once.
start_web() {
    [ -z "$stopping" ] || return
    env -i --default-signal=QUIT /usr/sbin/nginx -e stderr -p $RUN -c $nginx &
    web=$!
    [ -z "$stopping" ] || stop
}

wait_for_the_end() {
    while [ -n "$web" ] && kill -0 "$web" 2>/dev/null; do wait "$web"; done
    if [ -z "$stopping" ]; then
        say CRITICAL 'nginx ended by itself; the container ends too, so that another takes its place.'
        : > $RUN/broken
        : > $RUN/stopping
    fi
    if [ -n "$php" ] && kill -QUIT "$php" 2>/dev/null; then
        while kill -0 "$watch" 2>/dev/null; do wait "$watch"; done
    fi
    end
}

# Whoever is left goes too: PHP that was told to end before it was there, workers without their master. The last line is out before
# the container is gone.
end() {
    [ $$ != 1 ] || kill -TERM -1 2>/dev/null
    exec > /dev/null 2>&1
    wait "$log"
    [ ! -e $RUN/broken ]
    exit
}

stop() {
    stopping=yes
    [ ! -d $RUN ] || : > $RUN/stopping
    [ -z "$web" ] || kill -QUIT "$web" 2>/dev/null  # asked twice, it may be gone the second time
}

say() {
    printf '{"severity":"%s","source":"container","message":"%s"}\n' "$1" "$2"
}

# What was set is wrong: one line that says what, and no start.
refuse() {
    say CRITICAL "$1"
    exit 78
}

main
