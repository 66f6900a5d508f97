package net.popbgp.core.message;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;

/** A capability of an OPEN (RFC 5492). A known code whose value cannot be read is kept as {@link Unknown}. Immutable. */
public sealed interface Capability {

    int MULTIPROTOCOL = 1;
    int ROUTE_REFRESH = 2;
    int EXTENDED_NEXT_HOP = 5;
    int EXTENDED_MESSAGE = 6;
    int ROLE = 9;
    int GRACEFUL_RESTART = 64;
    int FOUR_OCTET_AS = 65;
    int ADD_PATH = 69;
    int ENHANCED_ROUTE_REFRESH = 70;
    int LONG_LIVED_GRACEFUL_RESTART = 71;

    /** {@return the capability code, 0..255} */
    int code();

    /** Multiprotocol Extensions (RFC 4760, 8). */
    record Multiprotocol(AddressFamily family) implements Capability {
        @Override
        public int code() {
            return MULTIPROTOCOL;
        }
    }

    /** Route Refresh (RFC 2918, 2). */
    record RouteRefresh() implements Capability {
        @Override
        public int code() {
            return ROUTE_REFRESH;
        }
    }

    /** Enhanced Route Refresh (RFC 7313, 3.1). */
    record EnhancedRouteRefresh() implements Capability {
        @Override
        public int code() {
            return ENHANCED_ROUTE_REFRESH;
        }
    }

    /** Support for four-octet AS numbers (RFC 6793, 3). */
    record FourOctetAs(Asn asn) implements Capability {
        @Override
        public int code() {
            return FOUR_OCTET_AS;
        }
    }

    /** Extended Message: we can receive up to 65,535 octets (RFC 8654, 3). */
    record ExtendedMessage() implements Capability {
        @Override
        public int code() {
            return EXTENDED_MESSAGE;
        }
    }

    /**
     * Graceful Restart (RFC 4724, 3; the N bit is RFC 8538's).
     *
     * @param restarted the R bit: the sender has restarted
     * @param notification the N bit: graceful also after a NOTIFICATION
     * @param restartTime seconds, 0..4095
     */
    record GracefulRestart(boolean restarted, boolean notification, int restartTime, List<Family> families)
            implements Capability {

        /** One family with its F bit: forwarding state was kept. */
        public record Family(AddressFamily family, boolean forwardingPreserved) {}

        public GracefulRestart {
            if (restartTime < 0 || restartTime > 4095) {
                throw new IllegalArgumentException("Restart Time out of range 0..4095: " + restartTime);
            }
            families = List.copyOf(families);
        }

        public Optional<Family> family(AddressFamily family) {
            return families.stream().filter(f -> f.family().equals(family)).findFirst();
        }

        @Override
        public int code() {
            return GRACEFUL_RESTART;
        }
    }

    /**
     * Long-Lived Graceful Restart (RFC 9494, 3). The stale time is in seconds, 0..16777215.
     */
    record LongLivedGracefulRestart(List<Family> families) implements Capability {

        /** One family with its F bit and how long stale routes are kept. */
        public record Family(AddressFamily family, boolean forwardingPreserved, int staleTime) {}

        public LongLivedGracefulRestart {
            families = List.copyOf(families);
        }

        @Override
        public int code() {
            return LONG_LIVED_GRACEFUL_RESTART;
        }
    }

    /** ADD-PATH (RFC 7911, 4). */
    record AddPath(List<Family> families) implements Capability {

        /** One family and what the sender is able to do. */
        public record Family(AddressFamily family, boolean receive, boolean send) {}

        public AddPath {
            families = List.copyOf(families);
        }

        @Override
        public int code() {
            return ADD_PATH;
        }
    }

    /** Extended Next Hop Encoding (RFC 8950, 4): families that may be announced with a next hop of another AFI. */
    record ExtendedNextHop(List<Entry> entries) implements Capability {

        /** Routes of the family may have a next hop of that AFI. */
        public record Entry(AddressFamily family, int nextHopAfi) {}

        public ExtendedNextHop {
            entries = List.copyOf(entries);
        }

        @Override
        public int code() {
            return EXTENDED_NEXT_HOP;
        }
    }

    /** BGP Role (RFC 9234, 4.1), the sender's: 0 provider, 1 route server, 2 its client, 3 customer, 4 lateral peer; other values are kept. */
    record Role(int role) implements Capability {
        @Override
        public int code() {
            return ROLE;
        }
    }

    /** A code that we do not know, or a known one whose value cannot be read, byte for byte. */
    final class Unknown implements Capability {
        private final int code;
        private final byte[] value;

        public Unknown(int code, byte... value) {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("capability code out of range 0..255: " + code);
            }
            this.code = code;
            this.value = value.clone();
        }

        @Override
        public int code() {
            return code;
        }

        /** {@return a copy of the value's octets} */
        public byte[] value() {
            return value.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Unknown that && code == that.code && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return code * 31 + Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Unknown[code=" + code + ", value=" + HexFormat.of().formatHex(value) + "]";
        }
    }
}
