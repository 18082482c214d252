package dev.lockstep.postmortem.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes one sentence of an item apart: "[ ] AI-3: Add an index (@dana, by 2026-12-01) - OPS-12".
 * What is recognised is blanked, and what is left in the end is the title.
 */
final class Sentence {
  private static final Pattern CHECKBOX = Pattern.compile("^\\s*\\[([ xX✓✔])?\\](?=\\s|$)");
  private static final Pattern MARKER =
      Pattern.compile(
          "(?i)^\\s*(?:\\[(?:action items?|actions?|ai|to-?do|follow-?up)\\]\\s*:?"
              + "|(?:action item|action|ai|to-?do|follow-?up)s?\\s*:)\\s*");
  private static final Pattern TICK = Pattern.compile("^\\s*(?:✅|☑|✔|✓)\\uFE0F?\\s*|\\s*✅\\s*$");
  private static final Pattern STRUCK = Pattern.compile("^\\s*~~(.*)~~[\\s.]*$", Pattern.DOTALL);
  private static final Pattern SAID_DONE =
      Pattern.compile(
          "(?i)\\((?:already )?done\\b[^()]*\\)|^\\s*\\[?done\\]?\\s*:|^\\s*\\[done\\]|\\[done\\]\\s*$");
  private static final Pattern ID =
      Pattern.compile(
          "^\\s*((?:AI|A|AP|Action|Action Item|Item|Task|T)[- #]?\\d{1,4})\\s*(?:[:.)–—]|-\\s)\\s*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LABEL =
      Pattern.compile(
          "(?<![\\w-])(?i:(action owner|owners?|assignees?|assigned to|dri|responsible|who"
              + "|due(?: date| by)?|deadline|eta|target(?: date)?|by when"
              + "|tickets?|jira|issue|bug|pr|tracking|tracked in|priority|prio|status))"
              + "\\s*(?::|=|\\s[-–—])\\s*");
  private static final Pattern VALUE_ENDS =
      Pattern.compile("[|;()\\[\\]\\n]|\\s[-–—]\\s|\\.(?=\\s|$)|\\s(?=\\*|·|📅)");
  private static final Pattern GROUP = Pattern.compile("\\(([^()]*)\\)|\\[([^\\[\\]]*)\\]");
  private static final Pattern SAID_DUE =
      Pattern.compile("(?i)\\b(?:due|by|before)\\b\\s*(?:(?:on|by|date)\\b\\s*)?:?\\s*(?=(\\S))");
  private static final Pattern PLACED_DUE =
      Pattern.compile("(?:(?:^|\\s)[-–—|,·:]\\s*|📅\\s*|⏳\\s*|^\\s*)(" + Due.DATE + ")[\\s.]*$");
  private static final Pattern DATE = Pattern.compile(Due.DATE);
  private static final Pattern VAGUE = Pattern.compile(Due.VAGUE);
  private static final Pattern DAY =
      Pattern.compile(
          "(?i)^(?:(?:due|by|before|until|eta|target|deadline)\\b\\s*(?:(?:on|by|date)\\b)?\\s*:?\\s*)?(.+)$",
          Pattern.DOTALL);
  private static final Pattern AT_END =
      Pattern.compile(
          "((?:" + Owners.MENTION + "(?:\\s*[,/&+]\\s*|\\s+and\\s+|\\s+)?)+)[\\s.)\\]]*$");
  private static final Pattern LAST_WORD = Pattern.compile("([\\p{L}]+)\\s*$");
  private static final Pattern AT_START =
      Pattern.compile("^\\s*(" + Owners.MENTION + ")(?:\\s*:|(?=\\s+(?:to|will|should)\\s))");
  private static final Pattern RANK =
      Pattern.compile("[\\[(]\\s*(P[0-5])\\s*[\\])]|^\\s*(P[0-5])\\s*(?:[:–—-])\\s");
  private static final List<String> NO_OWNER_AFTER =
      List.of(
          "from",
          "with",
          "to",
          "cc",
          "via",
          "of",
          "for",
          "ask",
          "tell",
          "ping",
          "and",
          "thanks",
          "see",
          "like",
          "as",
          "in",
          "on",
          "than",
          "or",
          "mention",
          "mentions",
          "mentioned");

  /** Of a link: what names nothing but the ticket is no part of the title. */
  private static final Pattern GENERIC =
      Pattern.compile(
          "(?i)\\W*(?:the |this )?(?:github |gitlab |jira )?(?:issue|pr|pull request|mr|merge request"
              + "|ticket|bug|jira|link|pull)?\\W*#?\\d*\\W*");

  private static final Pattern EMPTY_BRACKETS =
      Pattern.compile(
          "(?i)[(\\[]\\s*(?:(?:see|cf|via|in|ref|link|tracked in)\\b)?[\\s,;:./&|-]*[)\\]]");

  /** Of one paragraph; a person reads less. It bounds the time that a hostile text can cost. */
  private static final int READ = 4000;

  private static final int LONG = 120;
  private static final int LONGEST = 250;

  private final Text text;
  private final StringBuilder rest;
  private final Facts facts;

  private Sentence(Text text, Facts facts) {
    this.text = text;
    this.rest = new StringBuilder(text.text());
    this.facts = facts;
  }

  /**
   * @param nested a bullet below another one, where a name before a colon is somebody speaking
   */
  static Facts read(Text text, boolean nested) {
    Facts facts = new Facts();
    boolean tooLong = text.text().length() > READ;
    new Sentence(tooLong ? text.upTo(READ) : text, facts).read(nested);
    if (tooLong) {
      facts.problems.add(
          "only the first %d letters of the paragraph are read; put the detail into a second one"
              .formatted(READ));
    }
    return facts;
  }

  /** "**Action item:** …" and "[Action Item] …" say so themselves, wherever they stand. */
  static boolean saysSo(String text) {
    Matcher marker = MARKER.matcher(text);
    return marker.find()
        && !text.substring(marker.end()).isBlank()
        && text.substring(0, marker.end())
            .matches("(?is)\\s*(\\[.*|(action item|ai|to-?do)s?\\s*:\\s*)");
  }

  static boolean hasCheckbox(String text) {
    return CHECKBOX.matcher(text).find();
  }

  private void read(boolean nested) {
    facts.checkbox = cut(CHECKBOX);
    Matcher box = CHECKBOX.matcher(text.text());
    facts.done = box.find() && box.group(1) != null && !box.group(1).isBlank();
    struck();
    facts.done |= cut(TICK);
    cut(MARKER);
    facts.done |= cut(SAID_DONE);
    id();
    tickets();
    labels();
    rank();
    groups();
    saidDue();
    placedDue();
    mentions(nested);
    placedDue();
    // Again: what stood behind a ticket may be gone now.
    tickets();
    title();
  }

  private void struck() {
    Matcher struck = STRUCK.matcher(rest);
    if (struck.find() && struck.group(1).indexOf("~~") < 0) {
      facts.done = true;
      blank(struck.end(1), struck.end(1) + 2);
      blank(struck.start(1) - 2, struck.start(1));
    }
  }

  private void id() {
    Matcher id = ID.matcher(rest);
    if (id.find()) {
      facts.id = id.group(1).strip();
      blank(id.start(), id.end());
    }
  }

  /** A ticket at an end is named by {@code ticket}; within a sentence it stays. */
  private void tickets() {
    for (Text.Reference link : text.links()) {
      String words = text.text().substring(link.from(), link.to());
      String key = Tickets.keyIn(link.address());
      String found = key == null ? Tickets.issueIn(link.address()) : key;
      if (found == null) {
        continue;
      }
      facts.ticket(found);
      boolean generic = words.startsWith("http") || GENERIC.matcher(words).matches();
      if (generic && atAnEnd(link.from(), link.to())) {
        blank(link.from(), link.to());
      }
    }
    keys();
  }

  private void keys() {
    Matcher key = Tickets.keysIn(text.text());
    while (key.find()) {
      if (!inCode(key.start()) && !insideAddress(key.start())) {
        facts.ticket(key.group(1));
        if (key.group(1).equals(facts.ticket) && atAnEnd(key.start(), key.end())) {
          blank(key.start(), key.end());
        }
      }
    }
  }

  private boolean insideAddress(int at) {
    return text.links().stream()
        .anyMatch(
            link ->
                link.from() <= at && at < link.to() && text.text().startsWith("http", link.from()));
  }

  private boolean atAnEnd(int from, int to) {
    String before = rest.substring(0, from).replaceAll("[\\s\\[(:]+$", "");
    String after = rest.substring(to);
    return before.isBlank()
        || after.matches("(?s)[\\s.)\\]]*")
        || (after.matches("(?s)\\s*[)\\]].*")
            && rest.substring(0, from).matches("(?s).*[(\\[]\\s*"));
  }

  private void labels() {
    Matcher label = LABEL.matcher(rest.toString());
    int from = 0;
    while (label.find(from)) {
      from = label.end();
      Field field = Field.label(label.group(1));
      if (inCode(label.start()) || !begins(label, field)) {
        continue;
      }
      int end = valueEnd(label.end(), field);
      String value = rest.substring(label.end(), end);
      if (take(field, label.end(), end, value)) {
        blank(label.start(), label.end());
        from = Math.max(from, label.end());
        label.reset(rest.toString());
      }
    }
  }

  /** A label opens something; in "the code owner: a file" it does not. */
  private boolean begins(Matcher label, Field field) {
    String before = rest.substring(0, label.start()).stripTrailing();
    boolean colon = label.group().contains(":") || label.group().contains("=");
    char last = before.isEmpty() ? '.' : before.charAt(before.length() - 1);
    boolean opens =
        "(,;|.–—-[!?)*·/]".indexOf(last) >= 0
            || label.start() == 0
            || rest.substring(0, label.start()).endsWith("\n");
    boolean capital = Character.isUpperCase(label.group(1).charAt(0));
    boolean mention = rest.substring(label.end()).startsWith("@");
    if (field == Field.TICKET || field == Field.STATUS) {
      return colon && opens;
    }
    String value = VALUE_ENDS.split(rest.substring(label.end()), 2)[0];
    return mention || (colon ? opens || capital : capital && (opens || Owners.isName(value)));
  }

  private int valueEnd(int from, Field field) {
    int end = rest.length();
    Matcher stop = VALUE_ENDS.matcher(rest);
    if (stop.find(from)) {
      end = stop.start();
    }
    Matcher next = LABEL.matcher(rest);
    int search = from;
    while (next.find(search) && next.start() < end) {
      if (begins(next, Field.label(next.group(1)))) {
        end = next.start();
        break;
      }
      search = next.end();
    }
    if (field != Field.DUE) {
      return end;
    }
    Matcher date = DATE.matcher(rest).region(from, rest.length());
    if (date.lookingAt()) {
      return date.end();
    }
    int comma = rest.indexOf(",", from);
    return comma > 0 && comma < end ? comma : end;
  }

  private boolean take(Field field, int from, int end, String value) {
    if (field == Field.OWNER) {
      return owners(from, end);
    }
    if (field == Field.TICKET) {
      // Found above, and blanked; a sentence that goes on after "issue:" is no ticket.
      return value.isBlank() && facts.ticket != null;
    }
    if (field == Field.DUE && value.isBlank()) {
      return true;
    }
    if (field == Field.PRIORITY && value.indexOf(',') > 0) {
      end = from + value.indexOf(',');
    }
    facts.take(field, new Text(rest.substring(from, end), List.of(), List.of()));
    blank(from, end);
    return true;
  }

  private boolean owners(int from, int end) {
    List<String> names = new ArrayList<>();
    int at = from;
    for (String part : rest.substring(from, end).split("(?<=[,])|(?<=\\sand\\s)", -1)) {
      String bare = part.replaceFirst("[\\s,]+$", "").strip();
      if (!names.isEmpty() && !Owners.isName(bare.replaceFirst("\\s+and$", ""))) {
        break;
      }
      if (DATE.matcher(bare).find() && names.isEmpty()) {
        break;
      }
      if (Words.PLACEHOLDER.matcher(bare).find()) {
        facts.take(Field.OWNER, new Text(bare, List.of(), List.of()));
      } else {
        names.addAll(Owners.named(part));
      }
      at += part.length();
    }
    blank(from, at);
    facts.owners(names);
    return true;
  }

  private void rank() {
    Matcher rank = RANK.matcher(rest);
    if (rank.find()) {
      if (facts.priority == null) {
        facts.priority = rank.group(1) == null ? rank.group(2) : rank.group(1);
      }
      blank(rank.start(), rank.end());
    }
  }

  /** "(@dana, by 2026-12-01)"; in brackets only if all of it is understood. */
  private void groups() {
    Matcher group = GROUP.matcher(rest.toString());
    while (group.find()) {
      boolean round = group.group(1) != null;
      int from = group.start() + 1;
      String inside = rest.substring(from, group.end() - 1);
      boolean last = rest.substring(group.end()).replaceAll("[\\s.\\])|-]+", "").isEmpty();
      if (last && !inCode(group.start()) && group(inside, round)) {
        blank(group.start(), group.end());
      }
    }
  }

  private boolean group(String inside, boolean round) {
    List<String> names = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    List<String> days = new ArrayList<>();
    String rank = null;
    String whole = inside;
    // A date may hold a comma itself.
    Matcher date = DATE.matcher(inside);
    StringBuilder parts = new StringBuilder();
    while (date.find()) {
      date.appendReplacement(parts, Matcher.quoteReplacement(date.group().replace(",", "\u0001")));
    }
    date.appendTail(parts);
    for (String raw : parts.toString().split("\\s*[,;|·]\\s*|\\s+[-–—]\\s+|\\s+and\\s+(?=@)")) {
      String part = raw.replace('\u0001', ',').strip();
      String day = day(part);
      if (part.isEmpty()) {
        continue;
      }
      if (Owners.isAddressed(part)) {
        names.add(Owners.name(part));
      } else if (day != null) {
        days.add(day);
      } else if (part.matches("P[0-5]")) {
        rank = part;
      } else {
        unknown.add(part);
      }
    }
    if (round
        && names.isEmpty()
        && !days.isEmpty()
        && unknown.size() == 1
        && Owners.isName(unknown.get(0))
        && whole.strip().startsWith(unknown.get(0))) {
      names.add(Owners.name(unknown.remove(0)));
    }
    if (round && unknown.size() == 1 && !days.isEmpty() && Words.isNothing(unknown.get(0))) {
      unknown.clear();
    }
    boolean sure =
        !names.isEmpty()
            || days.stream()
                .anyMatch(
                    day ->
                        DATE.matcher(day).matches() || inside.matches("(?i).*\\b(?:due|by)\\b.*"));
    if ((!round && !unknown.isEmpty()) || !sure) {
      return false;
    }
    facts.owners(names);
    days.forEach(day -> facts.due(Due.read(day)));
    facts.priority = facts.priority == null ? rank : facts.priority;
    return unknown.isEmpty();
  }

  private static @Nullable String day(String part) {
    Matcher said = DAY.matcher(part);
    if (!said.matches()) {
      return null;
    }
    String day = said.group(1).strip();
    boolean labelled = said.start(1) > 0;
    return DATE.matcher(day).matches()
            || VAGUE.matcher(day).matches()
            || (labelled && VAGUE.matcher(day).lookingAt())
        ? day
        : null;
  }

  private void saidDue() {
    Matcher said = SAID_DUE.matcher(rest.toString());
    int from = 0;
    while (said.find(from)) {
      from = said.end();
      int at = said.start(1);
      Matcher date = DATE.matcher(rest).region(at, rest.length());
      Matcher vague = VAGUE.matcher(rest).region(at, rest.length());
      Matcher day = date.lookingAt() ? date : vague.lookingAt() ? vague : null;
      if (day != null
          && !inCode(at)
          && !said.group().toLowerCase(java.util.Locale.ROOT).startsWith("before")) {
        facts.due(Due.read(day.group()));
        blank(said.start(), day.end());
      }
    }
  }

  private void placedDue() {
    Matcher placed = PLACED_DUE.matcher(rest);
    if (placed.find() && !inCode(placed.start(1)) && !facts.dueStated) {
      facts.due(Due.read(placed.group(1)));
      blank(placed.start(), placed.end());
    }
  }

  private void mentions(boolean nested) {
    Matcher start = AT_START.matcher(rest);
    if (!nested && start.find()) {
      facts.owners(List.of(Owners.name(start.group(1))));
      blank(start.start(), start.end());
    }
    // Few name more people than fit into this; it bounds what the expression costs.
    int from = Math.max(0, rest.length() - 400);
    String stripped =
        " ".repeat(from) + rest.substring(from).replaceFirst("[\\s\\p{Punct}&&[^@_)\\]]]+$", "");
    Matcher end = AT_END.matcher(stripped);
    if (end.find() && !inCode(end.start())) {
      Matcher word = LAST_WORD.matcher(stripped.substring(0, end.start()));
      boolean spoken =
          word.find() && NO_OWNER_AFTER.contains(word.group(1).toLowerCase(java.util.Locale.ROOT));
      boolean bracket = stripped.substring(0, end.start()).stripTrailing().matches("(?s).*[(\\[]");
      boolean glued =
          end.start() > 0 && !stripped.substring(0, end.start()).matches("(?s).*[\\s(\\[:,;–—-]");
      if (!spoken && !bracket && !glued) {
        facts.owners(Owners.named(end.group(1).strip().replaceAll("\\s+(?=@)", ",")));
        blank(end.start(), end.end());
      }
    }
  }

  private void title() {
    String title = rest.toString();
    if (Words.PLACEHOLDER.matcher(title).find()) {
      facts.problems.add(
          "template placeholder «%s»; fill it in or take it out".formatted(Words.brief(title)));
    }
    title = EMPTY_BRACKETS.matcher(title).replaceAll(" ");
    title = EMPTY_BRACKETS.matcher(title).replaceAll(" ");
    title = Text.tidy(title.replace("~~", ""));
    title = title.replaceFirst("^[\\s:;,.|–—·•*-]+(?=\\s)|^[:;,|]+", "");
    title = withoutEnd(title).strip();
    title = title.replaceAll("\\s+([,.;:])(?=\\s|$)", "$1").replaceAll("[,;:]+(?=[.,;])", "");
    facts.title = shortened(title);
  }

  private static String withoutEnd(String title) {
    int end = title.length();
    while (end > 0
        && (" :;,|·–—=*_-".indexOf(title.charAt(end - 1)) >= 0
            || (title.charAt(end - 1) == '.' && !title.startsWith("..", Math.max(0, end - 2))))) {
      end--;
    }
    return title.substring(0, end);
  }

  private static String shortened(String title) {
    String line = title;
    if (line.length() > LONG) {
      Matcher end =
          Pattern.compile(
                  "(?<!\\b(?:vs|e\\.g|i\\.e|etc|cf|incl|approx|resp|Dr|Mr|Ms|St|No))(?<=[\\p{L}\\p{N})»\"'`]{2})[.!?](?=\\s+[\\p{Lu}\\[(\"])")
              .matcher(line);
      if (end.find() && end.start() >= 10) {
        line = line.substring(0, end.start());
      }
    }
    if (line.codePointCount(0, line.length()) > LONGEST) {
      int cut = line.offsetByCodePoints(0, LONGEST - 1);
      int space = line.lastIndexOf(' ', cut);
      line = line.substring(0, space > LONGEST / 2 ? space : cut).strip() + "…";
    }
    return line;
  }

  private boolean inCode(int at) {
    return text.codes().stream().anyMatch(code -> code.holds(at));
  }

  private boolean cut(Pattern pattern) {
    Matcher found = pattern.matcher(rest);
    if (!found.find()) {
      return false;
    }
    blank(found.start(), found.end());
    return true;
  }

  private void blank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (rest.charAt(i) != '\n') {
        rest.setCharAt(i, ' ');
      }
    }
  }
}
