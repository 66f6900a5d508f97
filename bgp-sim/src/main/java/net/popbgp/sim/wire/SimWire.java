package net.popbgp.sim.wire;

import net.popbgp.session.Wire;

/** A connection that can also be torn down rudely. Confined to the peer's loop. */
public interface SimWire extends Wire {

    /** Ends the connection at once with a TCP reset; what was not sent yet is lost. No event follows. */
    void reset();

    /** {@return how many octets came, those that are not read yet left out} */
    long octetsIn();

    /** {@return how many octets were handed to the network} */
    long octetsOut();
}
