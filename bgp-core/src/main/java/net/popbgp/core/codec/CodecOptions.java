package net.popbgp.core.codec;

import java.util.Set;
import net.popbgp.core.net.AddressFamily;

/**
 * How messages look on one session: before the OPEN exchange {@link #INITIAL}, afterwards as negotiated. Immutable.
 *
 * @param external whether the peer is in another AS: decides what LOCAL_PREF and the reflection attributes mean (RFC 7606, 7)
 * @param fourOctetAs AS numbers take four octets (RFC 6793)
 * @param maxReceive longest message that is taken, octets: 4096 or 65535 (RFC 8654)
 * @param maxSend longest message that is sent, octets: 4096 or 65535
 * @param families the negotiated ones; NLRI of others are passed over
 * @param addPathReceive families whose received NLRI carry a Path Identifier (RFC 7911)
 * @param addPathSend families whose sent NLRI carry a Path Identifier
 * @param extendedNextHop families that may have a next hop of the other AFI (RFC 8950)
 */
public record CodecOptions(
        boolean external,
        boolean fourOctetAs,
        int maxReceive,
        int maxSend,
        Set<AddressFamily> families,
        Set<AddressFamily> addPathReceive,
        Set<AddressFamily> addPathSend,
        Set<AddressFamily> extendedNextHop) {

    public static final int STANDARD_LENGTH = 4096;
    public static final int EXTENDED_LENGTH = 65535;

    /** Before the OPEN exchange. */
    public static final CodecOptions INITIAL =
            new CodecOptions(true, true, STANDARD_LENGTH, STANDARD_LENGTH, Set.of(), Set.of(), Set.of(), Set.of());

    public CodecOptions {
        requireLength("longest message received", maxReceive);
        requireLength("longest message sent", maxSend);
        families = Set.copyOf(families);
        addPathReceive = Set.copyOf(addPathReceive);
        addPathSend = Set.copyOf(addPathSend);
        extendedNextHop = Set.copyOf(extendedNextHop);
    }

    private static void requireLength(String what, int length) {
        if (length < STANDARD_LENGTH || length > EXTENDED_LENGTH) {
            throw new IllegalArgumentException(
                    what + " out of range " + STANDARD_LENGTH + ".." + EXTENDED_LENGTH + ": " + length);
        }
    }
}
