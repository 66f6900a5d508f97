package net.popbgp.daemon;

import java.util.regex.Pattern;

/** Makes lines of {@code key=value}; values with spaces are quoted, control characters never reach the log. */
final class LogLine {

    private static final Pattern PLAIN = Pattern.compile("[^\\s\"=]*");

    private LogLine() {}

    /** {@return the line; pairs with an empty value are left out} */
    static String of(Object... keysAndValues) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
            String value = String.valueOf(keysAndValues[i + 1]);
            if (!value.isEmpty()) {
                line.append(line.isEmpty() ? "" : " ")
                        .append(keysAndValues[i])
                        .append('=')
                        .append(quoted(value));
            }
        }
        return line.toString();
    }

    private static String quoted(String value) {
        String clean = Printable.of(value);
        return PLAIN.matcher(clean).matches() ? clean : '"' + clean.replace("\"", "\\\"") + '"';
    }
}
