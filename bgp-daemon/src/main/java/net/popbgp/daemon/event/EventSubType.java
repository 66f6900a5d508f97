package net.popbgp.daemon.event;

import java.util.Arrays;

/** What kind of thing happened, by the words of operators. */
public enum EventSubType {
    BGP_SESSION("BGP Session"),
    BGP_ROUTING("BGP Routing"),
    LAN_MONITORING("LAN Monitoring"),
    CIRCUIT("Circuit"),
    CONFIGURATION("Configuration"),
    SYSTEM("System");

    private final String text;

    EventSubType(String text) {
        this.text = text;
    }

    /** {@return as in {@code BGP Session}} */
    @Override
    public String toString() {
        return text;
    }

    /**
     * {@return the sub-type of this text, in any case and with {@code -} or blanks between its words}
     *
     * @throws IllegalArgumentException if there is none
     */
    public static EventSubType of(String text) {
        return Arrays.stream(values())
                .filter(each ->
                        each.text.equalsIgnoreCase(text.replace('-', ' ').replace('_', ' ')))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no such sub-type of events: '" + text + "'; there are " + Arrays.toString(values())));
    }
}
