package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4271, 4.3 and RFC 7606, 5.1: what the parts of a good UPDATE mean, together and alone. */
@Execution(ExecutionMode.CONCURRENT)
class UpdateMeaningTest {

    private static final byte[] GLOBAL = Octets.address("2001:db8::1");

    private static Attributes common() {
        return Attributes.none().origin(0).path(Who.E.as());
    }

    @Test
    @Row({"UPD-50", "UPD-51"})
    void all_parts_of_one_update_are_applied_and_passed_on_one_by_one() throws Exception {
        try (UpdateSession session = UpdateSession.bothFamilies()) {
            Site site = session.site();
            TesterPeer o = session.observer();
            session.sender()
                    .send(
                            session.good().announce(site.prefix(1)),
                            common().reach(2, GLOBAL, site.prefix6(1)).announce());
            o.expectRoute(site.prefix(1));
            o.expectRoute(site.prefix6(1));
            byte[] attributes = session.good()
                    .reach(2, GLOBAL, site.prefix6(2))
                    .unreach(2, site.prefix6(1))
                    .toArray();
            session.sender()
                    .send(Messages.update(Messages.nlri(site.prefix(1)), attributes, Messages.nlri(site.prefix(2))));
            o.expectRoute(site.prefix(2));
            o.expectRoute(site.prefix6(2));
            o.expectNoRoute(site.prefix(1));
            o.expectNoRoute(site.prefix6(1));
            for (Received update : o.messages(Messages.UPDATE)) {
                int withdrawn = update.u16(19);
                int length = update.u16(21 + withdrawn);
                int first = length == 0 ? 0 : update.u8(24 + withdrawn);
                boolean nlri = update.octets().length > 23 + withdrawn + length;
                int parts = (withdrawn > 0 ? 1 : 0) + (nlri ? 1 : 0) + (first == 14 || first == 15 ? 1 : 0);
                assertThat(parts).as(update.toString()).isLessThanOrEqualTo(1);
                Update parsed = Update.parse(update, false);
                boolean ipv6 = parsed.announced().toString().contains(":")
                        || parsed.withdrawn().toString().contains(":");
                assertThat(!ipv6 || first == 14 || first == 15)
                        .as("an MP attribute stands first: %s", update)
                        .isTrue();
            }
        }
    }

    @Test
    @Row({"UPD-44", "UPD-45", "UPD-46", "UPD-48"})
    void withdrawals_and_prefixes_mean_what_they_say() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            Site site = session.site();
            String both = site.prefix(1);
            byte[] nlri = Messages.nlri(both);
            session.sender().send(session.good().announce());
            session.sender().send(Messages.withdraw(site.prefix(7)));
            session.sender().send(Messages.update(nlri, session.good().toArray(), nlri));
            session.observer().expectRoute(both);
            byte[] hostBits = Messages.nlri(site.prefix(31).replace("/24", "/20"));
            session.sender().send(Messages.update(new byte[0], session.good().toArray(), hostBits));
            String clean = site.prefix(16).replace("/24", "/20");
            session.observer().expectRoute(clean);
            session.sender().send(Messages.withdraw(clean));
            session.observer().expectNoRoute(clean);
            site.proveUp(session.sender(), Who.E, session.observer());
            assertThat(session.observer().history(site.prefix(7))).isEmpty();
            assertThat(session.observer().routes()).containsOnlyKeys(both);
        }
    }

    @Test
    @Row({"UPD-47", "UPD-49"})
    void prefixes_that_no_unicast_route_has_are_left_out_and_the_default_route_is_none_of_them() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "import-policy: accept-all")
                .peer(Who.O, "export-policy: accept-all")
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E)
                    .announce("224.1.0.0/16", "127.0.0.0/8", site.prefix(1), "240.0.0.0/4", "0.0.0.0/0"));
            o.expectRoute(site.prefix(1));
            o.expectRoute("0.0.0.0/0");
            e.send(Messages.withdraw("0.0.0.0/0"));
            o.expectNoRoute("0.0.0.0/0");
            site.proveUp(e, Who.E, o);
            for (String martian : new String[] {"224.1.0.0/16", "127.0.0.0/8", "240.0.0.0/4"}) {
                assertThat(o.history(martian)).as(martian).isEmpty();
            }
        }
    }
}
