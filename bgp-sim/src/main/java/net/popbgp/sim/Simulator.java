package net.popbgp.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import net.popbgp.sim.arm.ArmApi;
import net.popbgp.sim.arm.ArmServer;
import net.popbgp.sim.azure.AzureEdge;

/** The circuits of a configuration, their control port, Azure Resource Manager and mail server, running. Thread-safe. */
public final class Simulator implements AutoCloseable {

    private final AzureEdge edge;
    private final Optional<ArmServer> arm;
    private final Optional<Mailbox> mailbox;
    private final ControlServer control;

    private Simulator(AzureEdge edge, Optional<ArmServer> arm, Optional<Mailbox> mailbox, ControlServer control) {
        this.edge = edge;
        this.arm = arm;
        this.mailbox = mailbox;
        this.control = control;
    }

    /**
     * Starts it; blocks until all circuits listen.
     *
     * @throws IOException if an address cannot be bound; nothing is left running then
     */
    public static Simulator start(SimConfig config) throws IOException {
        AzureEdge edge = new AzureEdge(config.circuits(), config.seed());
        try {
            edge.start().join();
            return start(config, edge);
        } catch (CompletionException e) {
            edge.close();
            throw new IOException(rootCause(e).getMessage(), e);
        } catch (IOException e) {
            edge.close();
            throw e;
        }
    }

    private static Simulator start(SimConfig config, AzureEdge edge) throws IOException {
        Optional<ArmApi> api = config.arm().map(arm -> new ArmApi(arm, edge, Clock.systemUTC()));
        Optional<ArmServer> arm = Optional.empty();
        Optional<Mailbox> mailbox = Optional.empty();
        try {
            if (api.isPresent()) {
                arm = Optional.of(new ArmServer(config.arm().orElseThrow(), api.get()));
            }
            if (config.mail().isPresent()) {
                mailbox = Optional.of(Mailbox.open(config.mail().get()));
            }
            return new Simulator(edge, arm, mailbox, new ControlServer(config.control(), edge, api, mailbox));
        } catch (IOException e) {
            arm.ifPresent(ArmServer::close);
            mailbox.ifPresent(Mailbox::close);
            throw e;
        }
    }

    private static Throwable rootCause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    public AzureEdge edge() {
        return edge;
    }

    /** {@return where the control port really listens} */
    public InetSocketAddress controlAddress() {
        return control.address();
    }

    /** {@return where it really listens as Azure Resource Manager; empty if it does not} */
    public Optional<InetSocketAddress> armAddress() {
        return arm.map(ArmServer::address);
    }

    /** {@return the mail server for alerts; empty if there is none} */
    public Optional<Mailbox> mailbox() {
        return mailbox;
    }

    @Override
    public void close() {
        control.close();
        mailbox.ifPresent(Mailbox::close);
        arm.ifPresent(ArmServer::close);
        edge.close();
    }
}
