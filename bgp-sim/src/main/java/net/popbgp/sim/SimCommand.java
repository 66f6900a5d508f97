package net.popbgp.sim;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.sim.azure.AzurePeer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code popbgp sim}: runs simulated Azure routers until it is stopped. Exit code 2 for a bad configuration, 1 for a port in use. */
@Command(
        name = "sim",
        mixinStandardHelpOptions = true,
        description = "Runs the Azure side of ExpressRoute circuits, with faults on command.")
public final class SimCommand implements Callable<Integer> {

    private static final long GOODBYE_SECONDS = 10;

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "the simulator's YAML file")
    private @Nullable Path config;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        CommandLine line = spec().commandLine();
        PrintWriter out = line.getOut();
        PrintWriter err = line.getErr();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Simulator simulator = Simulator.start(read())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitGoodbye(stop, stopped), "sim-shutdown"));
            for (AzurePeer peer : simulator.edge().peers()) {
                out.println("circuit=" + peer.circuit().name() + " listen=" + peer.address() + " pop="
                        + IpAddresses.text(
                                peer.circuit().popAddress(), peer.circuit().peerPort()));
            }
            out.println("control=http:/" + simulator.controlAddress());
            simulator.armAddress().ifPresent(address -> out.println("arm=http:/" + address));
            simulator.mailbox().ifPresent(mailbox -> {
                mailbox.onMail(mail -> print(mail, out));
                out.println("mail=smtp:/" + mailbox.address());
            });
            out.flush();
            stop.await();
            return 0;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println(e.getMessage());
            return 1;
        } finally {
            stopped.countDown();
        }
    }

    private static void print(Mailbox.Mail mail, PrintWriter out) {
        synchronized (out) {
            out.println();
            out.println("--- mail from " + mail.from() + " to " + mail.to());
            out.println(mail.source().strip());
            out.println("---");
            out.flush();
        }
    }

    /** Keeps the process alive while the routers say their Cease. */
    private static void awaitGoodbye(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            if (!stopped.await(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SimConfig read() {
        if (config == null) {
            throw new IllegalArgumentException("no configuration file given");
        }
        try {
            return SimConfig.load(config);
        } catch (IOException e) {
            throw new IllegalArgumentException(config + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(config + ":" + System.lineSeparator() + e.getMessage(), e);
        }
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("run by picocli only");
        }
        return spec;
    }
}
