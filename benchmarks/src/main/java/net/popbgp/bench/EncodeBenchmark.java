package net.popbgp.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.sim.load.Batch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Routes to UPDATEs that fill 4096 octets, to the array that goes to the socket. Scores are per prefix. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {

    private UpdatePacker packer;
    private PathAttributes attributes;
    private PathAttributes attributesIpv6;
    private PackedPrefixes ipv4;
    private PackedPrefixes ipv6;
    private List<Batch> internet;

    @Setup
    public void generate() {
        packer = new UpdatePacker(Loads.SESSION);
        attributes = Loads.attributes(2, 0);
        attributesIpv6 = Loads.attributesIpv6();
        ipv4 = Loads.sideBySide(Loads.IPV4, 24, 10_000);
        ipv6 = Loads.sideBySide(Loads.IPV6, 48, 10_000);
        internet = Loads.internet(10_000, 2);
    }

    @Benchmark
    @OperationsPerInvocation(10_000)
    public byte[] oneSetIpv4() {
        packer.announce(attributes, ipv4);
        return packer.take();
    }

    @Benchmark
    @OperationsPerInvocation(10_000)
    public byte[] oneSetIpv6() {
        packer.announce(attributesIpv6, ipv6);
        return packer.take();
    }

    @Benchmark
    @OperationsPerInvocation(10_000)
    public byte[] withdrawIpv4() {
        packer.withdraw(ipv4);
        return packer.take();
    }

    /** Seven prefixes to an attribute set. */
    @Benchmark
    @OperationsPerInvocation(10_000)
    public byte[] internet() {
        for (Batch batch : internet) {
            packer.announce(batch.attributes(), batch.prefixes());
        }
        return packer.take();
    }
}
