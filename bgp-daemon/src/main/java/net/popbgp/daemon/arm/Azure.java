package net.popbgp.daemon.arm;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.net.Asn;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.SiteConfig;
import org.jspecify.annotations.Nullable;

/**
 * Questions to Azure about the circuits. Each waits at most {@link #PATIENCE}; up to {@link #MAX_THREADS} requests are under way at a time,
 * the rest waits. Thread-safe.
 */
public final class Azure {

    /** How long a question may take: long enough for tables that Azure needs some ten seconds for, short enough for a command line. */
    public static final Duration PATIENCE = Duration.ofSeconds(50);

    /** The most requests for tables and metrics at a time. */
    public static final int MAX_THREADS = 8;

    private final Executor executor = executor();
    private @Nullable HttpClient
            http; // to set up TLS takes a tenth of a daemon's start, and most daemons ask nothing of Azure

    private static Executor executor() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "popbgp-azure");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private synchronized HttpClient http() {
        HttpClient made = http;
        if (made == null) {
            made = ArmClient.newHttp();
            http = made;
        }
        return made;
    }

    private ArmClient client(AzureConfig config) {
        return new ArmClient(
                http(),
                config,
                PATIENCE,
                InstantSource.system(),
                duration -> TimeUnit.MILLISECONDS.sleep(duration.toMillis()));
    }

    /**
     * {@return whether a key can be used for a new circuit at a PoP}
     *
     * @param sites those that are configured
     * @throws ArmFailure if Azure cannot be asked
     */
    public KeyVerdict validate(AzureConfig config, List<SiteConfig> sites, Asn localAs, String serviceKey, String pop) {
        return new ServiceKeys(config, sites, localAs).ofNewCircuit(client(config), serviceKey, pop);
    }

    /**
     * {@return whether the keys of a site's circuits are what is configured, in their order}
     *
     * @throws ArmFailure if Azure cannot be asked
     */
    public List<KeyVerdict> validate(AzureConfig config, List<SiteConfig> sites, Asn localAs, SiteConfig site) {
        return verdicts(client(config), config, sites, localAs, site);
    }

    private static List<KeyVerdict> verdicts(
            ArmClient client, AzureConfig config, List<SiteConfig> sites, Asn localAs, SiteConfig site) {
        ServiceKeys keys = new ServiceKeys(config, sites, localAs);
        List<AzureResource> resources = ServiceKeys.circuits(client, config);
        return site.circuits().stream()
                .map(circuit -> keys.ofConfigured(resources, site, circuit))
                .toList();
    }

    /**
     * {@return what Azure sees of a site's circuits, in their order}
     *
     * @throws ArmFailure if Azure cannot be asked at all; what fails later is told of each circuit
     */
    public List<AzureSide> sides(AzureConfig config, List<SiteConfig> sites, Asn localAs, SiteConfig site) {
        ArmClient client = client(config);
        List<KeyVerdict> verdicts = verdicts(client, config, sites, localAs, site);
        AzureSides sides = new AzureSides(client, executor);
        List<CompletableFuture<AzureSide>> asked = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            CircuitConfig circuit = site.circuits().get(i);
            asked.add(sides.of(circuit, verdicts.get(i)));
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }
}
