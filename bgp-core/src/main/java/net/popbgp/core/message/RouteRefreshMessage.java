package net.popbgp.core.message;

import net.popbgp.core.net.AddressFamily;

/**
 * ROUTE-REFRESH (RFC 2918, 3), with the subtype of RFC 7313. Immutable.
 *
 * @param subtype 0 a request, 1 Beginning of RIB (BoRR), 2 End of RIB (EoRR); other values are received and ignored
 */
public record RouteRefreshMessage(AddressFamily family, int subtype) implements BgpMessage {

    public static final int REQUEST = 0;
    public static final int BEGIN = 1;
    public static final int END = 2;

    public static RouteRefreshMessage request(AddressFamily family) {
        return new RouteRefreshMessage(family, REQUEST);
    }

    @Override
    public MessageType type() {
        return MessageType.ROUTE_REFRESH;
    }
}
