package net.popbgp.daemon.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.popbgp.daemon.Printable;

/** Rows in aligned columns; columns whose every value is a number stand to the right. Used by one thread. */
final class Table {

    private static final String GAP = "  ";
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final List<String[]> rows = new ArrayList<>();
    private final Set<Integer> faint = new HashSet<>();
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

    /** The row added last is of less importance. */
    Table faint() {
        faint.add(rows.size() - 1);
        return this;
    }

    /** {@return the lines, without spaces at their ends} */
    String render() {
        return render(false);
    }

    /**
     * {@return the lines, without spaces at their ends}
     *
     * @param terminal whether faint rows are written faint, in the way of terminals
     */
    String render(boolean terminal) {
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            widths[column] = width(column);
            right[column] = isNumeric(column);
        }
        StringBuilder text = new StringBuilder();
        for (int number = 0; number < rows.size(); number++) {
            String[] row = rows.get(number);
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String padding = " ".repeat(widths[column] - row[column].length());
                line.append(column == 0 ? "" : GAP);
                line.append(right[column] ? padding + row[column] : row[column] + padding);
            }
            boolean dim = terminal && faint.contains(number);
            text.append(dim ? FAINT : "")
                    .append(line.toString().stripTrailing())
                    .append(dim ? PLAIN : "")
                    .append(System.lineSeparator());
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
