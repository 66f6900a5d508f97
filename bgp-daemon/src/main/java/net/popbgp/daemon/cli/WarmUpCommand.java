package net.popbgp.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.http.ApiServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a daemon whose peers are not there, has it warm up, and ends it. */
@Command(
        name = "warm-up",
        description = {
            "Start a daemon on free ports of 127.0.0.1, with two peers that are not there, have it warm up, and end it: says how long that takes.",
            "The launcher has its archive of classes made by this."
        },
        mixinStandardHelpOptions = true)
final class WarmUpCommand implements Callable<Integer> {

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long it may take, as 500ms or 20s; 60s if not given.")
    private String limit = "60s";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Duration time;
        try {
            time = Values.duration(limit);
        } catch (IllegalArgumentException e) {
            throw new CliException(CliException.USAGE, "--limit: " + e.getMessage());
        }
        String config = """
                local-as: 64512
                router-id: 127.0.0.1
                listen: ["127.0.0.1:0"]
                api: {listen: "127.0.0.1:0"}
                warm-up: %s
                peers:
                  - {name: one, address: 127.0.0.2, remote-as: 64513, passive: true, metric: 90, hold-time: 60s, connect-retry-time: 5s,
                     families: [ipv4-unicast, ipv6-unicast], next-hops: {ipv6: "2001:db8::1"}, import-policy: some, export-policy: reject-all}
                  - {name: two, address: 127.0.0.3, remote-as: 64514, passive: true, metric: 100, local-address: 127.0.0.1,
                     import-policy: accept-all, export-policy: accept-all}
                circuit-groups:
                  - {name: site, primary: one, secondary: two}
                policies:
                  some:
                    - {name: private, match: {prefix-list: ["10.0.0.0/8 le 32"]}, then: accept}
                """.formatted(limit);
        long start = System.nanoTime();
        try (Daemon daemon = Daemon.create(ConfigReader.parse(config, Path.of("/"), name -> null), Optional.empty());
                ApiServer api = new ApiServer(daemon)) {
            api.listen();
            daemon.start();
            daemon.bindMetrics();
            api.start();
            long started = System.nanoTime();
            long routes = daemon.warmUp().toCompletableFuture().join();
            long warm = System.nanoTime();
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .printf(
                            "started in %d ms, warmed up in %d ms with %d routes%s%n",
                            (started - start) / 1_000_000,
                            (warm - started) / 1_000_000,
                            routes,
                            warm - started >= time.toNanos() ? ", the limit" : "");
            return 0;
        } catch (ConfigException | IOException | IllegalStateException | CompletionException e) {
            throw new CliException(CliException.FAILED, String.valueOf(e.getMessage()));
        }
    }
}
