package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 2, title = "Sessions")
@Execution(ExecutionMode.CONCURRENT)
class SessionFeatures {

    /** What GoBGP says of our connection while it has one of its own. */
    private static final Pattern TAKEN_AND_CLOSED = Pattern.compile("Closed an accepted connection.*OPENSENT");

    private static final long TWO_OCTET_AS = 65_100;
    private static final long OUR_TWO_OCTET_AS = 65_001;

    @Quirk(daemon = Kind.FRR, what = "announces its own networks with MULTI_EXIT_DISC 0, though none was set")
    @Feature(row = 1, value = "IPv4 session; 4-octet AS numbers on both sides (RFC 6793)")
    void ipv4_session(Cell cell) throws Exception {
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        cell.start().untilUp();
        LabRoute ours = LabRoute.to(cell.ourPrefix(0));
        cell.announce(ours);

        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
        assertThat(cell.peer().at("/negotiated/four-octet-as").asBoolean()).isTrue();
    }

    @Feature(
            row = 2,
            value = "2-octet speaker: AS_TRANS in the AS_PATH that it gets, the number itself in AS4_PATH (RFC 6793)")
    @Quirk(
            daemon = Kind.BIRD,
            what =
                    "without 4-octet AS numbers of its own it reads the neighbour's capability all the same, so that no neighbour with a"
                            + " 4-octet AS can be configured, nor reached as AS_TRANS",
            rfc = "RFC 6793, 4.2.1")
    @Quirk(
            daemon = Kind.FRR,
            what =
                    "with dont-capability-negotiate it reads a 2-octet AS_PATH, but ignores AS4_PATH, for it goes by the neighbour's offer alone",
            rfc = "RFC 6793, 4.2.3")
    @Quirk(daemon = Kind.GOBGP, cannot = true, what = "always offers 4-octet AS numbers")
    void two_octet_speaker(Cell cell) throws Exception {
        cell.ownPop("local-as: " + OUR_TWO_OCTET_AS + "\n");
        cell.session.remoteAs = OUR_TWO_OCTET_AS;
        cell.session.fourOctetAs = false;
        cell.session.localAs = TWO_OCTET_AS;
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        cell.start().untilUp();
        cell.announce(LabRoute.to(cell.ourPrefix(0)).by("4200000777 64999"));

        cell.untilReceived(theirs.from(TWO_OCTET_AS, cell.theirs()));
        String path = cell.kind == Kind.FRR ? "23456 64999" : "4200000777 64999";
        cell.untilTheyHave(LabRoute.to(cell.ourPrefix(0)).by(path).from(OUR_TWO_OCTET_AS, cell.ours()));
        assertThat(cell.peer().at("/negotiated/four-octet-as").asBoolean()).isFalse();
    }

    @Feature(row = 3, value = "IPv6 session with IPv6 routes (RFC 4760, RFC 2545)")
    void ipv6_session(Cell cell) throws Exception {
        cell.overIpv6();
        LabRoute theirs = LabRoute.to(cell.theirPrefix6(0));
        cell.foreign.routes.add(theirs);
        cell.start().untilUp();
        LabRoute ours = LabRoute.to(cell.ourPrefix6(0));
        cell.announce(ours);

        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs6()));
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours6()));
    }

    @Feature(row = 4, value = "Both families on one IPv4 session")
    void both_families_over_ipv4(Cell cell) throws Exception {
        cell.bothFamilies();
        playBothFamilies(cell);
    }

    @Feature(row = 5, value = "Both families on one IPv6 session")
    void both_families_over_ipv6(Cell cell) throws Exception {
        cell.overIpv6().bothFamilies();
        playBothFamilies(cell);
    }

    private static void playBothFamilies(Cell cell) throws Exception {
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        LabRoute theirs6 = LabRoute.to(cell.theirPrefix6(0));
        cell.foreign.routes.add(theirs);
        cell.foreign.routes.add(theirs6);
        cell.start().untilUp();
        LabRoute ours = LabRoute.to(cell.ourPrefix(0));
        LabRoute ours6 = LabRoute.to(cell.ourPrefix6(0));
        cell.announce(ours, ours6);

        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
        cell.untilReceived(theirs6.from(Cell.THEIR_AS, cell.theirs6()));
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
        cell.untilTheyHave(ours6.from(Pop.AS, cell.ours6()));
    }

    @Feature(row = 6, value = "IPv4 routes with IPv6 next hops on an IPv6 session (RFC 8950)")
    void extended_next_hop(Cell cell) throws Exception {
        cell.overIpv6();
        cell.session.families = java.util.List.of(LabSession.IPV4, LabSession.IPV6);
        cell.session.extendedNextHop = true;
        cell.set("families", "[ipv4-unicast, ipv6-unicast]").set("extended-next-hop", "true");
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        cell.start().untilUp();
        LabRoute ours = LabRoute.to(cell.ourPrefix(0));
        cell.announce(ours);

        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs6()));
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours6()));
    }

    @Feature(row = 7, value = "Roles (RFC 9234): customer and provider, ONLY_TO_CUSTOMER")
    @Quirk(daemon = Kind.GOBGP, cannot = true, what = "has no roles")
    void roles(Cell cell) throws Exception {
        cell.session.role = "customer";
        cell.set("role", "provider").set("strict-role", "true").start().untilUp();
        cell.announce(LabRoute.to(cell.ourPrefix(0)));

        Cell.until(
                "they have our ONLY_TO_CUSTOMER",
                () -> cell.foreign
                        .details(cell.session, cell.ourPrefix(0))
                        .matches("(?is).*(otc|only.to.customer)\\D*" + Pop.AS + ".*"));
    }

    @Feature(row = 8, value = "Roles that do not fit are refused (2/11)")
    @Quirk(daemon = Kind.GOBGP, cannot = true, what = "has no roles")
    void roles_that_do_not_fit(Cell cell) throws Exception {
        cell.session.role = "provider";
        cell.set("role", "provider").start();

        Cell.until("Role Mismatch", () -> cell.peer().path("last-down").asText().contains("2/11"));
        assertThat(cell.peer().path("established-count").asInt()).isZero();
    }

    @Feature(row = 9, value = "HoldTimer expires at our side: they are frozen (SIGSTOP), 4/0, and back when thawed")
    void hold_timer_expires_at_our_side(Cell cell) throws Exception {
        cell.session.holdTime = 3;
        cell.start().untilUp();
        assertThat(cell.peer().at("/negotiated/hold-time").asText()).isEqualTo("3s");

        cell.foreign.freeze();
        Cell.until(
                "Hold Timer Expired",
                () -> cell.peer().path("last-down").asText().contains("4/0"));
        assertThat(cell.isUp()).isFalse();

        cell.foreign.thaw();
        cell.untilUp();
    }

    @Feature(row = 10, value = "HoldTimer expires at their side: we are frozen, and back when thawed")
    void hold_timer_expires_at_their_side(Cell cell) throws Exception {
        cell.session.holdTime = 3;
        cell.ownPop("").start().untilUp();

        cell.pop().freeze();
        Cell.until("they say no more that we are up", () -> !cell.foreign.isUp(cell.session));

        cell.pop().thaw();
        cell.untilUp();
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(2);
    }

    @Feature(row = 11, value = "Shutdown text of ours (RFC 9003): Cease 6/2, shown there")
    void our_shutdown_text(Cell cell) throws Exception {
        cell.start().untilUp();

        cell.operate("stop", "{\"reason\": \"fibre works until 6\"}");

        Cell.until(
                "they have our text",
                () -> (cell.foreign.status(cell.session) + cell.foreign.logText()).contains("fibre works until 6"));
        cell.operate("start", "{}");
        cell.untilUp();
    }

    @Feature(row = 12, value = "Shutdown text of theirs: 6/2, shown here")
    @Quirk(
            daemon = Kind.GOBGP,
            what =
                    "`gobgp neighbor disable` sends no text; only `shutdown` does, after which the session comes back by itself")
    void their_shutdown_text(Cell cell) throws Exception {
        cell.start().untilUp();

        cell.foreign.shutdown(cell.session, "fibre works until 6");

        Cell.until(
                "we have their text",
                () -> cell.peer().path("last-down").asText().contains("fibre works until 6"));
        assertThat(cell.peer().path("last-down").asText()).contains("6/2");
        cell.foreign.enable(cell.session);
        cell.untilUp();
    }

    @Feature(row = 13, value = "Simultaneous open: one session stays (RFC 4271, 6.8)", directions = Direction.BOTH)
    @Quirk(
            daemon = Kind.GOBGP,
            what = "closes a second connection without OPEN or NOTIFICATION, whoever has the higher BGP Identifier",
            rfc = "RFC 4271, 6.8")
    void simultaneous_open(Cell cell) throws Exception {
        cell.ownPop("").set("connect-retry-time", "120s");
        cell.startOursAndHoldItsConnection();
        cell.pop().freeze(); // from here the kernel acts for us
        cell.foreign.start();
        Cell.until("their OPEN is out", () -> cell.foreign.status(cell.session).matches("(?is).*open.?sent.*"));
        cell.releaseOurConnection();
        Cell.until("they have our connection, too", () -> haveTwoConnections(cell));

        cell.pop().thaw();

        cell.untilUp();
        if (cell.kind != Kind.GOBGP) {
            assertThat(Files.readString(cell.pop().log()).lines()).anyMatch(line -> line.contains("code=6/7"));
        }
        int keepalives = cell.peer().at("/counters/keepalives-in").asInt();
        Cell.until(
                "the session lasts",
                () -> cell.peer().at("/counters/keepalives-in").asInt() > keepalives + 1);
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(1 + endedByCollision(cell));
    }

    /** {@return how many sessions have ended so: their KEEPALIVE on a connection may come before they see that there are two} */
    private static int endedByCollision(Cell cell) throws Exception {
        return (int) Files.readString(cell.pop().log())
                .lines()
                .filter(line -> line.contains("from=Established") && line.contains("6/7"))
                .count();
    }

    private static boolean haveTwoConnections(Cell cell) throws Exception {
        return cell.kind == Kind.GOBGP
                ? TAKEN_AND_CLOSED.matcher(cell.foreign.logText()).find()
                : cell.connections() == 2;
    }

    @Feature(row = 14, value = "Extended messages (RFC 8654): an UPDATE of more than 4096 octets, each way")
    @Quirk(daemon = Kind.GOBGP, cannot = true, what = "has no extended messages")
    void extended_messages(Cell cell) throws Exception {
        cell.session.extendedMessages = true;
        String[] many = new String[1100];
        java.util.Arrays.setAll(many, i -> "65100:" + i);
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0)).communities(many);
        cell.foreign.routes.add(theirs);
        cell.set("extended-messages", "true").start().untilUp();
        cell.announce(LabRoute.to(cell.ourPrefix(0)).communities(many));

        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
        Cell.until("they have ours", () -> cell.foreign.received(cell.session, LabSession.IPV4) == 1);
        assertThat(cell.foreign.details(cell.session, cell.ourPrefix(0))).contains("65100");
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(1);
    }
}
