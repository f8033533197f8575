# Every line of the container as Google's logging reads it: an object of JSON with `severity`, and with the trace's whole name.
# nginx and WordPress write objects; what PHP-FPM and nginx say of themselves is text.

function severity_of(word) {
    word = tolower(word)
    if (word ~ /^(emerg|alert|crit|critical)$/) return "CRITICAL"
    if (word ~ /^(error|err|alert)$/) return "ERROR"
    if (word ~ /^warn/) return "WARNING"
    if (word == "notice") return "NOTICE"
    if (word == "debug") return "DEBUG"
    return "INFO"
}

function quoted(text) {
    gsub(/[\\"]/, "\\\\&", text)
    gsub(/[[:cntrl:]]/, " ", text)
    return "\"" text "\""
}

# `"level":"…"` as a field: inside a text its quotes would be escaped.
function level_of(line) {
    if (!match(line, /"level":"[a-z]+"/)) return "info"
    return substr(line, RSTART + 9, RLENGTH - 10)
}

function with_trace(line) {
    sub(/,"trace":""/, "", line)
    if (project == "" || !match(line, /"trace":"[0-9a-f]+"/)) return line
    return substr(line, 1, RSTART - 1) "\"logging.googleapis.com/trace\":\"projects/" project "/traces/" \
        substr(line, RSTART + 9, RLENGTH - 9) substr(line, RSTART + RLENGTH)
}

/^\{"severity":/ { print; next }
/^\{".*\}$/ { print "{\"severity\":\"" severity_of(level_of($0)) "\"," with_trace(substr($0, 2)); next }
# The shell's word for a program that was told to end.
/^(Quit|Terminated)$/ { next }
/./ {
    level = "warning"
    if (match($0, /\[(emerg|alert|crit|error|warn|notice|info|debug)\]/)) level = substr($0, RSTART + 1, RLENGTH - 2)
    else if (match($0, /\] (ALERT|ERROR|WARNING|NOTICE|DEBUG):/)) level = substr($0, RSTART + 2, RLENGTH - 3)
    else if ($0 ~ /(Fatal|Parse) error:/) level = "error"
    else if ($0 ~ /Warning:/) level = "warning"
    print "{\"severity\":\"" severity_of(level) "\",\"source\":\"container\",\"message\":" quoted($0) "}"
}
