package net.popbgp.core.message;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The names of capability codes in files and output, after the registry's. No state. */
public final class CapabilityNames {

    private static final String[] NAMES = new String[256];

    static {
        NAMES[Capability.MULTIPROTOCOL] = "multiprotocol";
        NAMES[Capability.ROUTE_REFRESH] = "route-refresh";
        NAMES[3] = "outbound-route-filtering";
        NAMES[Capability.EXTENDED_NEXT_HOP] = "extended-next-hop";
        NAMES[Capability.EXTENDED_MESSAGE] = "extended-message";
        NAMES[7] = "bgpsec";
        NAMES[8] = "multiple-labels";
        NAMES[Capability.ROLE] = "role";
        NAMES[Capability.GRACEFUL_RESTART] = "graceful-restart";
        NAMES[Capability.FOUR_OCTET_AS] = "four-octet-as";
        NAMES[67] = "dynamic-capability";
        NAMES[68] = "multisession";
        NAMES[Capability.ADD_PATH] = "add-path";
        NAMES[Capability.ENHANCED_ROUTE_REFRESH] = "enhanced-route-refresh";
        NAMES[Capability.LONG_LIVED_GRACEFUL_RESTART] = "long-lived-graceful-restart";
        NAMES[73] = "fqdn";
        NAMES[75] = "software-version";
        NAMES[128] = "old-route-refresh";
        Arrays.setAll(NAMES, code -> NAMES[code] == null ? "capability-" + code : NAMES[code]);
    }

    private CapabilityNames() {}

    /** {@return the name of a code 0..255, {@code capability-N} where it is not registered} */
    public static String name(int code) {
        return NAMES[code];
    }

    /** {@return the code with this name, empty if there is none} */
    public static OptionalInt code(String name) {
        return IntStream.range(0, NAMES.length)
                .filter(code -> NAMES[code].equals(name))
                .findFirst();
    }
}
