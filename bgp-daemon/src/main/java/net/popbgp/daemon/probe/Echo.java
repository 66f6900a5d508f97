package net.popbgp.daemon.probe;

import java.net.InetAddress;
import java.time.Duration;

/** Sends one ICMP echo request and waits for the reply. Thread-safe. */
@FunctionalInterface
public interface Echo {

    /** {@return probing by the ping program of the system, which is looked for when it is first needed} */
    static Echo ping() {
        return new PingProgram();
    }

    /** {@return what became of it, after little more than the timeout at the latest} */
    EchoResult probe(InetAddress source, InetAddress target, Duration timeout);
}
