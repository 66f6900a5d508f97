package net.popbgp.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/** Holds work on received octets against what it may allocate, however long the result lives. Used by one thread. */
final class Allocation {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * Runs the work and fails if it allocates more than {@code fixed + perOctet * octets} bytes. What exceeds that once is run again: loading
     * and linking classes counts as allocation of the thread that needed them first.
     */
    static <R> R bounded(long fixed, long perOctet, int octets, Callable<R> work) throws Exception {
        long bound = fixed + perOctet * octets;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        R result = work.call();
        if (THREADS.getCurrentThreadAllocatedBytes() - before <= bound) {
            return result;
        }
        before = THREADS.getCurrentThreadAllocatedBytes();
        result = work.call();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (allocated > bound) {
            throw new AssertionError(
                    allocated + " bytes allocated for " + octets + " octets of input; the bound is " + bound);
        }
        return result;
    }
}
