package net.popbgp.daemon.event;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an event can tell besides its time, kind, action and message. The names in JSON are those here in lower case. */
public enum EventField {
    SRC_SITE_ID,
    SRC_SITE_NAME,
    POP_NAME,
    CIRCUIT,
    PEER,
    BGP_CATO_ASN,
    BGP_CATO_IP,
    BGP_PEER_ASN,
    BGP_PEER_IP,
    BGP_PEER_DESCRIPTION,
    BGP_ROUTE_CIDR,
    /** NOTIFICATION code, or {@code local}. */
    BGP_ERROR_CODE,
    /** NOTIFICATION subcode and what it means, or the reason where there was no NOTIFICATION. */
    BGP_SUBERROR_CODE,
    OLD_STATE,
    NEW_STATE,
    HOST_IP,
    RULE_NAME,
    /** Who changed something: the name of an access token, {@code file}, {@code signal}, {@code local}. */
    USER_NAME,
    LINK_TYPE,
    /** Why the active circuit has changed. */
    TRIGGER,
    /** {@code in} or {@code out}: which of the two limits of a peer it is about. */
    DIRECTION,
    PREFIX_COUNT,
    PREFIX_LIMIT,
    /** Microseconds from the cause of a failover noticed to its event. */
    DETECTION_TO_EVENT_US,
    /** Microseconds from the cause of a failover noticed to the last prefix moved. */
    DETECTION_TO_SWITCH_US,
    /** How many occurrences one event stands for. */
    EVENT_COUNT;

    private static final Map<String, EventField> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventField::toString, each -> each));

    /** {@return the field of a name in JSON} */
    public static Optional<EventField> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** {@return as in {@code src_site_name}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
