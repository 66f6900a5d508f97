package net.popbgp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.fsm.CapabilityFallback;
import net.popbgp.core.fsm.EventType;
import net.popbgp.core.fsm.FsmConfig;
import net.popbgp.core.fsm.FsmEvent;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.IdleHold;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.fsm.SessionFsm;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.AdjRibOut;
import net.popbgp.core.rib.MemberLimits;
import net.popbgp.core.rib.RouteBatch;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.sim.load.Batch;
import org.junit.jupiter.api.Test;

/**
 * Holds the hot paths to what they may allocate, in bytes that the JVM counts for this thread. The bounds are what the source asks for
 * ({@code -Xint} keeps them too): how much of it the compiler takes away again differs from run to run, so less may be printed.
 */
class HotPathAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int PREFIXES = 10_000;

    /** What is measured, called again and again. */
    private interface Operation {
        Object run() throws NotificationException;
    }

    @SuppressWarnings("UnusedVariable") // written so that results count as used
    private static volatile Object sink;

    /** {@return bytes per call, after as many calls that do not count} */
    private static double bytesPerCall(int calls, Operation operation) throws NotificationException {
        run(calls, operation);
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        run(calls, operation);
        long after = THREADS.getThreadAllocatedBytes(thread);
        return (double) (after - before) / calls;
    }

    private static void run(int calls, Operation operation) throws NotificationException {
        for (int i = 0; i < calls; i++) {
            sink = operation.run();
        }
    }

    private static void assertAtMost(double bound, double measured, String what) {
        System.out.printf("%s: %.2f bytes, at most %.2f%n", what, measured, bound);
        assertThat(measured).as(what).isLessThanOrEqualTo(bound);
    }

    @Test
    void update_of_900_known_prefixes_decodes_to_one_array() throws NotificationException {
        PackedPrefixes prefixes = Loads.sideBySide(Loads.IPV4, 24, 900);
        byte[] update = Loads.updates(List.of(new Batch(Loads.attributes(2, 0), prefixes)))
                .get(0);
        MessageCodec codec = new MessageCodec(Loads.SESSION);

        assertAtMost(9.0, bytesPerCall(5_000, () -> codec.decode(update)) / 900, "decode per IPv4 NLRI");
    }

    @Test
    void update_of_500_known_ipv6_prefixes_decodes_to_three_arrays() throws NotificationException {
        PackedPrefixes prefixes = Loads.sideBySide(Loads.IPV6, 48, 500);
        byte[] update = Loads.updates(List.of(new Batch(Loads.attributesIpv6(), prefixes)))
                .get(0);
        MessageCodec codec = new MessageCodec(Loads.SESSION);

        assertAtMost(18.5, bytesPerCall(5_000, () -> codec.decode(update)) / 500, "decode per IPv6 NLRI");
    }

    @Test
    void update_of_one_known_prefix_stays_small() throws NotificationException {
        PackedPrefixes prefixes = Loads.sideBySide(Loads.IPV4, 24, 1);
        byte[] update = Loads.updates(List.of(new Batch(Loads.attributes(2, 0), prefixes)))
                .get(0);
        MessageCodec codec = new MessageCodec(Loads.SESSION);

        assertAtMost(344, bytesPerCall(50_000, () -> codec.decode(update)), "decode per UPDATE of one prefix");
    }

    @Test
    void keepalive_decodes_nearly_without_allocation() throws NotificationException {
        MessageCodec codec = new MessageCodec(Loads.SESSION);
        byte[] keepalive = codec.encode(KeepaliveMessage.INSTANCE);

        assertAtMost(20, bytesPerCall(50_000, () -> codec.decode(keepalive)), "decode per KEEPALIVE");
    }

    @Test
    void packer_writes_prefixes_into_the_array_it_has() throws NotificationException {
        UpdatePacker packer = new UpdatePacker(Loads.SESSION);
        PathAttributes attributes = Loads.attributes(2, 0);
        PackedPrefixes prefixes = Loads.sideBySide(Loads.IPV4, 24, PREFIXES);

        double announced = bytesPerCall(500, () -> {
            packer.announce(attributes, prefixes);
            return packer.take();
        });
        double withdrawn = bytesPerCall(500, () -> {
            packer.withdraw(prefixes);
            return packer.take();
        });

        assertAtMost(4.2, announced / PREFIXES, "pack per announced prefix"); // the four octets on the wire
        assertAtMost(4.2, withdrawn / PREFIXES, "pack per withdrawn prefix");
    }

    @Test
    void tables_take_replace_and_drop_routes_without_allocation() throws NotificationException {
        RoutingTables tables = Loads.tables();
        int peer = Loads.addPeer(tables, 2, 90);
        int other = Loads.addPeer(tables, 3, 100);
        PackedPrefixes prefixes = Loads.sideBySide(Loads.IPV4, 24, PREFIXES);
        PathAttributes first = Loads.attributes(2, 1);
        PathAttributes second = Loads.attributes(2, 2);
        tables.announce(other, Loads.attributes(3, 1), prefixes);
        tables.announce(peer, first, prefixes);

        double replaced = bytesPerCall(300, () -> {
            tables.announce(peer, second, prefixes);
            tables.announce(peer, first, prefixes);
            return tables;
        });
        double moved = bytesPerCall(300, () -> {
            tables.withdraw(peer, prefixes);
            tables.announce(peer, first, prefixes);
            return tables;
        });

        assertAtMost(0.1, replaced / PREFIXES / 2, "replace per prefix");
        assertAtMost(0.1, moved / PREFIXES, "withdraw and announce per prefix that has another route");
    }

    @Test
    void prefixes_that_come_and_go_take_no_further_memory() throws NotificationException {
        RoutingTables tables = Loads.tables();
        int peer = Loads.addPeer(tables, 2, 100);
        PackedPrefixes prefixes = Loads.sideBySide(Loads.IPV4, 24, PREFIXES);
        PathAttributes attributes = Loads.attributes(2, 1);

        double bytes = bytesPerCall(300, () -> {
            tables.announce(peer, attributes, prefixes);
            tables.withdraw(peer, prefixes);
            return tables;
        });

        assertAtMost(0.1, bytes / PREFIXES, "announce and withdraw per prefix without another route");
    }

    @Test
    void changes_reach_a_neighbour_as_a_few_arrays() throws NotificationException {
        RoutingTables tables = Loads.tables();
        int peer = Loads.addPeer(tables, 2, 90);
        int customer = Loads.addPeer(tables, 3, 100);
        AdjRibOut.Member member = tables.adjRibOut(Loads.export()).join(customer, MemberLimits.NONE);
        PackedPrefixes prefixes = Loads.sideBySide(Loads.IPV4, 24, PREFIXES);
        PathAttributes first = Loads.attributes(2, 1);
        PathAttributes second =
                Loads.copy(first).toBuilder().asPath(12076, 8075).build();

        double bytes = bytesPerCall(200, () -> {
            tables.announce(peer, first, prefixes);
            drain(member);
            tables.announce(peer, second, prefixes);
            return drain(member);
        });

        assertAtMost(18, bytes / PREFIXES / 2, "advertise per prefix");
    }

    private static int drain(AdjRibOut.Member member) {
        int drained = 0;
        for (RouteBatch batch = member.next(4_096); batch != null; batch = member.next(4_096)) {
            for (RouteBatch.Section section : batch.sections()) {
                drained += section.prefixes().size();
            }
        }
        return drained;
    }

    @Test
    void lost_peer_and_its_return_take_a_column_of_the_table() throws NotificationException {
        RoutingTables tables = Loads.tables();
        int primary = Loads.addPeer(tables, 2, 90);
        int secondary = Loads.addPeer(tables, 3, 100);
        PackedPrefixes prefixes = Loads.sideBySide(Loads.IPV4, 24, PREFIXES);
        PathAttributes first = Loads.attributes(2, 1);
        tables.announce(secondary, Loads.attributes(3, 1), prefixes);

        double bytes = bytesPerCall(300, () -> {
            tables.announce(primary, first, prefixes);
            tables.clear(primary);
            return tables;
        });

        assertAtMost(16, bytes / PREFIXES, "failover per prefix, with coming back");
        assertThat(tables.best(secondary, Loads.IPV4)).isEqualTo(PREFIXES);
    }

    @Test
    void routes_that_are_there_already_take_little() throws NotificationException {
        RoutingTables tables = Loads.tables();
        int peer = Loads.addPeer(tables, 2, 100);
        List<Batch> routes = Loads.internet(PREFIXES, 2);
        Loads.announce(tables, peer, routes);

        double bytes = bytesPerCall(300, () -> {
            Loads.announce(tables, peer, routes);
            return tables;
        });

        assertAtMost(6.5, bytes / PREFIXES, "the same routes again per prefix, seven to an attribute set");
    }

    @Test
    void octets_become_octets_for_a_neighbour_within_bounds() throws NotificationException {
        MessageCodec codec = new MessageCodec(Loads.SESSION);
        UpdatePacker packer = new UpdatePacker(Loads.SESSION);
        RoutingTables tables = Loads.tables();
        int peer = Loads.addPeer(tables, 2, 90);
        AdjRibOut.Member member =
                tables.adjRibOut(Loads.export()).join(Loads.addPeer(tables, 3, 100), MemberLimits.NONE);
        List<byte[]> updates = Loads.updates(Loads.internet(PREFIXES, 2));

        double bytes = bytesPerCall(50, () -> {
            for (byte[] octets : updates) {
                UpdateMessage update = (UpdateMessage) codec.decode(octets);
                for (UpdateMessage.Announcement announcement : update.announced()) {
                    tables.announce(peer, announcement.attributes(), announcement.prefixes());
                }
            }
            encode(member, packer);
            tables.clear(peer);
            return encode(member, packer);
        });

        assertAtMost(330, bytes / PREFIXES, "whole path per prefix, seven to an attribute set, and its withdrawal");
    }

    private static int encode(AdjRibOut.Member member, UpdatePacker packer) {
        for (RouteBatch batch = member.next(4_096); batch != null; batch = member.next(4_096)) {
            Loads.pack(batch, packer);
        }
        return packer.take().length;
    }

    @Test
    void state_machine_hears_the_peer_without_allocation() throws NotificationException {
        SessionFsm fsm = established();
        FsmEvent keepalive = FsmEvent.of(EventType.KEEPALIVE_MSG);
        FsmEvent update = FsmEvent.of(EventType.UPDATE_MSG);

        assertAtMost(0.01, bytesPerCall(100_000, () -> fsm.handle(keepalive)), "state machine per KEEPALIVE");
        assertAtMost(0.01, bytesPerCall(100_000, () -> fsm.handle(update)), "state machine per UPDATE");
        assertThat(fsm.state()).isEqualTo(FsmState.ESTABLISHED);
    }

    private static SessionFsm established() {
        FsmConfig config = new FsmConfig(
                Asn.of(65010),
                Optional.of(Asn.of(12076)),
                RouterId.of("10.0.0.1"),
                90,
                0,
                3,
                false,
                Duration.ofSeconds(120),
                Duration.ZERO,
                Duration.ofMinutes(4),
                Duration.ofSeconds(4),
                Duration.ofSeconds(64),
                Duration.ofSeconds(300),
                Duration.ofSeconds(240),
                List.of(new Capability.Multiprotocol(Loads.IPV4)),
                OpenRequirements.NONE);
        IdleHold idleHold = new IdleHold(Duration.ofSeconds(4), Duration.ofSeconds(64), () -> 0, () -> 0);
        SessionFsm fsm = new SessionFsm(config, idleHold, new CapabilityFallback(config), () -> 0);
        fsm.handle(FsmEvent.of(EventType.MANUAL_START));
        fsm.handle(FsmEvent.of(EventType.TCP_CR_ACKED));
        fsm.handle(new FsmEvent.Open(new OpenMessage(12076, 90, RouterId.of("10.0.0.2"), List.of())));
        fsm.handle(FsmEvent.of(EventType.KEEPALIVE_MSG));
        return fsm;
    }

    @Test
    void path_takes_a_few_bytes_of_the_tables() {
        int senders = 10;
        int prefixes = 50_000;

        RoutingTables tables = MemoryReport.fill(senders, prefixes);

        double perPath = (double) tables.memoryBytes() / senders / prefixes;
        assertAtMost(15, perPath, "tables per path of 10 senders with 50,000 prefixes");
    }

    @Test
    void path_takes_bounded_heap_with_its_attributes() {
        int senders = 10;
        int prefixes = 50_000;

        double perPath = (double) MemoryReport.heapOf(senders, prefixes) / senders / prefixes;

        assertAtMost(45, perPath, "heap per path of 10 senders with 50,000 prefixes, an attribute set for each seven");
    }
}
