package net.popbgp.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import net.popbgp.daemon.Printable;

/** Rows in aligned columns; columns whose every value is a number stand to the right. Used by one thread. */
final class Table {

    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final int columns;

    Table(String... headings) {
        columns = headings.length;
        rows.add(headings);
    }

    Table row(Object... values) {
        if (values.length != columns) {
            throw new IllegalArgumentException(columns + " values are needed, not " + values.length);
        }
        String[] row = new String[columns];
        for (int i = 0; i < columns; i++) {
            String text = Printable.of(String.valueOf(values[i]));
            row[i] = text.isEmpty() ? "-" : text;
        }
        rows.add(row);
        return this;
    }

    /** {@return the lines, without spaces at their ends} */
    String render() {
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            widths[column] = width(column);
            right[column] = isNumeric(column);
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String padding = " ".repeat(widths[column] - row[column].length());
                line.append(column == 0 ? "" : GAP);
                line.append(right[column] ? padding + row[column] : row[column] + padding);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        return rows.size() > 1
                && rows.stream().skip(1).allMatch(row -> row[column].matches("[0-9]+|-"))
                && rows.stream().skip(1).anyMatch(row -> !row[column].equals("-"));
    }
}
