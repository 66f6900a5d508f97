package net.popbgp.daemon.interop;

import java.util.List;

/**
 * A session as a foreign speaker is to have it, in no daemon's own words; each {@link Foreign} writes it in its language. Every address, AS
 * and limit is seen from the foreign speaker.
 *
 * <p>For one thread.
 */
final class LabSession {

    static final String IPV4 = "ipv4-unicast";
    static final String IPV6 = "ipv6-unicast";

    final String name;
    String local;
    String remote;
    long localAs;
    long remoteAs;

    /** Waits for the connection. */
    boolean passive;

    /** TCP MD5, empty for none. */
    String password = "";

    /** Seconds. */
    int holdTime = 9;

    List<String> families = List.of(IPV4);

    /** Its next hop for the routes of the family that is not the session's own; empty if that is not announced. */
    String otherNextHop = "";

    /** IPv4 routes with IPv6 next hops (RFC 8950). */
    boolean extendedNextHop;

    boolean fourOctetAs = true;
    boolean extendedMessages;
    boolean addPathReceive;

    /** How many paths of a prefix may be sent, 0 without ADD-PATH. */
    int addPathSend;

    /** Seconds of the Restart Time, 0 without graceful restart. */
    int restartTime;

    /** Seconds of the LLGR stale time, 0 without. */
    int longLived;

    /** GTSM with a neighbour on the link. */
    boolean ttlSecurity;

    /** Of RFC 9234 in the RFC's words, empty for none: provider, customer, peer, rs-server, rs-client. */
    String role = "";

    /** More prefixes than that end the session, 0 for no limit. */
    int prefixLimit;

    /** Seconds after which a session that the limit has ended is tried again, 0 for not. */
    int limitRestart;

    /** The neighbour is a route reflector's client. */
    boolean reflectorClient;

    /** How often its own AS stands once more in front of what it announces. */
    int prepends;

    /** LOCAL_PREF of what it takes from the neighbour, 0 for the daemon's own. */
    int localPref;

    /** LOCAL_PREF of paths in which the neighbour's AS stands twice in front, 0 for the same as others. */
    int prependedLocalPref;

    /** Announces with GRACEFUL_SHUTDOWN. */
    boolean gracefulShutdown;

    /** Passes on nothing of others. */
    boolean exportsOwnOnly;

    LabSession(String name, String local, long localAs, String remote, long remoteAs) {
        this.name = name;
        this.local = local;
        this.localAs = localAs;
        this.remote = remote;
        this.remoteAs = remoteAs;
    }

    /** {@return whether a route is of another family than the session} */
    boolean isOther(LabRoute route) {
        return route.isIpv6() != local.contains(":");
    }

    boolean has(String family) {
        return families.contains(family);
    }
}
