package net.popbgp.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import net.popbgp.sim.azure.AzureEdge;

/** The circuits of a configuration and their control port, running. Thread-safe. */
public final class Simulator implements AutoCloseable {

    private final AzureEdge edge;
    private final ControlServer control;

    private Simulator(AzureEdge edge, ControlServer control) {
        this.edge = edge;
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
            return new Simulator(edge, new ControlServer(config.control(), edge));
        } catch (CompletionException e) {
            edge.close();
            throw new IOException(rootCause(e).getMessage(), e);
        } catch (IOException e) {
            edge.close();
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

    @Override
    public void close() {
        control.close();
        edge.close();
    }
}
