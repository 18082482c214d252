package dev.lockstep.connector.adf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.task.list.items.TaskListItemMarker;
import org.commonmark.ext.task.list.items.TaskListItemsExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Parses Markdown into a document, keeping to what a document allows where. */
final class DocumentWriter {
  /** HTML is text here: nobody would see it rendered. */
  static final Parser PARSER =
      Parser.builder()
          .enabledBlockTypes(
              Set.of(
                  Heading.class,
                  ThematicBreak.class,
                  FencedCodeBlock.class,
                  IndentedCodeBlock.class,
                  BlockQuote.class,
                  ListBlock.class))
          .extensions(
              List.of(
                  TablesExtension.create(),
                  StrikethroughExtension.create(),
                  TaskListItemsExtension.create(),
                  AutolinkExtension.create()))
          .build();

  /** What stands around a block: a quote or an item takes fewer kinds of blocks. */
  private enum Place {
    TOP,
    QUOTE,
    ITEM
  }

  ObjectNode document(String markdown) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("type", "doc").put("version", 1);
    ArrayNode content = document.putArray("content");
    blocks(PARSER.parse(markdown.replace("\r\n", "\n").replace('\r', '\n')), Place.TOP)
        .forEach(content::add);
    return document;
  }

  private List<ObjectNode> blocks(Node parent, Place place) {
    List<ObjectNode> blocks = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
      block(child, place, blocks);
    }
    return blocks;
  }

  private void block(Node node, Place place, List<ObjectNode> into) {
    if (node instanceof Paragraph) {
      paragraph(Inline.of(node), into);
    } else if (node instanceof Heading heading) {
      heading(heading, place, into);
    } else if (node instanceof FencedCodeBlock code) {
      into.add(code(code.getLiteral(), code.getInfo()));
    } else if (node instanceof IndentedCodeBlock code) {
      into.add(code(code.getLiteral(), ""));
    } else if (node instanceof ListBlock list) {
      into.add(list(list));
    } else if (node instanceof BlockQuote) {
      quote(node, place, into);
    } else if (node instanceof ThematicBreak) {
      if (place == Place.TOP) {
        into.add(node("rule"));
      } else {
        paragraph(List.of(Run.plain("---")), into);
      }
    } else if (node instanceof TableBlock) {
      table(node, place, into);
    } else if (node instanceof LinkReferenceDefinition definition) {
      paragraph(List.of(Run.plain(definitionText(definition))), into);
    }
  }

  /** A definition shows nothing in Markdown; a line somebody wrote must not vanish. */
  private static String definitionText(LinkReferenceDefinition definition) {
    String title = definition.getTitle();
    return "[%s]: %s%s"
        .formatted(
            definition.getLabel(),
            definition.getDestination(),
            title == null || title.isEmpty() ? "" : " \"" + title + "\"");
  }

  private static void paragraph(List<Run> runs, List<ObjectNode> into) {
    if (!runs.isEmpty()) {
      into.add(with(node("paragraph"), Run.nodes(runs)));
    }
  }

  private static void heading(Heading heading, Place place, List<ObjectNode> into) {
    List<Run> runs = Inline.of(heading);
    if (runs.isEmpty()) {
      return;
    }
    if (place != Place.TOP) {
      paragraph(runs, into);
      return;
    }
    ObjectNode made = node("heading");
    made.putObject("attrs").put("level", heading.getLevel());
    into.add(with(made, Run.nodes(runs)));
  }

  private static ObjectNode code(String literal, String info) {
    ObjectNode code = node("codeBlock");
    String language = info == null ? "" : info.strip().split("\\s", 2)[0];
    if (!language.isEmpty()) {
      code.putObject("attrs").put("language", language);
    }
    String text = literal.endsWith("\n") ? literal.substring(0, literal.length() - 1) : literal;
    return text.isEmpty() ? code : with(code, List.of(node("text").put("text", text)));
  }

  /** Quotes in quotes or items are none a document knows: their content stays. */
  private void quote(Node node, Place place, List<ObjectNode> into) {
    List<ObjectNode> content = blocks(node, place == Place.TOP ? Place.QUOTE : place);
    if (place != Place.TOP) {
      into.addAll(content);
    } else if (!content.isEmpty()) {
      into.add(with(node("blockquote"), content));
    }
  }

  /**
   * Tasks become items with a box in words: a taskList is in the format's schema but not among the
   * nodes that its REST API documents.
   */
  private ObjectNode list(ListBlock list) {
    ObjectNode made = node(list instanceof BulletList ? "bulletList" : "orderedList");
    if (list instanceof OrderedList ordered
        && ordered.getMarkerStartNumber() != null
        && ordered.getMarkerStartNumber() != 1) {
      made.putObject("attrs").put("order", ordered.getMarkerStartNumber());
    }
    List<ObjectNode> items = new ArrayList<>();
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      List<ObjectNode> content = new ArrayList<>();
      TaskListItemMarker marker = marker(item);
      if (marker != null) {
        content.add(
            with(node("paragraph"), Run.nodes(List.of(Run.plain(box(marker.isChecked()))))));
      }
      List<ObjectNode> blocks = blocks(item, Place.ITEM);
      if (marker != null && !blocks.isEmpty() && isParagraph(blocks.get(0))) {
        content.set(0, boxed(marker, item));
        blocks = blocks.subList(1, blocks.size());
      }
      content.addAll(blocks);
      if (content.isEmpty() || !isFirstInItem(content.get(0))) {
        content.add(0, with(node("paragraph"), List.of()));
      }
      items.add(with(node("listItem"), content));
    }
    return with(made, items);
  }

  private static ObjectNode boxed(TaskListItemMarker marker, Node item) {
    List<Run> runs = new ArrayList<>();
    runs.add(Run.plain(box(marker.isChecked()) + " "));
    Node first = item.getFirstChild();
    while (first != null && !(first instanceof Paragraph)) {
      first = first.getNext();
    }
    if (first != null) {
      runs.addAll(Inline.of(first));
    }
    return with(node("paragraph"), Run.nodes(Run.joined(runs)));
  }

  private static String box(boolean checked) {
    return checked ? "[x]" : "[ ]";
  }

  private static boolean isParagraph(JsonNode node) {
    return "paragraph".equals(node.path("type").asText());
  }

  private static boolean isFirstInItem(JsonNode node) {
    return isParagraph(node) || "codeBlock".equals(node.path("type").asText());
  }

  private static @Nullable TaskListItemMarker marker(Node item) {
    return item.getFirstChild() instanceof TaskListItemMarker marker ? marker : null;
  }

  private static void table(Node table, Place place, List<ObjectNode> into) {
    List<ObjectNode> rows = new ArrayList<>();
    for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
      for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
        if (place == Place.TOP) {
          rows.add(row((TableRow) row));
        } else {
          paragraph(flat(row), into);
        }
      }
    }
    if (!rows.isEmpty()) {
      into.add(with(node("table"), rows));
    }
  }

  private static ObjectNode row(TableRow row) {
    List<ObjectNode> cells = new ArrayList<>();
    for (Node child = row.getFirstChild(); child != null; child = child.getNext()) {
      TableCell cell = (TableCell) child;
      ObjectNode paragraph = with(node("paragraph"), Run.nodes(Inline.of(cell)));
      cells.add(with(node(cell.isHeader() ? "tableHeader" : "tableCell"), List.of(paragraph)));
    }
    return with(node("tableRow"), cells);
  }

  private static List<Run> flat(Node row) {
    List<Run> runs = new ArrayList<>();
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
      if (!runs.isEmpty()) {
        runs.add(Run.plain(" | "));
      }
      runs.addAll(Inline.of(cell));
    }
    return Run.joined(runs);
  }

  private static ObjectNode node(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static ObjectNode with(ObjectNode node, List<? extends JsonNode> content) {
    ArrayNode array = node.putArray("content");
    content.forEach(array::add);
    return node;
  }
}
