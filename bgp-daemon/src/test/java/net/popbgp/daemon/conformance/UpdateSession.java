package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import net.popbgp.daemon.conformance.Update.Attribute;

/**
 * A site with E, who sends, and O, who sees, and the three proofs of RFC 7606, 2: the session survives and the route is there, is there
 * without an attribute, or has gone. Each proof takes the site's next prefix.
 */
record UpdateSession(Site site, Who who, TesterPeer sender, TesterPeer observer, boolean fourOctet)
        implements AutoCloseable {

    static final String[] BOTH_FAMILIES = {
        "families: [ipv4-unicast, ipv6-unicast]", "next-hops: {ipv6: \"2001:db8::ffff\"}"
    };

    /** {@return E and O on a new site, with these settings of E's} */
    static UpdateSession external(String... settings) throws IOException, InterruptedException {
        return of(Who.E, settings);
    }

    static UpdateSession of(Who who, String... settings) throws IOException, InterruptedException {
        Site site =
                DaemonUnderTest.shared().site().peer(who, settings).peer(Who.O).start();
        return new UpdateSession(site, who, site.up(who), site.up(Who.O), true);
    }

    /** {@return E as a speaker without four-octet AS numbers, and O} */
    static UpdateSession old() throws IOException, InterruptedException {
        Site site = DaemonUnderTest.shared().site().peer(Who.E).peer(Who.O).start();
        return new UpdateSession(site, Who.E, site.up(Who.E, site.open(Who.E).without(65)), site.up(Who.O), false);
    }

    /** {@return E and O with IPv4 and IPv6 unicast} */
    static UpdateSession bothFamilies() throws IOException, InterruptedException {
        Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, BOTH_FAMILIES)
                .peer(Who.O, BOTH_FAMILIES)
                .start();
        return new UpdateSession(
                site,
                Who.E,
                site.up(Who.E, site.open(Who.E).family(2, 1)),
                site.up(Who.O, site.open(Who.O).family(2, 1)),
                true);
    }

    /** {@return the good attributes, to be added to} */
    Attributes good() {
        return site.attributes(who);
    }

    /** {@return good attributes of a speaker without four-octet AS numbers} */
    Attributes old(long... path) {
        return goodButPath().add(Attributes.WELL_KNOWN, 2, Attributes.segment(2, 2, path));
    }

    Attributes goodButOrigin() {
        return Attributes.none().path(who.as()).nextHop(site.address(who));
    }

    Attributes goodButPath() {
        return Attributes.none().origin(0).nextHop(site.address(who));
    }

    Attributes goodButNextHop() {
        return Attributes.none().origin(0).path(who.as());
    }

    /** Proves treat-as-withdraw: what was announced well before goes, and the session goes on. */
    void withdraws(Attributes... faulty) throws IOException {
        Attributes first = fourOctet ? good() : old(who.as());
        for (Attributes each : faulty) {
            String prefix = site.prefix(1);
            sender.send(first.announce(prefix));
            observer.expectRoute(prefix);
            sender.send(each.announce(prefix));
            try {
                observer.expectNoRoute(prefix);
            } catch (AssertionError e) {
                throw new AssertionError("not treated as withdraw: " + Octets.hex(each.toArray()), e);
            }
        }
        proveUp();
    }

    /** Proves that a route is taken. {@return what O sees} */
    Update accepts(Attributes attributes) throws IOException {
        String prefix = site.prefix(2);
        sender.send(attributes.announce(prefix));
        Update seen = observer.expectRoute(prefix);
        sender.send(Messages.withdraw(prefix));
        observer.expectNoRoute(prefix);
        return seen;
    }

    /** Proves attribute discard: the route is taken without it. */
    void discards(int type, Attributes... faulty) throws IOException {
        for (Attributes each : faulty) {
            assertThat(accepts(each).attributes())
                    .as(Octets.hex(each.toArray()))
                    .doesNotContainKey(type);
        }
        proveUp();
    }

    Attribute accepts(int type, Attributes attributes) throws IOException {
        Attribute attribute = accepts(attributes).attributes().get(type);
        assertThat(attribute).as("attribute %d", type).isNotNull();
        return attribute;
    }

    /** Proves that the session is up, by a route in its own form. */
    void proveUp() throws IOException {
        accepts(fourOctet ? good() : old(who.as()));
        assertThat(sender.messages(Messages.NOTIFICATION)).isEmpty();
        assertThat(sender.isClosed()).isFalse();
    }

    @Override
    public void close() throws IOException {
        site.close();
    }
}
