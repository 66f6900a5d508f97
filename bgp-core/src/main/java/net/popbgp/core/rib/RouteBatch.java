package net.popbgp.core.rib;

import java.util.List;
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
    private final List<AddressFamily> endOfRib;

    RouteBatch(List<Section> sections, List<AddressFamily> endOfRib) {
        this.sections = List.copyOf(sections);
        this.endOfRib = List.copyOf(endOfRib);
    }

    /** {@return the withdrawn prefixes first, then those to advertise, one section per attribute set} */
    public List<Section> sections() {
        return sections;
    }

    /** {@return the families whose initial routes are complete after this batch (RFC 4724, 2)} */
    public List<AddressFamily> endOfRib() {
        return endOfRib;
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
