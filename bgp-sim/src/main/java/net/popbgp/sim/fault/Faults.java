package net.popbgp.sim.fault;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzurePeer;
import net.popbgp.sim.azure.Sku;

/**
 * The faults by name, with parameters as they come from JSON. A parameter that a fault does not know is an error.
 *
 * <p>Immutable.
 */
public final class Faults {

    private static final Map<String, Fault> BY_NAME = new TreeMap<>();

    static {
        BY_NAME.put("tcp-reset", (peer, with) -> peer::tcpReset);
        BY_NAME.put("fin", (peer, with) -> peer::fin);
        BY_NAME.put("silence", lasting(AzurePeer::silence));
        BY_NAME.put("blackhole", lasting(AzurePeer::blackhole));
        BY_NAME.put("link-down", lasting(AzurePeer::linkDown));
        BY_NAME.put("stop-reading", lasting(AzurePeer::stopReading));
        BY_NAME.put("resume-reading", (peer, with) -> () -> peer.stopReading(false));
        BY_NAME.put("notification", Faults::notification);
        BY_NAME.put("wrong-md5-key", Faults::wrongMd5Key);
        BY_NAME.put("restore-md5-key", Faults::restoreMd5Key);
        BY_NAME.put("malformed-update", Faults::malformedUpdate);
        BY_NAME.put("flap", Faults::flap);
        BY_NAME.put("drain", lasting(AzurePeer::drain));
        BY_NAME.put("core-maintenance", lasting(AzurePeer::coreMaintenance));
        BY_NAME.put("vnet-grow", counted(AzurePeer::vnetGrow));
        BY_NAME.put("vnet-shrink", counted(AzurePeer::vnetShrink));
        BY_NAME.put("withdraw-all", (peer, with) -> peer::withdrawAll);
        BY_NAME.put("announce-all", (peer, with) -> peer::announceAll);
        BY_NAME.put("admin-down", Faults::adminDown);
        BY_NAME.put("admin-up", (peer, with) -> peer::adminUp);
        BY_NAME.put("set-sku", Faults::setSku);
    }

    private Faults() {}

    /** A fault: reads its parameters first, then says how to inject it. */
    @FunctionalInterface
    private interface Fault {
        Supplier<CompletableFuture<Void>> prepare(AzurePeer peer, Parameters with);
    }

    /** {@return the names in alphabetical order} */
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /**
     * Makes the peer do it; the future tells when it has.
     *
     * @throws IllegalArgumentException naming the fault or the parameter that is not known or out of range
     */
    public static CompletableFuture<Void> inject(AzurePeer peer, String name, Map<String, Object> parameters) {
        Fault fault = BY_NAME.get(name);
        if (fault == null) {
            throw new IllegalArgumentException("no such fault: '" + name + "', there are " + names());
        }
        Parameters with = new Parameters(name, parameters);
        Supplier<CompletableFuture<Void>> prepared = fault.prepare(peer, with);
        with.requireAllRead();
        return prepared.get();
    }

    private static Fault lasting(BiFunction<AzurePeer, Boolean, CompletableFuture<Void>> command) {
        return (peer, with) -> {
            boolean on = with.flag("on", true);
            return () -> command.apply(peer, on);
        };
    }

    private static Fault counted(BiFunction<AzurePeer, Integer, CompletableFuture<Void>> command) {
        return (peer, with) -> {
            int count = with.number("count", 1);
            return () -> command.apply(peer, count);
        };
    }

    private static Supplier<CompletableFuture<Void>> notification(AzurePeer peer, Parameters with) {
        int code = with.number("code", ErrorCode.CEASE.code());
        int subcode = with.number("subcode", NotificationMessage.ADMINISTRATIVE_RESET);
        String text = with.text("text", "");
        String data = with.text("data", "");
        if (!text.isEmpty() && !data.isEmpty()) {
            throw new IllegalArgumentException("notification takes text or data, not both");
        }
        byte[] octets = text.isEmpty()
                ? HexFormat.of().parseHex(data)
                : NotificationMessage.cease(subcode, text).data();
        NotificationMessage message = new NotificationMessage(code, subcode, octets);
        return () -> peer.notification(message);
    }

    private static Supplier<CompletableFuture<Void>> wrongMd5Key(AzurePeer peer, Parameters with) {
        String key = with.text("key", "wrong");
        boolean reset = with.flag("reset", true);
        return () -> peer.wrongMd5Key(key, reset);
    }

    private static Supplier<CompletableFuture<Void>> restoreMd5Key(AzurePeer peer, Parameters with) {
        boolean reset = with.flag("reset", false);
        return () -> peer.restoreMd5Key(reset);
    }

    private static Supplier<CompletableFuture<Void>> flap(AzurePeer peer, Parameters with) {
        int times = with.number("times", 1);
        Duration interval = Duration.ofMillis(with.number("interval-millis", 5000));
        return () -> peer.flap(times, interval);
    }

    private static Supplier<CompletableFuture<Void>> adminDown(AzurePeer peer, Parameters with) {
        String text = with.text("text", "");
        return () -> peer.adminDown(text);
    }

    private static Supplier<CompletableFuture<Void>> malformedUpdate(AzurePeer peer, Parameters with) {
        String name = with.text("kind", MalformedUpdate.ORIGIN_VALUE.toString());
        MalformedUpdate kind = MalformedUpdate.of(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no such malformed update: '" + name + "', there are " + List.of(MalformedUpdate.values())));
        Prefix prefix = Prefix.of(with.text("prefix", "10.255.255.0/24"));
        byte[] octets = kind.encode(prefix, peer.circuit().azureAddress());
        return () -> peer.sendRaw("malformed-update " + kind, octets);
    }

    private static Supplier<CompletableFuture<Void>> setSku(AzurePeer peer, Parameters with) {
        String name = with.text("sku", "standard");
        Sku sku;
        try {
            sku = Sku.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no such SKU: '" + name + "', there are local, standard, premium", e);
        }
        return () -> peer.setSku(sku);
    }
}
