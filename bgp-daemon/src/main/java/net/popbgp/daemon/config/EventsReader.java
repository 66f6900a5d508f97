package net.popbgp.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import net.popbgp.daemon.event.EventsConfig;

/** Reads the section about events. No state. */
final class EventsReader {

    private static final Duration MAX_KEEP = Duration.ofDays(3650);

    private EventsReader() {}

    /** @param directory what a relative path starts from */
    static EventsConfig read(Section root, Path directory) {
        return root.section("events").map(section -> events(section, directory)).orElse(EventsConfig.DEFAULT);
    }

    private static EventsConfig events(Section section, Path directory) {
        Optional<Path> file = section.read("file", text -> Values.file(text, directory));
        Duration keep = section.read("keep", EventsConfig.DEFAULT.keep(), EventsReader::keep);
        long maxSize = section.read("max-size", EventsConfig.DEFAULT.maxSize(), EventsReader::maxSize);
        if (file.isEmpty()) {
            section.get("max-size").ifPresent(node -> node.warning("counts for a 'file' only, and there is none"));
        }
        section.finish();
        return new EventsConfig(file, keep, maxSize);
    }

    private static Duration keep(String text) {
        Duration keep = Values.positiveDuration(text);
        if (keep.compareTo(MAX_KEEP) > 0) {
            throw new IllegalArgumentException("must be at most " + MAX_KEEP.toDays() + "d: '" + text + "'");
        }
        return keep;
    }

    private static long maxSize(String text) {
        long size = Values.size(text);
        if (size < EventsConfig.MIN_SIZE) {
            throw new IllegalArgumentException("must be at least 16MiB: '" + text + "'");
        }
        return size;
    }
}
