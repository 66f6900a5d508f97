package net.popbgp.core.message;

/** The names of error codes and subcodes as the registries have them. */
final class NotificationNames {

    private static final String[] CODES = {
        "Message Header Error",
        "OPEN Message Error",
        "UPDATE Message Error",
        "Hold Timer Expired",
        "Finite State Machine Error",
        "Cease",
        "ROUTE-REFRESH Message Error",
        "Send Hold Timer Expired"
    };

    private static final String[][] SUBCODES = {
        {"Connection Not Synchronized", "Bad Message Length", "Bad Message Type"},
        {
            "Unsupported Version Number",
            "Bad Peer AS",
            "Bad BGP Identifier",
            "Unsupported Optional Parameter",
            "Authentication Failure",
            "Unacceptable Hold Time",
            "Unsupported Capability",
            "Subcode 8",
            "Subcode 9",
            "Subcode 10",
            "Role Mismatch"
        },
        {
            "Malformed Attribute List",
            "Unrecognized Well-known Attribute",
            "Missing Well-known Attribute",
            "Attribute Flags Error",
            "Attribute Length Error",
            "Invalid ORIGIN Attribute",
            "AS Routing Loop",
            "Invalid NEXT_HOP Attribute",
            "Optional Attribute Error",
            "Invalid Network Field",
            "Malformed AS_PATH"
        },
        {},
        {
            "Receive Unexpected Message in OpenSent State",
            "Receive Unexpected Message in OpenConfirm State",
            "Receive Unexpected Message in Established State"
        },
        {
            "Maximum Number of Prefixes Reached",
            "Administrative Shutdown",
            "Peer De-configured",
            "Administrative Reset",
            "Connection Rejected",
            "Other Configuration Change",
            "Connection Collision Resolution",
            "Out of Resources",
            "Hard Reset",
            "BFD Down"
        },
        {"Invalid Message Length"},
        {}
    };

    private NotificationNames() {}

    static String describe(int code, int subcode) {
        if (code < 1 || code > CODES.length) {
            return "Unknown Error " + code + "/" + subcode;
        }
        String[] subcodes = SUBCODES[code - 1];
        if (subcode >= 1 && subcode <= subcodes.length) {
            return CODES[code - 1] + "/" + subcodes[subcode - 1];
        }
        return subcode == 0 ? CODES[code - 1] : CODES[code - 1] + "/Subcode " + subcode;
    }
}
