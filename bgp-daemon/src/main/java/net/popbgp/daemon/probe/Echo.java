package net.popbgp.daemon.probe;

import java.net.InetAddress;
import java.time.Duration;

/** Sends one ICMP echo request and waits for the reply. */
@FunctionalInterface
interface Echo {

    /** {@return what became of it, after little more than the timeout at the latest} */
    EchoResult probe(InetAddress source, InetAddress target, Duration timeout);
}
