package net.popbgp.daemon.site;

import java.util.List;
import java.util.Optional;
import net.popbgp.speaker.PeerConnection;

/**
 * All that is known of a circuit's session. Immutable.
 *
 * @param connections one, or two while they collide; none if the speaker does not have the peer
 */
public record CircuitDetails(
        SiteConfig site, CircuitStatus status, List<PeerConnection> connections, CircuitRoutes routes) {

    public CircuitDetails {
        connections = List.copyOf(connections);
    }

    /** {@return the connection of a direction} */
    public Optional<PeerConnection> connection(boolean incoming) {
        return connections.stream().filter(each -> each.incoming() == incoming).findFirst();
    }
}
