package net.popbgp.daemon.event;

import java.net.InetAddress;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.speaker.PeerConfig;

/** Whom an event is about, as the configuration knows it: peers, and sites with their circuits. Immutable. */
final class Subjects {

    /** What the link of a circuit is called. */
    static final String LINK_TYPE = "Cloud Interconnect";

    /**
     * A peer.
     *
     * @param site empty for a peer that is no circuit of a site
     * @param text for people
     */
    record Subject(String peer, Optional<String> site, String text, Map<EventField, String> fields) {

        Subject {
            fields = Map.copyOf(fields);
        }

        /** {@return its fields, to add to} */
        Map<EventField, String> with(EventField field, Object value) {
            Map<EventField, String> all = new EnumMap<>(EventField.class);
            all.putAll(fields);
            all.put(field, value.toString());
            return all;
        }
    }

    private final Map<String, Subject> byPeer = new HashMap<>();
    private final Map<InetAddress, Subject> circuits = new HashMap<>();
    private final Map<String, PeerConfig> configs = new HashMap<>();

    Subjects(Asn localAs, List<SiteConfig> sites, Collection<PeerConfig> peers, Map<String, String> descriptions) {
        for (PeerConfig peer : peers) {
            Map<EventField, String> fields = new EnumMap<>(EventField.class);
            fields.put(EventField.PEER, peer.name());
            fields.put(EventField.BGP_CATO_ASN, localAs.toString());
            peer.localAddress().ifPresent(own -> fields.put(EventField.BGP_CATO_IP, IpAddresses.text(own)));
            fields.put(EventField.BGP_PEER_ASN, peer.remoteAs().toString());
            fields.put(EventField.BGP_PEER_IP, IpAddresses.text(peer.remoteAddress()));
            fields.put(EventField.BGP_PEER_DESCRIPTION, descriptions.getOrDefault(peer.name(), ""));
            byPeer.put(
                    peer.name(),
                    new Subject(peer.name(), Optional.empty(), "peer " + peer.name() + address(peer), fields));
            configs.put(peer.name(), peer);
        }
        sites.forEach(site -> site.circuits().forEach(circuit -> add(site, circuit)));
    }

    private void add(SiteConfig site, CircuitConfig circuit) {
        String name = site.peerName(circuit.role());
        PeerConfig peer = configs.get(name);
        Subject plain = byPeer.get(name);
        if (peer == null || plain == null) {
            return;
        }
        Map<EventField, String> fields = ofSite(site.name());
        fields.putAll(plain.fields());
        fields.put(EventField.POP_NAME, circuit.pop());
        fields.put(EventField.CIRCUIT, circuit.role().toString());
        fields.put(EventField.LINK_TYPE, LINK_TYPE);
        fields.put(EventField.BGP_CATO_IP, IpAddresses.text(circuit.popAddress()));
        Subject subject = new Subject(
                name, Optional.of(site.name()), circuit.role() + " circuit of " + site.name() + address(peer), fields);
        byPeer.put(name, subject);
        circuits.put(peer.remoteAddress(), subject);
    }

    private static String address(PeerConfig peer) {
        return " (" + IpAddresses.text(peer.remoteAddress()) + ", AS " + peer.remoteAs() + ")";
    }

    /** {@return what says that an event is about a site, to add to} */
    static Map<EventField, String> ofSite(String site) {
        Map<EventField, String> fields = new EnumMap<>(EventField.class);
        fields.put(EventField.SRC_SITE_ID, site);
        fields.put(EventField.SRC_SITE_NAME, site);
        return fields;
    }

    /** {@return the peer of this name; empty if it is not configured} */
    Optional<Subject> peer(String name) {
        return Optional.ofNullable(byPeer.get(name));
    }

    /** {@return the circuit of a site whose neighbour has this address} */
    Optional<Subject> circuit(InetAddress neighbor) {
        return Optional.ofNullable(circuits.get(neighbor));
    }

    Optional<PeerConfig> config(String peer) {
        return Optional.ofNullable(configs.get(peer));
    }
}
