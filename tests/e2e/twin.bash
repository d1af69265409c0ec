# Sourced by the tests of `ballast twin`: starts one, which ends with the test.
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
shown="*.out *.err"
twins=()
. "$BALLAST_SOURCE_DIR/tests/e2e/waiting.bash"

twin() { # NAME, argument...: a twin whose line is FOLDER/NAME.line
    local name=$1
    shift
    rm -f "$folder/$name.line" # of one before it
    env -i PATH="$PATH" HOME="$folder" "$BALLAST" twin "$@" >"$folder/$name.line" 2>"$folder/$name.err" &
    twins+=($!)
    until_there 300 "$folder/$name.line" "${twins[-1]}"
}
said() { # NAME MEMBER: what the twin's line says
    sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p" "$folder/$1.line"
}
control() { # NAME PATH BODY: POST to what is the twin's own
    local address
    address=$(said "$1" endpoint)
    address=${address#http://}
    exec 9<>"/dev/tcp/${address%:*}/${address##*:}"
    printf 'POST /_ballast/%s HTTP/1.1\r\nHost: twin\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
        "$2" "${#3}" "$3" >&9
    head -n 1 <&9 | grep -q ' 200 ' || fail "POST $2 of $3 was refused"
    exec 9>&-
}
step() { # NAME SECONDS
    control "$1" clock "{\"advance_s\":$2}"
}
