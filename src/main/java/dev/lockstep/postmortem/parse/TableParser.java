package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.item.FieldParser;
import dev.lockstep.postmortem.parse.item.ItemBuilder;
import dev.lockstep.postmortem.parse.item.ItemTextParser;
import dev.lockstep.postmortem.parse.item.LeftoverFacts;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.ColumnRole;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import dev.lockstep.postmortem.parse.vocabulary.OwnerPatterns;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/** Reads tables whose rows are action items, and ignores timelines and contact lists. */
final class TableParser {
  private static final Pattern FIRST_WORD_SAYS_SO =
      Pattern.compile("(?iU)\\b(action|task|follow[- ]?up|to[- ]?do|next step)s?\\b");

  private final MarkdownSource source;
  private final Lexicon lexicon;
  private final ParseResult findings;

  TableParser(MarkdownSource source, Lexicon lexicon, ParseResult findings) {
    this.source = source;
    this.lexicon = lexicon;
    this.findings = findings;
  }

  void read(TableBlock table, @Nullable Section section) {
    List<TableRow> rows = new ArrayList<>();
    for (Node node : MarkdownSource.below(table)) {
      if (node instanceof TableRow row) {
        rows.add(row);
      }
    }
    List<String> head =
        MarkdownSource.children(rows.get(0)).stream().map(c -> InlineText.of(c).line()).toList();
    List<ColumnRole> columns = columns(head, section != null);
    int action = columns.indexOf(ColumnRole.ACTION);
    if (action < 0) {
      if (section != null
          && !columns.contains(ColumnRole.TIME)
          && !columns.contains(ColumnRole.QUESTION)
          && rows.size() > 1
          && rows.stream().skip(1).anyMatch(TableParser::isFilled)) {
        findings.problem(
            source.line(table),
            "no column of this table says what is to be done; call one \"Action\"",
            section);
      }
      return;
    }
    for (TableRow row : rows.subList(1, rows.size())) {
      if (isFilled(row)) {
        row(rows.get(0), row, columns, action, section);
      }
    }
  }

  /** All OTHER if it is not a table of action items. */
  private List<ColumnRole> columns(List<String> head, boolean inSection) {
    List<ColumnRole> columns = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      ColumnRole field = lexicon.columns().column(head.get(i));
      if (lexicon.columns().isDate(head.get(i))) {
        field = inSection && i > 0 ? ColumnRole.DUE : ColumnRole.TIME;
      }
      columns.add(field);
    }
    boolean hasOwnerOrDue =
        columns.stream()
            .anyMatch(
                f ->
                    f == ColumnRole.OWNER
                        || f == ColumnRole.DUE
                        || f == ColumnRole.TICKET
                        || f == ColumnRole.STATUS);
    boolean other = columns.contains(ColumnRole.TIME) || columns.contains(ColumnRole.QUESTION);
    int action = columns.indexOf(ColumnRole.ACTION);
    if (!other && action < 0 && inSection && hasOwnerOrDue) {
      action = describedColumn(head, columns);
      if (action >= 0) {
        columns.set(action, ColumnRole.ACTION);
      }
    }
    boolean certain = action >= 0 && FIRST_WORD_SAYS_SO.matcher(head.get(action)).find();
    boolean taken = action >= 0 && !other && (inSection || (hasOwnerOrDue && certain));
    if (!taken) {
      columns.replaceAll(f -> f == ColumnRole.ACTION ? ColumnRole.OTHER : f);
    }
    return columns;
  }

  /** In an action section: "Description", or the first unrecognized column. */
  private int describedColumn(List<String> head, List<ColumnRole> columns) {
    for (int i = 0; i < head.size(); i++) {
      if (lexicon.columns().isText(head.get(i))) {
        return i;
      }
    }
    int issue = columns.indexOf(ColumnRole.OTHER);
    return issue < 0 && columns.contains(ColumnRole.TICKET)
        ? columns.indexOf(ColumnRole.TICKET)
        : issue;
  }

  private void row(
      TableRow head,
      TableRow row,
      List<ColumnRole> columns,
      int action,
      @Nullable Section section) {
    List<InlineText> cells = MarkdownSource.children(row).stream().map(InlineText::of).toList();
    ItemBuilder stated = new ItemBuilder(lexicon);
    for (int i = 0; i < Math.min(cells.size(), columns.size()); i++) {
      if (i != action) {
        new FieldParser(stated).set(columns.get(i), cells.get(i));
      }
    }
    ItemBuilder facts =
        action < cells.size()
            ? ItemTextParser.read(cells.get(action), false, stated)
            : new ItemBuilder(lexicon);
    facts.addColumns(stated);
    reportUnread(facts, head, cells, columns);
    int line = source.line(row);
    int written = cells(source.written(row));
    if (written > columns.size()) {
      facts.problem(
          "the row has %d cells, its table %d columns, and what is beyond is not read; write a | within a text as \\|"
              .formatted(written, columns.size()));
    } else if (written < columns.size()) {
      facts.problem(
          "the row has %d cells, its table %d columns; add the missing |"
              .formatted(written, columns.size()));
    }
    ParseResult.reportHtml(row, facts);
    if (facts.title().isEmpty() && isNumbered(cells, columns)) {
      return;
    }
    findings.add(facts, line, excerpt(head, row, columns.size()), section);
  }

  /** Rows of a template have a number or a priority, but no task. */
  private boolean isNumbered(List<InlineText> cells, List<ColumnRole> columns) {
    for (int i = 0; i < Math.min(cells.size(), columns.size()); i++) {
      ColumnRole field = columns.get(i);
      boolean ordinal =
          field == ColumnRole.ID || field == ColumnRole.PRIORITY || field == ColumnRole.LABEL;
      if (!ordinal
          && !lexicon.isEmptyValue(cells.get(i).line())
          && !(field == ColumnRole.STATUS
              && lexicon.statuses().read(cells.get(i).line()) != Status.DONE)) {
        return false;
      }
    }
    return true;
  }

  /** Reports facts in columns with an unknown heading. */
  private static void reportUnread(
      ItemBuilder facts, TableRow head, List<InlineText> cells, List<ColumnRole> columns) {
    if (facts.isFinished()) {
      return;
    }
    List<Node> heads = MarkdownSource.children(head);
    for (int i = 0; i < Math.min(cells.size(), columns.size()); i++) {
      if (columns.get(i) == ColumnRole.OTHER && !cells.get(i).isBlank()) {
        ItemBuilder seen = new ItemBuilder(facts.lexicon());
        boolean person =
            cells.get(i).links().stream().anyMatch(l -> OwnerPatterns.isPerson(l.address()));
        String words = cells.get(i).line();
        LeftoverFacts.reportPart(
            person ? "@" + words.replace(' ', OwnerPatterns.GLUE) : words, seen, facts);
        String column = InlineText.of(heads.get(i)).line();
        seen.problems()
            .forEach(
                problem ->
                    facts.problem(
                        "in column \"%s\": %s"
                            .formatted(TemplatePlaceholders.brief(column), problem)));
      }
    }
  }

  /** The excerpt of a row includes the table's header. */
  private String excerpt(TableRow head, TableRow row, int columns) {
    BitSet none = new BitSet();
    return source.excerpt(List.of(head), none)
        + "\n"
        + "| --- ".repeat(columns)
        + "|\n"
        + source.excerpt(List.of(row), none);
  }

  private static boolean isFilled(TableRow row) {
    return MarkdownSource.children(row).stream().anyMatch(cell -> !InlineText.of(cell).isBlank());
  }

  /** As written: the parser pads short rows and drops surplus cells. */
  static int cells(String row) {
    String line = row.strip();
    int from = line.startsWith("|") ? 1 : 0;
    int cells = 1;
    boolean open = false;
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++;
        open = true;
      } else if (c == '|') {
        cells++;
        open = false;
      } else {
        open = true;
      }
    }
    return line.endsWith("|") && !open && cells > 1 ? cells - 1 : cells;
  }
}
