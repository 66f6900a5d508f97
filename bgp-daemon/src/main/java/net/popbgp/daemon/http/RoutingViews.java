package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import net.popbgp.core.route.PeerRouting;

/** How routes go to and come from a peer, as JSON; names as in the configuration file. */
final class RoutingViews {

    private RoutingViews() {}

    static void routing(ObjectNode json, PeerRouting routing) {
        json.put("reflector-client", routing.reflectorClient());
    }
}
