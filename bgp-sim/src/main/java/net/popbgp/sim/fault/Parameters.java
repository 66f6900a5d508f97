package net.popbgp.sim.fault;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The parameters of one fault; remembers which were read. Not thread-safe. */
final class Parameters {

    private final String fault;
    private final Map<String, Object> values;
    private final Set<String> unread;

    Parameters(String fault, Map<String, Object> values) {
        this.fault = fault;
        this.values = values;
        this.unread = new HashSet<>(values.keySet());
    }

    private Object value(String name, Object preset) {
        unread.remove(name);
        return values.getOrDefault(name, preset);
    }

    boolean flag(String name, boolean preset) {
        if (value(name, preset) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    int number(String name, int preset) {
        if (value(name, preset) instanceof Integer number) {
            return number;
        }
        throw wrong(name, "a whole number");
    }

    String text(String name, String preset) {
        if (value(name, preset) instanceof String text) {
            return text;
        }
        throw wrong(name, "a text");
    }

    private IllegalArgumentException wrong(String name, String wanted) {
        return new IllegalArgumentException(fault + ": " + name + " must be " + wanted + ": " + values.get(name));
    }

    void requireAllRead() {
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException(fault + " has no parameter " + unread);
        }
    }
}
