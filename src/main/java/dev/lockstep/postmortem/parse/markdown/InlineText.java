package dev.lockstep.postmortem.parse.markdown;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Code;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.jspecify.annotations.Nullable;

/**
 * The visible text of a paragraph, a heading or a cell, and its links.
 *
 * @param text without markup; line breaks are kept
 * @param links links and bare URLs, in order
 * @param codes code spans, in which no keys or mentions are searched
 */
public record InlineText(String text, List<Reference> links, List<CodeSpan> codes) {
  private static final Pattern BARE = Pattern.compile("https?://[^\\s<>\"|]+");

  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}\\u00A0\\u2028\\u2029]+");

  record CodeSpan(int from, int to) {
    boolean contains(int at) {
      return from <= at && at < to;
    }
  }

  /** A link: the position of its text, and its URL. */
  public record Reference(int from, int to, String address) {}

  /** Text without links and code. */
  public static InlineText plain(String text) {
    return new InlineText(text, List.of(), List.of());
  }

  public static InlineText of(Node container) {
    return of(container.getFirstChild(), null);
  }

  /** From one inline node up to another. */
  public static InlineText of(@Nullable Node first, @Nullable Node end) {
    StringBuilder text = new StringBuilder();
    List<Reference> links = new ArrayList<>();
    List<CodeSpan> codes = new ArrayList<>();
    record Open(Link link, int from) {}
    List<Open> open = new ArrayList<>();
    Node top = first == null ? null : first.getParent();
    Node node = first;
    // Iterative: emphasis may be nested thousands deep.
    while (node != null && node != end) {
      if (node instanceof org.commonmark.node.Text words) {
        // References such as &nbsp; are decoded only here.
        text.append(Characters.outsideCode(words.getLiteral()));
      } else if (node instanceof Code code) {
        codes.add(new CodeSpan(text.length(), text.length() + code.getLiteral().length()));
        text.append(code.getLiteral());
      } else if (node instanceof SoftLineBreak || node instanceof HardLineBreak) {
        text.append('\n');
      } else if (node instanceof HtmlInline html && HtmlTags.isLineBreak(html.getLiteral())) {
        text.append(' ');
      } else if (node instanceof Link link) {
        open.add(new Open(link, text.length()));
      }
      Node next = node.getFirstChild();
      while (next == null && node != null) {
        if (node instanceof Link) {
          Open closed = open.remove(open.size() - 1);
          links.add(new Reference(closed.from(), text.length(), closed.link().getDestination()));
        }
        next = node.getNext();
        Node parent = node.getParent();
        if (next == null && (parent == null || parent == top)) {
          node = null;
        } else if (next == null) {
          node = parent;
        }
      }
      node = next;
    }
    bareAddresses(text, links, codes);
    return new InlineText(text.toString(), List.copyOf(links), List.copyOf(codes));
  }

  private static void bareAddresses(
      StringBuilder text, List<Reference> links, List<CodeSpan> codes) {
    List<Reference> written = List.copyOf(links);
    Matcher bare = BARE.matcher(text);
    while (bare.find()) {
      int at = bare.start();
      boolean known =
          written.stream().anyMatch(link -> link.from() <= at && at < link.to())
              || codes.stream().anyMatch(code -> code.contains(at));
      if (!known) {
        String address = trimmed(bare.group());
        links.add(new Reference(at, at + address.length(), address));
      }
    }
    links.sort(java.util.Comparator.comparingInt(Reference::from));
  }

  /** Without the punctuation of the sentence around it; see GFM, "Autolinks (extension)". */
  private static String trimmed(String address) {
    int unopened = 0;
    for (int i = 0; i < address.length(); i++) {
      unopened += address.charAt(i) == ')' ? 1 : address.charAt(i) == '(' ? -1 : 0;
    }
    int end = address.length();
    while (end > 0) {
      char last = address.charAt(end - 1);
      if (last == ')' && unopened > 0) {
        unopened--;
      } else if (".,;:!?'*_~]".indexOf(last) < 0) {
        break;
      }
      end--;
    }
    return address.substring(0, end);
  }

  /** A copy with a section of the text replaced. */
  public InlineText replaced(int from, int to, String words) {
    int more = words.length() - (to - from);
    List<Reference> moved = new ArrayList<>();
    for (Reference link : links) {
      if (link.to() <= from) {
        moved.add(link);
      } else if (link.from() >= to) {
        moved.add(new Reference(link.from() + more, link.to() + more, link.address()));
      }
    }
    List<CodeSpan> places =
        codes.stream()
            .map(
                code ->
                    code.from() < to ? code : new CodeSpan(code.from() + more, code.to() + more))
            .toList();
    return new InlineText(text.substring(0, from) + words + text.substring(to), moved, places);
  }

  /** With blanks up to a position; all links stay. */
  public InlineText after(int from) {
    return new InlineText(" ".repeat(from) + text.substring(from), links, codes);
  }

  public InlineText upTo(int letters) {
    return new InlineText(
        text.substring(0, letters), links.stream().filter(l -> l.to() <= letters).toList(), codes);
  }

  public boolean isCode(int at) {
    return codes.stream().anyMatch(code -> code.contains(at));
  }

  /** Whether this position belongs to a URL that is visible in the text. */
  public boolean isInUrl(int at) {
    return links.stream()
        .anyMatch(
            link -> link.from() <= at && at < link.to() && text.startsWith("http", link.from()));
  }

  public boolean isBlank() {
    return text.isBlank();
  }

  /** On one line, without anything that a browser would execute. */
  public String line() {
    return tidy(text);
  }

  public static String tidy(String text) {
    return HtmlTags.escape(BLANKS.matcher(text).replaceAll(" ").strip());
  }

  /** Only bold words, optionally with a colon, which are used as headings. */
  public static boolean isBold(Node paragraph) {
    Node first = paragraph.getFirstChild();
    if (!(first instanceof StrongEmphasis)) {
      return false;
    }
    Node rest = first.getNext();
    return rest == null
        || (rest.getNext() == null
            && rest instanceof org.commonmark.node.Text words
            && words.getLiteral().strip().matches("[:.]?"));
  }
}
