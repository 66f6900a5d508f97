package net.popbgp.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import net.popbgp.sim.arm.ArmApi;
import net.popbgp.sim.arm.ArmServer;
import net.popbgp.sim.azure.AzureEdge;

/** The circuits of a configuration, their control port and that of Azure Resource Manager, running. Thread-safe. */
public final class Simulator implements AutoCloseable {

    private final AzureEdge edge;
    private final Optional<ArmServer> arm;
    private final ControlServer control;

    private Simulator(AzureEdge edge, Optional<ArmServer> arm, ControlServer control) {
        this.edge = edge;
        this.arm = arm;
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
        Optional<ArmServer> arm = api.isEmpty()
                ? Optional.empty()
                : Optional.of(new ArmServer(config.arm().orElseThrow(), api.get()));
        try {
            return new Simulator(edge, arm, new ControlServer(config.control(), edge, api));
        } catch (IOException e) {
            arm.ifPresent(ArmServer::close);
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

    @Override
    public void close() {
        control.close();
        arm.ifPresent(ArmServer::close);
        edge.close();
    }
}
