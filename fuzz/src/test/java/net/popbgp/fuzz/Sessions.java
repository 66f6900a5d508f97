package net.popbgp.fuzz;

import java.util.List;
import java.util.Set;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.net.AddressFamily;

/** What may have been negotiated when octets come in. An input's first octet chooses one. */
final class Sessions {

    private static final Set<AddressFamily> NONE = Set.of();
    private static final Set<AddressFamily> IPV4 = Set.of(AddressFamily.IPV4_UNICAST);
    private static final Set<AddressFamily> IPV6 = Set.of(AddressFamily.IPV6_UNICAST);
    private static final Set<AddressFamily> BOTH = Set.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST);

    private static final List<CodecOptions> ALL = List.of(
            options(true, true, CodecOptions.STANDARD_LENGTH, BOTH, NONE, NONE),
            options(true, false, CodecOptions.STANDARD_LENGTH, BOTH, NONE, NONE),
            options(false, true, CodecOptions.STANDARD_LENGTH, BOTH, NONE, IPV4),
            options(true, true, CodecOptions.STANDARD_LENGTH, BOTH, BOTH, NONE),
            options(true, true, CodecOptions.EXTENDED_LENGTH, BOTH, NONE, NONE),
            options(false, false, CodecOptions.EXTENDED_LENGTH, BOTH, BOTH, IPV4),
            options(true, true, CodecOptions.STANDARD_LENGTH, IPV6, IPV6, NONE),
            CodecOptions.INITIAL);

    private Sessions() {}

    private static CodecOptions options(
            boolean external,
            boolean fourOctetAs,
            int maxLength,
            Set<AddressFamily> families,
            Set<AddressFamily> addPath,
            Set<AddressFamily> extendedNextHop) {
        return new CodecOptions(
                external, fourOctetAs, maxLength, maxLength, families, addPath, addPath, extendedNextHop);
    }

    /** {@return the options that the lowest three bits name} */
    static CodecOptions of(int choice) {
        return ALL.get(choice & 7);
    }

    static int count() {
        return ALL.size();
    }
}
