package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.vocabulary.TicketPatterns;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.front.matter.YamlFrontMatterNode;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.jspecify.annotations.Nullable;

/** Finds the incident a document is about: its number, key or id, without the URL around it. */
final class IncidentPatterns {
  /** Lines that count as the head of a document. */
  private static final int NEAR_THE_TOP = 80;

  private static final Pattern LINK =
      Pattern.compile("(?i:https?://)[^\\s/]+/(?:\\S*/)?incidents/([A-Za-z0-9]+)(?:[/?#]\\S*)?");
  private static final Pattern SYS_ID = Pattern.compile("(?i)\\bsys_id[=/]([0-9a-f]{32})\\b");
  private static final Pattern PATH_ID = Pattern.compile("(?i)/incident/([0-9a-f]{32})\\b");
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w-])(INC\\d{3,})\\b");
  private static final Pattern SYS_ID_ALONE = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern ID = Pattern.compile("(?=[A-Z]*\\d)(?=\\d*[A-Z])[A-Z0-9]{7,14}");
  private static final Pattern ID_IN_TEXT =
      Pattern.compile("(?<![\\w-])(Q(?=[A-Z]*\\d)[A-Z0-9]{13})(?![\\w-])");
  private static final Pattern COUNT =
      Pattern.compile("(?<!\\w)(?<!(?i:PR|issue|pull|request|part|postmortem) )#(\\d+)\\b");
  private static final Pattern KEY =
      Pattern.compile(
          "(?i)incident([ _-]?(id|no|nr|number|key|link|url|ticket|ref|reference|#))?s?|(main"
              + " |parent |related )?(ticket|jira|issue)( ?(id|key|number|link))?|jira[_-]key");
  private static final Pattern LABELLED =
      Pattern.compile("\\s*([\\p{L}#_ -]{2,30}?)\\s*[:–—]\\s*(\\S.*)");

  private IncidentPatterns() {}

  static @Nullable String find(MarkdownSource source) {
    Node document = source.document();
    String stated = frontMatter(document);
    if (stated == null) {
      stated = firstHeading(document);
    }
    return stated == null ? findLabelled(document, source) : stated;
  }

  private static @Nullable String frontMatter(Node document) {
    String sure = null;
    for (Node node : MarkdownSource.below(document)) {
      if (node instanceof YamlFrontMatterNode entry) {
        for (String value : entry.getValues()) {
          InlineText text = InlineText.plain(value);
          String key = entry.getKey().toLowerCase(Locale.ROOT);
          String found = KEY.matcher(key).matches() ? findInValue(text) : null;
          if (found != null && key.startsWith("incident")) {
            return found;
          }
          sure = sure == null ? (found == null ? findUnambiguous(text) : found) : sure;
        }
      }
    }
    return sure;
  }

  private static @Nullable String firstHeading(Node document) {
    for (Node node : MarkdownSource.children(document)) {
      if (node instanceof Heading) {
        return findInText(InlineText.of(node));
      }
    }
    return null;
  }

  private static @Nullable String findLabelled(Node document, MarkdownSource source) {
    for (Node node : MarkdownSource.below(document)) {
      if (source.line(node) > NEAR_THE_TOP) {
        return null;
      }
      String found = null;
      if (node instanceof Paragraph) {
        found = lines(node);
      } else if (node instanceof TableRow) {
        found = row(node);
      }
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String lines(Node paragraph) {
    Node from = paragraph.getFirstChild();
    while (from != null) {
      Node to = MarkdownSource.lineEnd(from);
      InlineText line = InlineText.of(from, to);
      Matcher label = LABELLED.matcher(line.text());
      if (label.matches()) {
        InlineText value = after(line, label.start(2));
        String found =
            KEY.matcher(label.group(1)).matches() ? findInValue(value) : findUnambiguous(value);
        if (found != null) {
          return found;
        }
      }
      from = to == null ? null : to.getNext();
    }
    return null;
  }

  private static @Nullable String row(Node row) {
    List<Node> cells = MarkdownSource.children(row);
    for (int i = 0; i + 1 < cells.size(); i += 2) {
      InlineText label = InlineText.of(cells.get(i));
      InlineText value = InlineText.of(cells.get(i + 1));
      String words = label.line().replaceFirst(":$", "");
      String found = KEY.matcher(words).matches() ? findInValue(value) : null;
      if (found == null && words.matches("[\\p{L} ]{2,30}") && cells.get(i) instanceof TableCell) {
        found = findUnambiguous(value);
      }
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static InlineText after(InlineText line, int from) {
    return new InlineText(
        " ".repeat(from) + line.text().substring(from),
        line.links().stream().filter(link -> link.from() >= from).toList(),
        List.of());
  }

  /** The text after words that announce an incident. */
  private static @Nullable String findInValue(InlineText value) {
    String found = findInText(value);
    String word = value.text().strip();
    if (found == null && (ID.matcher(word).matches() || SYS_ID_ALONE.matcher(word).matches())) {
      return word;
    }
    return found;
  }

  /** The entire value has a form that only incidents have. */
  private static @Nullable String findUnambiguous(InlineText value) {
    String word = value.text().strip();
    String linked = findInLinks(value);
    if (linked != null && (word.startsWith("http") || value.links().size() == 1)) {
      return linked;
    }
    return NUMBER.matcher(word).matches()
            || (ID.matcher(word).matches() && "PQR".indexOf(word.charAt(0)) >= 0)
        ? word
        : null;
  }

  private static @Nullable String findInText(InlineText text) {
    String linked = findInLinks(text);
    if (linked != null) {
      return linked;
    }
    for (Pattern form : List.of(NUMBER, ID_IN_TEXT)) {
      Matcher match = form.matcher(text.text());
      if (match.find()) {
        return match.group(1);
      }
    }
    Matcher key = TicketPatterns.findKeys(text.text());
    if (key.find()) {
      return key.group(1);
    }
    Matcher count = COUNT.matcher(text.text());
    return count.find() ? "#" + count.group(1) : null;
  }

  private static @Nullable String findInLinks(InlineText text) {
    List<String> addresses =
        java.util.stream.Stream.concat(
                text.links().stream().map(InlineText.Reference::address),
                java.util.Arrays.stream(text.text().strip().split("\\s+"))
                    .filter(word -> word.startsWith("http")))
            .toList();
    for (String address : addresses) {
      for (Map.Entry<Pattern, String> form :
          List.of(
              Map.entry(SYS_ID, decoded(address)),
              Map.entry(PATH_ID, decoded(address)),
              Map.entry(NUMBER, decoded(address).replaceAll("[^\\w-]", " ")),
              Map.entry(LINK, address))) {
        Matcher match = form.getKey().matcher(form.getValue());
        if (form.getKey() == LINK ? match.matches() : match.find()) {
          return match.group(1);
        }
      }
      String key = TicketPatterns.findKeyInUrl(address);
      if (key != null) {
        return key;
      }
    }
    return null;
  }

  private static String decoded(String address) {
    try {
      return URLDecoder.decode(address, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
