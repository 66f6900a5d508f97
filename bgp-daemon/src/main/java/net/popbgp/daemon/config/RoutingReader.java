package net.popbgp.daemon.config;

import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.core.route.PeerRouting;

/** Reads the keys of a peer that make up its {@link PeerRouting}. No state. */
final class RoutingReader {

    private RoutingReader() {}

    static PeerRouting read(Section section, Optional<Asn> localAs, Optional<Asn> remoteAs) {
        PeerRouting routing =
                PeerRouting.DEFAULT.withReflectorClient(section.read("reflector-client", false, Values::bool));
        if (routing.reflectorClient() && localAs.isPresent() && remoteAs.isPresent() && !localAs.equals(remoteAs)) {
            section.get("reflector-client")
                    .ifPresent(node -> node.error("only an internal peer can be a client (RFC 4456)"));
        }
        return routing;
    }
}
