#!/bin/sh
# PopBGP's adapter for the measuring lab, where it is called as dut/popbgp.sh. Measures the ./popbgp of the source tree in POPBGP_HOME;
# POPBGP_JAVA_OPTS and JAVA_HOME work as they do there.
. "$(dirname "$0")/common.sh"

: "${POPBGP_HOME:?is to name the source tree of the PopBGP to measure}"

version() { "$POPBGP_HOME/popbgp" --version | head -1; }

config() {
    {
        echo "local-as: $LOCAL_AS"
        echo "router-id: $ROUTER_ID"
        echo "listen: [\"$LISTEN_ADDR:$LISTEN_PORT\"]"
        echo "peers:"
        awk -v la="$LISTEN_ADDR" -v hold="$HOLD" -v retry="$CONNECT_RETRY" -v dir="$1" '
        !/^#/ && NF >= 7 {
            printf "  - name: p%d\n", NR
            printf "    address: %s\n", $1
            printf "    remote-as: %s\n", $2
            printf "    local-address: %s\n", la
            if ($6 == "passive") print "    passive: true"
            else printf "    port: %s\n", $7
            if ($3 != "-") {
                key = dir "/" $1 ".key"
                print $3 > key
                close(key)
                printf "    md5-key: {file: %s}\n", key
            }
            if ($4 != "-") printf "    metric: %s\n", $4
            printf "    hold-time: %ss\n    connect-retry-time: %ss\n", hold, retry
            printf "    import-policy: %s\n", ($5 == "out" ? "reject-all" : "accept-all")
            printf "    export-policy: %s\n", ($5 == "in" ? "reject-all" : "accept-all")
        }' "$1/peers.txt"
    } > "$1/native.conf"
}

launch() {
    "$POPBGP_HOME/popbgp" run -c "$1/native.conf" > "$1/out.log" 2>&1 &
    echo $! > "$1/pid"
}
main "$@"
