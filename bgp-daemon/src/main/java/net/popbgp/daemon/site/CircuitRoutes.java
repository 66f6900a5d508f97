package net.popbgp.daemon.site;

import java.util.List;
import net.popbgp.speaker.RoutePage;

/**
 * The routes of a circuit at one moment. Immutable.
 *
 * @param fromPeer what is used or could be of what the cloud has sent
 * @param rejected what is not; the note of each names the rule
 * @param toPeer what the cloud was sent; those with status WITHHELD are kept back by the guard
 */
public record CircuitRoutes(List<RoutePage.Row> fromPeer, List<RoutePage.Row> rejected, List<RoutePage.Row> toPeer) {

    public CircuitRoutes {
        fromPeer = List.copyOf(fromPeer);
        rejected = List.copyOf(rejected);
        toPeer = List.copyOf(toPeer);
    }
}
