package net.popbgp.daemon;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import net.popbgp.daemon.analytics.SiteRecorder;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.speaker.BgpMetrics;
import net.popbgp.speaker.BgpSpeaker;

/** The metrics of a speaker, of events and sites, and of the JVM. Thread-safe. */
final class DaemonMetrics implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    private final SiteMetrics sites;

    DaemonMetrics(BgpSpeaker speaker, EventStore events, SiteRecorder recorder) {
        sites = new SiteMetrics(registry, events, speaker, recorder);
        new BgpMetrics(speaker).bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Adds those of another part of the daemon. */
    void bind(MeterBinder part) {
        part.bindTo(registry);
    }

    /** Goes over to these sites. */
    void follow(List<SiteConfig> next) {
        sites.follow(next);
    }

    /** {@return all in the text format of Prometheus} */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
