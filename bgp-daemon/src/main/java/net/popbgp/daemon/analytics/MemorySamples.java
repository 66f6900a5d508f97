package net.popbgp.daemon.analytics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The latest {@link #MAX_SAMPLES} samples; those of minutes go first. Thread-safe. */
final class MemorySamples implements SampleTable {

    /** The most samples of all subjects and steps together. */
    static final int MAX_SAMPLES = 100_000;

    private record Key(long time, String subject) {}

    private static final Comparator<Key> BY_TIME =
            Comparator.comparingLong(Key::time).thenComparing(Key::subject);

    private final Map<Step, TreeMap<Key, Sample>> tables = new EnumMap<>(Step.class);

    MemorySamples() {
        for (Step step : Step.values()) {
            tables.put(step, new TreeMap<>(BY_TIME));
        }
    }

    @Override
    public synchronized void add(List<Sample> samples, long now) {
        tables.forEach((step, table) -> {
            for (Sample sample : samples) {
                long time = step.floor(sample.time());
                table.merge(
                        new Key(time, sample.subject()),
                        Sample.none(sample.subject(), time).plus(sample, time),
                        (before, added) -> before.plus(added, time));
            }
            table.headMap(new Key(now - step.kept().toSeconds(), ""), false).clear();
        });
        for (Step step : Step.values()) {
            TreeMap<Key, Sample> table = tables.get(step);
            while (size() > MAX_SAMPLES && table != null && !table.isEmpty()) {
                table.pollFirstEntry();
            }
        }
    }

    private int size() {
        return tables.values().stream().mapToInt(TreeMap::size).sum();
    }

    @Override
    public synchronized List<Sample> read(String subject, Step step, long from, long to) {
        List<Sample> found = new ArrayList<>();
        tables.getOrDefault(step, new TreeMap<>(BY_TIME))
                .subMap(new Key(from, ""), true, new Key(to, ""), false)
                .forEach((key, sample) -> {
                    if (key.subject().equals(subject)) {
                        found.add(sample);
                    }
                });
        return found;
    }
}
