package net.popbgp.core.decision;

/** The steps of the Decision Process in their order; each only removes routes (RFC 4271, 9.1 and 9.1.2.2; RFC 4456, 9). */
public enum DecisionStep {
    /** There was no other route. */
    ONLY_ROUTE,
    /** A stale route that is kept as a last resort, LLGR_STALE, loses to any that is not (RFC 9494, 4.4). */
    LONG_LIVED_STALE,
    /** A route that its neighbour is draining loses to one that is not: GRACEFUL_SHUTDOWN, or the neighbour's AS prepended. */
    DRAIN,
    /** Lowest configured metric of the peer. */
    METRIC,
    /** Highest LOCAL_PREF. */
    LOCAL_PREF,
    /** (a) Shortest AS_PATH. */
    AS_PATH_LENGTH,
    /** (b) Lowest ORIGIN. */
    ORIGIN,
    /** (c) Lowest MULTI_EXIT_DISC among routes of the same neighbouring AS. */
    MULTI_EXIT_DISC,
    /** (d) External before internal. */
    PEER_TYPE,
    /** (e) Lowest interior cost to the next hop. */
    INTERIOR_COST,
    /** (f) Lowest BGP Identifier, or ORIGINATOR_ID where there is one. */
    ROUTER_ID,
    /** Shortest CLUSTER_LIST (RFC 4456, 9). */
    CLUSTER_LIST_LENGTH,
    /** (g) Lowest peer address. */
    PEER_ADDRESS,
    /** Lowest Path Identifier, among several paths of one peer (RFC 7911). */
    PATH_ID
}
