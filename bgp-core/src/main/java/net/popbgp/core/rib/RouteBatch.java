package net.popbgp.core.rib;

import java.util.List;
import java.util.Set;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent to a peer next. Peers of a group that need the same get the same object, so that its encoding can be shared: compare
 * by identity.
 *
 * <p>Immutable.
 */
public final class RouteBatch {

    private final List<Section> sections;
    private final AddressFamily family;
    private final Set<Marker> markers;

    RouteBatch(List<Section> sections, AddressFamily family, Set<Marker> markers) {
        this.sections = List.copyOf(sections);
        this.family = family;
        this.markers = Set.copyOf(markers);
    }

    /** What a batch says about its family besides the routes. */
    public enum Marker {
        /** A refresh begins, before the routes of this batch (RFC 7313, 4). */
        BEGIN_OF_REFRESH,
        /** The initial routes are complete, after those of this batch (RFC 4724, 2). */
        END_OF_RIB,
        /** The refresh is complete, after the routes of this batch (RFC 7313, 4). */
        END_OF_REFRESH
    }

    public AddressFamily family() {
        return family;
    }

    public boolean has(Marker marker) {
        return markers.contains(marker);
    }

    /** {@return whether there is nothing to send} */
    public boolean isEmpty() {
        return sections.isEmpty() && markers.isEmpty();
    }

    /** {@return the withdrawn prefixes first, then those to advertise, one section per attribute set} */
    public List<Section> sections() {
        return sections;
    }

    /** {@return the families whose initial routes are complete after this batch (RFC 4724, 2)} */
    public List<AddressFamily> endOfRib() {
        return has(Marker.END_OF_RIB) ? List.of(family) : List.of();
    }

    /**
     * Prefixes of one family that share a fate. Immutable.
     *
     * @param attributes what to advertise them with; null to withdraw them
     */
    public record Section(@Nullable PathAttributes attributes, PackedPrefixes prefixes) {

        public boolean isWithdraw() {
            return attributes == null;
        }
    }
}
